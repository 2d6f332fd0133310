"""The source of a finding, with the place marked."""

import json
from pathlib import Path

import pytest

from keras_upgrade.documents import Document, Span, loads
from keras_upgrade.report.console import Console
from keras_upgrade.report.excerpt import WIDTH, excerpt
from keras_upgrade.report.statistics import statistics

from .test_report import made


def shown(document: Document, text: str, *notes: str) -> list[str]:
    start = document.source.index(text)
    return list(excerpt(Console(), document, Span(start, start + len(text)), "red", notes))


def test_the_place_is_marked_below_its_line() -> None:
    document = loads("x = 1\n\ny = f(x)\n")
    assert shown(document, "f(x)", "fix: it") == ["  |", "3 | y = f(x)", "  |     ^^^^", "  = fix: it"]


def test_numbers_stand_to_the_right() -> None:
    document = loads("x = 1\n" * 9 + "y = 2\n")
    assert shown(document, "y") == ["   |", "10 | y = 2", "   | ^"]


def test_lines_of_a_notebook_are_those_of_the_cell_and_those_of_markdown_of_the_file() -> None:
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "a\nb = 1",
    }
    text = json.dumps({"cells": [cell, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert shown(loads(text, "notebook"), "b") == ["  |", "2 | b = 1", "  | ^"]
    markdown = "- a list\n\n  ```python\n  a = 1\n  b = 2\n  ```\n"
    assert shown(loads(markdown, "markdown"), "2") == ["  |", "5 | b = 2", "  |     ^"]


def test_several_lines_have_a_bar_beside_them() -> None:
    document = loads("x = f(\n    1,\n)\n")
    assert shown(document, "f(\n    1,\n)") == [
        *("  |", "1 | / x = f(", "2 | |     1,", "3 | | )", "  | |_^"),
    ]


def test_of_many_lines_the_first_and_the_last_are_shown() -> None:
    body = "".join(f"    {number},\n" for number in range(50))
    rows = shown(loads(f"x = f(\n{body})\n"), f"f(\n{body})")
    assert [row.strip() for row in rows] == [
        *("|", "1 | / x = f(", "2 | |     0,", "3 | |     1,", "4 | |     2,", "| | ...", "52 | | )", "| |_^")
    ]


def test_a_place_that_ends_with_its_line_does_not_reach_into_the_next() -> None:
    assert shown(loads("x = 1\ny = 2\n"), "x = 1\n") == ["  |", "1 | x = 1", "  | ^^^^^"]


@pytest.mark.parametrize(
    ("line", "text", "mark"),
    [
        ("s = '日本'; f(x)", "s = '日本'; f(x)", " " * 12 + "^^^^"),
        ("s = 'e\u0301'; f(x)", "s = 'e\u0301'; f(x)", " " * 9 + "^^^^"),
        ("if x:\tf(x)", "if x:   f(x)", " " * 8 + "^^^^"),
        ("s = '\x1b[31m'; f(x)", "s = '\\x1b[31m'; f(x)", " " * 16 + "^^^^"),
        ("s = '\u202e'; f(x)", "s = '\\u202e'; f(x)", " " * 14 + "^^^^"),
    ],
)
def test_the_mark_stands_right_below_whatever_comes_before(line: str, text: str, mark: str) -> None:
    assert shown(loads(line + "\n"), "f(x)") == ["  |", f"1 | {text}", f"  | {mark}"]


@pytest.mark.parametrize("before", [0, 50, 105, 500])
def test_long_lines_are_cut_around_the_place(before: int) -> None:
    line = f"{'a' * before}; f(x); {'b' * 500}"
    _, text, mark = shown(loads(line), "f(x)")
    assert len(text) <= len("1 | ") + WIDTH
    assert text.endswith("…")
    assert text[mark.index("^") : mark.rindex("^") + 1] == "f(x)"
    assert ("…a" in text) == (before > 100)


def test_a_place_wider_than_a_line_is_marked_as_far_as_it_is_shown() -> None:
    _, text, mark = shown(loads(f"f({'x' * 500})"), f"f({'x' * 500})")
    assert text.startswith("1 | f(xxx")
    assert text.endswith("x…")
    assert len(mark) < len(text)


def test_an_empty_place_has_a_mark_too() -> None:
    document = loads("x = 1\n")
    assert list(excerpt(Console(), document, Span(6, 6), "red"))[-1] == "  | ^"
    assert list(excerpt(Console(), loads("", path=Path("a.py")), Span(0, 0), "red"))[-1] == "  | ^"


def test_colours() -> None:
    console = Console()
    console.colours = True
    _, line, mark = excerpt(console, loads("f(x)\n"), Span(0, 1), "red")
    assert line == "\x1b[34m1 |\x1b[0m f(x)"
    assert mark == "\x1b[34m  |\x1b[0m \x1b[31m^\x1b[0m"


def test_statistics_count_by_rule() -> None:
    found = [
        made("KU201", "a"),
        *[made("KU301", "a", assumption=words) for words in ("", "b")],
        made("KU307", None),
    ]
    assert list(statistics(Console(), found)) == [
        "  found    fix review advice  rule",
        "      2      1      1      0  KU301 backend-function",
        "      1      1      0      0  KU201 argument",
        "      1      0      0      1  KU307 symbolic-gradients",
        "      4      2      1      1  in all; 50 % are safe fixes",
    ]
    assert list(statistics(Console(), [])) == []
