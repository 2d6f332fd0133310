"""Small programs of ours run on Keras 2 (as tf_keras) and on Keras 3 under the recorder, and are compared.

One warmed process for each side forks a child for each program.
"""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_upgrade.verify.compare import Event, Kind, Verdict, compare, probes

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[2] / "src"

WORKER = """
import json, os, sys, time, traceback
side, folder = sys.argv[1:]
from keras_upgrade.verify.inside import calls, notes, recorder, sides
sides.prepare(side)
for program in json.load(open(os.path.join(folder, "programs.json"))):
    ended = os.path.join(folder, program["name"] + ".ended")
    while side == "keras3" and not os.path.exists(ended):  # Keras 3 takes over what Keras 2 saved
        time.sleep(0.05)
    child = os.fork()
    if child == 0:
        name = program["name"]
        try:
            notes.open_stream(os.path.join(folder, name + "." + side))
            sides.begin(side, program["eager"], 1)
            calls.install(side)
            weights = os.path.join(folder, name + ".weights")
            if program["probe"]:
                recorder.install(side)
            else:
                os.makedirs(weights, exist_ok=True)
                recorder.install(side, **{"sync" if side == "keras3" else "save": weights})
            exec(compile(program[side], name + ".py", "exec"), {"__name__": "__main__"})
            recorder.finish()
        except BaseException:
            notes.emit({"event": "failed", "error": traceback.format_exc()})
        os._exit(0)
    os.waitpid(child, 0)
    if side != "keras3":
        open(ended, "w").close()
"""

HEADER = """
import numpy as np
import tensorflow as tf
import keras
from keras.models import Sequential, Model
from keras import layers
from keras.layers import *
"""

DATA = """
np.random.seed(3)
x = np.random.normal(size=(48, 6)).astype("float32")
y = (x[:, :1] > 0).astype("float32")
classes = np.eye(3, dtype="float32")[np.random.randint(0, 3, 48)]
"""

GAN = """
def build():
    d = Sequential([Dense(8, activation="tanh", input_shape=(6,)), Dense(1, activation="sigmoid")], name="critic")
    d.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])
    g = Sequential([Dense(6, input_shape=(2,))], name="generator")
    d.trainable = False
    gan = Sequential([g, d], name="gan")
    gan.compile(loss="binary_crossentropy", optimizer="sgd")
    return g, d, gan
g, d, gan = build()
for step in range(3):
    z = np.random.normal(size=(16, 2))
    fake = g.predict(z, verbose=0)
    {on}
    d.train_on_batch(x[:16], y[:16])
    d.train_on_batch(fake, np.zeros((16, 1)))
    {off}
    gan.train_on_batch(z, np.ones((16, 1)))
"""

REDUCTION = """
from keras {imports}
def loss(y_true, y_pred):
    return {loss}
model = Sequential([Dense(5, activation="relu", input_shape=(6,)), Dense(3)])
model.compile(loss=loss, optimizer="adam")
model.fit(x, classes, batch_size=16, epochs=1, verbose=0)
model.train_on_batch(x[:16], classes[:16])
"""

VAE_2 = """
from keras import backend as K
inputs = Input((6,))
mean, log_var = Dense(2)(inputs), Dense(2)(inputs)
def sample(pair):
    return pair[0] + K.exp(pair[1] / 2) * K.random_normal(shape=(K.shape(pair[0])[0], 2))
z = Lambda(sample)([mean, log_var])
outputs = Dense(6)(z)
vae = Model(inputs, outputs, name="vae")
kl = -0.5 * K.mean(1 + log_var - K.square(mean) - K.exp(log_var))
vae.add_loss(kl)
vae.compile(loss="mse", optimizer="rmsprop")
vae.fit(x, x, batch_size=16, epochs=2, verbose=0, validation_split=0.25)
print(vae.predict(x, verbose=0)[0])
"""

VAE_3 = """
from keras import ops
class Sampling(Layer):
    def call(self, mean, log_var):
        {add_loss}
        return mean + ops.exp(log_var / 2) * keras.random.normal(shape=ops.shape(mean))
inputs = Input((6,))
mean, log_var = Dense(2)(inputs), Dense(2)(inputs)
outputs = Dense(6)(Sampling()(mean, log_var))
vae = Model(inputs, outputs, name="vae")
vae.compile(loss="mse", optimizer="rmsprop")
vae.fit(x, x, batch_size=16, epochs=2, verbose=0, validation_split=0.25)
print(vae.predict(x, verbose=0)[0])
"""
KL = "self.add_loss(-0.5 * ops.mean(1 + log_var - ops.square(mean) - ops.exp(log_var)))"

MIXED = """
rows = x.reshape(48, 6, 1)
inputs = Input((6, 1))
h = LSTM(4, return_sequences=True)(inputs)
h = Bidirectional(GRU(3, reset_after=True))(h)
h = Dropout(0.4)(h)
h = Dense(7, use_bias=True, kernel_initializer=keras.initializers.RandomNormal(stddev=0.02))(h)
h = BatchNormalization()(h)
h = GaussianNoise(0.1)(LeakyReLU()(h))
model = Model(inputs, Dense(1, activation="sigmoid")(h), name="mixed")
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=["accuracy"])
def batches():
    while True:
        at = np.random.randint(0, 40)
        yield rows[at:at + 8], y[at:at + 8]
source = batches()
history = model.{fit}(source, steps_per_epoch=3, epochs=2, verbose=0, validation_data=(rows, y))
model.fit(rows, y, batch_size=16, verbose=0)
model.evaluate(rows, y, verbose=0)
model.test_on_batch(rows, y)
model.train_on_batch(next(source)[0], y[:8])
print(model.predict(rows, verbose=0)[:2])
"""

IMAGES = """
images = np.random.uniform(-1, 1, (24, 12, 12, 2)).astype("float32")
model = Sequential(name="images")
model.add(Conv2D(4, (3, 3), strides=2, padding="same", input_shape=(12, 12, 2)))
model.add(LeakyReLU({slope}=0.2))
model.add(SpatialDropout2D(0.25))
model.add(BatchNormalization(momentum=0.8))
model.add(Conv2DTranspose(3, 3, kernel_initializer="he_normal"))
model.add(AlphaDropout(0.1))
model.add(Flatten())
model.add(Dense(3, activation="softmax", kernel_initializer="orthogonal"))
model.compile(loss="categorical_crossentropy", optimizer="rmsprop", metrics=["acc"])
for step in range(3):
    model.train_on_batch(images[:16], classes[:16])
history = model.fit(images, classes[:24], batch_size=8, epochs=1, verbose=0)
print(model.predict(images, verbose=0)[:2])
"""

LOOP = """
model = Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1)])
optimizer = keras.optimizers.{optimizer}
for step in range(3):
    with tf.GradientTape() as tape:
        noise = tf.random.normal((48, 6))
        loss = tf.reduce_mean(tf.square(model(x + noise) - y))
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
print(model.predict(x, verbose=0)[:2])
"""

FUNCTION = """
class Scaled(Model):
    def __init__(self):
        super().__init__()
        self.dense = Dense(1)
    def call(self, inputs):
        return self.dense(inputs)
model = Scaled()
optimizer = keras.optimizers.{optimizer}
@tf.function
def step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(inputs, training=True) - targets))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss
for batch in tf.data.Dataset.from_tensor_slices((x, y)).shuffle(48).batch(16):
    step(*batch)
model.predict(x, verbose=0)
model.compile(loss="mse", optimizer="sgd")
model.fit(x, y, verbose=0, batch_size=24)
"""

WEIGHTS = """
model = Sequential([Dense(4, input_shape=(6,), kernel_initializer={initializer}), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
model.train_on_batch(x, y)
"""

RATE = """
model = Sequential([Dense(4, input_shape=(6,)), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
model.optimizer.{name} = 0.5
model.train_on_batch(x, y)
"""

UNTRACKED = """
class Scale(Layer):
    def build(self, shape):
        {make}
        super().build(shape)
    def call(self, inputs):
        return inputs * self.w
model = Sequential([Dense(4, input_shape=(6,)), Scale(), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
model.train_on_batch(x, y)
"""


TWO_MODELS = """
optimizer = keras.optimizers.Adam({rate}=0.002, beta_1=0.5)
first = Sequential([Dense(4, activation="tanh", input_shape=(6,)), Dense(1)])
first.compile(loss="mse", optimizer=optimizer)
second = Sequential([Dense(3, activation="tanh", input_shape=(6,)), Dense(1)])
second.compile(loss="mse", optimizer={second})
for step in range(3):
    first.train_on_batch(x[:16], y[:16])
    first.train_on_batch(x[16:32], y[16:32])
    second.train_on_batch(x[32:], y[32:])
second.fit(x, y, batch_size=16, epochs=2, verbose=0)
"""


@dataclass(frozen=True)
class Program:
    """One program on both sides."""

    before: str
    after: str
    eager: bool = True
    probe: bool = False


def gan(on: str = "pass", off: str = "pass") -> str:
    return GAN.format(on=on, off=off)


def reduction(loss: str, imports: str = "import backend as K") -> str:
    return REDUCTION.format(loss=loss, imports=imports)


RIGHT_GAN = gan("d.trainable = True", "d.trainable = False")
SQUARED = "K.mean(K.square(y_true - y_pred), axis=-1)"
CROSSED = "K.categorical_crossentropy(y_true, K.softmax(y_pred))"
OPS = "import ops"
MIXED_2 = MIXED.format(fit="fit_generator")
MIXED_3 = MIXED.format(fit="fit")
RECURRENT_DROPOUT = """
model = Sequential([LSTM(3, dropout=0.2, input_shape=(6, 1)), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
model.fit(x.reshape(48, 6, 1), y, verbose=0)
model.train_on_batch(x.reshape(48, 6, 1), y)
model.predict(x.reshape(48, 6, 1), verbose=0)
"""
FIXED = "self.w = self.add_weight(shape=(4,), initializer='ones', name='w')"

ONE_ADAM = TWO_MODELS.format(rate="lr", second="optimizer")
OWN_ADAM = "keras.optimizers.Adam(learning_rate={}, beta_1=0.5)"

PROGRAMS = {
    "gan": Program(gan(), gan()),
    "gan probed": Program(gan(), gan(), probe=True),
    "reduction": Program(reduction(SQUARED), reduction("ops.sum(ops.square(y_true - y_pred), axis=-1)", OPS)),
    "dropped loss": Program(VAE_2, VAE_3.format(add_loss="pass")),
    "swapped": Program(
        reduction(CROSSED), reduction("ops.categorical_crossentropy(ops.softmax(y_pred), y_true)", OPS)
    ),
    "initializer": Program(
        WEIGHTS.format(initializer="keras.initializers.RandomNormal(stddev=0.02)"),
        WEIGHTS.format(initializer="keras.initializers.RandomNormal()"),
    ),
    "rate": Program(RATE.format(name="lr"), RATE.format(name="lr")),
    "rate of a second optimizer": Program(
        ONE_ADAM, TWO_MODELS.format(rate="learning_rate", second=OWN_ADAM.format(0.001))
    ),
    "untracked": Program(
        UNTRACKED.format(make="self.w = tf.Variable(np.ones(4, 'float32'))"),
        UNTRACKED.format(make="self.w = tf.Variable(np.ones(4, 'float32'))"),
    ),
    "recurrent dropout": Program(RECURRENT_DROPOUT, RECURRENT_DROPOUT),
    "right gan": Program(gan(), RIGHT_GAN),
    "right optimizers": Program(
        ONE_ADAM, TWO_MODELS.format(rate="learning_rate", second=OWN_ADAM.format(0.002))
    ),
    "right optimizers in a graph": Program(
        ONE_ADAM, TWO_MODELS.format(rate="learning_rate", second=OWN_ADAM.format(0.002)), eager=False
    ),
    "right gan in a graph": Program(gan(), RIGHT_GAN, eager=False),
    "right reduction": Program(
        reduction(SQUARED), reduction("ops.mean(ops.square(y_true - y_pred), axis=-1)", OPS), eager=False
    ),
    "right crossentropy": Program(
        reduction(CROSSED), reduction("ops.categorical_crossentropy(y_true, ops.softmax(y_pred))", OPS)
    ),
    "right vae": Program(VAE_2, VAE_3.format(add_loss=KL)),
    "right vae in a graph": Program(VAE_2, VAE_3.format(add_loss=KL), eager=False),
    "right mixed": Program(MIXED_2, MIXED_3),
    "right mixed in a graph": Program(MIXED_2, MIXED_3, eager=False),
    "right images in a graph": Program(
        IMAGES.format(slope="alpha"), IMAGES.format(slope="negative_slope"), eager=False
    ),
    "right loop": Program(
        LOOP.format(optimizer="Adam(lr=0.01)"), LOOP.format(optimizer="Adam(learning_rate=0.01)")
    ),
    "right function": Program(
        FUNCTION.format(optimizer="SGD(lr=0.1)"), FUNCTION.format(optimizer="SGD(learning_rate=0.1)")
    ),
    "right weights": Program(
        WEIGHTS.format(initializer="'lecun_uniform'"), WEIGHTS.format(initializer="'lecun_uniform'")
    ),
    "right rate": Program(RATE.format(name="lr"), RATE.format(name="learning_rate"), eager=False),
    "right scale": Program(UNTRACKED.format(make=FIXED), UNTRACKED.format(make=FIXED)),
}


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[Event], list[Event]]]:
    """What the recorder told on both sides, by program."""
    folder = tmp_path_factory.mktemp("recorded")
    programs = [
        {
            "name": name,
            "tf_keras": HEADER + DATA + program.before,
            "keras3": HEADER + DATA + program.after,
            "eager": program.eager,
            "probe": program.probe,
        }
        for name, program in PROGRAMS.items()
    ]
    (folder / "programs.json").write_text(json.dumps(programs))
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(side, folder)) for side in ("tf_keras", "keras3")]
        assert [process.wait(300) for process in workers] == [0, 0]
    return {name: (read(folder / f"{name}.tf_keras"), read(folder / f"{name}.keras3")) for name in PROGRAMS}


def worker(side: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "MPLBACKEND": "Agg",
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, side, str(folder)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def read(path: Path) -> list[Event]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def compared(events: dict[str, tuple[list[Event], list[Event]]], name: str) -> Verdict:
    for side in events[name]:
        assert [event["error"] for event in side if event["event"] in ("failed", "recorder")] == []
    return compare(*events[name])


def sentences(verdict: Verdict) -> list[str]:
    return [difference.sentence for difference in verdict.differences]


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name.startswith("right")])
def test_right_migrations_are_the_same(events: dict[str, tuple[list[Event], list[Event]]], name: str) -> None:
    verdict = compared(events, name)
    assert sentences(verdict) == []
    assert verdict.kind is Kind.SAME
    assert verdict.compared > 0
    assert verdict.structural == (1 if name == "right function" else 0)


TRAPS = {
    "gan": "call 2, train_on_batch of model 2 (d): 0 of 4 weight tensors changed; on Keras 2 all 4 did; "
    "none of them is trainable there",
    "reduction": "(3 times as large)",
    "dropped loss": "call 1, fit of model 1 (vae): loss of the first batch is 3.291, on Keras 2 it was 4.91",
    "swapped": "call 1, fit of model 1 (model): loss of the first batch is 9.623, on Keras 2 it was 1.183",
    "initializer": "1 weight tensor does not start as on Keras 2 (sequential/dense/kernel: drawn from "
    "normal(0, 0.05), on Keras 2 from normal(0, 0.02))",
    "rate": "the learning rate is 0.01, on Keras 2 it was 0.5",
    "untracked": "the model has 33 parameters, on Keras 2 37",
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps_differ(events: dict[str, tuple[list[Event], list[Event]]], name: str) -> None:
    verdict = compared(events, name)
    assert verdict.kind is Kind.DIFFERS
    assert TRAPS[name] in verdict.sentence


def test_an_ignored_learning_rate_shows_in_the_weights(
    events: dict[str, tuple[list[Event], list[Event]]],
) -> None:
    verdict = compared(events, "rate")
    assert [difference.what for difference in verdict.differences] == ["learning rate", "movement"]
    assert "the weights moved 0.02 times as far as on Keras 2" in sentences(verdict)[1]


def test_the_steps_of_an_optimizer_for_two_models_are_told_from_a_wrong_rate(
    events: dict[str, tuple[list[Event], list[Event]]],
) -> None:
    right = compared(events, "right optimizers")
    assert any("one optimizer counted the steps of several models" in note for note in right.notes)
    wrong = compared(events, "rate of a second optimizer")
    assert {difference.what for difference in wrong.differences} >= {"learning rate", "movement"}


def test_noise_that_the_versions_do_not_share_is_compared_structurally(
    events: dict[str, tuple[list[Event], list[Event]]],
) -> None:
    verdict = compared(events, "recurrent dropout")
    assert sentences(verdict) == []
    assert (verdict.compared, verdict.structural) == (1, 2)  # training, but not what follows it
    assert any("draws noise" in note for note in verdict.notes)


def test_a_single_run_shows_what_stopped_training(
    events: dict[str, tuple[list[Event], list[Event]]],
) -> None:
    before, after = events["gan probed"]
    assert probes(before) == []
    assert probes(after) == [
        "call 2, train_on_batch of model 2 (d): training changed none of its 4 weight tensors "
        "(0 of them are trainable now)"
    ]
    assert "synced" not in after[0]


def test_every_call_is_told_with_its_names_and_shapes(
    events: dict[str, tuple[list[Event], list[Event]]],
) -> None:
    for side in events["right mixed"]:
        calls = [event for event in side if event["event"] == "call"]
        methods = ["fit", "fit", "evaluate", "test_on_batch", "train_on_batch", "predict"]
        assert [event["method"] for event in calls] == methods
        assert [event["number"] for event in calls] == [1, 2, 3, 4, 5, 6]
        assert calls[0]["in"] == ["stream"]
        assert calls[1]["in"] == [[48, 6, 1]]
        assert calls[5]["out"] == [[48, 1]]
        assert calls[0]["keys"] == ["accuracy", "loss", "val_accuracy", "val_loss"]
        assert calls[2]["names"] == ["loss", "accuracy"]
        assert all(event["noise"] for event in calls)
        assert calls[2]["changed"] == calls[5]["changed"] == []
        assert len(calls[1]["changed"]) == calls[1]["tensors"] - calls[1]["moving"]
        assert len(calls[1]["moving_changed"]) == calls[1]["moving"] == 2
        assert side[-1] == {"event": "calls", "totals": side[-1]["totals"]}
    assert all(event["synced"] for event in calls)


def test_loops_of_the_program_are_recorded(
    events: dict[str, tuple[list[Event], list[Event]]],
) -> None:
    for side in events["right loop"]:
        steps = [event for event in side if event.get("method") == "apply_gradients"]
        assert [event["variables"] for event in steps] == [[[1], [4], [4, 1], [6, 4]]] * 3
        assert [event["with_gradient"] for event in steps] == [4] * 3
        assert all(event["norm"] > 0 for event in steps)
    for side in events["right function"]:
        (step,) = [event for event in side if event.get("method") == "apply_gradients"]
        assert step["traced"]
        assert step["norm"] is None
