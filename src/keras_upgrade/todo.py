"""Comments at the places that are left to the user: `# TODO(keras-upgrade): KU610 ...`."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from keras_upgrade.documents import Document, Edit
from keras_upgrade.documents.requirements import KIND
from keras_upgrade.outcomes import Outcome, moved
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.walking import children

MARK = "TODO(keras-upgrade):"
_WIDTH = 100


def add_todos(outcome: Outcome) -> None:
    """Leaves a comment above the statement of each finding that is left, unless it has one from an earlier run.

    The document becomes another one, and the findings move along. Lists of requirements stay as they are.
    """
    document = outcome.document
    if document.kind == KIND or not outcome.left:
        return
    source = Source(document.text, document.source)
    lines: dict[int, dict[str, None]] = {}
    for report in outcome.left:
        at = _line_of_statement(document, source, report.finding.span.start)
        text = f"{MARK} {report.finding.code} {' '.join(report.finding.message.split())}"
        if f"{MARK} {report.finding.code}" not in _comments_above(source, at):
            lines.setdefault(at, {})[text] = None
    edits = [Edit(at, at, "".join(_comment(source, at, text) for text in lines[at])) for at in sorted(lines)]
    outcome.document = document.replace(edits)
    outcome.history.append(edits)
    outcome.left = [moved(outcome.document, report, edits) for report in outcome.left]
    outcome.names = [seen.moved(edits) for seen in outcome.names]


def _line_of_statement(document: Document, source: Source, offset: int) -> int:
    """Where the line begins, above which a comment on what stands at `offset` can go."""
    starts = {source.line_start(_start(source, node)) for node in _around(document.tree, source, offset)}
    own = {start for start in starts if start >= document.cell_at(offset).start}
    return max(own, default=document.cell_at(offset).start)


def _around(tree: ast.Module, source: Source, offset: int) -> Iterator[ast.stmt]:
    """The statements that an offset is in, the outermost first; those that share a line with a statement left out."""
    body: list[ast.stmt] = tree.body
    while body:
        inside = [node for node in body if _start(source, node) <= offset <= source.end(node)]
        if not inside:
            return
        node = inside[-1]
        start = _start(source, node)
        if not source.text[source.line_start(start) : start].strip():
            yield node
        body = [
            child
            for part in children(node)
            for child in ([part] if isinstance(part, ast.stmt) else getattr(part, "body", []))
            if isinstance(child, ast.stmt)
        ]


def _start(source: Source, node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    if decorators:
        return source.text.rindex("@", 0, source.start(decorators[0]))
    return source.start(node)


def _comments_above(source: Source, at: int) -> str:
    """The comments directly above a line."""
    end = at
    while end > 0:
        start = source.line_start(end - 1)
        if not source.text[start:end].lstrip().startswith("#"):
            break
        end = start
    return source.text[end:at]


def _comment(source: Source, at: int, text: str) -> str:
    line = source.text[at : source.line_end(at)]
    indent = line[: len(line) - len(line.lstrip())]
    wrapped = textwrap.wrap(
        text,
        max(_WIDTH - len(indent), 40),
        initial_indent="# ",
        subsequent_indent="#   ",
        break_on_hyphens=False,
    )
    return "".join(f"{indent}{part}\n" for part in wrapped)
