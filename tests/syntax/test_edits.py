"""The edit helpers, over the ways in which people write calls and statements."""

import ast

import pytest

from keras_upgrade.documents.spans import Span, apply_edits
from keras_upgrade.syntax.edits import (
    append_argument,
    keyword_of,
    remove_arguments,
    remove_statement,
    value_text,
)
from keras_upgrade.syntax.source import Source


def call_in(text: str) -> tuple[Source, ast.Call]:
    source = Source(text)
    call = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return source, call


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a, gone=1)", "f(a)"),
        ("f(gone=1)", "f()"),
        ("f(gone=1,)", "f()"),
        ("f(gone=1, b=2)", "f(b=2)"),
        ("f(a, gone=1, b=2)", "f(a, b=2)"),
        ("f(a, gone=(1), b=2)", "f(a, b=2)"),
        ("f(a, gone=(1),)", "f(a,)"),
        ("f(a,\n  gone=[1,\n        2])", "f(a)"),
        ("f(a,\n  gone=1,  # why\n  b=2)", "f(a,\n  b=2)"),
        ("f((a), gone=g(x))", "f((a))"),
        ("f('é', gone='ü', b='ö')", "f('é', b='ö')"),
        ("(f)(a, gone=1)", "(f)(a)"),
        ("f(a)(b)(c, gone=1)", "f(a)(b)(c)"),
    ],
)
def test_remove_argument(before: str, after: str) -> None:
    source, call = call_in(before)
    keyword = keyword_of(call, "gone")
    assert keyword is not None
    result = apply_edits(before, remove_arguments(source, call, [keyword]))
    assert result == after
    ast.parse(result)


def test_remove_all_arguments() -> None:
    source, call = call_in("f(a, b=1, )")
    assert apply_edits("f(a, b=1, )", remove_arguments(source, call, [*call.args, *call.keywords])) == "f()"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(z=0)"),
        ("f(a)", "f(a, z=0)"),
        ("f(a,)", "f(a, z=0,)"),
        ("f(\n    a,\n    b=1,\n)", "f(\n    a,\n    b=1, z=0,\n)"),
    ],
)
def test_append_argument(before: str, after: str) -> None:
    source, call = call_in(before)
    assert apply_edits(before, [append_argument(source, call, "z=0")]) == after


def test_value_text_keeps_parentheses() -> None:
    source, call = call_in("f(a=(1 +\n 2))")
    assert value_text(source, call, call.keywords[0]) == "(1 +\n 2)"


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("a = 1\nb = 2\nc = 3\n", 1, "a = 1\nc = 3\n"),
        ("a = 1\n\nb = 2\n\nc = 3\n", 1, "a = 1\n\nc = 3\n"),
        ("a = 1\nb = 2", 1, "a = 1"),
        ("a = 1; b = 2; c = 3\n", 0, "b = 2; c = 3\n"),
        ("a = 1; b = 2\n", 1, "a = 1\n"),
        ("a = 1\r\nb = 2\r\nc = 3\r\n", 1, "a = 1\r\nc = 3\r\n"),
        ("@d\ndef f():\n    pass\nx = 1\n", 0, "x = 1\n"),
        ("b = (1,\n     2)  # why\nc = 3\n", 0, "c = 3\n"),
    ],
)
def test_remove_statement(before: str, number: int, after: str) -> None:
    source = Source(before)
    statement = ast.parse(before).body[number]
    edit = remove_statement(source, statement, sole=False, limit=Span(0, len(before)))
    assert apply_edits(before, [edit]) == after


def test_a_sole_statement_leaves_pass() -> None:
    text = "if x:\n    y = 1\n"
    source = Source(text)
    outer = ast.parse(text).body[0]
    assert isinstance(outer, ast.If)
    edit = remove_statement(source, outer.body[0], sole=True, limit=Span(0, len(text)))
    assert apply_edits(text, [edit]) == "if x:\n    pass\n"
