"""Smoke mode: programs run small, and get what they expect all the same."""

import subprocess
import sys
import textwrap
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keras_upgrade.verify.inside import calls, loops, notes, smoke


class History:
    def __init__(self, record: dict[str, list[float]]) -> None:
        self.history = record
        self.epoch = list(range(len(next(iter(record.values())))))


class Model:
    """Tells what it was called with; the methods have the parameters of Keras."""

    name = "net"

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def _see(self, values: dict[str, Any]) -> None:
        self.seen.append({name: value for name, value in values.items() if name not in ("self", "__class__")})

    def compile(self, optimizer: Any = None, loss: Any = None) -> None:
        self._see(locals())

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        epochs: Any = 1,
        verbose: Any = 1,
        validation_split: float = 0.0,
        validation_data: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: Any = None,
        validation_steps: Any = None,
        validation_freq: Any = 1,
        **others: Any,
    ) -> History:
        self._see(locals())
        epochs = others.get("nb_epoch", epochs)
        record = {"loss": [0.5] * int(epochs - initial_epoch)}
        if validation_data is not None:
            record["val_loss"] = [0.7] * int(epochs // validation_freq)
        return History(record)

    def fit_generator(
        self, generator: Any, steps_per_epoch: Any = None, epochs: Any = 1, validation_data: Any = None
    ) -> History:
        self._see(locals())
        return History({"loss": [0.5] * epochs})

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        sample_weight: Any = None,
        steps: Any = None,
    ) -> float:
        self._see(locals())
        return 0.25

    def predict(self, x: Any, batch_size: Any = None, verbose: Any = 0, steps: Any = None) -> Any:
        self._see(locals())
        if hasattr(x, "shape"):
            x = x[: steps * batch_size] if steps else x
            return np.arange(len(x) * 2.0).reshape(-1, 2)
        return np.arange((steps or len(x)) * 10.0).reshape(-1, 1)

    def train_on_batch(self, x: Any, y: Any = None, return_dict: bool = False) -> Any:
        self._see(locals())
        return {"loss": len(self.seen)} if return_dict else [len(self.seen), 0.0]


for name, method in calls.METHODS.items():
    if name in vars(Model):
        setattr(Model, name, calls._wrapped(name, method, vars(Model)[name]))


class Batches:
    """As keras.utils.Sequence: 20 batches of 10 rows, the last one of 7."""

    def __init__(self, count: int = 20) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Any:
        return (np.zeros((7 if index == self.count - 1 else 10, 3)), np.zeros(7))


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], int]:
    """Smoke mode, and its notes."""
    fresh: dict[tuple[str, str], int] = {}
    monkeypatch.setattr(notes, "_notes", fresh)
    monkeypatch.setattr(smoke, "_models", {})
    monkeypatch.setattr(calls, "_handlers", [smoke.handle])
    return fresh


@pytest.fixture
def model() -> Model:
    return Model()


X, Y = np.arange(3000.0).reshape(1000, 3), np.arange(1000.0)


def rows(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: rows(part) for name, part in data.items()}
    if isinstance(data, (list, tuple)) and isinstance(data[0], (np.ndarray, dict)):
        return [rows(part) for part in data]
    return len(data)


# -- fit ---------------------------------------------------------------------------------------------


def test_one_epoch_of_a_few_batches(model: Model, told: dict[tuple[str, str], int]) -> None:
    history = model.fit(X, Y, epochs=50, batch_size=64)
    (seen,) = model.seen
    assert (rows(seen["x"]), rows(seen["y"]), seen["epochs"]) == (192, 192, 1)
    assert (seen["x"] == X[:192]).all()
    assert history.history == {"loss": [0.5] * 50}
    assert history.epoch == list(range(50))
    assert told == {
        ("cut", "fit() of model: 1 epoch of 50"): 1,
        ("cut", "fit() of model: 192 rows of 1000"): 1,
    }


def test_what_is_small_is_left_alone(model: Model, told: dict[tuple[str, str], int]) -> None:
    x, y = X[:90], Y[:90]
    model.fit(x, y, validation_data=(x, y))
    (seen,) = model.seen
    assert seen["x"] is x
    assert seen["y"] is y
    assert seen["validation_data"] == (x, y)
    assert told == {}


def test_arguments_by_position(model: Model) -> None:
    assert len(model.fit(X, Y, 100, 7).history["loss"]) == 7
    assert (rows(model.seen[0]["x"]), model.seen[0]["batch_size"], model.seen[0]["epochs"]) == (300, 100, 1)


def test_epochs_from_a_later_one_on(model: Model) -> None:
    history = model.fit(X, Y, epochs=30, initial_epoch=20)
    assert (model.seen[0]["epochs"], model.seen[0]["initial_epoch"]) == (21, 20)
    assert len(history.history["loss"]) == 10


def test_the_old_name_of_epochs(model: Model) -> None:
    assert len(model.fit(X, Y, nb_epoch=9).history["loss"]) == 9
    assert model.seen[0]["others"] == {"nb_epoch": 1}


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"a": X, "b": [X, Y]}, {"a": 96, "b": [96, 96]}),
        ([X, Y], [96, 96]),
        ((X, Y), [96, 96]),
        (Pair(X, Y), [96, 96]),
        (X.tolist(), 96),
        (Y.tolist(), 96),
        ([np.float32(value) for value in Y], 96),
    ],
)
def test_structures_of_arrays(model: Model, data: Any, expected: Any) -> None:
    model.fit(data, Y, sample_weight=data)
    (seen,) = model.seen
    assert type(seen["x"]) is type(data)
    assert rows(seen["x"]) == rows(seen["sample_weight"]) == expected
    assert rows(seen["y"]) == 96


def test_tables_are_cut_by_position(model: Model) -> None:
    class Table:
        """As a DataFrame with an index of floats, whose slices go by label."""

        shape = (1000, 3)

        def __getitem__(self, _: slice) -> Any:
            raise AssertionError("by label")

        @property
        def iloc(self) -> Any:
            return X

    model.fit(Table(), Y)
    assert rows(model.seen[0]["x"]) == 96


def test_data_of_unequal_length_is_kept_so_that_keras_complains(model: Model) -> None:
    model.fit(X, Y[:900])
    assert (rows(model.seen[0]["x"]), rows(model.seen[0]["y"])) == (1000, 900)


def test_data_that_cannot_be_cut_is_kept(model: Model, told: dict[tuple[str, str], int]) -> None:
    class Sparse:
        shape = (1000, 3)

    x = Sparse()
    model.fit(x, Y)
    assert model.seen[0]["x"] is x
    assert rows(model.seen[0]["y"]) == 1000
    assert told == {}


def test_enough_is_left_behind_a_split(model: Model) -> None:
    model.fit(X, Y, validation_split=0.5)
    assert rows(model.seen[0]["x"]) == 192
    model.fit(X, Y, validation_split=0.99)
    assert rows(model.seen[1]["x"]) == 960


@pytest.mark.parametrize("count", [2, 3])
def test_validation_data_in_arrays(model: Model, count: int) -> None:
    model.fit(X, Y, validation_data=(X, Y, Y)[:count])
    assert rows(model.seen[0]["validation_data"]) == [96] * count
    model.fit(X, Y, validation_data=[{"a": X}, [Y, Y]])
    assert rows(model.seen[1]["validation_data"]) == [{"a": 96}, [96, 96]]


def test_validation_data_in_streams(model: Model) -> None:
    model.fit(X, Y, validation_data=Batches())
    model.fit(X, Y, validation_data=iter([]), validation_steps=50)
    model.fit(X, Y, validation_data=iter([]), validation_steps=2)
    model.fit(X, Y, validation_data=Batches(2))
    assert [seen["validation_steps"] for seen in model.seen] == [3, 3, 2, None]


def test_the_epoch_that_is_left_is_validated(model: Model) -> None:
    history = model.fit(X, Y, epochs=20, validation_data=(X, Y), validation_freq=5)
    assert model.seen[0]["validation_freq"] == 1
    assert (len(history.history["loss"]), len(history.history["val_loss"])) == (20, 4)


def test_streams_are_cut_by_their_steps(model: Model, told: dict[tuple[str, str], int]) -> None:
    model.fit(Batches())
    model.fit(iter([]), steps_per_epoch=100)
    model.fit(iter([]), steps_per_epoch=2)
    model.fit(Batches(3))
    model.fit_generator(iter([]), steps_per_epoch=100, epochs=2)
    assert [seen["steps_per_epoch"] for seen in model.seen] == [3, 3, 2, None, 3]
    assert told == {
        ("cut", "fit() of model: 3 batches"): 2,
        ("cut", "fit_generator() of model: 3 batches"): 1,
        ("cut", "fit_generator() of model: 1 epoch of 2"): 1,
    }


def test_numbers_keep_their_type_so_that_keras_complains(model: Model) -> None:
    model.fit(iter([]), steps_per_epoch=1000 / 32, epochs=10.0)
    seen = model.seen[0]
    assert (type(seen["steps_per_epoch"]), seen["steps_per_epoch"]) == (float, 3.0)
    assert (type(seen["epochs"]), seen["epochs"]) == (float, 1.0)


def test_arrays_with_steps_keep_the_size_of_their_batches(model: Model) -> None:
    model.fit(X, Y, steps_per_epoch=100)
    assert (rows(model.seen[0]["x"]), model.seen[0]["steps_per_epoch"]) == (30, 3)
    model.fit(X, Y, batch_size=5, steps_per_epoch=100)
    assert (rows(model.seen[1]["x"]), model.seen[1]["steps_per_epoch"]) == (1000, 3)


def test_no_data_at_all(model: Model) -> None:
    assert len(model.fit(epochs=3).history["loss"]) == 3
    assert model.seen[0]["x"] is None


# -- evaluate and predict ----------------------------------------------------------------------------


def test_evaluation_is_cut(model: Model) -> None:
    assert model.evaluate(X, Y, batch_size=10, sample_weight=Y) == 0.25
    assert [rows(model.seen[0][name]) for name in ("x", "y", "sample_weight")] == [30, 30, 30]
    model.evaluate(Batches())
    assert model.seen[1]["steps"] == 3


def test_there_are_as_many_predictions_as_rows(model: Model) -> None:
    answer = model.predict(X)
    assert rows(model.seen[0]["x"]) == 96
    assert answer.shape == (1000, 2)
    assert (answer[96:192] == answer[:96]).all()
    assert (answer[:96] == np.arange(192).reshape(96, 2)).all()


@pytest.mark.parametrize("kind", ["list", "dict"])
def test_predictions_of_several_outputs(model: Model, kind: str) -> None:
    outputs: Any = [np.ones((3, 1)), np.ones((3, 4, 4))]
    if kind == "dict":
        outputs = {"a": outputs[0], "b": outputs[1]}
    found = smoke._repeated(outputs, 10)
    shapes = [part.shape for part in (found.values() if kind == "dict" else found)]
    assert shapes == [(10, 1), (10, 4, 4)]


def test_predictions_of_streams(model: Model) -> None:
    assert model.predict(Batches()).shape == (197, 1)
    assert model.predict(iter([]), steps=50).shape == (500, 1)
    assert model.predict(iter([]), steps=2).shape == (20, 1)
    assert [seen["steps"] for seen in model.seen] == [3, 3, 2]

    class Images(Batches):
        n = 195

    assert model.predict(Images()).shape == (195, 1)

    class Others(Batches):
        n = 20  # not the number of samples

    assert model.predict(Others()).shape == (197, 1)


def test_predictions_of_a_few_steps(model: Model) -> None:
    assert model.predict(X, batch_size=10, steps=5).shape == (50, 2)


# -- answers from memory -----------------------------------------------------------------------------


def test_repeated_calls_are_answered_from_memory(model: Model, told: dict[tuple[str, str], int]) -> None:
    answers = [model.train_on_batch(X[:8], Y[:8]) for _ in range(20)]
    assert len(model.seen) == 4
    assert [answer[0] for answer in answers] == [1, 2, 3, 4] + [4] * 16
    assert told == {
        ("cut", "train_on_batch() of model: calls after the 4th answered with the result before"): 16
    }


def test_answers_are_copies(model: Model) -> None:
    answers = [model.predict(X[:8]) for _ in range(6)]
    for answer in answers:
        answer.fill(1)
    assert (model.predict(X[:8]) == np.arange(16).reshape(8, 2)).all()


@pytest.mark.parametrize("there", [False, True])
def test_tensorboard_is_left_out_where_it_is_not_installed(
    model: Model, told: dict[tuple[str, str], int], monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object() if there else None)
    board, other = type("TensorBoard", (), {})(), type("EarlyStopping", (), {})()
    model.fit(np.zeros((8, 2)), np.zeros(8), callbacks=[board, other])
    assert model.seen[-1]["others"]["callbacks"] == ([board, other] if there else [other])
    skipped = ("skipped", "the callback TensorBoard: tensorboard is not installed")
    assert (skipped in told) is not there


def test_what_differs_really_runs(model: Model) -> None:
    for size in range(1, 20):
        model.train_on_batch(X[:size], Y[:size])
    assert len(model.seen) == 19
    for _ in range(5):
        model.train_on_batch(X[:8], Y[:8])
    assert model.train_on_batch(X[:8], Y[:8], return_dict=True) == {"loss": 23}
    for _ in range(5):
        model.fit(X, Y)
    assert len(model.fit(X, Y, epochs=100).history["loss"]) == 100
    other = Model()
    other.train_on_batch(X[:8], Y[:8])
    assert len(other.seen) == 1


def test_compiling_is_the_start_of_another_training(model: Model) -> None:
    for _ in range(10):
        model.train_on_batch(X[:8], Y[:8])
    model.compile("adam")
    model.train_on_batch(X[:8], Y[:8])
    assert len(model.seen) == 6


def test_calls_that_fail_are_not_answered(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> None:
        raise ValueError("bad")

    monkeypatch.setattr(model, "_see", fail)
    for _ in range(6):
        with pytest.raises(ValueError, match="bad"):
            model.train_on_batch(X[:8], Y[:8])


def test_loops_are_told(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[str] = []
    monkeypatch.setattr(loops, "model_worked", lambda: counts.append("worked"))
    monkeypatch.setattr(loops, "model_answered", lambda: counts.append("answered"))
    for _ in range(6):
        model.train_on_batch(X[:8], Y[:8])
    assert counts == ["worked"] * 4 + ["answered"] * 2


def test_wrong_arguments_are_for_keras_to_refuse(model: Model) -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        model.train_on_batch(X, labels=Y)  # type: ignore[call-arg]


def test_in_full_nothing_is_cut(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_handlers", [])
    model.fit(X, Y, epochs=50)
    for _ in range(10):
        model.train_on_batch(X, Y)
    assert model.seen[0]["epochs"] == 50
    assert rows(model.seen[0]["x"]) == 1000
    assert len(model.seen) == 11


# -- with Keras 3 ------------------------------------------------------------------------------------

REAL = """
import sys, types
import numpy as np
from keras_upgrade.verify.inside import calls, loops, notes, sides, smoke
sides.prepare("keras3")
sides.begin("keras3", True, 0)
calls.install("keras3")
smoke.install()
import keras, tensorflow as tf

x, y = np.random.rand(1000, 4).astype("float32"), np.random.rand(1000, 1).astype("float32")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
batches = []
counter = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(1))

def trained(*args, **kwargs):
    batches.clear()
    history = model.fit(*args, callbacks=[counter], verbose=0, **kwargs)
    return len(batches), {name: len(values) for name, values in history.history.items()}

dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(10)
assert trained(x, y, epochs=9, validation_split=0.2) == (
    3, {"loss": 9, "mae": 9, "val_loss": 9, "val_mae": 9})
assert trained(dataset, epochs=5, validation_data=dataset) == (3, dict.fromkeys(("loss", "mae", "val_loss", "val_mae"), 5))
assert trained(dataset.repeat(), epochs=5, steps_per_epoch=70) == (3, {"loss": 5, "mae": 5})
assert trained(tf.constant(x), tf.constant(y), epochs=2) == (3, {"loss": 2, "mae": 2})
assert trained([x], [y], sample_weight=np.ones(1000)) == (3, {"loss": 1, "mae": 1})

class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 20
    def __getitem__(self, index):
        return x[:7 if index == 19 else 10], y[:7 if index == 19 else 10]

def generator():
    while True:
        yield x[:10], y[:10]

assert trained(Batches(workers=1), validation_data=generator(), validation_steps=10)[0] == 3
assert trained(generator(), steps_per_epoch=10, epochs=3)[0] == 3
assert model.predict(Batches(workers=1), verbose=0).shape == (197, 1)
assert model.predict(x, verbose=0).shape == (1000, 1)
assert model.predict(dataset.map(lambda a, b: a), verbose=0).shape == (1000, 1)
assert len(model.evaluate(x, y, verbose=0)) == 2
assert set(model.evaluate(x, y, verbose=0, return_dict=True)) == {"loss", "mae"}
try:
    import pandas
except ImportError:
    pass
else:
    table = pandas.DataFrame(x, index=np.arange(1000) / 7)
    assert trained(table, pandas.Series(y[:, 0], index=table.index))[0] == 3

try:
    model.fit(x, y[:900], verbose=0)
except ValueError as error:
    assert "cardinality" in str(error).lower(), error
else:
    raise AssertionError("unequal lengths were hidden")

# Loops with steps of the program's own.
@tf.function
def step(a, b):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(a) - b) ** 2)
    model.optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss

import ast
source = "rounds = 0\\nfor epoch in range(50):\\n    for a, b in dataset:\\n        step(a, b)\\n        rounds += 1\\n"
names = {"dataset": dataset, "step": step}
exec(compile(loops.guard(ast.parse(source), "cell 1"), "program", "exec"), names)
assert (names["rounds"], names["epoch"]) == (30, 49), (names["rounds"], names["epoch"])
print("good")
"""


@pytest.mark.slow
def test_on_keras3() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(REAL)],
        env={
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
            "CUDA_VISIBLE_DEVICES": "-1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "KERAS_BACKEND": "tensorflow",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "good\n", done.stderr[-3000:]
