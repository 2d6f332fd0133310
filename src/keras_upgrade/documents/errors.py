"""The one error of this room."""

from pathlib import Path


class DocumentError(Exception):
    """A file that cannot be read or written; `str()` is one line for the user.

    Attributes:
        path: the file or folder.
        line: the line in the file, from 1, where one is known.
        message: what is wrong.
        hint: what the user can do about it; may be empty.
    """

    def __init__(self, path: Path, line: int | None, message: str, hint: str = "") -> None:
        super().__init__(path, line, message, hint)
        self.path = path
        self.line = line
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        text = f"{place}: {self.message.rstrip('.')}. {self.hint}"
        return " ".join(text.split())


def from_os_error(path: Path, error: OSError, verb: str) -> DocumentError:
    """What the system's refusal to `verb` ("read", "write") the file at `path` tells the user."""
    reason = error.strerror or type(error).__name__
    return DocumentError(path, None, f"cannot be {verb} ({reason})")
