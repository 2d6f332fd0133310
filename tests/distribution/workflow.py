"""Runs the steps of a composite GitHub Action as a runner does, without GitHub."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_FILES = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")


@dataclass
class Result:
    """What an action did.

    Attributes:
        failed: the names of the steps that failed; none is run after the first.
        log: what the steps printed.
        summary: the job summary, Markdown.
        outputs: of the action.
    """

    failed: list[str] = field(default_factory=list)
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


class Runner:
    """A runner: its folder for temporary files lasts for a job, in which an action may be used many times.

    Args:
        action: the folder of the action.
        temporary: `RUNNER_TEMP`.
        used: what the actions that a step `uses` would give as outputs.
    """

    def __init__(self, action: Path, temporary: Path, used: Mapping[str, Mapping[str, str]]) -> None:
        self._action = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        self._used = used
        self._env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._env |= {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(action), "GITHUB_BASE_REF": ""}
        self._temporary = temporary

    def run(
        self, workspace: Path, inputs: Mapping[str, str], base: str = "", skip: tuple[str, ...] = ()
    ) -> Result:
        """Runs the steps in order.

        Args:
            workspace: the folder with the checkout.
            inputs: those that the workflow gives.
            base: the branch that the pull request is for.
            skip: names of steps that have been run for this job.
        """
        values = {f"inputs.{name}": entry["default"] for name, entry in self._action["inputs"].items()}
        assert {f"inputs.{name}" for name in inputs} <= set(values), "the action has no such input"
        values |= {f"inputs.{name}": value for name, value in inputs.items()}
        self._env["GITHUB_BASE_REF"] = base
        result = Result()
        for step in self._action["runs"]["steps"]:
            if "uses" in step:
                outputs = self._used[step["uses"].partition("@")[0]]
                assert all(self._filled(str(value), values) for value in step["with"].values())
            elif step["name"] in skip:
                continue
            else:
                outputs = self._step(step, workspace, values, result)
            values |= {f"steps.{step['id']}.outputs.{name}": v for name, v in outputs.items() if "id" in step}
            if result.failed:
                break
        for name, entry in self._action["outputs"].items():
            result.outputs[name] = self._filled(entry["value"], values)
        return result

    def _step(
        self, step: Mapping[str, Any], workspace: Path, values: Mapping[str, str], result: Result
    ) -> dict[str, str]:
        """One step of shell; gives its outputs."""
        assert step["shell"] == "bash"
        assert not _EXPRESSION.search(step["run"]), "an input in a script would be run as part of it"
        script = self._temporary / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        files = {name: self._temporary / name for name in _FILES}
        for file in files.values():
            file.write_text("")
        own = {name: self._filled(value, values) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=workspace,
            env={**self._env, **{name: str(file) for name, file in files.items()}, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        result.log += done.stdout
        result.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        if done.returncode:
            result.failed.append(step["name"])
        self._env |= _assignments(files["GITHUB_ENV"])
        return _assignments(files["GITHUB_OUTPUT"])

    @staticmethod
    def _filled(text: str, values: Mapping[str, str]) -> str:
        """A text with the values of its expressions; outputs of steps that did not run are empty."""
        return _EXPRESSION.sub(
            lambda match: values.get(match[1], "") if match[1].startswith("steps.") else values[match[1]],
            text,
        )


def _assignments(file: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in file.read_text(encoding="utf-8").splitlines())
    return {name: value for name, _, value in pairs}
