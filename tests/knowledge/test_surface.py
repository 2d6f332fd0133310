"""The surfaces of Keras 3, and the star imports of Keras 2."""

import subprocess
import sys

import pytest

from keras_upgrade.knowledge import surface


@pytest.mark.parametrize(
    ("path", "keras", "tf_keras"),
    [
        ("keras", True, True),
        ("keras.layers", True, True),
        ("keras.layers.Dense", True, True),
        ("keras.ops.sum", True, True),
        ("keras.preprocessing.image.ImageDataGenerator", False, True),
        ("keras.preprocessing.text", False, True),
        ("keras.losses.mean_squared_error", True, False),
        ("keras.losses.Reduction", False, True),
        ("keras.backend.sum", False, True),
        ("keras.layers.core", False, False),
        ("keras.engine.topology.Layer", False, False),
        ("keras.Model.fit", False, False),
        ("numpy.sum", False, False),
    ],
)
def test_exists(path: str, keras: bool, tf_keras: bool) -> None:
    assert (surface.exists(path), surface.exists(path, "tf.keras")) == (keras, tf_keras)


def test_kinds() -> None:
    assert [surface.kind(f"keras.{p}") for p in ("layers", "layers.Dense", "ops.sum", "nothing")] == [
        "m",
        "c",
        "f",
        None,
    ]


def test_since() -> None:
    assert surface.since("keras.layers.Dense") == (3, 0)
    assert surface.since("keras.ops.ctc_loss") == (3, 1)
    assert surface.since("keras.layers.core") is None


def test_star_imports_of_keras_3() -> None:
    assert {"Dense", "Conv2D", "Layer"} <= surface.members("keras.layers")
    assert "sum" not in surface.members("keras.backend")
    assert "sum" in surface.members("keras.backend", "tf.keras")
    assert not any(name.startswith("_") for name in surface.members("keras"))


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("keras.layers", "Dense Conv2D LSTM Input Merge LocallyConnected2D Convolution2D"),
        ("keras.models", "Sequential Model load_model Input"),
        ("keras.optimizers", "Adam SGD K adam"),
        ("keras.backend", "sum mean int_shape learning_phase"),
        ("keras.layers.core", "Dense Dropout Lambda"),
        ("keras.engine.topology", "Layer InputSpec Input"),
        ("keras.preprocessing.image", "ImageDataGenerator load_img"),
    ],
)
def test_star_imports_of_keras_2(module: str, names: str) -> None:
    assert set(names.split()) <= surface.members2(module)
    assert surface.is_module2(module)


def test_star_imports_of_tf_keras_have_no_helpers() -> None:
    assert "K" not in surface.members2("keras.optimizers", "tf.keras")
    assert "Adam" in surface.members2("keras.optimizers", "tf.keras")


def test_origin_of_imported_modules() -> None:
    assert surface.origin2("keras.models.K") == "keras.backend"
    assert surface.origin2("keras.layers.core.np") == "numpy"
    assert surface.origin2("keras.layers.Dense") == "keras.layers.Dense"


def test_import_only() -> None:
    assert surface.import_only("keras.saving.load_model", "tf.keras")
    assert not surface.import_only("keras.saving.load_model")


def test_importing_reads_no_data() -> None:
    code = (
        "import keras_upgrade.knowledge.arguments, keras_upgrade.knowledge.members\n"
        "from keras_upgrade.knowledge.tables import load\nprint(load.cache_info().misses)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "0"
