"""What a cell that does not parse says, and what is still known of it."""

from pathlib import Path

import pytest

from keras_upgrade.documents import Problem, load, loads

from .notebooks import code, notebook, of_cells, written

PATH = Path("a.ipynb")


def problem_of(source: str) -> Problem:
    document = load(PATH, of_cells("x = 1", source, "y = x"))
    (problem,) = document.problems
    assert document.cells[1].problem == problem
    assert document.cells[0].problem is document.cells[2].problem is None
    assert (document.cells[0].masked, document.cells[2].masked) == ("x = 1", "y = x")
    return problem


PYTHON_2 = [
    "x = 1\nprint 'a'",
    "print x",
    "try:\n    f()\nexcept ValueError, e:\n    pass",
    "if a <> b: pass",
    "x = `y`",
    "exec 'x = 1'",
    "exec 'x = 1' in scope",
    "raise ValueError, 'no'",
    "x = 10L",
    "x = 0777",
    "f = lambda (a, b): a",
    "def f((a, b)): pass",
    "x = ur'a'",
    "if x:\n\ty = 1\n        print 'tabs'",
]


@pytest.mark.parametrize("source", PYTHON_2)
def test_python_2_is_named(source: str) -> None:
    problem = problem_of(source)
    assert problem.message.startswith("Python 2 code")
    assert "lib2to3" in problem.hint


@pytest.mark.parametrize(
    "source", ["x = (", "x = = 1", "s = 'print", "# print 'x'\nx = )", "s = 'a <> b' 'c' d"]
)
def test_other_errors_are_not_python_2(source: str) -> None:
    problem = problem_of(source)
    assert "Python 2" not in problem.message
    assert problem.message
    assert problem.hint


def test_python_2_file() -> None:
    document = loads("import keras\nx = 1\nprint x\n\ndef f():\n    return 1\n")
    (problem,) = document.problems
    assert str(problem.position) == "3:1"
    assert "Python 2 code" in problem.message
    assert document.text == "import keras\nx = 1\n       \n\ndef f():\n    return 1\n"


def test_no_break_space() -> None:
    problem = problem_of("a = 1\nif a:\n    b\u00a0= 2")
    assert problem.message == "contains U+00A0 (no-break space) at 3:6"
    assert problem.hint == "Replace it by a space"
    assert str(problem.position) == "cell 1:3:6"


def test_no_break_space_stands_for_a_space() -> None:
    source = "s = 'a\u00a0b'  # \u00a0\nb\u00a0= 2"
    document = load(PATH, of_cells(source))
    assert document.text == "s = 'a\u00a0b'  # \u00a0\nb = 2"
    assert document.source == source
    assert document.problems[0].message.endswith("at 2:2")


def test_no_break_space_in_a_string_is_fine() -> None:
    document = load(PATH, of_cells("s = 'a\u00a0b'"))
    assert not document.problems
    assert document.text == document.source


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("x\u200b = 1", "U+200B (zero width space) at 1:2", "Delete it"),
        ("x =\u3000 1", "U+3000 (ideographic space) at 1:4", "Replace it by a space"),
        ("print(\u201cx\u201d)", "U+201C (left double quotation mark) at 1:7", "plain character"),
        ("x = 1\n'\0'", "U+0000 (null character) at 2:2", "Delete it"),
        ("'\ud83d'", "U+D83D", "Delete it"),
    ],
)
def test_other_strange_characters(source: str, message: str, hint: str) -> None:
    document = load(PATH, written(notebook(code(source)), ensure_ascii=True))
    (problem,) = document.problems
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    "source", ["x = " + "(" * 500 + ")" * 500, "x = " + "-" * 20_000 + "1", "x = 1" + "+1" * 50_000]
)
def test_absurd_nesting_is_a_problem(source: str) -> None:
    document = loads(f"y = 1\n{source}\nz = 2\n")
    (problem,) = document.problems
    assert "nest" in problem.message
    assert document.text.split() == ["y", "=", "1", "z", "=", "2"]


def test_magics_are_not_the_problem() -> None:
    problem = problem_of("!ls\n%matplotlib inline\nx = = 1\n")
    assert str(problem.position) == "cell 1:3:5"


KEPT = {
    "before and after": ("a = 1\nb = = 2\nc = 3", "a = 1\n       \nc = 3"),
    "whole function": ("def f():\n    print 1\n    x\nc = 3", "        \n           \n     \nc = 3"),
    "open bracket": ("a = f(\nb = 2\nc = 3", "      \nb = 2\nc = 3"),
    "open string": ("a = '''\nb = 2", "       \nb = 2"),
    "decorated": ("@d\n# c\ndef f():\n  pass\nx y", "@d\n# c\ndef f():\n  pass\n   "),
    "decorator of a broken one": ("@d\ndef f(:\n  pass\nx = 1", "  \n       \n      \nx = 1"),
    "if and else": ("if a:\n  b\nelse:\n  c\nx y", "if a:\n  b\nelse:\n  c\n   "),
    "else of a broken if": ("if a b:\n  b\nelse:\n  c\nx = 1", "       \n   \n     \n   \nx = 1"),
    "bracket over lines": ("x = [\n1,\n]\nx y\nz = 1", "x = [\n1,\n]\n   \nz = 1"),
    "string over lines": ("x = '''\ny z\n'''\nx y", "x = '''\ny z\n'''\n   "),
    "crlf": ("a = 1\r\nx y\r\nb = 1", "a = 1\r\n   \r\nb = 1"),
    "indented nonsense": ("a = 1\n  b = 2\nc = 3", "     \n       \nc = 3"),
}


@pytest.mark.parametrize(("source", "text"), KEPT.values(), ids=KEPT.keys())
def test_statements_that_parse_are_kept(source: str, text: str) -> None:
    document = loads(source)
    assert document.text == text
    assert len(document.problems) == 1


def test_a_cell_does_not_complete_another() -> None:
    document = load(PATH, of_cells("x = [1,", "2]", "y = 1"))
    assert [bool(cell.problem) for cell in document.cells] == [True, True, False]
    document = load(PATH, of_cells("if x:\n    y", "else:\n    z"))
    assert [bool(cell.problem) for cell in document.cells] == [False, True]
    document = load(PATH, of_cells("@d", "def f(): pass"))
    assert [bool(cell.problem) for cell in document.cells] == [True, False]
    document = load(PATH, of_cells("x = 1; \\", "y = 2"))
    assert [bool(cell.problem) for cell in document.cells] == [True, False]


def test_late_future_import_is_fine() -> None:
    document = load(PATH, of_cells("x = 1", "from __future__ import annotations"))
    assert not document.problems
    assert document.text == document.source


def test_a_long_broken_file_is_read_in_time() -> None:
    document = loads("f(\n" * 20_000)
    assert not document.text.strip()


def test_what_is_too_deep_for_the_parser_is_told_at_its_line() -> None:
    chain = f"y = x{'.f()' * 20_000}"
    problem = problem_of(f"a = 1\n\n{chain}\nb = 2")
    assert "nested too deeply" in problem.message
    assert problem.position.line == 3
    document = loads(f"a = 1\n\n{chain}\nb = 2\n", path=Path("a.py"))
    assert [problem.position.line for problem in document.problems] == [3]
    assert [part.strip() for part in document.text.split("\n")] == ["a = 1", "", "", "b = 2", ""]
