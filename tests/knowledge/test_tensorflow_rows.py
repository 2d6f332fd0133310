"""What holds for every row of the TensorFlow table without running it."""

import ast

import pytest

from keras_upgrade.knowledge.backend import Row
from keras_upgrade.knowledge.tensorflow import ALIASES, ROWS
from keras_upgrade.syntax.templates import holds, parse_params, parse_row

# What programs call in functional models; a row may only advise, but there is one.
EXPECTED = """
abs add add_n argmax argmin boolean_mask cast ceil clip_by_value concat concat_v2 cond constant
convert_to_tensor cos cumprod cumsum divide einsum equal exp expand_dims expm1 eye fill floor gather
gather_nd greater identity less linspace log matmul maximum meshgrid minimum mod multiply negative norm
not_equal numpy_function one_hot ones ones_like pad pow py_function random_normal random_uniform range rank
reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_sum repeat
reshape reverse roll round rsqrt scan shape sigmoid sign sin size slice split sqrt square squared_difference
squeeze stack stop_gradient strided_slice subtract svd tan tanh tensordot tile to_float to_int32 transpose
truncated_normal unstack where while_loop zeros zeros_like map_fn math.erf math.exp math.is_nan
math.l2_normalize math.log math.log_sigmoid math.reciprocal_no_nan math.reduce_std math.reduce_variance
math.sigmoid math.softplus math.top_k linalg.band_part linalg.cholesky linalg.det linalg.diag_part
linalg.inv linalg.matvec linalg.norm linalg.qr linalg.svd linalg.trace nn.avg_pool nn.batch_normalization
nn.bias_add nn.conv1d nn.conv2d nn.conv2d_transpose nn.depth_to_space nn.depthwise_conv2d nn.dropout nn.elu
nn.embedding_lookup nn.gelu nn.in_top_k nn.l2_normalize nn.leaky_relu nn.log_softmax nn.max_pool nn.moments
nn.relu nn.relu6 nn.selu nn.sigmoid nn.sigmoid_cross_entropy_with_logits nn.silu nn.softmax
nn.softmax_cross_entropy_with_logits nn.softplus nn.softsign nn.space_to_depth
nn.sparse_softmax_cross_entropy_with_logits nn.swish nn.tanh nn.top_k random.categorical random.gamma
random.normal random.shuffle random.truncated_normal random.uniform image.crop_to_bounding_box
image.flip_left_right image.resize image.resize_bilinear image.resize_images image.resize_nearest_neighbor
image.rgb_to_grayscale signal.fft signal.rfft signal.stft
"""

ITEMS = list(ROWS.items())


def expressions(row: Row) -> list[str]:
    return [row.new, *(new for _, new in row.variants if new)]


def test_functions_that_programs_call_have_a_row() -> None:
    assert [name for name in EXPECTED.split() if name not in ROWS] == []


def test_keys_are_paths() -> None:
    assert [name for name in ROWS if not all(part.isidentifier() for part in name.split("."))] == []
    assert not any(name.startswith(("tf.", "tensorflow.", "keras.", "compat.")) for name in ROWS)


def test_aliases_share_the_row() -> None:
    for alias, name in ALIASES.items():
        assert alias != name
        assert name not in ALIASES, f"{alias}: an alias of an alias"
        assert ROWS[alias] is ROWS[name]


@pytest.mark.parametrize(("name", "row"), ITEMS)
def test_row_is_complete(name: str, row: Row) -> None:
    assert not row.special
    assert not row.kept
    if row.how == "advise":
        assert row.note
        assert row == Row("", "", "advise", row.note)
    else:
        assert row.new, "a rule has to name the expression"
        assert bool(row.assumption) == (row.how == "review")
    for text in (row.note, row.assumption):
        assert text == text.strip()
        assert text.count("`") % 2 == 0, text


@pytest.mark.parametrize(("name", "row"), [(name, row) for name, row in ITEMS if row.how != "advise"])
def test_expressions_use_parameters_and_imports_only(name: str, row: Row) -> None:
    params = {param.name for param in parse_params(row.old)}
    imported = {statement.removeprefix("import ") for statement in row.imports}
    for new in expressions(row):
        tree = parse_row(row.old, new).tree
        bound = {node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)}
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - bound
        assert names - params - imported - {"keras"} <= {"len"}, new
        assert names & params, new
        assert "tf." not in new


@pytest.mark.parametrize(("name", "row"), [(name, row) for name, row in ITEMS if row.how != "advise"])
def test_conditions_name_parameters(name: str, row: Row) -> None:
    params = parse_params(row.old)
    assert len({param.name for param in params}) == len(params)
    nodes = {param.name: ast.parse("f()", mode="eval").body for param in params}
    for condition, _ in row.variants:
        for word in condition.split():
            holds(word, nodes)
            assert word.partition("=")[0].partition(":")[0].rstrip("?") in nodes, word


@pytest.mark.parametrize(("name", "row"), [(name, row) for name, row in ITEMS if row.how != "advise"])
def test_name_argument_is_dropped(name: str, row: Row) -> None:
    for new in expressions(row):
        parsed = parse_row(row.old, new)
        assert parsed.simple is None or "name" not in parsed.simple.slots
        assert not any(isinstance(node, ast.Name) and node.id == "name" for node in ast.walk(parsed.tree))
