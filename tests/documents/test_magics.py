"""What Jupyter adds to Python is hidden, and nothing else is."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.documents import Document, load

from .notebooks import code, notebook, of_cells, written

PATH = Path("a.ipynb")


def one_cell(source: str) -> Document:
    return load(PATH, written(notebook(code(source))))


def newlines(text: str) -> list[tuple[str, int]]:
    return [(match.group(), match.start()) for match in re.finditer(r"[\r\n]", text)]


def masked(source: str) -> str:
    """The mask of a cell that is valid in Jupyter, without the blanks at line ends."""
    document = one_cell(source)
    assert not document.problems
    text = document.text
    ast.parse(text)
    assert len(text) == len(source)
    assert newlines(text) == newlines(source)
    return re.sub(r" +(?=[\r\n]|\Z)", "", text)


HIDDEN = {
    "line magic": ("%matplotlib inline\nx = 1", "_\nx = 1"),
    "double percent in the middle": ("x = 1\n%%time\ny = 2", "x = 1\n_\ny = 2"),
    "shell": ("!pip install 'x\nimport x", "_\nimport x"),
    "double shell": ("!!ls\nx = 1", "_\nx = 1"),
    "shell with bracket": ("!echo (\nx = 1", "_\nx = 1"),
    "shell continued": ("!pip install \\\n   a \\\n   b\nx = 1", "_\n\n\nx = 1"),
    "shell continued, crlf": ("!pip install \\\r\n   a\r\nx = 1", "_\r\n\r\nx = 1"),
    "shell at the end": ("x = 1\n!ls \\", "x = 1\n_"),
    "help before": ("?print\nx = 1", "_\nx = 1"),
    "help before twice": ("??print", "_"),
    "help": ("x = 1\nprint?", "x = 1\n_"),
    "help twice": ("np.linalg??\nx = 1", "_\nx = 1"),
    "help of a call": ("model.fit('a')?", "_"),
    "in a block": ("if x:\n    !ls\n    y = 1\nelse:\n\t%cd ..\n", "if x:\n    _\n    y = 1\nelse:\n\t_\n"),
    "only statement of a block": ("for a in b:\n  !ls\n", "for a in b:\n  _\n"),
    "assigned shell": ("files = !ls (\nx = files", "files = _\nx = files"),
    "assigned without spaces": ("files=!ls", "files=_"),
    "assigned magic": ("x = %env HOME", "x = _"),
    "assigned to two": ("a, b = !ls \\\n  -l\nx = a", "a, b = _\n\nx = a"),
    "assigned to attribute and item": ("a.b = !ls\na['k'] = %pwd", "a.b = _\na['k'] = _"),
    "assigned in a block": ("if x:\n    y = !ls", "if x:\n    y = _"),
    "cell magic with Python": ("%%time\nx = 1", "\nx = 1"),
    "cell magic with arguments": ("%%capture out --no-stderr\nx = 1", "\nx = 1"),
    "cell magic that shows its code migrated": ("%%keras3 --replace\nx = 1", "\nx = 1"),
    "cell magic after comment and blank": ("# hi\n\n%%time\nx = 1", "\n\n\nx = 1"),
    "cell magic upon cell magic": ("%%capture\n%%time\nx = 1\n!ls", "\n\nx = 1\n_"),
    "cell magic of another language": ("%%bash\nx=1\nls", "\n\n"),
    "cell magic upon bash": ("%%time\n%%bash\nls", "\n\n"),
    "file": ("%%writefile a.py\nimport os", "\n"),
    "unknown cell magic": ("%%klingon x\nimport os", "\n"),
    "shell cell": ("%%!\nls", "\n"),
    "automagic": ("pip install keras", "_"),
    "string over lines with magics in it": (
        "s = '''\n%time\n!ls\nx?\n'''\n!ls",
        "s = '''\n%time\n!ls\nx?\n'''\n_",
    ),
    "brackets with percent": ("x = ('%d'\n% 3)\n!ls", "x = ('%d'\n% 3)\n_"),
    "after a backslash": ("x = 5 \\\n% 3\n!ls", "x = 5 \\\n% 3\n_"),
    "question mark in comment": ("!ls\nx = 1  # why?\n# really?", "_\nx = 1  # why?\n# really?"),
    "question mark in string": ("!ls\nx = 'why?'", "_\nx = 'why?'"),
    "not equal": ("!ls\nx = a != b", "_\nx = a != b"),
    "timed statement": ("%time model.fit(x)", "     \fmodel.fit(x)"),
    "timed with options": ("%timeit -n 10 -r3 f(x)", " " * 17 + "\ff(x)"),
    "timed in a block": ("if x:\n    %time y = f()", "if x:\n     \f    y = f()"),
    "timed and assigned": ("h = %time f(x)", "h =       f(x)"),
    "timed nonsense": ("%time ls /tmp x", "_"),
    "timed nothing": ("%time", "_"),
    "indented cell": ("    x = 1\n    if x:\n        !ls", "   \fx = 1\n   \fif x:\n   \f    _"),
    "indented string": ("  x = '''\n  a'''\n  y = 1", " \fx = '''\n  a'''\n \fy = 1"),
    "indented cell magic": ("  %%time\n  x = 1", "\n \fx = 1"),
    "indented cell with %time": ("  %time f()\n  x = 1", "     \f \ff()\n \fx = 1"),
}


@pytest.mark.parametrize(("source", "expected"), HIDDEN.values(), ids=HIDDEN.keys())
def test_hides(source: str, expected: str) -> None:
    assert masked(source) == expected


UNTOUCHED = {
    "percent in brackets": "print('%d'\n      % 3)",
    "percent at line start": "x = ('%d'\n% 3)",
    "magics in a string": "s = '''\n%matplotlib inline\n!ls\nx?\n'''",
    "question in comment": "x = 1  # x?\n# x??",
    "not equal": "x = a \\\n!= b",
    "await": "await f()",
    "module": "x %= 3",
}


@pytest.mark.parametrize("source", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_valid_python_is_not_masked(source: str) -> None:
    document = one_cell(source)
    assert document.text == source
    assert not document.problems


def test_statement_behind_time_is_where_it_was() -> None:
    document = one_cell("if x:\n    %time y = f(1)\n    z = 2")
    block = document.tree.body[0]
    assert isinstance(block, ast.If)
    timed, after = block.body
    assert document.source[document.line_starts[1] + timed.col_offset :].startswith("y = f(1)")
    assert isinstance(after, ast.Assign)


def test_shell_line_of_one_character() -> None:
    assert masked("!\nx = 1") == "_\nx = 1"


def test_other_cells_are_not_masked() -> None:
    document = load(PATH, of_cells("!ls", "x = 1", "%%bash\nls", "y = x"))
    assert [cell.masked.rstrip(" ") for cell in document.cells] == ["_", "x = 1", "      \n", "y = x"]
    assert [cell.source for cell in document.cells] == ["!ls", "x = 1", "%%bash\nls", "y = x"]


LINES = st.sampled_from(
    [
        "!ls \\",
        "%time x = 1",
        "%%bash",
        "x?",
        "x = 1",
        "if x:",
        "  y",
        "    !ls",
        "s = '''",
        "'''",
        "f(",
        ")",
        "# ?",
        "a = !ls",
        "print 1",
        "x\u00a0= 1",
        "",
        "\t",
        "@d",
        "def f(): pass",
        "else:",
        '"',
        "\\",
        "\0",
        "\ud800",
        "x = 1\\",
    ]
)


@given(st.lists(st.lists(LINES, max_size=6), max_size=4), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_mask_parses_and_keeps_the_shape(cells: list[list[str]], newline: str) -> None:
    sources = [newline.join(cell) for cell in cells]
    document = load(PATH, written(notebook(*map(code, sources)), ensure_ascii=True))
    ast.parse(document.text)
    assert document.source == "\n".join(sources)
    assert newlines(document.text) == newlines(document.source)
    for cell in document.cells:
        assert len(cell.masked) == len(cell.source)
        ast.parse(cell.masked)
