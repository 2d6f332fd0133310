"""The parts that the HTML report is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keras_upgrade import engine
from keras_upgrade.documents import loads
from keras_upgrade.report.headings import heading
from keras_upgrade.report.html import page
from keras_upgrade.report.html.alignment import differing, pairs
from keras_upgrade.report.html.colours import coloured, ranges, split
from keras_upgrade.report.html.elements import Html, join, prose, tag
from keras_upgrade.report.html.outputs import readable, shown
from keras_upgrade.report.html.views import chapters
from keras_upgrade.report.record import dump, load, record
from keras_upgrade.verify import CellRun, Failure, Note, ProgramRun, Status, Verification
from keras_upgrade.verify.compare import Kind, Verdict
from keras_upgrade.verify.triage import Diagnosis

from .books import book, chapter, picture, run


def notebook(markdown: str) -> str:
    code: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": ["# no title"],
    }
    cells = [code, {"cell_type": "markdown", "metadata": {}, "source": [markdown]}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def painted(source: str) -> list[list[tuple[str, str]]]:
    lines = zip(source.split("\n"), ranges(source), strict=True)
    return [[(line[start:end], kind) for start, end, kind in colours] for line, colours in lines]


def test_a_text_becomes_markup_only_through_the_elements() -> None:
    assert tag("p", "<b>", Html("<i>"), class_='a"b', hidden=True, title=None) == (
        '<p class="a&quot;b" hidden>&lt;b&gt;<i></p>'
    )
    assert prose("`a<b` & ``c`d``") == "<code>a&lt;b</code> &amp; <code>c`d</code>"
    assert (
        join("a\x1b\x00\u202eb\ud800") == "a" + "\N{REPLACEMENT CHARACTER}" * 3 + "b\N{REPLACEMENT CHARACTER}"
    )


def test_code_has_the_colours_of_its_syntax() -> None:
    assert painted("@deco.rated\nclass A(B):  # why\n    x = 1e-3") == [
        [("@deco.rated", "d")],
        [("class", "k"), ("A", "f"), ("# why", "c")],
        [("1e-3", "n")],
    ]
    assert painted("print(max=len(x.max), y=rb'#')") == [[("print", "b"), ("len", "b"), ("rb'#'", "s")]]
    assert painted('"""one\ntwo""" + \'open') == [[('"""one', "s")], [('two"""', "s"), ("'open", "s")]]
    assert painted("%matplotlib inline\nx % 2") == [[("%matplotlib inline", "m")], [("2", "n")]]


def test_marks_lie_around_colours() -> None:
    line = "x = len(y)"
    markup = coloured(line, ranges(line)[0], [(4, 8, "come")])
    assert markup == 'x = <mark class="come"><i class=b>len</i>(</mark>y)'


@pytest.mark.parametrize(
    ("source", "lines"), [("", [""]), ("a", ["a"]), ("a\r\nb\r\n", ["a", "b"]), ("\n\n", ["", ""])]
)
def test_only_a_line_feed_ends_a_line(source: str, lines: list[str]) -> None:
    assert split(source) == lines


def test_lines_that_are_alike_stand_side_by_side() -> None:
    before = ["import a", "def f(x):", "    return K.exp(x)", "y = 1"]
    after = ["import a", "class F:", "    def call(self, x):", "        return keras.ops.exp(x)", "y = 1"]
    rows = list(pairs(before, after))
    assert rows[0] == (0, 0)
    assert (2, 3) in rows
    assert rows[-1] == (3, 4)
    assert [old for old, _ in rows if old is not None] == [0, 1, 2, 3]
    assert [new for _, new in rows if new is not None] == [0, 1, 2, 3, 4]


def test_what_differs_within_a_line_is_marked_without_blanks() -> None:
    old, new = "    y = K.exp(x)", "        y = keras.ops.exp(x)"
    gone, come = differing(old, new)
    assert [old[start:end] for start, end in gone] == ["K"]
    assert [new[start:end] for start, end in come] == ["keras.ops"]
    assert differing("from keras import metrics", "x = [1, 2, 3]") == ([], [])


def test_many_lines_that_changed_are_paired_in_their_order() -> None:
    before, after = [f"a{n} = {n}" for n in range(300)], [f"b{n} : {n} :" for n in range(301)]
    rows = list(pairs(before, after))
    assert rows[:2] == [(0, 0), (1, 1)]
    assert rows[-1] == (None, 300)


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("1/3\r2/3\r3/3\n", "3/3"),
        ("\x1b[32mgreen\x1b[0m", "green"),
        ("loss 9\b8\b7", "loss 7"),
        ("one\r\ntwo\r\n", "one\ntwo"),
    ],
)
def test_printed_text_is_shown_as_it_was_left(printed: str, seen: str) -> None:
    assert readable(printed) == seen


def test_outputs_are_pictures_or_text() -> None:
    outputs: list[dict[str, Any]] = [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
        {"output_type": "stream", "name": "stdout", "text": "c\n"},
        {"output_type": "display_data", "data": {"image/png": picture(9), "text/plain": "<Figure>"}},
        {"output_type": "execute_result", "data": {"text/html": "<table>", "text/plain": "a table"}},
        {"output_type": "display_data", "data": {"text/html": "<script>"}},
    ]
    seen = shown(outputs, "Cell 1")
    assert (seen.pictures, seen.lines) == (1, 4)
    text, image, table, script = seen.items
    assert ">a\nbc<" in text
    assert image.startswith('<img src="data:image/png;base64,')
    assert "a table" in table
    assert "&lt;script&gt;" in script


def test_of_long_texts_the_beginning_and_the_end_are_shown() -> None:
    (item,) = shown([{"output_type": "stream", "text": "\n".join(map(str, range(1000)))}], "Cell 1").items
    assert "… 940 lines left out …" in item
    assert ">0\n1\n" in item
    assert "\n998\n999<" in item
    (item,) = shown([{"output_type": "stream", "text": "x" * 100_000}], "Cell 1").items
    assert len(item) < 10_000


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ('"""The `title`.\n\nMore."""\n', "python", "The title"),
        ("x = 1\n", "python", ""),
        ("```python\n# no title\n```\n\n## *One* [two](x.html)\n", "markdown", "One two"),
        ("Title\n=====\n", "markdown", "Title"),
        (notebook("text\n# A _good_ snake_case"), "notebook", "A good snake_case"),
        (notebook("no title"), "notebook", ""),
        ("keras\n", "requirements", ""),
    ],
)
def test_a_file_is_called_by_its_first_heading(text: str, kind: Any, title: str) -> None:
    assert heading(loads(text, kind, Path("x"))) == title


def test_chapters_come_in_the_order_of_their_numbers() -> None:
    files = [chapter(number, cells=1) | {"path": f"chapter_{number}.ipynb"} for number in (10, 2, 1)]
    names = [view.name for view in chapters(book(files))]
    assert names == ["chapter_1.ipynb", "chapter_2.ipynb", "chapter_10.ipynb"]


def test_the_line_that_stopped_the_program_is_marked() -> None:
    file = chapter(7, cells=3)
    assert '<td class="one stopped"><i class=k>' not in page(book([file | {"run": run(cells=3)}]))
    assert 'class="one stopped">' in page(book([file]))


def test_a_saved_run_gives_the_same_page() -> None:
    path = Path("chapter.ipynb")
    (outcome,) = engine.migrate([loads(notebook("# Runs"), "notebook", path)])
    output = {"output_type": "display_data", "data": {"image/png": picture(9)}, "metadata": {}}
    failure = Failure("ValueError", "no", cell=0, line=1, code="# no title", path=path, traceback="Traceback")

    def side(name: str, **told: Any) -> ProgramRun:
        cells = [CellRun(0, told.get("status", Status.PASSED), 0.5, (output,))]
        return ProgramRun(
            path, name, **{"status": Status.PASSED, **told}, cells=cells, notes=[Note("cut", "a loop", 2)]
        )

    seen = Verification(
        path,
        side("Keras 3.15", status=Status.FAILED, failure=failure),
        side("tf_keras 2.21"),
        Verdict(Kind.NOT_COMPARED, notes=["it fails"]),
        Diagnosis("keras", "a rule knows it", ("KU301",)),
        ("it trains nothing",),
    )
    data = record("migrate", [outcome], sources=True, runs=[seen])
    report = page(data)
    assert report == page(load(dump(data)))
    for told in (
        "Keras 3.15",
        "ValueError: no",
        "a rule knows it",
        "it trains nothing",
        "a loop (2 times)",
        picture(9),
    ):
        assert told in report
