"""Python files: one cell, in the encoding that the file declares."""

import codecs
import io
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from keras_upgrade.documents.container import Slot
from keras_upgrade.documents.errors import DocumentError
from keras_upgrade.documents.lines import dominant_newline
from keras_upgrade.documents.spans import Edit
from keras_upgrade.records import dataclass

PYTHON_SUFFIXES = (".py", ".pyw", ".pyi")


@dataclass(frozen=True)
class PythonFile:
    """A `.py` file as it was read; see `Container`."""

    path: Path
    text: str
    encoding: str = "utf-8"
    bom: bytes = b""

    kind = "python"
    magics = False
    own_lines = False

    @cached_property
    def slots(self) -> Sequence[Slot]:
        """The whole file."""
        return (Slot(0, self.text),)

    @cached_property
    def newline(self) -> str:
        """How most lines end."""
        return dominant_newline(self.text)

    def offset_in_file(self, number: int, offset: int) -> int:  # noqa: ARG002
        """The same: the code is the file."""
        return offset

    def changes(self, number: int, source: str, edits: Sequence[Edit]) -> list[Edit]:  # noqa: ARG002
        """The same edits: the code is the file."""
        return list(edits)

    def render(self, sources: Sequence[str], cleared: Collection[int]) -> bytes:  # noqa: ARG002
        """The file with another source, in its own encoding."""
        (source,) = sources
        return self.bom + encode(self.path, source, self.encoding)


def read_python(path: Path, data: bytes) -> PythonFile:
    """The Python file of these bytes.

    Raises:
        DocumentError: null bytes, or bytes that are not text in the file's encoding.
    """
    null = data.find(b"\0")
    if null >= 0 and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        line = _line_of(data, null)
        raise DocumentError(path, line, "contains null bytes, so it is not Python code", "Delete them")
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(bom) :]
    encoding = _declared_encoding(path, body, bom)
    text = decode(path, body, encoding)
    if encoding != "utf-8" and encode(path, text, encoding) != body:
        message = f"does not come back the same from its encoding {encoding}"
        raise DocumentError(path, None, message, "Convert the file to UTF-8")
    return PythonFile(path, text, encoding, bom)


def _declared_encoding(path: Path, body: bytes, bom: bytes) -> str:
    if bom or b"coding" not in b"".join(body.split(b"\n", 2)[:2]):
        return "utf-8"
    import tokenize  # noqa: PLC0415

    try:
        encoding = tokenize.detect_encoding(io.BytesIO(body).readline)[0]
    except SyntaxError as error:
        decode(path, body)  # where the bytes are to blame, this says which
        line = 1 if b"coding" in body.split(b"\n", 1)[0] else 2
        raise DocumentError(path, line, error.msg, "Correct the `coding` comment, or remove it") from None
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def decode(path: Path, data: bytes, encoding: str = "utf-8") -> str:
    """`data` as text.

    Raises:
        DocumentError: it is not text in that encoding; says where.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise DocumentError(path, 1, "is UTF-16", "Save the file as UTF-8") from None
        line = _line_of(data, error.start)
        message = f"byte 0x{data[error.start]:02x} at offset {error.start} is not valid {encoding.upper()}"
        hint = "Save the file as UTF-8"
        if path.suffix in PYTHON_SUFFIXES:
            hint += ", or declare its encoding in the first line, e.g. `# coding: latin-1`"
        raise DocumentError(path, line, message, hint) from None
    except (LookupError, UnicodeError):
        raise DocumentError(
            path, None, f"{encoding} is not an encoding of text", "Save the file as UTF-8"
        ) from None


def encode(path: Path, text: str, encoding: str = "utf-8") -> bytes:
    """`text` as bytes.

    Raises:
        DocumentError: the encoding has no such character; says where.
    """
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        character = f"U+{ord(error.object[error.start]):04X}"
        message = f"{character} cannot be written in the file's encoding {encoding}"
        raise DocumentError(path, line, message, "Convert the file to UTF-8") from None
