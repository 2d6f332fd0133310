"""How the arguments of Keras 2 classes, functions and methods changed.

`changes("keras.layers.Conv2D")` gives what became of each argument that a Keras 1 or Keras 2 program may pass
by keyword; `order` the old positional order where it is another one today. Shared arguments are kept once, by
group: all layers, all optimizers, all losses, ... `CALLS` holds classes whose whole call turns into another
one.

Paths are canonical (`keras.` also for `tf.keras`); aliases and old places (`keras.layers.core.Dropout`,
`keras.models.Model`, `keras.layers.Convolution2D`) are followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from keras_upgrade.knowledge import moved, surface
from keras_upgrade.knowledge.backend import Row
from keras_upgrade.knowledge.surface import Surface
from keras_upgrade.knowledge.tables import load
from keras_upgrade.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

type How = Literal["safe", "review"]
_NO_VALUES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Renamed:
    """The argument has another name: `lr` became `learning_rate`.

    Attributes:
        new: its name today.
        values: literals (as Python text) that are written in another way today; other values stay as they
            are.
        only: if not empty, the literals for which the renaming is right; any other value needs a person.
    """

    new: str
    how: How = "safe"
    note: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)
    only: tuple[str, ...] = ()
    special: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The argument is gone, and leaving it out is right.

    Attributes:
        only: if not empty, the literals (as Python text) for which that is so.
        otherwise: what to do with any other value: `advise` a person, or `keep` the argument.
    """

    how: How = "safe"
    note: str = ""
    only: tuple[str, ...] = ()
    otherwise: Literal["advise", "keep"] = "advise"
    special: str = ""


@dataclass(frozen=True, slots=True)
class Revalued:
    """The argument stays; some literals (as Python text) are written in another way."""

    values: Mapping[str, str]
    how: How = "safe"
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewDefault:
    """The argument stays, its default is another one: a call without it means another thing.

        Attributes:
            old: the old default, as Python text.
            new: the default today; None if the argument is required today.
            until: where the old default held: "keras" (standalone Keras up to 2.3), "keras2.2" (up to 2.2), "tf1"
    (tf.keras of TF 1), "2.15" (all Keras 2).
            position: the argument's place among the positional ones, from 0.
            matters: whether a program does something else for it than showing itself.
    """

    old: str
    new: str | None
    until: tuple[str, ...]
    note: str = ""
    position: int = 0
    matters: bool = True


@dataclass(frozen=True, slots=True)
class Advised:
    """The argument is not taken, or ignored, and what to do depends on the program; `special` may name a
    rule.
    """

    note: str
    special: str = ""


Change = Renamed | Dropped | Revalued | NewDefault | Advised
Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Order:
    """The positional parameters of Keras 2; from index `same` on they have to be given by keyword today."""

    names: tuple[str, ...]
    same: int


# ------------------------------------------------------------------------------------------------------------
# Layers.

_TH = {"'th'": "'channels_first'", "'tf'": "'channels_last'", "'default'": "None"}
_KERAS1 = "A name of Keras 1."


def _k1(new: str) -> Renamed:
    return Renamed(new, note=_KERAS1)


_KERNEL_AND_BIAS = ("kernel_initializer", "bias_initializer")
INITIAL_WEIGHTS: Mapping[str, tuple[str, ...]] = {
    "BatchNormalization": (
        "gamma_initializer",
        "beta_initializer",
        "moving_mean_initializer",
        "moving_variance_initializer",
    ),
    "Conv1D": _KERNEL_AND_BIAS,
    "Conv2D": _KERNEL_AND_BIAS,
    "Conv2DTranspose": _KERNEL_AND_BIAS,
    "Conv3D": _KERNEL_AND_BIAS,
    "Dense": _KERNEL_AND_BIAS,
    "GRU": ("kernel_initializer", "recurrent_initializer", "bias_initializer"),
    "LSTM": ("kernel_initializer", "recurrent_initializer", "bias_initializer"),
    "SimpleRNN": ("kernel_initializer", "recurrent_initializer", "bias_initializer"),
}
"""The initializers of the weights that `weights=[...]` gave, in its order."""

_LAYER: Changes = {
    "batch_input_shape": Advised(
        "Layers take no `batch_input_shape`: begin the model with `keras.Input(batch_shape=...)`.",
        "batch_input_shape",
    ),
    "batch_size": Advised(
        "Layers take no `batch_size`: begin the model with `keras.Input(shape, batch_size=...)`.",
        "batch_input_shape",
    ),
    "input_dtype": Advised(
        "Layers take no `input_dtype`: `keras.Input(shape, dtype=...)`.", "batch_input_shape"
    ),
    "input_length": Advised(
        "Layers take no `input_length`: begin the model with `keras.Input((input_length, input_dim))`.",
        "input_length",
    ),
    "weights": Advised(
        "Layers take no `weights`: call `layer.set_weights(weights)` when it is built, or give constant "
        "initializers.",
        "weights",
    ),
    "dynamic": Dropped(
        "review", "A layer that runs Python code needs `compile(run_eagerly=True)`.", only=("False",)
    ),
}
_DENSE: Changes = {
    "W_regularizer": _k1("kernel_regularizer"),
    "W_constraint": _k1("kernel_constraint"),
    "b_regularizer": _k1("bias_regularizer"),
    "b_constraint": _k1("bias_constraint"),
    "init": _k1("kernel_initializer"),
    "bias": _k1("use_bias"),
}
_UNITS: Changes = {"output_dim": _k1("units")}
_FORMAT: Changes = {"dim_ordering": Renamed("data_format", note=_KERAS1, values=_TH)}
_BORDER: Changes = {"border_mode": _k1("padding")}
_KERNEL_SIZE = Advised(
    "Keras 1: `Conv2D(filters, nb_row, nb_col)` is `Conv2D(filters, (nb_row, nb_col))`.", "keras1_kernel"
)
_CONV: Changes = {**_DENSE, **_BORDER, **_FORMAT, "nb_filter": _k1("filters")}
_CONV1D: Changes = {
    **_CONV,
    "filter_length": _k1("kernel_size"),
    "subsample_length": _k1("strides"),
    "atrous_rate": _k1("dilation_rate"),
}
_CONV2D: Changes = {
    **_CONV,
    "subsample": _k1("strides"),
    "atrous_rate": _k1("dilation_rate"),
    "nb_row": _KERNEL_SIZE,
    "nb_col": _KERNEL_SIZE,
}
_CONV3D: Changes = {
    **_CONV,
    "subsample": _k1("strides"),
    **{f"kernel_dim{axis}": _KERNEL_SIZE for axis in (1, 2, 3)},
}
_DATA_FORMAT1 = NewDefault(
    "'channels_last'",
    "None",
    ("2.15",),
    "Only with `image_data_format` 'channels_first' is it another one.",
    matters=False,
)
_POOL1D: Changes = {
    **_BORDER,
    "pool_length": _k1("pool_size"),
    "stride": _k1("strides"),
    "data_format": _DATA_FORMAT1,
}
_POOL: Changes = {**_BORDER, **_FORMAT}
_RATE: Changes = {"p": _k1("rate")}
_NORMAL_RNN: Changes = {
    **_UNITS,
    **_DENSE,
    "inner_init": _k1("recurrent_initializer"),
    "inner_activation": _k1("recurrent_activation"),
    "U_regularizer": _k1("recurrent_regularizer"),
    "dropout_W": _k1("dropout"),
    "dropout_U": _k1("recurrent_dropout"),
    "forget_bias_init": Advised("Keras 1: `unit_forget_bias=True` for 'one', `False` for 'zero'."),
    "consume_less": Dropped(note=_KERAS1 + " It chose between implementations of the same layer."),
    "time_major": Dropped(
        "review", "Inputs are (batch, time, ...) always: transpose them where this was True.", only=("False",)
    ),
}
_HARD_SIGMOID = (
    "Give the old one to load old weights; note that 'hard_sigmoid' itself is another function in Keras 3."
)
_GATE = NewDefault("'hard_sigmoid'", "'sigmoid'", ("keras2.2", "tf1"), _HARD_SIGMOID)
# The name stayed and means another function now: to write it out would not bring the old one back.
_CONV_GATE = NewDefault("'hard_sigmoid'", "'sigmoid'", ("2.15",), _HARD_SIGMOID, matters=False)
_AVERAGE = "Average pooling has no default size any more."
_FUSED = "It chose between implementations of the same layer."
_NO_KWARGS: Changes = {
    "input_shape": Advised(
        "This layer takes no `input_shape` in Keras 3: begin the model with `keras.Input(shape)`.",
        "input_shape",
    ),
    "input_dim": Advised(
        "This layer takes no `input_dim` in Keras 3: begin the model with `keras.Input((input_dim,))`.",
        "input_shape",
    ),
}
_ADAPT: Changes = {"batch_size": Dropped(note="Give data in batches; the result is the same.")}

# ------------------------------------------------------------------------------------------------------------
# Other groups.

_OPTIMIZER: Changes = {
    "lr": Renamed("learning_rate"),
    "decay": Advised(
        "`decay` is ignored with a warning: `learning_rate=keras.optimizers.schedules.InverseTimeDecay(lr, "
        "decay_steps=1, "
        "decay_rate=decay)` is the same rule.",
        "decay",
    ),
    "epsilon": Dropped(
        note="`None` meant the default; a number stays as it is.", only=("None",), otherwise="keep"
    ),
    "jit_compile": Dropped(note="An argument of `compile` now."),
    "is_legacy_optimizer": Dropped(),
    "schedule_decay": Dropped(
        "review", "Nadam computes its schedule from the constant 0.96 (which was 0.004 here)."
    ),
    "gradient_aggregator": Dropped("review", only=("None",)),
    "gradient_transformers": Dropped("review", only=("None",)),
}
_RATE_NOTE = "Programs for standalone Keras relied on the old rate; write it out."
_INITIALIZER: Changes = {
    "dtype": Dropped(note="The dtype is that of the variable."),
    "verify_shape": Dropped(),
    "partition_info": Dropped(),
}
_REDUCTIONS = {"'auto'": "'sum_over_batch_size'"}
_LOSS: Changes = {"reduction": Revalued(_REDUCTIONS)}
_LOADING: Changes = {
    "workers": Dropped(note="An argument of the `PyDataset` constructor now."),
    "use_multiprocessing": Dropped(note="An argument of the `PyDataset` constructor now."),
    "max_queue_size": Dropped(note="An argument of the `PyDataset` constructor now."),
    "nb_worker": Dropped(note=_KERAS1),
    "max_q_size": Dropped(note=_KERAS1),
    "pickle_safe": Dropped(note=_KERAS1),
}
_SAMPLES = "Counted samples in Keras 1, counts batches now: divide by the batch size."
_FIT: Changes = {
    **_LOADING,
    "nb_epoch": Renamed("epochs"),
    "samples_per_epoch": Advised("`steps_per_epoch`. " + _SAMPLES, "samples_per_epoch"),
    "nb_val_samples": Advised("`validation_steps`. " + _SAMPLES, "samples_per_epoch"),
    "show_accuracy": Dropped("review", "Give `metrics=['accuracy']` to `compile`."),
}
_RUN_OPTIONS = "An option of `Session.run`, which is gone."
_SERIAL: Changes = {"use_legacy_format": Dropped(note="There is one format.", only=("False",))}
_KERAS_APPLICATIONS: Changes = {
    name: Dropped(note="Chose the Keras that `keras_applications` worked with.")
    for name in ("backend", "layers", "models", "utils")
}
_OPTIONS_FILE: Changes = {"options": Dropped(note="Options of SavedModel and checkpoint files.")}
_SAVE: Changes = {
    "save_format": Advised(
        "The extension of the file name chooses the format: `.keras` or `.h5`.", "save_format"
    ),
    "signatures": Advised(
        "SavedModel only: `model.export(path)`, or `keras.export.ExportArchive`.", "save_format"
    ),
    "save_traces": Dropped(note="An option of SavedModel files."),
    **_OPTIONS_FILE,
}
_PLOT: Changes = {
    "layer_range": Dropped("review", "The whole model is drawn.", only=("None",)),
    "show_layer_names": NewDefault("True", "False", ("2.15",), "Only the picture differs.", matters=False),
    "dpi": NewDefault("96", "200", ("2.15",), "Only the picture differs.", matters=False),
}
_ADD_WEIGHT: Changes = {
    "partitioner": Dropped(only=("None",)),
    "use_resource": Dropped(),
    "synchronization": Dropped(),
    "collections": Dropped(),
    "getter": Dropped(only=("None",)),
    "experimental_autocast": Renamed("autocast"),
}

_CONV1D_NAMES = ("Conv1D", "Conv1DTranspose")
_CONV2D_NAMES = ("Conv2D", "Conv2DTranspose")
_CONV3D_NAMES = ("Conv3D", "Conv3DTranspose")
_GLOBAL_POOLS = tuple(f"Global{kind}Pooling{n}D" for kind in ("Average", "Max") for n in (1, 2, 3))


def _without(own: Changes, *names: str) -> Changes:
    return {name: change for name, change in own.items() if name not in names}


_KERNEL = ("W_regularizer", "W_constraint", "init")
"""Of one kernel; a separable convolution has two, which Keras 1 called as Keras 3 does."""


def _layers(names: tuple[str, ...], own: Changes) -> dict[str, Changes]:
    return {f"keras.layers.{name}": own for name in names}


def _average(n: int) -> dict[str, Changes]:
    size = "2" if n == 1 else f"({', '.join('2' * n)})"
    base = _POOL1D if n == 1 else _POOL
    return {
        f"keras.layers.AveragePooling{n}D": {**base, "pool_size": NewDefault(size, None, ("2.15",), _AVERAGE)}
    }


# What belongs to one class, function or method; `_groups` adds what it shares with its kind.
_OWN: dict[str, Changes] = {
    "keras.layers.Dense": {**_UNITS, **_DENSE},
    **_layers(_CONV1D_NAMES, {**_CONV1D, "data_format": _DATA_FORMAT1}),
    **_layers(_CONV2D_NAMES, _CONV2D),
    "keras.layers.SeparableConv1D": {**_without(_CONV1D, *_KERNEL), "data_format": _DATA_FORMAT1},
    "keras.layers.SeparableConv2D": _without(_CONV2D, *_KERNEL),
    "keras.layers.DepthwiseConv1D": {"data_format": _DATA_FORMAT1},
    **_layers(_CONV3D_NAMES, _CONV3D),
    **_layers(("MaxPooling1D",), _POOL1D),
    **_layers(("MaxPooling2D", "MaxPooling3D"), _POOL),
    **_average(1),
    **_average(2),
    **_average(3),
    **_layers(_GLOBAL_POOLS, _FORMAT),
    **_layers(("GlobalAveragePooling1D", "GlobalMaxPooling1D"), {"data_format": _DATA_FORMAT1}),
    **_layers(
        ("UpSampling2D", "UpSampling3D", "ZeroPadding2D", "ZeroPadding3D", "Cropping2D", "Cropping3D"),
        _FORMAT,
    ),
    "keras.layers.UpSampling1D": {"length": _k1("size")},
    **_layers(("Dropout", "GaussianDropout"), _RATE),
    "keras.layers.SpatialDropout1D": {**_RATE, **_NO_KWARGS},
    **_layers(("SpatialDropout2D", "SpatialDropout3D"), {**_RATE, **_FORMAT, **_NO_KWARGS}),
    "keras.layers.GaussianNoise": {"sigma": _k1("stddev")},
    "keras.layers.PReLU": {"init": _k1("alpha_initializer")},
    "keras.layers.LeakyReLU": {
        "alpha": Renamed("negative_slope", note="`alpha` still works, with a warning.")
    },
    "keras.layers.RNN": {"time_major": _NORMAL_RNN["time_major"]},
    "keras.layers.SimpleRNN": _without(_NORMAL_RNN, "inner_activation"),
    "keras.layers.LSTM": {**_NORMAL_RNN, "recurrent_activation": _GATE},
    "keras.layers.LSTMCell": {**_NORMAL_RNN, "recurrent_activation": _GATE},
    **_layers(
        ("GRU", "GRUCell"),
        {
            **_NORMAL_RNN,
            "recurrent_activation": _GATE,
            "reset_after": NewDefault(
                "False",
                "True",
                ("keras", "tf1"),
                "Other parameters and other mathematics; old weights fit only the old form.",
            ),
        },
    ),
    **_layers(
        ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
        {**_CONV2D, **_without(_NORMAL_RNN, *_UNITS), "recurrent_activation": _CONV_GATE},
    ),
    "keras.layers.Embedding": {
        "init": _k1("embeddings_initializer"),
        "W_regularizer": _k1("embeddings_regularizer"),
        "W_constraint": _k1("embeddings_constraint"),
        "dropout": Advised("Keras 1: put a `SpatialDropout1D` layer behind the embedding."),
        "sparse": Dropped(note="Chose sparse gradients.", only=("False",)),
        "input_length": Advised(
            "`input_length` is refused by Keras 3.0 and ignored by later versions: leave it out, and begin "
            "a model that needs "
            "its shape (`Flatten`, `summary`) with `keras.Input((input_length,))`.",
            "input_length",
        ),
    },
    "keras.layers.BatchNormalization": {
        "fused": Dropped(note=_FUSED),
        "virtual_batch_size": Dropped("review", only=("None",)),
        "adjustment": Dropped("review", only=("None",)),
        "beta_init": _k1("beta_initializer"),
        "gamma_init": _k1("gamma_initializer"),
        "mode": Dropped("review", "Keras 1: feature-wise normalization is the only mode.", only=("0",)),
    },
    "keras.layers.Flatten": _FORMAT,
    "keras.layers.ThresholdedReLU": {"theta": Renamed("threshold", note="Of `keras.layers.ReLU`.")},
    "keras.layers.Discretization": {
        "bins": Renamed("bin_boundaries", note="The name of TF 2.3 to 2.5."),
        **_NO_KWARGS,
    },
    "keras.layers.CategoryEncoding": {
        "max_tokens": Renamed("num_tokens", note="The name of TF 2.3 to 2.5."),
        "output_mode": Revalued({"'binary'": "'multi_hot'"}),
    },
    **_layers(
        ("TextVectorization",), {"output_mode": Revalued({"'binary'": "'multi_hot'", "'tf-idf'": "'tf_idf'"})}
    ),
    "keras.layers.InputLayer": {
        "input_shape": Renamed("shape", note="Still works, with a warning."),
        "batch_input_shape": Renamed("batch_shape", note="Still works."),
        "type_spec": Advised("Give `shape`, `dtype`, `sparse`, `ragged` in its place."),
    },
    "keras.layers.Normalization.adapt": {
        **_ADAPT,
        "steps": Advised("`data.take(steps)` of a `tf.data.Dataset`."),
    },
    **{f"keras.layers.{name}.adapt": _ADAPT for name in ("Discretization", "IntegerLookup", "StringLookup")},
    "keras.Input": {
        "type_spec": Advised("Give `shape`, `dtype`, `sparse`, `ragged` in its place."),
        "tensor": Advised(
            "Only a KerasTensor can be an input; a placeholder or a constant cannot. Feed the value to the "
            "model.",
            "input_tensor",
        ),
    },
    # models
    "keras.Model": {"input": Renamed("inputs"), "output": Renamed("outputs")},
    "keras.Model.compile": {
        "sample_weight_mode": Dropped("review", "Weights of shape (batch, time) are taken as they are."),
        "target_tensors": Advised("Targets are data: give them to `fit`."),
        "experimental_run_tf_function": Dropped(),
        "experimental_steps_per_execution": Renamed("steps_per_execution"),
        "distribute": Advised("Build and compile the model under `strategy.scope()`."),
        "cloning": Dropped(),
        "options": Dropped(note=_RUN_OPTIONS),
        "run_metadata": Dropped(note=_RUN_OPTIONS),
        "class_mode": Dropped(note="Keras 0."),
        "pss_evaluation_shards": Dropped(only=("0",)),
    },
    "keras.Model.fit": _FIT,
    "keras.Model.fit_generator": {**_FIT, "generator": Renamed("x")},
    "keras.Model.evaluate": _LOADING,
    "keras.Model.evaluate_generator": {
        **_LOADING,
        "generator": Renamed("x"),
        "val_samples": Advised("`steps`. " + _SAMPLES, "samples_per_epoch"),
    },
    "keras.Model.predict": {
        **_LOADING,
        "verbose": NewDefault(
            "0", "'auto'", ("keras", "tf1"), "Only the progress bar differs.", matters=False
        ),
    },
    "keras.Model.predict_generator": {
        **_LOADING,
        "generator": Renamed("x"),
        "val_samples": Advised("`steps`. " + _SAMPLES, "samples_per_epoch"),
    },
    **{
        f"keras.Model.{name}_on_batch": {
            "reset_metrics": Dropped(note="Metrics are reset on every call.", only=("True",))
        }
        for name in ("train", "test")
    },
    "keras.Model.save": _SAVE,
    "keras.Model.save_weights": {**_OPTIONS_FILE, "save_format": _SAVE["save_format"]},
    "keras.Model.load_weights": {**_OPTIONS_FILE, "reshape": Dropped("review", only=("False",))},
    "keras.models.save_model": _SAVE,
    "keras.models.load_model": _OPTIONS_FILE,
    # layers, metrics, optimizers: methods
    "keras.layers.Layer.add_weight": _ADD_WEIGHT,
    "keras.layers.Layer.add_variable": _ADD_WEIGHT,
    "keras.layers.Layer.add_loss": {
        "losses": Renamed("loss"),
        "inputs": Dropped("review", "Whether a loss depends on the inputs is found out."),
    },
    "keras.metrics.Metric.add_weight": {"aggregation": Dropped(), "synchronization": Dropped()},
    "keras.optimizers.Optimizer.apply_gradients": {
        "name": Dropped(),
        "experimental_aggregate_gradients": Dropped("review", only=("True",)),
        "skip_gradients_aggregation": Dropped("review", only=("False",)),
    },
    # optimizers
    "keras.optimizers.Adadelta": {"learning_rate": NewDefault("1.0", "0.001", ("keras",), _RATE_NOTE)},
    "keras.optimizers.Adagrad": {
        "learning_rate": NewDefault("0.01", "0.001", ("keras",), _RATE_NOTE),
        "initial_accumulator_value": NewDefault(
            "0.0", "0.1", ("keras",), "Standalone Keras began with zeros.", position=1
        ),
    },
    "keras.optimizers.Adamax": {"learning_rate": NewDefault("0.002", "0.001", ("keras",), _RATE_NOTE)},
    "keras.optimizers.Nadam": {"learning_rate": NewDefault("0.002", "0.001", ("keras",), _RATE_NOTE)},
    "keras.optimizers.Lion": {"learning_rate": NewDefault("0.0001", "0.001", ("2.15",))},
    "keras.optimizers.get": {"use_legacy_optimizer": Dropped()},
    "keras.optimizers.deserialize": {"use_legacy_optimizer": Dropped()},
    "keras.mixed_precision.LossScaleOptimizer": {
        "loss_scale": Renamed(
            "initial_scale", "review", "A number; the scale is dynamic always.", only=("'dynamic'",)
        ),
        "dynamic": Dropped("review", only=("True",)),
    },
    # initializers, regularizers, constraints
    "keras.initializers.VarianceScaling": {
        "distribution": NewDefault(
            "'normal'",
            "'truncated_normal'",
            ("keras",),
            "The same: 'normal' was truncated too.",
            matters=False,
        )
    },
    **{f"keras.regularizers.{name}": {"l": Renamed(name.lower())} for name in ("l1", "l2", "L1", "L2")},
    "keras.regularizers.l1_l2": {
        "l1": NewDefault("0.01", "0.0", ("2.15",), "`l1_l2()` and `l1_l2(l2=...)` had an L1 part of 0.01."),
        "l2": NewDefault(
            "0.01", "0.0", ("2.15",), "`l1_l2()` and `l1_l2(l1=...)` had an L2 part of 0.01.", 1
        ),
    },
    **{f"keras.constraints.{name}": {"m": _k1("max_value")} for name in ("MaxNorm", "max_norm")},
    # losses, metrics, activations
    "keras.activations.relu": {"alpha": Renamed("negative_slope")},
    "keras.activations.deserialize": {**_SERIAL, "name": Renamed("config")},
    "keras.metrics.KLDivergence": {
        "name": NewDefault(
            "'kullback_leibler_divergence'", "'kl_divergence'", ("2.15",), "It is the key in `history`."
        )
    },
    # callbacks
    "keras.callbacks.ModelCheckpoint": {
        "period": Dropped(
            note="`save_freq` counts batches: `save_freq=n * steps_per_epoch` saves after the last batch of every "
            "n-th epoch, before its validation; for a file name or a `monitor` with `val_`, a `LambdaCallback` with "
            "`on_epoch_end`.",
            only=("1",),
        ),
        "options": Dropped(note="Options of SavedModel and checkpoint files."),
        "load_weights_on_restart": Dropped(
            "review", "`keras.callbacks.BackupAndRestore` continues a training.", only=("False",)
        ),
    },
    "keras.callbacks.TensorBoard": {
        name: Dropped(note="Had no effect since TF 2.0.")
        for name in ("batch_size", "write_grads", "embeddings_layer_names", "embeddings_data")
    },
    "keras.callbacks.ProgbarLogger": {"count_mode": Dropped(), "stateful_metrics": Dropped()},
    "keras.callbacks.LambdaCallback": {
        "on_batch_begin": Renamed("on_train_batch_begin"),
        "on_batch_end": Renamed("on_train_batch_end"),
    },
    "keras.callbacks.CallbackList": {"queue_length": Dropped()},
    "keras.callbacks.ReduceLROnPlateau": {"epsilon": Renamed("min_delta")},
    "keras.callbacks.BackupAndRestore": {"save_before_preemption": Dropped(only=("False",))},
    # utils, data
    "keras.utils.to_categorical": {
        "y": Renamed("x"),
        "nb_classes": Renamed("num_classes"),
        "dtype": Dropped(
            "review",
            "The result is float64 now: `to_categorical(...).astype(dtype)` where the dtype matters.",
            special="to_categorical",
        ),
    },
    "keras.utils.plot_model": _PLOT,
    "keras.utils.model_to_dot": {**_PLOT, "show_layer_names": NewDefault("True", "True", ())},
    "keras.utils.get_source_inputs": {
        "layer": Dropped("review", only=("None",)),
        "node_index": Dropped("review", only=("None",)),
    },
    "keras.utils.deserialize_keras_object": {
        "identifier": Renamed("config"),  # Keras 3 takes the old keywords, too
    },
    "keras.utils.serialize_keras_object": {"instance": Renamed("obj")},
    **{
        f"keras.{module}.load_img": {
            "grayscale": Renamed(
                "color_mode", values={"True": "'grayscale'", "False": "'rgb'"}, only=("True", "False")
            )
        }
        for module in ("utils", "preprocessing.image")
    },
    "keras.preprocessing.image.ImageDataGenerator": _FORMAT,
    "keras.preprocessing.image_dataset_from_directory": {
        "smart_resize": Renamed("crop_to_aspect_ratio", note="The name of TF 2.4.")
    },
    "keras.utils.image_dataset_from_directory": {
        "smart_resize": Renamed("crop_to_aspect_ratio", note="The name of TF 2.4.")
    },
    "keras.preprocessing.text.Tokenizer": {"nb_words": Renamed("num_words"), "document_count": Dropped()},
    **{
        f"keras.preprocessing.text.{name}": {"text": Renamed("input_text", note="The name of TF 1.")}
        for name in ("one_hot", "text_to_word_sequence")
    },
    **{
        f"keras.datasets.{name}.load_data": {"nb_words": Renamed("num_words")} for name in ("imdb", "reuters")
    },
    "keras.backend.set_epsilon": {"e": Renamed("value")},
    "keras.backend.set_floatx": {"floatx": Renamed("value")},
    "keras.backend.name_scope": {"default_name": Dropped(), "values": Dropped()},
}

# ------------------------------------------------------------------------------------------------------------
# Positional order.

_NAMED_CONV = "filters kernel_size strides padding data_format dilation_rate"
_CONVNEXT = tuple(f"ConvNeXt{size}" for size in ("Tiny", "Small", "Base", "Large", "XLarge"))
_NAMED_CONVNEXT = (
    "model_name include_top include_preprocessing weights input_tensor input_shape pooling classes "
    "classifier_activation"
)
_ORDERS: dict[str, tuple[int, str]] = {
    "keras.Model.compile": (2, "optimizer loss metrics loss_weights"),
    "keras.Model.fit_generator": (
        1,
        "generator steps_per_epoch epochs verbose callbacks validation_data validation_steps",
    ),
    "keras.Model.evaluate_generator": (
        1,
        "generator steps callbacks max_queue_size workers use_multiprocessing verbose",
    ),
    "keras.Model.predict_generator": (
        1,
        "generator steps callbacks max_queue_size workers use_multiprocessing verbose",
    ),
    "keras.Model.save": (2, "filepath overwrite include_optimizer save_format"),
    "keras.models.save_model": (3, "model filepath overwrite include_optimizer save_format"),
    "keras.Model.save_weights": (2, "filepath overwrite save_format options"),
    "keras.Model.load_weights": (1, "filepath by_name skip_mismatch"),
    "keras.Sequential": (1, "layers name"),
    "keras.layers.Layer.add_weight": (0, "name shape dtype initializer regularizer trainable constraint"),
    "keras.layers.Layer.add_variable": (0, "name shape dtype initializer regularizer trainable constraint"),
    "keras.layers.Layer": (0, "trainable name dtype dynamic"),
    "keras.metrics.Metric.add_weight": (0, "name shape initializer dtype"),
    "keras.metrics.Metric": (0, "name dtype"),
    "keras.losses.Loss": (0, "reduction name"),
    "keras.losses.BinaryCrossentropy": (2, "from_logits label_smoothing reduction name"),
    "keras.losses.CategoricalCrossentropy": (2, "from_logits label_smoothing reduction name"),
    "keras.losses.SparseCategoricalCrossentropy": (1, "from_logits reduction name"),
    "keras.losses.sparse_categorical_crossentropy": (3, "y_true y_pred from_logits axis"),
    "keras.metrics.sparse_categorical_crossentropy": (3, "y_true y_pred from_logits axis"),
    "keras.metrics.SparseCategoricalCrossentropy": (3, "name dtype from_logits axis"),
    "keras.metrics.SensitivityAtSpecificity": (2, "specificity num_thresholds name dtype"),
    "keras.metrics.SpecificityAtSensitivity": (2, "sensitivity num_thresholds name dtype"),
    "keras.callbacks.TensorBoard": (
        2,
        "log_dir histogram_freq batch_size write_graph write_grads write_images embeddings_freq",
    ),
    "keras.callbacks.LambdaCallback": (
        2,
        "on_epoch_begin on_epoch_end on_batch_begin on_batch_end on_train_begin on_train_end",
    ),
    "keras.utils.load_img": (1, "path grayscale color_mode target_size interpolation"),
    "keras.preprocessing.image.load_img": (1, "path grayscale color_mode target_size interpolation"),
    "keras.utils.plot_model": (3, "model to_file show_shapes show_layer_names rankdir expand_nested dpi"),
    "keras.utils.model_to_dot": (2, "model show_shapes show_layer_names rankdir expand_nested dpi subgraph"),
    "keras.utils.deserialize_keras_object": (
        1,
        "identifier module_objects custom_objects printable_module_name",
    ),
    "keras.utils.Progbar": (5, "target width verbose interval stateful_metrics unit_name"),
    "keras.optimizers.Adam": (3, "learning_rate beta_1 beta_2 epsilon amsgrad name"),
    "keras.layers.Embedding": (
        3,
        "input_dim output_dim embeddings_initializer embeddings_regularizer activity_regularizer "
        "embeddings_constraint "
        "mask_zero input_length",
    ),
    "keras.layers.Conv1D": (6, f"{_NAMED_CONV} activation use_bias kernel_initializer bias_initializer"),
    "keras.layers.Conv2D": (6, f"{_NAMED_CONV} activation use_bias kernel_initializer bias_initializer"),
    "keras.layers.Conv3D": (6, f"{_NAMED_CONV} activation use_bias kernel_initializer bias_initializer"),
    "keras.layers.InputLayer": (0, "input_shape batch_size dtype input_tensor sparse name ragged"),
    "keras.layers.RandomContrast": (1, "factor seed"),
    "keras.layers.MultiHeadAttention.__call__": (
        3,
        "query value key attention_mask return_attention_scores training use_causal_mask",
    ),
    "keras.callbacks.BackupAndRestore": (2, "backup_dir save_freq delete_checkpoint"),
    **{f"keras.applications.{name}": (0, _NAMED_CONVNEXT) for name in _CONVNEXT},
    **{f"keras.applications.convnext.{name}": (0, _NAMED_CONVNEXT) for name in _CONVNEXT},
}
# Where standalone Keras (up to 2.3) and tf.keras had different orders.
_ORDERS_KERAS: dict[str, tuple[int, str]] = {
    "keras.Input": (1, "shape batch_shape name dtype sparse tensor"),
    "keras.optimizers.Adam": (3, "learning_rate beta_1 beta_2 amsgrad"),
    "keras.layers.InputLayer": (0, "input_shape batch_size batch_input_shape dtype input_tensor sparse name"),
}
_ORDERS_TF: dict[str, tuple[int, str]] = {
    "keras.Input": (2, "shape batch_size name dtype sparse tensor ragged"),
    "keras.optimizers.Adam": (5, "learning_rate beta_1 beta_2 epsilon amsgrad name"),
    "keras.optimizers.SGD": (3, "learning_rate momentum nesterov name"),
    "keras.optimizers.Adadelta": (3, "learning_rate rho epsilon name"),
    "keras.optimizers.Adagrad": (3, "learning_rate initial_accumulator_value epsilon name"),
}

# ------------------------------------------------------------------------------------------------------------
# Whole calls, in the language of `syntax.templates`.

_BATCH_NORM = [
    "axis",
    "momentum",
    "epsilon",
    "center",
    "scale",
    "beta_initializer",
    "gamma_initializer",
    "moving_mean_initializer",
    "moving_variance_initializer",
    "beta_regularizer",
    "gamma_regularizer",
    "beta_constraint",
    "gamma_constraint",
    "name",
]


def _by_keyword(names: list[str]) -> str:
    return ", ".join(f"{name}={name}" for name in names)


CALLS: dict[str, Row] = {
    "keras.layers.ThresholdedReLU": Row(
        "theta=1.0, name=None, input_shape=None",
        "keras.layers.ReLU(threshold=+theta, name=name, input_shape=input_shape)",
        note="Only an input exactly equal to theta gives another result.",
    ),
    "keras.layers.experimental.SyncBatchNormalization": Row(
        ", ".join(f"{name}=None" for name in _BATCH_NORM),
        f"keras.layers.BatchNormalization({_by_keyword(_BATCH_NORM)}, synchronized=True)",
    ),
    "keras.utils.conv_utils.normalize_tuple": Row(
        "value, n, name, allow_zero=False", "(value,) * n if isinstance(value, int) else tuple(value)"
    ),
    "keras.utils.conv_utils.normalize_padding": Row("value", "value.lower()"),
    "keras.utils.conv_utils.normalize_data_format": Row("value", "value or keras.config.image_data_format()"),
}

# ------------------------------------------------------------------------------------------------------------
# Looking up.

_SAME = {
    "keras.models.Model": "keras.Model",
    "keras.models.Sequential": "keras.Sequential",
    "keras.layers.Input": "keras.Input",
    "keras.Layer": "keras.layers.Layer",
    "keras.metrics.metric.Metric": "keras.metrics.Metric",
    "keras.Metric": "keras.metrics.Metric",
    "keras.Loss": "keras.losses.Loss",
    "keras.Optimizer": "keras.optimizers.Optimizer",
    "keras.saving.save_model": "keras.models.save_model",
    "keras.saving.load_model": "keras.models.load_model",
    "keras.saving.deserialize_keras_object": "keras.utils.deserialize_keras_object",
    "keras.saving.serialize_keras_object": "keras.utils.serialize_keras_object",
    "keras.utils.np_utils.to_categorical": "keras.utils.to_categorical",
}


@cache
def canonical(path: str) -> str:
    """The one place under which the tables keep a name: `keras.layers.AvgPool2D` is
    `keras.layers.AveragePooling2D`."""
    if path in _SAME:
        return _SAME[path]
    module, _, name = path.rpartition(".")
    if module in _SAME:
        return canonical(f"{_SAME[module]}.{name}")
    if module == "keras.Sequential":
        return canonical(f"keras.Model.{name}")
    if path not in _OWN and (base := _base_of_method(module, name)):
        return f"{base}.{name}"
    if module == "keras.layers":
        return f"keras.layers.{_layer_name(name)}"
    if path not in _OWN and (found := moved.lookup(path)) and found.new:
        new = found.new.removeprefix("tensorflow.")
        return canonical(new) if new != path else path
    return path


_METHODS = {
    "keras.layers.Layer": ("add_weight", "add_variable", "add_loss"),
    "keras.optimizers.Optimizer": ("apply_gradients",),
    "keras.metrics.Metric": ("add_weight",),
}


def _base_of_method(owner: str, name: str) -> str | None:
    """The base class that the tables keep a method under: `keras.layers.Dense.add_weight` is
    `Layer.add_weight`.
    """
    module = owner.rpartition(".")[0]
    for base, names in _METHODS.items():
        if name in names and (
            module == base.rpartition(".")[0] or (owner == "keras.Model" and "Layer" in base)
        ):
            return base
    return None


def _layer_name(name: str) -> str:
    name = name.replace("AvgPool", "AveragePool") if "AvgPool" in name else name
    for short, long in (
        ("Convolution", "Conv"),
        ("Pool1D", "Pooling1D"),
        ("Pool2D", "Pooling2D"),
        ("Pool3D", "Pooling3D"),
    ):
        if short in name and long not in name.replace(short, ""):
            name = name.replace(short, long)
    return name.replace("SeparableConvolution", "SeparableConv")


@cache
def methods() -> frozenset[str]:
    """The methods of models whose arguments changed."""
    return frozenset(path.rpartition(".")[2] for path in _OWN if path.startswith("keras.Model."))


@cache
def changes(path: str) -> Changes:
    """What became of the keyword arguments of a class, function or method, by their Keras 2 (or 1) name."""
    place = canonical(path)
    found = {**_shared(place), **_OWN.get(place, {})}
    return {name: change for name, change in found.items() if not _nothing(change)}


def _nothing(change: Change) -> bool:
    return isinstance(change, NewDefault) and change.old == change.new


def _shared(path: str) -> Changes:
    """What the name shares with its group."""
    module, _, name = path.rpartition(".")
    if module.startswith("keras.applications"):
        return (
            {**_KERAS_APPLICATIONS, "model_name": Renamed("name")}
            if "ConvNeXt" in name
            else _KERAS_APPLICATIONS
        )
    if name in ("serialize", "deserialize"):
        return _SERIAL
    if not (name[:1].isupper() or module == "keras.initializers"):
        return {}
    if module == "keras.layers" and name not in ("InputSpec", "InputLayer"):
        return _LAYER
    groups: dict[str, Changes] = {
        "keras.optimizers": _OPTIMIZER,
        "keras.initializers": _INITIALIZER,
        "keras.losses": _LOSS,
    }
    return groups.get(module, {})


@cache
def order(path: str, surface_: Surface = "keras") -> Order | None:
    """The positional order in Keras 2, where arguments from some index on stand elsewhere today."""
    place = canonical(path)
    own = (_ORDERS_KERAS if surface_ == "keras" else _ORDERS_TF).get(place)
    entry = own or _ORDERS.get(place)
    return Order(tuple(entry[1].split()), entry[0]) if entry else None


@cache
def call_row(path: str) -> Row | None:
    """The row for a class or function whose whole call turns into another one."""
    if path in CALLS:
        return CALLS[path]
    leaf = path.rpartition(".")[2]
    known = {key.rpartition(".")[2]: row for key, row in CALLS.items()}
    return known.get(leaf) if path.startswith("keras.") and not surface.exists(path) else None


def no_effect(path: str) -> str | None:
    """Why a signature that differs between Keras 2 and 3 needs no entry here; None if it has one, or is not
    known.

    `added`: only new optional parameters. `names`: only the default name of the object. `spelling`: the
    default is written in another way. `far`: only parameters moved that nobody gives by position. `kwargs`:
    no `**kwargs` any more. `members`: only methods and properties differ (see `members.py`). `stub`: see
    `moved`.
    """
    reasons: dict[str, str] = load("changed")
    return reasons.get(path)
