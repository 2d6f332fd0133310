"""Records what a program's calls of `fit`, `train_on_batch`, `predict`, ... did.

Each recorded call is one event:

    number       its number among all calls of the program, from 1
    model, method, count    the model by first use from 0, the method, and which call of it on this model, from 1;
                            `function 0` and so on for models that are first used by `predict_on_batch`
    in, out      shapes of the inputs, and of what `predict` returned
    fed          mean and deviation of each array that went in
    parameters, tensors, trainable      of the model, without the state of metrics and optimizers
    changed      the weight tensors that it changed; `moving_changed`: the statistics that layers keep
    moved        how far each changed tensor moved, per element (root of the mean square)
    compiled     at the first call: the names of the losses, the learning rate; `optimizer`: its class
    served       how many models that optimizer object has trained; `steps`: those it had counted before the call;
                 `pace`: the factor of its steps that depends on their number
    values, names           the numbers that it returned and, where known, what they are
    alike        whether several outputs have one name, so that the numbers of the last one stand for all of them
    first                   what `fit` had to tell after its first batch
    keys, history           of the History that `fit` returned
    summary      of each output of `predict`: mean, deviation, smallest, largest, and 8 of its values
    finite       whether losses or predictions are
    noise        whether it drew noise; `unmatched`: whether that is other noise on each side
    stuck        whether training changed nothing
    raised       the exception, if it ended with one

Training steps that a program makes itself (`apply_gradients`) are events of that method: the shapes of the `variables`,
how many came `with_gradient`, and the `norm` of the gradients, unless they are `traced` into a function.

In a comparison, the run on Keras 2 saves a model's weights ahead of each recorded call, and the run on Keras 3 takes them
over: each call starts from equal weights, so rounding does not add up. What the tensors held before, at their first
use, is compared too (`weights_differ`).
"""

from __future__ import annotations

import importlib
import inspect
import os
import random
import sys
import weakref
import zlib
from typing import Any, Callable, Dict, Iterator

from . import calls, noise, notes, optimizers, weights

# Loops repeat themselves: their first rounds tell what there is to tell.
CALLS_PER_METHOD = 4
CALLS = 200
# Larger models are followed by checksums, and their weights are not handed over.
SCALARS = 20_000_000
SAVED_BYTES = 1_000_000_000
# Batches of a generator that are drawn ahead of a call, so that both sides draw equally many.
BATCHES = 64
# Below this distance (relative to the tensor) two sides hold the same weights.
EQUAL_WEIGHTS = 1e-4
_ERRORS = 20

_TRAINING = {"fit", "train_on_batch"}
_PREDICTING = {"predict", "predict_on_batch"}
_STEPS = {"fit": "steps_per_epoch", "evaluate": "steps", "predict": "steps"}
_NOISY = ("Dropout", "GaussianNoise", "AlphaDropout")
_OPTIMIZERS = {
    "keras3": [("keras.src.optimizers.base_optimizer", "BaseOptimizer", "apply")],
    "tf_keras": [
        ("tf_keras.src.optimizers.optimizer", "_BaseOptimizer", "apply_gradients"),
        ("tf_keras.src.optimizers.optimizer", "Optimizer", "apply_gradients"),
        ("tf_keras.src.optimizers.legacy.optimizer_v2", "OptimizerV2", "apply_gradients"),
    ],
}
_OPTIMIZERS["keras2"] = [
    ("keras.src.optimizers.optimizer", "Optimizer", "apply_gradients"),
    ("keras.src.optimizers.legacy.optimizer_v2", "OptimizerV2", "apply_gradients"),
    ("tensorflow_core.python.keras.optimizer_v2.optimizer_v2", "OptimizerV2", "apply_gradients"),
]

Event = Dict[str, Any]

_installed: _Recorder | None = None


def install(side: str, *, save: str | None = None, sync: str | None = None) -> None:
    """Record the calls from now on (`calls.install` comes first).

    With a folder to save weights to or to take them from, the run is one of a comparison: it is also given equal
    initial weights and equal noise, and its batches come in order.
    """
    global _installed  # noqa: PLW0603 (one recorder for each process)
    _installed = _Recorder(save, sync)
    if not sys.modules["tensorflow"].executing_eagerly():
        _let_loops_change()
    if save or sync:
        weights.install(side)
        noise.install(side)
        _installed.reseed("start")
    calls.add_handler(_installed.handle)
    for path, owner, method in _OPTIMIZERS[side]:
        _watch_steps(sys.modules.get(path), owner, method, _installed)


def _let_loops_change() -> None:
    """Reading weights runs the graph so far; only so may the gradient of a loop in it (an LSTM's) still be built."""
    tf = sys.modules["tensorflow"]
    switch = getattr(tf.compat.v1.experimental, "output_all_intermediates", None)
    if switch is not None:
        switch(True)


def finish() -> None:
    """Tell how many calls there were in all, at the end of the program."""
    if _installed is not None:
        notes.emit({"event": "calls", "totals": _installed.totals})


class _Recorder:
    """What it has to remember between the calls."""

    def __init__(self, save: str | None, sync: str | None) -> None:
        self.save = save
        self.sync = sync
        self.comparing = bool(save or sync)
        self.number = 0
        self.recorded = 0
        self.saved = 0
        self.errors = 0
        self.totals: dict[str, int] = {}
        self.models: list[Callable[[], Any]] = []
        self.functions: list[Callable[[], Any]] = []
        self.optimizers: list[Callable[[], Any]] = []
        self.users = optimizers.Users()
        self.noisy: dict[Any, bool] = {}
        self.traced: list[tuple[Any, ...]] = []
        self.stepping = False

    def reseed(self, place: str) -> None:
        """Set the global generators: libraries take from them unequally, while a call runs."""
        seed = zlib.crc32(place.encode())
        random.seed(seed)
        sys.modules["numpy"].random.seed(seed)

    def guarded(self, step: Callable[..., Any], *args: Any) -> Any:
        """A step of the recording; its failure is told and does no harm to the program."""
        try:
            return step(*args)
        except Exception as error:
            self.errors += 1
            if self.errors <= _ERRORS:
                message = f"{type(error).__name__}: {error}"
                notes.emit({"event": "recorder", "at": step.__name__, "error": message[:500]})
            return None

    def handle(self, call: calls.Call, go_on: Callable[[], Any]) -> Any:
        """Record a call (a handler of `calls`)."""
        if call.method == "compile":
            return go_on()
        self.number += 1
        place = self.guarded(self.place, call) or (-1, self.number)
        name = f"{place[0]}.{call.method}.{place[1]}"
        if self.comparing:
            self.reseed(f"ahead of {name}")
            # Keras 3 takes no other iterators than generators, and shall say so.
            self.guarded(_fix_batches, call, inspect.isgenerator if self.sync else _is_iterator)
            self.guarded(_build, call)
        if self.save:
            self.guarded(_reset_metrics, call)
        record = self.guarded(self.begin, call, *place)
        if record is not None and self.comparing and call.method == "fit":
            record.event["first"] = self.guarded(_watch_first_batch, call)
        try:
            result = go_on()
        except BaseException as error:
            if record is not None:
                self.guarded(self.end_raised, record, error)
            raise
        finally:
            if self.comparing:
                self.reseed(f"behind {name}")
        if record is not None:
            self.guarded(self.end, record, call, result)
        return result

    def place(self, call: calls.Call) -> tuple[Any, int]:
        """Which model it is, and which of its calls of this method.

        Models that only stand for a `K.function` are counted by themselves: Keras 2 has no model there.
        """
        model: Any
        if call.method == "predict_on_batch" and all(one() is not call.model for one in self.models):
            model = f"function {_index(self.functions, call.model)}"
        else:
            model = _index(self.models, call.model)
        return model, self.count(f"{model}.{call.method}")

    def begin(self, call: calls.Call, model: Any, count: int) -> _Record | None:
        """What is to be known ahead of a call; None if it is not recorded."""
        if model == -1 or count > CALLS_PER_METHOD or self.recorded >= CALLS:
            return None
        self.recorded += 1
        event: Event = {
            "event": "call",
            "number": self.number,
            "model": model,
            "model_name": call.subject,
            "method": call.method,
            "count": count,
            "in": shapes(call.data),
            "fed": self.guarded(_fed, call.arguments),
        }
        found = weights.of_model(call.model)
        if self.save:
            self.guarded(self.write, event, found)
        if self.sync:
            self.guarded(self.take_over, event, found)
        if call.method in _TRAINING:
            self.guarded(self.describe_optimizer, event, getattr(call.model, "optimizer", None))
        if count == 1:
            event["compiled"] = self.guarded(_compiled, call.model)
        return _Record(event, _Snapshot(found))

    def count(self, what: str) -> int:
        """Count a call."""
        self.totals[what] = self.totals.get(what, 0) + 1
        return self.totals[what]

    def end(self, record: _Record, call: calls.Call, result: Any) -> None:
        """Complete the event of a call and send it."""
        event = record.event
        found = weights.of_model(call.model)
        event["trainable"] = len(getattr(call.model, "trainable_weights", ()))
        event["tensors"] = len(found)
        event["parameters"] = sum(_size(weight.variable) for weight in found)
        self.guarded(_describe_result, event, call, result)
        self.guarded(self.describe_changes, record, found)
        self.guarded(_describe_pace, event, call.model)
        self.guarded(self.describe_noise, record, call.model)
        notes.emit(event)

    def end_raised(self, record: _Record, error: BaseException) -> None:
        """Send the event of a call that did not return."""
        record.event["raised"] = type(error).__name__
        notes.emit(record.event)

    def describe_optimizer(self, event: Event, optimizer: Any) -> None:
        """Which optimizer is going to train, and what it has done before."""
        event["optimizer"] = type(optimizer).__name__
        if optimizer is not None:
            event["served"] = self.users.add(optimizer, event["model"])
            event["steps"] = optimizers.steps(optimizer)

    def describe_changes(self, record: _Record, found: list[weights.Weight]) -> None:
        """Which tensors the call changed, and by how much."""
        event = record.event
        if event["count"] == 1:
            event["tensor_names"] = {weight.key: weight.name for weight in found}
        for weight in found:
            weight.variable._was_compared = True
        event["moving"] = sum(weight.moving for weight in found)
        if not record.before.holds(found):  # built by the call itself
            event["changed"] = event["moving_changed"] = None
            return
        moved = record.before.moved(found)
        moving = {weight.key for weight in found if weight.moving}
        event["changed"] = [key for key in moved if key not in moving]
        event["moving_changed"] = [key for key in moved if key in moving]
        event["moved"] = {key: moved[key] for key in event["changed"]}
        event["stuck"] = event["method"] in _TRAINING and not event["changed"] and len(found) > len(moving)

    def describe_noise(self, record: _Record, model: Any) -> None:
        """Whether the call drew noise: now, or when its graph was built."""
        event = record.event
        index = event["model"]
        if noise.unmatched() > record.unmatched:
            self.noisy[index] = True
        elif noise.draws() > record.draws or _has_noise(model):
            self.noisy.setdefault(index, False)
        training = event["method"] in _TRAINING
        event["noise"] = index in self.noisy
        event["unmatched"] = self.noisy.get(index, False) or (training and _has_own_noise(model))

    def write(self, event: Event, found: list[weights.Weight]) -> None:
        """Save the weights that a call starts from."""
        size = sum(_size(weight.variable) for weight in found)
        if not found or size > SCALARS or self.saved + 4 * size > SAVED_BYTES:
            return
        np = importlib.import_module("numpy")

        self.saved += 4 * size
        arrays = weights.values([weight.variable for weight in found])
        named = {f"v{position}": array for position, array in enumerate(arrays)}
        named["keys"] = np.array([weight.key for weight in found])
        named["drawn"] = np.array([weights.description(array) for array in arrays])
        np.savez(os.path.join(str(self.save), _file_name(event)), **named)

    def take_over(self, event: Event, found: list[weights.Weight]) -> None:
        """Compare the weights with those that Keras 2 started from, then start from them."""
        np = importlib.import_module("numpy")

        path = os.path.join(str(self.sync), _file_name(event))
        if not found or not os.path.exists(path):
            event["synced"] = False
            return
        with np.load(path) as saved:
            keys = [str(key) for key in saved["keys"]]
            drawn = [str(text) for text in saved["drawn"]]
            theirs = {key: saved[f"v{position}"] for position, key in enumerate(keys)}
        event["synced"] = set(keys) == {weight.key for weight in found}
        if not event["synced"]:
            return
        origins = dict(zip(keys, drawn))
        own = weights.values([weight.variable for weight in found])
        event["weights_differ"] = {}
        event["drift"] = 0.0
        for weight, values in zip(found, own):
            distance = _distance(theirs[weight.key], values)
            if getattr(weight.variable, "_was_compared", False):
                event["drift"] = event["drift"] if weight.moving else max(event["drift"], distance)
                continue
            origin, description = origins[weight.key], weights.description(values)
            if origin and description:
                if origin != description:
                    event["weights_differ"][weight.key] = [origin, description]
            elif distance > EQUAL_WEIGHTS:
                event["weights_differ"][weight.key] = distance
        weights.assign([(weight.variable, theirs[weight.key]) for weight in found])

    def step(self, optimizer: Any, pairs: list[tuple[Any, Any]]) -> None:
        """Record a training step that the program makes itself."""
        index = _index(self.optimizers, optimizer)
        given = [gradient for gradient, _ in pairs if gradient is not None]
        sizes = sorted([int(size) for size in variable.shape] for _, variable in pairs)
        eager = bool(sys.modules["tensorflow"].executing_eagerly())
        if not eager:  # functions are traced once or twice, as the versions like
            signature = (index, repr(sizes), len(given))
            if signature in self.traced:
                return
            self.traced.append(signature)
        self.number += 1
        count = self.count(f"optimizer {index}.apply_gradients")
        if count > CALLS_PER_METHOD or self.recorded >= CALLS:
            return
        self.recorded += 1
        event: Event = {"event": "call", "number": self.number, "model": f"optimizer {index}"}
        event.update(method="apply_gradients", count=count, variables=sizes, with_gradient=len(given))
        event.update(traced=not eager, optimizer=type(optimizer).__name__)
        event["norm"] = self.guarded(_norm, given) if eager else None
        notes.emit(event)


class _Record:
    """An event under way, and what was counted before it."""

    def __init__(self, event: Event, before: _Snapshot) -> None:
        self.event = event
        self.before = before
        self.draws = noise.draws()
        self.unmatched = noise.unmatched()


class _Snapshot:
    """What weights held at a time: copies, or checksums if they are large."""

    def __init__(self, found: list[weights.Weight]) -> None:
        self.full = sum(_size(weight.variable) for weight in found) <= SCALARS
        self.held = self.read(found)

    def read(self, found: list[weights.Weight]) -> dict[str, Any]:
        """The contents by key."""
        if self.full:
            return {w.key: v for w, v in zip(found, weights.values([weight.variable for weight in found]))}
        return {weight.key: weights.digest(weights.values([weight.variable])[0]) for weight in found}

    def holds(self, found: list[weights.Weight]) -> bool:
        """Whether it is of the same tensors."""
        return set(self.held) == {weight.key for weight in found} and bool(found)

    def moved(self, found: list[weights.Weight]) -> dict[str, float | None]:
        """The tensors that are no longer the same, and how far they moved per element."""
        np = importlib.import_module("numpy")

        moved: dict[str, float | None] = {}
        for key, now in self.read(found).items():
            before = self.held[key]
            if not self.full:
                if now != before:
                    moved[key] = None
            elif now.tobytes() != before.tobytes():
                gap = float(np.sqrt(np.mean(np.square(now.astype("float64") - before))))
                moved[key] = gap if np.isfinite(gap) else None
        return moved


def _file_name(event: Event) -> str:
    return f"{event['model']}-{event['method']}-{event['count']}.npz"


def _index(known: list[Callable[[], Any]], one: Any) -> int:
    for position, reference in enumerate(known):
        if reference() is one:
            return position
    known.append(weakref.ref(one))
    return len(known) - 1


def _size(variable: Any) -> int:
    size = 1
    for length in variable.shape:
        size *= int(length)
    return size


def _distance(theirs: Any, own: Any) -> float:
    """How far apart two tensors are, relative to the larger."""
    np = importlib.import_module("numpy")

    if theirs.shape != own.shape:
        return float("inf")
    theirs, own = theirs.astype("float64").ravel(), own.astype("float64").ravel()
    scale = max(float(np.linalg.norm(theirs)), float(np.linalg.norm(own)))
    if np.array_equal(theirs, own) or scale == 0:
        return 0.0
    distance = float(np.linalg.norm(theirs - own)) / scale
    return distance if np.isfinite(distance) else 1e30


def _norm(gradients: list[Any]) -> float:
    np = importlib.import_module("numpy")

    total = 0.0
    for gradient in gradients:
        dense = getattr(gradient, "values", gradient)
        total += float(np.sum(np.square(np.asarray(dense, dtype="float64"))))
    return float(np.sqrt(total))


# ---- what goes in


def _reset_metrics(call: calls.Call) -> None:
    """In a graph, Keras 2 resets metrics behind a batch only, so the first one after a `fit` still counts its samples."""
    if call.method in ("train_on_batch", "test_on_batch") and call.arguments.get("reset_metrics", True):
        call.model.reset_metrics()


def _is_iterator(source: Any) -> bool:
    return hasattr(source, "__next__")


def _fix_batches(call: calls.Call, is_generator: Callable[[Any], bool]) -> None:
    """Let both sides see equal batches: no shuffling, and generators drawn ahead of the call."""
    parameters = _parameters(call)
    if call.method == "fit" and "shuffle" in parameters:
        call.arguments["shuffle"] = False
    steps = _STEPS.get(call.method)
    for data in ("x", "generator"):
        if steps in parameters and data in call.arguments:
            _draw_ahead(call, data, str(steps), _epochs(call), is_generator)
    if "validation_data" in call.arguments and "validation_steps" in parameters:
        _draw_ahead(call, "validation_data", "validation_steps", _epochs(call), is_generator)


def _build(call: calls.Call) -> None:
    """Let a model that would be built by this call be built ahead of it, so that it can start from equal weights."""
    if getattr(call.model, "built", True) or call.method == "compile":
        return
    arrays = call.data
    if not hasattr(arrays, "shape") or not hasattr(arrays, "__getitem__"):
        return  # streams cannot be looked into, and structures of arrays name their inputs
    if type(call.model).__name__ == "Sequential":
        call.model.build((None, *arrays.shape[1:]))
    elif sys.modules["tensorflow"].executing_eagerly():
        call.model(arrays[:1])


def _watch_first_batch(call: calls.Call) -> dict[str, Any]:
    """Have the losses and metrics of a training's first batch noted: they come before the steps of the optimizer."""
    seen: dict[str, Any] = {}
    given = call.arguments.get("callbacks") or []
    if type(given).__name__ == "CallbackList":
        return seen

    def note(_self: Any, _batch: int, logs: Any = None) -> None:
        if not seen:
            seen.update(
                {str(name): _number(logs[name]) for name in logs or {} if name not in ("batch", "size")}
            )

    base = _package_of(call.model).callbacks.Callback
    watcher = type("FirstBatch", (base,), {"on_batch_end": note, "on_train_batch_end": note})
    call.arguments["callbacks"] = [*(given if isinstance(given, (list, tuple)) else [given]), watcher()]
    return seen


def _package_of(model: Any) -> Any:
    """The Keras that a model belongs to."""
    roots = {cls.__module__.partition(".")[0] for cls in type(model).__mro__}
    if "tf_keras" in roots:
        return sys.modules["tf_keras"]
    tensorflow: Any = sys.modules["tensorflow"]
    return sys.modules["keras"] if "keras" in roots else tensorflow.keras


def _parameters(call: calls.Call) -> Any:
    """The parameters of Keras's own method, which a class of the program may have overridden."""
    for base in type(call.model).__mro__:
        method: Any = vars(base).get(call.name)
        if getattr(method, "_is_watched", False):
            return inspect.signature(method).parameters
    return {}


def _epochs(call: calls.Call) -> int:
    epochs = int(call.arguments.get("epochs") or 1) if call.method == "fit" else 1
    return max(1, epochs - int(call.arguments.get("initial_epoch") or 0))


def _draw_ahead(
    call: calls.Call, data: str, steps: str, epochs: int, is_generator: Callable[[Any], bool]
) -> None:
    """Replace a generator or a Sequence by the batches that the call needs of it."""
    source = call.arguments[data]
    wanted = call.arguments.get(steps)
    if _is_sequence(source):
        if epochs > 1:
            return
        wanted = min(len(source), int(wanted)) if wanted is not None else len(source)
        batches: Iterator[Any] = (source[position] for position in range(wanted))
    elif is_generator(source) and wanted is not None:
        batches = source
    else:
        return
    total = int(wanted) * epochs
    if total > BATCHES:
        return
    drawn = []
    error: Exception | None = None
    for _ in range(total):
        try:
            drawn.append(_copied(next(batches)))
        except Exception as problem:  # the program's generator: Keras shall meet it where it is
            error = problem
            break
    call.arguments[data] = _replayed(drawn, error)
    call.arguments[steps] = int(wanted)
    for name, value in (("workers", 1), ("use_multiprocessing", False)):
        if name in call.arguments:
            call.arguments[name] = value


def _is_sequence(source: Any) -> bool:
    return any(
        base.__name__ in ("Sequence", "PyDataset") for base in type(source).__mro__
    ) and not isinstance(source, (list, tuple, str))


def _copied(batch: Any) -> Any:
    """Generators may fill the same arrays again and again."""
    if isinstance(batch, tuple) and not hasattr(batch, "_fields"):
        return tuple(_copied(part) for part in batch)
    if isinstance(batch, list):
        return [_copied(part) for part in batch]
    if isinstance(batch, dict):
        return {key: _copied(part) for key, part in batch.items()}
    return batch.copy() if type(batch).__module__ == "numpy" and hasattr(batch, "copy") else batch


def _replayed(drawn: list[Any], error: Exception | None) -> Iterator[Any]:
    """The batches; from the start again, for some versions ask for more than they use."""
    while True:
        yield from drawn
        if isinstance(error, StopIteration) or (not drawn and error is None):
            return
        if error is not None:
            raise error


def shapes(data: Any) -> list[Any]:
    """The shapes of arrays and tensors in a structure; `stream` for what is not seen yet."""
    if data is None:
        return []
    if isinstance(data, dict):
        return [shape for key in sorted(data) for shape in shapes(data[key])]
    if isinstance(data, (list, tuple)):
        if data and all(isinstance(value, (int, float)) for value in data):
            return [[len(data)]]
        return [shape for part in data for shape in shapes(part)]
    shape = getattr(data, "shape", None)
    if shape is None or callable(shape):
        return ["stream"]
    try:
        return [[int(size) for size in shape]]
    except (TypeError, ValueError):  # a symbolic tensor
        return ["unknown"]


def _fed(arguments: Event) -> list[float]:
    """Mean and deviation of the arrays that go in: what differs there was computed otherwise before the call."""
    figures: list[float] = []
    for name in ("x", "y", "sample_weight"):
        for array in _flat(arguments.get(name)):
            if _is_numeric(array) and 0 < getattr(array, "size", 0) <= SCALARS:
                figures += [float(array.mean()), float(array.std())]
    return figures


# ---- what comes out


def _describe_result(event: Event, call: calls.Call, result: Any) -> None:
    np = importlib.import_module("numpy")

    if call.method in _PREDICTING:
        outputs = _flat(result)
        event["out"] = shapes(result)
        event["summary"] = [_summary(np.asarray(output)) for output in outputs]
        event["finite"] = all(bool(np.all(np.isfinite(output))) for output in outputs if _is_numeric(output))
        return
    history = getattr(result, "history", None)
    if history is not None:
        event["history"] = {str(key): [_number(value) for value in _flat(history[key])] for key in history}
        event["keys"] = sorted(event["history"])
        numbers = [value for key, row in event["history"].items() if "loss" in key for value in row]
    else:
        event["values"] = [_number(value) for value in _flat(result)]
        numbers = event["values"]
    event["finite"] = all(isinstance(value, float) for value in numbers)
    if history is None:
        event["names"] = _value_names(call.model, result)
    outputs = list(getattr(call.model, "output_names", None) or [])
    event["alike"] = len(set(outputs)) < len(outputs)


def _flat(result: Any) -> list[Any]:
    if isinstance(result, dict):
        return [value for part in result.values() for value in _flat(part)]
    if isinstance(result, (list, tuple)):
        return [value for part in result for value in _flat(part)]
    return [] if result is None else [result]


def _is_numeric(array: Any) -> bool:
    return str(getattr(array, "dtype", "")).startswith(("float", "int", "uint", "bfloat"))


def _number(value: Any) -> Any:
    """A float; as text if it is none that JSON knows, None if it is no number."""
    np = importlib.import_module("numpy")

    try:
        number = float(np.asarray(value).reshape(-1)[0])
    except (TypeError, ValueError, IndexError):
        return None
    return number if np.isfinite(number) else str(number)


def _summary(output: Any) -> list[Any]:
    np = importlib.import_module("numpy")

    if not output.size or not _is_numeric(output):
        return []
    flat = output.astype("float64").ravel()
    samples = flat[np.linspace(0, flat.size - 1, 8).astype(int)]
    return [_number(value) for value in (flat.mean(), flat.std(), flat.min(), flat.max(), *samples)]


def _value_names(model: Any, result: Any) -> list[str] | None:
    """What the returned numbers are, where the version tells."""
    if isinstance(result, dict):
        return [str(key) for key in result]
    count = len(_flat(result))
    names = list(getattr(model, "metrics_names", None) or [])
    if "compile_metrics" in names:  # Keras 3 holds them back there
        known: dict[str, Any] = getattr(model, "get_metrics_result", dict)()
        order = getattr(model, "_flatten_metrics_in_order", list)
        names = _flat(order({name: name for name in known}))
    return [str(name) for name in names] if len(names) == count else None


def _compiled(model: Any) -> Event:
    optimizer = getattr(model, "optimizer", None)
    described: Event = {"loss": _names(getattr(model, "loss", None))}
    if optimizer is not None:
        described["lr"] = optimizers.rate(optimizer)
    return described


def _describe_pace(event: Event, model: Any) -> None:
    if event.get("steps") is not None:
        event["pace"] = optimizers.pace(
            model.optimizer, event["steps"], optimizers.steps(model.optimizer) or 0
        )


def _names(loss: Any) -> list[str]:
    return [
        str(part if isinstance(part, str) else getattr(part, "__name__", type(part).__name__))
        for part in _flat(loss)
    ]


def _layers(model: Any) -> list[Any]:
    found = []
    for layer in getattr(model, "layers", ()):
        found += [layer, *_layers(layer)]
    return found


def _has_noise(model: Any) -> bool:
    """Whether layers draw; in a graph they do when it is built, not in the call."""
    return any(type(layer).__name__.endswith(_NOISY) for layer in _layers(model))


def _has_own_noise(model: Any) -> bool:
    """Whether layers draw, in training, in a way that the versions do not share.

    Random flips and crops; the dropout of recurrent layers, which is the same for all time steps since Keras 3.
    """
    for layer in _layers(model):
        name = type(layer).__name__
        if name.startswith("Random") and ".preprocessing" in type(layer).__module__:
            return True
        if name.endswith(("LSTM", "GRU", "LSTM2D")) and _drops(layer):
            return True
        if name == "Bidirectional" and _drops(getattr(layer, "forward_layer", None)):
            return True
    return False


def _drops(layer: Any) -> bool:
    return bool(getattr(layer, "dropout", 0) or getattr(layer, "recurrent_dropout", 0))


# ---- training steps of the program itself


def _watch_steps(module: Any, owner_name: str, method: str, recorder: _Recorder) -> None:
    owner = getattr(module, owner_name, None)
    original = vars(owner).get(method) if owner is not None else None
    if original is None or getattr(original, "_is_watched", False):
        return

    def watched(self: Any, first: Any, *args: Any, **kwargs: Any) -> Any:
        if recorder.stepping or calls.is_inside():
            return original(self, first, *args, **kwargs)
        recorder.stepping = True
        try:
            first = list(first)
            recorder.guarded(recorder.step, self, _pairs(first, args, kwargs, self))
            return original(self, first, *args, **kwargs)
        finally:
            recorder.stepping = False

    watched._is_watched = True  # type: ignore[attr-defined]
    watched.__name__ = method
    setattr(owner, method, watched)


def _pairs(first: list[Any], args: Any, kwargs: dict[str, Any], optimizer: Any) -> list[tuple[Any, Any]]:
    """Gradients and variables: given as pairs, or apart (`apply` of Keras 3)."""
    if first and isinstance(first[0], (tuple, list)):
        return [(pair[0], pair[1]) for pair in first]
    variables = args[0] if args else kwargs.get("trainable_variables")
    return list(zip(first, variables or optimizer._trainable_variables))
