"""Patterns that are compiled when they are used."""

import re

import pytest

from keras_upgrade.patterns import pattern


def test_they_do_what_compiled_ones_do() -> None:
    text = "One two\nthree"
    for flags in (re.NOFLAG, re.MULTILINE, re.IGNORECASE):
        ours, theirs = pattern(r"^(\w)\w+", flags), re.compile(r"^(\w)\w+", flags)
        assert ours.findall(text) == theirs.findall(text)
        assert [m.span() for m in ours.finditer(text)] == [m.span() for m in theirs.finditer(text)]
        assert ours.sub(r"\1", text) == theirs.sub(r"\1", text)
        assert ours.split(text) == theirs.split(text)
        assert ours.fullmatch(text) is None
        for found, known in (
            (ours.search(text), theirs.search(text)),
            (ours.match(text, 4), theirs.match(text, 4)),
        ):
            assert (found and found.span()) == (known and known.span())
        assert (ours.pattern, ours.flags) == (theirs.pattern, theirs.flags)


def test_they_are_compiled_once_and_only_when_used() -> None:
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.search("")
    used = pattern("a")
    assert used.search("a") is not None
    assert used.search == used.search
