"""The list of the rules, and their pages."""

import json

from keras_upgrade.rules import all_rules

from .programs import Command


def test_rules_lists_every_rule(run: Command) -> None:
    lines = run("rules").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in all_rules()]


def test_rules_as_json_have_their_pages(run: Command) -> None:
    found = json.loads(run("rules", "--json").out)
    assert len(found) == len(all_rules())
    lambda_layer = next(rule for rule in found if rule["code"] == "KU401")
    assert lambda_layer["name"] == "lambda-layer"
    assert lambda_layer["family"] == "layers"
    assert "```python before" in lambda_layer["page"]


def test_the_page_of_a_rule(run: Command) -> None:
    result = run("rule", "ku401")
    assert result.status == 0
    assert result.out == run("explain", "lambda-layer").out
    assert result.out.startswith("KU401 lambda-layer: ")
    assert [rule["code"] for rule in json.loads(run("rule", "KU301", "KU401", "--json").out)] == [
        "KU301",
        "KU401",
    ]


def test_a_rule_that_there_is_not(run: Command) -> None:
    result = run("rule", "lambda-layr")
    assert result.status == 2
    assert "there is no rule `lambda-layr`; did you mean `lambda-layer`?" in result.err
    assert run("rule").status == 2
