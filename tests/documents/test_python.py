"""Python files: bytes in, bytes out."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.documents import Document, DocumentError, Edit, load, loads

PATH = Path("a.py")


def rename(document: Document, old: str, new: str) -> Document:
    start = document.source.index(old)
    return document.replace([Edit(start, start + len(old), new)])


FILES = {
    "plain": b"import keras\nx = 1\n",
    "empty": b"",
    "only a newline": b"\n",
    "no newline at the end": b"x = 1",
    "crlf": b"x = 1\r\nif x:\r\n\ty = 2\r\n",
    "mixed": b"x = 1\r\ny = 2\nz = 3\r",
    "lone cr": b"x = 1\ry = 2\r",
    "form feed": b"x = 1\n\x0c\ny = 2\n",
    "bom": b"\xef\xbb\xbfx = '\xc3\xa9'\n",
    "bom and crlf": b"\xef\xbb\xbfx = 1\r\n",
    "latin-1": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    "cookie in line 2": b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n",
    "utf8 cookie": b"# coding: utf8\nx = '\xe2\x82\xac'\n",
    "utf-8-sig cookie": b"# coding: utf-8-sig\nx = 1\n",
    "trailing blanks": b"x = 1   \n\n\n   ",
    "control-L indentation": b"if x:\n  \x0c  y = 1\n",
    "vertical tab in a string": b"x = '\x0b\x1c\xc2\x85\xe2\x80\xa8'\ny = 1\n",
    "python 2": b"print 'x'\r\n",
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_comes_back_byte_for_byte(data: bytes) -> None:
    document = load(PATH, data)
    assert document.to_bytes() == data
    assert document.replace([]).to_bytes() == data
    ast.parse(document.text)


def test_is_one_cell() -> None:
    (cell,) = load(PATH, b"x = 1\n").cells
    assert (cell.index, cell.start, cell.source, cell.first_line, cell.id) == (0, 0, "x = 1\n", 1, None)
    assert cell.masked == cell.source
    assert cell.problem is None


def test_edits_only_what_it_is_told_to() -> None:
    data = FILES["bom and crlf"] + b"keep = '\t'   \r\n"
    assert rename(load(PATH, data), "x", "xyz").to_bytes() == data.replace(b"x = 1", b"xyz = 1")


def test_new_lines_end_as_the_others_do() -> None:
    document = load(PATH, b"a = 1\r\nb = 2\r\n")
    assert document.newline == "\r\n"
    assert rename(document, "b = 2", "b = 2\nc = 3").to_bytes() == b"a = 1\r\nb = 2\r\nc = 3\r\n"
    assert rename(document, "b = 2", "b = 2\r\nc = 3").to_bytes() == b"a = 1\r\nb = 2\r\nc = 3\r\n"


def test_line_feeds_stay_line_feeds() -> None:
    document = load(PATH, b"a = 1\nb = 2\nc = 3\r\n")
    assert document.newline == "\n"
    assert rename(document, "b = 2", "b\nc").to_bytes() == b"a = 1\nb\nc\nc = 3\r\n"


def test_is_written_in_its_encoding() -> None:
    document = load(PATH, FILES["latin-1"])
    assert document.source.endswith("x = 'é'\n")
    assert rename(document, "é", "éü").to_bytes() == FILES["latin-1"].replace(b"\xe9", b"\xe9\xfc")


def test_characters_that_the_encoding_lacks_are_refused() -> None:
    changed = rename(load(PATH, FILES["latin-1"]), "é", "→")
    with pytest.raises(DocumentError, match=r"a\.py:2: U\+2192 .* Convert the file to UTF-8"):
        changed.to_bytes()


REFUSED = {
    "not utf-8": (b"x = 1\ny = '\xe9'\n", 2, "byte 0xe9 at offset 11"),
    "not utf-8 in line 1": (b"x = '\xe9'\n", 1, "byte 0xe9"),
    "not utf-8 with bom": (b"\xef\xbb\xbfx\n\n\xe9", 3, "byte 0xe9"),
    "not ascii": (b"# coding: ascii\nx = '\xc3\xa9'\n", 2, "not valid ASCII"),
    "null": (b"x = 1\n\0\n", 2, "null bytes"),
    "utf-16": ("x = 1\n".encode("utf-16"), 1, "UTF-16"),
    "unknown encoding": (b"\n# coding: klingon\n", 2, "unknown encoding: klingon"),
    "no encoding of text": (b"# coding: rot13\nx = 1\n", None, "rot13"),
    "encoding that does not come back": (b"# coding: utf-7\nx = '+AGE-'\n", None, "does not come back"),
}


@pytest.mark.parametrize(("data", "line", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(data: bytes, line: int | None, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(PATH, data)
    assert caught.value.line == line
    assert message in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_warnings_of_the_parser_are_silent() -> None:
    assert not load(PATH, b"x = '\\d'\ny = 1if x else 2\n").problems


def test_magics_are_no_python() -> None:
    document = loads("import os\n!ls\n")
    assert document.problems
    assert document.text == "import os\n   \n"


def test_loads_gives_the_text_back() -> None:
    text = "# coding: latin-1\nx = 'é'\n"
    assert loads(text).source == text
    assert loads(text).to_bytes() == text.encode()


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@given(st.text(alphabet="x =1\n\r\t\f'\"#()\\:é\u2028\ufeff\u00a0if", max_size=40), st.booleans())
def test_any_text_comes_back_and_its_mask_parses(text: str, bom: bool) -> None:
    data = b"\xef\xbb\xbf" * bom + text.encode()
    document = load(PATH, data)
    assert document.to_bytes() == data
    assert len(document.text) == len(document.source)
    ast.parse(document.text)
