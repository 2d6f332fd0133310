"""What a command imports before it does anything: all of it costs time at each start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAIN = "import os\n\nprint(os.getcwd())\n"
ANY_COMMAND = {
    "dataclasses",
    "inspect",
    "typing",
    "logging",
    "shutil",
    "tempfile",
    "subprocess",
    "importlib.metadata",
}
"""What no `--help` and no `check` without settings needs; `typing` is for type checkers, `records` makes dataclasses."""
LIBRARIES = {
    "rich",
    "pathspec",
    "psutil",
    "markdown_it",
    "nbformat",
    "tensorflow",
    "keras",
    "numpy",
    "asyncio",
}


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that a command has imported when it is done."""
    program = (
        "import sys; own = {*sys.modules}; from keras_upgrade.cli import main; main(sys.argv[1:]); "
        "print(*({*sys.modules} - own), sep='\\n', file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(result.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]])
def test_help_is_there_at_once(tmp_path: Path, arguments: list[str]) -> None:
    modules = imported(tmp_path, *arguments)
    assert modules & (ANY_COMMAND | LIBRARIES | {"ast", "json"}) == set()
    rooms = {name.split(".")[1] for name in modules if name.startswith("keras_upgrade.")}
    assert rooms == {"cli", "records", "report"}
    if arguments[0] != "check":
        assert not modules & {"argparse", "re", "pathlib"}


def test_a_file_without_keras_needs_no_rules(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(PLAIN)
    modules = imported(tmp_path, "check", "plain.py")
    assert modules & (ANY_COMMAND | LIBRARIES | {"json"}) == set()
    rooms = ("keras_upgrade.engine", "keras_upgrade.rules", "keras_upgrade.coverage")
    assert not any(name.startswith(rooms) for name in modules)


def test_a_chapter_needs_what_it_is_about(tmp_path: Path) -> None:
    chapter = tmp_path / "chapter.py"
    chapter.write_bytes((EXAMPLES / "chapter_5_add_loss.py").read_bytes())
    modules = imported(tmp_path, "check", chapter.name)
    assert "keras_upgrade.rules.ku502_add_loss" in modules
    assert not modules & {
        "keras_upgrade.rules.ku906_tf1_session",
        "keras_upgrade.rules.graphs.gradients",
        "keras_upgrade.knowledge.tensorflow1",
        "keras_upgrade.knowledge.tensorflow",
        "keras_upgrade.knowledge.contrib",
        "keras_upgrade.documents.notebook",
        "keras_upgrade.verify",
        "tomllib",
    }
    assert modules & (ANY_COMMAND | LIBRARIES) == set()
