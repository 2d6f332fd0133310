"""Files that list packages to install (`requirements.txt`, `pyproject.toml`, ...): text without any Python in it."""

import codecs
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keras_upgrade.documents.container import Slot
from keras_upgrade.documents.lines import dominant_newline
from keras_upgrade.documents.python import decode, encode

KIND = "requirements"
_NAME = re.compile(
    r"(?:\w+[-_.])*requirements(?:[-_.]\w+)*\.txt|pyproject\.toml|setup\.cfg|environment\.ya?ml",
    re.IGNORECASE,
)


def is_requirements(path: Path) -> bool:
    """Whether a file is such a list, by its name."""
    return _NAME.fullmatch(path.name) is not None


def is_conda(path: Path) -> bool:
    """Whether such a list is for conda."""
    return path.suffix.lower() in (".yml", ".yaml")


@dataclass(frozen=True)
class RequirementsFile:
    """The file as it was read; see `Container`."""

    path: Path
    text: str
    bom: bytes = b""

    kind = KIND
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

    def render(self, sources: Sequence[str], cleared: Collection[int]) -> bytes:  # noqa: ARG002
        """The file with another text."""
        (source,) = sources
        return self.bom + encode(self.path, source)


def read_requirements(path: Path, data: bytes) -> RequirementsFile:
    """The list in these bytes.

    Raises:
        DocumentError: bytes that are not text.
    """
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return RequirementsFile(path, decode(path, data[len(bom) :]), bom)
