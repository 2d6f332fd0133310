"""What a function object takes and gives once it is a Python function: arrays, as before, and tensors inside.

What is called again and again is compiled, as `K.function` was: without that, a step of training takes many times as long,
and a gradient by the input of a convolution is computed together with those by its weights. The function that the program
calls then only turns arrays into tensors and back.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from keras_upgrade.analysis.values import Api
from keras_upgrade.rules.graphs.objects import FunctionCall, FunctionObject, constant_of
from keras_upgrade.rules.graphs.results import Form, Results
from keras_upgrade.rules.graphs.updates import GraphUpdates
from keras_upgrade.syntax.edits import indent

BOTH = "training=training"
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Definitions(GraphUpdates):
    """The definitions of one function object.

    Attributes:
        training: the argument for the learning phase: nothing, `training=True`, or a parameter.
        unit: by how much the author indents.
    """

    def __init__(self, made: FunctionObject, *, symbolic: bool = False) -> None:
        super().__init__(made, symbolic=symbolic)
        self.training = self._training()
        self.unit = self._indentation()

    def _indentation(self) -> str:
        """By how much the author indents."""
        for outer in [*self.module.ancestors(self.statement), *self.module.nodes(ast.FunctionDef)]:
            body = getattr(outer, "body", None)
            if isinstance(outer, ast.stmt) and isinstance(body, list):
                blank, inner = (self.source.indentation(item) for item in (outer, body[0]))
                if inner.startswith(blank) and len(inner) > len(blank):
                    return inner[len(blank) :]
        return "    "

    def definitions(self, name: str, body: list[str], results: Results) -> list[str]:
        """The function; if it is compiled, that which is compiled, and the one that calls it."""
        if not self._is_compiled():
            return [
                self._definition(name, self._parameters(), [*self._conversions(), *body, *results.lines()])
            ]
        inner = self.scope_name(f"compiled_{name}")
        given = "inputs" if self.made.whole is not None else ", ".join(item.name for item in self.inputs)
        given += ", training" if self.training == BOTH else ""
        compiled = self._definition(inner, given, [*body, *results.compiled_lines()])
        calling = [*self._conversions(), *results.calling_lines(f"{inner}({given})")]
        return [
            f"@{self.tensorflow()[0]}.function(reduce_retracing=True)\n{compiled}",
            self._definition(name, self._parameters(), calling),
        ]

    def _definition(self, name: str, parameters: str, body: list[str]) -> str:
        return f"def {name}({parameters}):\n" + indent("\n".join(body), self.unit)

    def _is_compiled(self) -> bool:
        """Whether the function takes gradients, and may be called more than once where it stands."""
        if not self.tapes or "inputs[" in self.training:
            return False
        around = self.module.parent(self.statement)
        return not self.made.followed or any(self._is_again(call.node, around) for call in self.made.calls)

    def _is_again(self, call: ast.Call, around: ast.AST | None) -> bool:
        """Whether a call may run several times within what is around the function."""
        for node in self.module.ancestors(call):
            if node is around:
                return False
            if isinstance(node, (*_LOOPS, *_FUNCTIONS)):
                return True
        return False

    def tensorflow(self) -> tuple[str, tuple[str, ...]]:
        """The name of TensorFlow in the module, and the import that it needs."""
        for name, value in self.module.frame.names.items():
            if isinstance(value, Api) and value.path == "tensorflow" and value.package == "tensorflow":
                return name, ()
        if self.module.frame.names.get("tf") is None:
            return "tf", ("import tensorflow as tf",)
        return "tensorflow", ("import tensorflow",)

    def returned(self) -> Results:
        """What the function gives."""
        node = self.made.outputs
        if isinstance(node, (ast.List, ast.Tuple)):
            if self.made.takes_first:
                return self.arrays(Form.ONE, node.elts[:1])
            if not node.elts:
                calls = [self.module.parent(call.node) for call in self.made.calls]
                idle = self.made.followed and all(isinstance(outer, ast.Expr) for outer in calls)
                return Results(Form.NOTHING if idle else Form.EMPTY)
            several = len(node.elts) > 1
            unpacked = several and self.made.followed and all(map(self._is_unpacked, self.made.calls))
            return self.arrays(Form.TUPLE if unpacked else Form.LIST, node.elts)
        if not self.made.is_list:
            return self.arrays(Form.ONE, [node])
        if self.gives_one_gradient():
            return self.arrays(Form.LIST, [node])
        name = self.free("output")
        return Results(Form.EACH, (self.text(node),), item=name)

    def arrays(self, form: Form, nodes: Sequence[ast.expr]) -> Results:
        """Results that are written one by one."""
        texts = [self.text(node) for node in nodes]
        simple = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
        arrays = [
            f"{text}.numpy()" if isinstance(node, simple) else f"({text}).numpy()"
            for text, node in zip(texts, nodes, strict=True)
        ]
        return Results(form, tuple(texts), tuple(arrays))

    def _is_unpacked(self, call: FunctionCall) -> bool:
        parent = self.module.parent(call.node)
        return isinstance(parent, ast.Assign) and isinstance(parent.targets[0], (ast.Tuple, ast.List))

    def _training(self) -> str:
        """The argument for the learning phase: nothing, `training=True`, or a parameter."""
        if self.made.phase is None:
            return ""
        if not self.made.followed:
            return f"training=bool(inputs[{self.made.phase}])"
        phases = {self._phase_of(call) for call in self.made.calls}
        if phases == {False}:
            return ""
        return "training=True" if phases == {True} else BOTH

    def _phase_of(self, call: FunctionCall) -> bool | None:
        if call.phase is None:
            return False
        value = constant_of(self.context, call.phase)
        return bool(value) if isinstance(value, (int, float)) else None

    def _conversions(self) -> list[str]:
        """The inputs as tensors: arrays, or lists of them, before."""
        convert = self.context.spell("keras.ops.convert_to_tensor")
        if self.made.whole is not None:
            return [f'inputs = [{convert}(x, dtype="float32") for x in inputs]']
        if not self.made.followed:
            return self._unpacked(convert)
        return [f'{item.name} = {convert}({item.name}, dtype="{item.dtype}")' for item in self.inputs]

    def _unpacked(self, convert: str) -> list[str]:
        """The inputs of a function that takes them as a list."""
        phase, names = self.made.phase, [item.name for item in self.inputs]
        if self.made.bare:
            return [f'{names[0]} = {convert}(inputs, dtype="{self.inputs[0].dtype}")']
        dtypes = {item.dtype for item in self.inputs}
        if phase is None and len(names) > 1 and len(dtypes) == 1:
            return [f'{", ".join(names)} = [{convert}(x, dtype="{dtypes.pop()}") for x in inputs]']
        places = [place for place in range(len(names) + 1) if place != phase]
        return [
            f'{item.name} = {convert}(inputs[{place}], dtype="{item.dtype}")'
            for place, item in zip(places, self.inputs, strict=False)
        ]

    def _parameters(self) -> str:
        if not self.made.followed or self.made.whole is not None:
            return "inputs"
        names = [item.name for item in self.inputs]
        return ", ".join([*names, *(["training=False"] if self.training == BOTH else [])])
