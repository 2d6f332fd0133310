"""`K.batch_dot` of tensors with four axes gives what Keras 2.2 gave, which is computed here by NumPy."""

import numpy as np
import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

from .harness import run

HEAD = "import numpy as np\nfrom keras import backend as K\n\n"


def numbers(*shape: int) -> np.ndarray:
    return np.arange(np.prod(shape), dtype="float32").reshape(shape) / 10


def program(left: tuple[int, ...], right: tuple[int, ...], axes: list[int]) -> str:
    """Multiplies two tensors of these shapes."""
    given = [
        f"{name} = K.reshape(K.constant(np.arange({np.prod(shape)}) / 10), {shape})\n"
        for name, shape in (("x", left), ("y", right))
    ]
    return HEAD + "".join(given) + f"result = K.eval(K.batch_dot(x, y, {axes}))\n"


def keras22(x: np.ndarray, y: np.ndarray, axes: list[int]) -> np.ndarray:
    """A product of matrices: the lower rank gets axes at its end, and the axes say what is transposed."""
    more = y.ndim - x.ndim
    x = x.reshape(x.shape + (1,) * more)
    x = x if axes[0] == x.ndim - 1 else np.swapaxes(x, -1, -2)
    y = np.swapaxes(y, -1, -2) if axes[1] == y.ndim - 1 else y
    product: np.ndarray = np.matmul(x, y)
    return product[..., 0, :] if more else product


CASES = [
    ((2, 3, 4), (2, 3, 4, 5), [2, 2]),
    ((2, 3, 5), (2, 3, 4, 5), [2, 3]),
    ((2, 3, 4, 5), (2, 3, 6, 5), [3, 3]),
    ((2, 3, 4, 5), (2, 3, 5, 6), [3, 2]),
    ((2, 3, 5, 4), (2, 3, 5, 6), [2, 2]),
    ((2, 3, 5, 4), (2, 3, 6, 5), [2, 3]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right", "axes"), CASES)
def test_it_gives_what_keras_2_2_gave(left: tuple[int, ...], right: tuple[int, ...], axes: list[int]) -> None:
    after = migrate([loads(program(left, right, axes))])[0].document.source
    found = run(after, "keras3", capture=["result"])
    assert found.ok, found.traceback
    np.testing.assert_allclose(
        found.values["result"], keras22(numbers(*left), numbers(*right), axes), rtol=1e-4
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left", "right", "axes"), [((2, 3, 4), (2, 4, 5), [2, 1]), ((2, 4), (2, 4, 5), [1, 1])]
)
def test_up_to_three_axes_both_sides_give_the_same(
    left: tuple[int, ...], right: tuple[int, ...], axes: list[int]
) -> None:
    before = program(left, right, axes)
    after = migrate([loads(before)])[0].document.source
    results = [run(before, "keras2", capture=["result"]), run(after, "keras3", capture=["result"])]
    assert all(found.ok for found in results)
    np.testing.assert_allclose(results[0].values["result"], results[1].values["result"], rtol=1e-5)
