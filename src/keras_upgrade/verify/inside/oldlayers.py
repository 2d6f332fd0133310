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
        args, kwargs = shape_by_name(args, kwargs)
        return original(self, *args, **kwargs)

    add_weight.named = shape_by_name  # type: ignore[attr-defined]  # for who looks at the arguments
    return add_weight


def shape_by_name(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of `add_weight(shape, ...)`, and of `add_weight(shape, initializer, ...)`, with both by name."""
    if not args or not isinstance(args[0], (tuple, list)) or "shape" in kwargs:
        return args, kwargs
    named = dict(kwargs, shape=args[0])
    if len(args) > 1:
        named["initializer"] = args[1]
    return args[2:], named


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
