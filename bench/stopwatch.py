"""In a program's process: notes when each training step begins, and ends the program when there are enough.

A training step is a call of a function that computes gradients: what `fit` and `train_on_batch` call inside, a function
of the program's own, or `GradientTape.gradient` itself in a loop without such a function. Nothing is cut, and nothing is
put between Keras and its data: a step costs what it costs, but for a microsecond.

It runs beside nothing but today's TensorFlow, so that it need not be written for old Pythons.
"""

import functools
import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

_GRAPHS = ("tf_keras.src.backend", "GraphExecutionFunction")
_FUNCTIONS = ("tensorflow.python.eager.polymorphic_function.polymorphic_function", "Function")
_TAPES = ("tensorflow.python.eager.backprop", "GradientTape")
_MODELS = (
    ("keras.src.backend.tensorflow.trainer", "TensorFlowTrainer"),
    ("tf_keras.src.engine.training", "Model"),
    ("tf_keras.src.engine.training_v1", "Model"),
)


def install(file: str, warm: int, least: int, seconds: float, *, xla: bool) -> None:
    """Note the steps from now on.

    Args:
        file: takes the steps as JSON: for each its kind, the time, the time of the processors, and how much of that
            was spent in `predict` so far.
        warm: how many come before those that are timed.
        least: how many are timed at least.
        seconds: of the processors, that the others take until the program is ended.
        xla: whether models are compiled with XLA where Keras 3 does so by itself.
    """
    watch = _Stopwatch(file, warm, least, seconds)
    _wrap(_TAPES, "gradient", watch.gradient)
    _wrap(_FUNCTIONS, "__call__", watch.function)
    for owner in _MODELS:
        if owner[0] in sys.modules:
            _wrap(owner, "predict", watch.predict)
    if not xla:
        _wrap(("keras.src.trainers.trainer", "Trainer"), "compile", _compile_without_xla)
    if _GRAPHS[0] in sys.modules:
        _wrap(_GRAPHS, "__init__", watch.made)
        _wrap(_GRAPHS, "__call__", watch.graph)


def _wrap(owner: tuple[str, str], name: str, watched: Callable[..., Any]) -> None:
    found = getattr(importlib.import_module(owner[0]), owner[1])
    original = getattr(found, name)
    wrapper = functools.wraps(original)(lambda *args, **kwargs: watched(original, *args, **kwargs))
    setattr(found, name, wrapper)


def _compile_without_xla(original: Any, *args: Any, **kwargs: Any) -> None:
    original(*args, **{"jit_compile": False, **kwargs})


class _Stopwatch:
    """The steps so far."""

    def __init__(self, file: str, warm: int, least: int, seconds: float) -> None:
        self._file, self._warm, self._least, self._seconds = file, warm, least, seconds
        self._marks: list[tuple[int, float, float, float]] = []
        self._predicting = 0.0
        self._training: set[int] = set()
        self._running: list[Any] = []
        self._kept: list[Any] = []  # so that their `id` stays their own
        self._deadline = float("inf")

    def function(self, original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of a `tf.function`; in its trace, `gradient` tells that it trains."""
        if not self._running and id(function) in self._training:
            code = getattr(function.python_function, "__code__", None)
            self._mark(id(function) if code is None or "site-packages" in code.co_filename else hash(code))
        self._running.append(function)
        try:
            return original(function, *args, **kwargs)
        finally:
            self._running.pop()

    def gradient(self, original: Any, tape: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of `GradientTape.gradient`: a step by itself, unless it is part of a function."""
        if not self._running:
            frame = sys._getframe(2)
            self._mark(hash((frame.f_code, frame.f_lineno)))
        else:
            self._note_training(self._running[0])
        return original(tape, *args, **kwargs)

    def made(self, original: Any, function: Any, *args: Any, **kwargs: Any) -> None:
        """A `K.function` of a graph; what it computes tells whether it trains."""
        original(function, *args, **kwargs)
        if _takes_gradients([function.updates_op, *(tensor.op for tensor in function.outputs)]):
            self._note_training(function)

    def graph(self, original: Any, function: Any, *args: Any) -> Any:
        """A call of a `K.function` of a graph."""
        if id(function) in self._training:
            self._mark(id(function) if function.name else 0)
        return original(function, *args)

    def predict(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of `predict`."""
        start = time.process_time()
        try:
            return original(*args, **kwargs)
        finally:
            self._predicting += time.process_time() - start

    def _note_training(self, function: Any) -> None:
        if id(function) not in self._training:
            self._training.add(id(function))
            self._kept.append(function)

    def _mark(self, kind: int) -> None:
        """A step of a kind: of a function of Keras, or of a place in the program, which may make functions in a loop."""
        now = time.process_time()
        self._marks.append((kind, time.perf_counter(), now, self._predicting))
        if len(self._marks) == self._warm:
            self._deadline = now + self._seconds
        if now > self._deadline and len(self._marks) > self._warm + self._least:
            with open(self._file, "w") as stream:
                json.dump(self._marks, stream)
            sys.exit()


def _takes_gradients(operations: list[Any]) -> bool:
    """Whether gradients are among what leads to some operations of a graph: they have a part of the name to themselves."""
    pending, seen = operations, set()
    while pending:
        operation = pending.pop()
        if any(part.startswith("gradients") for part in operation.name.split("/")[:-1]):
            return True
        if operation.name not in seen:
            seen.add(operation.name)
            pending += [*operation.control_inputs, *(tensor.op for tensor in operation.inputs)]
    return False
