"""What layers of Keras 2.0 to 2.3 took and those of `tf_keras` do not: shapes of weights first, updates with inputs."""

from __future__ import annotations

import functools
import sys
from typing import Any


def accept_old_arguments(layer: Any) -> None:
    """Let `add_weight`, `add_update` and `add_loss` of the base of all layers take their old arguments."""
    layer.add_weight = _with_shape_first(layer.add_weight)
    layer.add_update = _with_pairs(layer.add_update)
    layer.add_loss = _with_inputs(layer.add_loss)


def _with_shape_first(original: Any) -> Any:
    @functools.wraps(original)
    def add_weight(self: Any, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], (tuple, list)) and "shape" not in kwargs:
            args, kwargs = args[1:], dict(kwargs, shape=args[0])
            if args:  # `add_weight(shape, initializer)`, as in Keras 1
                args, kwargs = args[1:], dict(kwargs, initializer=args[0])
        return original(self, *args, **kwargs)

    return add_weight


def _with_pairs(original: Any) -> Any:
    @functools.wraps(original)
    def add_update(self: Any, updates: Any, inputs: Any = None) -> Any:
        del inputs
        given = updates if isinstance(updates, list) else [updates]
        return original(self, [_assigned(item) for item in given])

    return add_update


def _assigned(update: Any) -> Any:
    """A pair `(variable, value)` as the operation that it stood for."""
    if not isinstance(update, tuple):
        return update
    variable, value = update
    tf: Any = sys.modules["tensorflow"]
    return tf.compat.v1.assign(variable, value)


def _with_inputs(original: Any) -> Any:
    @functools.wraps(original)
    def add_loss(self: Any, losses: Any, inputs: Any = None, **kwargs: Any) -> Any:
        del inputs
        return original(self, losses, **kwargs)

    return add_loss
