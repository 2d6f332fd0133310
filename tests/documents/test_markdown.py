"""Markdown: fenced Python is code, all else is text."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.documents import Document, DocumentError, Edit, load, loads

PATH = Path("a.md")


def blocks(text: str) -> list[str]:
    document = loads(text, "markdown")
    assert document.to_bytes() == text.encode()
    assert not document.problems
    return [cell.source for cell in document.cells]


def edited(text: str, old: str, new: str) -> str:
    document = loads(text, "markdown")
    start = document.source.index(old)
    return document.replace([Edit(start, start + len(old), new)]).to_bytes().decode()


@pytest.mark.parametrize(
    "info",
    [
        "python",
        "py",
        "python3",
        "Python",
        " python ",
        "{python}",
        "{.python}",
        "{.python .numberLines}",
        "{python, echo=F}",
        'python title="a.py"',
        "python:a.py",
        "python {1,3}",
        "{code-cell} ipython3",
        "{code-block} python",
    ],
)
@pytest.mark.parametrize("fence", ["```", "~~~", "`````"])
def test_python_blocks(info: str, fence: str) -> None:
    assert blocks(f"# a\n\n{fence}{info}\nx = 1\n\ny = 2\n{fence}\nend\n") == ["x = 1\n\ny = 2"]


@pytest.mark.parametrize("info", ["", "bash", "pycon", "python-repl", "pytb", "json", "{r}", "text python"])
def test_other_blocks(info: str) -> None:
    assert blocks(f"```{info}\nx = 1\n```\n") == []


NO_CELLS = {
    "no block": "# a\n\nx = 1\n",
    "empty": "",
    "empty block": "```python\n```\n",
    "prompts": "```python\n>>> x = 1\n1\n```\n",
    "does not parse": "```python\nx = ...(\n```\n",
    "python 2": "```python\nprint 1\n```\n",
    "indented fragment": "```python\n    x = 1\n```\n",
    "inline": "a ```python x = 1``` b\n",
    "within another block": "````markdown\n```python\nx = 1\n```\n````\n",
    "within tildes": "~~~\n```python\nx = 1\n```\n~~~\n",
    "code of four spaces": "    x = 1\n",
}


@pytest.mark.parametrize("text", NO_CELLS.values(), ids=NO_CELLS.keys())
def test_no_cells(text: str) -> None:
    assert blocks(text) == []


def test_blocks_are_numbered_and_placed() -> None:
    text = "# a\n```bash\nls\n```\n```python\nx = 1\n```\n\n```py\ny = 2\nz = 3\n```\n"
    document = loads(text, "markdown")
    assert document.source == "x = 1\ny = 2\nz = 3"
    assert [(cell.index, cell.first_line, cell.start) for cell in document.cells] == [(1, 6, 0), (2, 10, 6)]
    assert [str(document.position(document.source.index(name))) for name in "xyz"] == ["6:1", "10:1", "11:1"]
    longer = document.replace([Edit(0, 0, "a\nb\n")])
    assert [cell.first_line for cell in longer.cells] == [6, 12]
    assert str(longer.position(longer.source.index("z"))) == "13:1"
    assert longer.to_bytes().decode().splitlines()[12] == "z = 3"


def test_block_that_is_not_closed() -> None:
    assert blocks("```python\nx = 1\n\n") == ["x = 1\n"]
    assert blocks("```python\nx = 1") == ["x = 1"]


def test_a_shorter_or_other_fence_does_not_close() -> None:
    assert blocks("````python\ns = '''\n```\n~~~~\n'''\n````\n") == ["s = '''\n```\n~~~~\n'''"]


INDENTED = "1. a\n\n   ```python\n   if x:\n       y = 1\n\n   z = 2\n   ```\n\n- ```python\n  a = 1\n  ```\n"


def test_indented_blocks() -> None:
    assert blocks(INDENTED) == ["if x:\n    y = 1\n\nz = 2", "a = 1"]
    document = loads(INDENTED, "markdown")
    assert str(document.position(document.source.index("y"))) == "5:8"


def test_indentation_is_put_back() -> None:
    assert edited(INDENTED, "y = 1", "y = 1\n    w = 1\n") == INDENTED.replace(
        "y = 1", "y = 1\n       w = 1\n"
    )
    assert edited(INDENTED, "a = 1", "a = 1\nb = 2") == INDENTED.replace("a = 1", "a = 1\n  b = 2")
    assert edited(INDENTED, "z = 2", "z = 3") == INDENTED.replace("z = 2", "z = 3")


def test_lines_with_less_indentation_than_the_fence() -> None:
    text = "   ```python\n x = 1\n\n  \n if x:\n   y = 2\n   ```\n"
    assert blocks(text) == ["x = 1\n\n \nif x:\n  y = 2"]
    assert edited(text, "x = 1", "x = 2\nz = 3") == text.replace("x = 1", "x = 2\n z = 3")
    assert edited(text, "y", "w") == text.replace("y = 2", "w = 2")
    assert blocks("  ```python\nx = 1\n  y = 2\n  ```\n") == []


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfa\n```py\nx = 1\n```", b"a\r\n```py\r\nx = 1\r\n\r\n```\r\n", b"\x0c\ta\r"]
)
def test_comes_back_byte_for_byte(data: bytes) -> None:
    assert load(PATH, data).to_bytes() == data


def test_new_lines_end_as_the_others_do() -> None:
    document = load(PATH, b"a\r\n```py\r\nx = 1\r\n```\r\n")
    assert document.replace([Edit(5, 5, "\ny")]).to_bytes() == b"a\r\n```py\r\nx = 1\r\ny\r\n```\r\n"


def test_magics_are_hidden() -> None:
    document: Document = loads("```python\n!pip install keras\nimport keras\n```\n", "markdown")
    assert document.text.split("\n")[1] == "import keras"
    assert not document.problems


def test_not_utf_8() -> None:
    with pytest.raises(DocumentError, match=r"a\.md:2: byte 0xe9"):
        load(PATH, b"a\n\xe9")


LINES = st.sampled_from(
    [
        "```",
        "```python",
        "  ~~~py",
        "~~~",
        "- ```py",
        "\t```python",
        "x = 1",
        "  y = 2",
        "",
        "   ",
        ">>> a",
        "\tz",
    ]
)


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]), st.data())
def test_any_text_comes_back(lines: list[str], newline: str, choose: st.DataObject) -> None:
    text = newline.join(lines)
    document = load(PATH, text.encode())
    assert document.to_bytes() == text.encode()
    ast.parse(document.text)
    for cell in document.cells:
        position = document.position(cell.start)
        first = cell.source.split(newline)[0]
        if first.strip():
            assert text.split(newline)[position.line - 1][position.column - 1 :] == first
    if document.cells:
        cell = choose.draw(st.sampled_from(document.cells))
        changed = document.replace([Edit(cell.end, cell.end, "\nq = 1")])
        again = load(PATH, changed.to_bytes())
        assert again.source == changed.source
        assert len(changed.to_bytes()) >= len(text) + 5
