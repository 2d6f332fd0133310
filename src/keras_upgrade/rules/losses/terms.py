"""Splits a loss function into the terms on its arguments and those on tensors that it captures."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from keras_upgrade.analysis.captures import captures, uses_of
from keras_upgrade.analysis.values import Event, Tensor
from keras_upgrade.documents.spans import Span
from keras_upgrade.records import dataclass
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.losses.models import CannotRewriteError
from keras_upgrade.syntax.blocks import insertion_point, is_docstring, statements_text
from keras_upgrade.syntax.edits import outer_span
from keras_upgrade.syntax.walking import walk

_OWN, _INNER = "own", "inner"
_LINEAR = frozenset(
    [
        "keras.ops.mean",
        "keras.ops.sum",
        "keras.backend.mean",
        "keras.backend.sum",
        "tensorflow.reduce_mean",
        "tensorflow.reduce_sum",
        "tensorflow.math.reduce_mean",
        "tensorflow.math.reduce_sum",
    ]
)


@dataclass(frozen=True)
class _Parts:
    """An expression as a sum of a part on the loss's arguments and one on captured tensors; "" where there is none."""

    own: str
    inner: str


class LossTerms:
    """One loss function whose value is a sum.

    Attributes:
        kept: the statements that the loss still needs.
        returned: its `return`.
        new_name: what the loss is called afterwards.
    """

    def __init__(self, context: Context, node: ast.FunctionDef, tensors: dict[str, Tensor]) -> None:
        self.context = context
        self.source = context.source
        self.node = node
        self.tensors = tensors
        parameters = [*node.args.posonlyargs, *node.args.args]
        self.own = {parameter.arg for parameter in parameters[:2]}
        self.assigned: dict[str, list[ast.Assign | ast.AugAssign]] = {}
        self.kept: set[ast.stmt] = set()
        self.dissolved: set[ast.stmt] = set()
        self.new_name = node.name
        self.moved: list[ast.stmt] = []
        self.returned = self._read()

    def _read(self) -> ast.Return:
        *body, last = [item for item in self.node.body if not is_docstring(item)]
        for item in body:
            target = item.targets[0] if isinstance(item, ast.Assign) and len(item.targets) == 1 else None
            if isinstance(item, ast.AugAssign):
                target = item.target
            if not isinstance(target, ast.Name) or not isinstance(item, (ast.Assign, ast.AugAssign)):
                raise CannotRewriteError(f"`{self.node.name}` is more than a few assignments and a `return`")
            self.assigned.setdefault(target.id, []).append(item)
        if not isinstance(last, ast.Return) or last.value is None:
            raise CannotRewriteError(f"`{self.node.name}` does not end in `return`")
        return last

    # -- what depends on what --------------------------------------------------------------------------------

    def depends(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> set[str]:
        """Whether an expression depends on the loss's arguments (`own`), captured tensors (`inner`), or both."""
        found: set[str] = set()
        for part in walk(node):
            if not isinstance(part, ast.Name) or not isinstance(part.ctx, ast.Load):
                continue
            if part.id in self.assigned:
                if part.id not in seen:
                    for item in self.assigned[part.id]:
                        found |= self.depends(item.value, seen | {part.id})
            elif part.id in self.own:
                found.add(_OWN)
            elif part.id in self.tensors:
                found.add(_INNER)
        return found

    # -- the split -------------------------------------------------------------------------------------------

    def split(self) -> tuple[str, str, list[ast.stmt]]:
        """The expression that the loss returns afterwards, the one that the model adds, and what the latter needs.

        Raises:
            CannotRewriteError: the loss is not a sum of such terms.
        """
        assert self.returned.value is not None
        parts = self._split(self.returned.value)
        if not parts.own or not parts.inner:
            raise CannotRewriteError(f"`{self.node.name}` does not depend on what the model predicts")
        kept = self._needed(parts.own)
        moved = self._needed(parts.inner)
        self.kept = {item for item in self.node.body if is_docstring(item) or item in kept}
        own = self._shorten(parts.own, [item for item in self.node.body if item in kept])
        self.moved = [item for item in self.node.body if item in moved]
        return own, parts.inner, self.moved

    def _split(self, node: ast.expr) -> _Parts:
        depends = self.depends(node)
        if _INNER not in depends:
            return _Parts(self._text(node), "")
        if _OWN not in depends:
            return _Parts("", self._text(node))
        if isinstance(node, ast.Name):
            return self._split_name(node.id)
        if isinstance(node, ast.BinOp):
            return self._split_operation(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            parts = self._split(node.operand)
            return _Parts(*(f"-{_factor(text)}" if text else "" for text in (parts.own, parts.inner)))
        if isinstance(node, ast.Call):
            return self._split_call(node)
        raise CannotRewriteError(f"`{self.node.name}` is not a sum of terms")

    def _split_name(self, name: str) -> _Parts:
        items = self.assigned[name]
        if len(items) != 1 or not isinstance(items[0], ast.Assign):
            return self._split_accumulated(name, items)
        self.dissolved.add(items[0])
        return self._split(items[0].value)

    def _split_accumulated(self, name: str, items: Sequence[ast.Assign | ast.AugAssign]) -> _Parts:
        first, *more = items
        if isinstance(first, ast.AugAssign) or not all(
            isinstance(item, ast.AugAssign) and isinstance(item.op, (ast.Add, ast.Sub)) for item in more
        ):
            raise CannotRewriteError(f"`{name}` in `{self.node.name}` is not a sum of terms")
        parts = self._split(first.value)
        self.dissolved.add(first)
        for item in more:
            assert isinstance(item, ast.AugAssign)
            parts = _combine(parts, self._split(item.value), item.op)
            self.dissolved.add(item)
        return parts

    def _split_operation(self, node: ast.BinOp) -> _Parts:
        if isinstance(node.op, (ast.Add, ast.Sub)):
            return _combine(self._split(node.left), self._split(node.right), node.op)
        if isinstance(node.op, (ast.Mult, ast.Div)):
            if not self.depends(node.right):
                parts = self._split(node.left)
                sign = "*" if isinstance(node.op, ast.Mult) else "/"
                factor = self._operand(node.right)
                return _Parts(
                    *(f"{_factor(t)} {sign} {factor}" if t else "" for t in (parts.own, parts.inner))
                )
            if not self.depends(node.left) and isinstance(node.op, ast.Mult):
                parts = self._split(node.right)
                factor = self._operand(node.left)
                return _Parts(*(f"{factor} * {_factor(t)}" if t else "" for t in (parts.own, parts.inner)))
        raise CannotRewriteError(f"`{self.node.name}` is not a sum of terms")

    def _split_call(self, node: ast.Call) -> _Parts:
        api = self.context.module.api(node.func)
        rest = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
        if (
            api is None
            or api.path not in _LINEAR
            or not node.args
            or any(self.depends(item) for item in rest)
        ):
            raise CannotRewriteError(f"`{self.node.name}` is not a sum of terms")
        parts = self._split(node.args[0])
        callee = self.source.segment(node.func)
        further: list[ast.expr | ast.keyword] = [*node.args[1:], *node.keywords]
        more = "".join(f", {self.source.segment(item)}" for item in further)
        return _Parts(*(f"{callee}({text}{more})" if text else "" for text in (parts.own, parts.inner)))

    # -- text ------------------------------------------------------------------------------------------------

    def _text(self, node: ast.expr) -> str:
        span = outer_span(self.source, node, Span(self.source.start(self.node), self.source.end(self.node)))
        text = self.source.original[span.start : span.end]
        whole = text.startswith("(") and span != self.source.span(node)
        return self.source.segment(node) if whole and "\n" not in text else text

    def _operand(self, node: ast.expr) -> str:
        text = self.source.segment(node)
        return f"({text})" if isinstance(node, (ast.BinOp, ast.IfExp, ast.UnaryOp)) else text

    def _needed(self, text: str) -> set[ast.stmt]:
        """The statements that an expression needs, directly or through each other."""
        pending = [n.id for n in walk(ast.parse(f"({text})")) if isinstance(n, ast.Name)]
        found: set[ast.stmt] = set()
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            for item in self.assigned.get(name, ()):
                found.add(item)
                pending += [n.id for n in walk(item.value) if isinstance(n, ast.Name)]
        return found

    def _shorten(self, own: str, kept: list[ast.stmt]) -> str:
        """Names the loss after its only term, and returns that at once: `def xent_loss(...): return ...`."""
        if (
            len(kept) != 1
            or not isinstance(kept[0], ast.Assign)
            or not isinstance(kept[0].targets[0], ast.Name)
        ):
            return own
        name = kept[0].targets[0].id
        names = [n for n in walk(ast.parse(own)) if isinstance(n, ast.Name) and n.id == name]
        module = self.context.module
        elsewhere = [
            n for n in module.names_of(name) if not self.source.span(self.node).contains(self.source.span(n))
        ]
        if "loss" not in name or len(names) != 1 or elsewhere or module.frame.names.get(name) is not None:
            return own
        self.new_name = name
        start = names[0].col_offset
        text = self._text(kept[0].value)
        simple = own == name or (own[:start].endswith("(") and own[start + len(name) :][:1] in ",)")
        return own[:start] + (text if simple else f"({text})") + own[start + len(name) :]

    def renames(self, event: Event) -> bool:
        """Whether the loss gets the name of its only term; only `compile` may know the old one."""
        if self.new_name == self.node.name:
            return False
        assert isinstance(event.node, ast.Call)
        inside = {id(part) for part in walk(event.node)}
        if all(id(use) in inside for use in self.outside_uses()):
            return True
        self.new_name = self.node.name
        return False

    def outside_uses(self) -> list[ast.Name]:
        """Where the loss is named outside of itself."""
        own = self.source.span(self.node)
        return [
            u for u in uses_of(self.context.module, self.node.name) if not own.contains(self.source.span(u))
        ]

    def moves(self, statement: ast.stmt) -> bool:
        """Whether a statement goes to `call`, with the comments above it."""
        return statement in self.moved and statement not in self.kept

    def text(self, statement: ast.stmt) -> str:
        """A statement as it stands in `call`."""
        limit = self.context.module.document.span_of(self.context.module.cell_of(statement))
        begin = insertion_point(self.source, statement, limit)
        commented = self.moves(statement) and begin < self.source.line_start(self.source.start(statement))
        return statements_text(self.source, [statement], "", start=begin if commented else None)

    def reduced(self, inner: str) -> str:
        """The added loss: a single number, the mean over the batch as Keras takes it of what a loss returns."""
        tree = ast.parse(f"({inner})", mode="eval").body
        if isinstance(tree, ast.Call) and not tree.keywords and len(tree.args) == 1:
            callee = ast.unparse(tree.func)
            if callee.endswith((".mean", ".reduce_mean", ".sum", ".reduce_sum")):
                return inner
        return f"{self.context.spell('keras.ops.mean')}({inner})"

    def outside_names(self, moved: Sequence[ast.stmt], inner: str) -> dict[str, ast.Name]:
        """Names from outside of the loss that the moved code reads."""
        words = {n.id for n in walk(ast.parse(f"({inner})")) if isinstance(n, ast.Name)}
        for statement in moved:
            words |= {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        found = {}
        for capture in captures(self.context.module, self.node):
            if capture.name in words and capture.name not in self.tensors:
                found[capture.name] = capture.uses[0]
        return found


def _combine(left: _Parts, right: _Parts, operator: ast.operator) -> _Parts:
    sign = "+" if isinstance(operator, ast.Add) else "-"

    def both(one: str, other: str) -> str:
        if not other:
            return one
        text = _factor(other) if sign == "-" else other
        if one:
            return f"{one} {sign} {text}"
        return text if sign == "+" else f"-{text}"

    return _Parts(both(left.own, right.own), both(left.inner, right.inner))


def _factor(text: str) -> str:
    tree = ast.parse(f"({text})", mode="eval").body
    loose = isinstance(tree, (ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.BoolOp))
    return f"({text})" if loose else text
