"""Every rule's page: its examples are what the tool writes."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.rules import Rule, all_rules
from keras_upgrade.rules.pages import Example, examples

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page), 1)
]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_page_is_complete(rule: Rule) -> None:
    found = examples(rule.page)
    assert any(example.changes for example in found), "no example of what the rule changes"
    assert any(not example.changes for example in found), "no example of right code that stays"
    assert "**Fix.**" in rule.page
    assert "**Since**" in rule.page
    assert "**Error**" in rule.page or "SILENT" in rule.page
    assert rule.module.rpartition(".")[2].startswith(rule.code.lower() + "_")


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_is_what_the_tool_writes(rule: Rule, example: Example) -> None:
    outcome = migrate([loads(example.before)])[0]
    assert outcome.failures == []
    assert outcome.document.source == example.after
    if example.changes:
        assert rule.code in {report.finding.code for report in (*outcome.applied, *outcome.left)}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_second_run_changes_nothing(rule: Rule, example: Example) -> None:
    outcome = migrate([loads(example.after)])[0]
    assert outcome.document.source == example.after
