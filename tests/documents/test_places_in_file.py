"""Where the file itself has what stands in a document, and what an edit changes there."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_upgrade.documents import Document, Edit, Position, load, loads

from .notebooks import code, notebook, prose, written
from .test_notebook_properties import PATH, TEXT, notebooks


def applied(text: str, changes: list[tuple[Position, Position, str]]) -> str:
    """A text with changes made, as an editor makes them."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    for start, end, new in sorted(changes, key=lambda one: (one[0].line, one[0].column), reverse=True):
        first, last = starts[start.line - 1] + start.column - 1, starts[end.line - 1] + end.column - 1
        text = text[:first] + new + text[last:]
    return text


def place(document: Document, text: str) -> tuple[int, int]:
    found = document.place_in_file(document.source.index(text))
    assert found.cell is None
    return found.line, found.column


def line_of(data: bytes, number: int) -> str:
    return data.decode().split("\n")[number - 1]


@pytest.mark.parametrize("source", [["x = 'é'\n", 'y = "\t"; z = 3'], "x = 'é'\ny = \"\t\"; z = 3"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_place_of_a_notebook_is_that_of_its_json(source: str | list[str], ascii_only: bool) -> None:
    data = written(notebook(prose("# é"), code(source)), ensure_ascii=ascii_only)
    document = load(PATH, data)
    for text in ("x =", "y =", "z = 3"):
        line, column = place(document, text)
        assert line_of(data, line)[column - 1 :].startswith(text)


def test_a_place_of_markdown_counts_the_indentation() -> None:
    document = loads("- a list\n\n  ```python\n  x = 1\n    \n  y = 2\n  ```\n", "markdown")
    assert (place(document, "x"), place(document, "y")) == ((4, 3), (6, 3))


def test_a_place_of_a_script_is_the_same() -> None:
    document = loads("x = 1\r\ny = 2\r\n")
    assert document.place_in_file(document.source.index("y")) == Position(None, 2, 1)


def test_a_change_of_markdown_is_indented_as_the_block_is() -> None:
    text = "1. a list\n\n   ```python\n   x = 1\n   ```\n"
    document = loads(text, "markdown")
    edits = [Edit(0, 0, "import keras\n\n")]
    ((start, end, new),) = document.changes_in_file(edits)
    assert (start, end, new) == (Position(None, 4, 1), Position(None, 4, 1), "   import keras\n\n")
    assert applied(text, document.changes_in_file(edits)).encode() == document.replace(edits).to_bytes()


def test_a_change_of_a_notebook_is_one_of_lines() -> None:
    data = written(notebook(code(["a = 1\n", "b = 2\n", "c = 3"])))
    document = load(PATH, data)
    changes = document.changes_in_file([Edit(6, 7, 'x = "1"\ny')])
    ((start, end, new),) = changes
    assert (start.line, end.line, start.column, end.column) == (start.line, start.line + 1, 1, 1)
    assert new == '    "x = \\"1\\"\\n",\n    "y = 2\\n",\n'
    assert json.loads(applied(data.decode(), changes))["cells"][0]["source"][1] == 'x = "1"\n'


@st.composite
def edited_notebooks(draw: st.DrawFn) -> tuple[Document, bytes, list[Edit]]:
    data = draw(notebooks())
    document = load(PATH, data)
    edits = []
    for cell in document.cells:
        if draw(st.booleans()):
            start = draw(st.integers(cell.start, cell.end))
            edits.append(Edit(start, draw(st.integers(start, cell.end)), draw(TEXT)))
    return document, data, edits


@settings(max_examples=60, deadline=None)
@given(edited_notebooks())
def test_the_changes_in_a_notebook_make_what_is_written(case: tuple[Document, bytes, list[Edit]]) -> None:
    document, data, edits = case
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = applied(data.decode("utf-8-sig"), document.changes_in_file(edits))
    assert bom + text.encode() == document.replace(edits).to_bytes()


@settings(max_examples=60, deadline=None)
@given(notebooks())
def test_every_character_of_a_notebook_has_its_place(data: bytes) -> None:
    document, text = load(PATH, data), data.decode("utf-8-sig")
    lines = re.split(r"\r\n|\r|\n", text)
    for cell in document.cells:
        for offset in range(cell.start, cell.end):
            found = document.place_in_file(offset)
            rest = lines[found.line - 1][found.column - 1 :]
            written_as = re.match(r"\\ud[89ab]..\\u....|\\u....|\\.|.", rest, re.IGNORECASE)
            assert written_as is not None
            assert json.loads(f'"{written_as[0]}"') == document.source[offset]


def test_the_path_of_a_document_does_not_matter() -> None:
    assert loads("x = 1", path=Path("none.py")).place_in_file(4) == Position(None, 1, 5)
