"""The example chapters: they run on Keras 2, not on Keras 3, and migrated they do, with the same numbers."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from keras_upgrade.documents import Document, load
from keras_upgrade.engine import migrate
from keras_upgrade.verify.programs import source

from .constants import Constant
from .harness import RunResult, run

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = sorted(path.name for path in FOLDER.iterdir())

VAE = "chapter_2_vae.ipynb"
GAN = "chapter_3_gan.ipynb"
CLASSIFIER = "chapter_4_classifier.ipynb"
ADD_LOSS = "chapter_5_add_loss.py"
HELPERS = "chapter_6_helpers.md"

NO_NOISE: Mapping[str, Constant] = {"epochs": 1, "epsilon_std": 0.0}
UNTRAINED: Mapping[str, Constant] = {"epochs": 0, "epsilon_std": 0.0}
SAME_WEIGHTS = "set_weights_deterministically(encoder)\nset_weights_deterministically(decoder)\n"


def cells(document: Document) -> Sequence[str]:
    """The Python of a document, cell by cell."""
    return [cell.source for cell in source(document, FOLDER).cells]


def original(name: str) -> Sequence[str]:
    """The cells of an example."""
    return cells(load(FOLDER / name))


@cache
def migrated(name: str) -> Sequence[str]:
    """The cells of an example as the program writes it."""
    (outcome,) = migrate([load(FOLDER / name)])
    return cells(load(FOLDER / name, outcome.document.to_bytes()))


def run_both(
    name: str,
    extra_cell: str = "",
    capture: Sequence[str] = (),
    constants: Mapping[str, Constant] | None = None,
) -> tuple[RunResult, RunResult]:
    """Run an example on Keras 2 and what the program made of it on Keras 3, with one cell more at the end."""
    before = run([*original(name), extra_cell], "keras2", capture, constants=constants)
    after = run([*migrated(name), extra_cell], "keras3", capture, constants=constants)
    for result in (before, after):
        assert result.ok, result.traceback or result.error
    return before, after


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_runs_on_keras2(name: str) -> None:
    result = run(original(name), "keras2")
    assert result.ok, result.traceback


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_fails_on_keras3_as_it_is(name: str) -> None:
    assert not run(original(name), "keras3").ok


@pytest.mark.parametrize("name", EXAMPLES)
def test_migrated_it_runs_on_keras3(name: str) -> None:
    result = run(migrated(name), "keras3")
    assert result.ok, result.traceback


@pytest.mark.parametrize("name", [VAE, ADD_LOSS])
def test_the_loss_from_equal_weights_is_the_same(name: str) -> None:
    targets = "x_test, " if name == VAE else ""
    cell = f"{SAME_WEIGHTS}loss = float(np.ravel(vae.evaluate(x_test, {targets}batch_size=64, verbose=0))[0])"
    before, after = run_both(name, cell, ["loss"], NO_NOISE)
    assert after.values["loss"] == pytest.approx(before.values["loss"], rel=1e-5)


@pytest.mark.parametrize("name", [VAE, ADD_LOSS])
def test_training_from_equal_weights_takes_the_same_steps(name: str) -> None:
    batch = "x_train[:64], x_train[:64]" if name == VAE else "x_train[:64]"
    cell = f"{SAME_WEIGHTS}losses = [float(np.ravel(vae.train_on_batch({batch}))[0]) for _ in range(4)]"
    before, after = run_both(name, cell, ["losses"], UNTRAINED)
    steps = after.values["losses"]
    assert steps[:2] == pytest.approx(before.values["losses"][:2], rel=1e-4)
    # RMSprop adds its epsilon inside the square root now, outside of it before: the paths drift apart.
    assert steps == pytest.approx(before.values["losses"], rel=1e-2)
    assert steps[-1] < 0.98 * steps[0]


@pytest.mark.parametrize("name", [VAE, ADD_LOSS])
def test_the_autoencoder_reports_the_same_quantities(name: str) -> None:
    before, after = run_both(name, "", ["sorted(history.history)", "vae.count_params()"], NO_NOISE)
    assert after.values == before.values


@pytest.mark.parametrize("name", [VAE, ADD_LOSS])
def test_the_migrated_autoencoder_can_be_saved_and_loaded(name: str) -> None:
    cell = """
import keras
vae.save('vae.keras')
restored = keras.models.load_model('vae.keras', compile=False)
expected, predicted = (model.predict(x_test, verbose=0) for model in (vae, restored))
"""
    result = run([*migrated(name), cell], "keras3", ["expected", "predicted"], constants=NO_NOISE)
    assert result.ok, result.traceback or result.error
    assert result.values["predicted"] == pytest.approx(result.values["expected"], rel=1e-6)


def test_the_gan_keeps_its_size_and_its_record() -> None:
    capture = ["generator.count_params()", "discriminator.count_params()", "losses.shape", "checkpoints"]
    before, after = run_both(GAN, "", capture)
    assert after.values == before.values


def test_the_classifier_keeps_its_size_and_still_learns() -> None:
    capture = [
        "model.count_params()",
        "len(acc)",
        "len(val_acc)",
        "predicted.shape",
        "restored.count_params()",
    ]
    before, after = run_both(CLASSIFIER, "", [*capture, "float(test_acc)"])
    assert [after.values[name] for name in capture] == [before.values[name] for name in capture]
    for result in (before, after):
        assert result.values["float(test_acc)"] > 0.5


def test_the_classifier_computes_the_same_from_equal_weights() -> None:
    cell = "set_weights_deterministically(model)\nprobabilities = model.predict(x_test)"
    before, after = run_both(CLASSIFIER, cell, ["probabilities"], {"epochs": 1})
    assert after.values["probabilities"] == pytest.approx(before.values["probabilities"], rel=1e-4)


def test_the_helpers_compute_the_same_from_equal_weights() -> None:
    cell = """
set_weights_deterministically(siamese)
pairs = [np.linspace(-1, 1, 32).reshape(4, 8), np.linspace(2, -1, 32).reshape(4, 8)]
similarities = siamese.predict(pairs)
loss = float(siamese.test_on_batch(pairs, np.array([[0], [1], [0], [1]])))
"""
    before, after = run_both(HELPERS, cell, ["similarities", "loss"])
    assert after.values["similarities"] == pytest.approx(before.values["similarities"], rel=1e-4)
    assert after.values["loss"] == pytest.approx(before.values["loss"], rel=1e-4)
