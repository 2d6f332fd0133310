"""Every rewrite of the tables of names and arguments is written by the tool and run on Keras 3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import batched

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.knowledge import arguments, identifiers, members, moved, surface
from keras_upgrade.knowledge.arguments import Dropped, NewDefault, Renamed, Revalued
from keras_upgrade.knowledge.tables import load

from .harness import Side, run

pytestmark = pytest.mark.slow

_RUN_ALL = """\
import json
result = {}
for name, program in json.loads(PROGRAMS).items():
    space = {}
    try:
        exec(program, space)
        result[name] = space.get("result")
    except Exception as error:
        result[name] = f"{type(error).__name__}: {error}"[:300]
"""


def results(programs: dict[str, str], side: Side = "keras3") -> dict[str, object]:
    """What each program's `result` is, or its error's text."""
    found: dict[str, object] = {}
    for part in batched(programs.items(), 400):
        program = f"PROGRAMS = {json.dumps(dict(part))!r}\n{_RUN_ALL}"
        ended = run(program, side, capture=["result"], eager=True)
        assert ended.ok, ended.traceback
        found.update(ended.values["result"])
    return found


def migrated(program: str) -> str:
    """What the tool writes for a program."""
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome.document.source


# -- names ---------------------------------------------------------------------------------------------------


def _moved_names() -> list[str]:
    """The names of classes, functions and modules that have another place today."""
    return [path for path in load("moved")["moved"] if "." in path.removeprefix("keras.")]


def test_every_moved_name_is_imported_from_its_new_place() -> None:
    paths = _moved_names()
    assert len(paths) > 1600
    programs = {}
    for path in paths:
        module, _, name = path.rpartition(".")
        new = moved.lookup(path)
        if new is None or new.new is None or "." not in new.new:
            continue  # the same place in `keras`, gone from `tf.keras` only; or a module that is no more, for the user
        programs[path] = migrated(f"from {module} import {name} as thing\nresult = thing is not None\n")
    assert len(programs) > 1600
    assert {path: value for path, value in results(programs).items() if value is not True} == {}


# -- arguments -----------------------------------------------------------------------------------------------

_HOMES = (
    "layers",
    "optimizers",
    "losses",
    "metrics",
    "initializers",
    "regularizers",
    "constraints",
    "callbacks",
)
_NEEDED = {
    "keras.layers.Bidirectional": "layer=keras.layers.LSTM(2)",
    "keras.layers.TimeDistributed": "layer=keras.layers.Dense(2)",
    "keras.layers.Wrapper": "layer=keras.layers.Dense(2)",
    "keras.layers.SpectralNormalization": "layer=keras.layers.Dense(2)",
    "keras.layers.RNN": "cell=keras.layers.LSTMCell(2)",
    "keras.layers.StackedRNNCells": "cells=[keras.layers.LSTMCell(2)]",
    "keras.layers.EinsumDense": "equation='ab,bc->ac', output_shape=3",
    "keras.layers.Lambda": "function=keras.ops.abs",
    "keras.layers.CategoryEncoding": "num_tokens=3",
    "keras.layers.Discretization": "num_bins=3",
    "keras.layers.TFSMLayer": None,
    "keras.layers.TorchModuleWrapper": None,
    "keras.layers.JaxLayer": None,
    "keras.layers.FlaxLayer": None,
    "keras.optimizers.Optimizer": None,
    "keras.optimizers.LossScaleOptimizer": "inner_optimizer=keras.optimizers.SGD()",
    "keras.metrics.MeanMetricWrapper": "fn=keras.losses.mean_squared_error",
}
"""Arguments that a class has to be given; None for one that needs another library, or only has subclasses."""
_BY_NAME = {
    "axes": "1",
    "backup_dir": "'backup'",
    "bin_boundaries": "[0.0, 1.0]",
    "class_id": "1",
    "cropping": "1",
    "dims": "(1,)",
    "factor": "0.1",
    "filepath": "'model.keras'",
    "filename": "'log.csv'",
    "filters": "2",
    "height": "2",
    "input_dim": "5",
    "kernel_size": "2",
    "max_value": "1.0",
    "n": "2",
    "num_bins": "3",
    "num_classes": "2",
    "num_heads": "1",
    "key_dim": "2",
    "num_key_value_heads": "1",
    "num_query_heads": "1",
    "head_dim": "2",
    "num_tokens": "3",
    "output_dim": "2",
    "pool_size": "2",
    "precision": "0.5",
    "rate": "0.5",
    "recall": "0.5",
    "schedule": "(lambda epoch: 0.1)",
    "sensitivity": "0.5",
    "specificity": "0.5",
    "stddev": "1.0",
    "target_class_ids": "[0]",
    "target_shape": "(2,)",
    "units": "3",
    "value_range": "(0, 1)",
    "width": "2",
}
"""A value for each parameter without a default, by its name."""
_OLD_VALUES = {
    "W_constraint": "'max_norm'",
    "U_regularizer": "'l2'",
    "W_regularizer": "'l2'",
    "alpha": "0.2",
    "atrous_rate": "1",
    "b_constraint": "'max_norm'",
    "b_regularizer": "'l2'",
    "backend": "None",
    "batch_input_shape": "(1, 2)",
    "beta_init": "'zeros'",
    "bias": "True",
    "bins": "[0.0, 1.0]",
    "border_mode": "'same'",
    "consume_less": "'cpu'",
    "dim_ordering": "'tf'",
    "dropout_U": "0.5",
    "dropout_W": "0.5",
    "dtype": "'float32'",
    "epsilon": "0.5",
    "filter_length": "2",
    "fused": "True",
    "gamma_init": "'ones'",
    "init": "'uniform'",
    "inner_activation": "'sigmoid'",
    "inner_init": "'orthogonal'",
    "input_shape": "(2,)",
    "l": "0.5",
    "loss_scale": "'dynamic'",
    "lr": "0.5",
    "m": "2",
    "max_tokens": "3",
    "nb_filter": "2",
    "on_batch_begin": "None",
    "on_batch_end": "None",
    "output_dim": "3",
    "output_mode": "'binary'",
    "p": "0.5",
    "pool_length": "2",
    "sigma": "0.5",
    "stride": "1",
    "subsample": "1",
    "subsample_length": "1",
    "theta": "0.5",
}
"""What a program gives for an old argument."""


def _classes() -> Iterator[str]:
    """The classes of Keras 2 with changed arguments that Keras 3 has under the same name."""
    for path in load("changed"):
        home = path.split(".")[1]
        if (
            home in _HOMES
            and path.count(".") == 2
            and surface.exists(path)
            and path.split(".")[2][0].isupper()
        ):
            yield path


def _calls() -> Iterator[tuple[str, str, str | None, str]]:
    """(path, old argument, new argument, value) for every rewrite of a keyword."""
    for path in _classes():
        for name, change in arguments.changes(path).items():
            if isinstance(change, Renamed):
                value = (change.only or (_OLD_VALUES[name],))[0]
                yield path, name, change.new, value
            elif isinstance(change, Revalued):
                for value in change.values:
                    yield path, name, name, value
            elif isinstance(change, Dropped):
                yield path, name, None, (change.only or (_OLD_VALUES.get(name, "True"),))[0]


def test_every_argument_is_taken_under_its_new_name() -> None:
    needed = _required(sorted({path for path, *_ in _calls()}))
    programs, written, originals = {}, {}, {}
    for path, name, new, value in _calls():
        others = needed.get(path)
        if others is None:
            continue
        given = [text for text in others if text.partition("=")[0] not in (new, name)]
        given = given if name != "bins" else []
        program = f"import keras\nresult = {path}({', '.join([*given, f'{name}={value}'])})\n"
        text = migrated(program)
        assert text != program, program
        written[f"{path} {name}={value}"] = text
        programs[f"{path} {name}={value}"] = f"{text}result = type(result).__name__\n"
        originals[f"{path} {name}={value}"] = f"{program}result = type(result).__name__\n"
    assert len(programs) > 600
    found = results(programs)
    wrong = {
        f"{name}: {written[name]}": value
        for name, value in found.items()
        if not isinstance(value, str) or ":" in value
    }
    assert wrong == {}
    # The spellings of Keras 1, and of TensorFlow 1, are refused by the Keras 2 that the tests have.
    before = {name: kind for name, kind in results(originals, "keras2").items() if ":" not in str(kind)}
    assert len(before) > 150
    assert {name: kind for name, kind in before.items() if kind != found[name]} == {}


def _required(paths: Sequence[str]) -> dict[str, list[str] | None]:
    """The arguments that each class of Keras 3 cannot do without, as texts; None where it cannot be made here."""
    program = (
        "import inspect, keras\n"
        f"paths = {list(paths)!r}\n"
        "result = {}\n"
        "for path in paths:\n"
        "    cls = eval(path)\n"
        "    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]\n"
        "    result[path] = [p.name for p in parameters if p.default is p.empty and p.kind == p.POSITIONAL_OR_KEYWORD]\n"
    )
    ended = run(program, "keras3", capture=["result"])
    assert ended.ok, ended.traceback
    found: dict[str, list[str] | None] = {}
    for path, names in ended.values["result"].items():
        if path in _NEEDED:
            own = _NEEDED[path]
            found[path] = None if own is None else [own]
        else:
            found[path] = [f"{name}={_BY_NAME.get(name, '0.1')}" for name in names]
    return found


def test_every_default_that_matters_is_written_out() -> None:
    needed = _required(sorted(set(_classes())))
    programs = {}
    for path in _classes():
        others = needed.get(path)
        for name, change in arguments.changes(path).items():
            if not isinstance(change, NewDefault) or not change.matters or others is None:
                continue
            given = [text for text in others if text.partition("=")[0] != name]
            # A second line that only Keras 2 has says for which Keras the program was written.
            program = (
                "import keras\nfrom keras.layers.core import Dense\n"
                f"result = {path}({', '.join(given)})\nother = Dense(1)\n"
            )
            text = migrated(program)
            if change.new is None or {"keras", "2.15"} & set(change.until):
                assert f"{name}={change.old}" in text, text
            programs[f"{path} {name}"] = f"{text}result = type(result).__name__\n"
    assert len(programs) > 15
    assert [n for n, v in results(programs).items() if not isinstance(v, str) or ":" in v] == []


# -- arguments of methods and functions -----------------------------------------------------------------------

_MODEL = (
    "import keras\nimport numpy as np\nimport tensorflow as tf\n"
    "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
    "x, y = np.ones((4, 2)), np.ones((4, 1))\n"
)
_COMPILED = f"{_MODEL}model.compile('sgd', 'mse')\n"
_LAYER = (
    "import keras\n"
    "class Own(keras.layers.Layer):\n"
    "    def build(self, input_shape):\n"
    "        self.w = self.{}\n"
    "    def call(self, inputs):\n"
    "        {}\n"
    "        return inputs\n"
    "Own()(keras.ops.ones((1, 2)))\n"
)
_PICTURE = "import keras\nimport numpy as np\nkeras.utils.save_img('p.png', np.ones((4, 4, 3)))\n"
_USES = {
    "keras.Model.compile": f"{_MODEL}model.compile('sgd', 'mse', GIVEN)\n",
    "keras.Model.fit": f"{_COMPILED}model.fit(x, y, verbose=0, GIVEN)\n",
    "keras.Model.evaluate": f"{_COMPILED}model.evaluate(x, y, verbose=0, GIVEN)\n",
    "keras.Model.predict": f"{_COMPILED}model.predict(x, GIVEN)\n",
    "keras.Model.train_on_batch": f"{_COMPILED}model.train_on_batch(x, y, GIVEN)\n",
    "keras.Model.test_on_batch": f"{_COMPILED}model.test_on_batch(x, y, GIVEN)\n",
    "keras.Model.save": f"{_COMPILED}model.save('m.keras', GIVEN)\n",
    "keras.Model.save_weights": f"{_COMPILED}model.save_weights('m.weights.h5', GIVEN)\n",
    "keras.Model.load_weights": (
        f"{_COMPILED}model.save_weights('m.weights.h5')\nmodel.load_weights('m.weights.h5', GIVEN)\n"
    ),
    "keras.models.save_model": f"{_COMPILED}keras.models.save_model(model, 'm.keras', GIVEN)\n",
    "keras.models.load_model": (
        f"{_COMPILED}model.save('m.keras')\nkeras.models.load_model('m.keras', GIVEN)\n"
    ),
    "keras.layers.Layer.add_weight": _LAYER.format("add_weight(shape=(1,), name='w', GIVEN)", "pass"),
    "keras.layers.Layer.add_loss": _LAYER.format("add_weight(shape=(1,), name='w')", "self.add_loss(GIVEN)"),
    "keras.optimizers.Optimizer.apply_gradients": (
        f"{_MODEL}optimizer = keras.optimizers.SGD()\nw = tf.Variable([1.0])\n"
        "optimizer.apply_gradients([(tf.constant([1.0]), w)], GIVEN)\n"
    ),
    "keras.activations.relu": "import keras\nkeras.activations.relu(keras.ops.ones((2,)), GIVEN)\n",
    "keras.utils.to_categorical": "import keras\nkeras.utils.to_categorical(GIVEN)\n",
    "keras.utils.load_img": f"{_PICTURE}keras.utils.load_img('p.png', GIVEN)\n",
    "keras.preprocessing.image.load_img": f"{_PICTURE}keras.preprocessing.image.load_img('p.png', GIVEN)\n",
    "keras.preprocessing.text.Tokenizer": (
        "from keras.preprocessing.text import Tokenizer\nTokenizer(GIVEN)\n"
    ),
    "keras.preprocessing.text.text_to_word_sequence": (
        "from keras.preprocessing.text import text_to_word_sequence\ntext_to_word_sequence(GIVEN)\n"
    ),
    "keras.backend.set_epsilon": "from keras import backend as K\nK.set_epsilon(GIVEN)\n",
    "keras.backend.set_floatx": "from keras import backend as K\nK.set_floatx(GIVEN)\n",
    "keras.applications.MobileNet": (
        "import keras\nkeras.applications.MobileNet((32, 32, 3), 0.25, weights=None, include_top=False, GIVEN)\n"
    ),
}
"""Programs with a call of each method or function, with GIVEN for the argument."""
_GIVEN = {
    "dtype": "y=[0, 1], dtype='float32'",
    "e": "e=1e-7",
    "experimental_steps_per_execution": "experimental_steps_per_execution=1",
    "floatx": "floatx='float32'",
    "inputs": "losses=keras.ops.ones((1,)), inputs=None",
    "losses": "losses=keras.ops.ones((1,))",
    "name": "name=None",
    "nb_classes": "y=[0, 1], nb_classes=2",
    "nb_epoch": "nb_epoch=1",
    "nb_words": "nb_words=3",
    "pss_evaluation_shards": "pss_evaluation_shards=0",
    "sample_weight_mode": "sample_weight_mode=None",
    "text": "text='a b'",
    "y": "y=[0, 1]",
}
"""What is written for an argument, where more than the argument itself is needed."""


def test_every_argument_of_methods_and_functions() -> None:
    programs, written = {}, {}
    for path, program in _USES.items():
        for name, change in arguments.changes(path).items():
            if not isinstance(change, Renamed | Dropped):
                continue
            value = (change.only or (_OLD_VALUES.get(name, "True"),))[0]
            text = migrated(program.replace("GIVEN", _GIVEN.get(name, f"{name}={value}")))
            written[f"{path} {name}"] = text
            assert f"{name}={value}" not in text, text
            programs[f"{path} {name}"] = f"{text}result = True\n"
    assert len(programs) > 60
    wrong = {f"{n}: {written[n]}": value for n, value in results(programs).items() if value is not True}
    assert wrong == {}


# -- arguments by position -----------------------------------------------------------------------------------

_BY_POSITION = {
    "k.losses.BinaryCrossentropy(True, 0.1, -1, 'sum', 'own')": ("reduction", "name", "label_smoothing"),
    "k.losses.CategoricalCrossentropy(True, 0.1, -1, 'sum', 'own')": ("reduction", "name", "label_smoothing"),
    "k.losses.SparseCategoricalCrossentropy(True, None, 'sum')": ("reduction", "from_logits"),
    "k.metrics.SparseCategoricalCrossentropy('own', None, True, -1)": ("name", "from_logits", "axis"),
    "k.metrics.SensitivityAtSpecificity(0.5, 50, None, 'own')": ("name", "num_thresholds"),
    "k.metrics.SpecificityAtSensitivity(0.5, 50, None, 'own')": ("name", "num_thresholds"),
    "k.layers.Embedding(5, 2, 'ones', None, None, None, True)": ("mask_zero", "output_dim"),
    "k.layers.Conv1D(2, 3, 1, 'same', None, 1, 1, 'relu', False)": ("activation", "use_bias", "groups"),
    "k.layers.Conv2D(2, 3, 1, 'same', None, 1, 1, 'relu', False)": ("activation", "use_bias", "groups"),
    "k.layers.Conv3D(2, 3, 1, 'same', None, 1, 1, 'relu', False)": ("activation", "use_bias", "groups"),
    "k.layers.RandomContrast(0.5, 3)": ("seed",),
    "k.optimizers.Adam(0.5, 0.25, 0.5, 0.125)": ("beta_2", "epsilon"),
    "k.optimizers.SGD(0.5, 0.25, True)": ("momentum", "nesterov"),
    "k.Sequential([k.layers.Dense(1, input_shape=(2,))], 'own')": ("name",),
}
"""Calls of classes with all arguments by position, and what to look at in the object's configuration."""


def test_arguments_by_position_mean_the_same() -> None:
    for call, names in _BY_POSITION.items():
        program = (
            "from tensorflow import keras as k\nfrom keras.layers.core import Dense\nother = Dense(1)\n"
            f"config = {call}.get_config()\nresult = [config[name] for name in {names!r}]\n"
        )
        before = run(program, "keras2", capture=["result"], eager=True)
        after = run(migrated(program), "keras3", capture=["result"])
        assert before.ok, (call, before.traceback)
        assert after.ok, (call, after.traceback)
        assert before.values["result"] == after.values["result"], call


def test_the_old_place_of_the_activation_of_convolutions() -> None:
    """Standalone Keras had it where the number of groups is today."""
    for name in ("Conv1D", "Conv2D", "Conv3D"):
        program = (
            f"from keras.layers import {name}\nfrom keras.layers.core import Dense\nother = Dense(1)\n"
            f"config = {name}(2, 3, 1, 'same', None, 1, 'relu', False).get_config()\n"
            "result = [config['activation'], config['use_bias']]\n"
        )
        after = run(migrated(program), "keras3", capture=["result"])
        assert after.ok, after.traceback
        assert after.values["result"] == ["relu", False]


# -- members -------------------------------------------------------------------------------------------------

_OBJECTS = """\
import keras, numpy as np
model = keras.Sequential([keras.Input((3, 2)), keras.layers.LSTM(2), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(), "mse")
model.fit(np.ones((4, 3, 2)), np.ones((4, 1)), verbose=0)
inputs = keras.Input((2,))
functional = keras.Model(inputs, keras.layers.Dense(1)(inputs))
metric = keras.metrics.Mean()
metric.update_state(1.0)
lookup = keras.layers.StringLookup(vocabulary=["a", "b"])
lookup(keras.Input((1,), dtype="string"))
objects = {
    "keras.layers.LSTM": model.layers[0],
    "keras.layers.Dense": model.layers[1],
    "keras.Sequential": model,
    "keras.Model": functional,
    "keras.optimizers.Adam": model.optimizer,
    "keras.metrics.Mean": metric,
    "keras.layers.StringLookup": lookup,
    "keras.callbacks.Callback": keras.callbacks.Callback(),
}
result = {}
for path, expression in EXPRESSIONS:
    try:
        result[path, expression] = eval(expression, {"self": objects[path]}) is not None
    except Exception as error:
        result[path, expression] = f"{type(error).__name__}: {error}"
"""
_ABSENT_HERE = {
    "self._keras_history",  # of tensors
    "self.shape",
    "self.scale_loss",  # of an optimizer that scales losses
    "self.get_dropout_mask",  # of cells
    "self.get_recurrent_dropout_mask",
    "self.states",  # None before the first call
}


def test_every_new_member_is_there() -> None:
    layers = ("layers.LSTM", "layers.Dense", "layers.StringLookup")
    classes = (*layers, "Sequential", "Model", "optimizers.Adam", "metrics.Mean", "callbacks.Callback")
    expressions = sorted(
        {
            (f"keras.{name}", member.new.replace("{}", "0"))
            for name in classes
            for member in members.of(f"keras.{name}").values()
            if member.new and member.how != "advise" and member.new not in _ABSENT_HERE
        }
    )
    assert len(expressions) > 40
    ended = run(f"EXPRESSIONS = {expressions!r}\n{_OBJECTS}", "keras3", capture=["sorted(result.items())"])
    assert ended.ok, ended.traceback
    found = ended.values["sorted(result.items())"]
    assert [f"{path} {text}: {value}" for (path, text), value in found if not isinstance(value, bool)] == []


# -- names in texts ------------------------------------------------------------------------------------------


def test_every_text_is_known() -> None:
    groups = {
        "losses": identifiers.LOSSES,
        "metrics": identifiers.METRICS,
        **{
            f"{kind}s": identifiers.of_layer_argument(kind)
            for kind in ("activation", "initializer", "regularizer")
        },
        "constraints": identifiers.of_layer_argument("constraint"),
    }
    programs = {
        f"{group} {old}": f"import keras\nresult = keras.{group}.get({entry.new}) is not None\n"
        for group, table in groups.items()
        for old, entry in table.items()
    }
    assert len(programs) == sum(len(table) for table in groups.values()) > 15
    assert {name: value for name, value in results(programs).items() if value is not True} == {}
