"""Moving code: the body of a function as text that can stand elsewhere, and where new definitions go."""

import ast
import re
from collections.abc import Iterable, Sequence

from keras_upgrade.documents.spans import Edit, Span, apply_edits
from keras_upgrade.patterns import pattern
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.walking import walk

_COMMENT = pattern(r"[ \t]*#")
_LINE = pattern(r"\r\n|\r|\n")

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


def inner_edits(edits: Iterable[Edit], span: Span) -> list[Edit]:
    """The edits that lie within `span`."""
    return [edit for edit in edits if span.start <= edit.start and edit.end <= span.end]


def frozen_lines(nodes: Iterable[ast.AST]) -> frozenset[int]:
    """The lines that begin within a string of several lines, whose indentation is part of the string."""
    found: set[int] = set()
    for node in nodes:
        for part in walk(node):
            if isinstance(part, (ast.JoinedStr, ast.Constant)) and part.end_lineno != part.lineno:
                if isinstance(part, ast.Constant) and not isinstance(part.value, (str, bytes)):
                    continue
                assert part.end_lineno is not None
                found.update(range(part.lineno + 1, part.end_lineno + 1))
    return frozenset(found)


def statements_text(
    source: Source,
    statements: Sequence[ast.stmt],
    indentation: str,
    edits: Sequence[Edit] = (),
    start: int | None = None,
) -> str:
    """The text of statements of one block, edited, with `indentation` in place of their own; no newline at the end.

    Comments between them are kept, and from `start` on those before the first one.
    """
    first = statements[0]
    own = source.indentation(first)
    begin = source.start(first) if start is None else start
    end = _with_trailing_comment(source, source.end(statements[-1]))
    text = apply_edits(source.original[begin:end], inner_edits(edits, Span(begin, end)), begin)
    docstring = first if is_docstring(first) else None
    frozen = frozen_lines([item for item in statements if item is not docstring])
    line = source.line_of(begin)
    lines = _LINE.split(text)
    result = []
    for number, content in enumerate(lines, line):
        if number in frozen:
            result.append(content)
        elif number == line and begin == source.start(first):
            result.append(indentation + content)
        else:
            result.append(_shift(content, own, indentation))
    return "\n".join(result)


def _shift(line: str, own: str, indentation: str) -> str:
    if not line.strip():
        return ""
    if line.startswith(own):
        return indentation + line[len(own) :]
    return indentation + line.lstrip()


def in_style_of(source: Source, text: str) -> str:
    """Code that is indented by four blanks as it would stand in a file whose blocks are indented otherwise.

    Lines within strings stay as they are, and so does what stands deeper than the methods of a class: moved code is
    indented as it was.
    """
    unit = _BLOCK.search(source.text)
    if unit is None or unit[1] not in ("\t", "  "):
        return text
    frozen = frozen_lines([ast.parse(text)])
    levels = _DEEP if unit[1] == "\t" else 2
    lines = text.split("\n")
    return "\n".join(
        line if number in frozen else _reindented(line, unit[1], levels)
        for number, line in enumerate(lines, 1)
    )


_BLOCK = pattern(
    r"^(?:class|def|if|for|while|with|try)\b[^\n]*:[ \t]*(?:#[^\n]*)?\r?\n([ \t]+)\S", re.MULTILINE
)
"""The first line of a block at the top of a file."""
_DEEP = 20


def _reindented(line: str, unit: str, levels: int) -> str:
    """A line with `unit` in place of each of the first `levels` times four blanks."""
    depth = 0
    while depth < levels and line.startswith("    ", 4 * depth):
        depth += 1
    return unit * depth + line[4 * depth :]


def _with_trailing_comment(source: Source, end: int) -> int:
    match = re.compile(r"[ \t]*#[^\r\n]*").match(source.text, end)
    return match.end() if match else end


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is a bare string."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def body_start(source: Source, function: FunctionDef) -> int:
    """Where the text of a function's body begins: its first comment or statement, after the colon's line."""
    first = source.start(function.body[0])
    header_end = max(
        [source.start(function)]
        + [source.end(a.annotation or a) for a in walk(function.args) if isinstance(a, ast.arg)]
        + [
            source.end(default)
            for default in (*function.args.defaults, *function.args.kw_defaults)
            if default
        ]
        + ([source.end(function.returns)] if function.returns else [])
    )
    header_line = source.line_of(source.text.index(":", header_end))
    if header_line == source.line_of(first):
        return first
    position = source.line_end(source.text.index(":", header_end))
    while position < first and not source.text[position : source.line_end(position)].strip():
        position = source.line_end(position)
    return min(position, source.line_start(first)) if position < first else first


def insertion_point(source: Source, statement: ast.stmt, limit: Span) -> int:
    """Where a definition that `statement` needs goes: before it, and before the comments that belong to it."""
    decorators = getattr(statement, "decorator_list", None)
    first = source.start(decorators[0]) if decorators else source.start(statement)
    position = source.line_start(first)
    while position > limit.start:
        previous = source.line_start(position - 1)
        if previous < limit.start or not _COMMENT.match(source.text[previous:position]):
            break
        position = previous
    return position


def paragraph_start(source: Source, tree: ast.Module, point: int, limit: Span) -> int:
    """The start of the block of lines without a blank one between them, so that a definition does not part it."""
    tops = {
        source.line_start(source.start(item)): isinstance(item, (ast.Import, ast.ImportFrom))
        for item in tree.body
    }
    start = point
    while point > limit.start:
        point = source.line_start(point - 1)
        if point < limit.start or not source.text[point : source.line_end(point)].strip():
            break
        if tops.get(point):
            break
        if point in tops:
            start = point
    return start


def definition_edit(source: Source, point: int, text: str, limit: Span) -> Edit:
    """Inserts a top-level definition at the start of a line, two blank lines apart from what is around it."""
    before = source.text[limit.start : point]
    blank = len(before) - len(before.rstrip("\r\n \t\f"))
    lines = before[len(before) - blank :].count("\n")
    missing = max(3 - lines, 0) if before.strip() else 0
    return Edit(point, point, "\n" * missing + text + "\n\n\n")


def camel_case(name: str) -> str:
    """A class name from a variable's or function's name: `scale_rows` -> `ScaleRows`."""
    words = [word for word in re.split(r"[^0-9a-zA-Z]+", name) if word]
    text = "".join(word[:1].upper() + word[1:] for word in words)
    return f"Layer{text}" if text[:1].isdigit() else text


def free_name(wanted: str, taken: Iterable[str], *suffixes: str) -> str:
    """`wanted`, or with one of `suffixes`, or with a number: the first that is not taken."""
    used = frozenset(taken)
    for candidate in (wanted, *(wanted + suffix for suffix in suffixes)):
        if candidate not in used:
            return candidate
    number = 2
    while f"{wanted}{number}" in used:
        number += 1
    return f"{wanted}{number}"
