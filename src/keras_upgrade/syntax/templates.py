"""Rewrites a call by a row of a table: an old signature, and a Python expression over its parameters.

A row is written in Python itself, so that a table reads like the code it makes:

* `old` is a parameter list, `"x, axis=-1"`: how arguments of the old function bind.
* `new` is an expression. A name that is a parameter stands for the text that the user gave.

If `new` is one call `path(...)` of a dotted path and plain arguments, it is *simple*, and only the callee,
keywords and commas are edited; the arguments' own text, its line breaks and comments stay. The arguments of a
simple row:

* `axis`: a positional parameter of the new function, of the same name;
* `x1 := x`: the same, under another name (it counts if the user wrote a keyword);
* `axis=dim`: to be given by keyword, even where the user gave it by position;
* `axis=+axis`, `axis := +axis`: written with the old default where the user left it out;
* `axis=0`: written always. A parameter that does not occur is dropped.

Anything else is a *template*: arguments are put in, in parentheses where precedence asks for them, keyword
arguments whose parameter was not given are left out (`+name` writes its old default), and `*name` of a
literal tuple is spliced.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from keras_upgrade.documents.spans import Edit
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.walking import children, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.syntax.source import Source

Spell = Callable[[str], str]
Variants = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the old function; `default` is its text, None if it is required."""

    name: str
    default: str | None


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a parameter goes in the call of the new function."""

    position: int | None
    keyword: str
    always: bool


@dataclass(frozen=True, slots=True)
class Simple:
    """A row that only renames: the new callee, where each parameter goes, and keywords that are always
    written.
    """

    callee: str
    slots: Mapping[str, _Slot]
    constants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A parsed row."""

    params: tuple[Param, ...]
    new: str
    tree: ast.expr
    simple: Simple | None


def _unparse(node: ast.AST) -> str:
    """The source of a node, with double quotes."""
    text = ast.unparse(node)
    return text if '"' in text else text.replace("'", '"')


@cache
def parse_params(old: str) -> tuple[Param, ...]:
    """The parameters of a signature such as `"x, axis=None"`."""
    arguments = ast.parse(f"lambda {old}: 0", mode="eval").body
    assert isinstance(arguments, ast.Lambda)
    args = arguments.args.args
    defaults = [None] * (len(args) - len(arguments.args.defaults)) + [*map(_unparse, arguments.args.defaults)]
    return tuple(Param(arg.arg, default) for arg, default in zip(args, defaults, strict=True))


@cache
def parse_row(old: str, new: str) -> Row:
    """The row with signature `old` and expression `new`.

    Raises:
        SyntaxError: one of the two is not Python.
    """
    params = parse_params(old)
    tree = ast.parse(new, mode="eval").body
    return Row(params, new, tree, _simple(tree, {param.name for param in params}))


def dotted(node: ast.expr) -> str | None:
    """`keras.ops.sum` for a chain of attributes on a name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _plain(node: ast.expr, names: set[str]) -> tuple[str, bool] | None:
    """(parameter, whether it is written always) of `x` or `+x`."""
    always = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd)
    if always:
        assert isinstance(node, ast.UnaryOp)
        node = node.operand
    return (node.id, always) if isinstance(node, ast.Name) and node.id in names else None


def _simple(tree: ast.expr, names: set[str]) -> Simple | None:
    if not isinstance(tree, ast.Call):
        return None
    callee = dotted(tree.func)
    if callee is None or callee.partition(".")[0] in names:
        return None
    slots: dict[str, _Slot] = {}
    for position, argument in enumerate(tree.args):
        target = argument.target.id if isinstance(argument, ast.NamedExpr) else ""
        found = _plain(argument.value if isinstance(argument, ast.NamedExpr) else argument, names)
        if found is None or found[0] in slots:
            return None
        slots[found[0]] = _Slot(position, target or found[0], found[1])
    constants: list[str] = []
    for item in tree.keywords:
        found = _plain(item.value, names)
        if item.arg is None or (found and found[0] in slots):
            return None
        if found:
            slots[found[0]] = _Slot(None, item.arg, found[1])
        elif names.isdisjoint(node.id for node in walk(item.value) if isinstance(node, ast.Name)):
            constants.append(f"{item.arg}={_unparse(item.value)}")
        else:
            return None
    return Simple(callee, slots, tuple(constants))


def bind(call: ast.Call, params: Sequence[Param]) -> dict[str, ast.expr] | None:
    """The arguments of `call` by parameter name, only those that are given.

    None if they cannot be told (`*args`, `**kwargs`) or do not fit: too many, unknown, twice, a required one
    missing.
    """
    if len(call.args) > len(params) or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    bound = {param.name: arg for param, arg in zip(params, call.args, strict=False)}
    known = {param.name for param in params}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in bound or keyword.arg not in known:
            return None
        bound[keyword.arg] = keyword.value
    if any(param.default is None and param.name not in bound for param in params):
        return None
    return bound


_WORD = pattern(r"(?P<name>\w+)(?:(?P<unknown>\?)|:(?P<kind>\w+)|=(?P<value>\S+))?$")


def _literal(node: ast.expr) -> tuple[object, bool]:
    try:
        return ast.literal_eval(node), True
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None, False


def _is_float(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return _is_float(node.operand)
    if isinstance(node, ast.List | ast.Tuple):
        return bool(node.elts) and all(map(_is_float, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def holds(condition: str, bound: Mapping[str, ast.expr]) -> bool:
    """Whether one of the words of `condition` is true of the given arguments.

    A word is `p` (given), `p?` (given, and no literal), `p=literal` (given as that literal), `p:float` (a
    literal made of floats only), `p:ints` (a literal tuple or list of integers), `p:lambda`, `p:tuple`.
    """
    for word in condition.split():
        match = _WORD.match(word)
        assert match, condition
        node = bound.get(match["name"])
        if node is None:
            continue
        value, literal = _literal(node)
        if match["unknown"]:
            true = not literal
        elif match["kind"] == "float":
            true = _is_float(node)
        elif match["kind"] == "lambda":
            true = isinstance(node, ast.Lambda)
        elif match["kind"] == "tuple":
            true = isinstance(node, ast.Tuple | ast.List)
        elif match["kind"] == "ints":
            true = isinstance(value, tuple | list) and all(isinstance(item, int) for item in value)
        elif match["value"]:
            wanted = ast.literal_eval(match["value"])
            true = literal and type(value) is type(wanted) and value == wanted
        else:
            true = True
        if true:
            return True
    return False


def choose(call: ast.Call, old: str, new: str, variants: Variants = ()) -> str | None:
    """The expression that applies to this call: `new`, or that of the first variant whose condition holds.

    None if the arguments do not bind, or if the variant is empty (such a call is not rewritten).
    """
    bound = bind(call, parse_params(old))
    if bound is None:
        return None
    return next((other for condition, other in variants if holds(condition, bound)), new) or None


def rewrite_call(
    source: Source, call: ast.Call, old: str, new: str, variants: Variants = (), spell: Spell = str
) -> list[Edit] | None:
    """The edits that turn `call` into the expression `new`; None if its arguments do not fit the row.

    Args:
        source: the text that `call` was parsed from.
        call: a call of the old function.
        old: its signature.
        new: the new expression, see the module's description.
        variants: (condition, new) pairs that come first, see `holds`; an empty `new` there means None.
        spell: how a path such as `keras.ops.sum` is written in this file.
    """
    chosen = choose(call, old, new, variants)
    if chosen is None:
        return None
    row = parse_row(old, chosen)
    bound = bind(call, row.params)
    assert bound is not None
    if row.simple and _in_order(call, row):
        return _rename(source, call, row, spell)
    return _Template(source, call, row, bound, spell).edits()


def _in_order(call: ast.Call, row: Row) -> bool:
    """Whether the positional arguments stand in the order in which the new function takes them."""
    assert row.simple
    slots = [row.simple.slots.get(param.name) for param, _ in zip(row.params, call.args, strict=False)]
    positions = [slot.position for slot in slots if slot and slot.position is not None]
    return positions == sorted(positions)


# ------------------------------------------------------------------------------------------------------------
# The layout of a call's arguments.


@dataclass(frozen=True, slots=True)
class _Item:
    """An argument with its own parentheses: `start` to `end`; `comma` is the offset of the comma behind, or
    None."""

    node: ast.expr | ast.keyword
    start: int
    end: int
    comma: int | None


_BLANK = pattern(r"(?:\s|\\\r?\n|#[^\r\n]*)*")


def _skip(text: str, offset: int) -> int:
    """The first offset from `offset` on that is no blank, comment or line continuation."""
    match = _BLANK.match(text, offset)
    return match.end() if match else offset


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a call stand: the offsets of its parentheses, and its arguments."""

    open: int
    close: int
    items: tuple[_Item, ...]


def layout(source: Source, call: ast.Call) -> Layout:
    """Finds parentheses and commas of `call`."""
    text = source.text
    close = source.end(call) - 1
    opening = _skip(text, source.end(call.func))
    while text[opening] != "(":  # the callee stands in parentheses
        opening = _skip(text, opening + 1)
    nodes: list[ast.expr | ast.keyword] = sorted([*call.args, *call.keywords], key=source.start)
    items: list[_Item] = []
    begin = opening + 1
    for node in nodes:
        start, end = _skip(text, begin), source.end(node)
        if isinstance(node, ast.GeneratorExp) and source.start(node) == opening:
            items.append(_Item(node, opening + 1, close, None))  # it shares the parentheses of the call
            break
        at = _skip(text, end)
        while at < close and text[at] != ",":  # the argument's own closing parentheses
            end = at + 1
            at = _skip(text, end)
        comma = at if at < close else None
        items.append(_Item(node, start, end, comma))
        begin = at + 1
    return Layout(opening, close, tuple(items))


# ------------------------------------------------------------------------------------------------------------
# Simple rows.


def _rename(source: Source, call: ast.Call, row: Row, spell: Spell) -> list[Edit]:
    assert row.simple
    simple, place = row.simple, layout(source, call)
    edits = [Edit(source.start(call.func), source.end(call.func), spell(simple.callee))]
    dropped: set[int] = set()
    given: set[str] = set()
    next_position, keywords = 0, False
    for index, item in enumerate(place.items):
        name = item.node.arg if isinstance(item.node, ast.keyword) else row.params[index].name
        slot = simple.slots.get(name or "")
        given.add(name or "")
        if slot is None:
            dropped.add(index)
        elif isinstance(item.node, ast.keyword):
            keywords = True
            if name != slot.keyword:
                start = source.start(item.node)
                edits.append(Edit(start, start + len(name or ""), slot.keyword))
        elif not keywords and slot.position == next_position:
            next_position += 1
        else:
            keywords = True
            edits.append(Edit(item.start, item.start, f"{slot.keyword}="))
    defaults = {param.name: param.default for param in row.params}
    added = [
        f"{slot.keyword}={defaults[name]}"
        for name, slot in simple.slots.items()
        if slot.always and name not in given and defaults[name] is not None
    ]
    return edits + argument_edits(source, place, dropped, [*added, *simple.constants])


def argument_edits(source: Source, place: Layout, dropped: Iterable[int], added: Sequence[str]) -> list[Edit]:
    """Takes the arguments with the indexes `dropped` out of a call, and puts `added` behind the last one."""
    text, items = source.text, place.items
    gone = set(dropped)
    tail = len(items)  # the first of the arguments that go at the end of the call
    while tail and tail - 1 in gone:
        tail -= 1
    edits = [Edit(items[index].start, items[index + 1].start, "") for index in sorted(gone) if index < tail]
    if not items:
        return [Edit(place.open + 1, place.open + 1, ", ".join(added))] if added else []
    last = items[-1]
    if tail == len(items):
        if added:
            edits += _append(text, place, added)
    elif added:
        edits.append(Edit(items[tail].start, last.end, ", ".join(added)))
    elif tail == 0:
        edits.append(Edit(items[0].start, last.end if last.comma is None else last.comma + 1, ""))
    else:
        comma = items[tail - 1].comma
        assert comma is not None
        if "#" in text[comma : items[tail].start]:  # keep the comment behind the comma, and so the comma
            edits.append(Edit(items[tail].start, last.end if last.comma is None else last.comma + 1, ""))
        else:
            edits.append(Edit(comma, last.end if last.comma is None else last.comma, ""))
    return edits


def _append(text: str, place: Layout, added: Sequence[str]) -> list[Edit]:
    last = place.items[-1]
    if isinstance(last.node, ast.GeneratorExp) and last.start == place.open + 1 and last.end == place.close:
        return [Edit(last.start, last.start, "("), Edit(last.end, last.end, "), " + ", ".join(added))]
    line = text.rfind("\n", 0, last.start) + 1
    indentation = text[line : last.start]
    if line > place.open and not indentation.strip() and (len(place.items) > 1 or last.comma is not None):
        joint = f",\n{indentation}"  # one argument per line
    else:
        joint = ", "
    return [Edit(last.end, last.end, "".join(joint + item for item in added))]


# ------------------------------------------------------------------------------------------------------------
# Templates.

_PRIMARY = (
    ast.Call
    | ast.Attribute
    | ast.Subscript
    | ast.Name
    | ast.Constant
    | ast.List
    | ast.ListComp
    | ast.Dict
    | ast.Tuple
)


@dataclass(slots=True)
class _Hole:
    """A place of the template, in offsets of its text, and what comes there."""

    start: int
    end: int
    text: str
    argument: ast.expr | None = None


_WHOLE = pattern(r"\s*(return|[\w.]+ =) ")
"""What stands before the value of an assignment, or before what is returned."""


class _Template:
    """Puts the arguments of one call into a template."""

    def __init__(
        self, source: Source, call: ast.Call, row: Row, bound: Mapping[str, ast.expr], spell: Spell
    ) -> None:
        self.source = source
        self.call = call
        self.bound = bound
        self.spell = spell
        self.defaults = {param.name: param.default for param in row.params}
        self.text = self._without_absent(row)
        self.tree = ast.parse(self.text, mode="eval").body
        self.holes: list[_Hole] = []

    def _without_absent(self, row: Row) -> str:
        """The template without `:=` and `+`, and without keyword arguments that are not given."""
        tree = ast.parse(row.new, mode="eval")
        for node in walk(tree):
            if not isinstance(node, ast.Call):
                continue
            node.args = [arg.value if isinstance(arg, ast.NamedExpr) else arg for arg in node.args]
            node.keywords = [
                item
                for item in node.keywords
                if not (
                    isinstance(item.value, ast.Name)
                    and item.value.id in self.defaults
                    and item.value.id not in self.bound
                )
            ]
            while node.args and self._absent(node.args[-1]) and not node.keywords:
                node.args.pop()
        return _unparse(_Unmark().visit(tree))

    def _absent(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self.defaults and node.id not in self.bound

    def edits(self) -> list[Edit] | None:
        self._visit(self.tree)
        self.holes.sort(key=lambda hole: hole.start)
        arguments = [hole.argument for hole in self.holes if hole.argument is not None]
        starts = [self.source.start(argument) for argument in arguments]
        repeated = len(set(starts)) < len(starts)
        if repeated and not all(_cheap(arg) for arg in arguments if starts.count(self.source.start(arg)) > 1):
            return None  # an expression would be evaluated twice
        wrap = not isinstance(self.tree, _PRIMARY) and not self._is_whole_line()
        comments = self._comments()
        if repeated or comments or starts != sorted(starts):
            return [self._whole(wrap, comments)]
        return self._pieces(wrap)

    def _is_whole_line(self) -> bool:
        """Whether the call, in one line, is all that is assigned or returned."""
        start, end = self.source.start(self.call), self.source.end(self.call)
        text = self.source.text
        before = text[text.rfind("\n", 0, start) + 1 : start]
        after = re.match(r"[^\r\n]*", text[end:])
        assert after is not None
        alone = not after[0].strip() or after[0].lstrip().startswith("#")
        return alone and "\n" not in text[start:end] and _WHOLE.fullmatch(before) is not None

    def _visit(self, node: ast.AST) -> None:
        """Collects the holes, outermost first."""
        path = dotted(node) if isinstance(node, ast.expr) else None
        if isinstance(node, ast.Starred) and isinstance(node.value, ast.Name):
            text = self._spliced(node.value.id)
            if text is not None:
                self._add(node, text, None)
                return
        if isinstance(node, ast.Name) and node.id in self.defaults:
            argument = self.bound.get(node.id)
            default = self.defaults[node.id]
            text = self.source.segment(argument) if argument is not None else str(default)
            self._add(node, text, argument)
        elif path and path.partition(".")[0] in ("keras", "tensorflow"):
            assert isinstance(node, ast.expr)
            self._add(node, self.spell(path), None)
        else:
            for child in children(node):
                self._visit(child)

    def _spliced(self, name: str) -> str | None:
        """The elements of a literal tuple or list that is given for a parameter, or is its default."""
        given = self.bound.get(name)
        if given is None and (default := self.defaults.get(name)):
            elements = ast.parse(default, mode="eval").body
            texts: Callable[[ast.expr], str] = ast.unparse
        elif given is not None:
            elements = given
            texts = self.source.segment
        else:
            return None
        if not isinstance(elements, ast.Tuple | ast.List):
            return None
        if any(isinstance(element, ast.Starred) for element in elements.elts):
            return None
        return ", ".join(texts(element) for element in elements.elts)

    def _add(self, node: ast.expr | ast.Starred, text: str, argument: ast.expr | None) -> None:
        assert node.end_col_offset is not None  # the template is ASCII, on one line
        start, end = node.col_offset, node.end_col_offset
        if argument is not None and self._needs_parentheses(start, end, text):
            text = f"({text})"
        self.holes.append(_Hole(start, end, text, argument))

    def _needs_parentheses(self, start: int, end: int, text: str) -> bool:
        """Whether the template means another thing with the bare text in this place than with parentheses."""
        bare, safe = (f"{self.text[:start]}{piece}{self.text[end:]}" for piece in (text, f"({text})"))
        try:
            return ast.dump(ast.parse(bare, mode="eval")) != ast.dump(ast.parse(safe, mode="eval"))
        except SyntaxError:
            return True

    def _comments(self) -> list[str]:
        """The comments of the call that stand outside of its arguments."""
        place = layout(self.source, self.call)
        gaps: list[str] = []
        at = self.source.end(self.call.func)
        for item in place.items:
            gaps.append(self.source.text[at : item.start])
            at = item.end
        gaps.append(self.source.text[at : place.close])
        return [comment.rstrip() for gap in gaps for comment in re.findall(r"#[^\r\n]*", gap)]

    def _whole(self, wrap: bool, comments: Sequence[str]) -> Edit:
        """One edit that replaces the call; comments between its arguments come first."""
        text = self._joined()
        if comments:
            start = self.source.start(self.call)
            prefix = self.source.text[self.source.text.rfind("\n", 0, start) + 1 : start]
            indentation = prefix[: len(prefix) - len(prefix.lstrip())]
            lines = "".join(f"\n{indentation}    {line}" for line in (*comments[1:], text))
            text = f"(  {comments[0]}{lines}\n{indentation})"
        elif wrap:
            text = f"({text})"
        return Edit(self.source.start(self.call), self.source.end(self.call), text)

    def _joined(self) -> str:
        parts, at = [], 0
        for hole in self.holes:
            parts += [self.text[at : hole.start], hole.text]
            at = hole.end
        return "".join([*parts, self.text[at:]])

    def _pieces(self, wrap: bool) -> list[Edit]:
        """Edits around the arguments, which stay untouched (others may edit inside of them)."""
        edits: list[Edit] = []
        start = self.source.start(self.call)
        piece = "(" if wrap else ""
        at = 0
        for hole in self.holes:
            piece += self.text[at : hole.start]
            at = hole.end
            if hole.argument is None:
                piece += hole.text
                continue
            segment = self.source.segment(hole.argument)
            before, _, after = hole.text.partition(segment)
            edits.append(Edit(start, self.source.start(hole.argument), piece + before))
            start, piece = self.source.end(hole.argument), after
        piece += self.text[at:] + (")" if wrap else "")
        edits.append(Edit(start, self.source.end(self.call), piece))
        return [edit for edit in edits if self.source.text[edit.start : edit.end] != edit.text]


class _Unmark(ast.NodeTransformer):
    """`+x` is a mark for "write the default"; once bound it is `x`."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.UAdd) and isinstance(node.operand, ast.Name) else node


def _cheap(node: ast.expr) -> bool:
    """Whether evaluating the expression twice costs nothing and changes nothing."""
    return isinstance(node, ast.Constant | ast.Name) or (
        isinstance(node, ast.Attribute) and _cheap(node.value)
    )
