"""Models saved as folders in tests: the fixtures of pytest, and temporary folders (KU704)."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

HEAD = "import tempfile\n\nimport keras\nimport tensorflow as tf\n\n\n"
MODEL = "    model = keras.Sequential([keras.layers.Dense(1)])\n"


def after(text: str) -> str:
    outcome = migrate([loads(text)])[0]
    assert outcome.failures == []
    return outcome.document.source


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("model.save(tmp_path)", 'model.save(tmp_path / "model.keras")'),
        ("model.save(str(tmp_path))", 'model.save(str(tmp_path / "model.keras"))'),
        ("model.save_weights(str(tmp_path))", 'model.save_weights(str(tmp_path / "model.weights.h5"))'),
    ],
)
def test_a_folder_of_pytest(old: str, new: str) -> None:
    text = f'{HEAD}def test_saved(tmp_path):\n    """Saved."""\n{MODEL}    {old}\n'
    assert after(text) == text.replace(old, new)


def test_what_is_written_is_read_there() -> None:
    text = (
        f'{HEAD}def test_saved(tmp_path):\n    """Saved."""\n{MODEL}    model.save(str(tmp_path))\n'
        "    assert keras.models.load_model(str(tmp_path)).layers\n"
    )
    assert after(text) == text.replace("str(tmp_path)", 'str(tmp_path / "model.keras")')


@pytest.mark.parametrize(
    "statement",
    [
        "keras.models.load_model(str(tmp_path))",
        "other.save(str(tmp_path))",
        "tf.io.gfile.listdir(str(tmp_path))",
    ],
)
def test_other_uses_of_a_folder_stay(statement: str) -> None:
    text = f'{HEAD}def test_saved(tmp_path, other):\n    """Saved."""\n{MODEL}    {statement}\n'
    assert after(text) == text


def test_a_folder_that_is_no_fixture_stays() -> None:
    text = f'{HEAD}def save(tmp_path):\n    """Save."""\n{MODEL}    model.save(tmp_path)\n'
    assert after(text) == text
