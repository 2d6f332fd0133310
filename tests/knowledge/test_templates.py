"""Rewriting calls: formatting kept, arguments bound, precedence respected."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.documents.spans import apply_edits
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.templates import bind, holds, parse_params, parse_row, rewrite_call

SUM = ("x, axis=None, keepdims=False, name=None", "keras.ops.sum(x, axis, keepdims)")
CONCAT = ("tensors, axis=-1", "keras.ops.concatenate(xs := tensors, axis := +axis)")
SHAPE = ("x", "x.shape")
NORM = (
    "x, mean, var, beta, gamma, axis=-1, epsilon=0.001",
    "keras.ops.batch_normalization(x, mean, variance := var, axis=+axis, offset=beta, scale=gamma, "
    "epsilon=epsilon)",
)


def rewritten(text: str, old: str, new: str, **options: object) -> str | None:
    call = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    edits = rewrite_call(Source(text), call, old, new, **options)  # type: ignore[arg-type]
    if edits is None:
        return None
    result = apply_edits(text, edits)
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("K.sum(x)", SUM, "keras.ops.sum(x)"),
        ("K.sum( x ,axis = 1 )", SUM, "keras.ops.sum( x ,axis = 1 )"),
        ("K . sum (x)", SUM, "keras.ops.sum (x)"),
        ("(K.sum)(x)", SUM, "(keras.ops.sum)(x)"),
        ("K.sum(x, 1, name='a')", SUM, "keras.ops.sum(x, 1)"),
        ("K.sum(x, name='a', axis=2,)", SUM, "keras.ops.sum(x, axis=2,)"),
        ("K.sum(name='q', x=y)", SUM, "keras.ops.sum(x=y)"),
        ("K.sum((x), (1), True, 'q',)", SUM, "keras.ops.sum((x), (1), True,)"),
        (
            "K.sum(\n    x,  # the x\n    name='a',  # foo\n    axis=2,\n)",
            SUM,
            "keras.ops.sum(\n    x,  # the x\n    axis=2,\n)",
        ),
        (
            "K.sum(\n    x,  # the x\n    axis=2,  # ax, (b\n    name='a')",
            SUM,
            "keras.ops.sum(\n    x,  # the x\n    axis=2,  # ax, (b\n    )",
        ),
        ("K.sum(a for a in b)", SUM, "keras.ops.sum(a for a in b)"),
        ("K.sum(x,\\\n axis=1)", SUM, "keras.ops.sum(x,\\\n axis=1)"),
        ("K.sum(ä, axis='é')", SUM, "keras.ops.sum(ä, axis='é')"),
        ("é = K.sum(ä, name=ü)", SUM, "é = keras.ops.sum(ä)"),
        ("K.concatenate([a, b])", CONCAT, "keras.ops.concatenate([a, b], axis=-1)"),
        ("K.concatenate([a, b], 1)", CONCAT, "keras.ops.concatenate([a, b], 1)"),
        ("K.concatenate(tensors=[a, b])", CONCAT, "keras.ops.concatenate(xs=[a, b], axis=-1)"),
        ("K.concatenate(\n  [a],\n)", CONCAT, "keras.ops.concatenate(\n  [a],\n  axis=-1,\n)"),
        ("K.concatenate(\n  [a]\n)", CONCAT, "keras.ops.concatenate(\n  [a], axis=-1\n)"),
        ("K.concatenate(t for t in x)", CONCAT, "keras.ops.concatenate((t for t in x), axis=-1)"),
        (
            "K.bn(x, m, v, b, g)",
            NORM,
            "keras.ops.batch_normalization(x, m, v, offset=b, scale=g, axis=-1)",
        ),
        (
            "K.bn(x, m, v, b, g, (2), epsilon=1)",
            NORM,
            "keras.ops.batch_normalization(x, m, v, offset=b, scale=g, axis=(2), epsilon=1)",
        ),
        ("K.int_shape(x)", SHAPE, "x.shape"),
        ("K.int_shape(x)[1:]", SHAPE, "x.shape[1:]"),
        ("K.int_shape(a + b)", SHAPE, "(a + b).shape"),
        ("K.int_shape(x=a.b(1))", SHAPE, "a.b(1).shape"),
        ("K.int_shape(lambda: 0)", SHAPE, "(lambda: 0).shape"),
        ("K.int_shape(a if b else c)", SHAPE, "(a if b else c).shape"),
        ("K.int_shape(-x)", SHAPE, "(-x).shape"),
        ("K.int_shape((x))", SHAPE, "x.shape"),
        ("K.int_shape((y := x))", SHAPE, "(y := x).shape"),
        ("K.int_shape(5)", SHAPE, "(5).shape"),
        ("K.int_shape((a\n  .b))", SHAPE, "(a\n  .b).shape"),
        ("async def f():\n    K.int_shape(await x)", SHAPE, "async def f():\n    (await x).shape"),
        ("K.int_shape(\n    # why\n    x\n)", SHAPE, "(  # why\n    x.shape\n)"),
        ("f'{K.int_shape(x)}'", SHAPE, "f'{x.shape}'"),
        ("y = K.pow(x) * 2", ("x", "x + 1"), "y = (x + 1) * 2"),
        (
            "K.v(x, 'int32', name='q')",
            ("v, d=None, name=None", "A(B(v, d=d), name=name)"),
            "A(B(x, d='int32'), name='q')",
        ),
        ("K.v(x)", ("v, d=None, name=None", "A(B(v, d=d), name=name)"), "A(B(x))"),
        ("K.v(x)", ("v, d=7", "A(B(v), d=+d)"), "A(B(x), d=7)"),
        ("K.top(p, t, 3)", ("p, t, k", "f(t, p, k)"), "f(t, p, 3)"),
        ("K.top(p, k=3, t=u)", ("p, t, k", "f(t, p, k)"), "f(p=p, k=3, t=u)"),
        ("K.pad(x)", ("x, p=((1, 1), (2, 2))", "f(x, ((0, 0), *p, 3))"), "f(x, ((0, 0), (1, 1), (2, 2), 3))"),
        ("K.pad(x, ((1,2), q))", ("x, p=0", "f(x, ((0, 0), *p))"), "f(x, ((0, 0), (1,2), q))"),
        ("K.pad(x, q)", ("x, p=0", "f(x, ((0, 0), *p))"), "f(x, ((0, 0), *q))"),
        (
            "K.ma(v, a + b, 0.9)",
            ("x, y, m", "x.assign(x * m + y * (1 - m))"),
            "v.assign(v * 0.9 + (a + b) * (1 - 0.9))",
        ),
    ],
)
def test_rewrite(text: str, row: tuple[str, str], expected: str) -> None:
    assert rewritten(text, *row) == expected


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("K.sum(*a)", SUM),
        ("K.sum(**a)", SUM),
        ("K.sum(x, 1, 2, 3, 4)", SUM),
        ("K.sum(x, nothing=1)", SUM),
        ("K.sum(x, x=1)", SUM),
        ("K.sum()", SUM),
        ("K.ma(f(v), y, 0.9)", ("x, y, m", "x.assign(x * m + y * (1 - m))")),
    ],
)
def test_not_rewritten(text: str, row: tuple[str, str]) -> None:
    assert rewritten(text, *row) is None


def test_spelling() -> None:
    def spell(path: str) -> str:
        return path.replace("keras.ops", "ops")

    assert rewritten("K.sum(x)", *SUM, spell=spell) == "ops.sum(x)"
    assert rewritten("K.f(x)", "x", "keras.ops.clip(0.2 * x, 0)", spell=spell) == "ops.clip(0.2 * x, 0)"


def test_variants() -> None:
    variants = (("alpha", "leaky(x, slope := alpha)"), ("mode='no'", ""))
    old = "x, alpha=0.0, mode='yes'"
    assert rewritten("K.relu(x)", old, "relu(x)", variants=variants) == "relu(x)"
    assert rewritten("K.relu(x, 0.1)", old, "relu(x)", variants=variants) == "leaky(x, 0.1)"
    assert rewritten("K.relu(x, alpha=0.1)", old, "relu(x)", variants=variants) == "leaky(x, slope=0.1)"
    assert rewritten("K.relu(x, mode='no')", old, "relu(x)", variants=variants) is None


@pytest.mark.parametrize(
    ("condition", "argument", "expected"),
    [
        ("p", "1", True),
        ("q", "1", False),
        ("p?", "name", True),
        ("p?", "'a'", False),
        ("p='a'", "'a'", True),
        ("p=None", "None", True),
        ("p=0", "False", False),
        ("p:float", "[1.0, -2.5]", True),
        ("p:float", "[1.0, 2]", False),
        ("p:lambda", "lambda: 0", True),
        ("p:tuple", "[1]", True),
        ("q p", "1", True),
    ],
)
def test_conditions(condition: str, argument: str, expected: bool) -> None:
    assert holds(condition, {"p": ast.parse(argument, mode="eval").body}) is expected


def test_nested_calls_are_edited_in_one_pass() -> None:
    text = "K.f(K.sum(x, name='s') + 1)"
    tree, source = ast.parse(text), Source(text)
    outer, inner = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    edits = [*(rewrite_call(source, outer, *SHAPE) or []), *(rewrite_call(source, inner, *SUM) or [])]
    assert apply_edits(text, edits) == "(keras.ops.sum(x) + 1).shape"


VALUES = st.sampled_from(
    ["x", "(x)", "f(x, y)", "[a, b]", "a + b", "lambda: 0", "'a,b)'", "-1", "(\n  a,\n)", "x[1:, None]"]
)
GAPS = st.sampled_from(["", " ", "\n    ", "  # note, (\n    "])


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call of `K.sum` with valid arguments in any layout."""
    positional = draw(st.integers(1, 4))
    names = ["x", "axis", "keepdims", "name"]
    arguments = [draw(VALUES) for _ in range(positional)]
    arguments += [
        f"{name}{draw(st.sampled_from(['=', ' = ']))}{draw(VALUES)}"
        for name in draw(st.permutations(names[positional:]))[: draw(st.integers(0, 3))]
    ]
    text = "K.sum("
    for index, argument in enumerate(arguments):
        text += draw(GAPS) + argument + draw(GAPS)
        if index + 1 < len(arguments) or draw(st.booleans()):
            text += ","
    return text + draw(GAPS) + ")"


@given(
    calls(),
    st.sampled_from(
        [SUM, ("x, axis=None, keepdims=False, name=None", "g(a := x, k=keepdims, axis=+axis, z=1)")]
    ),
)
def test_any_layout(text: str, row: tuple[str, str]) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    bound = bind(call, parse_params(row[0]))
    assert bound is not None
    result = rewritten(text, *row)
    assert result is not None
    new = ast.parse(result, mode="eval").body
    assert isinstance(new, ast.Call)
    simple = parse_row(*row).simple
    assert simple is not None
    assert ast.unparse(new.func) == simple.callee
    order = {slot.position: slot.keyword for slot in simple.slots.values() if slot.position is not None}
    given_now = {order[index]: ast.unparse(arg) for index, arg in enumerate(new.args)}
    given_now |= {str(keyword.arg): ast.unparse(keyword.value) for keyword in new.keywords}
    wanted = {
        simple.slots[name].keyword: ast.unparse(node) for name, node in bound.items() if name in simple.slots
    }
    wanted |= {s.keyword: "None" for name, s in simple.slots.items() if s.always and name not in bound}
    wanted |= {"z": "1"} if simple.constants else {}
    assert given_now == wanted


@given(calls())
def test_any_layout_in_a_template(text: str) -> None:
    row = ("x, axis=None, keepdims=False, name=None", "f(x.shape, [axis, -keepdims])")
    result = rewritten(text, *row)
    assert result is not None
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    bound = bind(call, parse_params(row[0]))
    assert bound is not None
    texts = {"axis": "None", "keepdims": "False"} | {name: ast.unparse(node) for name, node in bound.items()}
    wanted = f"f(({texts['x']}).shape, [({texts['axis']}), -({texts['keepdims']})])"
    assert ast.dump(ast.parse(result, mode="eval")) == ast.dump(ast.parse(wanted, mode="eval"))
