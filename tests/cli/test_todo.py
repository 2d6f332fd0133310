"""Comments at the places that are left to the user."""

import ast
from pathlib import Path

from .programs import ADVICE, REVIEW, Command, notebook, sources

NESTED = """\
from keras import backend as K


class Net:
    @property
    def slope(self):
        if self.y: return K.gradients(self.y, self.x)
        return [
            K.gradients(self.x, self.y),
        ]
"""


def test_each_advice_gets_a_comment_above_its_statement(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "net.py"
    file.write_text(NESTED)
    result = run("fix", file, "--add-todo")
    assert result.status == 1
    lines = file.read_text().splitlines()
    ast.parse(file.read_text())
    first, second = (
        lines.index(line) for line in lines if line.strip().startswith(("if self.y", "return ["))
    )
    for at in (first, second):
        block = at - 1
        while lines[block].startswith("        #   "):
            block -= 1
        assert lines[block].startswith("        # TODO(keras-upgrade): KU307 ")
        assert max(map(len, lines[block:at])) <= 100
    kept = [line for line in lines if not line.strip().startswith("#")]
    assert kept == NESTED.splitlines()
    assert f"{file}:{first + 1}:27 KU307" in result.out


def test_a_second_run_adds_nothing(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "net.py"
    file.write_text(NESTED)
    run("fix", file, "--add-todo")
    once = file.read_text()
    run("fix", file, "--add-todo")
    assert file.read_text() == once


def test_comments_stand_in_the_cell_that_they_are_about(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(notebook("from keras import backend as K", "%matplotlib inline\ng = K.gradients(y, x)"))
    run("fix", file, "--add-todo")
    first, second = sources(file)
    assert first == "from keras import backend as K"
    assert second.startswith("%matplotlib inline\n# TODO(keras-upgrade): KU307 ")
    assert second.endswith("\ng = K.gradients(y, x)")


def test_a_fix_that_is_held_back_gets_one_too(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "a.py"
    file.write_text(REVIEW)
    run("fix", file, "--add-todo", "--safe-only")
    assert "    # TODO(keras-upgrade): KU301 " in file.read_text()


def test_nothing_is_added_unasked(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "a.py"
    file.write_text(ADVICE)
    run("fix", file)
    assert file.read_text() == ADVICE
