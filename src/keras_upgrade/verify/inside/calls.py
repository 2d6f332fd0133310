"""Calls of a model's methods (`fit`, `train_on_batch`, ...), made visible.

`install` wraps the methods of every class of models that the side has. A call from the program then runs through
the handlers, outermost first; each is given the call and a function that goes on with it. Calls that Keras makes
itself, inside of such a call, are left alone.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any, Callable

# Other names of a method, in the versions that have them.
METHODS = {
    "compile": "compile",
    "fit": "fit",
    "fit_generator": "fit",
    "train_on_batch": "train_on_batch",
    "test_on_batch": "test_on_batch",
    "evaluate": "evaluate",
    "evaluate_generator": "evaluate",
    "predict": "predict",
    "predict_generator": "predict",
    "predict_on_batch": "predict_on_batch",
}
_MODULES = {
    "keras3": ["keras.src.models.model", "keras.src.models.functional", "keras.src.models.sequential"],
    "tf_keras": [
        "tf_keras.src.engine.training",
        "tf_keras.src.engine.training_v1",
        "tf_keras.src.models.sequential",
    ],
    "keras2": [
        "keras.src.engine.training",
        "keras.src.engine.training_v1",
        "keras.engine.training",
        "keras.engine.training_v1",
        "keras.engine.sequential",
        "tensorflow.python.keras.engine.training",
        "tensorflow.python.keras.engine.training_v1",
        "tensorflow_core.python.keras.engine.training",
        "tensorflow_core.python.keras.engine.training_v1",
        "tensorflow_core.python.keras.engine.sequential",
    ],
}


@dataclass
class Call:
    """One call of a method.

    Attributes:
        model: the object that it is made on.
        name: the method as the program calls it, such as `fit_generator`.
        method: its name in Keras 3, such as `fit`.
        arguments: what the program gave, by the names of the parameters; handlers may change it.
        subject: what the program calls the model, `self.discriminator`; its own name if that is not to be seen.
    """

    model: Any
    name: str
    method: str
    arguments: dict[str, Any]
    subject: str = "model"

    @property
    def data(self) -> Any:
        """The inputs: an array, a structure of them, a generator, a dataset."""
        for name in ("x", "generator"):
            if name in self.arguments:
                return self.arguments[name]
        return None


Handler = Callable[[Call, Callable[[], Any]], Any]

_handlers: list[Handler] = []
_depth = 0


def add_handler(handler: Handler) -> None:
    """Let a handler see the calls; one that is added later is nearer to Keras."""
    _handlers.append(handler)


def install(side: str) -> None:
    """Wrap the methods of the model classes of a side; only once for each process."""
    seen: set[int] = set()
    for path in _MODULES[side]:
        try:
            module = importlib.import_module(path)
        except ImportError:
            continue
        for owner in (getattr(module, name, None) for name in ("Model", "Functional", "Sequential")):
            if isinstance(owner, type) and id(owner) not in seen:
                seen.add(id(owner))
                _wrap_methods(owner)


def _wrap_methods(owner: type) -> None:
    for name, method in METHODS.items():
        original = _found(owner, name)
        if original is not None:
            # In the class that defines it: Keras asks whether a model's class has a `compile` other than that one.
            definer = next(base for base in owner.__mro__ if name in vars(base))
            setattr(definer, name, _wrapped(name, method, original))


def _found(owner: type, name: str) -> Callable[..., Any] | None:
    """The method, if the class has it and it is not wrapped already."""
    original = getattr(owner, name, None)
    if original is None or getattr(original, "_is_watched", False):
        return None
    found: Callable[..., Any] = original
    return found


def _wrapped(name: str, method: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        global _depth  # noqa: PLW0603 (Keras runs one call at a time)
        if _depth or not _handlers:
            return original(self, *args, **kwargs)
        arguments = _bound(original, self, args, kwargs)
        if arguments is None:  # wrong arguments: Keras shall say so
            return original(self, *args, **kwargs)
        call = Call(self, name, method, arguments, _subject(self, sys._getframe(1)))
        _depth += 1
        try:
            return _go_on(call, original, 0)
        finally:
            _depth -= 1

    watched._is_watched = True  # type: ignore[attr-defined]
    return watched


def _subject(model: Any, frame: FrameType | None) -> str:
    """The name of the variable or attribute that holds a model where it is called, or further up."""
    while frame is not None:
        places = (
            ("", frame.f_locals),
            ("self.", _attributes(frame.f_locals.get("self"))),
            ("", frame.f_globals),
        )
        for prefix, place in places:
            for name, value in list(place.items()):
                if value is model and name != "self" and not name.startswith("_"):
                    return prefix + name
        frame = frame.f_back if frame.f_code.co_name != "<module>" else None
    return str(getattr(model, "name", "model"))


def _attributes(owner: Any) -> dict[str, Any]:
    held = getattr(owner, "__dict__", {})
    return held if isinstance(held, dict) else {}


def _go_on(call: Call, original: Callable[..., Any], position: int) -> Any:
    """Give the call to the handler at this position, or, behind the last one, to Keras."""
    if position == len(_handlers):
        return original(call.model, **call.arguments)
    return _handlers[position](call, lambda: _go_on(call, original, position + 1))


def _bound(
    original: Callable[..., Any], model: Any, args: Any, kwargs: dict[str, Any]
) -> dict[str, Any] | None:
    """The arguments by name; None if they do not fit the method."""
    try:
        bound = inspect.signature(original).bind(model, *args, **kwargs).arguments
    except TypeError:
        return None
    named = dict(list(bound.items())[1:])
    for parameter in inspect.signature(original).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            named.update(named.pop(parameter.name, {}))
        elif parameter.kind is parameter.VAR_POSITIONAL and named.get(parameter.name):
            return None
    return named


def is_inside() -> bool:
    """Whether Keras is at work on a call of the program right now."""
    return _depth > 0
