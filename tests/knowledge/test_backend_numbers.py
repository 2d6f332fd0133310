"""Every rewritten row of the backend table against the Keras 2 function, on real and symbolic tensors."""

import ast
import os
from collections.abc import Mapping
from typing import Any

import pytest

from keras_upgrade.documents.spans import apply_edits
from keras_upgrade.knowledge.backend import ROWS
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.templates import parse_row, rewrite_call

from .cases import CASES, CHANGES, CONCRETE, OTHER_DTYPE, RANDOM, SHAPES

pytestmark = pytest.mark.slow

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

KERAS_IMPORT = "from keras import backend as K"


def rewritten(text: str) -> str:
    """`text` with all calls `K.name(...)` rewritten by the table, inside out."""
    while True:
        calls = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "K"
        ]
        if not calls:
            return text
        call = calls[-1]
        assert isinstance(call.func, ast.Attribute)
        row = ROWS[call.func.attr]
        edits = rewrite_call(Source(text), call, row.old, row.new, row.variants)
        assert edits is not None, f"not rewritten: {text}"
        text = apply_edits(text, edits)


class Sides:
    """The two packages, and the values that the cases name."""

    def __init__(self) -> None:
        self.np: Any = pytest.importorskip("numpy")
        self.tf: Any = pytest.importorskip("tensorflow")
        self.keras: Any = pytest.importorskip("keras")
        self.tf_keras: Any = pytest.importorskip("tf_keras")
        self.keras.utils.set_random_seed(7)
        random = self.np.random.default_rng(7)
        draw = random.standard_normal
        arrays: dict[str, Any] = {name: draw(shape) for name, shape in SHAPES.items()}
        arrays["p"] = self.np.abs(arrays["p"]) + 0.1
        kernels = {
            "k1": (3, 3, 5), "k2": (3, 2, 3, 4), "k3": (3, 2), "k3d": (2, 2, 2, 3, 4), "kt": (2, 2, 3, 5),
            "kt3": (2, 2, 2, 3, 5), "kd": (3, 3, 3, 2), "kp": (1, 1, 6, 4), "kd1": (3, 3, 2),
            "kp1": (1, 6, 4),
            "b3": (3,), "row3": (3,),
        }  # fmt: skip
        arrays |= {name: draw(shape) for name, shape in kernels.items()}
        arrays["s3"] = self.np.abs(draw(3)) + 0.5
        arrays["half"] = self.np.array([-1.5, -0.5, 0.5, 1.5, 2.5])
        arrays["x2"] = draw((3, 4))
        exponent = self.np.exp(arrays["x2"])
        arrays["sm"] = exponent / exponent.sum(-1, keepdims=True)
        arrays["hot"] = self.np.eye(4)[[1, 0, 3]]
        arrays["labels"] = (draw((3, 4)) > 0).astype(float)
        self.arrays = {name: self.np.asarray(value, "float32") for name, value in arrays.items()}
        self.arrays["ints"] = self.np.array([[1, 2, 3], [3, 0, 5]], "int32")
        self.arrays["ids"] = self.np.array([1, 0, 2], "int32")
        self.arrays["flags"] = draw((2, 3, 4)) > 0
        pred = self.np.abs(draw((2, 6, 5))).astype("float32") + 0.1
        self.arrays["ctc_pred"] = pred / pred.sum(-1, keepdims=True)
        self.arrays["ctc_true"] = self.np.array([[1, 2, 3], [0, 2, 0]], "float32")
        self.arrays["ctc_il"] = self.np.array([[6], [5]], "int64")
        self.arrays["ctc_ll"] = self.np.array([[3], [2]], "int64")
        self.plain = {
            "np": self.np,
            "tf": self.tf,
            "wide": self.np.arange(6.0).reshape(2, 3),
            "pads": ((1, 2), (0, 3)),
            "last": "channels_last",
            "rate": 0.75,
            "double": lambda a, b: a * 2 + b,
            "double1": lambda a: a * 2,
        }

    def values(self, names: set[str]) -> dict[str, Any]:
        """Fresh tensors for the names."""
        found = {name: self.tf.constant(self.arrays[name]) for name in names & self.arrays.keys()}
        if "sparse" in names:
            found["sparse"] = self.tf.sparse.from_dense([[1.0, 0.0], [0.0, 2.0]])
        return self.plain | found

    def before(self, text: str, names: set[str]) -> Any:
        """The value with Keras 2."""
        values = self.values(names) | {"K": self.tf_keras.backend}
        if "v" in names:
            values["v"] = self.tf_keras.backend.variable(self.arrays["x"])
        result = eval(text, values)
        return values["v"] if text.partition("(")[0][2:] in CHANGES else result

    def after(self, text: str, names: set[str], name: str) -> Any:
        """The value with Keras 3."""
        values = self.values(names) | self.modules()
        if "v" in names:
            values["v"] = self.keras.Variable(self.arrays["x"])
        result = eval(text, values)
        return values["v"] if name in CHANGES else result

    def symbolic(self, text: str, names: set[str]) -> tuple[Any, bool]:
        """The value on symbolic tensors for the inputs of `SHAPES`, and whether one occurs."""
        inputs = {
            name: self.keras.KerasTensor((None, *self.arrays[name].shape[1:]))
            for name in names & {*SHAPES} - {"row", "w"}
        }
        return eval(text, self.values(names) | self.modules() | inputs), bool(inputs)

    def modules(self) -> dict[str, Any]:
        """What a migrated program imports."""
        import math  # noqa: PLC0415

        return {"keras": self.keras, "math": math}

    def plainly(self, value: Any) -> Any:
        """Tensors and variables as arrays."""
        if isinstance(value, self.tf.TensorShape):
            return tuple(value)
        if isinstance(value, list | tuple):
            return [self.plainly(item) for item in value]
        if hasattr(value, "numpy"):
            return value.numpy()
        if isinstance(value, self.keras.Variable):
            return self.keras.ops.convert_to_numpy(value)
        if isinstance(value, self.keras.KerasTensor):
            return tuple(value.shape)
        return value


@pytest.fixture(scope="session")
def sides() -> Sides:
    return Sides()


def parts(case: str) -> tuple[str, str]:
    arguments, _, reference = case.partition(">>>")
    return arguments.strip(" "), reference.strip()


def names_in(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


ALL = [(name, case) for name, cases in CASES.items() for case in cases]


def test_every_rewritten_row_has_a_case() -> None:
    rows = {name for name, row in ROWS.items() if row.how != "advise"}
    assert rows - CASES.keys() == set()
    assert CASES.keys() - ROWS.keys() == set()


@pytest.mark.parametrize(("name", "case"), ALL)
def test_same_numbers(name: str, case: str, sides: Sides) -> None:
    arguments, reference = parts(case)
    text = f"K.{name}({arguments})"
    new = rewritten(text)
    names = names_in(text) | names_in(reference or "0")
    new_value = sides.plainly(sides.after(new, names, name))
    if name == "name_scope":
        return
    old_value = sides.plainly(sides.before(reference or text, names))
    compare(sides.np, name, old_value, new_value, new)


def compare(np: Any, name: str, old: Any, new: Any, text: str) -> None:
    if isinstance(old, str) or old is None:
        assert old == new, text
        return
    left, right = np.asarray(old), np.asarray(new)
    assert left.shape == right.shape, text
    if name not in OTHER_DTYPE and not isinstance(old, int | list):
        assert left.dtype == right.dtype, text
    if name in RANDOM:
        spread = max(float(left.std()), 1e-3)
        assert abs(float(left.mean()) - float(right.mean())) < 0.15 * spread + 0.02, text
        assert abs(spread - float(right.std())) < 0.15 * spread + 0.02, text
    elif left.dtype == object or None in (left.tolist() if left.ndim == 1 else []):
        assert left.tolist() == right.tolist(), text
    else:
        np.testing.assert_allclose(right, left, rtol=2e-5, atol=1e-5, err_msg=text)


@pytest.mark.parametrize(("name", "case"), [(n, c) for n, c in ALL if n not in CONCRETE and not ROWS[n].kept])
def test_on_symbolic_tensors(name: str, case: str, sides: Sides) -> None:
    text = f"K.{name}({parts(case)[0]})"
    new = rewritten(text)
    names = names_in(text)
    value, symbolic = sides.symbolic(new, names)
    if not symbolic or not isinstance(value, sides.keras.KerasTensor):
        return
    real = sides.plainly(sides.after(new, names, name))
    assert len(value.shape) == real.ndim, new
    assert all(a is None or a == b for a, b in zip(value.shape, real.shape, strict=True)), (new, value.shape)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.how != "advise"])
def test_slots_are_the_parameters_of_the_new_function(name: str, sides: Sides) -> None:
    import inspect  # noqa: PLC0415

    row = ROWS[name]
    for new in [row.new, *(variant for _, variant in row.variants)]:
        simple = parse_row(row.old, new).simple if new else None
        if simple is None or not simple.callee.startswith("keras."):
            continue
        function: Any = sides.keras
        for part in simple.callee.split(".")[1:]:
            function = getattr(function, part)
        parameters: Mapping[str, inspect.Parameter] = inspect.signature(function).parameters
        order = list(parameters)
        for slot in simple.slots.values():
            assert slot.keyword in parameters, (new, order)
            assert slot.position is None or order[slot.position] == slot.keyword, (new, order)
        for constant in simple.constants:
            assert constant.partition("=")[0] in parameters, (new, order)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.how != "advise" and not row.kept])
def test_signature_is_that_of_keras_2(name: str, sides: Sides) -> None:
    import inspect  # noqa: PLC0415

    function = getattr(sides.tf_keras.backend, name, None)
    if function is None or inspect.isclass(function):
        return
    params = parse_row(ROWS[name].old, ROWS[name].new or "None").params
    wanted = [p for p in inspect.signature(function).parameters if p not in ("kwargs", "args")]
    assert [param.name for param in params][: len(wanted)] == wanted
