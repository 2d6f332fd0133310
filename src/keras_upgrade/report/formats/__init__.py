"""The formats that machines read: each a module with `render`, from a run as plain data to text.

`FORMATS` is the list; a module is imported when its format is asked for.
"""

from __future__ import annotations

from importlib import import_module

from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.report.record import Record


@dataclass(frozen=True)
class Format:
    """What a format wants of the run.

    Attributes:
        with_edits: the complete edits of each fix.
        in_file: the places in the files themselves, which for notebooks is their JSON.
    """

    with_edits: bool = False
    in_file: bool = False


FORMATS = {
    "json": Format(with_edits=True),
    "jsonl": Format(with_edits=True),
    "sarif": Format(with_edits=True, in_file=True),
    "github": Format(in_file=True),
    "gitlab": Format(in_file=True),
    "markdown": Format(),
}


def render(name: str, record: Record) -> str:
    """The run in the format of that name."""
    text: str = import_module(f"{__name__}.{name}").render(record)
    return text
