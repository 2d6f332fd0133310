"""Turns a functional model with a loss on inner tensors into a subclassed model that adds the loss in `call`.

Shared by the rules KU501 (losses that capture KerasTensors) and KU502 (`add_loss` on a functional model).

Where the model chains sub-models (`decoder(encoder(x)[2])`) and every inner tensor is an output of one of them,
the new class takes the sub-models; else it takes the functional model, extended by the inner tensors as outputs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from keras_upgrade.analysis.captures import outermost_statement, uses_of
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import (
    Api,
    Class,
    Function,
    Instance,
    ModuleValue,
    Seq,
    Tensor,
    Value,
    options,
)
from keras_upgrade.documents.spans import Edit, Span, apply_edits
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import camel_case, definition_edit, free_name, in_style_of, insertion_point
from keras_upgrade.syntax.classes import LayerClass
from keras_upgrade.syntax.edits import indent, keyword_of, remove_statement, value_text
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.walking import walk

_FUNCTIONAL_ATTRIBUTES = frozenset({"input", "output", "inputs", "outputs", "get_layer", "layers"})


class CannotRewriteError(Exception):
    """The model cannot be rewritten; the message says why, in words for the user."""


@dataclass
class Loss:
    """The code that adds the loss.

    Attributes:
        tensors: the names that the code reads and the KerasTensors that they stood for.
        statements: statements that the code needs first, as text, not indented.
        terms: expressions to be added as losses.
        names: other names that the code reads, with one place where each is read.
    """

    tensors: dict[str, Tensor]
    statements: list[str]
    terms: list[str]
    names: dict[str, ast.Name] = field(default_factory=dict)


@dataclass
class Rewrite:
    """The outcome.

    Attributes:
        edits: that insert the class and make the model one of it.
        class_name: the new class.
        build: the statement that builds the model, which the caller puts in its place.
        late: whether `call` reads variables that are bound only after the model is made.
    """

    edits: list[Edit]
    class_name: str
    build: str
    late: bool


@dataclass
class _SubModel:
    """A sub-model applied once in the model's graph: `attribute` holds it, `outputs` are its results by name."""

    instance: Instance
    attribute: str
    arguments: list[str]
    outputs: list[str]
    statement: ast.stmt | None


class LossModel:
    """One functional model on its way to a subclass."""

    def __init__(self, context: Context, model: Instance) -> None:
        self.context = context
        self.module: Module = context.module
        self.source = context.source
        self.model = model
        if model.call is None or model.module is not self.module or not isinstance(model.cls, Api):
            raise CannotRewriteError("the model is not made by a call of `Model` in this file")
        self.call = model.call
        statement = self.module.statement(model.call)
        if not (
            isinstance(statement, ast.Assign)
            and statement.value is model.call
            and len(statement.targets) == 1
        ):
            raise CannotRewriteError("the model is not assigned to a name where it is made")
        self.statement: ast.Assign = statement
        self.target = self.source.segment(statement.targets[0])
        self.inputs = self._inputs()
        self.dead: list[ast.stmt] = []
        self._check_uses()

    def _inputs(self) -> list[Tensor]:
        known = self.model.attributes.get("inputs")
        items = known.items if isinstance(known, Seq) and known.rest is None else [known]
        if not all(isinstance(item, Tensor) for item in items):
            raise CannotRewriteError("the inputs of the model are not known")
        return [item for item in items if isinstance(item, Tensor)]

    def _outputs(self) -> list[Tensor]:
        """The outputs of the model; none, if they are not known."""
        known = self.model.attributes.get("outputs")
        items = known.items if isinstance(known, Seq) and known.rest is None else [known]
        tensors = [item for item in items if isinstance(item, Tensor)]
        return tensors if len(tensors) == len(items) else []

    def _output(self) -> Tensor | None:
        """The output of a model with one output, in a list or not."""
        outputs = self._outputs()
        return outputs[0] if len(outputs) == 1 else None

    def _check_uses(self) -> None:
        """A subclassed model has no `input`, `output` and so on."""
        for node in self.module.nodes(ast.Attribute):
            if node.attr in _FUNCTIONAL_ATTRIBUTES:
                if self.model in options(self.module.value(node.value)):
                    place = self.module.document.position(self.source.start(node))
                    raise CannotRewriteError(
                        f"`{self.source.segment(node)}` is used ({place}), which a subclassed model does not have"
                    )

    # -- names -----------------------------------------------------------------------------------------------

    def _argument(self, index: int, *names: str) -> ast.expr | None:
        for name in names:
            keyword = keyword_of(self.call, name)
            if keyword is not None:
                return keyword.value
        return self.call.args[index] if index < len(self.call.args) else None

    def _input_names(self) -> list[str]:
        node = self._argument(0, "inputs", "input")
        nodes = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
        if all(isinstance(item, ast.Name) for item in nodes):
            return [item.id for item in nodes if isinstance(item, ast.Name)]
        return (
            [f"input_{number}" for number in range(1, len(self.inputs) + 1)]
            if len(self.inputs) > 1
            else ["inputs"]
        )

    def _class_name(self) -> str:
        name = self.target.rpartition(".")[2]
        wanted = name.upper() if name.islower() and len(name) <= 4 and name.isalpha() else camel_case(name)
        return free_name(wanted, self.module.names(), "WithLoss")

    # -- the graph -------------------------------------------------------------------------------------------

    def _chain(self, needed: Iterable[Tensor]) -> tuple[list[_SubModel], dict[Tensor, str], list[str]] | None:
        """The sub-models between the inputs and outputs with the variable of each tensor; None if there are others."""
        names = dict(zip(self.inputs, self._input_names(), strict=True))
        steps: list[_SubModel] = []
        node = self._argument(1, "outputs", "output")
        outputs = self._output()
        while isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1:
            node = node.elts[0]
        if outputs is None or node is None:
            return None
        result = self._place(outputs, names, steps, self._variable(node))
        if result is None:
            return None
        for step in steps:
            self._name_inner(step, names)
        if any(tensor not in names for tensor in needed):
            return None
        return steps, names, [result]

    def _variable(self, node: ast.expr) -> str:
        return node.id if isinstance(node, ast.Name) else ""

    def _place(
        self, tensor: Tensor, names: dict[Tensor, str], steps: list[_SubModel], wanted: str
    ) -> str | None:
        """The variable of `tensor` after the step that makes it, which is added to `steps`."""
        if tensor in names:
            return names[tensor]
        maker = tensor.maker
        if not isinstance(maker, Instance) or maker.api is None or kind_of(maker.api.path) not in (
            Kind.MODEL, Kind.SEQUENTIAL,
        ):  # fmt: skip
            return None
        if not isinstance(tensor.node, ast.Call) or not isinstance(tensor.node.func, ast.Name):
            return None
        arguments = self._arguments(tensor, names, steps)
        if arguments is None:
            return None
        step = next((s for s in steps if s.instance is maker and s.arguments == arguments), None)
        if step is None:
            if any(s.instance is maker for s in steps) or not self._reachable(tensor.node.func.id):
                return None
            count = self._output_count(maker)
            statement = self.module.statement(tensor.node)
            step = _SubModel(maker, tensor.node.func.id, arguments, [""] * count, statement)
            steps.append(step)
        index = tensor.index or 0
        if index >= len(step.outputs):
            return None
        step.outputs[index] = step.outputs[index] or self._output_name(step, index, wanted, names)
        names[tensor] = step.outputs[index]
        return names[tensor]

    def _arguments(
        self, tensor: Tensor, names: dict[Tensor, str], steps: list[_SubModel]
    ) -> list[str] | None:
        found: list[str] = []
        for parent in tensor.parents:
            items = parent.items if isinstance(parent, Seq) else [parent]
            placed = [
                self._place(item, names, steps, "") if isinstance(item, Tensor) else None for item in items
            ]
            texts = [text for text in placed if text is not None]
            if len(texts) != len(items):
                return None
            found.append(f"[{', '.join(texts)}]" if isinstance(parent, Seq) else texts[0])
        return found

    def _reachable(self, name: str) -> bool:
        return name not in ("inputs", "self")

    def _output_count(self, model: Instance) -> int:
        known = model.attributes.get("outputs")
        return len(known.items) if isinstance(known, Seq) and len(known.items) > 1 else 1

    def _output_names(self, model: Instance) -> list[str]:
        """How the program names the outputs of a sub-model where it makes it."""
        if model.call is None or len(model.call.args) < 2:
            node = keyword_of(model.call, "outputs") if model.call is not None else None
            outputs = node.value if node is not None else None
        else:
            outputs = model.call.args[1]
        nodes = outputs.elts if isinstance(outputs, (ast.List, ast.Tuple)) else [outputs]
        return [node.id if isinstance(node, ast.Name) else "" for node in nodes]

    def _output_name(self, step: _SubModel, index: int, wanted: str, names: dict[Tensor, str]) -> str:
        own = self._output_names(step.instance)
        candidate = wanted or (own[index] if index < len(own) else "") or f"{step.attribute}_output"
        return free_name(candidate, {*names.values(), *(o for o in step.outputs if o)})

    def _name_inner(self, step: _SubModel, names: dict[Tensor, str]) -> None:
        """Gives the outputs of a sub-model their names, if it is applied to its own inputs: the tensors are equal."""
        inputs, outputs = (step.instance.attributes.get(name) for name in ("inputs", "outputs"))
        items = inputs.items if isinstance(inputs, Seq) else [inputs]
        written = [names.get(item, "?") if isinstance(item, Tensor) else "?" for item in items]
        if step.arguments not in (written, [f"[{', '.join(written)}]"]):
            return
        inner = outputs.items if isinstance(outputs, Seq) else [outputs]
        for index, tensor in enumerate(inner):
            if isinstance(tensor, Tensor) and index < len(step.outputs):
                if not step.outputs[index]:
                    step.outputs[index] = self._output_name(step, index, "", names)
                names.setdefault(tensor, step.outputs[index])

    # -- the rewrite -----------------------------------------------------------------------------------------

    def rewrite(self, loss: Loss) -> Rewrite:
        """The class for `loss`, and the model made from it.

        Raises:
            CannotRewriteError: the graph or the place of the code does not allow it.
        """
        self._check_reach(loss)
        chain = self._chain(loss.tensors.values())
        if chain is not None:
            body, parts, construction = self._from_sub_models(*chain, loss)
        else:
            body, parts, construction = self._from_network(loss)
        gone = self._dead_statements()
        body = self._with_comments(body, gone)
        constants = self._constants(loss, parts)
        statements = [_with_self(text, constants) for text in loss.statements]
        body += statements
        body += [f"self.add_loss({_with_self(term, constants)})" for term in loss.terms]
        name = self._class_name()
        parameter = self._parameter()
        head, result = body[0], self._result
        lines = [*self._unpacked_inputs(parameter, body), head, *body[1:], f"return {result}"]
        method = f"def call(self, {parameter}):\n" + "\n".join(indent(line, "    ") for line in lines)
        spell = self.context.spell
        text = LayerClass(
            name=name,
            base=spell("keras.Model"),
            decorator=f"{spell('keras.saving.register_keras_serializable')}()",
            attributes=[*parts, *constants],
            methods=[method],
            objects=parts,
            serialization=spell("keras.saving"),
        ).render()
        edits = self._construction_edits(name, [*construction, *constants])
        first = next(iter(gone), self.statement)
        statement = outermost_statement(self.module, first)
        point = insertion_point(self.source, statement, self._limit(statement))
        text = in_style_of(self.source, text)
        edits.append(definition_edit(self.source, point, text, self._limit(statement)))
        edits += [self._dead_edit(statement, statement is first) for statement in gone]
        plain = {n for n, node in loss.names.items() if _is_plain(self.module.value(node))}
        return Rewrite(
            edits, name, f"{self.target}.build({self._shapes()})", bool(plain - {*constants, *parts})
        )

    def _limit(self, statement: ast.stmt) -> Span:
        return self.module.document.span_of(self.module.cell_of(statement))

    def _check_reach(self, loss: Loss) -> None:
        known = set(self.inputs)
        for name, tensor in loss.tensors.items():
            for source in _sources(tensor):
                if source not in known:
                    raise CannotRewriteError(f"`{name}` depends on an input that the model does not have")

    def _parameter(self) -> str:
        return self._input_names()[0] if len(self.inputs) == 1 else "inputs"

    def _unpacked_inputs(self, parameter: str, body: list[str]) -> list[str]:
        """The line that gives several inputs their names, where the code reads one of them."""
        names = self._input_names()
        if len(self.inputs) == 1 or not _read_names(body) & set(names):
            return []
        return [f"{', '.join(names)} = {parameter}"]

    def _shapes(self) -> str:
        node = self._argument(0, "inputs", "input")
        assert node is not None
        if isinstance(node, (ast.List, ast.Tuple)):
            shapes = [f"{self.source.segment(item)}.shape" for item in node.elts]
            return shapes[0] if len(shapes) == 1 else f"[{', '.join(shapes)}]"
        return f"{self.source.segment(node)}.shape"

    def _from_sub_models(
        self, steps: list[_SubModel], names: dict[Tensor, str], results: list[str], loss: Loss
    ) -> tuple[list[str], list[str], list[str]]:
        body: list[str] = []
        for step in steps:
            own = self._output_names(step.instance)
            targets = [
                output or (own[index] if index < len(own) else "") or "_"
                for index, output in enumerate(step.outputs)
            ]
            body.append(f"{', '.join(targets)} = self.{step.attribute}({', '.join(step.arguments)})")
        for name, tensor in loss.tensors.items():
            if names[tensor] != name:
                body.append(f"{name} = {names[tensor]}")
        self._result = results[0]
        parts = [step.attribute for step in steps]
        self._collect_dead()
        return body, parts, parts

    def _from_network(self, loss: Loss) -> tuple[list[str], list[str], list[str]]:
        outputs, written = self._outputs(), self._written_outputs()
        if len(outputs) != len(written) or any(k.arg is None for k in self.call.keywords):
            raise CannotRewriteError("the outputs of the model are not known")
        names = dict(zip(self.inputs, self._input_names(), strict=True))
        extra = {n: t for n, t in loss.tensors.items() if t not in outputs and t not in names}
        extra = dict(sorted(extra.items(), key=lambda pair: _place(pair[1])))
        for name in extra:
            if not self._bound_before(name, self.statement):
                raise CannotRewriteError(f"`{name}` is not known where the model is made")
        results = self._result_names(written, {*loss.tensors, *names.values()})
        body = [f"{', '.join([*results, *extra])} = self.network({self._parameter()})"]
        made = {**names, **dict(zip(outputs, results, strict=True))}
        for name, tensor in loss.tensors.items():
            if made.get(tensor, name) != name:
                body.append(f"{name} = {made[tensor]}")
        callee = self.source.segment(self.call.func)
        inputs = self._argument(0, "inputs", "input")
        assert inputs is not None
        given = ", ".join([*(self.source.segment(node) for node in written), *extra])
        several = len(results) + len(extra) > 1
        network = f"{callee}({self.source.segment(inputs)}, {f'[{given}]' if several else given})"
        self._result = results[0] if len(results) == 1 else f"[{', '.join(results)}]"
        return body, ["network"], [network]

    def _written_outputs(self) -> list[ast.expr]:
        """The expressions for the outputs, as the call lists them."""
        node = self._argument(1, "outputs", "output")
        while isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1:
            node = node.elts[0]
        if isinstance(node, (ast.List, ast.Tuple)):
            return node.elts
        return [node] if node is not None else []

    def _result_names(self, written: list[ast.expr], taken: set[str]) -> list[str]:
        """What `call` names the outputs: as the program does, where it has a name for each."""
        names = [self._variable(node) for node in written]
        if all(names) and len(set(names)) == len(names):
            return names
        if len(written) == 1:
            return [free_name("outputs", taken)]
        return [free_name(f"output_{number}", taken) for number in range(1, len(written) + 1)]

    def _bound_before(self, name: str, statement: ast.stmt) -> bool:
        start = self.source.start(statement)
        for outer in self.module.ancestors(statement):
            if isinstance(outer, ast.FunctionDef) and any(
                a.arg == name for a in walk(outer.args) if isinstance(a, ast.arg)
            ):
                return True
        return any(
            isinstance(node.ctx, ast.Store) and self.source.start(node) < start
            for node in self.module.names_of(name)
        )

    # -- constants -------------------------------------------------------------------------------------------

    def _constants(self, loss: Loss, parts: Sequence[str]) -> list[str]:
        """The plain values that the code reads and that exist where the model is made: constructor arguments."""
        around = [o for o in self.module.ancestors(self.statement) if isinstance(o, ast.FunctionDef)]
        local = {name for function in around for name in local_names(function)}
        found = []
        for name, node in loss.names.items():
            if name in parts:
                continue
            if not _is_plain(self.module.value(node)):
                if name in local:
                    raise CannotRewriteError(
                        f"`{name}` is known in a function only, not where the class stands"
                    )
                continue
            if self._bound_before(name, self.statement):
                found.append(name)
            elif name in local:
                raise CannotRewriteError(f"`{name}` is not known where the model is made")
        return found

    # -- edits -----------------------------------------------------------------------------------------------

    def _construction_edits(self, name: str, arguments: Sequence[str]) -> list[Edit]:
        kept = [
            f"{keyword.arg}={value_text(self.source, self.call, keyword)}"
            for keyword in self.call.keywords
            if keyword.arg in ("name", "trainable")
        ]
        start, end = self.source.start(self.call), self.source.end(self.call)
        return [Edit(start, end, f"{name}({', '.join([*arguments, *kept])})")]

    def _collect_dead(self) -> None:
        """Statements that only made the output of the old model."""
        node = self._argument(1, "outputs", "output")
        while isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1:
            node = node.elts[0]
        if not isinstance(node, ast.Name):
            return
        value = self.module.value(node)
        for option in options(value):
            if isinstance(option, Tensor) and option.node is not None and option.module is self.module:
                statement = self.module.statement(option.node)
                if isinstance(statement, ast.Assign) and [
                    self.source.segment(t) for t in statement.targets
                ] == [node.id]:
                    self.dead.append(statement)

    def _dead_statements(self) -> list[ast.stmt]:
        """Those of `dead` that nothing reads any more."""
        found = []
        for statement in self.dead:
            name = self.source.segment(statement.targets[0]) if isinstance(statement, ast.Assign) else ""
            readers = [use for use in uses_of(self.module, name) if not self._is_replaced(use)]
            together = self.module.body_of(statement) is self.module.body_of(self.statement)
            if (
                not readers
                and together
                and self.module.cell_of(statement) is self.module.cell_of(self.statement)
            ):
                found.append(statement)
        return found

    def _belongs_to_model(self, statement: ast.stmt) -> bool:
        """Whether nothing but blanks stands between a dead statement and the model's: its comment is of both."""
        end = self.source.line_end(self.source.end(statement))
        return not self.source.text[end : self.source.start(self.statement)].strip()

    def _dead_edit(self, statement: ast.stmt, after_class: bool) -> Edit:
        limit = self._limit(statement)
        begin = None if self._belongs_to_model(statement) else insertion_point(self.source, statement, limit)
        edit = remove_statement(self.source, statement, sole=False, limit=limit, start=begin)
        if not after_class:
            return edit
        # The class brings the blank lines that are due behind it.
        rest = self.source.text[edit.end : limit.end]
        blank = len(rest) - len(rest.lstrip())
        return Edit(edit.start, edit.end + rest[:blank].rfind("\n") + 1, edit.text)

    def _with_comments(self, body: list[str], gone: list[ast.stmt]) -> list[str]:
        """The comments of statements that go away, moved to the line of `call` that does their work."""
        for statement in gone:
            place = next(i for i, line in enumerate(body) if line.startswith(f"{self._result} = "))
            end = self.source.end(statement)
            trailing = self.source.original[end : self.source.line_end(end)].strip()
            if trailing.startswith("#"):
                body = [*body[:place], f"{body[place]}  {trailing}", *body[place + 1 :]]
            if self._belongs_to_model(statement):
                continue
            begin = insertion_point(self.source, statement, self._limit(statement))
            comment = self.source.original[begin : self.source.line_start(self.source.start(statement))]
            lines = [line.strip() for line in comment.splitlines() if line.strip()]
            body = [*body[:place], *lines, *body[place:]]
        return body

    def _is_replaced(self, use: ast.Name) -> bool:
        """Whether a read of the old output goes away with the rewrite."""
        span = self.source.span(use)
        value = self.module.value(use)
        if self.source.span(self.call).contains(span):
            return True
        if any(Span(edit.start, edit.end).contains(span) for edit in self.replaced):
            return True
        return not any(option is self._output() for option in options(value))

    replaced: Sequence[Edit] = ()
    """Edits of the caller that take statements away, set before `rewrite`."""
    _result: str = ""


def _read_names(lines: list[str]) -> set[str]:
    """The names that these lines of code read."""
    nodes = walk(ast.parse("\n".join(lines)))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _place(tensor: Tensor) -> tuple[int, int]:
    return (tensor.node.lineno, tensor.node.col_offset) if tensor.node is not None else (0, 0)


def _is_plain(value: Value) -> bool:
    return not any(
        isinstance(option, (Api, Function, Class, ModuleValue, Instance, Tensor)) for option in options(value)
    )


def _sources(tensor: Tensor, seen: set[int] | None = None) -> set[Tensor]:
    """The `Input` tensors that a tensor was made from."""
    visited = seen if seen is not None else set()
    if id(tensor) in visited:
        return set()
    visited.add(id(tensor))
    if isinstance(tensor.maker, Api) and kind_of(tensor.maker.path) is Kind.INPUT:
        return {tensor}
    found: set[Tensor] = set()
    for parent in tensor.parents:
        for option in options(parent):
            items = option.items if isinstance(option, Seq) else [option]
            for item in items:
                if isinstance(item, Tensor) and item.symbolic:
                    found |= _sources(item, visited)
    return found


def _with_self(text: str, constants: Sequence[str]) -> str:
    """`text` with the constructor arguments read from `self`."""
    if not constants:
        return text
    tree = ast.parse(text)
    source = Source(text)
    edits = [
        Edit(source.start(node), source.start(node), "self.")
        for node in walk(tree)
        if isinstance(node, ast.Name) and node.id in constants and isinstance(node.ctx, ast.Load)
    ]
    return apply_edits(text, edits)
