"""The engine: passes, fixes in each other's way, places, and what happens when a rule is wrong."""

from collections.abc import Iterator

import pytest

from keras_upgrade import engine
from keras_upgrade.documents import Edit, Span, loads
from keras_upgrade.engine import check, migrate
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.options import Options
from keras_upgrade.rules import NAMES, Context, Rule, all_rules

PROGRAM = "import keras\n\nfirst = 1\nsecond = 2\n"


def rule(code: str, old: str, new: str, safety: Safety = Safety.SAFE) -> Rule:
    """A rule that puts one text in place of another."""

    def found(context: Context) -> Iterator[Finding]:
        start = context.source.text.find(old)
        if start >= 0:
            edit = Edit(start, start + len(old), new)
            yield Finding(
                code, Span(start, start + len(old)), f"{old} is gone", Fix([edit], "change", safety)
            )

    return Rule(code, "test", "a test", "", NAMES, (), found, __name__)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> list[Rule]:
    chosen: list[Rule] = []
    monkeypatch.setattr(engine, "_rules", lambda _: tuple(chosen))
    return chosen


def test_fixes_follow_each_other_to_a_fixed_point(rules: list[Rule]) -> None:
    rules += [rule("KU001", "first", "third"), rule("KU002", "third", "fourth")]
    outcome = migrate([loads(PROGRAM)])[0]
    assert "fourth = 1" in outcome.document.source
    assert [report.finding.code for report in outcome.applied] == ["KU001", "KU002"]


def test_of_two_fixes_in_one_place_one_waits(rules: list[Rule]) -> None:
    rules += [rule("KU001", "first = 1", "first = 3"), rule("KU002", "= 1", "= 4")]
    outcome = migrate([loads(PROGRAM)])[0]
    assert "first = 3" in outcome.document.source
    assert outcome.failures == []


def test_a_fix_that_would_not_parse_is_left_out_and_said(rules: list[Rule]) -> None:
    rules += [rule("KU001", "first = 1", "first = ("), rule("KU002", "second", "other")]
    outcome = migrate([loads(PROGRAM)])[0]
    assert outcome.document.source == PROGRAM.replace("second", "other")
    assert any("KU001" in failure for failure in outcome.failures)


def test_a_rule_that_crashes_does_not_stop_the_others(rules: list[Rule]) -> None:
    def crash(context: Context) -> Iterator[Finding]:
        raise KeyError("what")

    rules += [Rule("KU001", "bad", "bad", "", NAMES, (), crash, __name__), rule("KU002", "second", "other")]
    outcome = migrate([loads(PROGRAM)])[0]
    assert "other = 2" in outcome.document.source
    assert any("KU001" in failure and "KeyError" in failure for failure in outcome.failures)


def test_rules_that_undo_each_other_come_to_an_end_and_it_is_said(rules: list[Rule]) -> None:
    rules += [rule("KU001", "first", "third"), rule("KU002", "third", "first")]
    (failure,) = migrate([loads(PROGRAM)])[0].failures
    assert "still found something" in failure


def test_safe_only_holds_the_others_back(rules: list[Rule]) -> None:
    rules += [rule("KU001", "first", "third", Safety.REVIEW), rule("KU002", "second", "other")]
    outcome = migrate([loads(PROGRAM)], Options(safe_only=True))[0]
    assert "first = 1\nother = 2" in outcome.document.source
    assert [report.finding.code for report in outcome.left] == ["KU001"]


def test_a_failed_analysis_leaves_the_document_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(self: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("keras_upgrade.engine.Project.analyse", crash)
    outcome = migrate([loads(PROGRAM)])[0]
    assert outcome.document.source == PROGRAM
    assert outcome.failures == ["the analysis failed: RecursionError: too deep"]


def test_places_are_those_of_the_document_as_it_was_given() -> None:
    program = (
        "from keras import backend as K\nfrom keras.layers import Input, Lambda\nfrom keras import metrics\n\n"
        "x = Input((2,))\n\n\ndef scale(t):\n    return 2 * K.exp(t)\n\n\ny = Lambda(scale)(x)\nz = metrics.mse(y, y)\n"
    )
    outcome = migrate([loads(program)])[0]
    lines = {report.finding.code: report.position.line for report in outcome.applied}
    assert lines["KU301"] == 9
    assert lines["KU401"] == 12
    before = {report.finding.code: report.position.line for report in check([loads(program)])[0].left}
    assert before["KU401"] == 12


def test_what_is_left_has_its_place_in_the_new_document() -> None:
    program = (
        "from keras import backend as K\nfrom keras import metrics\n\nx = K.exp(1.0)\ng = K.gradients(x, x)\n"
    )
    outcome = migrate([loads(program)])[0]
    (left,) = outcome.left
    assert outcome.document.source.splitlines()[left.position.line - 1].startswith("g = K.gradients")


def test_windows_newlines_are_kept() -> None:
    program = "from keras import backend as K\r\n\r\nx = K.exp(\r\n    1.0)\r\n"
    after = migrate([loads(program)])[0].document.source
    assert after == "import keras\r\n\r\nx = keras.ops.exp(\r\n    1.0)\r\n"


def test_every_rule_has_its_own_code() -> None:
    codes = [item.code for item in all_rules()]
    assert len(codes) == len(set(codes))


def test_long_chains_of_calls_are_followed() -> None:
    # Python 3.12.1 parses 1,473 calls in a row, later versions more.
    chain = f"x = K.zeros((2, 2)){'.f()' * 1400}"
    (outcome,) = check([loads(f"from keras import backend as K\n{chain}\ny = K.exp(x)\n")])
    assert not outcome.failures
    assert [report.finding.span.start for report in outcome.left] == [35, 35 + len(chain) + 1]
