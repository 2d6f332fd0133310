"""The error index answers in the browser as `keras-upgrade explain` does in the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cli import test_explain
from conftest import Open
from execution.catalogue import breakages
from keras_upgrade.explain import answer
from keras_upgrade.knowledge import arguments, backend, moved, surface, tensorflow1
from keras_upgrade.knowledge.messages import MESSAGES
from keras_upgrade.rules import all_rules

TRACEBACKS = [
    value for value in vars(test_explain).values() if isinstance(value, str) and "Traceback" in value
]


def messages() -> Iterator[str]:
    """Real messages: of the catalogue, of the rules' pages, whole tracebacks, and what is no error of Keras."""
    yield from (message for breakage in breakages() for message in breakage.errors)
    yield from (message.example for message in MESSAGES)
    yield from (text for text, _, _ in test_explain.GUIDE)
    yield from TRACEBACKS
    for rule in all_rules():
        section = re.search(r"\*\*Error\*\*\n\n((?:    .*\n)+)", f"{rule.page}\n")
        yield from (line.strip() for line in (section[1].splitlines() if section else ()))
    yield from (
        "ZeroDivisionError: division by zero",
        "hello",
        "KU999",
        "",
        "  \n",
        "Makefile:3: error",
        "NotImplementedError",
    )


def named() -> Iterator[str]:
    """Messages about names and arguments that the tables know, and about some that they do not."""
    for path in sorted(moved.paths())[::17]:
        module, _, name = path.rpartition(".")
        yield f"AttributeError: module '{module}' has no attribute '{name}'"
        yield f"ImportError: cannot import name '{name}' from '{module}' (/lib/{module.replace('.', '/')}.py)"
    yield from (f"ModuleNotFoundError: No module named '{module}'" for module in sorted(moved.modules())[::7])
    yield from (f"module 'keras._tf_keras.keras.backend' has no attribute '{name}'" for name in backend.ROWS)
    yield from (
        f"module 'tensorflow' has no attribute '{name}'"
        for name in sorted(tensorflow1.names())
        if "." not in name
    )
    for name in sorted(surface.members("keras.losses")):
        yield f"AttributeError: module 'keras.metrics' has no attribute '{name}'"
        if not surface.exists(f"keras.losses.{name}", "tf.keras"):
            yield f"AttributeError: module 'keras._tf_keras.keras.losses' has no attribute '{name}'"
    for home in ("layers", "optimizers", "callbacks", "initializers"):
        for owner in sorted(surface.members(f"keras.{home}"))[::5]:
            for argument in (*arguments.changes(f"keras.{home}.{owner}"), "frobnicate"):
                yield f"TypeError: {owner}.__init__() got an unexpected keyword argument '{argument}'"
    for method in sorted(arguments.methods()):
        for argument in arguments.changes(f"keras.Model.{method}"):
            yield f"TypeError: TensorFlowTrainer.{method}() got an unexpected keyword argument '{argument}'"
    yield "ValueError: Argument(s) not recognized: {'lr': 0.001}"
    yield "TypeError: relu() got an unexpected keyword argument 'alpha'"


def test_the_browser_says_what_python_says(address: str, open_page: Open) -> None:
    page = open_page(f"{address}errors/")
    page.wait_for_function("() => window.explainError !== undefined")
    texts = list(dict.fromkeys((*messages(), *named())))
    assert len(texts) > 1200
    answers = page.evaluate("texts => texts.map(window.explainError)", texts)
    wrong = []
    for text, seen in zip(texts, answers, strict=True):
        known = answer(text)
        expected = {name: getattr(known, name) for name in ("fix", "fixed", "sure")}
        expected |= {name: list(getattr(known, name)) for name in ("codes", "facts")}
        if seen != expected:
            wrong.append((text, seen, expected))
    assert wrong == []
    assert sum(bool(seen["codes"]) for seen in answers) > 800


def test_a_pasted_traceback_gets_the_rule_and_the_fix(address: str, open_page: Open) -> None:
    page = open_page(f"{address}errors/")
    page.wait_for_function("() => window.explainError !== undefined")
    page.get_by_label("Error message or traceback").fill(test_explain.SCRIPT)
    shown = page.locator("#error-answer")
    assert shown.get_by_role("link").first.get_attribute("href") == "../rules/ku301/"
    assert "K.random_normal → keras.random.normal" in shown.inner_text()
    shown.get_by_role("link").first.click()
    page.wait_for_url("**/rules/ku301/")


def test_a_part_of_a_message_narrows_the_list(address: str, open_page: Open) -> None:
    page = open_page(f"{address}errors/")
    page.wait_for_function("() => window.explainError !== undefined")
    headings = page.locator("#error-list ~ h3")
    everything = headings.locator("visible=true").count()
    assert everything > 200
    page.get_by_label("Error message or traceback").fill("advanced_activ")
    left = headings.locator("visible=true").all_inner_texts()
    assert 0 < len(left) < 10
    assert all("advanced_activ" in text for text in left)
    assert page.locator("#error-count").inner_text().startswith(str(len(left)))


def test_an_error_can_be_given_in_the_address(address: str, open_page: Open) -> None:
    page = open_page(f"{address}errors/?q=KeyError%3A%20%27acc%27")
    page.wait_for_function("() => window.explainError !== undefined")
    assert "KU204" in page.locator("#error-answer").inner_text()
