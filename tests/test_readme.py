"""What the README shows is what the program writes."""

import re
from pathlib import Path

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

README = Path(__file__).parents[1] / "README.md"


def test_the_example_is_what_the_program_writes() -> None:
    before, after = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    outcome = migrate([loads(before)])[0]
    assert outcome.document.source == after
