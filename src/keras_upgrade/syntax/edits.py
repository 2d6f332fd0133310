"""The edits that rules make: arguments, statements, names. They keep the user's formatting and comments."""

import ast
import re
from collections.abc import Collection, Sequence

from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.patterns import pattern
from keras_upgrade.syntax.source import Source

_BLANK = pattern(r"[ \t]*(?:\r\n|\r|\n)")
_OPENS = pattern(r":[ \t]*(?:#.*)?$", re.MULTILINE)
"""The end of the line before a block."""


def outer_span(source: Source, node: ast.expr, limit: Span) -> Span:
    """The node with the parentheses around it that belong to it alone, within `limit`."""
    text = source.text
    start, end = source.start(node), source.end(node)
    while True:
        left, right = start - 1, end
        while left >= limit.start and text[left] in " \t\r\n\f\\":
            left -= 1
        while right < limit.end and text[right] in " \t\r\n\f\\":
            right += 1
        if left < limit.start or right >= limit.end or text[left] != "(" or text[right] != ")":
            return Span(start, end)
        start, end = left, right + 1


def parentheses_of(source: Source, call: ast.Call) -> Span:
    """What stands between the parentheses of a call."""
    open_ = source.text.index("(", _after_function(source, call))
    return Span(open_ + 1, source.end(call) - 1)


def _after_function(source: Source, call: ast.Call) -> int:
    # `(f)(x)`: the parentheses around the function are not part of its node.
    position = source.end(call.func)
    text = source.text
    while True:
        match = re.compile(r"[\s\\]*\)").match(text, position)
        if match is None:
            return position
        position = match.end()


def arguments_of(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """The arguments of a call in the order of the text."""
    return sorted((*call.args, *call.keywords), key=lambda item: (item.lineno, item.col_offset))


def argument_span(source: Source, call: ast.Call, argument: ast.expr | ast.keyword) -> Span:
    """The characters of one argument: `name=value` or `value`, with its parentheses, without its comma."""
    inside = parentheses_of(source, call)
    if isinstance(argument, ast.keyword):
        return Span(source.start(argument), outer_span(source, argument.value, inside).end)
    if isinstance(argument, ast.GeneratorExp) and len(call.args) == 1 and not call.keywords:
        return Span(max(source.start(argument), inside.start), min(source.end(argument), inside.end))
    return outer_span(source, argument, inside)


def value_text(source: Source, call: ast.Call, argument: ast.expr | ast.keyword) -> str:
    """The text of an argument's value, with its parentheses."""
    inside = parentheses_of(source, call)
    value = argument.value if isinstance(argument, ast.keyword) else argument
    span = outer_span(source, value, inside)
    return source.original[span.start : span.end]


def remove_arguments(
    source: Source, call: ast.Call, unwanted: Sequence[ast.expr | ast.keyword]
) -> list[Edit]:
    """Takes arguments out of a call, each with its comma."""
    everything = arguments_of(call)
    spans = [argument_span(source, call, item) for item in everything]
    gone = {id(item) for item in unwanted}
    kept = [index for index, item in enumerate(everything) if id(item) not in gone]
    if not kept:
        inside = parentheses_of(source, call)
        return [Edit(inside.start, inside.end, "")]
    edits: list[Edit] = []
    for index, item in enumerate(everything):
        if id(item) not in gone:
            continue
        if index > kept[-1]:
            # The last ones go with the comma before them; a trailing comma stays with what is now last.
            previous = spans[index - 1].end
            edits.append(Edit(previous, spans[index].end, ""))
        else:
            edits.append(Edit(spans[index].start, spans[index + 1].start, ""))
    return edits


def append_argument(source: Source, call: ast.Call, text: str) -> Edit:
    """Adds an argument after the last one (before a trailing comma's place)."""
    everything = arguments_of(call)
    if not everything:
        end = source.end(call) - 1
        return Edit(end, end, text)
    end = argument_span(source, call, everything[-1]).end
    return Edit(end, end, f", {text}")


def remove_parameters(source: Source, function: ast.FunctionDef, unwanted: Collection[str]) -> list[Edit]:
    """Takes parameters out of a `def`, each with its default and comma."""
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args]
    first_default = len(parameters) - len(arguments.defaults)
    ends = [
        source.end(arguments.defaults[index - first_default])
        if index >= first_default
        else source.end(parameter)
        for index, parameter in enumerate(parameters)
    ]
    kept = [index for index, parameter in enumerate(parameters) if parameter.arg not in unwanted]
    edits = []
    for index, parameter in enumerate(parameters):
        if index in kept:
            continue
        if kept and index < kept[0]:
            edits.append(Edit(source.start(parameter), source.start(parameters[index + 1]), ""))
        else:
            start = ends[index - 1] if index else source.start(parameter)
            edits.append(Edit(start, ends[index], ""))
    return edits


def rename_keyword(source: Source, keyword: ast.keyword, name: str) -> Edit:
    """Gives a keyword argument another name."""
    assert keyword.arg is not None
    start = source.start(keyword)
    return Edit(start, start + len(keyword.arg), name)


def keyword_of(call: ast.Call, name: str) -> ast.keyword | None:
    """The keyword argument `name` of a call."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword
    return None


def integer(node: ast.expr) -> int | None:
    """The number that a literal like `3` or `-1` is."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = integer(node.operand)
        return None if number is None else -number
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def statement_lines(source: Source, statement: ast.stmt) -> Span | None:
    """The whole lines of a statement (decorators included), or None where it shares them with another one."""
    first = statement_start(source, statement)
    start, end = source.line_start(first), source.end(statement)
    line_end = source.line_end(end)
    before = source.text[start:first]
    after = source.text[end:line_end].strip()
    if before.strip() or (after and not after.startswith("#")):
        return None
    return Span(start, line_end)


def line_content_end(source: Source, statement: ast.stmt) -> int:
    """Where the last line of a statement ends, its comment included and its newline not."""
    end = source.end(statement)
    return end + len(source.original[end : source.line_end(end)].rstrip())


def statement_start(source: Source, statement: ast.stmt) -> int:
    """Offset of the statement's first character, that of its first decorator if it has one."""
    decorators = getattr(statement, "decorator_list", None)
    if decorators:
        return source.text.rindex("@", 0, source.start(decorators[0]))
    return source.start(statement)


def name_span(source: Source, function: ast.FunctionDef) -> Span:
    """The name behind `def`."""
    start = source.text.index(function.name, source.start(function) + len("def"))
    return Span(start, start + len(function.name))


def remove_statement(
    source: Source, statement: ast.stmt, *, sole: bool, limit: Span, start: int | None = None
) -> Edit:
    """Takes a statement out with its lines and, where it stood between blank lines, the fewer of the two groups.

    Arguments:
        sole: whether it is the only statement of its block, which then gets a `pass`.
        limit: the cell; no line outside of it is touched.
        start: the start of the line from which on to remove, where comments before the statement go with it.
    """
    first = statement_start(source, statement)
    if sole:
        return Edit(first, source.end(statement), "pass")
    lines = statement_lines(source, statement)
    if lines is None:
        return _remove_from_line(source, statement)
    start, end = max(lines.start if start is None else start, limit.start), min(lines.end, limit.end)
    text = source.text
    most = _blank_lines_before(text, start, limit)
    while most and end < limit.end and (match := _BLANK.match(text, end, limit.end)):
        end, most = match.end(), most - 1
    if end == limit.end and start > limit.start and not text[start:end].endswith(("\n", "\r")):
        # The last line of a cell has no newline of its own: the one before it goes.
        start = limit.start + len(text[limit.start : start].rstrip())
    return Edit(start, end, "")


def _blank_lines_before(text: str, start: int, limit: Span) -> int:
    """How many blank lines stand before a line; as many as one likes where a cell or a block begins."""
    count, position = 0, start
    while position > limit.start:
        previous = text.rfind("\n", limit.start, position - 1) + 1 or limit.start
        line = text[previous:position]
        if line.strip():
            opens = _OPENS.search(line) is not None and _depth(line) < _depth(text[start:])
            return len(text) if opens and not count else count
        count, position = count + 1, previous
    return len(text)


def _depth(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip(" \t"))


def _remove_from_line(source: Source, statement: ast.stmt) -> Edit:
    start, end = source.start(statement), source.end(statement)
    text = source.text
    after = re.compile(r"[ \t]*;[ \t]*").match(text, end)
    if after is not None:
        return Edit(start, after.end(), "")
    left = len(text[:start].rstrip(" \t"))
    if text[:left].endswith(";"):
        return Edit(len(text[: left - 1].rstrip(" \t")), end, "")
    return Edit(start, end, "pass")


def indent(text: str, by: str) -> str:
    """`text` with `by` before every line that is not empty."""
    return "\n".join(by + line if line.strip() else line for line in text.split("\n"))
