"""The table of TensorFlow 1 against `tf.compat.v1`: the same objects, and the same numbers from what the tool writes.

A case is the text of the arguments, over the values of `VALUES`; `... >>> reference` compares with another
expression, for functions that are older than `tf.compat.v1`.
"""

import os
from typing import Any

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.knowledge import tensorflow1
from keras_upgrade.knowledge.tables import load
from keras_upgrade.knowledge.tensorflow1 import KEYWORDS, OPTIMIZERS, ROWS

pytestmark = pytest.mark.slow

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_VALUES = """
rng = np.random.default_rng(7)
x = tf.constant(rng.standard_normal((3, 4)), tf.float32)
y = tf.constant(rng.standard_normal((3, 4)), tf.float32)
p = tf.abs(x) + 0.1
i = tf.constant([[1, 2, 3], [3, 0, 5]])
ids = tf.constant([1, 0, 2])
square = tf.constant(np.eye(3) * 4 + rng.standard_normal((3, 3)) * 0.1, tf.float32)
image = tf.constant(rng.random((2, 6, 8, 4)), tf.float32)
boxes = tf.constant([[0.0, 0.0, 0.5, 0.5]])
hot = tf.constant(np.eye(4)[[1, 3, 0]], tf.float32)
kernel = tf.constant(rng.standard_normal((3, 3, 4, 5)), tf.float32)
weights = tf.constant(rng.standard_normal((4, 2)), tf.float32)
wave = tf.constant(rng.standard_normal((2, 9, 4)), tf.float32)
words = tf.constant(['one two', 'three'])
lines = tf.constant(['1.5,2', '3,4'])
example = tf.train.Example(features=tf.train.Features(feature={
    'a': tf.train.Feature(float_list=tf.train.FloatList(value=[2.5]))})).SerializeToString()
feature = {'a': tf.io.FixedLenFeature([], tf.float32)}
sparse = tf.sparse.from_dense(i)
draw = np.zeros((80, 90)).shape
"""

_CAST = ["i", "x", "x=p, name='out'"]
_BLOCKS = ["image, 2", "input=image, block_size=2, name='out'", "image, 2, None, 'NHWC'"]
_PATCHES = [
    "image, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'",
    "image, ksizes=[1, 2, 2, 1], strides=[1, 2, 2, 1], rates=[1, 1, 1, 1], padding='SAME'",
]
_PAIR = ["p, p", "p, 0.05, message='m'", "x=p, y=0.05, name='out'"]
_TALL = "(400, 300)"

CASES: dict[str, list[str]] = {
    **{f"to_{name}": _CAST for name in ("bfloat16", "double", "float", "int32", "int64")},
    "to_complex64": _CAST,
    "to_complex128": _CAST,
    "mul": ["x, y >>> x * y"],
    "sub": ["x, y >>> x - y"],
    "neg": ["x >>> -x"],
    "pack": ["[x, y] >>> tf.stack([x, y])"],
    "unpack": ["x, axis=1 >>> tf.unstack(x, axis=1)"],
    "select": ["x > 0, x, y >>> tf.where(x > 0, x, y)"],
    "div": ["x, p", "x=x, y=p, name='out'", "x, 2.0"],
    "floor_div": ["i, 2", "x, p", "x=i, y=2"],
    "arg_max": ["x, 1", "x, dimension=0", "input=x, dimension=1, output_type=tf.int32"],
    "arg_min": ["x, 1", "x, dimension=0"],
    "count_nonzero": [
        "i",
        "i, 1",
        "i, axis=1, keep_dims=True",
        "input_tensor=i, reduction_indices=[1]",
        "i, 1, True",
    ],
    "bincount": ["ids", "arr=ids, minlength=5", "ids, None, 4, 6", "ids, dtype=tf.int64"],
    "confusion_matrix": ["ids, ids", "ids, ids, 4, tf.int64", "labels=ids, predictions=ids, num_classes=5"],
    "verify_tensor_all_finite": ["x, 'message'", "t=x, msg='m'", "x=x, message='m'"],
    "nn.xw_plus_b": ["x, weights, [1.0, 2.0]", "x, weights=weights, biases=[1.0, 2.0], name='out'"],
    "nn.relu_layer": ["x, weights, [1.0, 2.0]"],
    "nn.softmax_cross_entropy_with_logits_v2": ["labels=hot, logits=x", "hot, x, dim=-1", "hot, x, 1"],
    "manip.reshape": ["x, (4, 3)", "tensor=x, shape=[-1]"],
    "manip.gather_nd": ["x, [[0, 1], [2, 2]]", "x, indices=[[0, 1]], name='out'"],
    "linalg.transpose": ["square", "a=image, name='out'"],
    "depth_to_space": _BLOCKS,
    "space_to_depth": _BLOCKS,
    "extract_image_patches": _PATCHES,
    "image.extract_image_patches": _PATCHES,
    "set_random_seed": ["3 >>> None"],
    "random.set_random_seed": ["seed=3 >>> None"],
    "multinomial": ["x, 500, seed=1", "logits=x, num_samples=500, output_dtype=tf.int32", "x, 500, 3"],
    "random.multinomial": ["x, 500"],
    "random_poisson": ["3.0, [80, 90]", "lam=3.0, shape=[80, 90], seed=1"],
    "py_func": ["lambda a: a + 1, [x], tf.float32", "func=np.exp, inp=[x], Tout=tf.float32, stateful=False"],
    "decode_csv": [
        "lines, [[0.0], [0]]",
        "records=lines, record_defaults=[[0.0], [0]], field_delim=',', name='out'",
    ],
    "decode_raw": ["words[1], tf.uint8", "bytes=words[1], out_type=tf.uint8"],
    "parse_example": ["[example], feature", "serialized=[example], features=feature, name='out'"],
    "parse_single_example": ["example, feature", "serialized=example, features=feature"],
    "reduce_join": ["words, 0", "words, reduction_indices=0, keep_dims=True, separator='-'"],
    "string_to_hash_bucket": ["words, 7", "string_tensor=words, num_buckets=7"],
    "string_to_number": ["['1', '2']", "string_tensor=['3'], out_type=tf.int32"],
    "substr": ["words, 1, 2", "words, 0, 3, name='out'"],
    "gfile.Copy": ["path, path + '5' >>> None", "oldpath=path, newpath=path + '3', overwrite=True >>> None"],
    "gfile.DeleteRecursively": ["folder + '/gone' >>> None"],
    "gfile.Exists": ["path", "filename=folder"],
    "gfile.FastGFile": ["path >>> None", "name=path, mode='rb' >>> None"],
    "gfile.Glob": ["folder + '/*.txt'", "filename=folder + '/*.txt'"],
    "gfile.IsDirectory": ["folder", "dirname=path"],
    "gfile.ListDirectory": ["folder + '/sub'", "dirname=folder + '/sub'"],
    "gfile.MakeDirs": ["folder + '/a/b'", "dirname=folder + '/c'"],
    "gfile.MkDir": ["folder + '/d' >>> None"],
    "gfile.Remove": ["path + '2' >>> None"],
    "gfile.Rename": ["path + '3', path + '4' >>> None"],
    "gfile.Stat": ["path >>> None", "filename=folder >>> None"],
    "gfile.Walk": ["folder >>> None", "top=folder, in_order=False >>> None"],
    "assert_greater_equal": _PAIR,
    "assert_less_equal": ["p, p", "x=0.0, y=p"],
    "assert_none_equal": ["x, 9.0", "x=x, y=9.0, message='m'"],
    "assert_negative": ["-p", "x=-p, message='m'"],
    "assert_non_negative": ["p"],
    "assert_non_positive": ["-p"],
    "assert_positive": ["p", "p, message='m', name='out'"],
    "assert_rank_at_least": ["x, 1", "x=x, rank=2"],
    "assert_rank_in": ["x, (1, 2)", "x=x, ranks=(2, 3)"],
    # An initializer is called on a shape.
    "glorot_normal_initializer": ["", "seed=3", "dtype=tf.float32"],
    "glorot_uniform_initializer": ["", "3"],
    "orthogonal_initializer": ["", "2.0", "gain=3.0, seed=1"],
    "truncated_normal_initializer": ["", "stddev=0.02", "1.0, 0.5", "mean=2.0, stddev=0.1, seed=1"],
    "variance_scaling_initializer": ["", "2.0", "scale=2.0, mode='fan_out'", "distribution='uniform'"],
    # TensorFlow 1.15's source says what these were.
    "contrib.layers.l1_regularizer": ["0.1 >>> lambda w: 0.1 * tf.reduce_sum(tf.abs(w))"],
    "contrib.layers.l2_regularizer": [
        "0.1 >>> lambda w: 0.1 * tf.nn.l2_loss(w)",
        "scale=0.1 + 0.2 >>> lambda w: 0.3 * tf.nn.l2_loss(w)",
    ],
    "contrib.layers.xavier_initializer": [" >>> tf.compat.v1.glorot_uniform_initializer()"],
    "contrib.layers.xavier_initializer_conv2d": ["seed=1 >>> tf.compat.v1.glorot_uniform_initializer()"],
}
_ON_SHAPE = ("initializer", "initializers.", "contrib.layers.xavier")
_NO_VALUE = ("gfile.FastGFile", "gfile.Stat", "gfile.Walk")

_REDUCED = [
    "p, reduction_indices=[1]",
    "p, 1, keep_dims=True",
    "input_tensor=p, reduction_indices=0, keep_dims=True",
]
_FLAGS = ["p > 1, reduction_indices=[1]", "p > 1, axis=0, keep_dims=True"]
KEYWORD_CASES: dict[str, list[str]] = {
    **{
        name: _FLAGS if name.endswith(("_all", "_any")) else _REDUCED
        for name in KEYWORDS
        if "reduce_" in name
    },
    **{name: ["x, dimension=1"] for name in KEYWORDS if "arg" in name},
    **{name: ["x, axis=1, keep_dims=True"] for name in ("norm", "linalg.norm")},
    **{name: ["x, dim=1"] for name in KEYWORDS if name.endswith(("softmax", "l2_normalize"))},
    "nn.moments": ["x, [0], keep_dims=True"],
    "cond": [
        "tf.constant(True), fn1=lambda: x, fn2=lambda: y",
        "tf.constant(False), lambda: x, lambda: y, strict=True",
    ],
    "constant": ["[1.0, 2.0], verify_shape=True, shape=[2]"],
    "convert_to_tensor": ["[1, 2], preferred_dtype=tf.float32"],
    "expand_dims": ["x, dim=1"],
    "image.crop_and_resize": ["image, boxes, box_ind=[0], crop_size=(2, 2)"],
    "math.count_nonzero": ["i, reduction_indices=1", "input_tensor=i, keep_dims=True"],
    "nn.avg_pool": ["value=image, ksize=2, strides=2, padding='SAME'"],
    "nn.conv1d": ["value=wave, filters=kernel[0], stride=1, padding='SAME', use_cudnn_on_gpu=True"],
    "nn.conv2d": ["image, filter=kernel, strides=[1, 1, 1, 1], padding='SAME', use_cudnn_on_gpu=False"],
    "nn.conv2d_transpose": [
        "value=image, filter=tf.transpose(kernel, [0, 1, 3, 2]), output_shape=[2, 6, 8, 5], strides=1, padding='SAME'"
    ],
    "nn.conv3d": ["image[None], filter=kernel[None], strides=[1, 1, 1, 1, 1], padding='SAME'"],
    "nn.convolution": ["image, filter=kernel, padding='VALID', dilation_rate=[2, 2]"],
    "nn.depthwise_conv2d": ["image, kernel, [1, 1, 1, 1], 'VALID', rate=[2, 2]"],
    "nn.embedding_lookup": ["x, ids, validate_indices=False"],
    "nn.max_pool": ["value=image, ksize=2, strides=2, padding='VALID'"],
    "nn.pool": ["image, [2, 2], 'AVG', padding='VALID', dilation_rate=[2, 2]"],
    "nn.separable_conv2d": [
        "image, kernel[..., :1], kernel[:1, :1], strides=[1, 1, 1, 1], padding='VALID', rate=[2, 2]"
    ],
    "nn.softmax_cross_entropy_with_logits": ["labels=hot, logits=x, dim=-1"],
    "nn.weighted_cross_entropy_with_logits": ["targets=hot, logits=x, pos_weight=2.0"],
    "ones_like": ["tensor=x", "x, optimize=False"],
    "reverse_sequence": ["x, [1, 2, 3], seq_dim=1, batch_dim=0"],
    "squeeze": ["x[None], squeeze_dims=[0]"],
    "zeros_like": ["tensor=i", "x, optimize=True"],
}

# Names of which the object is the same, or which are in `tf.compat.v1` still: the call itself, as the tool writes it.
MOVED_CASES = {
    **dict.fromkeys(
        ["ceil", "is_finite", "is_inf", "is_nan", "log_sigmoid", "reciprocal", "rint", "squared_difference"],
        "x",
    ),
    **dict.fromkeys(["log", "log1p", "rsqrt", "lgamma", "digamma", "erf", "erfc", "expm1"], "p"),
    "squared_difference": "x, y",
    "cumprod": "x, axis=1",
    "logical_xor": "x > 0, y > 0",
    "mod": "i, 2",
    "floormod": "i, 2",
    "div_no_nan": "x, y",
    "lin_space": "0.0, 1.0, 5",
    "diag": "ids",
    "diag_part": "square",
    "matrix_band_part": "square, 1, 0",
    "matrix_determinant": "square",
    "matrix_diag": "x",
    "matrix_inverse": "square",
    "matrix_set_diag": "square, [1.0, 2.0, 3.0]",
    "matrix_solve": "square, square",
    "matrix_transpose": "x",
    "trace": "square",
    "svd": "square, compute_uv=False",
    "global_norm": "[x, y]",
    "is_numeric_tensor": "x",
    "check_numerics": "x, 'm'",
    "random_normal": "draw, 1.0, 2.0",
    "random_uniform": "draw, minval=1.0, maxval=3.0",
    "truncated_normal": "draw, stddev=2.0",
    "random_gamma": "draw, 2.0",
    "random_shuffle": "tf.range(3000.0)",
    "random_crop": "tf.random.normal((500, 500), seed=1), [200, 200]",
    "segment_sum": "x, [0, 0, 1]",
    "unsorted_segment_sum": "x, [1, 0, 1], 2",
    "sparse_tensor_to_dense": "sparse",
    "sparse_tensor_dense_matmul": "tf.sparse.from_dense(square), square",
    "string_join": "[words, words], '-'",
    "regex_replace": "words, 'o', '0'",
    "image.transpose_image": "image",
    "image.resize_image_with_crop_or_pad": "image, 4, 9",
    "image.resize_images": "image, (3, 5)",
    "image.resize_bilinear": "image, (12, 16), align_corners=True",
    "image.resize_nearest_neighbor": "image, (3, 4)",
    "losses.mean_squared_error": "hot, x",
    "losses.absolute_difference": "hot, x",
    "losses.huber_loss": "hot, x, delta=0.5",
    "losses.softmax_cross_entropy": "hot, x",
    "losses.sigmoid_cross_entropy": "hot, x",
    "losses.log_loss": "hot, tf.sigmoid(x)",
    "logging.get_verbosity": "",
    "sparse_to_dense": "[[0, 1]], (2, 2), 5",
    "string_split": "words",
    "spectral.dct": "x",
    "reverse_v2": "x, [1]",
    "where_v2": "x > 0, x, y",
}


@pytest.fixture(scope="module")
def tf() -> Any:
    return pytest.importorskip("tensorflow")


def find(root: Any, path: str) -> Any:
    for part in path.split("."):
        root = getattr(root, part, None)
    return root


def written(call: str) -> str:
    """What the tool makes of a call, as a program."""
    program = f"import keras\nimport numpy as np\nimport tensorflow as tf\n\nresult = {call}\n"
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    assert outcome.left == [], call
    assert outcome.document.source != program, call
    return outcome.document.source


@pytest.fixture
def names(tf: Any, tmp_path: Any) -> dict[str, Any]:
    """The values that the cases name."""
    found: dict[str, Any] = {"tf": tf}
    exec("import keras\nimport numpy as np\n" + _VALUES, found)
    for name in ("sub", "gone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("2")
    for suffix in ("", "2", "3"):
        (tmp_path / f"one.txt{suffix}").write_text("1")
    return found | {"folder": str(tmp_path), "path": str(tmp_path / "one.txt")}


def test_renamed_names_are_the_same_objects(tf: Any) -> None:
    for old, new in load("tensorflow1")["renamed"].items():
        assert find(tf.compat.v1, old) is find(tf, new) is not None, (old, new)
        assert find(tf, old) is None, old


def test_gone_names_are_gone_and_new_names_are_there(tf: Any) -> None:
    data = load("tensorflow1")
    for name in (*data["gone"].split(), *data["gone modules"].split(), *ROWS, *OPTIMIZERS):
        assert tensorflow1.is_gone(name), name
        assert find(tf, name) is None, name
    for old, new in tensorflow1.renamed().items():
        assert tensorflow1.is_gone(old), old
        assert find(tf, new) is not None, (old, new)
    for name in (
        "log",
        "math.log",
        "losses.MeanSquaredError",
        "nn.relu",
        "Variable",
        "config",
        "summary.scalar",
    ):
        assert tensorflow1.is_gone(name) == (name == "log")


def test_every_row_has_a_case() -> None:
    assert ROWS.keys() - {"assign", "assign_add", "assign_sub"} == CASES.keys()
    assert KEYWORDS.keys() == KEYWORD_CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_same_numbers(name: str, names: dict[str, Any]) -> None:
    for case in CASES[name]:
        arguments, _, reference = case.partition(">>>")
        compare(name, f"tf.{name}({arguments.strip()})", reference.strip(), names)


@pytest.mark.parametrize("name", KEYWORD_CASES)
def test_same_numbers_with_the_new_keyword(name: str, names: dict[str, Any]) -> None:
    for arguments in KEYWORD_CASES[name]:
        compare(name, f"tf.{name}({arguments})", "", names)


@pytest.mark.parametrize("name", MOVED_CASES)
def test_same_numbers_under_the_new_name(name: str, names: dict[str, Any]) -> None:
    compare(name, f"tf.{name}({MOVED_CASES[name]})", "", names)


def compare(name: str, call: str, reference: str, names: dict[str, Any]) -> None:
    import numpy as np  # noqa: PLC0415

    program = written(call)
    after: dict[str, Any] = dict(names)
    exec(program, after)
    new = after["result"]
    if reference == "None":
        return  # it ran; there is nothing to compare
    old = eval(reference or call.replace("tf.", "tf.compat.v1.", 1), dict(names))
    if any(part in name for part in _ON_SHAPE):
        shape = (4, 4) if "identity" in name else (400, 300)
        old, new = old(shape), new(shape)
        assert old.dtype == "float32"
    elif "regularizer" in name:
        old, new = old(names["x"]), new(names["x"])
    random = name.startswith(("random", "multinomial", "truncated")) or (
        "initializer" in name and name.partition(".")[2] not in ("constant", "identity", "ones", "zeros")
    )
    for one, other in zip(leaves(old), leaves(new), strict=True):
        left, right = np.asarray(one), np.asarray(other)
        assert left.shape == right.shape, program
        assert left.dtype == right.dtype, program
        if random or "xavier" in name:
            spread = float(left.std()) + 1e-6
            assert abs(float(left.mean()) - float(right.mean())) < 0.05 * spread, program
            assert abs(spread - float(right.std())) < 0.05 * spread, program
            assert abs(np.median(left) - np.median(right)) < 0.1 * spread, program
        elif left.dtype.kind in "OSU":
            assert left.tolist() == right.tolist(), program
        else:
            np.testing.assert_allclose(
                right.astype("complex"), left.astype("complex"), rtol=1e-6, err_msg=program
            )


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in leaves(value[key])]
    if isinstance(value, list | tuple) and not hasattr(value, "dense_shape"):
        return [leaf for item in value for leaf in leaves(item)]
    if hasattr(value, "indices"):
        return [value.indices, value.values, value.dense_shape]
    return [] if value is None else [value]


@pytest.mark.parametrize("how", ["assign", "assign_add", "assign_sub"])
def test_assignments(how: str, names: dict[str, Any]) -> None:
    results = []
    for program in (f"result = tf.compat.v1.{how}(v, x * 2)", written(f"tf.{how}(v, x * 2)")):
        space = dict(names) | {"v": names["tf"].Variable(names["y"])}
        exec(program, space)
        results.append((space["v"].numpy().tolist(), space["result"].numpy().tolist()))
    assert results[0] == results[1]


def test_dropout_keeps_the_same_share(names: dict[str, Any]) -> None:
    for argument in ("keep_prob=0.9", "keep_prob=1 - 0.1", "keep_prob=kept"):
        space = dict(names) | {"kept": 0.9}
        exec(written(f"tf.nn.dropout(tf.ones((200, 200)), {argument})"), space)
        share = float((space["result"].numpy() == 0).mean())
        assert abs(share - 0.1) < 0.02, argument


OPTIMIZER_CASES = {
    "train.AdadeltaOptimizer": ["", "0.5", "learning_rate=0.5, rho=0.9, epsilon=1e-6"],
    "train.AdagradOptimizer": ["0.1", "learning_rate=0.1, initial_accumulator_value=0.5"],
    "train.AdamOptimizer": [
        "",
        "1e-2",
        "learning_rate=0.01, beta1=0.5, beta2=0.9, name='a'",
        "0.01, epsilon=1e-3",
    ],
    "train.FtrlOptimizer": ["0.1", "0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.02"],
    "train.GradientDescentOptimizer": ["0.1", "learning_rate=0.1"],
    "train.MomentumOptimizer": ["0.1, 0.9", "learning_rate=0.1, momentum=0.5, use_nesterov=True"],
    "train.RMSPropOptimizer": ["0.01", "0.01, decay=0.5, momentum=0.1", "0.01, centered=True, epsilon=1e-3"],
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_train_alike(name: str, tf: Any) -> None:
    import numpy as np  # noqa: PLC0415

    for arguments in OPTIMIZER_CASES[name]:
        program = (
            "import keras\nimport tensorflow as tf\n\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"
            f"optimizer = tf.{name}({arguments})\nmodel.compile(optimizer=optimizer, loss='mse')\n"
        )
        space: dict[str, Any] = {}
        exec(migrate([loads(program)])[0].document.source, space)
        old = eval(f"tf.compat.v1.{name}({arguments})", {"tf": tf})
        ends = []
        for optimizer in (old, space["optimizer"]):
            weights = tf.Variable([1.0, -2.0, 0.5])
            for step in range(8):
                gradient = tf.constant([0.3, -0.2 * step, 0.05]) + 0.1 * weights
                optimizer.apply_gradients([(gradient, weights)])
            ends.append(weights.numpy())
        # TensorFlow's averages of RMSProp begin with 1: same direction, other steps; the rule says so.
        rough = "RMSProp" in name
        np.testing.assert_allclose(
            ends[1], ends[0], rtol=0.0 if rough else 1e-4, atol=0.3 if rough else 1e-6, err_msg=arguments
        )
