"""Notebooks in every form that JSON has."""

import ast
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keras_upgrade.documents import Edit, load
from keras_upgrade.documents.jsontext import Cursor

PATH = Path("a.ipynb")
TEXT = st.text(alphabet="ab=1 \n\r\t\"'\\/é\u2028\u00a0😀\x1b\x0c\ufeff%!?#()", max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def pieces(draw: st.DrawFn) -> str | list[str]:
    """A source: a string, its lines, or a list cut at any place."""
    if draw(st.booleans()):
        return draw(st.lists(TEXT, max_size=4))
    text = draw(TEXT)
    return text.splitlines(keepends=True) if draw(st.booleans()) else text


@st.composite
def cells(draw: st.DrawFn) -> dict[str, Any]:
    cell = {
        "cell_type": draw(st.sampled_from(["code", "code", "markdown", "raw"])),
        "source": draw(pieces()),
        "metadata": draw(JSON),
        "outputs": draw(st.lists(JSON, max_size=2)),
        "execution_count": draw(st.none() | st.integers()),
        draw(TEXT): draw(JSON),
    }
    return {key: cell[key] for key in draw(st.permutations(list(cell)))}


@st.composite
def notebooks(draw: st.DrawFn) -> bytes:
    content = {
        "cells": draw(st.lists(cells(), max_size=4)),
        "nbformat": 4,
        "metadata": draw(JSON),
        "z": draw(JSON),
    }
    content = {key: content[key] for key in draw(st.permutations(list(content)))}
    indent = draw(st.sampled_from([None, 0, 1, 4, "\t"]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", "\r\n:  ")]))
    text = json.dumps(content, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    if draw(st.booleans()) and indent is not None:
        text = text.replace("\n", "\r\n")
    return (
        draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
        + (text + draw(st.sampled_from(["", "\n", " \r\n\t"]))).encode()
    )


def parsed(data: bytes) -> Any:
    return json.loads(data.decode("utf-8-sig"))


def joined(content: Any) -> list[str]:
    return ["".join(cell["source"]) for cell in content["cells"]]


def in_form(content: Any) -> Any:
    """Comparable JSON: NaN is not equal to itself."""
    return json.dumps(content)


@given(notebooks())
def test_comes_back_byte_for_byte(data: bytes) -> None:
    document = load(PATH, data)
    assert document.to_bytes() == data
    sources = [cell["source"] for cell in parsed(data)["cells"] if cell["cell_type"] == "code"]
    assert [cell.source for cell in document.cells] == ["".join(source) for source in sources]
    assert document.source == "\n".join("".join(source) for source in sources)
    ast.parse(document.text)


@given(notebooks(), st.data())
@settings(max_examples=300)
def test_replacing_a_span_changes_that_source_only(data: bytes, choose: st.DataObject) -> None:
    document = load(PATH, data)
    if not document.cells:
        return
    cell = choose.draw(st.sampled_from(document.cells))
    start = choose.draw(st.integers(0, len(cell.source)))
    end = choose.draw(st.integers(start, len(cell.source)))
    text = choose.draw(TEXT.filter(lambda text: "\r" not in text))
    changed = document.replace([Edit(cell.start + start, cell.start + end, text)])
    new_text = text if text == cell.source[start:end] else text.replace("\n", document.newline)
    new_source = cell.source[:start] + new_text + cell.source[end:]
    written = changed.to_bytes()

    before, after = parsed(data), parsed(written)
    expected = joined(before)
    expected[cell.index] = new_source
    assert joined(after) == expected
    assert isinstance(after["cells"][cell.index]["source"], type(before["cells"][cell.index]["source"]))
    after["cells"][cell.index]["source"] = before["cells"][cell.index]["source"]
    assert in_form(after) == in_form(before)

    assert without_source(written, cell.index) == without_source(data, cell.index)
    again = load(PATH, written)
    assert (again.source, again.text) == (changed.source, changed.text)
    if "\n" not in cell.source[start:end]:
        back = Edit(cell.start + start, cell.start + start + len(new_text), cell.source[start:end])
        assert changed.replace([back]).to_bytes() == data


@given(notebooks(), st.sets(st.integers(0, 4)))
def test_removing_outputs_removes_these_only(data: bytes, indices: set[int]) -> None:
    cleared = load(PATH, data).without_outputs(indices)
    expected = parsed(data)
    for index, cell in enumerate(expected["cells"]):
        if index in indices and cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    assert in_form(parsed(cleared.to_bytes())) == in_form(expected)


@given(notebooks())
def test_offsets_lead_to_cells_and_back(data: bytes) -> None:
    document = load(PATH, data)
    for number, cell in enumerate(document.cells):
        assert document.source[cell.start : cell.end] == cell.source
        assert document.text[cell.start : cell.end] == cell.masked
        span = document.span_of(cell)
        assert (span.start, span.end) == (cell.start, cell.end)
        for offset in range(cell.start, cell.end + 1):
            assert document.cell_at(offset) is cell
            position = document.position(offset)
            assert position.cell == cell.index
            if offset - cell.start == len(cell.source) and cell.source.endswith("\r"):
                continue  # with the separator it is one line end
            read = cell.source[: offset - cell.start].replace("\r\n", "\n")
            read = read[:-1] if document.source[offset - 1 : offset + 1] == "\r\n" and read else read
            rows = read.replace("\r", "\n").split("\n")
            assert position.line == len(rows)
        if number:
            assert document.source[cell.start - 1] == "\n"


def without_source(data: bytes, index: int) -> str:
    """The notebook's JSON with the source of one cell cut out."""
    cursor = Cursor(data.decode("utf-8-sig"))
    for key in cursor.members():
        for number in cursor.items() if key == "cells" else ():
            for name in cursor.members() if number == index else ():
                if name == "source":
                    start = cursor.at
                    cursor.value()
                    cut = cursor.text[:start] + cursor.text[cursor.at :]
    return cut
