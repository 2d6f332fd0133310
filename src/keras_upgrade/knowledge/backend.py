"""What each function of `keras.backend` became in Keras 3: `keras.ops`, `keras.random`, `keras.config`, or
nothing.

A row is data, written in the language of `syntax.templates`: the Keras 2 signature (the union over the
versions 2.0 to 2.15, in positional order) and a Python expression over its parameters. Every rewritten row is
run against the Keras 2 function by `tests/knowledge/test_backend_numbers.py`.

A row of how `advise` has no expression: `note` says what a person must do. A row with `special` is looked at
by a rule of that name first, because the right answer depends on more than the call: which arguments are
callables, what the result is used for, on which object it acts. If the rule has no answer, the row still
holds.
"""

from __future__ import annotations

from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

type How = Literal["safe", "review", "advise"]


@dataclass(frozen=True, slots=True)
class Row:
    """One function of `keras.backend`.

    Attributes:
        old: the Keras 2 parameters.
        new: the Keras 3 expression; empty if there is none.
        how: `safe`: equal by the facts; `review`: equal under `assumption`; `advise`: not rewritten.
        note: what differs, or what to do.
        assumption: what has to hold for a `review` row.
        variants: (condition, expression) that come before `new`, see `templates.holds`; an empty expression
            there means that such a call is not rewritten.
        special: the name of the rule that looks at the call first.
        kept: the name is still there in `keras.backend` of Keras 3: nothing is to do.
        imports: statements that the expression needs besides `import keras`.
    """

    old: str
    new: str
    how: How = "safe"
    note: str = ""
    assumption: str = ""
    variants: tuple[tuple[str, str], ...] = ()
    special: str = ""
    kept: bool = False
    imports: tuple[str, ...] = ()


def _same(name: str, note: str = "") -> Row:
    """A function of one tensor, of the same name."""
    return Row("x", f"keras.ops.{name}(x)", note=note)


def _reduction(name: str, note: str = "") -> Row:
    return Row("x, axis=None, keepdims=False", f"keras.ops.{name}(x, axis, keepdims)", note=note)


def _comparison(name: str) -> Row:
    return Row("x, y", f"keras.ops.{name}(x1 := x, x2 := y)")


def _kept(name: str, old: str = "") -> Row:
    argument = old.partition("=")[0]
    return Row(old, f"keras.backend.{name}({argument})", kept=True, note="Still there in Keras 3.")


def _advise(old: str, note: str, special: str = "") -> Row:
    return Row(old, "", "advise", note, special=special)


_VARIABLE = "Keras 2 gave a variable, this is a tensor."
_AS_TENSOR = "the result is used as a tensor; a trained or assigned value needs `keras.Variable(...)`"
_RANDOM = "Same distribution, other numbers from the same seed."
_PHASE = (
    "There is no global learning phase. Give the layer's `call` an argument `training=None` and use that, "
    "or pass "
    "`training=True/False` where the model is called."
)
_SESSION = "There are no sessions or graphs: tensors are eager. Drop the line."
_LOCAL = (
    "Keras 3 has no locally connected convolution: `keras.ops.image.extract_patches`, then "
    "`keras.ops.einsum` with a kernel per "
    "position."
)
_GRAPH_ONLY = "A helper of graph mode, which Keras 3 does not have. Drop it."

_CONV = "(inputs := x, kernel, strides, padding, data_format, dilation_rate)"
_SEPARABLE = "(inputs := x, depthwise_kernel, pointwise_kernel, strides, padding, data_format, dilation_rate)"
_POOL = "(inputs := x, pool_size, strides := +strides, padding, data_format)"
_NOT_LAST = "data_format='channels_first' data_format?"


def _pool(strides: str) -> Row:
    return Row(
        f"x, pool_size, strides={strides}, padding='valid', data_format=None, pool_mode='max'",
        f"keras.ops.max_pool{_POOL}",
        variants=(("pool_mode='avg'", f"keras.ops.average_pool{_POOL}"), ("pool_mode?", "")),
        note="The default of `strides` differs: 1 in Keras 2, `pool_size` in `keras.ops`.",
    )


ROWS: dict[str, Row] = {
    # -- element by element
    "abs": _same("abs"),
    "cos": _same("cos"),
    "exp": _same("exp"),
    "log": _same("log"),
    "round": _same("round"),
    "sigmoid": _same("sigmoid"),
    "sign": _same("sign"),
    "sin": _same("sin"),
    "softplus": _same("softplus"),
    "softsign": _same("softsign"),
    "square": _same("square"),
    "tanh": _same("tanh"),
    "sqrt": Row(
        "x",
        "keras.ops.sqrt(x)",
        "review",
        "`K.sqrt` takes negative values as 0; `keras.ops.sqrt` gives nan there. Exact: `keras.ops.sqrt("
        "keras.ops.maximum(x, 0.0))`.",
        assumption="the argument is never negative",
        special="sqrt",
    ),
    "elu": Row("x, alpha=1.0", "keras.ops.elu(x, alpha)"),
    "softmax": Row("x, axis=-1", "keras.ops.softmax(x, axis)"),
    "relu": Row(
        "x, alpha=0.0, max_value=None, threshold=0.0",
        "keras.ops.relu(x)",
        variants=(
            (
                "alpha max_value threshold",
                "keras.activations.relu(x, negative_slope := alpha, max_value, threshold)",
            ),
        ),
    ),
    "hard_sigmoid": Row(
        "x",
        "keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)",
        note="`keras.ops.hard_sigmoid` is another function: `relu6(x + 3) / 6`.",
    ),
    "clip": Row(
        "x, min_value, max_value",
        "keras.ops.clip(x, x_min := min_value, x_max := max_value)",
        variants=(
            ("min_value=None", "keras.ops.minimum(x1 := x, x2 := max_value)"),
            ("max_value=None", "keras.ops.maximum(x1 := x, x2 := min_value)"),
        ),
    ),
    "pow": Row("x, a", "keras.ops.power(x1 := x, x2 := a)"),
    "maximum": _comparison("maximum"),
    "minimum": _comparison("minimum"),
    "equal": _comparison("equal"),
    "not_equal": _comparison("not_equal"),
    "greater": _comparison("greater"),
    "greater_equal": _comparison("greater_equal"),
    "less": _comparison("less"),
    "less_equal": _comparison("less_equal"),
    # -- along axes
    "all": _reduction("all"),
    "any": _reduction("any"),
    "logsumexp": _reduction("logsumexp"),
    "max": _reduction("max"),
    "mean": _reduction("mean", "Of integers: `K.mean` rounds down, `keras.ops.mean` gives a float."),
    "min": _reduction("min"),
    "prod": _reduction("prod"),
    "std": _reduction("std"),
    "sum": _reduction("sum"),
    "var": _reduction("var"),
    "argmax": Row("x, axis=-1", "keras.ops.argmax(x, axis := +axis)", note="int32 in place of int64."),
    "argmin": Row("x, axis=-1", "keras.ops.argmin(x, axis := +axis)", note="int32 in place of int64."),
    "cumprod": Row("x, axis=0", "keras.ops.cumprod(x, axis := +axis)"),
    "cumsum": Row("x, axis=0", "keras.ops.cumsum(x, axis := +axis)"),
    "l2_normalize": Row(
        "x, axis=None",
        "keras.ops.normalize(x, axis := +axis, epsilon=1e-6)",
        note="`keras.ops.normalize` has another default axis (-1).",
    ),
    "in_top_k": Row("predictions, targets, k", "keras.ops.in_top_k(targets, predictions, k)"),
    # -- shapes
    "shape": _same("shape", "A tuple of numbers and scalar tensors in place of a tensor."),
    "int_shape": Row(
        "x", "x.shape", note="A tuple for a KerasTensor; a `TensorShape` for a TensorFlow tensor."
    ),
    "get_variable_shape": Row("x", "x.shape"),
    "ndim": Row("x", "len(x.shape)"),
    "dtype": Row("x", "keras.backend.standardize_dtype(x.dtype)"),
    "size": Row("x, name=None", "keras.ops.size(x)"),
    "count_params": Row("x", "math.prod(x.shape)", imports=("import math",)),
    "reshape": Row("x, shape", "keras.ops.reshape(x, newshape := shape)"),
    "flatten": Row("x", "keras.ops.reshape(x, (-1,))"),
    "batch_flatten": Row(
        "x",
        "keras.layers.Flatten()(x)",
        note="With `image_data_format` 'channels_first' the layer moves the channels to the end first.",
    ),
    "expand_dims": Row("x, axis=-1", "keras.ops.expand_dims(x, axis := +axis)"),
    "squeeze": Row("x, axis", "keras.ops.squeeze(x, axis)"),
    "permute_dimensions": Row("x, pattern", "keras.ops.transpose(x, axes := pattern)"),
    "transpose": _same("transpose"),
    "concatenate": Row("tensors, axis=-1", "keras.ops.concatenate(xs := tensors, axis := +axis)"),
    "stack": Row("x, axis=0", "keras.ops.stack(x, axis)"),
    "tile": Row("x, n", "keras.ops.tile(x, repeats := n)"),
    "repeat": Row("x, n", "keras.ops.repeat(keras.ops.expand_dims(x, 1), n, axis=1)"),
    "repeat_elements": Row("x, rep, axis", "keras.ops.repeat(x, repeats := rep, axis)"),
    "reverse": Row("x, axes", "keras.ops.flip(x, axis := axes)"),
    "gather": Row("reference, indices", "keras.ops.take(x := reference, indices, axis=0)"),
    "slice": Row(
        "x, start, size",
        "keras.ops.slice(inputs := x, start_indices := start, shape := size)",
        "review",
        assumption="no entry of `size` is -1",
    ),
    "temporal_padding": Row("x, padding=(1, 1)", "keras.ops.pad(x, ((0, 0), padding, (0, 0)))"),
    "spatial_2d_padding": Row(
        "x, padding=((1, 1), (1, 1)), data_format=None",
        "keras.ops.pad(x, ((0, 0), *padding, (0, 0)))",
        variants=(
            ("data_format='channels_first'", "keras.ops.pad(x, ((0, 0), (0, 0), *padding))"),
            ("data_format?", "keras.layers.ZeroPadding2D(padding, data_format=data_format)(x)"),
        ),
    ),
    "spatial_3d_padding": Row(
        "x, padding=((1, 1), (1, 1), (1, 1)), data_format=None",
        "keras.ops.pad(x, ((0, 0), *padding, (0, 0)))",
        variants=(
            ("data_format='channels_first'", "keras.ops.pad(x, ((0, 0), (0, 0), *padding))"),
            ("data_format?", "keras.layers.ZeroPadding3D(padding, data_format=data_format)(x)"),
        ),
    ),
    "resize_images": Row(
        "x, height_factor, width_factor, data_format, interpolation='nearest'",
        "keras.layers.UpSampling2D((height_factor, width_factor), data_format=data_format, "
        "interpolation=interpolation)"
        "(x)",
    ),
    "resize_volumes": Row(
        "x, depth_factor, height_factor, width_factor, data_format",
        "keras.layers.UpSampling3D((depth_factor, height_factor, width_factor), data_format=data_format)(x)",
    ),
    # -- making tensors
    "arange": Row("start, stop=None, step=1, dtype='int32'", "keras.ops.arange(start, stop, step, dtype)"),
    "cast": Row("x, dtype", "keras.ops.cast(x, dtype)"),
    "cast_to_floatx": Row(
        "x",
        "keras.ops.cast(x, keras.config.floatx())",
        "review",
        "Of a number or array Keras 2 gave a NumPy array: `np.asarray(x, dtype=keras.config.floatx())`.",
        assumption="the result is used as a tensor",
    ),
    "constant": Row(
        "value, dtype=None, shape=None, name=None",
        "keras.ops.convert_to_tensor(x := value, dtype=keras.config.floatx())",
        note="`K.constant` makes floats of integers, `keras.ops.convert_to_tensor` keeps them.",
        variants=(
            ("shape", "keras.ops.full(shape, fill_value := value, dtype=dtype)"),
            ("dtype", "keras.ops.convert_to_tensor(x := value, dtype)"),
            ("value:float", "keras.ops.convert_to_tensor(x := value)"),
        ),
    ),
    "eye": Row(
        "size, dtype=None, name=None",
        "keras.ops.eye(N := size, dtype=dtype)",
        "review",
        _VARIABLE,
        _AS_TENSOR,
    ),
    "ones": Row(
        "shape, dtype=None, name=None", "keras.ops.ones(shape, dtype)", "review", _VARIABLE, _AS_TENSOR
    ),
    "zeros": Row(
        "shape, dtype=None, name=None", "keras.ops.zeros(shape, dtype)", "review", _VARIABLE, _AS_TENSOR
    ),
    "ones_like": Row("x, dtype=None, name=None", "keras.ops.ones_like(x, dtype)"),
    "zeros_like": Row("x, dtype=None, name=None", "keras.ops.zeros_like(x, dtype)"),
    "one_hot": Row("indices, num_classes", "keras.ops.one_hot(x := indices, num_classes)"),
    "identity": Row(
        "x, name=None", "keras.ops.copy(x)", note="`keras.ops.identity(n)` is the identity matrix."
    ),
    "to_dense": Row("tensor", "keras.ops.convert_to_tensor(x := tensor, sparse=False)"),
    "variable": Row(
        "value, dtype=None, name=None, constraint=None",
        "keras.Variable(initializer := value, dtype=keras.config.floatx(), name=name)",
        note="`K.variable` makes floats of integers, `keras.Variable` keeps them. In a layer use "
        "`self.add_weight`.",
        variants=(
            ("constraint", ""),
            ("dtype value:float", "keras.Variable(initializer := value, dtype=dtype, name=name)"),
        ),
    ),
    "random_normal": Row(
        "shape, mean=0.0, stddev=1.0, dtype=None, seed=None",
        "keras.random.normal(shape, mean, stddev, dtype, seed)",
        note=_RANDOM,
    ),
    "truncated_normal": Row(
        "shape, mean=0.0, stddev=1.0, dtype=None, seed=None",
        "keras.random.truncated_normal(shape, mean, stddev, dtype, seed)",
        note=_RANDOM,
    ),
    "random_uniform": Row(
        "shape, minval=0.0, maxval=1.0, dtype=None, seed=None",
        "keras.random.uniform(shape, minval, maxval, dtype, seed)",
        note=_RANDOM,
        variants=(
            (
                "dtype='int32' dtype='int64'",
                "keras.random.randint(shape, minval, maxval, dtype, seed)",
            ),
        ),
    ),
    "random_binomial": Row(
        "shape, p=0.0, dtype=None, seed=None",
        "keras.random.binomial(shape, 1, +p, dtype=dtype, seed=seed)",
        note=_RANDOM,
    ),
    "random_bernoulli": Row(
        "shape, p=0.0, dtype=None, seed=None",
        "keras.random.binomial(shape, 1, +p, dtype=dtype, seed=seed)",
        note=_RANDOM,
    ),
    "random_normal_variable": Row(
        "shape, mean, scale, dtype=None, name=None, seed=None",
        "keras.Variable(keras.random.normal(shape, mean, scale, dtype=dtype, seed=seed), name=name)",
        note=_RANDOM,
    ),
    "random_uniform_variable": Row(
        "shape, low, high, dtype=None, name=None, seed=None",
        "keras.Variable(keras.random.uniform(shape, low, high, dtype=dtype, seed=seed), name=name)",
        note=_RANDOM,
    ),
    "dropout": Row(
        "x, level, noise_shape=None, seed=None",
        "keras.random.dropout(inputs := x, rate := level, noise_shape, seed)",
        note=_RANDOM + " Takes no KerasTensor: outside of a layer use `keras.layers.Dropout`.",
    ),
    # -- linear algebra, convolution
    "dot": Row(
        "x, y",
        "keras.ops.matmul(x1 := x, x2 := y)",
        "review",
        "With three axes or more in `y`, `keras.ops.dot(x, y)` is the same as `K.dot`.",
        assumption="the second argument has at most two axes",
        special="dot",
    ),
    "batch_dot": Row(
        "x, y, axes=None",
        "keras.ops.matmul(x1 := x, x2 := y)",
        "review",
        "`keras.layers.Dot` takes axes counted with the batch, as `K.batch_dot` does; it gives (batch, 1) "
        "for two tensors of two axes.",
        assumption="without `axes` both arguments have three axes",
        special="batch_dot",
        variants=(
            ("axes=None", "keras.ops.matmul(x1 := x, x2 := y)"),
            ("axes", "keras.layers.Dot(axes=axes)([x, y])"),
        ),
    ),
    "bias_add": Row(
        "x, bias, data_format=None",
        "keras.ops.add(x1 := x, x2 := bias)",
        "review",
        "With 'channels_first' a bias of one axis has to be reshaped to `(1, -1, 1, 1)`.",
        assumption="channels are the last axis",
        special="bias_add",
        variants=((_NOT_LAST, ""),),
    ),
    "conv1d": Row(
        "x, kernel, strides=1, padding='valid', data_format=None, dilation_rate=1",
        f"keras.ops.conv{_CONV}",
        variants=(("padding='causal' padding?", ""),),
        note="`padding='causal'` has to be written as a left padding of `dilation_rate * (size - 1)` steps.",
    ),
    "conv2d": Row(
        "x, kernel, strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1)",
        f"keras.ops.conv{_CONV}",
    ),
    "conv3d": Row(
        "x, kernel, strides=(1, 1, 1), padding='valid', data_format=None, dilation_rate=(1, 1, 1)",
        f"keras.ops.conv{_CONV}",
    ),
    "conv2d_transpose": Row(
        "x, kernel, output_shape, strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1)",
        "keras.ops.conv_transpose(inputs := x, kernel, strides := +strides, padding, "
        "data_format=data_format, "
        "dilation_rate=dilation_rate)",
        "review",
        assumption="`output_shape` is what strides and padding give",
    ),
    "conv3d_transpose": Row(
        "x, kernel, output_shape, strides=(1, 1, 1), padding='valid', data_format=None",
        "keras.ops.conv_transpose(inputs := x, kernel, strides := +strides, padding, "
        "data_format=data_format)",
        "review",
        assumption="`output_shape` is what strides and padding give",
    ),
    "depthwise_conv2d": Row(
        "x, depthwise_kernel, strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1)",
        "keras.ops.depthwise_conv(inputs := x, kernel := depthwise_kernel, strides, padding, data_format, "
        "dilation_rate)",
    ),
    "separable_conv1d": Row(
        "x, depthwise_kernel, pointwise_kernel, strides=1, padding='valid', data_format=None, "
        "dilation_rate=1",
        f"keras.ops.separable_conv{_SEPARABLE}",
    ),
    "separable_conv2d": Row(
        "x, depthwise_kernel, pointwise_kernel, strides=(1, 1), padding='valid', data_format=None, "
        "dilation_rate=(1, 1)",
        f"keras.ops.separable_conv{_SEPARABLE}",
    ),
    "pool2d": _pool("(1, 1)"),
    "pool3d": _pool("(1, 1, 1)"),
    "batch_normalization": Row(
        "x, mean, var, beta, gamma, axis=-1, epsilon=0.001",
        "keras.ops.batch_normalization(x, mean, variance := var, axis=+axis, offset=beta, scale=gamma, "
        "epsilon=epsilon)",
    ),
    # -- losses
    "binary_crossentropy": Row(
        "target, output, from_logits=False",
        "keras.ops.binary_crossentropy(target, output, from_logits)",
        note="At outputs of exactly 0 or 1 the clipping differs a little.",
    ),
    "categorical_crossentropy": Row(
        "target, output, from_logits=False, axis=-1",
        "keras.ops.categorical_crossentropy(target, output, from_logits, axis)",
    ),
    "sparse_categorical_crossentropy": Row(
        "target, output, from_logits=False, axis=-1, ignore_class=None",
        "keras.ops.sparse_categorical_crossentropy(target, output, from_logits, axis)",
        variants=(("ignore_class", ""),),
        note="`ignore_class` is an argument of `keras.losses.SparseCategoricalCrossentropy`.",
    ),
    "binary_focal_crossentropy": _advise(
        "target, output, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False",
        "`keras.losses.binary_focal_crossentropy` is the mean of this over the last axis.",
    ),
    "categorical_focal_crossentropy": Row(
        "target, output, alpha=0.25, gamma=2.0, from_logits=False, axis=-1",
        "keras.losses.categorical_focal_crossentropy(y_true := target, y_pred := output, alpha, gamma, "
        "from_logits, "
        "axis=axis)",
    ),
    "ctc_batch_cost": Row(
        "y_true, y_pred, input_length, label_length",
        'keras.ops.expand_dims(keras.ops.ctc_loss(keras.ops.cast(y_true, "int32"), keras.ops.log(y_pred + '
        'keras.config.epsilon()), keras.ops.cast(keras.ops.squeeze(label_length, -1), "int32"), '
        'keras.ops.cast(keras.ops.squeeze(input_length, -1), "int32"), mask_index=y_pred.shape[-1] - 1), -1)',
        "review",
        "`keras.ops.ctc_loss` takes logits, lengths of shape (batch,), and the blank as an argument.",
        assumption="`y_pred` are probabilities and the blank is the last class",
    ),
    "ctc_decode": _advise(
        "y_pred, input_length, greedy=True, beam_width=100, top_paths=1, merge_repeated=False",
        "`keras.ops.ctc_decode(y_pred, input_length, strategy='greedy', mask_index=y_pred.shape[-1] - 1)` "
        "gives one tensor "
        "of all paths, padded with -1 to the full length, and the scores; `tf.keras.backend.ctc_decode` "
        "still exists.",
        "ctc_decode",
    ),
    "ctc_cost": _advise(
        "predictions, targets, axis=None", "A function of the Theano backend: `keras.ops.ctc_loss`."
    ),
    "ctc_label_dense_to_sparse": _advise(
        "labels, label_lengths",
        "No Keras 3 equivalent; `tf.keras.backend.ctc_label_dense_to_sparse` still exists for tensors.",
    ),
    # -- variables
    "eval": Row("x", "keras.ops.convert_to_numpy(x)", special="eval"),
    "get_value": Row(
        "x",
        "keras.ops.convert_to_numpy(x)",
        note="Of a scalar it is an array without axes: `float(...)` where a number is formatted or saved.",
        special="get_value",
    ),
    "set_value": Row("x, value", "x.assign(value)", special="set_value"),
    "batch_get_value": Row("tensors", "[keras.ops.convert_to_numpy(tensor) for tensor in tensors]"),
    "batch_set_value": _advise(
        "tuples",
        "A loop: `for variable, value in tuples: variable.assign(value)`.",
        "batch_set_value",
    ),
    "update": Row("x, new_x", "x.assign(new_x)", "review", assumption="the update may take place at once"),
    "update_add": Row(
        "x, increment", "x.assign_add(increment)", "review", assumption="the update may take place at once"
    ),
    "update_sub": Row(
        "x, decrement", "x.assign_sub(decrement)", "review", assumption="the update may take place at once"
    ),
    "moving_average_update": Row(
        "x, value, momentum",
        "x.assign(x * momentum + value * (1 - momentum))",
        "review",
        assumption="the update may take place at once",
    ),
    "stop_gradient": Row(
        "variables",
        "keras.ops.stop_gradient(variable := variables)",
        note="One tensor, not a list.",
        variants=(("variables:tuple", ""),),
    ),
    # -- control flow
    "switch": Row(
        "condition, then_expression, else_expression",
        "keras.ops.where(condition, x1 := then_expression, x2 := else_expression)",
        "review",
        "`K.switch` broadcasts a condition with fewer axes from the left, `keras.ops.where` from the right.",
        assumption="the two expressions are tensors, and the condition is a scalar or has their shape",
        variants=(
            (
                "then_expression:lambda else_expression:lambda",
                "keras.ops.cond(pred := condition, true_fn := then_expression, false_fn := else_expression)",
            ),
        ),
        special="switch",
    ),
    "map_fn": Row("fn, elems, name=None, dtype=None", "keras.ops.map(f := fn, xs := elems)"),
    "foldl": Row(
        "fn, elems, initializer=None, name=None",
        "keras.ops.scan(lambda carry, element: (fn(carry, element), None), elems[0], elems[1:])[0]",
        "review",
        variants=(
            (
                "initializer",
                "keras.ops.scan(lambda carry, element: (fn(carry, element), None), initializer, elems)[0]",
            ),
        ),
        assumption="the function gives a tensor of the shape of its first argument",
    ),
    "foldr": Row(
        "fn, elems, initializer=None, name=None",
        "keras.ops.scan(lambda carry, element: (fn(carry, element), None), elems[-1], elems[:-1], "
        "reverse=True)[0]",
        "review",
        variants=(
            (
                "initializer",
                "keras.ops.scan(lambda carry, element: (fn(carry, element), None), initializer, elems, "
                "reverse=True)[0]",
            ),
        ),
        assumption="the function gives a tensor of the shape of its first argument",
    ),
    "rnn": _advise(
        "step_function, inputs, initial_states, go_backwards=False, mask=None, constants=None, unroll=False, "
        "input_length=None, time_major=False, zero_output_for_mask=False, return_all_outputs=True",
        "Keras 3 has no public `rnn` function. Make the step function the `call(inputs, states)` of a cell "
        "layer with "
        "`state_size`, and run it with `keras.layers.RNN(cell)`; or loop with `keras.ops.scan`. On tensors "
        "`tf.keras.backend.rnn` still works.",
        "rnn",
    ),
    "in_train_phase": _advise(
        "x, alt, training=None",
        "`x if training else alt`, with `training` from `call(self, inputs, training=None)`; callables have "
        "to be called.",
        "in_train_phase",
    ),
    "in_test_phase": _advise(
        "x, alt, training=None",
        "`alt if training else x`, with `training` from `call(self, inputs, training=None)`; callables have "
        "to be called.",
        "in_train_phase",
    ),
    "normalize_batch_in_training": _advise(
        "x, gamma, beta, reduction_axes, epsilon=0.001",
        "`mean, var = keras.ops.moments(x, axes=reduction_axes)`, then `keras.ops.batch_normalization(x, "
        "mean, var, axis, "
        "beta, gamma, epsilon)`. The variance that Keras 2 gave back is n / (n - 1) times this one.",
    ),
    # -- what is it
    "is_sparse": _advise(
        "tensor", "`isinstance(tensor, tf.SparseTensor)`; `keras.ops` has no such question."
    ),
    "is_tensor": Row("x", "keras.ops.is_tensor(x)"),
    "is_variable": Row("x", "isinstance(x, keras.Variable)"),
    "is_placeholder": Row(
        "x", "isinstance(x, keras.KerasTensor)", "review", assumption="placeholders meant symbolic inputs"
    ),
    "is_keras_tensor": _kept("is_keras_tensor", "x"),
    # -- graph, session, learning phase
    "function": _advise(
        "inputs, outputs, updates=None, name=None",
        "`keras.Model(inputs, outputs)` (or `keras.Function`), called on arrays. The inputs must be those "
        "of a model; "
        "a `K.learning_phase()` among them becomes `training=` of the call, `updates` have to be assigned "
        "by hand.",
        "function",
    ),
    "Function": _advise(
        "inputs, outputs, updates=None, name=None",
        "The class behind `K.function`: `keras.Function`, or `keras.Model`.",
    ),
    "gradients": _advise(
        "loss, variables",
        "There are no symbolic gradients. Compute the loss from arrays under `with tf.GradientTape() as "
        "tape:`, with "
        "`tape.watch(x)` for an input, then `tape.gradient(loss, variables)`.",
        "gradients",
    ),
    "placeholder": Row(
        "shape=None, ndim=None, dtype=None, sparse=False, name=None, ragged=False",
        "keras.Input(batch_shape=shape, dtype=dtype, sparse=sparse, name=name)",
        "review",
        "Placeholders that feed `K.function` become the inputs of a `keras.Model`.",
        assumption="the placeholder is used as the input of a model",
        variants=(
            ("ragged", ""),
            ("ndim", "keras.Input(batch_shape=(None,) * ndim, dtype=dtype, sparse=sparse, name=name)"),
        ),
        special="placeholder",
    ),
    "print_tensor": _advise(
        "x, message='', summarize=3",
        "`print(message, x)` when tensors are eager, `tf.print(message, x)` in graph code; `K.print_tensor` "
        "gave `x` back.",
        "print_tensor",
    ),
    "learning_phase": _advise("", _PHASE, "learning_phase"),
    "symbolic_learning_phase": _advise("", _PHASE, "learning_phase"),
    "global_learning_phase_is_set": _advise("", _PHASE, "learning_phase"),
    "set_learning_phase": _advise("value", _PHASE + " The line itself can go.", "set_learning_phase"),
    "learning_phase_scope": _advise("value", _PHASE, "learning_phase"),
    "get_session": _advise("op_input_list=()", _SESSION, "session"),
    "set_session": _advise("session", _SESSION, "session"),
    "get_graph": _advise("", _SESSION, "session"),
    "manual_variable_initialization": _advise("value", _SESSION, "session"),
    "control_dependencies": _advise(
        "control_inputs",
        "Operations run in the order of the program: drop the `with` line.",
        "control_dependencies",
    ),
    "eager": _advise("func", _GRAPH_ONLY),
    "symbolic": _advise("func", _GRAPH_ONLY),
    "track_variable": _advise("v", _GRAPH_ONLY),
    "name_scope": Row(
        "name, default_name=None, values=None",
        "keras.name_scope(name)",
        note="Names the operations only.",
    ),
    "get_uid": _kept("get_uid", "prefix=''"),
    "reset_uids": Row(
        "",
        "keras.utils.clear_session()",
        "review",
        assumption="the other global state of Keras may be reset with the counters of names",
    ),
    "clear_session": _kept("clear_session"),
    # -- configuration
    "backend": _kept("backend"),
    "epsilon": _kept("epsilon"),
    "floatx": _kept("floatx"),
    "image_data_format": _kept("image_data_format"),
    "set_epsilon": Row(
        "value", "keras.backend.set_epsilon(value)", kept=True, note="Still there in Keras 3."
    ),
    "set_floatx": Row("value", "keras.backend.set_floatx(value)", kept=True, note="Still there in Keras 3."),
    "set_image_data_format": _kept("set_image_data_format", "data_format"),
    "image_dim_ordering": _advise(
        "",
        "`keras.config.image_data_format()`, which says 'channels_first' for 'th' and 'channels_last' for "
        "'tf': change the "
        "comparison with it.",
        "image_dim_ordering",
    ),
    "set_image_dim_ordering": Row(
        "dim_ordering",
        "keras.config.set_image_data_format(data_format := dim_ordering)",
        note="'th' is 'channels_first', 'tf' is 'channels_last'.",
        variants=(
            ("dim_ordering='th'", 'keras.config.set_image_data_format("channels_first")'),
            ("dim_ordering='tf'", 'keras.config.set_image_data_format("channels_last")'),
            ("dim_ordering?", ""),
        ),
        special="image_dim_ordering",
    ),
    "normalize_data_format": Row("value", "value or keras.config.image_data_format()"),
    # -- not meant for users
    "local_conv1d": _advise("inputs, kernel, kernel_size, strides, data_format=None", _LOCAL),
    "local_conv2d": _advise("inputs, kernel, kernel_size, strides, output_shape, data_format=None", _LOCAL),
    "pad": _advise("data, pad_width", "A helper of another backend: `keras.ops.pad(x, pad_width)`."),
    "py_all": _advise("iterable", "Python's own `all`."),
    "py_any": _advise("iterable", "Python's own `any`."),
    "py_sum": _advise("iterable, start=0", "Python's own `sum`."),
}
