"""Smoke mode: a program runs whole, but small.

`fit` trains one epoch of a few batches, `predict` and `evaluate` look at a few batches, and a model that is asked the
same thing again and again answers with its last result: loops keep their rounds, and lists their lengths, at
almost no cost. What was cut is noted.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import math
import sys
from typing import Any, Callable

from . import calls, loops, structures
from .notes import note

BATCHES = 3
"""Batches that `fit`, `evaluate` and `predict` run."""
REPEATS = 4
"""Calls of one method of one model, with data of one shape, that really run."""
DEFAULT_BATCH = 32

_models: dict[int, _Memory] = {}


class _Memory:
    """What one model answered; holds the model, so that its `id` stays its own."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.counts: dict[Any, int] = {}
        self.answers: dict[Any, Any] = {}


def install() -> None:
    """Cut the calls of models from now on, and let the loop guards know of other work."""
    calls.add_handler(handle)
    for path, owner, name in _OTHER_WORK:
        # Not imported: TensorFlow 1 would load a module a second time under its other name.
        found = getattr(sys.modules.get(path), owner, None)
        original = getattr(found, name, None)
        if original is not None:  # other versions have it elsewhere
            setattr(found, name, _counted(original, of_program=owner == "BaseSession"))


# Training steps that programs make themselves: compiled functions, gradients, `K.function`, sessions.
_OTHER_WORK = (
    ("tensorflow.python.eager.polymorphic_function.polymorphic_function", "Function", "__call__"),
    ("tensorflow.python.eager.def_function", "Function", "__call__"),
    ("tensorflow.python.eager.backprop", "GradientTape", "gradient"),
    ("tf_keras.src.backend", "GraphExecutionFunction", "__call__"),
    ("keras.src.backend", "GraphExecutionFunction", "__call__"),
    ("keras.backend.tensorflow_backend", "Function", "__call__"),
    ("tensorflow.python.keras.backend", "GraphExecutionFunction", "__call__"),
    ("tensorflow_core.python.keras.backend", "GraphExecutionFunction", "__call__"),
    ("tensorflow.python.client.session", "BaseSession", "run"),
    ("tensorflow_core.python.client.session", "BaseSession", "run"),
)


def _counted(original: Callable[..., Any], *, of_program: bool) -> Callable[..., Any]:
    """A function that tells the loops; if `of_program`, only when the program itself calls it.

    Keras runs sessions also to read and set weights, which is no round of training.
    """

    @functools.wraps(original)
    def counted(*args: Any, **kwargs: Any) -> Any:
        by_library = of_program and "site-packages" in sys._getframe(1).f_code.co_filename
        if not calls.is_inside() and not by_library:
            loops.model_worked()
        return original(*args, **kwargs)

    return counted


def handle(call: calls.Call, proceed: Callable[[], Any]) -> Any:
    """Handler of `calls`: cut the call, or answer it from memory."""
    memory = _models.setdefault(id(call.model), _Memory(call.model))
    if call.method == "compile":
        memory.counts.clear()  # what follows is another training
        return proceed()
    key = _key(call)
    count = memory.counts[key] = memory.counts.get(key, 0) + 1
    if count > REPEATS and key in memory.answers:
        loops.model_answered()
        note(
            "cut",
            f"{call.name}() of {call.subject}: calls after the {REPEATS}th answered with the result before",
        )
        return _copy(memory.answers[key])
    loops.model_worked()
    answer = _CUTS[call.method](call, proceed) if call.method in _CUTS else proceed()
    memory.answers[key] = answer
    return _copy(answer)


def _key(call: calls.Call) -> Any:
    """What has to be equal for an answer to be given again: the shapes, and what decides on the answer's form."""
    arguments = call.arguments
    form = sorted((name, value) for name, value in arguments.items() if type(value) is bool)
    length = _epochs(arguments) if call.method == "fit" else arguments.get("steps")
    return (call.name, structures.shape(call.data), structures.shape(arguments.get("y")), tuple(form), length)


def _copy(answer: Any) -> Any:
    """Arrays as copies, since programs work on what `predict` gave them; everything else as it is."""
    if isinstance(answer, dict):
        return {name: _copy(part) for name, part in answer.items()}
    if isinstance(answer, (list, tuple)):
        return structures.rebuilt(answer, (_copy(part) for part in answer))
    copy = getattr(answer, "copy", None)
    return copy() if hasattr(answer, "shape") and callable(copy) else answer


# -- fit -------------------------------------------------------------------------------------------------------


def _fit(call: calls.Call, proceed: Callable[[], Any]) -> Any:
    arguments = call.arguments
    _skip_tensorboard(arguments)
    asked = _cut_epochs(call)
    interval = _validate_now(arguments) if asked > 1 else 1
    # What `fit` holds back for validation must leave enough to train on.
    split = float(arguments.get("validation_split") or 0.0)
    _cut_data(call, math.ceil(BATCHES * _batch_size(arguments) / max(1.0 - split, 0.1)), "steps_per_epoch")
    _cut_validation(arguments)
    history = proceed()
    if asked > 1:
        _stretch(history, asked, interval)
    return history


def _skip_tensorboard(arguments: dict[str, Any]) -> None:
    """Leave the callback out where the package is not there that it writes with: it only watches."""
    callbacks = arguments.get("callbacks")
    if not isinstance(callbacks, (list, tuple)) or importlib.util.find_spec("tensorboard") is not None:
        return
    kept = [callback for callback in callbacks if type(callback).__name__ != "TensorBoard"]
    if len(kept) < len(callbacks):
        arguments["callbacks"] = kept
        note("skipped", "the callback TensorBoard: tensorboard is not installed")


def _epoch_name(arguments: dict[str, Any]) -> str:
    return "nb_epoch" if "nb_epoch" in arguments else "epochs"


def _epochs(arguments: dict[str, Any]) -> int:
    """How many epochs `fit` is to train."""
    return int(arguments.get(_epoch_name(arguments)) or 1) - int(arguments.get("initial_epoch") or 0)


def _cut_epochs(call: calls.Call) -> int:
    """Leave one epoch; gives how many there were."""
    arguments = call.arguments
    name, asked = _epoch_name(arguments), _epochs(arguments)
    if asked > 1:
        arguments[name] = _like(arguments[name], int(arguments.get("initial_epoch") or 0) + 1)
        note("cut", f"{call.name}() of {call.subject}: 1 epoch of {asked}")
    return asked


def _validate_now(arguments: dict[str, Any]) -> int:
    """Have the one epoch validated that is left; gives after how many epochs the program wants that."""
    interval = arguments.get("validation_freq")
    if interval is None or interval == 1:
        return 1
    arguments["validation_freq"] = 1
    return int(interval) if isinstance(interval, int) else 1


def _stretch(history: Any, epochs: int, interval: int) -> None:
    """Give the history the length that the program expects: the values of its epoch, over and over."""
    record = getattr(history, "history", None)
    if not isinstance(record, dict):
        return
    for name, values in record.items():
        if isinstance(values, list) and len(values) == 1:
            length = epochs // interval if str(name).startswith("val_") else epochs
            values[:] = values * max(length, 1)
    first = history.epoch[0] if history.epoch else 0
    history.epoch = list(range(first, first + epochs))


def _cut_validation(arguments: dict[str, Any]) -> None:
    data = arguments.get("validation_data")
    steps = arguments.get("validation_steps")
    rows = structures.rows(data[0]) if isinstance(data, (tuple, list)) and data else None
    if rows is not None:
        keep = BATCHES * _batch_size(arguments)
        if rows > keep and steps is None:
            arguments["validation_data"] = structures.heads({"data": data}, ("data",), keep).get("data", data)
        elif steps is not None and int(steps) > BATCHES:
            arguments["validation_steps"] = _like(steps, BATCHES)
    elif data is not None and _is_longer(data, steps):
        arguments["validation_steps"] = _like(steps, BATCHES)


# -- evaluate and predict --------------------------------------------------------------------------------------


def _evaluate(call: calls.Call, proceed: Callable[[], Any]) -> Any:
    _cut_data(call, BATCHES * _batch_size(call.arguments), "steps")
    return proceed()


def _predict(call: calls.Call, proceed: Callable[[], Any]) -> Any:
    rows, steps = structures.rows(call.data), _steps(call)
    if rows is not None and steps is not None and call.arguments.get("batch_size"):
        rows = min(rows, steps * _batch_size(call.arguments))
    _cut_data(call, BATCHES * _batch_size(call.arguments), "steps")
    answer = proceed()
    if rows is None and steps is not None and steps > BATCHES:
        rows = _rows_of_stream(call.data, (structures.rows(answer) or 0) // BATCHES, steps)
    return _repeated(answer, rows) if rows is not None else answer


def _rows_of_stream(stream: Any, batch: int, steps: int) -> int:
    """How many samples come out of a stream with batches of this size."""
    known = getattr(stream, "n", None)  # generators of images know it
    if isinstance(known, int) and batch * (steps - 1) < known <= batch * steps:
        return known
    if callable(getattr(stream, "__getitem__", None)) and structures.length(stream) == steps:
        last = stream[steps - 1]
        inputs = last[0] if isinstance(last, tuple) else last
        return batch * (steps - 1) + (structures.rows(inputs) or batch)
    return batch * steps


def _repeated(answer: Any, rows: int) -> Any:
    """Predictions for as many rows as the program expects: those made, over and over."""
    if isinstance(answer, dict):
        return {name: _repeated(part, rows) for name, part in answer.items()}
    if isinstance(answer, (list, tuple)):
        return structures.rebuilt(answer, (_repeated(part, rows) for part in answer))
    if not getattr(answer, "shape", ()) or not 0 < answer.shape[0] < rows:
        return answer
    return importlib.import_module("numpy").resize(answer, (rows, *answer.shape[1:]))


_CUTS = {"fit": _fit, "evaluate": _evaluate, "predict": _predict}


# -- data ------------------------------------------------------------------------------------------------------


def _cut_data(call: calls.Call, keep: int, steps: str) -> None:
    """Leave `keep` rows of arrays, or a few batches of a stream; `steps` is the argument that counts these."""
    arguments = call.arguments
    rows, asked = structures.rows(call.data), arguments.get(steps)
    if rows is None or asked is not None:
        if call.data is None or not _is_longer(call.data, asked):
            return
        arguments[steps] = _like(asked, BATCHES)
        note("cut", f"{call.name}() of {call.subject}: {BATCHES} batches")
        if rows is None or arguments.get("batch_size"):
            return
        # Without a size of batches, Keras 2 divides the rows by the steps.
        keep = math.ceil(rows / int(asked or 1)) * BATCHES
    if rows <= keep:
        return
    heads = structures.heads(arguments, ("x", "y", "sample_weight"), keep)
    arguments.update(heads)
    if heads and asked is None:
        note("cut", f"{call.name}() of {call.subject}: {keep} rows of {rows}")


def _batch_size(arguments: dict[str, Any]) -> int:
    return int(arguments.get("batch_size") or DEFAULT_BATCH)


def _like(given: Any, number: int) -> Any:
    """A number of the type given: Keras shall still refuse what it refuses."""
    return float(number) if isinstance(given, float) else number


def _is_longer(data: Any, steps: Any) -> bool:
    """Whether a stream has more batches than a smoke run wants."""
    if steps is None:
        steps = structures.length(data)
    return steps is None or int(steps) > BATCHES


def _steps(call: calls.Call) -> int | None:
    """How many batches the program asks a stream for."""
    steps = call.arguments.get("steps")
    if steps is None and structures.rows(call.data) is None:
        steps = structures.length(call.data)
    return None if steps is None else int(steps)
