"""The words of the rules: a rule that is left out for want of its words would have found nothing."""

from importlib import import_module
from pathlib import Path

import pytest

from keras_upgrade.analysis.project import Project
from keras_upgrade.documents import Document, load, loads
from keras_upgrade.rules import Context, all_rules, rules_for
from keras_upgrade.rules.pages import examples

ROOT = Path(__file__).parents[2]
PROGRAMS = [
    *sorted((ROOT / "examples").iterdir()),
    *sorted((ROOT / "tests/execution/breakages").glob("*.py")),
]
PAGES = [rule.page for rule in all_rules()]


def assert_words_are_enough(document: Document) -> None:
    program = Project([document]).analyse()
    chosen = rules_for(program.words)
    context = Context(program.modules[0], program, migrating=True, original=document.text)
    for rule in all_rules():
        if rule not in chosen:
            assert list(rule.check(context)) == [], f"{rule.code} has something to say about {document.text}"


def test_the_words_of_a_rule_are_those_of_its_module() -> None:
    sparing = 0
    for rule in all_rules():
        words = getattr(import_module(rule.module), "WORDS", None)
        assert (rule in rules_for(frozenset())) == (words is None)
        for word in words or ():
            assert rule in rules_for({word})
        sparing += words is not None
    assert sparing > 40


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[:5])
def test_words_are_enough_for_the_examples_of_a_page(page: str) -> None:
    for example in examples(page):
        assert_words_are_enough(loads(example.before))
        assert_words_are_enough(loads(example.after))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_words_are_enough_for_a_program(path: Path) -> None:
    assert_words_are_enough(load(path))
