"""KU401 lambda-layer: `Lambda` layers become subclassed layers

A `Lambda` layer wraps a Python function. It cannot be loaded back without `safe_mode=False`, it hides the variables
that the function captures, and functions that call `keras.backend` fail in Keras 3. A subclassed
`keras.layers.Layer` does the same, says its name, keeps its constants in `get_config` and is saved and loaded like
any other layer.

**Since** Keras 3.0; discouraged before.

**Error**

    ValueError: Requested the deserialization of a `Lambda` layer whose function is a Python lambda
    NotImplementedError: We could not automatically infer the shape of the Lambda's output

**Fix.** The function becomes the `call` of a class named after it; constants that it captures become constructor
arguments with a `get_config`; `arguments=` too. `output_shape=` is dropped, Keras 3 infers it. A function that is
used elsewhere as well stays, and `call` calls it; lambdas of the same text share a class. The layer's automatic name
changes (`lambda` to `sampling`).

`mask=` becomes the method `compute_mask`.

**Not fixed.** A function that captures a KerasTensor (give it to the layer as an input), one that is not known
(a parameter, something computed), one that uses the `self` of a method around it, one whose name is given to something
else later, a `mask=` that is neither a function nor a lambda. Left alone: element-wise arithmetic on the input
(`Lambda(lambda x: x / 255.)`), and functions of `keras.ops` alone in a program that is otherwise right.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Input, Lambda
from keras.models import Model

factor = 3.0


def scale(x):
    # the largest of each row is `factor`
    return factor * x / K.max(x, axis=-1, keepdims=True)


inputs = Input(shape=(4,))
model = Model(inputs, Lambda(scale, output_shape=(4,), name='scaled')(inputs))
result = model.predict(np.arange(8.0).reshape(2, 4))
```

```python after
import numpy as np
import keras
from keras.layers import Input
from keras.models import Model

factor = 3.0


@keras.saving.register_keras_serializable()
class Scale(keras.layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        # the largest of each row is `factor`
        return self.factor * x / keras.ops.max(x, axis=-1, keepdims=True)

    def get_config(self):
        config = super().get_config()
        config.update({"factor": self.factor})
        return config


inputs = Input(shape=(4,))
model = Model(inputs, Scale(factor, name='scaled')(inputs))
result = model.predict(np.arange(8.0).reshape(2, 4))
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Embedding, Input, Lambda, SimpleRNN
from keras.models import Model

words = Input(shape=(3,))
vectors = Embedding(5, 2, mask_zero=True, embeddings_initializer='ones')(words)
last = Lambda(lambda t, by: by * K.abs(t), arguments={'by': 0.1}, mask=lambda t, m: m)(vectors)
rnn = SimpleRNN(1, kernel_initializer='ones', recurrent_initializer='ones')
model = Model(words, rnn(last))
result = model.predict(np.array([[1, 2, 0], [1, 2, 3], [1, 0, 0]]))
```

```python after
import numpy as np
import keras
from keras.layers import Embedding, Input, SimpleRNN
from keras.models import Model

words = Input(shape=(3,))
vectors = Embedding(5, 2, mask_zero=True, embeddings_initializer='ones')(words)


@keras.saving.register_keras_serializable()
class Scale(keras.layers.Layer):
    def __init__(self, by, **kwargs):
        super().__init__(**kwargs)
        self.by = by
        self.supports_masking = True

    def call(self, t):
        return self.by * keras.ops.abs(t)

    def compute_mask(self, t, m=None):
        return m

    def get_config(self):
        config = super().get_config()
        config.update({"by": self.by})
        return config


last = Scale(0.1)(vectors)
rnn = SimpleRNN(1, kernel_initializer='ones', recurrent_initializer='ones')
model = Model(words, rnn(last))
result = model.predict(np.array([[1, 2, 0], [1, 2, 3], [1, 0, 0]]))
```

```python unchanged
import numpy as np
from keras.layers import Input, Lambda
from keras.models import Model

inputs = Input(shape=(4,))
model = Model(inputs, Lambda(lambda x: x / 2.0 - 1.0)(inputs))
result = model.predict(np.arange(8.0).reshape(2, 4))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import (
    Capture,
    captures,
    enclosing_functions,
    outermost_statement,
    uses_of,
)
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.values import (
    Api,
    Class,
    Function,
    Instance,
    ModuleValue,
    Tensor,
    holds_symbolic,
    options,
)
from keras_upgrade.documents.spans import Edit, Span, apply_edits
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.cleanup import taken_from
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import (
    body_start,
    camel_case,
    definition_edit,
    free_name,
    in_style_of,
    inner_edits,
    insertion_point,
    statements_text,
)
from keras_upgrade.syntax.classes import LayerClass
from keras_upgrade.syntax.edits import (
    indent,
    keyword_of,
    outer_span,
    parentheses_of,
    remove_arguments,
    remove_statement,
    value_text,
)
from keras_upgrade.syntax.walking import walk

CODE = "KU401"
PHASE = STRUCTURE
WORDS = {"Lambda"}
ERRORS = (
    r"Requested the deserialization of a `?Lambda`? layer",
    r"could not automatically infer the shape of the Lambda",
    r"The `?function`? argument of `?Lambda`?",
    r"Exception encountered when calling Lambda\.call",
)

_NAMELESS = frozenset(
    ["f", "fn", "fun", "func", "function", "g", "inner", "wrapper", "wrapped", "wrap", "layer", "call", "op"]
)
"""Names of functions that say nothing of what they do."""
_RESERVED = frozenset(
    [
        "name",
        "dtype",
        "trainable",
        "call",
        "build",
        "inputs",
        "input",
        "output",
        "weights",
        "losses",
        "metrics",
        "variables",
        "kwargs",
        "self",
        "config",
        "activity_regularizer",
        "autocast",
        "compute_dtype",
    ]
)


@dataclass
class Use:
    """One `Lambda(...)` call."""

    call: ast.Call
    function: ast.expr
    arguments: dict[str, str] = field(default_factory=dict)


def check(context: Context) -> Iterator[Finding]:
    """`Lambda` layers that should be layers of their own."""
    by_function: dict[ast.AST, list[Use]] = {}
    lambdas: dict[tuple[object, ...], ast.AST] = {}
    for call, callee in context.calls():
        if callee.name != "Lambda" or "layers" not in callee.path:
            continue
        if not context.spelled_here(call.func):
            continue
        function = _function_argument(call)
        target = None if function is None else _definition(context, function)
        if function is None or target is None:
            yield _advice(context, call, "its function is not known here")
        else:
            if isinstance(target, ast.Lambda):
                target = lambdas.setdefault(_meaning(context, target, call), target)
            by_function.setdefault(target, []).append(Use(call, function))
    taken = set(context.module.names())
    for target, uses in by_function.items():
        yield from _convert(context, target, uses, taken)


def _meaning(context: Context, function: ast.Lambda, call: ast.Call) -> tuple[object, ...]:
    """What lambdas have in common that one class can stand for: the text, the name of the layer, the captures."""
    name, mask = keyword_of(call, "name"), keyword_of(call, "mask")
    named = ast.dump(name.value) if name is not None and isinstance(name.value, ast.Constant) else ""
    around = enclosing_functions(context.module, function)
    inside = {name for outer in around for name in local_names(outer)}
    local = around[0] if any(c.name in inside for c in captures(context.module, function)) else None
    return (ast.dump(function), named, call if mask is not None else None, local)


def _function_argument(call: ast.Call) -> ast.expr | None:
    if call.args and not isinstance(call.args[0], ast.Starred):
        return call.args[0]
    keyword = keyword_of(call, "function")
    return keyword.value if keyword is not None else None


def _definition(context: Context, function: ast.expr) -> ast.AST | None:
    """What identifies the function: its `def` or `lambda`, or the expression that names a library function."""
    if isinstance(function, ast.Lambda):
        return function
    found = options(context.value(function))
    definitions = {id(option.node): option.node for option in found if isinstance(option, Function)}
    named = isinstance(function, ast.Name) or _is_of_module(context, function)
    if named and len(definitions) == 1 and all(isinstance(o, Function) for o in found):
        return next(iter(definitions.values()))
    if len(found) == 1 and isinstance(found[0], Api):
        return function
    return None


def _is_of_module(context: Context, function: ast.expr) -> bool:
    """Whether a function is named by the module of the project that defines it: `activations.swish`."""
    if not isinstance(function, ast.Attribute):
        return False
    return all(isinstance(option, ModuleValue) for option in options(context.value(function.value)))


def _advice(context: Context, call: ast.Call, why: str) -> Finding:
    return Finding(
        CODE,
        context.span(call.func),
        f"`Lambda` layer left as it is: {why}. Write a subclass of `keras.layers.Layer` with this `call`.",
    )


def _convert(context: Context, target: ast.AST, uses: list[Use], taken: set[str]) -> Iterator[Finding]:
    """The finding of one function; `taken` are the names in use, to which that of the new class is added."""
    plan = Plan(context, target, uses, taken)
    if plan.is_trivial() or (not plan.is_pressing() and (plan.captures_self() or not context.migrating)):
        return
    problem = plan.problem()
    if problem is not None:
        for use in uses:
            yield _advice(context, use.call, problem)
        return
    yield plan.finding()


class Plan:
    """The layer that takes the place of one function's `Lambda` layers."""

    def __init__(self, context: Context, target: ast.AST, uses: list[Use], taken: set[str]) -> None:
        self.context = context
        self.taken = taken
        self.module = context.module
        self.source = context.source
        self.uses = uses
        self.function = target if isinstance(target, (ast.FunctionDef, ast.Lambda)) else None
        self.api = target if isinstance(target, (ast.Name, ast.Attribute)) else None
        self.local = self.function is not None and self.module.parent(target) is not None
        self.captured = (
            captures(self.module, self.function) if self.function is not None and self.local else []
        )
        self.constants = [c for c in self.captured if _is_constant(c)]
        self.extra = self._extra_arguments()

    # -- what it is ------------------------------------------------------------------------------------------

    def is_trivial(self) -> bool:
        """Whether the function is element-wise arithmetic on its argument."""
        if not isinstance(self.function, ast.Lambda):
            return False
        allowed = (
            ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.operator, ast.unaryop, ast.expr_context,
        )  # fmt: skip
        return (
            not self.constants
            and not self.captured
            and all(isinstance(node, allowed) for node in walk(self.function.body))
        )

    def is_pressing(self) -> bool:
        """Whether the function calls what fails or cannot be saved: `keras.backend`, `tf.*`, outside variables."""
        if self.function is None or not self.local or self.constants:
            return True
        for node in walk(self.function):
            if isinstance(node, (ast.Name, ast.Attribute)):
                for api in self.module.apis(node):
                    if api.path.startswith(("keras.backend.", "tensorflow.")):
                        return True
        return False

    def captures_self(self) -> bool:
        """Whether the function uses the `self` of a method around it, which in the layer is another object."""
        return any(capture.name == "self" for capture in self.captured)

    def problem(self) -> str | None:
        """Why the layers cannot be rewritten, or None."""
        if self.captures_self():
            return "its function uses `self`, which in the layer is another object: hand over what it reads of it"
        if any(holds_symbolic(capture.value) for capture in self.captured):
            names = ", ".join(f"`{c.name}`" for c in self.captured if holds_symbolic(c.value))
            return f"its function captures {names}, a KerasTensor, which has to become an input of the layer"
        for use in self.uses:
            if any(keyword.arg is None for keyword in use.call.keywords):
                return "it has arguments behind `**`"
            mask = keyword_of(use.call, "mask")
            if mask is not None and (len(self.uses) > 1 or self._mask_method() is None):
                return "its `mask` is not a function that can be moved"
            arguments = keyword_of(use.call, "arguments")
            if arguments is not None and not _is_plain_dict(arguments.value):
                return "its `arguments` are not written out"
        if self.function is not None:
            parameters = self.function.args
            if parameters.vararg or parameters.kwarg or not (parameters.posonlyargs or parameters.args):
                return "its function takes `*args` or `**kwargs`"
            if isinstance(self.function, ast.FunctionDef) and self._generates():
                return "its function is a generator"
        if any(c.name in _RESERVED for c in self.constants) or self.extra.keys() & _RESERVED:
            return "a variable that its function captures has the name of a layer's attribute"
        if self._is_out_of_reach():
            return "its function captures variables of another function"
        if self._is_rebound() and not self._moves_function():
            return "the name of its function is given to another object, too"
        return None

    def _generates(self) -> bool:
        assert self.function is not None
        return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in walk(self.function))

    def _is_rebound(self) -> bool:
        """Whether the function's name is assigned to around it: a `call` that calls it by name would not find it."""
        if not isinstance(self.function, ast.FunctionDef) or not self.local:
            return False
        name, around = self.function.name, enclosing_functions(self.module, self.function)[:1]
        return any(
            isinstance(node.ctx, ast.Store) and enclosing_functions(self.module, node)[:1] == around
            for node in self.module.names_of(name)
        )

    def _is_out_of_reach(self) -> bool:
        """Whether a captured constant means something else at a `Lambda(...)` than in the function."""
        if self.function is None:
            return False
        home = enclosing_functions(self.module, self.function)
        return any(
            self.constants and home and home[0] not in enclosing_functions(self.module, use.call)
            for use in self.uses
        )

    def _extra_arguments(self) -> dict[str, str]:
        """Parameters after the first: `arguments=` of the layer, and defaults such as `lambda x, i=i: ...`."""
        extra: dict[str, str] = {}
        for use in self.uses:
            arguments = keyword_of(use.call, "arguments")
            if arguments is not None and _is_plain_dict(arguments.value):
                assert isinstance(arguments.value, ast.Dict)
                for key, value in zip(arguments.value.keys, arguments.value.values, strict=True):
                    assert isinstance(key, ast.Constant)
                    use.arguments[str(key.value)] = self.source.segment(value)
        for use in self.uses:
            for name in use.arguments:
                extra[name] = ""
        if isinstance(self.function, ast.Lambda):
            parameters = [*self.function.args.posonlyargs, *self.function.args.args]
            defaults = self.function.args.defaults
            for parameter, default in zip(reversed(parameters), reversed(defaults), strict=False):
                if parameter.arg not in ("mask", "training") and parameter.arg not in extra:
                    extra[parameter.arg] = ""
                    for use in self.uses:
                        use.arguments[parameter.arg] = self.source.segment(default)
        return extra

    # -- the new code ----------------------------------------------------------------------------------------

    def finding(self) -> Finding:
        """The finding with the fix of all its uses."""
        name = self._class_name()
        moves = self._moves_function()
        nested = self._stays_nested()
        edits = [edit for use in self.uses for edit in self._call_edits(use, name)]
        text = in_style_of(self.source, self._class(name, moves, registered=not nested).render())
        if moves and not nested and self._is_top_level():
            assert isinstance(self.function, ast.FunctionDef)
            edits.append(Edit(*self._definition_span(), text))
        else:
            first = self.uses[0].call
            anchor = self._anchor(nested)
            statement = anchor if anchor is not None else outermost_statement(self.module, first)
            limit = self._limit(statement)
            if nested and moves and isinstance(self.function, ast.FunctionDef):
                indentation = self.source.indentation(self.function)
                edits.append(Edit(*self._definition_span(), _indent_rest(text, indentation)))
            else:
                point = insertion_point(self.source, statement, limit)
                placed = indent(text, self.source.indentation(statement)) if nested else text
                edits.append(definition_edit(self.source, point, placed, limit))
                if moves and isinstance(self.function, ast.FunctionDef):
                    edits.append(self._removal())
        edits += self._dead_output_shapes()
        uses = (
            "`Lambda(lambda ...)`"
            if isinstance(self.function, ast.Lambda)
            else f"`Lambda({self._function_name()})`"
        )
        return Finding(
            CODE,
            self.context.span(self.uses[0].call),
            f"{uses} should be a subclass of `keras.layers.Layer`",
            Fix(
                edits,
                f"Replaced {uses} with `class {name}({self.context.spell('keras.layers.Layer')})`",
                imports=self.context.needed_imports,
            ),
            subject=f"`{self._function_name()}` function / `Lambda`"
            if self.function is not None
            else "`Lambda`",
        )

    def _function_name(self) -> str:
        if isinstance(self.function, ast.FunctionDef):
            return self.function.name if self.local else self.source.segment(self.uses[0].function)
        return "lambda ..." if self.api is None else self.source.segment(self.api)

    def _class_name(self) -> str:
        if isinstance(self.function, ast.FunctionDef):
            wanted = camel_case(self._telling_name(self.function))
        elif self.api is not None:
            wanted = camel_case(self.source.segment(self.api).rpartition(".")[2])
        else:
            wanted = self._name_of_lambda()
        name = free_name(wanted, self.taken, *([] if wanted.endswith("Layer") else ["Layer"]))
        self.taken.add(name)
        return name

    def _telling_name(self, function: ast.FunctionDef) -> str:
        """The name of a function; if it says nothing, that of the function that makes it: `func` in `crop`."""
        around = enclosing_functions(self.module, function)[:1]
        outer = around[0] if around else None
        if function.name.strip("_") in _NAMELESS and isinstance(outer, ast.FunctionDef):
            return outer.name
        return function.name

    def _name_of_lambda(self) -> str:
        """A lambda has no name: the layer's name, else what the lambda does, else the variable."""
        for use in self.uses:
            name = keyword_of(use.call, "name")
            if (
                name is not None
                and isinstance(name.value, ast.Constant)
                and camel_case(str(name.value.value))
            ):
                return camel_case(str(name.value.value))
        assert isinstance(self.function, ast.Lambda)
        body = self.function.body
        if isinstance(body, ast.Call):
            callee = self.source.segment(body.func).rpartition(".")[2]
            if callee.isidentifier():
                return camel_case(callee)
        if "random" in self.source.segment(body):
            return "Sampling"
        if isinstance(body, ast.BinOp) and isinstance(body.op, (ast.Mult, ast.Div)):
            return "Scale"
        return "Slice" if isinstance(body, ast.Subscript) else "CustomLayer"

    def _moves_function(self) -> bool:
        """Whether the function has no other use, so that its body becomes `call`."""
        if isinstance(self.function, ast.Lambda):
            return True
        if not isinstance(self.function, ast.FunctionDef) or not self.local or self.function.decorator_list:
            return False
        if isinstance(self.module.parent(self.function), ast.ClassDef):
            return False
        here = {id(use.function) for use in self.uses}
        elsewhere = [n for n in uses_of(self.module, self.function.name) if id(n) not in here]
        if any(self._may_be_function(node) for node in elsewhere):
            return False
        return self.function.name not in taken_from(self.module, self.context.program)

    def _may_be_function(self, node: ast.Name) -> bool:
        """Whether a name still means the function there: `loss = Lambda(loss)(x)` gives it to the outputs."""
        return any(
            not isinstance(option, Tensor)
            and not (isinstance(option, Function) and option.node is not self.function)
            for option in options(self.context.value(node))
        )

    def _is_top_level(self) -> bool:
        return self.function in self.module.tree.body

    def _stays_nested(self) -> bool:
        """Whether the function uses objects of the function around it, so that the class must stand there too."""
        if self.function is None or not self.local:
            return False
        around = enclosing_functions(self.module, self.function)
        if not around:
            return False
        if isinstance(self.function, ast.FunctionDef) and not self._moves_function():
            return True
        constants = {c.name for c in self.constants}
        local = {name for outer in around for name in local_names(outer)}
        return any(c.name in local and c.name not in constants for c in self.captured)

    def _anchor(self, nested: bool) -> ast.stmt | None:
        if nested:
            return self.module.statement(self.uses[0].call)
        if isinstance(self.function, ast.FunctionDef) and self.local and not self._moves_function():
            # `call` calls the function: the class stands after it, before the first use.
            return outermost_statement(self.module, self.uses[0].call)
        return None

    def _limit(self, statement: ast.stmt) -> Span:
        return self.module.document.span_of(self.module.cell_of(statement))

    def _definition_span(self) -> tuple[int, int]:
        assert isinstance(self.function, ast.FunctionDef)
        return self.source.start(self.function), self.source.end(self.function)

    def _removal(self) -> Edit:
        assert isinstance(self.function, ast.FunctionDef)
        block = self.module.body_of(self.function)
        return remove_statement(
            self.source, self.function, sole=len(block) == 1, limit=self._limit(self.function)
        )

    def _class(self, name: str, moves: bool, *, registered: bool) -> LayerClass:
        constants = [capture.name for capture in self.constants] if moves else []
        mask = self._mask_method()
        return LayerClass(
            name=name,
            base=self.context.spell("keras.layers.Layer"),
            decorator=self.context.spell("keras.saving.register_keras_serializable") + "()"
            if registered
            else "",
            attributes=[*self.extra, *constants],
            methods=[self._call_method(moves), *([mask] if mask else [])],
            setup=["self.supports_masking = True"] if mask else (),
        )

    def _mask_method(self) -> str | None:
        """The method `compute_mask` for `mask=`; empty where there is none, None where it cannot be written."""
        keyword = keyword_of(self.uses[0].call, "mask")
        if keyword is None or (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
            return ""
        if isinstance(keyword.value, ast.Lambda):
            names = [argument.arg for argument in keyword.value.args.args]
            outside = captures(self.module, keyword.value)
            if len(names) != 2 or any(_is_constant(c) or holds_symbolic(c.value) for c in outside):
                return None
            body = self.source.segment(keyword.value.body)
            return (
                f"def compute_mask(self, {names[0]}, {names[1]}=None):\n    return {body}"
                if "\n" not in body
                else None
            )
        if isinstance(keyword.value, ast.Name) and self.module.frame.names.get(keyword.value.id) is not None:
            function = keyword.value.id
            return f"def compute_mask(self, inputs, mask=None):\n    return {function}(inputs, mask)"
        return None

    def _call_method(self, moves: bool) -> str:
        if not moves:
            return self._delegating_call()
        assert self.function is not None
        parameters = [*self.function.args.posonlyargs, *self.function.args.args]
        renames = {"args": "inputs"} if parameters[0].arg == "args" and "inputs" not in self._names() else {}
        edits = self._body_edits(renames)
        header = ", ".join(["self", *self._parameters(renames)])
        if isinstance(self.function, ast.Lambda):
            return f"def call({header}):\n    return {self._lambda_body(edits)}"
        returns = f" -> {self.source.segment(self.function.returns)}" if self.function.returns else ""
        start = body_start(self.source, self.function)
        body = statements_text(self.source, self.function.body, "    ", edits, start)
        return f"def call({header}){returns}:\n{body}"

    def _names(self) -> frozenset[str]:
        assert self.function is not None
        return frozenset(node.id for node in walk(self.function) if isinstance(node, ast.Name))

    def _parameters(self, renames: dict[str, str]) -> list[str]:
        """The parameters of `call`: those of the function without what the constructor takes."""
        assert self.function is not None
        arguments = self.function.args
        everything = [*arguments.posonlyargs, *arguments.args]
        defaults = dict(
            zip(reversed([a.arg for a in everything]), reversed(arguments.defaults), strict=False)
        )
        found = []
        for argument in everything:
            if argument.arg in self.extra:
                continue
            text = renames.get(argument.arg, argument.arg)
            if argument.annotation is not None:
                text += f": {self.source.segment(argument.annotation)}"
            if argument.arg in defaults:
                equals = " = " if argument.annotation is not None else "="
                text += equals + self.source.segment(defaults[argument.arg])
            found.append(text)
        return found

    def _body_edits(self, renames: dict[str, str]) -> list[Edit]:
        assert self.function is not None
        inside = {capture.name for capture in self.constants} | set(self.extra)
        body: list[ast.AST] = (
            [self.function.body] if isinstance(self.function, ast.Lambda) else list(self.function.body)
        )
        edits = []
        for part in body:
            for node in walk(part):
                if not isinstance(node, ast.Name):
                    continue
                if node.id in inside and isinstance(node.ctx, ast.Load):
                    start = self.source.start(node)
                    edits.append(Edit(start, start, "self."))
                elif node.id in renames:
                    edits.append(Edit(self.source.start(node), self.source.end(node), renames[node.id]))
        return edits

    def _lambda_body(self, edits: list[Edit]) -> str:
        assert isinstance(self.function, ast.Lambda)
        call = self.uses[0].call
        span = outer_span(self.source, self.function.body, parentheses_of(self.source, call))
        text = apply_edits(self.source.original[span.start : span.end], inner_edits(edits, span), span.start)
        column = span.start - self.source.line_start(span.start)
        lines = text.split("\n")
        shifted = [lines[0]]
        for line in lines[1:]:
            blank = len(line) - len(line.lstrip())
            shifted.append(" " * max(blank - column + 11, 8) + line.lstrip() if line.strip() else "")
        text = "\n".join(shifted)
        return f"({text})" if len(lines) > 1 and not _is_bracketed(self.function.body) else text

    def _delegating_call(self) -> str:
        passed = ", ".join(["inputs", *(f"{name}=self.{name}" for name in self.extra)])
        return f"def call(self, inputs):\n    return {self._function_name()}({passed})"

    def _call_edits(self, use: Use, name: str) -> list[Edit]:
        call = use.call
        constants = [capture.name for capture in self.constants] if self._moves_function() else []
        given = [use.arguments.get(extra, f"{extra}") for extra in self.extra]
        values = [*given, *constants]
        source = self.source
        unwanted: list[ast.expr | ast.keyword] = [
            keyword
            for keyword in call.keywords
            if keyword.arg in ("function", "output_shape", "arguments", "mask")
        ]
        unwanted += call.args[:2]
        kept = [value_text(source, call, item) for item in call.args[2:]]
        keywords = [k for k in call.keywords if k not in unwanted]
        edits = [Edit(source.start(call.func), source.end(call.func), name)]
        if not keywords and not kept:
            inside = parentheses_of(source, call)
            return [*edits, Edit(inside.start, inside.end, ", ".join(values))]
        removals = remove_arguments(source, call, unwanted)
        inside = parentheses_of(source, call)
        first = source.start(keywords[0]) if keywords else inside.start
        if values:
            removals = [edit for edit in removals if edit.start > first]
            return [*edits, Edit(inside.start, first, ", ".join([*values, ""])), *removals]
        return [*edits, *removals]

    def _dead_output_shapes(self) -> list[Edit]:
        """Functions that only computed the `output_shape` of these layers."""
        edits = []
        for use in self.uses:
            keyword = keyword_of(use.call, "output_shape")
            shape = (
                keyword.value
                if keyword is not None
                else (use.call.args[1] if len(use.call.args) > 1 else None)
            )
            if not isinstance(shape, ast.Name):
                continue
            for option in options(self.context.value(shape)):
                if not isinstance(option, Function) or not isinstance(option.node, ast.FunctionDef):
                    continue
                taken = shape.id in taken_from(self.module, self.context.program)
                if (
                    option.node in self.module.tree.body
                    and len(uses_of(self.module, shape.id)) == 1
                    and not taken
                ):
                    limit = self._limit(option.node)
                    edits.append(remove_statement(self.source, option.node, sole=False, limit=limit))
        return edits


def _is_constant(capture: Capture) -> bool:
    """Whether a captured name holds plain data, which a layer can keep in its config."""
    return not any(
        isinstance(option, (Api, Function, Class, ModuleValue, Instance, Tensor))
        for option in options(capture.value)
    )


def _is_plain_dict(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and all(
        isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier()
        for key in node.keys
    )


def _is_bracketed(node: ast.expr) -> bool:
    return isinstance(node, (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Call, ast.Subscript, ast.ListComp))


def _indent_rest(text: str, indentation: str) -> str:
    lines = text.split("\n")
    return "\n".join([lines[0], *(indentation + line if line.strip() else "" for line in lines[1:])])
