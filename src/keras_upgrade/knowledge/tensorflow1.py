"""What became of the names and arguments of TensorFlow 1 (`tf.log`, `tf.to_float`, `keep_dims=`).

Paths are written without `tensorflow.`. `data/tensorflow1.json`, measured by `scripts/measure_tensorflow1.py`, says
which names `tf` has no more, and which of their objects are there under another name; the tables here say the rest.
Rows are in the language of `syntax.templates` (see `knowledge.backend`); `tests/knowledge/test_tensorflow1_numbers.py`
runs every one of them against `tf.compat.v1`.
"""

from functools import cache

from keras_upgrade.knowledge.backend import Row
from keras_upgrade.knowledge.tables import load
from keras_upgrade.syntax.templates import parse_row


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SESSION = _words(
    "ConfigProto GPUOptions GraphOptions InteractiveSession OptimizerOptions RunMetadata RunOptions Session "
    "disable_eager_execution disable_v2_behavior disable_v2_tensorshape enable_eager_execution enable_v2_behavior "
    "get_default_graph get_default_session global_variables_initializer initialize_all_variables "
    "initialize_local_variables local_variables_initializer reset_default_graph tables_initializer "
    "variables_initializer"
)
"""What belongs to sessions and graphs: another rule looks at how it is used."""

GRAPH = _words(
    "InteractiveSession Session get_variable placeholder placeholder_with_default sparse_placeholder variable_scope "
    "train.Saver train.MonitoredTrainingSession"
)
"""Programs with these build a graph."""


def _cast(dtype: str) -> Row:
    return Row("x, name=None", f"tensorflow.cast(x, tensorflow.{dtype})")


def _file(name: str, old: str, new: str) -> Row:
    """A function of `tf.gfile`."""
    olds, news = ([item.partition("=")[0] for item in parameters.split(", ")] for parameters in (old, new))
    arguments = ", ".join(b if a == b else f"{b} := {a}" for a, b in zip(olds, news, strict=True))
    return Row(old, f"tensorflow.io.gfile.{name}({arguments})")


def _assertion(name: str, first: str) -> Row:
    """`first` are the parameters before `data`, of which TensorFlow 2 prints what it needs."""
    kept = ", ".join(item.partition("=")[0] for item in first.split(", "))
    return Row(
        f"{first}, data=None, summarize=None, message=None, name=None",
        f"tensorflow.debugging.{name}({kept}, message=message, summarize=summarize, name=name)",
    )


def _initializer(name: str, old: str = "", new: str = "") -> Row:
    """One of Keras, whose `dtype` is that of the variable."""
    return Row(
        f"{old}{', ' * bool(old)}seed=None, dtype=None",
        f"keras.initializers.{name}({new}{', ' * bool(new)}seed=seed)",
    )


_WHOLE = "the arguments are floats; of integers `tf.div` gave the whole part"
_EXTRACT = "tensorflow.image.extract_patches(images, sizes := ksizes, strides, rates, padding, name)"
_CLASSES = "tensorflow.math.confusion_matrix(labels, predictions, num_classes, weights=weights, dtype=dtype, name=name)"

ROWS: dict[str, Row] = {
    # -- numbers
    "to_bfloat16": _cast("bfloat16"),
    "to_complex128": _cast("complex128"),
    "to_complex64": _cast("complex64"),
    "to_double": _cast("float64"),
    "to_float": _cast("float32"),
    "to_int32": _cast("int32"),
    "to_int64": _cast("int64"),
    "mul": Row("x, y, name=None", "tensorflow.multiply(x, y, name)"),
    "sub": Row("x, y, name=None", "tensorflow.subtract(x, y, name)"),
    "neg": Row("x, name=None", "tensorflow.negative(x, name)"),
    "div": Row("x, y, name=None", "tensorflow.math.divide(x, y, name)", "review", assumption=_WHOLE),
    "floor_div": Row("x, y, name=None", "tensorflow.math.floordiv(x, y, name)"),
    "arg_max": Row(
        "input, dimension, output_type=None, name=None",
        "tensorflow.argmax(input, axis := dimension, output_type, name)",
    ),
    "arg_min": Row(
        "input, dimension, output_type=None, name=None",
        "tensorflow.argmin(input, axis := dimension, output_type, name)",
    ),
    "count_nonzero": Row(
        "input_tensor=None, axis=None, keepdims=None, dtype=None, name=None, reduction_indices=None, keep_dims=None, "
        "input=None",
        "tensorflow.math.count_nonzero(input := input_tensor, axis, keepdims, dtype, name, axis=reduction_indices, "
        "keepdims=keep_dims, input=input)",
    ),
    "bincount": Row(
        "arr, weights=None, minlength=None, maxlength=None, dtype=None",
        "tensorflow.math.bincount(arr, weights, minlength, maxlength, dtype)",
    ),
    "confusion_matrix": Row(
        "labels, predictions, num_classes=None, dtype=None, name=None, weights=None", _CLASSES
    ),
    "verify_tensor_all_finite": Row(
        "t=None, msg=None, name=None, x=None, message=None",
        "tensorflow.debugging.assert_all_finite(x := t, message := msg, name, x=x, message=message)",
    ),
    "nn.xw_plus_b": Row(
        "x, weights, biases, name=None", "tensorflow.nn.bias_add(tensorflow.matmul(x, weights), biases)"
    ),
    "nn.relu_layer": Row(
        "x, weights, biases, name=None",
        "tensorflow.nn.relu(tensorflow.nn.bias_add(tensorflow.matmul(x, weights), biases))",
    ),
    "nn.softmax_cross_entropy_with_logits_v2": Row(
        "labels, logits, axis=None, name=None, dim=None",
        "tensorflow.nn.softmax_cross_entropy_with_logits(labels, logits, axis, name, axis=dim)",
    ),
    # -- shapes
    "pack": Row("values, axis=0, name=None", "tensorflow.stack(values, axis, name)"),
    "unpack": Row("value, num=None, axis=0, name=None", "tensorflow.unstack(value, num, axis, name)"),
    "select": Row("condition, x, y, name=None", "tensorflow.where(condition, x, y, name)"),
    "manip.reshape": Row("tensor, shape, name=None", "tensorflow.reshape(tensor, shape, name)"),
    "manip.gather_nd": Row(
        "params, indices, name=None, batch_dims=0",
        "tensorflow.gather_nd(params, indices, batch_dims=batch_dims, name=name)",
    ),
    "linalg.transpose": Row(
        "a, name=None, conjugate=False", "tensorflow.linalg.matrix_transpose(a, name, conjugate)"
    ),
    "depth_to_space": Row(
        "input, block_size, name=None, data_format='NHWC'",
        "tensorflow.nn.depth_to_space(input, block_size, data_format=data_format, name=name)",
    ),
    "space_to_depth": Row(
        "input, block_size, name=None, data_format='NHWC'",
        "tensorflow.nn.space_to_depth(input, block_size, data_format=data_format, name=name)",
    ),
    "extract_image_patches": Row(
        "images, ksizes=None, strides=None, rates=None, padding=None, name=None", _EXTRACT
    ),
    "image.extract_image_patches": Row(
        "images, ksizes=None, strides=None, rates=None, padding=None, name=None", _EXTRACT
    ),
    # -- random numbers
    "set_random_seed": Row("seed", "tensorflow.random.set_seed(seed)"),
    "random.set_random_seed": Row("seed", "tensorflow.random.set_seed(seed)"),
    "multinomial": Row(
        "logits, num_samples, seed=None, name=None, output_dtype=None",
        "tensorflow.random.categorical(logits, num_samples, dtype=output_dtype, seed=seed, name=name)",
    ),
    "random_poisson": Row(
        "lam, shape, dtype=None, seed=None, name=None",
        "tensorflow.random.poisson(shape=shape, lam=lam, dtype=dtype, seed=seed)",
    ),
    # -- variables
    "assign": Row("ref, value, validate_shape=None, use_locking=None, name=None", "ref.assign(value)"),
    "assign_add": Row("ref, value, use_locking=None, name=None", "ref.assign_add(value)"),
    "assign_sub": Row("ref, value, use_locking=None, name=None", "ref.assign_sub(value)"),
    # -- data
    "py_func": Row(
        "func, inp, Tout, stateful=True, name=None",
        "tensorflow.numpy_function(func, inp, Tout, stateful=stateful, name=name)",
    ),
    "decode_csv": Row(
        "records, record_defaults, field_delim=',', use_quote_delim=True, name=None, na_value='', select_cols=None",
        "tensorflow.io.decode_csv(records, record_defaults, field_delim, use_quote_delim, na_value=na_value, "
        "select_cols=select_cols, name=name)",
    ),
    "decode_raw": Row(
        "input_bytes=None, out_type=None, little_endian=True, name=None, bytes=None",
        "tensorflow.io.decode_raw(input_bytes, out_type, little_endian, name=name, input_bytes=bytes)",
    ),
    "parse_example": Row(
        "serialized, features, name=None, example_names=None",
        "tensorflow.io.parse_example(serialized, features, example_names=example_names, name=name)",
    ),
    "parse_single_example": Row(
        "serialized, features, name=None, example_names=None",
        "tensorflow.io.parse_single_example(serialized, features, example_names=example_names, name=name)",
    ),
    "reduce_join": Row(
        "inputs, axis=None, keep_dims=None, separator='', name=None, reduction_indices=None",
        "tensorflow.strings.reduce_join(inputs, axis, keepdims := keep_dims, separator, name, "
        "axis=reduction_indices)",
    ),
    "string_to_hash_bucket": Row(
        "string_tensor=None, num_buckets=None, name=None",
        "tensorflow.strings.to_hash_bucket(input := string_tensor, num_buckets, name)",
    ),
    "string_to_number": Row(
        "string_tensor=None, out_type=None, name=None",
        "tensorflow.strings.to_number(input := string_tensor, out_type, name)",
    ),
    "substr": Row(
        "input, pos, len, name=None, unit='BYTE'",
        "tensorflow.strings.substr(input, pos, len, unit=unit, name=name)",
    ),
    # -- files
    "gfile.Copy": _file("copy", "oldpath, newpath, overwrite=False", "src, dst, overwrite"),
    "gfile.DeleteRecursively": _file("rmtree", "dirname", "path"),
    "gfile.Exists": _file("exists", "filename", "path"),
    "gfile.FastGFile": _file("GFile", "name, mode='r'", "name, mode"),
    "gfile.Glob": _file("glob", "filename", "pattern"),
    "gfile.IsDirectory": _file("isdir", "dirname", "path"),
    "gfile.ListDirectory": _file("listdir", "dirname", "path"),
    "gfile.MakeDirs": _file("makedirs", "dirname", "path"),
    "gfile.MkDir": _file("mkdir", "dirname", "path"),
    "gfile.Remove": _file("remove", "filename", "path"),
    "gfile.Rename": _file("rename", "oldname, newname, overwrite=False", "src, dst, overwrite"),
    "gfile.Stat": _file("stat", "filename", "path"),
    "gfile.Walk": _file("walk", "top, in_order=True", "top, topdown"),
    # -- assertions
    **{
        f"assert_{name}": _assertion(f"assert_{name}", first)
        for name, first in {
            "greater_equal": "x, y",
            "less_equal": "x, y",
            "none_equal": "x, y",
            "negative": "x",
            "non_negative": "x",
            "non_positive": "x",
            "positive": "x",
            "rank_at_least": "x, rank",
            "rank_in": "x, ranks",
        }.items()
    },
    # -- initializers: those of Keras
    "glorot_normal_initializer": _initializer("GlorotNormal"),
    "glorot_uniform_initializer": _initializer("GlorotUniform"),
    "orthogonal_initializer": _initializer("Orthogonal", "gain=1.0", "gain"),
    "truncated_normal_initializer": _initializer(
        "TruncatedNormal", "mean=0.0, stddev=1.0", "mean, stddev := +stddev"
    ),
    "variance_scaling_initializer": _initializer(
        "VarianceScaling",
        "scale=1.0, mode='fan_in', distribution='truncated_normal'",
        "scale, mode, distribution",
    ),
    # -- tf.contrib
    "contrib.layers.l1_regularizer": Row("scale, scope=None", "keras.regularizers.L1(l1 := scale)"),
    "contrib.layers.l2_regularizer": Row("scale, scope=None", "keras.regularizers.L2(0.5 * scale)"),
    "contrib.layers.xavier_initializer": Row(
        "uniform=True, seed=None, dtype=None",
        "keras.initializers.GlorotUniform(seed=seed)",
        variants=(("uniform=False uniform?", ""),),
        note="`keras.initializers.GlorotUniform()`, or `GlorotNormal()` for `uniform=False`.",
    ),
}
ROWS["contrib.layers.xavier_initializer_conv2d"] = ROWS["contrib.layers.xavier_initializer"]
ROWS["random.multinomial"] = ROWS["multinomial"]

OPTIMIZERS: dict[str, Row] = {
    "train.AdadeltaOptimizer": Row(
        "learning_rate=0.001, rho=0.95, epsilon=1e-08, use_locking=False, name='Adadelta'",
        "keras.optimizers.Adadelta(learning_rate := +learning_rate, rho, epsilon := +epsilon)",
    ),
    "train.AdagradOptimizer": Row(
        "learning_rate, initial_accumulator_value=0.1, use_locking=False, name='Adagrad'",
        "keras.optimizers.Adagrad(learning_rate, initial_accumulator_value := +initial_accumulator_value)",
    ),
    "train.AdamOptimizer": Row(
        "learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking=False, name='Adam'",
        "keras.optimizers.Adam(learning_rate, beta_1 := beta1, beta_2 := beta2, epsilon := +epsilon)",
    ),
    "train.FtrlOptimizer": Row(
        "learning_rate, learning_rate_power=-0.5, initial_accumulator_value=0.1, l1_regularization_strength=0.0, "
        "l2_regularization_strength=0.0, use_locking=False, name='Ftrl'",
        "keras.optimizers.Ftrl(learning_rate, learning_rate_power, initial_accumulator_value, "
        "l1_regularization_strength, l2_regularization_strength)",
    ),
    "train.GradientDescentOptimizer": Row(
        "learning_rate, use_locking=False, name='GradientDescent'", "keras.optimizers.SGD(learning_rate)"
    ),
    "train.MomentumOptimizer": Row(
        "learning_rate, momentum, use_locking=False, name='Momentum', use_nesterov=False",
        "keras.optimizers.SGD(learning_rate, momentum, nesterov=use_nesterov)",
    ),
    "train.RMSPropOptimizer": Row(
        "learning_rate, decay=0.9, momentum=0.0, epsilon=1e-10, use_locking=False, centered=False, name='RMSProp'",
        "keras.optimizers.RMSprop(learning_rate, rho := decay, momentum, epsilon := +epsilon, centered=centered)",
        "review",
        assumption="the first steps may be larger: TensorFlow's averages begin with 1, those of Keras with 0",
    ),
}
"""Optimizers that were given to `compile`."""

_REDUCED = {"reduction_indices": "axis", "keep_dims": "keepdims"}
_REDUCTIONS = "all any logsumexp max mean min prod sum"
_KERNEL: dict[str, str | None] = {"filter": "filters", "use_cudnn_on_gpu": None}
KEYWORDS: dict[str, dict[str, str | None]] = {
    **{f"reduce_{name}": dict(_REDUCED) for name in _REDUCTIONS.split()},
    **{f"math.reduce_{name}": dict(_REDUCED) for name in _REDUCTIONS.split()},
    **{name: {"dimension": "axis"} for name in ("argmax", "argmin", "math.argmax", "math.argmin")},
    **{name: {"keep_dims": "keepdims"} for name in ("norm", "linalg.norm", "nn.moments")},
    **{name: {"dim": "axis"} for name in ("nn.softmax", "nn.log_softmax", "nn.l2_normalize")},
    **{name: {"dim": "axis"} for name in ("math.softmax", "math.log_softmax", "math.l2_normalize")},
    "cond": {"fn1": "true_fn", "fn2": "false_fn", "strict": None},
    "constant": {"verify_shape": None},
    "convert_to_tensor": {"preferred_dtype": "dtype_hint"},
    "expand_dims": {"dim": "axis"},
    "image.crop_and_resize": {"box_ind": "box_indices"},
    "math.count_nonzero": {"input_tensor": "input", **_REDUCED},
    "nn.avg_pool": {"value": "input"},
    "nn.conv1d": {"value": "input", "use_cudnn_on_gpu": None},
    "nn.conv2d": dict(_KERNEL),
    "nn.conv2d_transpose": {"value": "input", "filter": "filters"},
    "nn.conv3d": {"filter": "filters"},
    "nn.convolution": {"filter": "filters", "dilation_rate": "dilations"},
    "nn.depthwise_conv2d": {"rate": "dilations"},
    "nn.embedding_lookup": {"validate_indices": None},
    "nn.max_pool": {"value": "input"},
    "nn.pool": {"dilation_rate": "dilations"},
    "nn.separable_conv2d": {"rate": "dilations"},
    "nn.softmax_cross_entropy_with_logits": {"dim": "axis"},
    "nn.weighted_cross_entropy_with_logits": {"targets": "labels"},
    "ones_like": {"tensor": "input", "optimize": None},
    "reverse_sequence": {"seq_dim": "seq_axis", "batch_dim": "batch_axis"},
    "squeeze": {"squeeze_dims": "axis"},
    "zeros_like": {"tensor": "input", "optimize": None},
}
"""Keyword arguments of functions that kept their name: the new keyword, or None where it has gone."""

_MOVED = {
    "COMPILER_VERSION": "version.COMPILER_VERSION",
    "GIT_VERSION": "version.GIT_VERSION",
    "GRAPH_DEF_VERSION": "version.GRAPH_DEF_VERSION",
    "VERSION": "__version__",
    "contrib.data.AUTOTUNE": "data.AUTOTUNE",
    "contrib.framework.argsort": "argsort",
    "contrib.framework.is_tensor": "is_tensor",
    "contrib.framework.nest": "nest",
    "contrib.framework.sort": "sort",
    "python_io.TFRecordCompressionType": "compat.v1.python_io.TFRecordCompressionType",
}
_STILL_THERE = (
    "app flags gfile logging distributions losses.absolute_difference losses.compute_weighted_loss "
    "losses.cosine_distance losses.hinge_loss losses.huber_loss losses.log_loss losses.mean_pairwise_squared_error "
    "losses.mean_squared_error losses.sigmoid_cross_entropy losses.softmax_cross_entropy "
    "losses.sparse_softmax_cross_entropy image.resize_area image.resize_bicubic image.resize_bilinear "
    "image.resize_image_with_pad image.resize_images image.resize_nearest_neighbor io.tf_record_iterator "
    "python_io.tf_record_iterator batch_gather clip_by_average_norm nn.fused_batch_norm setdiff1d sparse_add "
    "sparse_concat sparse_reduce_sum sparse_split sparse_to_dense string_split data.make_one_shot_iterator "
    "data.get_output_shapes data.get_output_types Dimension dimension_value SparseTensorValue"
)
"""What `tf.compat.v1` has, and what works there without a graph."""

_CONTRIB = "`tf.contrib` went with TensorFlow 1; much of it is in `tf`, Keras or a package of its own."
_RECURRENT = "`keras.layers.LSTM`, `GRU`, or `RNN` of cells, called on the tensor."
_VARIABLES = "there are no collections: `model.trainable_variables`, `model.variables`, `layer.weights`."
_SCOPE = "there are no variable scopes: a layer has its variables; `tf.name_scope` names operations."
_STEP = "`optimizer.iterations` counts the steps."
_SCHEDULE = "give a schedule of `keras.optimizers.schedules` to the optimizer as its `learning_rate`."
_QUEUE = "there are no queues: `tf.data.Dataset` batches, shuffles and repeats."
_HOOK = "write a `keras.callbacks.Callback`."
_SAVED = "`model.export(folder)` writes a SavedModel, `keras.layers.TFSMLayer(folder)` reads it."
_PLACEHOLDER = "a model's input is `keras.Input(shape=...)`, a function's is its argument."
_METRIC = "`keras.metrics` has objects for it: `update_state(y_true, y_pred)`, then `result()`."
_OPTIMIZER = (
    "an optimizer of `keras.optimizers`, with `compile`, or with `apply_gradients` and a `tf.GradientTape`."
)
_EAGER = "drop the line: TensorFlow 2 computes at once, without graph and session."
ADVICE = {
    **dict.fromkeys(SESSION, _EAGER),
    "ConfigProto": "`tf.config`, such as `tf.config.experimental.set_memory_growth(gpu, True)`.",
    "GPUOptions": "`tf.config`, such as `tf.config.experimental.set_memory_growth(gpu, True)`.",
    "AUTO_REUSE": _SCOPE,
    "GraphKeys": _VARIABLES,
    "Print": "`tf.print(...)` in a line of its own.",
    "all_variables": _VARIABLES,
    "add_to_collection": _VARIABLES,
    "contrib": _CONTRIB,
    "contrib.crf": "`tensorflow_addons` had it after that; Keras has none: copy a layer of your own into the program.",
    "contrib.image": "`keras.ops.image` (`affine_transform`, ...), or a layer such as `keras.layers.RandomRotation`.",
    "contrib.layers": "a layer of `keras.layers`: an object, called on the tensor.",
    "contrib.learn": "a Keras model, with `fit` and `evaluate`; the data sets are in `keras.datasets`.",
    "contrib.rnn": _RECURRENT,
    "contrib.seq2seq": "`keras.layers.Attention` or `MultiHeadAttention`; decode in a loop over the model.",
    "contrib.slim": "layers of `keras.layers`, models of `keras.applications`.",
    "contrib.tpu": "`tf.distribute.TPUStrategy`, with the model made in its `scope()`.",
    "contrib.training.HParams": "a `types.SimpleNamespace` or a dataclass.",
    "data.make_initializable_iterator": "`iter(dataset)`, or the dataset itself: `model.fit(dataset)`.",
    "estimator": "estimators are gone: train the Keras model itself, with `fit`.",
    "examples": "`keras.datasets.mnist.load_data()` loads the MNIST data.",
    "get_collection": _VARIABLES,
    "get_local_variable": _VARIABLES,
    "get_variable": "`self.add_weight(...)` in the `build` of a layer, or `keras.Variable(value)`.",
    "get_variable_scope": _SCOPE,
    "global_variables": _VARIABLES,
    "graph_util": _SAVED,
    "layers": "the layer of that name in `keras.layers`: an object, called on the tensor.",
    "local_variables": _VARIABLES,
    "make_template": _SCOPE,
    "metrics": _METRIC,
    "model_variables": _VARIABLES,
    "nn.bidirectional_dynamic_rnn": "`keras.layers.Bidirectional(keras.layers.LSTM(...))`, called on the tensor.",
    "nn.dynamic_rnn": _RECURRENT,
    "nn.rnn_cell": _RECURRENT,
    "nn.static_rnn": _RECURRENT,
    "placeholder": _PLACEHOLDER,
    "placeholder_with_default": _PLACEHOLDER,
    "saved_model": _SAVED,
    "scatter_update": "`variable.scatter_nd_update(...)`, or `variable.assign(tf.tensor_scatter_nd_update(...))`.",
    "sparse_placeholder": _PLACEHOLDER,
    "summary.FileWriter": "`tf.summary.create_file_writer(folder)`, or `keras.callbacks.TensorBoard`.",
    "summary.Summary": "`tf.summary.scalar(name, value, step)` within `writer.as_default()`.",
    "summary.merge": "summaries are written at once, within `writer.as_default()`.",
    "summary.merge_all": "summaries are written at once, within `writer.as_default()`.",
    "trainable_variables": _VARIABLES,
    "train.Saver": "`model.save_weights(...)` and `load_weights`, or `tf.train.Checkpoint(model=model)`.",
    "train.batch": _QUEUE,
    "train.cosine_decay": _SCHEDULE,
    "train.create_global_step": _STEP,
    "train.exponential_decay": _SCHEDULE,
    "train.get_global_step": _STEP,
    "train.get_or_create_global_step": _STEP,
    "train.global_step": _STEP,
    "train.inverse_time_decay": _SCHEDULE,
    "train.linear_cosine_decay": _SCHEDULE,
    "train.natural_exp_decay": _SCHEDULE,
    "train.piecewise_constant": _SCHEDULE,
    "train.piecewise_constant_decay": _SCHEDULE,
    "train.polynomial_decay": _SCHEDULE,
    "train.SessionRunHook": _HOOK,
    "train.shuffle_batch": _QUEUE,
    "train.slice_input_producer": _QUEUE,
    "train.start_queue_runners": _QUEUE,
    "train.string_input_producer": _QUEUE,
    "variable_op_scope": _SCOPE,
    "variable_scope": _SCOPE,
} | dict.fromkeys((*OPTIMIZERS, "train.Optimizer"), _OPTIMIZER)
"""What to do by hand, by the name or the module that it is in."""

_SINCE_REMOVED = frozenset({"contrib", "estimator", "examples", "layers", "nn.rnn_cell"})
"""Modules that `tf.compat.v1` does not have either."""
_BEFORE = frozenset({"mul", "neg", "pack", "select", "sub", "unpack"})
"""Names of TensorFlow 0.x."""


@cache
def renamed() -> dict[str, str]:
    """The names whose object has another name now."""
    measured: dict[str, str] = load("tensorflow1")["renamed"]
    return measured | _MOVED | {name: f"compat.v1.{name}" for name in _STILL_THERE.split()}


@cache
def _gone() -> frozenset[str]:
    """The names that TensorFlow 2 does not have."""
    data = load("tensorflow1")
    return frozenset((*data["gone"].split(), *data["gone modules"].split(), *data["renamed"])) | _BEFORE


def names() -> frozenset[str]:
    """The names, and modules, that `tf.` does not have any more."""
    return _gone() | _SINCE_REMOVED


def is_gone(path: str) -> bool:
    """Whether `tf.` has no such name any more, or no longer what it is in."""
    return any(part in _gone() or part in _SINCE_REMOVED for part in prefixes(path))


def prefixes(path: str) -> list[str]:
    """The path and the modules that it is in, the longest first: `a.b.c`, `a.b`, `a`."""
    parts = path.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def new_name(path: str) -> str | None:
    """Where a name is today that only moved; None for the others."""
    if not is_gone(path):
        return None
    for prefix in prefixes(path):
        if prefix in renamed():
            return renamed()[prefix] + path[len(prefix) :]
        if prefix in ROWS or prefix in OPTIMIZERS:
            return None
    return None


def advice(path: str) -> str:
    """What to do about a name that is gone."""
    found = next((ADVICE[prefix] for prefix in prefixes(path) if prefix in ADVICE), None)
    return found or f"`tf.compat.v1.{path}` is the function of TensorFlow 1, which may need a graph."


def instead(path: str) -> str | None:
    """What there is in place of a name that is gone, in a few words; None for a name that is not."""
    if not is_gone(path):
        return None
    new, row = new_name(path), ROWS.get(path)
    if new is not None:
        return f"`tf.{new}`"
    if row is None:
        return advice(path).rstrip(".")
    simple = parse_row(row.old, row.new).simple
    return f"`{(simple.callee if simple is not None else row.new).replace('tensorflow.', 'tf.')}`"
