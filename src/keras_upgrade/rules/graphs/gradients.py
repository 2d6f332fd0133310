"""Writes a function object of `K.function` as a Python function on real tensors.

What leads from the tensors of the model's graph to the outputs moves into the body of a `def`, statement by statement,
up to the first gradient under a `tf.GradientTape`. The tensors of the graph that it starts from are the outputs of a
`keras.Model`, called on the arrays that the function is given.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from keras_upgrade.analysis.values import Instance, Seq, Tensor, Value, options
from keras_upgrade.documents.spans import Edit, apply_edits
from keras_upgrade.records import dataclass
from keras_upgrade.rules.graphs.definitions import BOTH, Definitions
from keras_upgrade.rules.graphs.modes import ENDS, Mode
from keras_upgrade.rules.graphs.objects import (
    CannotRewriteError,
    FunctionCall,
    FunctionObject,
    is_layered,
    unwrapped,
    without,
)
from keras_upgrade.rules.graphs.results import Results
from keras_upgrade.rules.graphs.slices import Input, scope_of
from keras_upgrade.rules.graphs.tensors import INNER_TAPE, TAPE, Leaf, Tape, input_text
from keras_upgrade.syntax.blocks import insertion_point, statements_text
from keras_upgrade.syntax.edits import append_argument, indent, remove_statement
from keras_upgrade.syntax.walking import walk


@dataclass
class _Parts:
    """The lines of the body.

    Attributes:
        before: what is recorded until the first gradient is taken.
        between: what a gradient leads to, of which a further one is taken.
        after: what is not recorded.
    """

    before: list[str]
    between: list[str]
    after: list[str]


@dataclass
class Written:
    """The outcome.

    Attributes:
        name: of the function.
        edits: that put it in the place of `K.function` and its statements.
        imports: that it needs.
        trains: whether it calls the model with `training=True`.
        unsure: whether it takes the gradient by a tensor inside of a model of unknown kind.
    """

    name: str
    edits: list[Edit]
    imports: tuple[str, ...]
    trains: bool
    unsure: bool


class GradientFunction(Definitions):
    """One function object on its way to a Python function.

    Attributes:
        takes_comments: whether the comments above its statement are about the function.
    """

    takes_comments = True

    def __init__(self, made: FunctionObject, *, symbolic: bool = False) -> None:
        super().__init__(made, symbolic=symbolic)
        self.model = ""
        self.features = ""
        self.layered = False
        self.unsure = False
        self.dead: list[ast.stmt] = []

    def edits(
        self, node: ast.AST, loops: tuple[ast.For, ...] = (), bound: frozenset[str] = frozenset()
    ) -> list[Edit]:
        """The edits that put real tensors in place of those of the graph, and tell layers the phase that they are in."""
        found = super().edits(node, loops, bound)
        if self.training and isinstance(node, ast.Call) and self.is_layer_call(node):
            if all(keyword.arg != "training" for keyword in node.keywords):
                found.append(append_argument(self.source, node, self.training))
        return found

    def write(self) -> Written:
        """The edits that make the function.

        Raises:
            CannotRewriteError: the code does not allow it.
        """
        written: dict[ast.stmt, list[Edit]] = {}
        updates: list[str] = []
        for statement in self.moved:
            calls = self.updates_in(statement.value) if isinstance(statement, ast.Assign) else []
            if calls:
                begin = insertion_point(self.source, statement, self.limit_of(statement))
                updates += self._comments_of(begin, statement).splitlines()
                updates += [line for call in calls for line in self.updates_text(call)]
            else:
                written[statement] = self.edits(statement)
        if self.made.updates is not None and not updates:
            updates = self.inline_updates(self.made.updates)
        results = self.returned()
        self._choose_model()
        self.dead = [*self._dead_placeholders(), *self._dead_tensors()]
        parts = self._parts(written)
        parts.after += updates
        return self._placed(self._body(parts), results)

    def _parts(self, written: dict[ast.stmt, list[Edit]]) -> _Parts:
        """The moved statements by the tapes that record them."""
        parts = _Parts([], [], [])
        for statement, edits in written.items():
            first = not (parts.before or parts.between or parts.after)
            text = self._moved_text(statement, edits, first=first)
            late = self.modes.highest(statement) is Mode.GRADIENT
            if parts.after and self.tapes[TAPE].gradients < 2:
                parts.after.append(text)
            elif not late:
                (parts.between if parts.between else parts.before).append(text)
            elif self.nested and not any(map(self._takes_outer, walk(statement))):
                parts.between.append(text)
            else:
                parts.after.append(text)
        return parts

    def _takes_outer(self, node: ast.AST) -> bool:
        """Whether a node takes the gradient of what another gradient leads to."""
        return (
            isinstance(node, ast.Call)
            and self.is_gradient(node)
            and self.tape_of(self._given(node)[0]) == TAPE
        )

    def _moved_text(self, statement: ast.stmt, edits: list[Edit], *, first: bool) -> str:
        """A statement with the comments above it, and the blank line that was there."""
        limit = self.limit_of(statement)
        top = self._run_start(statement)
        begin = insertion_point(self.source, top, limit)
        line = self.source.line_start(self.source.start(statement))
        own = insertion_point(self.source, statement, limit)
        text = statements_text(self.source, [statement], "", edits, own if own < line else None)
        if top is not statement:
            text = self._comments_of(begin, top) + text
        above = self.source.text[limit.start : min(begin, line)]
        blank = not above.strip() or re.search(r"\n[ \t]*\n[ \t]*$", "\n" + above) is not None
        return f"\n{text}" if blank and not first else text

    def _run_start(self, statement: ast.stmt) -> ast.stmt:
        """The placeholder right before a statement, which goes and leaves its comments to it; else the statement."""
        block = self.module.body_of(statement)
        index = block.index(statement)
        previous = block[index - 1] if index else statement
        return previous if previous in self.dead and self._follows(previous, statement) else statement

    def _comments_of(self, begin: int, statement: ast.stmt) -> str:
        """The comments above a statement, at the start of their lines."""
        lines = self.source.original[begin : self.source.line_start(self.source.start(statement))].split("\n")
        return "".join(f"{line.strip()}\n" for line in lines if line.strip())

    # -- the body --------------------------------------------------------------------------------------------

    def _body(self, parts: _Parts) -> list[str]:
        """What the function computes, not indented."""
        outer, inner = self.tapes.get(TAPE), self.tapes.get(INNER_TAPE)
        lines = [*self._start_lines(), *parts.before]
        if inner is not None:
            lines = [*self._recorded(INNER_TAPE, inner, lines), *parts.between]
        if outer is not None:
            lines = self._recorded(TAPE, outer, lines)
        return [*lines, *parts.after]

    def _recorded(self, name: str, tape: Tape, lines: Sequence[str]) -> list[str]:
        """Lines under a tape, with what it has to watch and what is differentiated."""
        persistent = "persistent=True" if tape.gradients > 1 else ""
        head = f"with {self.tensorflow()[0]}.GradientTape({persistent}) as {name}:"
        watched = [f"{name}.watch({item})" for item in self._watched(tape)]
        return [head, *(indent(line, self.unit) for line in (*watched, *lines, *tape.hoisted))]

    def _watched(self, tape: Tape) -> list[str]:
        """The inputs that a tape has to watch."""
        if tape.watches_all:
            return [item.name for item in self.inputs if item.dtype.startswith("float")]
        return [item.name for item in self.inputs if item.name in tape.watched]

    # -- the model that it starts from -----------------------------------------------------------------------

    def _choose_model(self) -> None:
        """Finds out whether the tensors of the graph come from the model itself, from its layers, or from a new one."""
        if not self.leaves:
            return
        inputs = self.graph_inputs()
        owner = self.resolved_node(inputs[0].node)
        owner = owner.value if isinstance(owner, ast.Subscript) else owner
        if self.inner and isinstance(owner, ast.Attribute):
            kind = is_layered(self.context.value(owner.value))
            self.layered, self.unsure = kind is True, kind is None
        if self.layered:
            assert isinstance(owner, ast.Attribute)
            self.model = self.source.segment(owner.value)
            self._check_layered(inputs)
        else:
            self.model = self._whole_model(inputs)
        if not self.model:
            self.features = self.scope_name("features")

    def _check_layered(self, inputs: Sequence[Input]) -> None:
        plain = all(not leaf.loop and self._layer_of(leaf) for leaf in self.leaves.values())
        if not plain or len(inputs) != 1 or inputs[0].key != f"{self.model}.input" or self.training:
            raise CannotRewriteError(
                f"`{self.model}` was built layer by layer, and its `output` does not depend on that of its layers"
            )

    def _layer_of(self, leaf: Leaf) -> str:
        """The layer whose output a tensor is, as it is written; the name of the model for its own output."""
        if self.resolved(leaf.node) == f"{self.model}.output":
            return self.model
        node = self.resolved_node(leaf.node)
        return (
            self.source.segment(node.value)
            if isinstance(node, ast.Attribute) and node.attr == "output"
            else ""
        )

    def _whole_model(self, inputs: Sequence[Input]) -> str:
        """The model itself, where its own output is all that is needed of it."""
        leaf = next(iter(self.leaves.values()))
        owner, _, end = self.resolved(leaf.node).rpartition(".")
        if len(self.leaves) != 1 or end != "output" or leaf.loop or not re.fullmatch(r"[\w.]+", owner):
            return ""
        keys = [item.key for item in inputs]
        if keys in ([f"{owner}.input"], [f"{owner}.inputs"]):
            return owner
        several = [[f"{owner}.{end}[{number}]" for number in range(len(keys))] for end in ("input", "inputs")]
        several[1][0] = f"{owner}.input"
        known = self._inputs_of(leaf.node)
        given = [self.context.value(item.node) for item in inputs]
        same = given == known and all(isinstance(value, Tensor) for value in given)
        return owner if len(known) == len(keys) and (keys in several or same) else ""

    def _inputs_of(self, output: ast.expr) -> list[Value]:
        """The inputs of the model that an output belongs to; none if they are not known."""
        node = self.resolved_node(output)
        models = options(self.context.value(node.value)) if isinstance(node, ast.Attribute) else ()
        if len(models) != 1 or not isinstance(models[0], Instance):
            return []
        known = models[0].attributes.get("inputs")
        if isinstance(known, Seq):
            return known.items if known.rest is None else []
        return [known] if known is not None else []

    def _start_lines(self) -> list[str]:
        """The lines that compute the tensors of the graph."""
        if not self.leaves:
            return []
        inputs = [item.name for item in self.graph_inputs()]
        if self.layered:
            return self._layer_lines(inputs[0])
        targets = ", ".join(leaf.name for leaf in self.leaves.values())
        given = inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"
        arguments = f"{given}, {self.training}" if self.training else given
        return [f"{targets} = {self.model or self.features}({arguments})"]

    def _layer_lines(self, given: str) -> list[str]:
        """The layers of the model one after the other."""
        value, layer, unit = self.free("x"), self.free("layer"), self.unit
        head = f"for {layer} in {self.model}.layers:"
        lines = [f"{value} = {given}", head, f"{unit}{value} = {layer}({value})"]
        ends = []
        for leaf in self.leaves.values():
            owner = self._layer_of(leaf)
            if owner == self.model:
                ends.append(f"{leaf.name} = {value}")
            else:
                lines += [f"{unit}if {layer} is {owner}:", f"{unit * 2}{leaf.name} = {value}"]
        return [*lines, *ends]

    def _setup_lines(self) -> list[str]:
        """The statements that stand before the function: an optimizer, the new model."""
        if not self.leaves or self.model:
            return self.setup
        inputs = [input_text(self.context, item.node) for item in self.graph_inputs()]
        outputs = [leaf.text for leaf in self.leaves.values()]
        given, made = (
            texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]" for texts in (inputs, outputs)
        )
        return [*self.setup, f"{self.features} = {self.context.spell('keras.Model')}({given}, {made})"]

    # -- its place -------------------------------------------------------------------------------------------

    def _placed(self, body: list[str], results: Results) -> Written:
        source = self.source
        blank = source.indentation(self.statement)
        name = self._function_name()
        gap = "\n\n" if self.scope is self.module.tree and not blank else "\n"
        text = f"\n{gap}".join(self.definitions(name, body, results))
        text = indent(text, blank).removeprefix(blank)
        edits = self._removals()
        begin, lead = self._above(edits, blank, gap)
        start, end = source.start(self.statement), source.end(self.statement)
        if self._is_definition():
            edits += [Edit(start, end, text), *self._below(gap)]
        else:
            site = self.made.site
            edits.append(Edit(source.start(site), source.end(site), self._site_text(name)))
            if self.takes_comments:
                edits.append(Edit(start, start, f"{text}\n{gap}{blank}"))
            else:
                lead = f"{lead}{blank}{text}\n{gap}"
        if lead:
            edits.append(Edit(begin, begin, lead))
        for call in self.made.calls:
            edits += self._call_edits(call)
        needed = (*self.context.needed_imports, *(self.tensorflow()[1] if self.tapes else ()))
        trains = self.training not in ("", "training=False")
        return Written(name, edits, needed, trains, self.unsure)

    def _site_text(self, name: str) -> str:
        """What stands in the place of the call that made the function."""
        return name

    def _above(self, removals: Sequence[Edit], blank: str, gap: str) -> tuple[int, str]:
        """What goes before the function and the comments above it: the model, or blank lines; and where."""
        limit = self.limit_of(self.statement)
        begin = insertion_point(self.source, self.statement, limit)
        inner = [edit for edit in removals if limit.start <= edit.start and edit.end <= begin]
        above = apply_edits(self.source.text[limit.start : begin], inner, limit.start)
        setup = self._setup_lines()
        if setup:
            return begin, "".join(f"{blank}{line}\n" for line in setup) + gap
        last = above.rstrip().rpartition("\n")[2]
        opens = last.endswith(":") and len(last) - len(last.lstrip()) < len(blank)
        missing = max(len(gap) - _blank_lines(above), 0)
        return begin, "\n" * missing if above.strip() and not opens else ""

    def _below(self, gap: str) -> list[Edit]:
        """The blank lines after the function."""
        end, limit = self.source.end(self.statement), self.limit_of(self.statement)
        below = self.source.text[end : limit.end]
        if not below.strip() or self.block[-1] is self.statement:
            return []
        lines = below.split("\n")[1:]
        found = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
        place = self.source.line_end(end)
        return [Edit(place, place, "\n" * (len(gap) - found))] if found < len(gap) else []

    def _is_definition(self) -> bool:
        """Whether the statement does nothing but name the function."""
        statement = self.statement
        return (
            isinstance(statement, ast.Assign)
            and statement.value is self.made.site
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        )

    def _function_name(self) -> str:
        statement = self.statement
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if self._is_definition() and isinstance(target, ast.Name):
            return target.id
        if isinstance(target, ast.Attribute):
            return self.scope_name(target.attr)
        names = {_called_name(call.node.func) for call in self.made.calls}
        default = "compute" if self.made.updates is None else "train"
        return self.scope_name((names.pop() if len(names) == 1 else "") or default)

    # -- what goes -------------------------------------------------------------------------------------------

    def _removals(self) -> list[Edit]:
        """Takes the statements out that moved, those that follow each other at once."""
        edits: list[Edit] = []
        run: list[ast.stmt] = []
        for statement in sorted([*self.moved, *self.dead], key=lambda item: (item.lineno, item.col_offset)):
            if run and not self._follows(run[-1], statement):
                edits.append(self._removal(run))
                run = []
            run.append(statement)
        return [*edits, self._removal(run)] if run else edits

    def _follows(self, first: ast.stmt, second: ast.stmt) -> bool:
        block = self.module.body_of(first)
        if second not in block or self.limit_of(first) != self.limit_of(second):
            return False
        apart = self.source.line_of(self.source.end(first)) < self.source.line_of(self.source.start(second))
        return apart and block.index(second) == block.index(first) + 1

    def _removal(self, run: list[ast.stmt]) -> Edit:
        limit = self.limit_of(run[0])
        begin = insertion_point(self.source, run[0], limit)
        sole = len(self.module.body_of(run[0])) == len(run)
        return remove_statement(self.source, run[-1], sole=sole, limit=limit, start=begin)

    def _dead_placeholders(self) -> list[ast.stmt]:
        """The statements of placeholders that were only made to feed the function."""
        graph = self.graph_inputs() if self.leaves else []
        found: list[ast.stmt] = []
        for item in self.inputs:
            if item in graph and not self.model:
                continue
            statement = self._only_statement(item.node)
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
                api = self.module.api(statement.value.func)
                if api is not None and api.name in ("placeholder", "Input"):
                    found.append(statement)
        return found

    def _dead_tensors(self) -> list[ast.stmt]:
        """The statements that only named a tensor of the graph, where the function gets it from the model itself."""
        if not self.model:
            return []
        nodes = [leaf.node for leaf in self.leaves.values() if isinstance(leaf.node, ast.Name)]
        found = [self._only_statement(node) for node in nodes]
        return [
            statement for statement in found if isinstance(statement, ast.Assign) and statement in self.block
        ]

    def _only_statement(self, node: ast.expr) -> ast.stmt | None:
        """The statement that binds a variable or attribute, if nothing but what moves reads it."""
        inside = {id(n) for s in [*self.moved, self.statement] for n in walk(s)}
        uses: list[ast.expr] = []
        if isinstance(node, ast.Name):
            scope = scope_of(self.module, node)
            named = self.module.names_of(node.id)
            uses += [n for n in named if scope_of(self.module, n) is scope]
        elif isinstance(node, ast.Attribute) and node.attr not in ENDS:
            uses += [n for m in self.context.program for n in m.nodes(ast.Attribute) if n.attr == node.attr]
        uses = [use for use in uses if id(use) not in inside]
        statement = self.module.statement(uses[0]) if len(uses) == 1 else None
        return statement if isinstance(statement, ast.Assign) and statement.targets == uses else None

    # -- calls -----------------------------------------------------------------------------------------------

    def _call_edits(self, call: FunctionCall) -> list[Edit]:
        """A call with the arrays as arguments of their own."""
        edits: list[Edit] = []
        if self.made.takes_first and call.item is not None:
            edits.append(Edit(self.source.end(call.node), self.source.end(call.item), ""))
        if not self.made.followed or self.made.whole is not None:
            return edits
        given = call.node.args[0]
        if self.made.bare:
            return edits
        assert isinstance(given, (ast.List, ast.Tuple))
        assert call.arguments is not None
        if self.training == BOTH and call.phase is not None:
            end = self.source.end(given)
            edits.append(Edit(end, end, f", training=bool({self.source.segment(call.phase)})"))
        if len(call.arguments) == 1:
            return [*edits, *unwrapped(self.context, given, call.arguments)]
        if call.phase is not None:
            edits.append(without(self.context, given, call.phase))
        start, end = self.source.start(given), self.source.end(given)
        return [*edits, Edit(start, start + 1, ""), Edit(end - 1, end, "")]


def _called_name(node: ast.expr) -> str:
    """The variable or attribute that is called."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _blank_lines(text: str) -> int:
    """The empty lines at the end of a text that ends where a line begins."""
    return max(text[len(text.rstrip()) :].count("\n") - 1, 0)
