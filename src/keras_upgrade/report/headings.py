"""What a file calls itself: its first heading."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.documents import Document

_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<text>.+?)[ \t#]*$|^(?P<under>\S.*)\n(?:=+|-+)[ \t]*$", re.MULTILINE
)
_FENCED = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"!?\[(?P<label>[^\]]*)\]\([^)]*\)|<[^>]+>|[*`$]+|(?<!\w)_+|_+(?!\w)")


def heading(document: Document) -> str:
    """The first heading of a notebook or a Markdown page, the first line of a script's docstring; or nothing."""
    if document.kind == "python":
        text = ast.get_docstring(document.tree) or ""
        return _plain(text.partition("\n")[0].rstrip("."))
    if document.kind not in ("notebook", "markdown"):
        return ""
    content = document.to_bytes().decode("utf-8-sig", "replace")
    for text in _prose(content) if document.kind == "notebook" else [content]:
        found = _HEADING.search(_FENCED.sub("", text))
        if found is not None:
            return _plain(found["text"] or found["under"])
    return ""


def _plain(text: str) -> str:
    """A heading without its markup."""
    return " ".join(_MARKUP.sub(lambda markup: markup["label"] or "", text).split())


def _prose(content: str) -> Iterable[str]:
    """The texts of a notebook's Markdown cells, as far as they can be read."""
    try:
        data = json.loads(content)
        sheets = data.get("worksheets") or [data]
        for cell in (cell for sheet in sheets for cell in sheet["cells"]):
            source = cell.get("source", "")
            text = source if isinstance(source, str) else "".join(source)
            if cell.get("cell_type") == "markdown":
                yield text
            elif cell.get("cell_type") == "heading":  # of format 3
                yield f"# {text}"
    except (ValueError, TypeError, KeyError, AttributeError):  # a notebook of its own making has no title
        return
