"""What the tool writes for `keras_contrib` and `tensorflow_addons` against the formulas of their documentation.

Neither package runs beside Keras 3. The numbers of `tensorflow_addons` 0.23 on TensorFlow 2.15 were the same.
"""

from collections.abc import Callable
from typing import Any

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.knowledge.contrib import ROWS

pytestmark = pytest.mark.slow

np = pytest.importorskip("numpy")

IMAGES = np.random.default_rng(0).standard_normal((2, 4, 5, 6)).astype("float32") * 0.3
TRUE = np.random.default_rng(1).integers(0, 2, (20, 3)).astype("float32")
SCORES = np.random.default_rng(2).random((20, 3)).astype("float32")
LINE = np.linspace(-3, 3, 13).astype("float32")


def made(expression: str) -> Any:
    """What the expression gives as the tool writes it."""
    program = (
        "import keras\nimport numpy as np\nimport tensorflow_addons as tfa\n"
        "from keras_contrib.layers import GroupNormalization, InstanceNormalization\n"
        "from keras_contrib.layers.advanced_activations.swish import Swish\n"
        f"result = {expression}\n"
    )
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    assert not any(report.finding.code == "KU907" for report in outcome.left), outcome.left
    space: dict[str, Any] = {}
    exec(outcome.document.source, space)
    return space["result"]


def normalized(x: Any, axes: tuple[int, ...], epsilon: float) -> Any:
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def over_deviation(x: Any, axes: tuple[int, ...], epsilon: float) -> Any:
    """`keras_contrib` divides by the deviation and epsilon."""
    return (x - x.mean(axes, keepdims=True)) / (x.std(axes, keepdims=True) + epsilon)


def grouped(x: Any, groups: int, epsilon: float) -> Any:
    parts = x.reshape(*x.shape[:-1], groups, -1)
    return normalized(parts, (1, 2, 4), epsilon).reshape(x.shape)


LAYERS: dict[str, Any] = {
    "tfa.layers.InstanceNormalization()": normalized(IMAGES, (1, 2), 1e-3),
    "tfa.layers.InstanceNormalization(axis=-1, epsilon=1e-5, center=False, name='n')": normalized(
        IMAGES, (1, 2), 1e-5
    ),
    "tfa.layers.InstanceNormalization(axis=1)": normalized(IMAGES, (2, 3), 1e-3),
    "tfa.layers.InstanceNormalization(beta_initializer='ones')": normalized(IMAGES, (1, 2), 1e-3) + 1,
    "tfa.layers.GroupNormalization(3)": grouped(IMAGES, 3, 1e-3),
    "tfa.layers.GroupNormalization(groups=2, axis=-1, epsilon=0.1)": grouped(IMAGES, 2, 0.1),
    "GroupNormalization(groups=3)": grouped(IMAGES, 3, 1e-5),
    "Swish()": IMAGES / (1 + np.exp(-IMAGES)),
}
CLOSE = {
    "InstanceNormalization()": over_deviation(IMAGES, (1, 2, 3), 1e-3),
    "InstanceNormalization(axis=None, scale=False)": over_deviation(IMAGES, (1, 2, 3), 1e-3),
    "InstanceNormalization(axis=-1)": over_deviation(IMAGES, (1, 2), 1e-3),
    "InstanceNormalization(axis=3, epsilon=1e-5)": over_deviation(IMAGES, (1, 2), 1e-5),
    "InstanceNormalization(1, 1e-4)": over_deviation(IMAGES, (2, 3), 1e-4),
}


@pytest.mark.parametrize("expression", LAYERS)
def test_layers(expression: str) -> None:
    np.testing.assert_allclose(made(expression)(IMAGES), LAYERS[expression], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("expression", CLOSE)
def test_layers_that_add_epsilon_elsewhere(expression: str) -> None:
    np.testing.assert_allclose(made(expression)(IMAGES), CLOSE[expression], rtol=2e-2, atol=1e-4)


def adam(decay: float, rate: float, epsilon: float, beta_1: float = 0.9) -> Callable[[Any], Any]:
    """Adam with a decay of its own, which is not multiplied by the learning rate."""

    def train(gradient: Callable[[Any, int], Any]) -> Any:
        w, m, v = np.array([1.0, -2.0, 0.5]), np.zeros(3), np.zeros(3)
        for step in range(6):
            g = gradient(w, step)
            w = w - decay * w
            m, v = beta_1 * m + (1 - beta_1) * g, 0.999 * v + 0.001 * g * g
            scale = rate * np.sqrt(1 - 0.999 ** (step + 1)) / (1 - beta_1 ** (step + 1))
            w = w - scale * m / (np.sqrt(v) + epsilon)
        return w

    return train


def sgd(decay: float, rate: float, momentum: float, nesterov: bool) -> Callable[[Any], Any]:
    def train(gradient: Callable[[Any, int], Any]) -> Any:
        w, a = np.array([1.0, -2.0, 0.5]), np.zeros(3)
        for step in range(6):
            g = gradient(w, step)
            w = w - decay * w
            a = momentum * a - rate * g
            w = w + (momentum * a - rate * g if nesterov else a)
        return w

    return train


def lamb(rate: float, epsilon: float, beta_1: float) -> Callable[[Any], Any]:
    def train(gradient: Callable[[Any, int], Any]) -> Any:
        w, m, v = np.array([1.0, -2.0, 0.5]), np.zeros(3), np.zeros(3)
        for step in range(6):
            g = gradient(w, step)
            m, v = beta_1 * m + (1 - beta_1) * g, 0.999 * v + 0.001 * g * g
            update = m / (1 - beta_1 ** (step + 1)) / (np.sqrt(v / (1 - 0.999 ** (step + 1))) + epsilon)
            w = w - rate * np.linalg.norm(w) / np.linalg.norm(update) * update
        return w

    return train


OPTIMIZERS = {
    "tfa.optimizers.AdamW(weight_decay=1e-3, learning_rate=1e-2)": adam(1e-3, 1e-2, 1e-7),
    "tfa.optimizers.AdamW(1e-4)": adam(1e-4, 1e-3, 1e-7),
    "tfa.optimizers.AdamW(2e-4, 3e-3, beta_1=0.5, name='a')": adam(2e-4, 3e-3, 1e-7, 0.5),
    "(lambda rate: tfa.optimizers.AdamW(learning_rate=rate, weight_decay=rate * 0.1))(0.01)": adam(
        1e-3, 1e-2, 1e-7
    ),
    "tfa.optimizers.SGDW(weight_decay=1e-3, learning_rate=1e-2, momentum=0.9, nesterov=True)": sgd(
        1e-3, 1e-2, 0.9, True
    ),
    "tfa.optimizers.SGDW(1e-3, 0.1)": sgd(1e-3, 0.1, 0.0, False),
    "tfa.optimizers.LAMB(0.01)": lamb(0.01, 1e-6, 0.9),
    "tfa.optimizers.LAMB(learning_rate=0.01, epsilon=1e-3, beta_1=0.5)": lamb(0.01, 1e-3, 0.5),
    "tfa.optimizers.LazyAdam(0.01)": adam(0.0, 0.01, 1e-7),
}


@pytest.mark.parametrize("expression", OPTIMIZERS)
def test_optimizers(expression: str) -> None:
    tf = pytest.importorskip("tensorflow")
    optimizer, weights = made(expression), tf.Variable([1.0, -2.0, 0.5])

    def gradient(w: Any, step: int) -> Any:
        return np.array([0.3, -0.2 * step, 0.05]) + 0.1 * w

    for step in range(6):
        optimizer.apply_gradients([(tf.constant(gradient(weights.numpy(), step), tf.float32), weights)])
    np.testing.assert_allclose(weights.numpy(), OPTIMIZERS[expression](gradient), rtol=1e-4)


def fbeta(average: str | None, threshold: float | None, beta: float) -> Any:
    chosen = np.greater(SCORES, threshold) if threshold else np.equal(SCORES, SCORES.max(1, keepdims=True))
    axis = None if average == "micro" else 0
    hits, predicted, positive = ((TRUE * chosen).sum(axis), chosen.sum(axis), TRUE.sum(axis))
    precision, recall = hits / predicted, hits / positive
    values = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    if average == "macro":
        return values.mean()
    return (values * positive).sum() / positive.sum() if average == "weighted" else values


METRICS: dict[str, Any] = {
    **{
        f"tfa.metrics.F1Score(num_classes=3, average={average!r})": fbeta(average, None, 1.0)
        for average in (None, "micro", "macro", "weighted")
    },
    "tfa.metrics.F1Score(3, threshold=0.5)": fbeta(None, 0.5, 1.0),
    "tfa.metrics.F1Score(3, 'macro', 0.5, 'f1')": fbeta("macro", 0.5, 1.0),
    "tfa.metrics.FBetaScore(3, beta=2.0, average='micro')": fbeta("micro", None, 2.0),
    "tfa.metrics.FBetaScore(num_classes=3, average='weighted', beta=0.5, threshold=0.5)": fbeta(
        "weighted", 0.5, 0.5
    ),
}
_ERROR, _TOTAL = ((TRUE - SCORES) ** 2).sum(0), ((TRUE - TRUE.mean(0)) ** 2).sum(0)
METRICS |= {
    "tfa.metrics.RSquare()": (1 - _ERROR / _TOTAL).mean(),
    "tfa.metrics.RSquare(multioutput='raw_values')": 1 - _ERROR / _TOTAL,
    "tfa.metrics.RSquare(multioutput='variance_weighted', name='r2')": ((1 - _ERROR / _TOTAL) * _TOTAL).sum()
    / _TOTAL.sum(),
}


@pytest.mark.parametrize("expression", METRICS)
def test_metrics(expression: str) -> None:
    metric = made(expression)
    metric.update_state(TRUE[:10], SCORES[:10])
    metric.update_state(TRUE[10:], SCORES[10:])
    np.testing.assert_allclose(np.asarray(metric.result()), METRICS[expression], rtol=1e-4)


_SOFTPLUS = np.log1p(np.exp(LINE))
_TANH = np.tanh(np.sqrt(2 / np.pi) * (LINE + 0.044715 * LINE**3))
ACTIVATIONS = {
    "gelu": 0.5 * LINE * (1 + _TANH),
    "mish": LINE * np.tanh(_SOFTPLUS),
    "hardshrink": np.where(abs(LINE) > 0.5, LINE, 0),
    "softshrink": np.where(LINE > 0.5, LINE - 0.5, np.where(LINE < -0.5, LINE + 0.5, 0)),
    "tanhshrink": LINE - np.tanh(LINE),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    found = made(f"tfa.activations.{name}(np.linspace(-3, 3, 13).astype('float32'))")
    np.testing.assert_allclose(np.asarray(found), ACTIVATIONS[name], rtol=1e-4, atol=1e-5)


def test_spectral_normalization() -> None:
    kernel = np.random.default_rng(5).standard_normal((4, 3)).astype("float32")
    layer = made("tfa.layers.SpectralNormalization(keras.layers.Dense(3), power_iterations=50)")
    layer.build((None, 4))
    layer.layer.kernel.assign(kernel)
    x = np.random.default_rng(6).standard_normal((2, 4)).astype("float32")
    expected = x @ (kernel / np.linalg.svd(kernel)[1][0])
    np.testing.assert_allclose(np.asarray(layer(x, training=True)), expected, rtol=1e-3, atol=1e-4)


def test_every_row_was_run() -> None:
    cases = " ".join((*LAYERS, *OPTIMIZERS, *METRICS, *(f".{name}(" for name in ACTIVATIONS)))
    for key in ROWS:
        package, _, name = key.partition(".")
        prefix = "." if package == "tensorflow_addons" else ""
        assert f"{prefix}{name}(" in cases or name == "SpectralNormalization", key
