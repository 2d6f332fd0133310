"""How a loss or metric function combines its labels with its predictions: in which types and shapes."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.program import Module
from keras_upgrade.records import dataclass, field
from keras_upgrade.syntax.walking import children

_ELEMENTWISE = frozenset(
    [
        "abs", "absolute", "ceil", "clip", "clip_by_value", "cos", "exp", "floor", "log", "log10",
        "log1p", "log2", "negative", "reciprocal", "relu", "round", "rsqrt", "sigmoid", "sign", "sin",
        "sqrt", "square", "stop_gradient", "tanh",
    ]
)  # fmt: skip
_FLOATING = frozenset(
    [
        "cos", "exp", "log", "log10", "log1p", "log2", "mean", "reciprocal", "rsqrt", "sigmoid", "sin",
        "sqrt", "std", "tanh", "var", "divide",
    ]
)  # fmt: skip
"""Functions of `keras.ops` whose result is a float whatever they are given."""
_PAIRWISE = frozenset(
    [
        "add", "divide", "equal", "greater", "greater_equal", "less", "less_equal", "logical_and",
        "logical_or", "maximum", "minimum", "mod", "multiply", "not_equal", "power", "subtract",
        "true_divide",
    ]
)  # fmt: skip


@dataclass(slots=True)
class LabelUse:
    """What a function does with its labels.

    Attributes:
        mixes_types: an operator, or a TensorFlow function, is given something in the type of the labels together with
            something in that of the predictions, or with a float.
        mixes_shapes: labels and predictions meet value by value, each in its own shape.
    """

    mixes_types: bool = False
    mixes_shapes: bool = False


@dataclass(frozen=True, slots=True)
class _Trace:
    """Where a value comes from.

    Attributes:
        raw: it is in the type of the labels.
        labels: in their shape.
        predictions: it comes from the predictions, or is a float.
        shaped: in the shape of the predictions.
    """

    raw: bool = False
    labels: bool = False
    predictions: bool = False
    shaped: bool = False


_NOTHING = _Trace()
_FLOAT = _Trace(predictions=True)


def label_use(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> LabelUse:
    """Follows the first two parameters, the labels and the predictions, through a function's statements.

    Branches are read one after the other, and what a function of the user's makes of them is not followed.
    """
    labels, predictions = (argument.arg for argument in (*function.args.posonlyargs, *function.args.args)[:2])
    reader = _Reader(
        module,
        {
            labels: _Trace(raw=True, labels=True),
            predictions: _Trace(predictions=True, shaped=True),
        },
    )
    for statement in function.body:
        reader.statement(statement)
    return reader.use


@dataclass
class _Reader:
    module: Module
    names: dict[str, _Trace]
    use: LabelUse = field(default_factory=LabelUse)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            left = self.names.get(node.target.id, _NOTHING)
            self.names[node.target.id] = self._combined([left, self.trace(node.value)], is_operator=True)
        else:
            for inner in children(node):
                if isinstance(inner, ast.expr):
                    self.trace(inner)
                elif isinstance(inner, ast.stmt):
                    self.statement(inner)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = self.trace(value)
        elif (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(target.elts) == len(value.elts)
        ):
            traces = [self.trace(item) for item in value.elts]
            for item, trace in zip(target.elts, traces, strict=True):
                if isinstance(item, ast.Name):
                    self.names[item.id] = trace
        else:
            self.trace(value)

    def trace(self, node: ast.expr) -> _Trace:
        """Where the value of an expression comes from; notes what is mixed in it."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, _NOTHING)
        if isinstance(node, ast.Constant):
            return _FLOAT if isinstance(node.value, float) else _NOTHING
        if isinstance(node, ast.BinOp):
            return self._combined([self.trace(node.left), self.trace(node.right)], is_operator=True)
        if isinstance(node, ast.Compare):
            self._combined([self.trace(item) for item in (node.left, *node.comparators)], is_operator=True)
            return _NOTHING
        if isinstance(node, ast.UnaryOp):
            return self.trace(node.operand)
        if isinstance(node, ast.Subscript):
            inner = self.trace(node.value)
            return _Trace(raw=inner.raw, predictions=inner.predictions)
        if isinstance(node, ast.Call):
            return self._call(node)
        for child in children(node):
            if isinstance(child, ast.expr):
                self.trace(child)
        return _NOTHING

    def _call(self, node: ast.Call) -> _Trace:
        traces = [self.trace(item) for item in (*node.args, *(k.value for k in node.keywords))]
        callee = self.module.api(node.func)
        if callee is None or not traces:
            return _NOTHING
        of_keras = callee.path.startswith("keras.ops.")
        if not of_keras and not callee.path.startswith("tensorflow."):
            return _NOTHING
        first, name = traces[0], callee.name
        if name == "cast":
            return _Trace(labels=first.labels, predictions=True, shaped=first.shaped)
        if name in _PAIRWISE:
            return self._combined(traces[:2], is_operator=not of_keras)
        raw = first.raw and not (of_keras and name in _FLOATING)
        is_float = first.predictions or (first.raw and not raw)
        if name in _ELEMENTWISE:
            return _Trace(raw, first.labels, is_float, first.shaped)
        return _Trace(raw=raw, predictions=is_float)

    def _combined(self, traces: list[_Trace], *, is_operator: bool) -> _Trace:
        """What comes of labels and predictions that meet value by value."""
        raw = any(trace.raw for trace in traces)
        floats = any(trace.predictions and not trace.raw for trace in traces)
        if raw and floats and is_operator:
            self.use.mixes_types = True
        labels = any(trace.labels for trace in traces)
        shaped = any(trace.shaped for trace in traces)
        if labels and shaped:
            self.use.mixes_shapes = True
        return _Trace(
            raw and not floats, labels and not shaped, any(trace.predictions for trace in traces), shaped
        )
