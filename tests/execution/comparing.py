"""Whether two programs computed the same."""

import numpy as np


def assert_equal(left: object, right: object) -> None:
    """Fails where two captured values differ by more than rounding."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_equal(one, other)
    elif isinstance(left, (int, float, np.ndarray, np.generic)):
        np.testing.assert_allclose(np.asarray(left), np.asarray(right), rtol=1e-5, atol=1e-6)
    else:
        assert left == right
