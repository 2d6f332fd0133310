"""Every rewritten row of the TensorFlow table against TensorFlow, on tensors and in a functional model.

A case is the text of the arguments, over the values of `Sides`. `v1: ...` calls the function of
`tf.compat.v1`; `... >>> reference` compares with another expression, for functions of neither version.
"""

import ast
import functools
import inspect
import itertools
import os
from collections.abc import Mapping
from typing import Any

import pytest

from keras_upgrade.documents.spans import apply_edits
from keras_upgrade.knowledge.tensorflow import ALIASES, ROWS
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.templates import choose, dotted, parse_row, rewrite_call

pytestmark = pytest.mark.slow

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# Float inputs; the first axis is the batch, of unknown size where they are symbolic.
SHAPES = {
    "x": (2, 3, 4),
    "y": (2, 3, 4),
    "z": (2, 4, 5),
    "zt": (2, 5, 4),
    "m": (3, 4),
    "s": (2, 4, 4),
    "vec": (2, 4),
    "seq": (2, 9, 3),
    "img": (2, 6, 8, 3),
    "gray": (2, 6, 8, 1),
    "vol": (2, 4, 6, 8, 3),
    "wave": (2, 20),
}

_ONE = ["x", "x=m", "(x)", "x * 2 - y", "x, name='out'"]
_FEATURES = ["x", "features=m", "x * 2 - y, name='out'"]
_POSITIVE = ["p", "x=p + 1", "p, name='out'"]
_UNIT = ["u", "x=u", "u, name='out'"]
_TWO = ["x, y", "x=x, y=y", "y=y, x=x", "x, 0.5", "x, row", "x - y, x + y, name='out'"]
_DIVIDED = ["x, p", "x=x, y=p", "y=p, x=x", "x, 2.0", "x, p, name='out'"]
_COMPARED = [*_TWO, "i, j", "i, 2"]
_FLAGS = ["b, b2", "x=b, y=b2", "b, b2, name='out'"]
_REDUCED = [
    "x",
    "x, 1",
    "x, axis=-1",
    "x, axis=[1, 2]",
    "x, [0, 2], True",
    "x, axis=1, keepdims=True, name='out'",
    "input_tensor=x, axis=(1, 2)",
    "axis=0, input_tensor=x",
    "v1: x, reduction_indices=[1]",
    "v1: x, 1, keep_dims=True",
    "v1: x, reduction_indices=1, keep_dims=True",
]
_REDUCED_2 = [case for case in _REDUCED if not case.startswith("v1:")]
_REDUCED_FLAGS = [
    "b",
    "b, 1",
    "b, axis=-1, keepdims=True",
    "input_tensor=b, axis=[1]",
    "v1: b, reduction_indices=[1]",
]
_EXTREME = [
    "x",
    "x, 1",
    "x, axis=-1",
    "input=x, axis=1",
    "x, axis=1, output_type=tf.int32",
    "x, 1, tf.int32",
    "x, -1, output_type='int32', name='out'",
    "v1: x, dimension=1",
]
_CUMULATIVE = [
    "x",
    "x, 1",
    "x, axis=1, name='out'",
    "x=x, axis=-1",
    "x, 1, reverse=True",
    "x, reverse=True",
    "x, 1, False",
]
_LIKE = [
    "x",
    "input=x",
    "x, tf.int32",
    "x, dtype='float16'",
    "i, name='out'",
    "v1: x, optimize=False",
    "v1: tensor=x",
]
_SHAPE = ["(3, 4)", "[3, 4]", "shape=(3, 4), dtype=tf.int32", "(3, 4), tf.float16, name='out'"]
_SOFTMAX = ["x", "x, 1", "logits=x, axis=1", "x, axis=-1, name='out'", "x, axis=None", "v1: x, dim=1"]
_DRAWN = [
    "(80, 90)",
    "[80, 90], 1.0, 2.0",
    "shape=(80, 90), mean=-1.0, stddev=0.5",
    "(80, 90), 0.0, 2.0, tf.float16",
    "(80, 90), seed=3, dtype=tf.float32, name='out'",
]
_LOSS = ["labels=hot, logits=vec", "logits=vec, labels=hot, name='out'", "v1: labels=hot, logits=vec, dim=-1"]
_NORM = [
    "x",
    "x, axis=1",
    "tensor=x, axis=-1, keepdims=True",
    "x, 'euclidean', 1",
    "x, ord='euclidean', axis=[1, 2]",
    "x, 2, 1",
    "x, ord=1, axis=-1, name='out'",
    "x, 1, 1, True",
    "v1: x, axis=1, keep_dims=True",
]
_MATMUL = [
    "x, z",
    "a=x, b=z",
    "x, zt, transpose_b=True",
    "x, z, transpose_b=False, name='out'",
    "x, zt, False, True",
]
_SEGMENTS = [
    "vec, tf.constant([1, 0]), 3",
    "data=vec, segment_ids=tf.constant([2, 0]), num_segments=4, name='out'",
]

CASES: dict[str, list[str]] = {
    "abs": _ONE,
    "acos": _UNIT,
    "acosh": ["p + 1.0", "x=p + 2", "p + 1.5, name='out'"],
    "asin": _UNIT,
    "asinh": _ONE,
    "atan": _ONE,
    "atanh": _UNIT,
    "ceil": _ONE,
    "cos": _ONE,
    "cosh": _ONE,
    "erf": _ONE,
    "erfc": _ONE,
    "exp": _ONE,
    "expm1": _ONE,
    "floor": _ONE,
    "is_finite": [*_ONE, "tf.math.log(x)"],
    "is_inf": [*_ONE, "x / 0.0"],
    "is_nan": [*_ONE, "tf.math.log(x)"],
    "log": _POSITIVE,
    "log1p": _POSITIVE,
    "log_sigmoid": _ONE,
    "logical_not": ["b", "x=b, name='out'"],
    "negative": [*_ONE, "i"],
    "reciprocal": _POSITIVE,
    "rint": [*_ONE, "half"],
    "round": [*_ONE, "half"],
    "rsqrt": _POSITIVE,
    "sigmoid": _ONE,
    "sign": [*_ONE, "i"],
    "sin": _ONE,
    "sinh": _ONE,
    "sqrt": _POSITIVE,
    "square": [*_ONE, "i"],
    "tan": _ONE,
    "tanh": _ONE,
    "math.erfinv": _UNIT,
    "math.reciprocal_no_nan": ["x", "x=tf.nn.relu(x)", "p, name='out'"],
    "add": [*_TWO, "i, 2"],
    "atan2": ["y, x", "x=x, y=y", "y, row", "y, x, name='out'"],
    "equal": [*_COMPARED, "x, x"],
    "not_equal": [*_COMPARED, "x, x"],
    "greater": _COMPARED,
    "greater_equal": _COMPARED,
    "less": _COMPARED,
    "less_equal": _COMPARED,
    "floordiv": [*_DIVIDED, "i, 2", "-i, 2"],
    "logical_and": _FLAGS,
    "logical_or": _FLAGS,
    "logical_xor": _FLAGS,
    "maximum": [*_TWO, "i, 2"],
    "minimum": [*_TWO, "i, 2"],
    "mod": [*_DIVIDED, "i, 2", "-i, 3"],
    "multiply": [*_TWO, "i, 2"],
    "pow": ["x, 2", "x, 2.0", "p, y", "x=p, y=0.5", "p, 2, name='out'"],
    "realdiv": ["x, p", "x=x, y=p", "x, p, name='out'"],
    "scalar_mul": ["2.0, x", "scalar=0.5, x=x"],
    "subtract": [*_TWO, "i, 2"],
    "divide": _DIVIDED,
    "math.divide_no_nan": [*_DIVIDED, "x, tf.nn.relu(y)"],
    "div": _DIVIDED,
    "squared_difference": _TWO,
    "add_n": ["[x, y]", "inputs=[x, y, x]", "[x]", "(x, y), name='out'"],
    "accumulate_n": ["[x, y]", "inputs=[x, y, x], name='out'"],
    "clip_by_value": [
        "x, -0.5, 0.5",
        "t=x, clip_value_min=0, clip_value_max=1",
        "x, 0.0, row + 5.0, name='out'",
    ],
    "cumsum": [*_CUMULATIVE, "i, 1"],
    "cumprod": _CUMULATIVE,
    "reduce_all": _REDUCED_FLAGS,
    "reduce_any": _REDUCED_FLAGS,
    "reduce_logsumexp": _REDUCED,
    "reduce_max": [*_REDUCED, "i, 1"],
    "reduce_mean": _REDUCED,
    "reduce_min": [*_REDUCED, "i, 1"],
    "reduce_prod": _REDUCED,
    "reduce_sum": [*_REDUCED, "i, 1"],
    "math.reduce_std": _REDUCED_2,
    "math.reduce_variance": _REDUCED_2,
    "math.reduce_euclidean_norm": _REDUCED_2,
    "argmax": _EXTREME,
    "argmin": _EXTREME,
    "count_nonzero": [
        "i",
        "i, 1",
        "i, axis=[1], name='out'",
        "v1: input_tensor=i",
        "v1: i, reduction_indices=[1]",
        "v1: i, 1, False",
    ],
    "math.zero_fraction": ["tf.nn.relu(x)", "value=i", "i, name='out'"],
    "sort": [
        "x",
        "x, 1",
        "values=x, axis=-1",
        "x, direction='DESCENDING'",
        "x, 1, 'DESCENDING'",
        "x, -1, 'ASCENDING'",
    ],
    "argsort": ["x", "x, 1", "values=x, axis=-1", "x, -1, 'ASCENDING', name='out'"],
    "math.top_k": ["x", "x, 2", "input=x, k=3, sorted=True", "x, k=2, name='out'"],
    "math.in_top_k": ["targets=ids, predictions=m, k=2", "predictions=m, targets=ids, k=1, name='out'"],
    "searchsorted": [
        "wall, vec[0]",
        "sorted_sequence=wall, values=m[0], side='right'",
        "wall, m[1], 'left', name='out'",
    ],
    "math.unsorted_segment_sum": _SEGMENTS,
    "math.unsorted_segment_max": _SEGMENTS,
    "shape": ["x", "input=img", "x, name='out'"],
    "rank": ["x", "input=img", "x, name='out'"],
    "size": ["x", "input=img", "x, name='out'"],
    "reshape": ["x, [-1, 12]", "tensor=x, shape=(-1, 2, 6)", "x, [-1]", "x, (-1, 4, 3), name='out'"],
    "transpose": [
        "x",
        "x, [0, 2, 1]",
        "a=x, perm=(0, 2, 1)",
        "x, perm=[2, 0, 1], name='out'",
        "x, [0, 2, 1], False",
    ],
    "linalg.matrix_transpose": ["x", "a=x", "x, name='out'"],
    "linalg.adjoint": ["x", "matrix=x", "x, name='out'"],
    "expand_dims": [
        "x, 1",
        "x, axis=-1",
        "input=x, axis=0",
        "x, 2, name='out'",
        "v1: x, dim=1",
        "v1: x, axis=-1",
    ],
    "squeeze": [
        "x[:, :1]",
        "x[:, :1], 1",
        "x[:, :1], axis=1",
        "x[:, :1, :1], axis=[1, 2]",
        "x[:, :1], [1]",
        "input=x[:, :, :1], axis=-1",
        "v1: x[:, :1], squeeze_dims=[1]",
        "x[:, :1], 1, name='out'",
    ],
    "concat": [
        "[x, y], 1",
        "values=[x, y], axis=-1",
        "axis=2, values=[x, y]",
        "[x, y, x], -1, name='out'",
        "(x, y), 0",
        "1, [x, y] >>> tf.concat([x, y], 1)",
        "-1, [x, y] >>> tf.concat([x, y], -1)",
    ],
    "concat_v2": ["[x, y], 1 >>> tf.concat([x, y], 1)", "values=[x, y], axis=-1 >>> tf.concat([x, y], -1)"],
    "stack": [
        "[x, y]",
        "[x, y], 1",
        "values=[x, y], axis=-1",
        "[x, y], axis=2, name='out'",
        "[x[:, 0], x[:, 1]], axis=1",
    ],
    "unstack": ["x, axis=1", "x, 3, 1", "value=x, num=4, axis=-1", "x, axis=2, name='out'"],
    "split": [
        "x, 2, -1",
        "x, 3, 1",
        "value=x, num_or_size_splits=2, axis=-1",
        "x, [1, 2], 1",
        "x, (1, 3), axis=2",
        "x, [1, 1, 2], -1",
        "x, [1, -1], axis=1",
        "x, num_or_size_splits=[1, 2], axis=1, name='out'",
        "1, 3, x >>> tf.split(x, 3, 1)",
    ],
    "tile": ["x, [1, 2, 1]", "input=x, multiples=(1, 1, 3)", "x, [2, 1, 1], name='out'"],
    "repeat": [
        "x, 2, 1",
        "input=x, repeats=3, axis=-1",
        "x, [1, 2, 1], axis=1, name='out'",
        "x, repeats=2, axis=0",
    ],
    "broadcast_to": ["row, (3, 4)", "input=m, shape=[2, 3, 4]", "row, [2, 4], name='out'"],
    "reverse": ["x, [1]", "tensor=x, axis=[-1]", "x, axis=[1, 2]", "x, [0], name='out'"],
    "roll": ["x, 1, 1", "x, shift=2, axis=-1", "input=x, shift=[1, -1], axis=[1, 2]", "x, -1, 1, name='out'"],
    "pad": [
        "x, [[0, 0], [1, 2], [3, 0]]",
        "tensor=x, paddings=((0, 0), (1, 1), (0, 0))",
        "x, [[0, 0], [1, 1], [1, 1]], 'REFLECT'",
        "x, [[0, 0], [1, 1], [1, 1]], mode='SYMMETRIC'",
        "x, [[0, 0], [1, 1], [1, 1]], 'CONSTANT', constant_values=2.0",
        "x, [[0, 0], [1, 1], [1, 1]], constant_values=-1",
        "x, pads, name='out'",
        "x, tf.constant(pads), mode='reflect'",
        "x, [[0, 0], [1, 1], [1, 1]], 'CONSTANT', 3.0, name='out'",
    ],
    "gather": [
        "table, ids",
        "params=table, indices=ids",
        "x, [0, 2], axis=1",
        "x, [[0, 1], [2, 3]], axis=-1",
        "x, 1, axis=1",
        "x, [1, 0], axis=1, name='out'",
        "table, i",
        "x, [1], axis=2, batch_dims=0",
        "v1: table, ids, axis=0",
    ],
    "slice": [
        "x, [0, 0, 1], [2, 3, 2]",
        "input_=x, begin=(0, 1, 0), size=(-1, 2, 4)",
        "x, [0, 0, 0], [-1, -1, 1], name='out'",
    ],
    "where": [
        "b, x, y",
        "condition=x > 0, x=x, y=y",
        "x > 0, x, 0.0",
        "b, x, row, name='out'",
        "x > y, i3, i3 * 2",
    ],
    "select": ["b, x, y >>> tf.where(b, x, y)", "condition=x > 0, x=x, y=y >>> tf.where(x > 0, x, y)"],
    "one_hot": [
        "i, 6",
        "indices=ids, depth=4",
        "i, 6, axis=1",
        "i, depth=6, dtype=tf.int32",
        "i, 6, axis=-1, dtype='float16', name='out'",
    ],
    "meshgrid": [
        "vec[0], row",
        "vec[0], row, indexing='ij'",
        "tf.range(3), tf.range(4)",
        "vec[0], row, vec[1], name='out'",
        "row",
    ],
    "sequence_mask": [
        "ids, 5",
        "lengths=i, maxlen=4",
        "ids, 5, tf.float32",
        "ids, maxlen=3, dtype='int32', name='out'",
    ],
    "cast": [
        "x, tf.int32",
        "x=i, dtype='float32'",
        "x, dtype=tf.float16",
        "b, tf.float32, name='out'",
        "x, tf.bool",
        "x, 'int64'",
    ],
    "saturate_cast": ["x * 400, tf.uint8", "value=x * 400, dtype='int8', name='out'"],
    "to_bfloat16": ["x", "x=i"],
    "to_double": ["x", "x=i"],
    "to_float": ["i", "x=b", "i, name='out'"],
    "to_int32": ["x", "x=b"],
    "to_int64": ["x", "x=i"],
    "identity": ["x", "input=x", "x, name='out'"],
    "stop_gradient": ["x", "input=x", "x, name='out'"],
    "ones_like": _LIKE,
    "zeros_like": _LIKE,
    "ones": _SHAPE,
    "zeros": _SHAPE,
    "fill": [
        "[2, 3], 7",
        "dims=(2, 3), value=0.5",
        "[2, 3], True",
        "[2, 3], x[0, 0, 0]",
        "(4,), -1, name='out'",
    ],
    "eye": [
        "4",
        "3, 4",
        "num_rows=3, num_columns=2",
        "4, dtype=tf.int32",
        "num_rows=2, dtype='bool', name='out'",
    ],
    "range": [
        "5",
        "1, 6",
        "1, 6, 2",
        "0.0, 1.0, 0.25",
        "start=1, limit=9, delta=3",
        "4, dtype=tf.float32",
        "0, 4, name='out'",
        "5, delta=2",
    ],
    "linspace": [
        "0.0, 1.0, 5",
        "start=-1.0, stop=1.0, num=4",
        "0.0, 1.0, 3, name='out'",
        "row, row2, 4, axis=1",
    ],
    "constant": [
        "[1, 2, 3]",
        "1.5",
        "[[1.0, 2.0]], dtype=tf.float32",
        "value=[1, 0], dtype='int64'",
        "[1, 2], tf.float16, name='c'",
        "wide",
    ],
    "convert_to_tensor": [
        "[1, 2, 3]",
        "x",
        "value=[1, 2], dtype=tf.float32",
        "x, name='out'",
        "2.5, tf.float16",
        "wide",
    ],
    "matmul": [*_MATMUL, "x, z, adjoint_a=False", "x, table[:4]"],
    "batch_matmul": ["x, z >>> tf.matmul(x, z)", "x, zt, adj_y=True >>> tf.matmul(x, zt, transpose_b=True)"],
    "linalg.matvec": ["x, vec", "a=x, b=vec, name='out'", "x, x[:, :, 0], transpose_a=True"],
    "tensordot": [
        "x, table[:4], 1",
        "a=x, b=table[:4], axes=[[2], [0]]",
        "x, table[:4], axes=1, name='out'",
        "x, z, [[2], [1]]",
        "x, table[:4], [-1, 0]",
        "x, table[:3], axes=(1, 0)",
        "x, table[:4], axes=[2, 0]",
    ],
    "einsum": [
        "'bij,bjk->bik', x, z",
        "'bij,bij->b', x, y",
        "'bij->bji', x",
        "'bij,bjk,bik->b', x, z, x @ z",
    ],
    "norm": _NORM,
    "linalg.det": ["s", "input=s", "s, name='out'"],
    "linalg.inv": ["s", "input=s", "s, name='out'", "s, False"],
    "linalg.cholesky": ["s", "input=s", "s, name='out'"],
    "linalg.solve": ["s, z", "matrix=s, rhs=z, name='out'"],
    "linalg.trace": ["x", "x=s", "x, name='out'"],
    "linalg.diag_part": ["s", "input=x", "s, name='out'"],
    "linalg.band_part": [
        "s, -1, 0",
        "s, 0, -1",
        "input=s, num_lower=-1, num_upper=1",
        "s, 1, -1, name='out'",
    ],
    "nn.relu": _FEATURES,
    "nn.relu6": ["x * 5", "features=x, name='out'"],
    "nn.elu": _FEATURES,
    "nn.selu": _FEATURES,
    "nn.softplus": _FEATURES,
    "nn.softsign": _FEATURES,
    "nn.silu": ["x", "features=x", "x, 1.0", "x, beta=1.5"],
    "nn.leaky_relu": ["x", "x, 0.1", "features=x, alpha=0.3, name='out'"],
    "nn.gelu": ["x", "x, True", "features=x, approximate=False", "x, approximate=True, name='out'"],
    "nn.crelu": ["x", "features=x, axis=1", "x, 1"],
    "nn.softmax": _SOFTMAX,
    "nn.log_softmax": _SOFTMAX,
    "nn.l2_normalize": [
        "x",
        "x, 1",
        "x=x, axis=-1",
        "x, axis=[1, 2]",
        "x, -1, 1e-12, name='out'",
        "x * 0.01, axis=1, epsilon=0.01",
        "x, dim=1",
        "x * 0.0, 1",
        "x * 1e-7, -1",
    ],
    "nn.l2_loss": ["x", "t=x, name='out'"],
    "nn.moments": [
        "x, [1]",
        "x=x, axes=[0, 1]",
        "x, [1, 2], keepdims=True",
        "x, axes=(1,), name='out'",
        "v1: x, [1], keep_dims=True",
    ],
    "nn.bias_add": ["x, row", "value=x, bias=row", "img, row[:3], data_format='NHWC', name='out'"],
    "nn.embedding_lookup": [
        "table, i",
        "params=table, ids=ids, name='out'",
        "table, ids, None",
        "v1: table, ids, partition_strategy='mod'",
    ],
    "nn.batch_normalization": [
        "x, row, row2, row, row2, 1e-3",
        "x=img, mean=mean3, variance=var3, offset=None, scale=None, variance_epsilon=0.01",
        "x, row, row2, offset=row, scale=None, variance_epsilon=1e-3, name='out'",
    ],
    "nn.sigmoid_cross_entropy_with_logits": ["labels=u, logits=x", "logits=x, labels=u, name='out'", "u, x"],
    "nn.softmax_cross_entropy_with_logits": [*_LOSS, "labels=hot, logits=vec, axis=-1", "hot, vec"],
    "nn.softmax_cross_entropy_with_logits_v2": [
        "v1: labels=hot, logits=vec",
        "v1: hot, vec, axis=-1, name='out'",
        "v1: hot, vec, dim=-1",
    ],
    "nn.sparse_softmax_cross_entropy_with_logits": [
        "labels=ids, logits=m",
        "logits=m, labels=ids, name='out'",
        "ids, m",
    ],
    "nn.dropout": [
        "big, rate=0.25",
        "x=big, rate=0.5, seed=3, name='out'",
        "big, 0.5",
        "v1: big, keep_prob=0.75",
        "big, rate=0.5, noise_shape=(80, 90)",
    ],
    "nn.max_pool1d": ["seq, 2, 2, 'SAME'", "input=seq, ksize=3, strides=1, padding='VALID'"],
    "nn.avg_pool1d": ["seq, 2, 2, 'SAME'", "input=seq, ksize=3, strides=1, padding='VALID', name='out'"],
    "nn.max_pool2d": [
        "img, 2, 2, 'SAME'",
        "input=img, ksize=3, strides=2, padding='VALID'",
        "img, 3, 1, 'SAME', 'NHWC'",
    ],
    "nn.avg_pool2d": [
        "img, 2, 2, 'SAME'",
        "input=img, ksize=3, strides=2, padding='VALID'",
        "img, 3, 1, 'SAME', 'NHWC'",
    ],
    "nn.max_pool": ["img, 2, 2, 'SAME'", "img, ksize=3, strides=2, padding='VALID', name='out'"],
    "nn.avg_pool": ["img, 2, 2, 'SAME'", "img, ksize=3, strides=2, padding='VALID', name='out'"],
    "nn.max_pool3d": ["vol, 2, 2, 'SAME'", "input=vol, ksize=3, strides=1, padding='VALID'"],
    "nn.avg_pool3d": ["vol, 2, 2, 'SAME'", "input=vol, ksize=3, strides=1, padding='VALID'"],
    "nn.conv1d": [
        "seq, k1, 1, 'SAME'",
        "input=seq, filters=k1, stride=2, padding='VALID'",
        "seq, k1, 1, 'SAME', dilations=2",
    ],
    "nn.conv2d": [
        "img, k2, 1, 'SAME'",
        "input=img, filters=k2, strides=2, padding='VALID'",
        "img, k2, 1, 'VALID', 'NHWC', 2",
        "img, k2, strides=2, padding='SAME', name='out'",
    ],
    "nn.convolution": [
        "img, k2, 2, 'SAME'",
        "input=img, filters=k2, strides=1, padding='VALID', dilations=2",
        "img, k2, 1, 'VALID'",
    ],
    "random.normal": _DRAWN,
    "random.truncated_normal": _DRAWN,
    "random.uniform": [
        "(80, 90)",
        "[80, 90], -1.0, 1.0",
        "shape=(80, 90), minval=2, maxval=3, seed=3",
        "(80, 90), maxval=None",
        "(80, 90), 0, 9, dtype='int32'",
        "(80, 90), -1, 1, 'float16', name='out'",
    ],
    "random.gamma": [
        "(80, 90), 2.0",
        "shape=(80, 90), alpha=3.0, seed=3, name='out'",
        "(80, 90), 2.0, dtype=tf.float32",
    ],
    "image.resize": [
        "img, (9, 12)",
        "images=img, size=[3, 4]",
        "img, (12, 16), 'nearest'",
        "img, (9, 12), method='bicubic'",
        "img[0], (9, 12)",
        "img, (9, 5), tf.image.ResizeMethod.NEAREST_NEIGHBOR",
        "img, (3, 4), antialias=True, name='out'",
        "img, (9, 12), 'lanczos3'",
    ],
    "image.resize_nearest_neighbor": [
        "img, (12, 16)",
        "images=img, size=[18, 8], name='out'",
        "img, (6, 8), align_corners=False",
    ],
    "image.flip_left_right": ["img", "image=img", "img[0]"],
    "image.flip_up_down": ["img", "image=img", "img[0]"],
    "image.rot90": ["img", "img, 2", "image=img, k=1, name='out'", "img[0]", "img[0], k=2"],
    "image.transpose": ["img", "image=img, name='out'", "img[0]"],
    "image.rgb_to_grayscale": ["img", "images=img, name='out'", "img[0]"],
    "image.grayscale_to_rgb": ["gray", "images=gray, name='out'", "gray[0]"],
    "image.rgb_to_hsv": ["tf.nn.sigmoid(img)", "images=tf.nn.sigmoid(img), name='out'"],
    "image.hsv_to_rgb": ["tf.nn.sigmoid(img)", "images=tf.nn.sigmoid(img), name='out'"],
    "image.crop_to_bounding_box": [
        "img, 1, 2, 3, 4",
        "image=img, offset_height=0, offset_width=1, target_height=6, target_width=2",
        "img[0], 1, 2, 3, 4",
    ],
    "image.pad_to_bounding_box": [
        "img, 1, 2, 9, 14",
        "image=img, offset_height=0, offset_width=1, target_height=6, target_width=12",
        "img[0], 1, 2, 9, 14",
    ],
    "image.adjust_brightness": ["img, 0.3", "image=img, delta=-0.2"],
    "signal.frame": [
        "wave, 5, 3",
        "signal=wave, frame_length=4, frame_step=4",
        "wave, 6, 2, False, name='out'",
        "wave, 5, 3, pad_end=False",
    ],
    "map_fn": [
        "lambda a: a * 2.0, x",
        "fn=lambda a: tf.reduce_sum(a, 0), elems=x",
        "twice, x, dtype=tf.float32",
        "twice, elems=x, name='out'",
    ],
    "vectorized_map": ["lambda a: a * 2.0, x", "fn=twice, elems=x"],
    "while_loop": [
        "below, step, [tf.constant(0), x]",
        "cond=below, body=step, loop_vars=(tf.constant(1), x), parallel_iterations=1",
        "below, step, (tf.constant(0), x), maximum_iterations=2",
    ],
    "cond": [
        "tf.reduce_sum(x) > 0, give_x, give_y",
        "pred=tf.reduce_sum(x) < 0, true_fn=give_x, false_fn=give_y, name='out'",
    ],
}
CASES |= {alias: CASES[name] for alias, name in ALIASES.items() if name in CASES}
# Names of TensorFlow before 1.0.
CASES["nn.swish"] = CASES["nn.silu"]
CASES["mul"] = [f"{case} >>> tf.multiply({case})" for case in _TWO]
CASES["sub"] = [f"{case} >>> tf.subtract({case})" for case in _TWO]
CASES["neg"] = [f"{case} >>> tf.negative({case})" for case in _ONE]
CASES["pack"] = [f"{case} >>> tf.stack({case})" for case in CASES["stack"]]
CASES["unpack"] = [f"{case} >>> tf.unstack({case})" for case in CASES["unstack"]]

RANDOM = {"nn.dropout", "random.normal", "random.truncated_normal", "random.uniform", "random.gamma"}
# The same numbers in another type: indices are int32, `rank` and `shape` are Python numbers.
OTHER_DTYPE = {"argmax", "argmin", "count_nonzero", "math.zero_fraction", "rank", "shape", "size", "where"}

# Calls that must be left alone: what the versions take differently, or what only a value at run time tells.
LEFT_ALONE = {
    "argmax": ["x, 1, 'name'", "x, None"],
    "concat": ["x"],
    "cumsum": ["x, exclusive=True", "x, 1, reverse=flag"],
    "where": ["b"],
    "one_hot": ["i, 3, 5, 0"],
    "gather": ["x, i, batch_dims=1", "x, i, None, 1, 1"],
    "split": ["x, sizes, 1"],
    "pad": ["x, pads, mode=mode"],
    "matmul": ["x, y, transpose_a=True", "x, y, transpose_b=flag", "x, y, True, True"],
    "norm": ["x, 2, [1, 2]", "x, 1, axis", "x, 'fro'", "x, np.inf"],
    "linalg.band_part": ["x, 1, 1"],
    "linalg.diag_part": ["x, k=1"],
    "nn.dropout": ["x, 0.8", "x, keep"],
    "nn.max_pool": ["x, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME'", "x, 2, 2, padding", "x, 2, 2, 'SAME', 'NCHW'"],
    "nn.conv2d": [
        "x, k, [1, 1, 1, 1], 'SAME'",
        "x, k, 1, 'SAME', True",
        "x, k, 1, [[0, 0], [1, 1], [1, 1], [0, 0]]",
    ],
    "nn.embedding_lookup": ["[a, b], i", "a, i, 'div'"],
    "nn.in_top_k": ["a, b, 3"],
    "nn.bias_add": ["x, b, 'NCHW'"],
    "random.uniform": ["(3,), 0, 9, tf.int32", "(3,), 0, 9, dtype=dtype"],
    "random.gamma": ["(3,), 1.0, 2.0"],
    "image.resize": [
        "x, (3, 3), 1",
        "x, (3, 3), align_corners=True",
        "x, (3, 3), preserve_aspect_ratio=True",
    ],
    "image.resize_nearest_neighbor": ["x, (3, 3), True"],
    "cond": ["p, lambda: x, lambda: y", "p, fn1=f, fn2=g"],
    "image.rot90": ["x, 3", "x, k=turns"],
    "sort": ["x, -1, order"],
    "constant": ["1, tf.int32, [2]"],
    "transpose": ["x, conjugate=True"],
    "signal.frame": ["x, 3, 2, True", "x, 3, 2, axis=1"],
    "while_loop": ["c, b, v, shape_invariants=s"],
}


# Functions of no KerasTensor in the arguments of cases, which stay.
_STAYING = {"tf.constant", "tf.range"}


def rewritten(name: str, arguments: str) -> str | None:
    """The call of `tf.{name}` and the `tf` functions in its arguments, rewritten from the inside out."""
    text = f"tf.{name}({arguments})"
    while True:
        top = ast.parse(text, mode="eval").body
        calls = [
            node
            for node in ast.walk(top)
            if isinstance(node, ast.Call)
            and str(dotted(node.func)).startswith("tf.")
            and (node is top or dotted(node.func) not in _STAYING)
        ]
        if not calls:
            return text
        row = ROWS[str(dotted(calls[-1].func)).removeprefix("tf.")]
        edits = rewrite_call(Source(text), calls[-1], row.old, row.new, row.variants)
        if edits is None:
            return None
        text = apply_edits(text, edits)


class Sides:
    """The packages, and the values that the cases name."""

    def __init__(self) -> None:
        self.np: Any = pytest.importorskip("numpy")
        self.tf: Any = pytest.importorskip("tensorflow")
        self.keras: Any = pytest.importorskip("keras")
        np, random = self.np, self.np.random.default_rng(7)
        draw = random.standard_normal
        arrays: dict[str, Any] = {name: draw(shape) for name, shape in SHAPES.items()}
        arrays["p"] = np.abs(draw((2, 3, 4))) + 0.1
        arrays["u"] = random.uniform(0.05, 0.95, (2, 3, 4))
        arrays["s"] = np.eye(4) * 5 + arrays["s"] @ arrays["s"].transpose(0, 2, 1)
        arrays["half"] = np.array([[-1.5, -0.5], [0.5, 2.5]])
        arrays["hot"] = np.eye(4)[[1, 3]]
        arrays["big"] = np.ones((80, 90))
        self.inputs = {name: np.asarray(value, "float32") for name, value in arrays.items()}
        self.inputs |= {
            "i": np.array([[1, 2, 3], [3, 0, 5]], "int32"),
            "j": np.array([[1, 3, 2], [3, 1, 5]], "int32"),
            "ids": np.array([1, 0, 2], "int32"),
            "b": draw((2, 3, 4)) > 0,
            "b2": draw((2, 3, 4)) > 0,
        }
        self.inputs["i3"] = np.arange(24, dtype="int32").reshape(2, 3, 4)
        constants = {
            "row": draw(4),
            "row2": np.abs(draw(4)) + 0.5,
            "wall": np.array([-0.5, 0.0, 0.7]),
            "table": draw((6, 5)),
        }
        constants |= {"mean3": draw(3), "var3": np.abs(draw(3)) + 0.5}
        constants |= {"k1": draw((3, 3, 5)), "k2": draw((3, 3, 3, 5))}
        self.constants = {name: np.asarray(value, "float32") for name, value in constants.items()}
        self.plain = {
            "np": np,
            "tf": self.tf,
            "pads": [[0, 0], [1, 1], [2, 0]],
            "wide": np.arange(6.0).reshape(2, 3),
            "twice": lambda a: a * 2.0,
            "below": lambda count, _: count < 3,
            "step": lambda count, value: (count + 1, value * 2.0),
            "functools": functools,
            "itertools": itertools,
            "keras": self.keras,
        }

    def values(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """All names of a case, with these inputs."""
        constants = {name: self.tf.constant(value) for name, value in self.constants.items()}
        branches = {"give_x": lambda: inputs["x"], "give_y": lambda: inputs["y"]}
        return self.plain | constants | branches | dict(inputs)

    def before(self, name: str, case: "Case", inputs: Mapping[str, Any]) -> Any:
        """The value with TensorFlow."""
        if case.reference:
            return eval(case.reference, self.values(inputs))
        function = None if case.old else find(self.tf, name)
        function = function or find(self.tf.compat.v1, name)
        assert function is not None, f"{name} is in no version: the case needs a reference"
        return eval(f"function({case.arguments})", self.values(inputs) | {"function": function})

    def plainly(self, value: Any) -> Any:
        """Tensors as arrays."""
        if isinstance(value, list | tuple):
            return [self.plainly(item) for item in value]
        return self.np.asarray(value)


class Case:
    """One call: its arguments, whether of TensorFlow 1, and what to compare with in place of the function."""

    def __init__(self, name: str, text: str) -> None:
        self.old = text.startswith("v1: ")
        arguments, _, reference = text.removeprefix("v1: ").partition(">>>")
        self.arguments, self.reference = arguments.strip(), reference.strip()
        new = rewritten(name, self.arguments)
        assert new is not None, f"not rewritten: tf.{name}({self.arguments})"
        self.new = new
        self.names = {node.id for node in ast.walk(ast.parse(new)) if isinstance(node, ast.Name)}
        self.names |= {"x", "y"} if {"give_x", "give_y"} & self.names else set()


def find(root: Any, path: str) -> Any:
    """What stands there, or None."""
    for part in path.split("."):
        root = getattr(root, part, None)
    return root


@pytest.fixture(scope="session")
def sides() -> Sides:
    return Sides()


REWRITTEN = [name for name, row in ROWS.items() if row.how != "advise"]


def test_every_rewritten_row_has_a_case() -> None:
    assert [name for name in REWRITTEN if not CASES.get(name)] == []
    assert CASES.keys() - set(REWRITTEN) == set()


def test_every_variant_has_a_case() -> None:
    used = {
        (name, choose(call, row.old, row.new, row.variants))
        for name, row in ROWS.items()
        if name not in ALIASES
        for case in CASES.get(name, ())
        for call in [ast.parse(f"f({Case(name, case).arguments})", mode="eval").body]
        if isinstance(call, ast.Call)
    }
    for name in CASES.keys() - ALIASES.keys():
        for new in [ROWS[name].new, *(variant for _, variant in ROWS[name].variants if variant)]:
            assert (name, new) in used, (name, new)


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, case) for name, cases in LEFT_ALONE.items() for case in cases]
)
def test_left_alone(name: str, arguments: str) -> None:
    assert rewritten(name, arguments) is None


@pytest.mark.parametrize("name", REWRITTEN)
def test_same_numbers(name: str, sides: Sides) -> None:
    cases = [Case(name, text) for text in CASES[name]]
    inputs = {key: sides.tf.constant(value) for key, value in sides.inputs.items()}
    for case in cases:
        old = sides.plainly(sides.before(name, case, inputs))
        new = sides.plainly(eval(case.new, sides.values(inputs)))
        compare(sides.np, name, old, new, case.new)


@pytest.mark.parametrize("name", REWRITTEN)
def test_same_numbers_in_a_functional_model(name: str, sides: Sides) -> None:
    """Cases with the same inputs make one model, whose outputs are compared with TensorFlow."""
    groups: dict[tuple[str, ...], list[Case]] = {}
    for text in CASES[name]:
        case = Case(name, text)
        groups.setdefault(tuple(sorted(case.names & sides.inputs.keys())), []).append(case)
    for names, cases in groups.items():
        if not names:
            continue
        symbolic = {key: symbol(sides, key) for key in names}
        outputs: list[Any] = []
        expected: list[tuple[Case, Any]] = []
        for case in cases:
            value = eval(case.new, sides.values(symbolic))
            tensors = {key: sides.tf.constant(sides.inputs[key]) for key in names}
            old = sides.plainly(sides.before(name, case, tensors))
            if name == "shape":
                value = value[1:]
                old = old[1:]
            if not any(isinstance(item, sides.keras.KerasTensor) for item in leaves(value)):
                compare(sides.np, name, old, sides.plainly(value), case.new)
                continue
            kept = [item for item in leaves(value) if isinstance(item, sides.keras.KerasTensor)]
            assert len(kept) == len(leaves(value)), case.new
            outputs += kept
            expected += [(case, item) for item in (old if isinstance(old, list) else [old])]
        if not outputs:
            continue
        model = sides.keras.Model(list(symbolic.values()), outputs)
        arrays = [sides.inputs[key] for key in names]
        # `predict` overrules the `training=True` of a layer; TensorFlow's dropout knows no training.
        found = model(arrays, training=True) if name == "nn.dropout" else model.predict_on_batch(arrays)
        found = found if isinstance(found, list | tuple) else [found]
        assert len(found) == len(expected), cases[0].new
        for (case, old), new, output in zip(expected, found, outputs, strict=True):
            compare(sides.np, name, old, sides.np.asarray(new), case.new)
            assert len(output.shape) == old.ndim, (case.new, output.shape)
            assert all(a in (None, b) for a, b in zip(output.shape, old.shape, strict=True)), (
                case.new,
                output.shape,
            )


def symbol(sides: Sides, name: str) -> Any:
    array = sides.inputs[name]
    return sides.keras.Input(batch_shape=(None, *array.shape[1:]), dtype=str(array.dtype), name=name)


def leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list | tuple) else [value]


def compare(np: Any, name: str, old: Any, new: Any, text: str) -> None:
    base = ALIASES.get(name, name)
    if isinstance(old, list):
        assert len(old) == len(new), text
        for one, other in zip(old, new, strict=True):
            compare(np, name, one, other, text)
        return
    new = np.asarray(new)
    assert old.shape == new.shape, (text, old.shape, new.shape)
    if base not in OTHER_DTYPE:
        assert old.dtype == new.dtype, (text, old.dtype, new.dtype)
    if base in RANDOM:
        left, right = old.astype("float64"), new.astype("float64")
        spread = max(float(left.std()), 1e-3)
        assert abs(float(left.mean()) - float(right.mean())) < 0.1 * spread, text
        assert abs(spread - float(right.std())) < 0.1 * spread, text
        assert abs(float(left.min()) - float(right.min())) < 2 * spread, text
    elif old.dtype == bool:
        assert (old == new).all(), text
    else:
        assert_close(np, old, new, text)


def assert_close(np: Any, old: Any, new: Any, text: str) -> None:
    np.testing.assert_allclose(
        new.astype("float64"), old.astype("float64"), rtol=1e-5, atol=1e-6, err_msg=text
    )


@pytest.mark.parametrize("name", REWRITTEN)
def test_slots_are_the_parameters_of_the_new_function(name: str, sides: Sides) -> None:
    row = ROWS[name]
    for new in [row.new, *(variant for _, variant in row.variants)]:
        simple = parse_row(row.old, new).simple if new else None
        if simple is None or not simple.callee.startswith("keras.") or simple.callee in _VARIADIC:
            continue
        parameters = inspect.signature(find(sides.keras, simple.callee.removeprefix("keras."))).parameters
        order = list(parameters)
        for slot in simple.slots.values():
            assert slot.keyword in parameters, (new, order)
            assert slot.position is None or order[slot.position] == slot.keyword, (new, order)
        for constant in simple.constants:
            assert constant.partition("=")[0] in parameters, (new, order)


_VARIADIC = {"keras.ops.einsum", "keras.ops.meshgrid"}
# Parameters that the rows leave out, because no call of a KerasTensor has them.
_LEFT_OUT = {"layout", "grad_a", "grad_b", "use_cudnn_on_gpu", "is_training", "args", "kwargs", "fn1", "fn2"}
# Functions whose parameters have another order or names in the row: the versions contradict each other.
_OTHER_ORDER = {"count_nonzero", "math.in_top_k", "nn.dropout", "einsum", "meshgrid"}


@pytest.mark.parametrize("name", REWRITTEN)
def test_signature_is_that_of_tensorflow(name: str, sides: Sides) -> None:
    function = find(sides.tf, name) or find(sides.tf.compat.v1, name)
    if function is None or ALIASES.get(name, name) in _OTHER_ORDER:
        return
    wanted = [parameter for parameter in inspect.signature(function).parameters if parameter not in _LEFT_OUT]
    params = [param.name for param in parse_row(ROWS[name].old, ROWS[name].new).params]
    assert params[: len(wanted)] == wanted
