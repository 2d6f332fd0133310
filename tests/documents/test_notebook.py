"""Notebooks: only the edited lines of the JSON change."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from keras_upgrade.documents import Document, DocumentError, Edit, load

from .notebooks import code, lines, notebook, of_cells, prose, sources_of, written

PATH = Path("a.ipynb")
TWO_LINES = ["import keras\n", "x = 1"]


def rename(document: Document, old: str, new: str) -> Document:
    start = document.source.index(old)
    return document.replace([Edit(start, start + len(old), new)])


def edited(data: bytes, old: str, new: str) -> bytes:
    return rename(load(PATH, data), old, new).to_bytes()


FILES = {
    "as Jupyter writes it": written(notebook(prose("# a"), code(TWO_LINES), code([]), code(["é→😀"]))),
    "escaped": written(notebook(code(["s = 'é😀'"])), ensure_ascii=True),
    "compact": written(notebook(code(TWO_LINES)), indent=None, separators=(",", ":")),
    "tabs": written(notebook(code(TWO_LINES)), indent="\t"),
    "crlf": written(notebook(code(TWO_LINES))).replace(b"\n", b"\r\n"),
    "bom": b"\xef\xbb\xbf" + written(notebook(code(TWO_LINES))),
    "no newline at the end": written(notebook(code(TWO_LINES))).rstrip(),
    "blanks around": b"\n\n " + written(notebook(code(TWO_LINES))) + b"\n\n\t",
    "strings": written(notebook(prose("a"), code("import keras\nx = '\\u00e9'"), code(""))),
    "crlf inside": written(notebook(code("import keras\r\nx = 1\r\n"))),
    "escaped slash": written(notebook(code(["a = 'x/y'\n", "b"]))).replace(b"/", b"\\/"),
    "strange numbers": written(notebook(code(TWO_LINES))).replace(b'"nbformat": 4', b'"nbformat": 4.0E+0'),
    "strange white space": b'{"cells" :\n[ {"source":[ "a\\n"\t,"b" ] , "cell_type"\r\n:"code"}\n]}',
    "half characters": '{"cells": [{"cell_type": "code", "source": ["# \\ud83d ü"]}]}'.encode(),
    "duplicate keys": (
        b'{"cells": [], "cells": [{"cell_type": "raw", "cell_type": "code", "source": "x", "source": "y"}]}'
    ),
    "no cells": written(notebook()),
    "strange cells": (
        b'{"cells": [1, null, {}, {"cell_type": "raw", "source": 3}, {"cell_type": "code", "source": "x"}]}'
    ),
    "huge number": b'{"x": 1' + b"0" * 4000 + b', "cells": []}',
    "NaN": b'{"x": [NaN, Infinity], "cells": []}',
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_comes_back_byte_for_byte(data: bytes) -> None:
    document = load(PATH, data)
    assert document.to_bytes() == data
    appended = document.replace([Edit(cell.end, cell.end, "\nz = 1") for cell in document.cells])
    assert load(PATH, appended.to_bytes()).source == appended.source
    shorter = [
        Edit(new.start + len(old.source), new.end, "")
        for old, new in zip(document.cells, appended.cells, strict=True)
    ]
    assert appended.replace(shorter).to_bytes() == data


def test_cells_are_counted_over_all() -> None:
    document = load(PATH, written(notebook(prose("# a"), code("x", id="ab-c"), prose("b"), code("y\nz"))))
    assert [(cell.index, cell.id, cell.start) for cell in document.cells] == [(1, "ab-c", 0), (3, None, 2)]
    assert document.source == "x\ny\nz"


def test_changes_one_line() -> None:
    data = FILES["as Jupyter writes it"]
    changed = edited(data, "x = 1", "x = 'ü'")
    assert changed == data.replace(b"x = 1", "x = 'ü'".encode())


def test_adds_and_removes_lines() -> None:
    data = of_cells("a = 1\nb = 2\nc = 3")
    assert edited(data, "b = 2", "b = 2\nd = 4") == of_cells("a = 1\nb = 2\nd = 4\nc = 3")
    assert edited(data, "b = 2\n", "") == of_cells("a = 1\nc = 3")
    assert edited(data, "a = 1\n", "") == of_cells("b = 2\nc = 3")
    assert edited(data, "a = 1", "z\na = 1") == of_cells("z\na = 1\nb = 2\nc = 3")
    assert edited(data, "\nc = 3", "") == of_cells("a = 1\nb = 2")
    assert edited(data, "c = 3", "c = 3\nd") == of_cells("a = 1\nb = 2\nc = 3\nd")
    assert edited(data, "a = 1\nb = 2\nc = 3", "") == of_cells("")


def test_unchanged_lines_keep_their_form() -> None:
    data = written(notebook(code(["s = '/é'\n", "t = '/é'\n", "u"]))).replace("/é".encode(), b"\\/\\u00E9")
    assert edited(data, "u", "v") == data.replace(b'"u"', b'"v"')
    assert edited(data, "t = '/é'", "t = '/éé'") == data.replace(
        b"t = '\\/\\u00E9'", b"t = '/\\u00e9\\u00e9'"
    )


def test_a_string_stays_one_and_keeps_its_other_lines() -> None:
    data = written(notebook(code("s = '/é'\nt = 2\nu = 3"))).replace("/é".encode(), b"\\/\\u00E9")
    assert edited(data, "t = 2", "t = '\"'") == data.replace(b"t = 2", b"t = '\\\"'")
    assert edited(data, "t = 2", "t\nt") == data.replace(b"t = 2", b"t\\nt")


def test_items_that_are_not_lines_are_kept() -> None:
    data = written(notebook(code(["a\nb\n", "", "c ", "= 1\n", "d"])))
    assert edited(data, "d", "e") == data.replace(b'"d"', b'"e"')
    assert sources_of(edited(data, "c = 1", "c = 2\nx")) == ["a\nb\nc = 2\nx\nd"]


@pytest.mark.parametrize(
    ("present", "ascii_only", "expected"),
    [
        ("", False, "é"),
        ("# ü", False, "é"),
        ("# ü", True, "\\u00e9"),
        ("\x1b[0m", True, "é"),
        ("\\u00fc", True, "é"),
    ],
    ids=["nothing known", "raw", "escaped", "only control characters", "an escaped backslash"],
)
def test_follows_the_files_habit_of_escaping(present: str, ascii_only: bool, expected: str) -> None:
    data = written(notebook(prose(present), code(TWO_LINES)), ensure_ascii=ascii_only)
    assert edited(data, "x = 1", "'é'") == data.replace(b"x = 1", f"'{expected}'".encode())


LISTS = {
    "empty, as others": (
        b'{"cells": [\n{"cell_type": "code", "source": []},\n'
        b'{"cell_type":"raw","source":[\n  "a",\n  "b"\n ]}]}',
        b'[\n  "x",\n  "y"\n ]'.replace(b"x", b"x\\n"),
    ),
    "empty, no others": (
        b'{\n "cells": [\n  {\n   "cell_type": "code",\n   "source": []\n  }\n ]\n}',
        b'[\n    "x\\n",\n    "y"\n   ]',
    ),
    "empty, compact": (b'{"cells":[{"cell_type":"code","source":[]}]}', b'["x\\n","y"]'),
    "empty, one line": (b'{"cells": [{"cell_type": "code", "source": []}]}', b'["x\\n", "y"]'),
    "empty, crlf": (
        b'{\r\n\t"cells": [{\r\n\t\t"cell_type": "code",\r\n\t\t"source": []}]}',
        b'[\r\n\t\t\t"x\\n",\r\n\t\t\t"y"\r\n\t\t]',
    ),
    "one": (
        b'{"cells": [{"cell_type": "code", "source": [\n  ""\n ]}]}',
        b'[\n  "x\\n",\n  "y"\n ]',
    ),
    "one, one line": (b'{"cells": [{"cell_type": "code", "source": [""]}]}', b'["x\\n", "y"]'),
}


@pytest.mark.parametrize(("data", "expected"), LISTS.values(), ids=LISTS.keys())
def test_lists_grow_as_the_file_writes_lists(data: bytes, expected: bytes) -> None:
    changed = load(PATH, data).replace([Edit(0, 0, "x\ny")]).to_bytes()
    assert expected in changed
    assert json.loads(changed)["cells"][0]["source"] == ["x\n", "y"]


def test_new_lines_end_as_the_others_do() -> None:
    document = load(PATH, FILES["crlf inside"])
    assert document.newline == "\r\n"
    assert sources_of(rename(document, "x = 1", "x\ny").to_bytes()) == ["import keras\r\nx\r\ny\r\n"]


def test_half_characters_can_be_written() -> None:
    changed = edited(FILES["half characters"], "# ", "# é ")
    assert changed == FILES["half characters"].replace(b"# ", "# é ".encode())


def test_edited_notebook_is_valid() -> None:
    data = written(notebook(code(TWO_LINES, id="a1"), code([], id="a2"), prose(["a"]) | {"id": "a3"}))
    document = load(PATH, data)
    changed = document.replace([Edit(cell.end, cell.end, "\nz = 1") for cell in document.cells])
    content = nbformat.reads(changed.without_outputs([0, 1]).to_bytes().decode(), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(content)
    assert [cell["source"] for cell in content["cells"]] == ["import keras\nx = 1\nz = 1", "\nz = 1", "a"]


OLD = {
    "metadata": {"name": ""},
    "nbformat": 3,
    "worksheets": [
        {"cells": [{"cell_type": "markdown", "source": "a"}, {"cell_type": "code", "input": ["x = 1\n", "y"],
         "language": "python", "outputs": [{"a": 1}], "prompt_number": 7}]},
        {"cells": [{"cell_type": "code", "input": "z", "language": "python", "outputs": []},
                   {"cell_type": "code", "input": "z z", "language": "ruby", "outputs": []}]},
    ],
}  # fmt: skip


def test_format_3() -> None:
    document = load(PATH, written(OLD))
    assert [(cell.index, cell.source) for cell in document.cells] == [(1, "x = 1\ny"), (2, "z")]
    assert document.to_bytes() == written(OLD)
    assert rename(document, "y", "w").to_bytes() == written(OLD).replace(b'"y"', b'"w"')
    cleared = json.loads(document.without_outputs([1]).to_bytes())["worksheets"][0]["cells"][1]
    assert (cleared["outputs"], cleared["prompt_number"]) == ([], None)


@pytest.mark.parametrize(
    ("metadata", "cells"),
    [
        ({"kernelspec": {"language": "R", "name": "ir"}}, 0),
        ({"language_info": {"name": "julia"}}, 0),
        ({"kernelspec": {"language": "python"}, "language_info": {"name": "python"}}, 1),
        ({"kernelspec": {"name": "python3"}}, 1),
        ({"language_info": {"name": "python", "version": "2.7"}}, 1),
        ({"language_info": ["python"]}, 1),
        ([], 1),
    ],
)
def test_only_python_has_cells(metadata: Any, cells: int) -> None:
    data = written(notebook(code("x = 1"), metadata=metadata))
    document = load(PATH, data)
    assert len(document.cells) == cells
    assert (document.without_outputs([0]).to_bytes() == data) == (cells == 0)
    assert document.replace([]).to_bytes() == data


def test_without_code_there_is_nothing_to_edit() -> None:
    document = load(PATH, written(notebook(prose("a"))))
    assert (document.source, document.text, document.cells, document.problems) == ("", "", (), ())
    assert document.tree.body == []
    with pytest.raises(IndexError):
        document.cell_at(0)
    with pytest.raises(ValueError, match="not an offset"):
        document.replace([Edit(0, 0, "x")])


def test_outputs_are_removed_where_asked() -> None:
    data = written(notebook(prose("p"), code("x"), code("y"), code("z", outputs=[], execution_count=None)))
    document = load(PATH, data)
    cleared = document.without_outputs([1, 3])
    before, after = json.loads(data), json.loads(cleared.to_bytes())
    before["cells"][1] |= {"outputs": [], "execution_count": None}
    assert after == before
    assert cleared.to_bytes() == written(before)
    assert document.to_bytes() == data
    assert cleared.without_outputs([2]).without_outputs([2]).to_bytes() != cleared.to_bytes()
    assert document.without_outputs([]).to_bytes() == data
    assert document.without_outputs([0, 3, 99]).to_bytes() == data


def test_outputs_go_and_sources_change_together() -> None:
    data = of_cells("x = 1", "y = 1")
    document = rename(load(PATH, data).without_outputs([0]), "y", "z")
    changed = json.loads(document.to_bytes())["cells"]
    assert [(cell["outputs"] == [], cell["source"]) for cell in changed] == [
        (True, ["x = 1"]),
        (False, ["z = 1"]),
    ]


def test_other_lines_of_the_file_are_unchanged() -> None:
    data = of_cells(*(f"a{i} = 1\nb{i} = 2\nc{i} = 3" for i in range(20)))
    before, after = lines(data), lines(edited(data, "b7 = 2", "keras.b7"))
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        (b'    "b7 = 2\\n",', b'    "keras.b7\\n",')
    ]


REFUSED = {
    "empty": (b"", None, "is empty"),
    "white": (b" \n", None, "is empty"),
    "not utf-8": (b'{\n"cells": ["\xe9"]}', 2, "byte 0xe9"),
    "utf-16": ('{"cells": []}'.encode("utf-16"), 1, "UTF-16"),
    "not JSON": (b"# hello\n", 1, "column 1"),
    "cut off": (written(notebook(code(TWO_LINES)))[:-40], None, "not valid JSON"),
    "comma": (b'{"cells": [\n  1,\n ]}', 3, "line 3, column 2"),
    "missing comma": (b'{"cells": [\n {"a": 1\n "b": 2}]}', 3, "Expecting ','"),
    "missing colon": (b'{\n "cells" []}', 2, "Expecting ':'"),
    "key without quotes": (b'{\n cells: []}', 2, "double quotes"),
    "more behind": (b'{"cells": []}\n{}', 2, "Extra data"),
    "merge conflict": (b'{"cells": [\n<<<<<<< HEAD\n]}', 2, "line 2, column 1"),
    "line feed in a string": (b'{"cells": ["a\nb"]}', 1, "control character"),
    "list": (b"[]", None, "no list of cells"),
    "no cells": (b'{"nbformat": 4}', None, "no list of cells"),
    "cells are no list": (b'{"cells": {}}', None, "no list of cells"),
    "no source": (b'{"cells": [\n{"cell_type": "code"}]}', 2, "cell 0 has no source"),
    "source is no text": (b'{"cells": [\n{"cell_type": "code", "source": [1]}]}', 2, "cell 0 has no source"),
    "nested": (b'{"x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", None, "cannot be read as JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "line", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(data: bytes, line: int | None, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(PATH, data)
    assert message in str(caught.value)
    assert caught.value.hint
    assert line is None or caught.value.line == line
    assert "\n" not in str(caught.value)
