"""Files that list packages to install (`requirements.txt`, `pyproject.toml`, ...): text without any Python in it."""

import codecs
import re
from pathlib import Path

from keras_upgrade.documents.python import PythonFile, decode
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

KIND = "requirements"
_NAME = pattern(
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
class RequirementsFile(PythonFile):
    """The file as it was read: like a script, one text as a whole; see `Container`."""

    kind = KIND


def read_requirements(path: Path, data: bytes) -> RequirementsFile:
    """The list in these bytes.

    Raises:
        DocumentError: bytes that are not text.
    """
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return RequirementsFile(path, decode(path, data[len(bom) :]), bom=bom)
