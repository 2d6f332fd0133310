"""What README and website say of the Action and of the hooks is what there is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .commands import REPOSITORY

PAGES = [REPOSITORY / "README.md", REPOSITORY / "docs" / "working" / "automatically.md"]


def read(name: str) -> Any:
    return yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))


def samples(page: Path) -> Iterator[Any]:
    for text in re.findall(
        r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    ):
        yield yaml.safe_load(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_workflow_and_the_hooks_of_a_page_are_right(page: Path) -> None:
    workflow, hooks = samples(page)
    (step,) = (step for step in workflow["jobs"]["keras3"]["steps"] if "keras-upgrade" in step["uses"])
    assert set(step["with"]) <= set(read("action.yml")["inputs"])
    (repository,) = hooks["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= {
        hook["id"] for hook in read(".pre-commit-hooks.yaml")
    }


def test_the_website_lists_the_inputs_of_the_action() -> None:
    rows = dict(
        re.findall(r"^\| `([\w-]+)` \|.*\| (.*) \|$", PAGES[1].read_text(encoding="utf-8"), re.MULTILINE)
    )
    inputs = read("action.yml")["inputs"]
    assert set(rows) == set(inputs)
    for name, default in rows.items():
        if default.startswith("`"):
            assert default == f"`{inputs[name]['default']}`"
        else:
            assert inputs[name]["default"] == ""


def test_the_hooks_read_all_files_of_a_project_together() -> None:
    for hook in read(".pre-commit-hooks.yaml"):
        assert hook["require_serial"]
        assert hook["types_or"] == ["python", "pyi", "jupyter"]
