"""What the functions of TensorFlow are in `keras.ops`, for the calls that get a KerasTensor.

Keras 3 refuses `tf.*` functions on the symbolic tensors of a functional model. A row is data, in the language
of `syntax.templates` (see `knowledge.backend`, whose `Row` it shares); its key is the path behind
`tensorflow.`. The old signature takes the calls of TensorFlow 1 and 2: the positional order is that of
version 2, the other spellings of version 1 (`keep_dims`, `reduction_indices`, `dim`) are keywords behind it.
Where the two versions take different things in the same place, such calls are not rewritten. A row that only
advises has no signature.

Every rewritten row is run against TensorFlow by `tests/knowledge/test_tensorflow_numbers.py`, on tensors and
in a functional model. What no row promises: the type of indices (int32 in place of int64), and that of a
float32 tensor with a float64 array (float64 in place of float32). `keras.ops` on images, pools and
convolutions takes the data format of `keras.config.image_data_format()`, TensorFlow 'channels_last': a
program that sets the other one has to be looked at. A model whose limits, paddings or loops got TensorFlow
constants works, but cannot be saved.
"""

from keras_upgrade.knowledge.backend import Row

_INT32 = "int32 in place of int64."
_TUPLE = "A tuple of numbers, None for the batch size of a KerasTensor; in a shape write -1 in its place."
_DRAWS = (
    "Same distribution, other numbers from the same seed; an int `seed` gives the same numbers in each "
    "call, a `keras.random.SeedGenerator` other ones."
)
_ONE_DRAW = "the shape has no batch size of a KerasTensor, and drawing once, when the line runs, is meant"
_IN_CALL = "Draw in the `call` of a layer, from a `keras.random.SeedGenerator` made in `__init__`: "
_FLOATS = "Of integers TensorFlow rounds or scales another way than `keras.ops`."
_POOL = (
    "`keras.layers.{layer}`, or `keras.ops.{function}(x, pool_size, strides, padding)` with sizes of the "
    "spatial axes only and `padding` in lower case."
)
_CONV = (
    "`keras.ops.{function}(x, kernel, strides, padding)`, with strides and dilation of the spatial axes "
    "only, and `padding` in lower case; if the kernel is trained, a layer."
)
_IN_LAYER = "No counterpart in `keras.ops`: call it in the `call` of a layer of your own."
_COMPLEX = "`keras.ops` has pairs (real, imaginary) in place of complex tensors: "
_CONCRETE = (
    "It acts when tensors have values, not while the model is built: move it to the "
    "`call` of a layer, or drop it."
)
_OLD_PIXELS = (
    "TensorFlow 1 resized without half-pixel centers, `keras.ops.image.resize` has them, as "
    "`tf.image.resize` of TensorFlow 2: the numbers differ. Take that if the weights are trained anew."
)

_TRANSPOSED = "`keras.ops.swapaxes(x, -1, -2)` for the matrix that is to be transposed."

_REDUCED = "input_tensor, axis=None, keepdims=False, name=None, reduction_indices=None, keep_dims=None"


def _same(name: str, old: str = "x", note: str = "") -> Row:
    """A function of one tensor."""
    parameter = "x" if old == "x" else f"x := {old}"
    return Row(f"{old}, name=None", f"keras.ops.{name}({parameter})", note=note)


def _pair(name: str, old: str = "x, y", note: str = "") -> Row:
    """A function of two tensors."""
    first, second = old.split(", ")
    return Row(f"{old}, name=None", f"keras.ops.{name}(x1 := {first}, x2 := {second})", note=note)


def _reduction(name: str, note: str = "") -> Row:
    new = f"keras.ops.{name}(x := input_tensor, axis, keepdims, axis=reduction_indices, keepdims=keep_dims)"
    return Row(_REDUCED, new, note=note)


def _extreme(name: str) -> Row:
    """`argmax` and `argmin`; their third parameter is a name in TensorFlow 1."""
    new = f"keras.ops.{name}(x := input, axis := +axis)"
    typed = f"keras.ops.cast(keras.ops.{name}(input, axis=+axis), output_type)"
    return Row(
        "input, axis=0, output_type=None, name=None, dimension=None",
        new,
        note=_INT32,
        variants=(
            ("axis=None", ""),
            ("dimension", f"keras.ops.{name}(x := input, axis=dimension)"),
            ("output_type? output_type='int32' output_type='int64'", typed),
            ("output_type", ""),
        ),
    )


def _cumulative(name: str) -> Row:
    reverse = f"keras.ops.flip(keras.ops.{name}(keras.ops.flip(x, axis=+axis), axis=+axis), axis=+axis)"
    return Row(
        "x, axis=0, exclusive=False, reverse=False, name=None",
        f"keras.ops.{name}(x, axis := +axis)",
        variants=(
            ("exclusive=True exclusive? reverse?", ""),
            ("reverse=True", reverse),
        ),
        note=f"Exclusive: `keras.ops.{name}` of the tensor without its last entry, behind a padding.",
    )


def _cast(dtype: str) -> Row:
    return Row("x, name=None", f'keras.ops.cast(x, dtype="{dtype}")')


def _softmax(name: str) -> Row:
    return Row(
        "logits, axis=None, name=None, dim=None",
        f"keras.ops.{name}(x := logits, axis, axis=dim)",
        variants=(("axis=None dim=None", f"keras.ops.{name}(x := logits)"),),
    )


def _pool(function: str, layer: str, channels_last: str) -> Row:
    """Pooling with an int size and an int stride; lists may hold batch and channels, or not."""
    new = f"keras.ops.{function}(inputs := input, pool_size := ksize, strides, padding="
    wrong = f"data_format? data_format='{_first(channels_last)}'"
    return Row(
        f"input, ksize, strides, padding, data_format='{channels_last}', name=None",
        f'{new}"valid")',
        note=_POOL.format(function=function, layer=layer),
        variants=(
            (f"ksize:tuple ksize? strides:tuple strides? padding:tuple padding? {wrong}", ""),
            ("padding='SAME' padding='same'", f'{new}"same")'),
        ),
    )


def _first(channels_last: str) -> str:
    return "NC" + channels_last[1:-1]


def _conv(function: str, channels_last: str, stride: str = "strides", kernel: str = "filters") -> Row:
    """Convolution with an int stride."""
    new = (
        f"keras.ops.{function}(inputs := input, kernel := {kernel}, strides := {stride}, "
        "dilation_rate=dilations, padding="
    )
    wrong = f"data_format? data_format='{_first(channels_last)}' data_format=True data_format=False"
    return Row(
        f"input, {kernel}, {stride}, padding, data_format='{channels_last}', dilations=None, name=None",
        f'{new}"valid")',
        note=_CONV.format(function=function),
        variants=(
            (
                f"{stride}:tuple {stride}? padding:tuple padding? dilations:tuple dilations? "
                f"dilations=None {wrong}",
                "",
            ),
            ("padding='SAME' padding='same'", f'{new}"same")'),
        ),
    )


def _draw(old: str, new: str, note: str = "", *variants: tuple[str, str]) -> Row:
    return Row(old, new, "review", f"{_DRAWS} {note}".strip(), _ONE_DRAW, variants)


def _advise(note: str) -> Row:
    return Row("", "", "advise", note)


_NORM = (
    "keras.ops.sqrt(keras.ops.sum(keras.ops.square(tensor), axis=axis, "
    "keepdims=keepdims, keepdims=keep_dims))"
)
_SILU = Row(
    "features, beta=1.0",
    "keras.ops.silu(x := features)",
    variants=(
        ("beta=1.0 beta=1", "keras.ops.silu(x := features)"),
        ("beta", "features * keras.ops.sigmoid(beta * features)"),
    ),
)
_L2_NORMALIZE = Row(
    "x, axis=None, epsilon=1e-12, name=None, dim=None",
    "keras.ops.normalize(x, axis := +axis, epsilon=1e-06)",
    note="`keras.ops.normalize` has another default axis (-1), and takes the square root of "
    "TensorFlow's `epsilon`.",
    variants=(
        ("dim", "keras.ops.normalize(x, axis=dim, epsilon=1e-06)"),
        ("epsilon=1e-12", "keras.ops.normalize(x, axis := +axis, epsilon=1e-06)"),
        ("epsilon", "keras.ops.normalize(x, axis=+axis, epsilon=epsilon ** 0.5)"),
    ),
)
_SOFTMAX_LOSS = Row(
    "labels, logits, axis=-1, name=None, dim=None",
    "keras.ops.categorical_crossentropy(target := labels, output := logits, axis=axis, axis=dim, "
    "from_logits=True)",
)
_RESIZE_V1 = "images, size, align_corners=False, name=None, half_pixel_centers=False"
_TENSOR_LOOP = "the function uses its arguments and real tensors only, no other KerasTensor"

ROWS: dict[str, Row] = {
    # -- element by element
    "abs": _same("abs"),
    "acos": _same("arccos"),
    "acosh": _same("arccosh"),
    "asin": _same("arcsin"),
    "asinh": _same("arcsinh"),
    "atan": _same("arctan"),
    "atanh": _same("arctanh"),
    "ceil": _same("ceil"),
    "cos": _same("cos"),
    "cosh": _same("cosh"),
    "erf": _same("erf"),
    "exp": _same("exp"),
    "expm1": _same("expm1"),
    "floor": _same("floor"),
    "is_finite": _same("isfinite"),
    "is_inf": _same("isinf"),
    "is_nan": _same("isnan"),
    "log": _same("log"),
    "log1p": _same("log1p"),
    "log_sigmoid": _same("log_sigmoid"),
    "logical_not": _same("logical_not"),
    "negative": _same("negative"),
    "reciprocal": _same("reciprocal"),
    "rint": _same("round"),
    "round": _same("round"),
    "rsqrt": _same("rsqrt"),
    "sigmoid": _same("sigmoid"),
    "sign": _same("sign"),
    "sin": _same("sin"),
    "sinh": _same("sinh"),
    "sqrt": _same("sqrt"),
    "square": _same("square"),
    "tan": _same("tan"),
    "tanh": _same("tanh"),
    "math.erfinv": _same("erfinv"),
    "math.reciprocal_no_nan": Row("x, name=None", "keras.ops.divide_no_nan(1.0, x)"),
    "erfc": Row(
        "x, name=None",
        "1.0 - keras.ops.erf(x)",
        "review",
        assumption="no value below 1e-7 matters: `1 - erf(x)` is 0 there",
    ),
    "add": _pair("add"),
    "atan2": _pair("arctan2", "y, x"),
    "equal": _pair("equal"),
    "floordiv": _pair("floor_divide"),
    "greater": _pair("greater"),
    "greater_equal": _pair("greater_equal"),
    "less": _pair("less"),
    "less_equal": _pair("less_equal"),
    "logical_and": _pair("logical_and"),
    "logical_or": _pair("logical_or"),
    "logical_xor": _pair("logical_xor"),
    "maximum": _pair("maximum"),
    "minimum": _pair("minimum"),
    "mod": _pair("mod"),
    "multiply": _pair("multiply"),
    "not_equal": _pair("not_equal"),
    "pow": _pair("power"),
    "realdiv": _pair("divide"),
    "scalar_mul": _pair("multiply", "scalar, x"),
    "subtract": _pair("subtract"),
    "divide": _pair("divide", note="Of integers TensorFlow gives float64, this floatx."),
    "math.divide_no_nan": _pair("divide_no_nan"),
    "div": Row(
        "x, y, name=None",
        "keras.ops.divide(x1 := x, x2 := y)",
        "review",
        "Of two integers `tf.div` is `keras.ops.floor_divide`.",
        assumption="the operands are floats",
    ),
    "squared_difference": Row("x, y, name=None", "keras.ops.square(keras.ops.subtract(x, y))"),
    "add_n": Row(
        "inputs, name=None", "functools.reduce(keras.ops.add, inputs)", imports=("import functools",)
    ),
    "accumulate_n": Row(
        "inputs, shape=None, tensor_dtype=None, name=None",
        "functools.reduce(keras.ops.add, inputs)",
        imports=("import functools",),
    ),
    "clip_by_value": Row(
        "t, clip_value_min, clip_value_max, name=None",
        "keras.ops.clip(x := t, x_min := clip_value_min, x_max := clip_value_max)",
    ),
    "cumsum": _cumulative("cumsum"),
    "cumprod": _cumulative("cumprod"),
    "truncatemod": _advise("The sign is that of the dividend: `x - y * keras.ops.trunc(x / y)`."),
    "truncatediv": _advise("`keras.ops.trunc(x / y)`, cast to the type of the integers."),
    "math.xlogy": _advise(
        "`keras.ops.where(x == 0, 0.0, x * keras.ops.log(keras.ops.where(x == 0, 1.0, y)))`."
    ),
    "math.multiply_no_nan": _advise("`keras.ops.where(y == 0, 0.0, x * y)`."),
    "lgamma": _advise(_IN_LAYER),
    "digamma": _advise(_IN_LAYER),
    "math.polyval": _advise("Write the polynomial out: `(a * x + b) * x + c`."),
    # -- along axes
    "reduce_all": _reduction("all"),
    "reduce_any": _reduction("any"),
    "reduce_logsumexp": _reduction("logsumexp"),
    "reduce_max": _reduction("max"),
    "reduce_mean": _reduction(
        "mean", "Of integers: `tf.reduce_mean` rounds down, `keras.ops.mean` gives a float."
    ),
    "reduce_min": _reduction("min"),
    "reduce_prod": _reduction("prod"),
    "reduce_sum": _reduction("sum"),
    "math.reduce_std": _reduction("std"),
    "math.reduce_variance": _reduction("var"),
    "math.reduce_euclidean_norm": Row(
        "input_tensor, axis=None, keepdims=False, name=None",
        "keras.ops.sqrt(keras.ops.sum(keras.ops.square(input_tensor), axis=axis, keepdims=keepdims))",
    ),
    "argmax": _extreme("argmax"),
    "argmin": _extreme("argmin"),
    "count_nonzero": Row(
        "input=None, axis=None, keepdims=None, dtype=None, name=None, reduction_indices=None, "
        "keep_dims=None, input_tensor=None",
        "keras.ops.count_nonzero(x := input, axis, axis=reduction_indices, x=input_tensor)",
        note=f"{_INT32} It has no `keepdims`: `keras.ops.sum(keras.ops.cast(x != 0, 'int32'), "
        "axis, keepdims=True)`.",
        variants=(("keepdims=True keepdims? keep_dims=True keep_dims? dtype", ""),),
    ),
    "math.zero_fraction": Row(
        "value, name=None", 'keras.ops.mean(keras.ops.cast(keras.ops.equal(value, 0), "float32"))'
    ),
    "sort": Row(
        "values, axis=-1, direction='ASCENDING', name=None",
        "keras.ops.sort(x := values, axis)",
        variants=(
            ("direction='ASCENDING'", "keras.ops.sort(x := values, axis)"),
            (
                "direction='DESCENDING'",
                "keras.ops.flip(keras.ops.sort(values, axis=+axis), axis=+axis)",
            ),
            ("direction", ""),
        ),
    ),
    "argsort": Row(
        "values, axis=-1, direction='ASCENDING', stable=False, name=None",
        "keras.ops.argsort(x := values, axis)",
        note="Descending: `keras.ops.argsort(-x, axis)`.",
        variants=(
            ("direction='ASCENDING'", "keras.ops.argsort(x := values, axis)"),
            ("direction", ""),
        ),
    ),
    "math.top_k": Row(
        "input, k=1, sorted=True, index_type=None, name=None",
        "keras.ops.top_k(x := input, k := +k, sorted)",
        note="Of a KerasTensor a plain tuple: `[0]` and `[1]` for `.values` and `.indices`.",
        variants=(("index_type", ""),),
    ),
    "math.in_top_k": Row(
        "first=None, second=None, k=None, name=None, targets=None, predictions=None",
        "keras.ops.in_top_k(targets=targets, predictions=predictions, k=k)",
        note="`keras.ops.in_top_k(targets, predictions, k)`; TensorFlow 1 had the predictions first.",
        variants=(("first second", ""),),
    ),
    "searchsorted": Row(
        "sorted_sequence, values, side='left', out_type=None, name=None",
        "keras.ops.searchsorted(sorted_sequence, values, side)",
        "review",
        assumption="the sorted sequence has one axis",
        variants=(("out_type", ""),),
    ),
    "math.unsorted_segment_sum": Row(
        "data, segment_ids, num_segments, name=None",
        "keras.ops.segment_sum(data, segment_ids, num_segments)",
        "review",
        assumption="`segment_ids` is a tensor with one axis",
    ),
    "math.unsorted_segment_max": Row(
        "data, segment_ids, num_segments, name=None",
        "keras.ops.segment_max(data, segment_ids, num_segments)",
        "review",
        assumption="`segment_ids` is a tensor with one axis",
    ),
    "math.segment_sum": _advise(
        "`keras.ops.segment_sum(data, segment_ids, num_segments)`, with a number of segments."
    ),
    "math.segment_max": _advise(
        "`keras.ops.segment_max(data, segment_ids, num_segments)`, with a number of segments."
    ),
    "math.segment_mean": _advise("`keras.ops.segment_sum` of the data, divided by that of ones."),
    "math.bincount": _advise(
        "`keras.ops.bincount` counts each row of a matrix, TensorFlow the whole tensor."
    ),
    "math.confusion_matrix": _advise(
        "A metric, not a layer: compute it from the arrays that `predict` gives."
    ),
    "unique": _advise(
        "The size of the result is not known: `keras.ops.unique(x, size=...)` in recent versions."
    ),
    "histogram_fixed_width": _advise(_IN_LAYER),
    # -- shapes
    "shape": Row(
        "input, out_type=None, name=None",
        "keras.ops.shape(x := input)",
        "review",
        _TUPLE,
        "the entries are used one by one, none as a tensor, and the batch size only where -1 would do",
    ),
    "rank": Row("input, name=None", "len(input.shape)", note="A number in place of a tensor."),
    "size": Row(
        "input, out_type=None, name=None", "keras.ops.size(x := input)", variants=(("out_type", ""),)
    ),
    "reshape": Row("tensor, shape, name=None", "keras.ops.reshape(x := tensor, newshape := shape)"),
    "transpose": Row(
        "a, perm=None, conjugate=False, name=None",
        "keras.ops.transpose(x := a, axes := perm)",
        variants=(("conjugate=True", ""),),
    ),
    "linalg.matrix_transpose": Row("a, name=None, conjugate=False", "keras.ops.swapaxes(a, -1, -2)"),
    "linalg.adjoint": Row("matrix, name=None", "keras.ops.swapaxes(matrix, -1, -2)", note="Of real tensors."),
    "expand_dims": Row(
        "input, axis=None, name=None, dim=None", "keras.ops.expand_dims(x := input, axis, axis=dim)"
    ),
    "squeeze": Row(
        "input, axis=None, name=None, squeeze_dims=None",
        "keras.ops.squeeze(x := input, axis, axis=squeeze_dims)",
    ),
    "concat": Row(
        "values, axis, name=None",
        "keras.ops.concatenate(xs := values, axis)",
        variants=(
            (
                "values=-1 values=0 values=1 values=2 values=3 values=4",
                "keras.ops.concatenate(xs := axis, axis=values)",
            ),
        ),
    ),
    "concat_v2": Row("values, axis, name=None", "keras.ops.concatenate(xs := values, axis)"),
    "stack": Row("values, axis=0, name=None", "keras.ops.stack(x := values, axis)"),
    "unstack": Row("value, num=None, axis=0, name=None", "keras.ops.unstack(x := value, num, axis)"),
    "split": Row(
        "value, num_or_size_splits, axis=0, num=None, name=None",
        "keras.ops.split(x := value, indices_or_sections := num_or_size_splits, axis)",
        note="`keras.ops.split` takes a number of parts, or the indexes between the parts in "
        "place of their sizes.",
        imports=("import itertools",),
        variants=(
            (
                "value=0 value=1 value=2 value=3 value=-1",
                "keras.ops.split(x := axis, indices_or_sections := num_or_size_splits, axis=value)",
            ),
            (
                "num_or_size_splits:tuple",
                "keras.ops.split(value, [*itertools.accumulate(num_or_size_splits)][:-1], axis=axis)",
            ),
            ("num_or_size_splits?", ""),
        ),
    ),
    "tile": Row(
        "input, multiples, name=None",
        "keras.ops.tile(x := input, repeats := multiples)",
        note="Of a KerasTensor, numbers only.",
    ),
    "repeat": Row("input, repeats, axis=None, name=None", "keras.ops.repeat(x := input, repeats, axis)"),
    "broadcast_to": Row("input, shape, name=None", "keras.ops.broadcast_to(x := input, shape)"),
    "reverse": Row("tensor, axis, name=None", "keras.ops.flip(x := tensor, axis)"),
    "roll": Row("input, shift, axis, name=None", "keras.ops.roll(x := input, shift, axis)"),
    "pad": Row(
        "tensor, paddings, mode='CONSTANT', constant_values=0, name=None",
        "keras.ops.pad(x := tensor, pad_width := paddings, constant_values=constant_values)",
        variants=(
            (
                "mode='CONSTANT' mode='constant'",
                "keras.ops.pad(x := tensor, pad_width := paddings, constant_values=constant_values)",
            ),
            (
                "mode='REFLECT' mode='reflect'",
                'keras.ops.pad(x := tensor, pad_width := paddings, mode="reflect")',
            ),
            (
                "mode='SYMMETRIC' mode='symmetric'",
                'keras.ops.pad(x := tensor, pad_width := paddings, mode="symmetric")',
            ),
            ("mode", ""),
        ),
    ),
    "gather": Row(
        "params, indices, validate_indices=None, axis=0, batch_dims=0, name=None",
        "keras.ops.take(x := params, indices, axis=+axis)",
        note="With `batch_dims`: `keras.ops.take_along_axis`, with indices of as many axes as the tensor.",
        variants=(
            ("axis=None batch_dims=1 batch_dims=2 batch_dims=3 batch_dims=-1 batch_dims?", ""),
            # Of TensorFlow 1, where the third is the same and the fourth a name.
            ("validate_indices=False validate_indices=True validate_indices?", ""),
        ),
    ),
    "slice": Row(
        "input_, begin, size, name=None",
        "keras.ops.slice(inputs := input_, start_indices := begin, shape := size)",
        note="-1 in `size` works on the TensorFlow backend; `x[:, a:b]` on each.",
    ),
    "where": Row(
        "condition, x, y, name=None",
        "keras.ops.where(condition, x1 := x, x2 := y)",
        note="With one argument it gives as many rows as there are True entries: only in the "
        "`call` of a layer.",
    ),
    "select": Row(
        "condition, x, y, name=None",
        "keras.ops.where(condition, x1 := x, x2 := y)",
        "review",
        assumption="the condition is a scalar or has the shape of the tensors",
    ),
    "one_hot": Row(
        "indices, depth, on_value=None, off_value=None, axis=-1, dtype=None, name=None",
        "keras.ops.one_hot(x := indices, num_classes := depth, axis=axis, dtype=dtype)",
        note="With other values: `keras.ops.where(keras.ops.one_hot(x, depth) == 1, on_value, off_value)`.",
        variants=(("axis=None on_value off_value", ""),),
    ),
    "meshgrid": Row(
        "a=None, b=None, c=None, d=None, indexing='xy', sparse=False, name=None",
        "keras.ops.meshgrid(a, b, c, d, indexing=indexing)",
        variants=(("sparse", ""),),
    ),
    "sequence_mask": Row(
        "lengths, maxlen, dtype=None, name=None",
        "keras.ops.less(keras.ops.arange(maxlen), keras.ops.expand_dims(lengths, -1))",
        note="Without `maxlen` the size of the result is not known.",
        variants=(
            ("maxlen=None", ""),
            (
                "dtype",
                "keras.ops.cast(keras.ops.less(keras.ops.arange(maxlen), keras.ops.expand_dims(lengths, "
                "-1)), dtype)",
            ),
        ),
    ),
    "gather_nd": _advise(
        "`keras.ops.take_along_axis`, or `keras.ops.take` of the reshaped tensor with flat indices."
    ),
    "batch_gather": _advise(
        "`keras.ops.take_along_axis(x, indices, axis=1)`, with indices of as many axes as `x`."
    ),
    "strided_slice": _advise("Plain indexing: `x[:, begin:end:step]`."),
    "boolean_mask": _advise(
        "The size of the result is not known: `keras.ops.where(mask, x, 0.0)` keeps the shape, or do it "
        "in the `call` of a layer."
    ),
    "scatter_nd": _advise("`keras.ops.scatter(indices, values, shape)`."),
    "tensor_scatter_nd_update": _advise("`keras.ops.scatter_update(inputs, indices, updates)`."),
    "tensor_scatter_nd_add": _advise(
        '`inputs + keras.ops.scatter(indices, updates, inputs.shape)`; `reduction="add"` of '
        "`scatter_update` is recent."
    ),
    "scatter_nd_update": _advise(
        "It changes a variable in place: `variable.assign(keras.ops.scatter_update(variable, indices, "
        "updates))`."
    ),
    "scatter_update": _advise(
        "It changes rows of a variable in place: `keras.ops.scatter_update` wants indices with a last "
        "axis, and `variable.assign(...)` its result."
    ),
    "dynamic_partition": _advise(_IN_LAYER),
    "dynamic_stitch": _advise(_IN_LAYER),
    "reverse_sequence": _advise(
        "`keras.layers.Bidirectional`, or `keras.ops.take_along_axis` with indices from the lengths."
    ),
    "ensure_shape": _advise("Drop it: the shape of a KerasTensor is `x.shape`; `keras.ops.reshape` sets it."),
    "space_to_batch": _advise(
        "`keras.ops.reshape` and `keras.ops.transpose`; a dilated convolution needs neither."
    ),
    "batch_to_space": _advise(
        "`keras.ops.reshape` and `keras.ops.transpose`; a dilated convolution needs neither."
    ),
    # -- making tensors
    "cast": Row("x, dtype, name=None", "keras.ops.cast(x, dtype)"),
    "saturate_cast": Row("value, dtype, name=None", "keras.ops.saturate_cast(x := value, dtype)"),
    "to_bfloat16": _cast("bfloat16"),
    "to_double": _cast("float64"),
    "to_float": _cast("float32"),
    "to_int32": _cast("int32"),
    "to_int64": _cast("int64"),
    "identity": Row("input, name=None", "keras.ops.copy(x := input)"),
    "stop_gradient": Row("input, name=None", "keras.ops.stop_gradient(variable := input)"),
    "ones_like": Row(
        "input=None, dtype=None, name=None, optimize=True, tensor=None",
        "keras.ops.ones_like(x := input, dtype, x=tensor)",
    ),
    "zeros_like": Row(
        "input=None, dtype=None, name=None, optimize=True, tensor=None",
        "keras.ops.zeros_like(x := input, dtype, x=tensor)",
    ),
    "ones": Row("shape, dtype=None, name=None", "keras.ops.ones(shape, dtype)"),
    "zeros": Row("shape, dtype=None, name=None", "keras.ops.zeros(shape, dtype)"),
    "fill": Row(
        "dims, value, name=None",
        "keras.ops.broadcast_to(x := value, shape := dims)",
        note="`keras.ops.full` makes floats of integers.",
        variants=(("value:float", "keras.ops.full(shape := dims, fill_value := value)"),),
    ),
    "eye": Row(
        "num_rows, num_columns=None, batch_shape=None, dtype=None, name=None",
        "keras.ops.eye(N := num_rows, M := num_columns, dtype=dtype)",
        variants=(("batch_shape", ""),),
    ),
    "range": Row(
        "start, limit=None, delta=1, dtype=None, name=None",
        "keras.ops.arange(start, stop := limit, step := delta, dtype=dtype)",
    ),
    "linspace": Row(
        "start, stop, num, name=None, axis=0",
        "keras.ops.linspace(start, stop, num, axis=axis)",
        note="Of integers TensorFlow gives float64, this floatx.",
    ),
    "constant": Row(
        "value, dtype=None, shape=None, name=None, verify_shape=False",
        "keras.ops.convert_to_tensor(x := value, dtype)",
        variants=(("shape", ""),),
    ),
    "convert_to_tensor": Row(
        "value, dtype=None, dtype_hint=None, name=None, preferred_dtype=None",
        "keras.ops.convert_to_tensor(x := value, dtype)",
    ),
    # -- linear algebra
    "matmul": Row(
        "a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, a_is_sparse=False, "
        "b_is_sparse=False, output_type=None, name=None",
        "keras.ops.matmul(x1 := a, x2 := b)",
        note=_TRANSPOSED,
        variants=(
            (
                "transpose_a=True transpose_a? transpose_b? adjoint_a=True adjoint_a? adjoint_b=True "
                "adjoint_b? output_type",
                "",
            ),
            ("transpose_b=True", "keras.ops.matmul(a, keras.ops.swapaxes(b, -1, -2))"),
        ),
    ),
    "batch_matmul": Row(
        "x, y, adj_x=False, adj_y=False, name=None",
        "keras.ops.matmul(x1 := x, x2 := y)",
        note=_TRANSPOSED,
        variants=(
            ("adj_x=True adj_x? adj_y?", ""),
            ("adj_y=True", "keras.ops.matmul(x, keras.ops.swapaxes(y, -1, -2))"),
        ),
    ),
    "linalg.matvec": Row(
        "a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False, name=None",
        'keras.ops.einsum("...ij,...j->...i", a, b)',
        variants=(
            ("adjoint_a=True adjoint_a? transpose_a?", ""),
            ("transpose_a=True", 'keras.ops.einsum("...ij,...i->...j", a, b)'),
        ),
    ),
    "tensordot": Row(
        "a, b, axes, name=None",
        "keras.ops.tensordot(x1 := a, x2 := b, axes)",
        # A KerasTensor wants each of the two as a list.
        variants=(
            ("axes=(-1,0) axes=[-1,0]", "keras.ops.tensordot(x1 := a, x2 := b, [[-1], [0]])"),
            ("axes=(1,0) axes=[1,0]", "keras.ops.tensordot(x1 := a, x2 := b, [[1], [0]])"),
            ("axes=(2,0) axes=[2,0]", "keras.ops.tensordot(x1 := a, x2 := b, [[2], [0]])"),
            ("axes:ints", ""),
        ),
    ),
    "einsum": Row(
        "equation, a=None, b=None, c=None, d=None, e=None, name=None, optimize=None",
        "keras.ops.einsum(equation, a, b, c, d, e)",
    ),
    "norm": Row(
        "tensor, ord='euclidean', axis=None, keepdims=None, name=None, keep_dims=None",
        _NORM,
        note="Without an axis TensorFlow takes the norm of the flat tensor, `keras.ops.norm` "
        "only of one or two axes.",
        variants=(
            ("ord='euclidean'", _NORM),
            ("axis:tuple axis?", ""),
            ("ord=2", _NORM),
            (
                "ord=1",
                "keras.ops.sum(keras.ops.abs(tensor), axis=axis, keepdims=keepdims, keepdims=keep_dims)",
            ),
            ("ord", ""),
        ),
    ),
    "linalg.normalize": _advise(
        "`norm = keras.ops.sqrt(keras.ops.sum(keras.ops.square(x), axis, keepdims=True))`, then `x / norm`."
    ),
    "linalg.det": Row("input, name=None", "keras.ops.det(x := input)"),
    "linalg.inv": Row(
        "input, adjoint=False, name=None",
        "keras.ops.inv(x := input)",
        variants=(("adjoint=True adjoint?", ""),),
    ),
    "linalg.cholesky": Row("input, name=None", "keras.ops.cholesky(x := input)"),
    "linalg.solve": Row(
        "matrix, rhs, adjoint=False, name=None",
        "keras.ops.solve(a := matrix, b := rhs)",
        variants=(("adjoint=True adjoint?", ""),),
    ),
    "linalg.trace": Row("x, name=None", "keras.ops.trace(x, axis1=-2, axis2=-1)"),
    "linalg.diag_part": Row(
        "input, name=None, k=0, padding_value=0, align='RIGHT_LEFT'",
        "keras.ops.diagonal(x := input, axis1=-2, axis2=-1)",
        variants=(("k padding_value align", ""),),
    ),
    "linalg.band_part": Row(
        "input, num_lower, num_upper, name=None",
        "keras.ops.tril(x := input, k := num_upper)",
        "review",
        assumption="one of the two numbers is not -1",
        note="`keras.ops.triu(keras.ops.tril(x, num_upper), -num_lower)`; a side that is -1 is left out.",
        variants=(
            ("num_lower=-1", "keras.ops.tril(x := input, k := num_upper)"),
            ("num_upper=-1", "keras.ops.triu(input, -num_lower)"),
            ("num_lower", ""),
        ),
    ),
    "linalg.qr": _advise("`keras.ops.qr(x)`: the signs of columns may differ between backends."),
    "linalg.svd": _advise(
        "TensorFlow gives (s, u, v), `keras.ops.svd` (u, s, transposed v), and full matrices where nothing "
        "else is said."
    ),
    "linalg.eigh": _advise(
        "`keras.ops.eigh(x)`, which gives the same two tensors; the signs of vectors are arbitrary."
    ),
    "linalg.diag": _advise("`keras.ops.expand_dims(x, -1) * keras.ops.eye(n)`."),
    "linalg.set_diag": _advise(
        "`keras.ops.where(keras.ops.eye(n) == 1, keras.ops.expand_dims(diagonal, -1), x)`."
    ),
    "linalg.logdet": _advise("`keras.ops.slogdet(x)[1]`."),
    "linalg.slogdet": _advise(
        "`keras.ops.slogdet(x)`; in some versions the sign of a KerasTensor has a wrong shape."
    ),
    "linalg.pinv": _advise("`keras.ops.pinv` in recent versions."),
    "linalg.expm": _advise(_IN_LAYER),
    "linalg.triangular_solve": _advise(
        "`keras.ops.solve_triangular(a, b, lower=True)`, which is upper by default."
    ),
    "linalg.lstsq": _advise("`keras.ops.lstsq(a, b)`, of matrices without a batch."),
    # -- neural networks
    "nn.relu": _same("relu", "features"),
    "nn.relu6": _same("relu6", "features"),
    "nn.elu": _same("elu", "features"),
    "nn.selu": _same("selu", "features"),
    "nn.softplus": _same("softplus", "features"),
    "nn.softsign": _same("softsign", "features"),
    "nn.silu": _SILU,
    "nn.swish": _SILU,
    "nn.leaky_relu": Row(
        "features, alpha=0.2, name=None", "keras.ops.leaky_relu(x := features, negative_slope := alpha)"
    ),
    "nn.gelu": Row(
        "features, approximate=False, name=None",
        "keras.ops.gelu(x := features, approximate := +approximate)",
        note="`keras.ops.gelu` approximates by default, `tf.nn.gelu` does not.",
    ),
    "nn.crelu": Row(
        "features, axis=-1, name=None",
        "keras.ops.relu(keras.ops.concatenate([features, -features], axis=+axis))",
    ),
    "nn.softmax": _softmax("softmax"),
    "nn.log_softmax": _softmax("log_softmax"),
    "nn.l2_normalize": _L2_NORMALIZE,
    "nn.l2_loss": Row("t, name=None", "keras.ops.sum(keras.ops.square(t)) / 2"),
    "nn.moments": Row(
        "x, axes, shift=None, keepdims=False, name=None, keep_dims=None",
        "keras.ops.moments(x, axes, keepdims=keepdims, keepdims=keep_dims)",
        note="In TensorFlow 1 the fourth argument is a name.",
    ),
    "nn.bias_add": Row(
        "value, bias, data_format=None, name=None",
        "keras.ops.add(x1 := value, x2 := bias)",
        note="With channels first the bias has to be reshaped to `(1, -1, 1, 1)`.",
        variants=(
            ("data_format? data_format='NCHW' data_format='NCW' data_format='NCDHW' data_format='NC'", ""),
        ),
    ),
    "nn.embedding_lookup": Row(
        "params, ids, max_norm=None, name=None, partition_strategy=None, validate_indices=True",
        "keras.ops.take(x := params, indices := ids, axis=0)",
        note="Weights that are trained belong to a `keras.layers.Embedding`.",
        variants=(
            ("params:tuple", ""),
            ("max_norm=None", "keras.ops.take(x := params, indices := ids, axis=0)"),
            ("max_norm", ""),
        ),
    ),
    "nn.dropout": Row(
        "x, second=None, noise_shape=None, seed=None, name=None, rate=None, keep_prob=None",
        "keras.layers.Dropout(rate, noise_shape=noise_shape, seed=seed)(x, training=True)",
        "review",
        "`keras.layers.Dropout(rate)`. The second argument is the rate in TensorFlow 2, what is kept in "
        "TensorFlow 1.",
        "in a model, dropping while training is meant: `tf.nn.dropout` drops always, a layer never in "
        "`predict`, there `training=True` is overruled",
        (
            (
                "second=0.5",
                "keras.layers.Dropout(second, noise_shape=noise_shape, seed=seed)(x, training=True)",
            ),
            ("second", ""),
            (
                "keep_prob",
                "keras.layers.Dropout(1 - keep_prob, noise_shape=noise_shape, seed=seed)(x, training=True)",
            ),
        ),
    ),
    "nn.batch_normalization": Row(
        "x, mean, variance, offset, scale, variance_epsilon, name=None",
        "keras.ops.batch_normalization(x, mean, variance, axis=-1, offset=offset, scale=scale, "
        "epsilon=variance_epsilon)",
        "review",
        "With other shapes: `(x - mean) * keras.ops.rsqrt(variance + epsilon) * scale + offset`.",
        "mean, variance, offset and scale have one entry for each channel, and no other axes",
        (
            (  # Of a KerasTensor `keras.ops.batch_normalization` wants both, or neither.
                "scale=None",
                "keras.ops.batch_normalization(x, mean, variance, axis=-1, offset=offset, "
                "scale=keras.ops.ones_like(variance), epsilon=variance_epsilon)",
            ),
        ),
    ),
    "nn.sigmoid_cross_entropy_with_logits": Row(
        "labels, logits, name=None",
        "keras.ops.binary_crossentropy(target := labels, output := logits, from_logits=True)",
    ),
    "nn.softmax_cross_entropy_with_logits": _SOFTMAX_LOSS,
    "nn.softmax_cross_entropy_with_logits_v2": _SOFTMAX_LOSS,
    "nn.sparse_softmax_cross_entropy_with_logits": Row(
        "labels, logits, name=None",
        "keras.ops.sparse_categorical_crossentropy(target := labels, output := logits, from_logits=True)",
    ),
    "nn.max_pool1d": _pool("max_pool", "MaxPooling1D", "NWC"),
    "nn.max_pool2d": _pool("max_pool", "MaxPooling2D", "NHWC"),
    "nn.max_pool3d": _pool("max_pool", "MaxPooling3D", "NDHWC"),
    "nn.avg_pool1d": _pool("average_pool", "AveragePooling1D", "NWC"),
    "nn.avg_pool2d": _pool("average_pool", "AveragePooling2D", "NHWC"),
    "nn.avg_pool3d": _pool("average_pool", "AveragePooling3D", "NDHWC"),
    "nn.max_pool": _pool("max_pool", "MaxPooling2D", "NHWC"),
    "nn.avg_pool": _pool("average_pool", "AveragePooling2D", "NHWC"),
    "nn.conv1d": _conv("conv", "NWC", "stride"),
    "nn.conv2d": _conv("conv", "NHWC"),
    "nn.conv3d": _advise(_CONV.format(function="conv")),
    "nn.convolution": _conv("conv", "NHWC"),
    "nn.depthwise_conv2d": _advise(_CONV.format(function="depthwise_conv")),
    "nn.separable_conv2d": _advise(_CONV.format(function="separable_conv")),
    "nn.conv1d_transpose": _advise(_CONV.format(function="conv_transpose")),
    "nn.conv2d_transpose": _advise(_CONV.format(function="conv_transpose")),
    "nn.conv3d_transpose": _advise(_CONV.format(function="conv_transpose")),
    "nn.atrous_conv2d": _advise("`keras.ops.conv(x, kernel, padding=..., dilation_rate=rate)`."),
    "nn.pool": _advise(_POOL.format(function="max_pool", layer="MaxPooling2D")),
    "nn.max_pool_with_argmax": _advise(_IN_LAYER),
    "nn.depth_to_space": _advise(
        "`keras.ops.depth_to_space(x, block_size)` in recent versions; before, `keras.ops.reshape`, "
        "`keras.ops.transpose` and "
        "`keras.ops.reshape`, or a layer of your own around `tf.nn.depth_to_space`."
    ),
    "nn.space_to_depth": _advise(
        "`keras.ops.space_to_depth(x, block_size)` in recent versions; before, `keras.ops.reshape`, "
        "`keras.ops.transpose` and "
        "`keras.ops.reshape`, or a layer of your own around `tf.nn.space_to_depth`."
    ),
    "nn.local_response_normalization": _advise(_IN_LAYER),
    "nn.weighted_cross_entropy_with_logits": _advise(_IN_LAYER),
    "nn.weighted_moments": _advise("`keras.ops.average(x, axis, weights)`."),
    "nn.fused_batch_norm": _advise("`keras.layers.BatchNormalization`."),
    "nn.ctc_loss": _advise(
        "`keras.ops.ctc_loss(target, output, target_length, output_length, mask_index)`: batch first, "
        "dense labels, blank 0."
    ),
    "nn.dynamic_rnn": _advise("`keras.layers.RNN(cell)`, `keras.layers.LSTM`, `keras.layers.GRU`."),
    "nn.static_rnn": _advise("`keras.layers.RNN(cell, unroll=True)`."),
    "clip_by_norm": _advise(
        "`x * clip_norm / keras.ops.maximum(norm, clip_norm)` with `norm` the root of the sum of squares."
    ),
    # -- random
    "random.normal": _draw(
        "shape, mean=0.0, stddev=1.0, dtype=None, seed=None, name=None",
        "keras.random.normal(shape, mean, stddev, dtype, seed)",
    ),
    "random.truncated_normal": _draw(
        "shape, mean=0.0, stddev=1.0, dtype=None, seed=None, name=None",
        "keras.random.truncated_normal(shape, mean, stddev, dtype, seed)",
    ),
    "random.uniform": _draw(
        "shape, minval=0, maxval=None, dtype=None, seed=None, name=None",
        "keras.random.uniform(shape, minval, maxval, dtype, seed)",
        "Of integers it is `keras.random.randint`.",
        ("maxval=None", "keras.random.uniform(shape, minval, seed=seed)"),
        ("dtype='int32' dtype='int64'", "keras.random.randint(shape, minval, maxval, dtype, seed)"),
        (
            "dtype='float16' dtype='float32' dtype='float64'",
            "keras.random.uniform(shape, minval, maxval, dtype, seed)",
        ),
        ("dtype", ""),
    ),
    "random.gamma": Row(
        "shape, alpha, beta=None, dtype=None, seed=None, name=None",
        "keras.random.gamma(shape, alpha, dtype=dtype, seed=seed)",
        "review",
        _DRAWS,
        f"`alpha` is a number; {_ONE_DRAW}",
        (("beta", ""),),
    ),
    "random.poisson": _advise(_IN_LAYER),
    "random.categorical": _advise(f"{_IN_CALL}`keras.random.categorical(logits, num_samples, seed=...)`."),
    "random.shuffle": _advise(f"{_IN_CALL}`keras.random.shuffle(x, seed=...)`."),
    "random.stateless_normal": _advise(f"{_IN_CALL}`keras.random.normal(shape, seed=...)`."),
    "random.stateless_uniform": _advise(f"{_IN_CALL}`keras.random.uniform(shape, seed=...)`."),
    "random.set_seed": _advise("`keras.utils.set_random_seed(seed)`, which seeds Python and NumPy too."),
    "random_crop": _advise("`keras.layers.RandomCrop(height, width)`."),
    # -- images
    "image.resize": Row(
        "images, size, method='bilinear', preserve_aspect_ratio=False, antialias=False, name=None, "
        "align_corners=False",
        "keras.ops.image.resize(images, size, interpolation := method, antialias=antialias)",
        "review",
        f"{_FLOATS} `keras.layers.Resizing` does the same. `method` of TensorFlow 1 is a number; without "
        "half-pixel centers it gave other numbers.",
        "the images are floats, and the numbers of TensorFlow 2 are meant",
        (
            ("preserve_aspect_ratio=True preserve_aspect_ratio? align_corners=True align_corners?", ""),
            (
                "method=0 method=1 method=2 method=3 method='area' method='gaussian' method='mitchellcubic'",
                "",
            ),
        ),
    ),
    "image.resize_nearest_neighbor": Row(
        _RESIZE_V1,
        'keras.ops.image.resize(images, size, interpolation="nearest")',
        "review",
        _OLD_PIXELS,
        "the new size is a whole multiple of the old one",
        (("align_corners=True align_corners?", ""),),
    ),
    "image.resize_bilinear": _advise(_OLD_PIXELS),
    "image.resize_bicubic": _advise(_OLD_PIXELS),
    "image.resize_area": _advise("Where the sizes divide it is `keras.ops.average_pool`."),
    "image.resize_images": _advise(_OLD_PIXELS),
    "image.flip_left_right": Row("image", "keras.ops.flip(x := image, axis=-2)"),
    "image.flip_up_down": Row("image", "keras.ops.flip(x := image, axis=-3)"),
    "image.rot90": Row(
        "image, k=1, name=None",
        "keras.ops.rot90(array := image, axes=(-3, -2))",
        note="On the TensorFlow backend `keras.ops.rot90` is wrong for more than one turn; two are a flip "
        "of both axes.",
        variants=(
            ("k=1", "keras.ops.rot90(array := image, axes=(-3, -2))"),
            ("k=2", "keras.ops.flip(x := image, axis=(-3, -2))"),
            ("k", ""),
        ),
    ),
    "image.transpose": Row("image, name=None", "keras.ops.swapaxes(image, -3, -2)"),
    "image.rgb_to_grayscale": Row(
        "images, name=None",
        "keras.ops.image.rgb_to_grayscale(images)",
        "review",
        _FLOATS,
        "the images are floats",
    ),
    "image.grayscale_to_rgb": Row("images, name=None", "keras.ops.repeat(images, 3, axis=-1)"),
    "image.rgb_to_hsv": Row("images, name=None", "keras.ops.image.rgb_to_hsv(images)"),
    "image.hsv_to_rgb": Row("images, name=None", "keras.ops.image.hsv_to_rgb(images)"),
    "image.crop_to_bounding_box": Row(
        "image, offset_height, offset_width, target_height, target_width",
        "keras.ops.image.crop_images(images := image, top_cropping := offset_height, left_cropping := "
        "offset_width, target_height=target_height, target_width=target_width)",
    ),
    "image.pad_to_bounding_box": Row(
        "image, offset_height, offset_width, target_height, target_width",
        "keras.ops.image.pad_images(images := image, top_padding := offset_height, left_padding := "
        "offset_width, target_height=target_height, target_width=target_width)",
    ),
    "image.adjust_brightness": Row(
        "image, delta", "keras.ops.add(x1 := image, x2 := delta)", "review", _FLOATS, "the images are floats"
    ),
    "image.adjust_contrast": _advise(
        "`mean = keras.ops.mean(x, axis=(-3, -2), keepdims=True)`, then `(x - mean) * contrast_factor + "
        "mean`."
    ),
    "image.adjust_gamma": _advise("`gain * x ** gamma`, of floats."),
    "image.adjust_hue": _advise(_IN_LAYER),
    "image.adjust_saturation": _advise(_IN_LAYER),
    "image.central_crop": _advise(
        "`keras.layers.CenterCrop(height, width)`, or indexing: `x[:, top:bottom, left:right]`."
    ),
    "image.resize_with_crop_or_pad": _advise("`keras.layers.CenterCrop`, or `keras.layers.ZeroPadding2D`."),
    "image.resize_with_pad": _advise(
        "`keras.layers.Resizing(height, width, pad_to_aspect_ratio=True)`, which may round the inner size "
        "another way."
    ),
    "image.per_image_standardization": _advise(
        "`mean, variance = keras.ops.moments(x, axes=(-3, -2, -1), keepdims=True)`, then `(x - mean) / "
        "keras.ops.maximum(keras.ops.sqrt(variance), 1 / n ** 0.5)` with `n` the number of values in an "
        "image."
    ),
    "image.convert_image_dtype": _advise(
        "`keras.ops.cast(x, 'float32') / 255`, or `keras.layers.Rescaling(1 / 255)`."
    ),
    "image.extract_patches": _advise(
        "`keras.ops.image.extract_patches(x, size, strides, dilation_rate, padding)`, with sizes of the "
        "spatial axes only, and `padding` in lower case."
    ),
    "image.crop_and_resize": _advise(_IN_LAYER),
    "image.random_brightness": _advise("`keras.layers.RandomBrightness`."),
    "image.random_contrast": _advise("`keras.layers.RandomContrast`."),
    "image.random_flip_left_right": _advise('`keras.layers.RandomFlip("horizontal")`.'),
    "image.random_flip_up_down": _advise('`keras.layers.RandomFlip("vertical")`.'),
    "image.sobel_edges": _advise(
        "`keras.ops.depthwise_conv` with the Sobel kernels; `keras.ops.image.sobel_edges` in recent versions."
    ),
    "image.image_gradients": _advise("Differences: `x[:, 1:] - x[:, :-1]`, padded with zeros at the end."),
    "image.total_variation": _advise(
        "Sums of `keras.ops.abs(x[:, 1:] - x[:, :-1])` and `keras.ops.abs(x[:, :, 1:] - x[:, :, :-1])`."
    ),
    "image.psnr": _advise(
        "`-10 * keras.ops.log10(mean of the squared error / max_val ** 2)`, a mean for each image."
    ),
    "image.ssim": _advise(f"{_IN_LAYER} In a loss `tf.image.ssim` works: it gets real tensors."),
    "image.ssim_multiscale": _advise(f"{_IN_LAYER} In a loss it works: it gets real tensors."),
    "image.non_max_suppression": _advise(_IN_LAYER),
    # -- signals
    "signal.frame": Row(
        "signal, frame_length, frame_step, pad_end=False, pad_value=0, axis=-1, name=None",
        "keras.ops.extract_sequences(x := signal, sequence_length := frame_length, sequence_stride := "
        "frame_step)",
        variants=(("pad_end=True pad_end? axis", ""),),
    ),
    "signal.fft": _advise(f"{_COMPLEX}`keras.ops.fft((real, imaginary))`."),
    "signal.ifft": _advise(
        f"{_COMPLEX}the conjugate of `keras.ops.fft` of the conjugate, divided by the size."
    ),
    "signal.fft2d": _advise(f"{_COMPLEX}`keras.ops.fft2((real, imaginary))`."),
    "signal.ifft2d": _advise(f"{_COMPLEX}`keras.ops.ifft2((real, imaginary))`."),
    "signal.rfft": _advise(f"{_COMPLEX}`keras.ops.rfft(x, fft_length)`."),
    "signal.irfft": _advise(f"{_COMPLEX}`keras.ops.irfft((real, imaginary), fft_length)`."),
    "signal.stft": _advise(
        f"{_COMPLEX}`keras.ops.stft(x, sequence_length, sequence_stride, fft_length, center=False)`."
    ),
    "signal.inverse_stft": _advise(f"{_COMPLEX}`keras.ops.istft`."),
    "signal.dct": _advise(_IN_LAYER),
    "signal.overlap_and_add": _advise(_IN_LAYER),
    "complex": _advise(f"{_COMPLEX}keep the two tensors apart."),
    # -- functions on functions
    "map_fn": Row(
        "fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, "
        "infer_shape=True, name=None, fn_output_signature=None",
        "keras.ops.map(f := fn, xs := elems)",
        "review",
        assumption=_TENSOR_LOOP,
    ),
    "vectorized_map": Row(
        "fn, elems, fallback_to_while_loop=True, warn=True",
        "keras.ops.vectorized_map(function := fn, elements := elems)",
        "review",
        assumption=_TENSOR_LOOP,
    ),
    "while_loop": Row(
        "cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, "
        "swap_memory=False, maximum_iterations=None, name=None",
        "keras.ops.while_loop(cond, body, loop_vars, maximum_iterations=maximum_iterations)",
        "review",
        "A Python number among the loop variables has to be `keras.ops.convert_to_tensor(number)`.",
        f"the loop variables are tensors; {_TENSOR_LOOP}",
        (("shape_invariants", ""),),
    ),
    "cond": Row(
        "pred, true_fn, false_fn, name=None, strict=False",
        "keras.ops.where(pred, true_fn(), false_fn())",
        "review",
        "`keras.ops.where(pred, a, b)` of the two results: the functions of `keras.ops.cond` take no "
        "arguments, and so no KerasTensor. On a Python condition a plain `if`.",
        "each branch gives one tensor of the same shape, and both may be computed",
        (("true_fn:lambda false_fn:lambda", ""),),
    ),
    "case": _advise("`keras.ops.where`, one in another, of results that are all computed."),
    "switch_case": _advise("`keras.ops.where`, one in another, of results that are all computed."),
    "scan": _advise(
        "`keras.ops.scan(f, init, xs)`, whose `f(carry, x)` gives the pair (carry, output); or a "
        "`keras.layers.RNN`."
    ),
    "foldl": _advise("`keras.ops.scan(f, init, xs)[0]`, whose `f(carry, x)` gives the pair (carry, None)."),
    "foldr": _advise(
        "`keras.ops.scan(f, init, xs, reverse=True)[0]`, whose `f(carry, x)` gives the pair (carry, None)."
    ),
    "py_function": _advise(
        "Call it in the `call` of a layer with `compute_output_shape`; it works on TensorFlow only."
    ),
    "numpy_function": _advise(
        "Call it in the `call` of a layer with `compute_output_shape`; it works on TensorFlow only."
    ),
    "gradients": _advise(
        "There are no symbolic gradients: `tf.GradientTape` in a `train_step`, or around a call on arrays."
    ),
    "custom_gradient": _advise("`keras.ops.custom_gradient`, used in the `call` of a layer."),
    "print": _advise(_CONCRETE),
    "Print": _advise(_CONCRETE),
    "debugging.assert_equal": _advise(_CONCRETE),
    "debugging.check_numerics": _advise(_CONCRETE),
    "sparse.to_dense": _advise("`keras.ops.convert_to_tensor(x, sparse=False)`."),
    "sparse.sparse_dense_matmul": _advise(
        "`keras.ops.matmul` takes a sparse KerasTensor (`keras.Input(sparse=True)`)."
    ),
    "strings.join": _advise(
        "KerasTensors of strings have no operations: join them in the `tf.data` pipeline."
    ),
}

# Other paths of the same function.
_ALIASES = {
    "math": (
        "abs accumulate_n acos acosh add add_n argmax argmin asin asinh atan atan2 atanh ceil cos cosh "
        "count_nonzero cumprod cumsum digamma divide equal erf erfc exp expm1 floor floordiv greater "
        "greater_equal is_finite is_inf is_nan less less_equal lgamma log log1p log_sigmoid logical_and "
        "logical_not logical_or logical_xor maximum minimum mod multiply negative not_equal pow "
        "reciprocal reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod "
        "reduce_sum rint round rsqrt scalar_mul sigmoid sign sin sinh sqrt square squared_difference "
        "subtract tan tanh"
    ),
    "linalg": "einsum eye matmul norm tensordot",
    "nn": "sigmoid tanh",
    "dtypes": "cast complex saturate_cast",
    "manip": "gather_nd reshape reverse roll tile",
}
_RENAMED = {
    "check_numerics": "debugging.check_numerics",
    "cholesky": "linalg.cholesky",
    "debugging.is_finite": "is_finite",
    "debugging.is_inf": "is_inf",
    "debugging.is_nan": "is_nan",
    "depth_to_space": "nn.depth_to_space",
    "div_no_nan": "math.divide_no_nan",
    "fft": "signal.fft",
    "floormod": "mod",
    "ifft": "signal.ifft",
    "image.extract_image_patches": "image.extract_patches",
    "image.random_crop": "random_crop",
    "image.resize_image_with_crop_or_pad": "image.resize_with_crop_or_pad",
    "image.resize_image_with_pad": "image.resize_with_pad",
    "image.transpose_image": "image.transpose",
    "lin_space": "linspace",
    "linalg.l2_normalize": "nn.l2_normalize",
    "linalg.transpose": "linalg.matrix_transpose",
    "math.floormod": "mod",
    "math.l2_normalize": "nn.l2_normalize",
    "math.log_softmax": "nn.log_softmax",
    "math.softmax": "nn.softmax",
    "math.softplus": "nn.softplus",
    "math.softsign": "nn.softsign",
    "math.truediv": "divide",
    "matrix_band_part": "linalg.band_part",
    "matrix_determinant": "linalg.det",
    "matrix_diag": "linalg.diag",
    "matrix_diag_part": "linalg.diag_part",
    "matrix_inverse": "linalg.inv",
    "matrix_set_diag": "linalg.set_diag",
    "matrix_solve": "linalg.solve",
    "matrix_transpose": "linalg.matrix_transpose",
    "mul": "multiply",
    "multinomial": "random.categorical",
    "neg": "negative",
    "nn.in_top_k": "math.in_top_k",
    "nn.lrn": "nn.local_response_normalization",
    "nn.top_k": "math.top_k",
    "nn.zero_fraction": "math.zero_fraction",
    "pack": "stack",
    "py_func": "py_function",
    "random.crop": "random_crop",
    "random.multinomial": "random.categorical",
    "random.set_random_seed": "random.set_seed",
    "random_gamma": "random.gamma",
    "random_normal": "random.normal",
    "random_poisson": "random.poisson",
    "random_shuffle": "random.shuffle",
    "random_uniform": "random.uniform",
    "reverse_v2": "reverse",
    "segment_max": "math.segment_max",
    "segment_mean": "math.segment_mean",
    "segment_sum": "math.segment_sum",
    "self_adjoint_eig": "linalg.eigh",
    "set_random_seed": "random.set_seed",
    "space_to_depth": "nn.space_to_depth",
    "sparse_tensor_to_dense": "sparse.to_dense",
    "spectral.fft": "signal.fft",
    "spectral.ifft": "signal.ifft",
    "spectral.rfft": "signal.rfft",
    "sub": "subtract",
    "svd": "linalg.svd",
    "trace": "linalg.trace",
    "truediv": "divide",
    "truncated_normal": "random.truncated_normal",
    "unpack": "unstack",
    "unsorted_segment_max": "math.unsorted_segment_max",
    "unsorted_segment_sum": "math.unsorted_segment_sum",
}
ALIASES: dict[str, str] = {
    f"{module}.{name}": name for module, names in _ALIASES.items() for name in names.split()
} | _RENAMED

ROWS |= {alias: ROWS[name] for alias, name in ALIASES.items()}
