"""Writes a function object of `K.function` as a model, and its calls as calls of the model."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Api, Seq, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.rules.graphs.modes import GRADIENTS, Mode, modes_of
from keras_upgrade.rules.graphs.objects import (
    CannotRewriteError,
    FunctionCall,
    FunctionObject,
    constant_of,
    is_phase,
    unwrapped,
    without,
)
from keras_upgrade.rules.graphs.tensors import input_text
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.walking import walk


def module_takes_gradients(module: Module) -> bool:
    """Whether gradients of KerasTensors are taken anywhere in a module."""
    apis = [module.api(call.func) for call in module.calls]
    return any(api is not None and api.path in GRADIENTS for api in apis)


class ModelFunction:
    """One function object on its way to a `keras.Model`.

    Attributes:
        fits: whether its outputs can be the outputs of a model.
        trains: whether it is called in the training phase.
        predicts: whether it is called with `predict_on_batch`.
        counts: whether it matters that the outputs, a list of unknown length, are several.
        is_one: whether the outputs are a list of one.
    """

    def __init__(self, made: FunctionObject) -> None:
        self.made = made
        self.context = made.context
        self.module = made.context.module
        self.source = made.context.source
        self.trains = any(self._phase(call) is not False for call in made.calls)
        self.predicts = any(self._phase(call) is False for call in made.calls) or not made.followed
        self.fits = not self._reads_variables() and (made.followed or self._is_several() is True)
        self.counts = made.is_list and self._is_several() is None
        self.is_one = made.single is not None or (made.is_list and self._is_several() is False)
        if self._is_unknown() and any(module_takes_gradients(module) for module in self.context.program):
            raise CannotRewriteError("its outputs are not known here, and may be gradients")
        if not made.followed and made.phase is not None:
            raise CannotRewriteError("it is not known with which learning phase it is called")

    def _is_unknown(self) -> bool:
        """Whether one of the outputs is a parameter, or comes from elsewhere, so that nothing is known of it."""
        node = self.made.outputs
        items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
        modes = modes_of(self.context)
        return any(modes.mode(item, self.made.statement) is Mode.PLAIN for item in items)

    def _phase(self, call: FunctionCall) -> bool | None:
        """The learning phase of a call; None if it is not known."""
        if call.phase is None:
            return False
        value = constant_of(self.context, call.phase)
        return bool(value) if isinstance(value, (int, float)) else None

    def _reads_variables(self) -> bool:
        """Whether the outputs are computed with variables or real tensors, which KerasTensors do not mix with."""
        modes = modes_of(self.context)
        computed = modes.mode(self.made.outputs, self.made.statement) is Mode.COMPUTED
        return computed and modes.reads_variables(self.made.outputs, self.made.statement)

    def _is_several(self) -> bool | None:
        """Whether there are several outputs; None if that is not known."""
        node = self.made.outputs
        if isinstance(node, (ast.List, ast.Tuple)):
            return len(node.elts) > 1
        if not self.made.is_list:
            return False
        for option in options(self.context.value(node)):
            if isinstance(option, Seq) and option.rest is None and option.items:
                return len(option.items) > 1
        return None

    # -- edits -----------------------------------------------------------------------------------------------

    def edits(self) -> list[Edit]:
        """The model, and its calls."""
        site, source = self.made.site, self.source
        edits = [Edit(source.start(site.func), source.end(site.func), self.context.spell("keras.Model"))]
        edits += self._input_edits()
        single = self.made.single
        if single is not None and self.made.followed:
            edits += unwrapped(self.context, self.made.outputs, [single])
        elif self.is_one and self.made.followed:
            end = source.end(self.made.outputs)
            edits.append(Edit(end, end, "[0]"))
        if not self.made.followed:
            end = source.end(site)
            edits.append(Edit(end, end, ".predict_on_batch"))
            return edits
        for call in self.made.calls:
            edits += self._call_edits(call)
        return edits

    def _input_edits(self) -> list[Edit]:
        node = self._inputs_node()
        made = self.made
        if made.inputs is None:
            assert made.whole is not None
            return (
                [Edit(self.source.end(made.whole), self.source.end(node), "")]
                if node is not made.whole
                else []
            )
        edits: list[Edit] = []
        if made.bare:
            node = made.inputs[0]
        elif not isinstance(node, (ast.List, ast.Tuple)):
            return []
        elif len(made.inputs) == 1 and made.followed:
            edits += unwrapped(self.context, node, made.inputs)
        else:
            edits += [without(self.context, node, item) for item in node.elts if is_phase(self.context, item)]
        for item in made.inputs:
            text = input_text(self.context, item)
            if text != self.source.segment(item):
                edits.append(Edit(self.source.start(item), self.source.end(item), text))
        return edits

    def _inputs_node(self) -> ast.expr:
        site = self.made.site
        named = next((k.value for k in site.keywords if k.arg == "inputs"), None)
        return named if named is not None else site.args[0]

    def _call_edits(self, call: FunctionCall) -> list[Edit]:
        edits = self._argument_edits(call)
        start, end = self.source.start(call.node), self.source.end(call.node)
        bare = self.is_one and call.item is not None
        if bare and call.item is not None:
            edits.append(Edit(end, self.source.end(call.item), ""))
        if self._phase(call) is False:
            after = self.source.end(call.node.func)
            edits.append(Edit(after, after, ".predict_on_batch"))
            before, behind = ("[", "]") if self.is_one and not bare else ("", "")
        else:
            inner = self.source.end(call.node.args[0])
            edits.append(Edit(inner, inner, f", training={self._phase_text(call)}"))
            before, behind = self._as_arrays(call, bare=bare)
        if before:
            edits.append(Edit(start, start, before))
        if behind:
            edits.append(Edit(end, end, behind))
        return edits

    def _argument_edits(self, call: FunctionCall) -> list[Edit]:
        given = call.node.args[0]
        assert call.arguments is not None
        edits: list[Edit] = []
        for argument in call.arguments:
            if self._is_list(argument):
                before, behind = self._array_of()
                edits.append(Edit(self.source.start(argument), self.source.start(argument), before))
                edits.append(Edit(self.source.end(argument), self.source.end(argument), behind))
        if self.made.bare:
            return edits
        assert isinstance(given, (ast.List, ast.Tuple))
        if len(call.arguments) == 1 and self.made.inputs is not None:
            return [*unwrapped(self.context, given, call.arguments), *edits]
        if call.phase is not None:
            edits.append(without(self.context, given, call.phase))
        return edits

    def _is_list(self, node: ast.expr) -> bool:
        """Whether an argument is a list of arrays, which a model would take for several inputs."""
        if isinstance(node, (ast.List, ast.Tuple, ast.ListComp)):
            return True
        return all(isinstance(option, Seq) for option in options(self.context.value(node)))

    def _array_of(self) -> tuple[str, str]:
        """What makes one array of a list."""
        for name, value in self.module.frame.names.items():
            if isinstance(value, Api) and value.path == "numpy":
                return f"{name}.array(", ")"
        return f"{self.context.spell('keras.ops.convert_to_tensor')}(", ")"

    def _phase_text(self, call: FunctionCall) -> str:
        assert call.phase is not None
        return "True" if self._phase(call) else f"bool({self.source.segment(call.phase)})"

    def _as_arrays(self, call: FunctionCall, *, bare: bool) -> tuple[str, str]:
        """What goes around a call of the model that gives tensors."""
        if bare or not self.made.is_list:
            return "", ".numpy()"
        if self.is_one:
            return "[", ".numpy()]"
        name = free_name("y", {n.id for n in walk(call.node) if isinstance(n, ast.Name)})
        return f"[{name}.numpy() for {name} in ", "]"
