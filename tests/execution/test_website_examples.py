"""The examples on the website do the same on Keras 2 and, as the tool writes them, on Keras 3."""

from pathlib import Path

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.rules.pages import Example, examples

from .comparing import assert_equal
from .harness import run

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = [
    pytest.param(example, id=f"{page.relative_to(DOCS)}-{number}")
    for page in sorted(DOCS.rglob("*.md"))
    for number, example in enumerate(examples(page.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_same_result(example: Example) -> None:
    migrated = migrate([loads(example.before)])[0].document.source
    after = run(migrated, "keras3", capture=["result"])
    assert after.ok, after.traceback
    before = run(example.before, "keras2", capture=["result"])
    assert before.ok, before.traceback
    assert_equal(before.values["result"], after.values["result"])
