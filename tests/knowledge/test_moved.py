"""What became of Keras 2 names."""

import re

import pytest

from keras_upgrade.knowledge import backend, moved, surface
from keras_upgrade.knowledge.moved import Moved, lookup
from keras_upgrade.knowledge.tables import load


def known_paths() -> list[str]:
    data = load("moved")
    groups = [*data["gone"].values(), data["backend"]]
    below = [
        f"{module}.{name}" for group in groups for module, names in group.items() for name in names.split()
    ]
    return sorted({*data["moved"], *below})


def answers() -> list[tuple[str, Moved]]:
    return [(path, found) for path in known_paths() if (found := lookup(path, "tf.keras"))]


def test_every_path_has_an_answer() -> None:
    paths = known_paths()
    assert len(paths) >= moved.count() == 4887
    kept = [path for path in paths if lookup(path, "tf.keras") is None]
    assert all(path.startswith("keras.backend.") or surface.exists(path) for path in kept), kept[:5]


PRIVATE = {"keras.src.layers.rnn.dropout_rnn_cell.DropoutRNNCell"}
"""Private names in place of private names; `tests/execution/test_tables.py` imports them."""


def test_every_target_exists() -> None:
    for path, found in answers():
        if found.new in PRIVATE:
            assert found.how == "review"
        elif found.new is not None:
            plain = found.new.removeprefix("tensorflow.")
            assert surface.exists(plain, found.surface), (path, found)
            assert found.new.startswith("tensorflow.") == (found.surface == "tf.keras"), (path, found)


def test_no_target_moved_again() -> None:
    for path, found in answers():
        if found.new and found.surface == "keras":
            again = lookup(found.new)
            assert again is None, (path, found, again)


def test_advices_say_something() -> None:
    for path, found in answers():
        assert (found.new is None) == (found.how == "advise"), (path, found)
        if found.how != "safe":
            assert len(found.note) > 10, (path, found)


def test_names_in_notes_exist() -> None:
    told_gone = {"keras.engine", "keras.wrappers.scikit_learn", "keras.wrappers.KerasClassifier"}
    notes = [*load("moved")["notes"], *(row.note for row in backend.ROWS.values())]
    for note in notes:
        for path in set(re.findall(r"(?<![\w.])(?:tf\.)?keras\.[\w.]*\w", note)) - told_gone:
            where: surface.Surface = "tf.keras" if path.startswith("tf.") else "keras"
            assert surface.exists(path.removeprefix("tf."), where), (path, note)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("keras.layers.advanced_activations", "keras.layers"),
        ("keras.layers.advanced_activations.LeakyReLU", "keras.layers.LeakyReLU"),
        ("keras.layers.normalization", "keras.layers"),
        ("keras.layers.recurrent", "keras.layers"),
        ("keras.layers.wrappers", "keras.layers"),
        ("keras.layers.merge.concatenate", "keras.layers.concatenate"),
        ("keras.layers.preprocessing", "keras.layers"),
        ("keras.layers.experimental.preprocessing", "keras.layers"),
        ("keras.layers.experimental.preprocessing.RandomFlip", "keras.layers.RandomFlip"),
        ("keras.engine.topology", "keras.layers"),
        ("keras.engine.topology.Layer", "keras.layers.Layer"),
        ("keras.engine.Layer", "keras.layers.Layer"),
        ("keras.engine.training.Model", "keras.Model"),
        ("keras.models.Input", "keras.layers.Input"),
        ("keras.utils.np_utils", "keras.utils"),
        ("keras.utils.np_utils.to_categorical", "keras.utils.to_categorical"),
        ("keras.utils.vis_utils", "keras.utils"),
        ("keras.utils.generic_utils.get_custom_objects", "keras.utils.get_custom_objects"),
        ("keras.objectives", "keras.losses"),
        ("keras.objectives.mse", "keras.losses.mean_squared_error"),
        ("keras.losses.kullback_leibler_divergence", "keras.losses.kl_divergence"),
        ("keras.optimizers.adam", "keras.optimizers.Adam"),
        ("keras.optimizers.legacy.Adam", "keras.optimizers.Adam"),
        ("keras.constraints.maxnorm", "keras.constraints.MaxNorm"),
        ("keras.initializers.normal", "keras.initializers.RandomNormal"),
        ("keras.layers.CuDNNLSTM", "keras.layers.LSTM"),
        ("keras.backend.tensorflow_backend", "keras.backend"),
        ("keras.backend.sum", "keras.ops.sum"),
        ("keras.backend.tensorflow_backend.sum", "keras.ops.sum"),
        ("keras.mixed_precision.experimental.set_policy", "keras.mixed_precision.set_global_policy"),
        ("keras.experimental.CosineDecay", "keras.optimizers.schedules.CosineDecay"),
        ("keras.applications.mobilenet.relu6", "keras.activations.relu6"),
        ("keras.layers.core.Dense.from_config", "keras.layers.Dense.from_config"),
        (
            "keras.preprocessing.image.ImageDataGenerator",
            "tensorflow.keras.preprocessing.image.ImageDataGenerator",
        ),
        ("keras.preprocessing.text", "tensorflow.keras.preprocessing.text"),
    ],
)
def test_moved(path: str, new: str) -> None:
    found = lookup(path)
    assert found is not None
    assert found.new == new
    assert lookup(path, "tf.keras") == found


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("keras.utils.multi_gpu_model", "MirroredStrategy"),
        ("keras.utils.training_utils.multi_gpu_model", "MirroredStrategy"),
        ("keras.wrappers.scikit_learn.KerasClassifier", "scikeras"),
        ("keras.layers.LocallyConnected2D", "extract_patches"),
        ("keras.layers.Merge", "Concatenate"),
        ("keras.backend.get_session", "sessions"),
        ("keras.backend.gradients", "GradientTape"),
        ("keras.backend.function", "keras.Model"),
        ("keras.utils.HDF5Matrix", "h5py"),
        ("keras.utils.io_utils.HDF5Matrix", "h5py"),
        ("keras.estimator.model_to_estimator", "fit"),
        ("keras.metrics.precision", "Precision"),
        ("keras.engine.training_arrays.fit_loop", "internal"),
        ("keras.engine.saving.load_weights_from_hdf5_group", "load_weights"),
    ],
)
def test_gone(path: str, words: str) -> None:
    found = lookup(path)
    assert found is not None
    assert found.new is None
    assert words in found.note


@pytest.mark.parametrize(
    "path", ["keras.layers.Dense", "keras", "keras.backend.epsilon", "keras.legacy", "numpy.sum", ""]
)
def test_nothing_moved(path: str) -> None:
    assert lookup(path) is None


def test_there_but_not_on_tf_keras() -> None:
    assert lookup("keras.losses.mean_squared_error") is None
    assert lookup("keras.losses.mean_squared_error", "tf.keras") == Moved(
        "keras.losses.mean_squared_error", "keras", "safe", ""
    )


def test_modules() -> None:
    assert {"keras.engine.topology", "keras.layers.core", "keras.utils.np_utils"} <= moved.modules()
