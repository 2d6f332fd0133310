"""What an optimizer is set to, which models it serves, and how its count of steps scales the steps that it takes."""

from __future__ import annotations

import weakref
from typing import Any, Callable

from . import weights


def rate(optimizer: Any) -> float | None:
    """The learning rate, unless it is a schedule."""
    for name in ("learning_rate", "lr"):
        found = getattr(optimizer, name, None)
        if found is None:
            continue
        if hasattr(found, "shape"):
            found = weights.values([found])[0]
        return None if callable(found) else float(found)
    return None


def steps(optimizer: Any) -> int | None:
    """How many steps it has counted so far."""
    counter = getattr(optimizer, "iterations", None)
    return None if counter is None else int(weights.values([counter])[0])


def pace(optimizer: Any, start: int, end: int) -> float:
    """The factor by which Adam and Adamax scale their steps for the number of each, on average from `start` to `end`.

    It is 1 for optimizers whose steps do not depend on their number.
    """
    kind = type(optimizer).__name__.lower()
    if kind not in ("adam", "adamw", "adamax") or end <= start:
        return 1.0
    settings = optimizer.get_config()
    first, second = float(settings["beta_1"]), float(settings["beta_2"])
    factors = [
        (1.0 if kind == "adamax" else (1.0 - second**step) ** 0.5) / (1.0 - first**step)
        for step in range(start + 1, end + 1)
    ]
    return sum(factors) / len(factors)


class Users:
    """The models that each optimizer has trained."""

    def __init__(self) -> None:
        self._known: list[tuple[Callable[[], Any], set[int]]] = []

    def add(self, optimizer: Any, model: int) -> int:
        """Note that a model is trained with an optimizer; gives how many that one has trained."""
        for reference, models in self._known:
            if reference() is optimizer:
                models.add(model)
                return len(models)
        self._known.append((weakref.ref(optimizer), {model}))
        return 1
