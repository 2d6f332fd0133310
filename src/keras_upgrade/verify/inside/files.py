"""Made-up files in place of downloads, by what a file's name says about its content.

Nothing is made up where the name does not say enough: a table whose columns are unknown, or weights, would only
make the program fail later, with an error that looks like its own fault.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import struct
import zlib
from typing import Any, Callable

from . import archives, datasets, tables

Maker = Callable[[str], str]

_SENTENCE = (
    "the of and truth in to is soul a that man spirit will not power all it with as for life but his by has which "
    "one this we thou shall more world good heart love king day death great"
)
_WORDS = _SENTENCE.split()


class NotMadeUpError(FileNotFoundError):
    """A file that the program needs, and that has no stand-in."""

    def __init__(self, name: str, why: str = "") -> None:
        super().__init__(f"needs the file {name!r}, which is not here and cannot be made up" + why)


def make(path: str, name: str) -> str:
    """Write a made-up file.

    Args:
        path: where; its folder is there already.
        name: the name of the file that it stands for, which tells the content.

    Returns:
        What it is, in a few words.

    Raises:
        NotMadeUpError: if the name does not tell what to write.
    """
    return _maker(name)(path)


def can_make(name: str) -> bool:
    """Whether the name of a file tells what to write."""
    try:
        _maker(name)
    except NotMadeUpError:
        return False
    return True


def write_png(path: str, width: int = 8, height: int = 8) -> None:
    """Write a white image, without any library."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)  # 8 bits of grey
    rows = (b"\x00" + b"\xff" * width) * height
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def _maker(name: str) -> Maker:
    """What writes a file of this name."""
    low = name.lower()
    for pattern, maker in _MAKERS:
        if re.search(pattern, low):
            return lambda path: maker(path, name)
    raise NotMadeUpError(name)


def _image(path: str, name: str) -> str:
    try:
        image = importlib.import_module("PIL.Image")
    except ImportError:
        raise NotMadeUpError(name, " (images need the package `pillow`)") from None
    pixels = datasets.learnable_images(name, 1, (224, 224, 3), [zlib.crc32(name.encode()) % 10])
    extension = os.path.splitext(name)[1].lower().strip(".")
    image.fromarray(pixels[0]).save(
        path, format="JPEG" if extension in ("jpg", "jpeg") else extension.upper()
    )
    return "a made-up image"


def _text(path: str, name: str) -> str:
    random = datasets.random_of(name)
    lines: list[str] = []
    for number in range(400):
        words = " ".join(_WORDS[place] for place in random.randint(0, len(_WORDS), size=9))
        lines.append(words.capitalize() + ".,;!?:"[number % 6] + (f" ({number})" if number % 40 == 0 else ""))
    _write(path, "\n".join(lines) + "\n")
    return "a made-up text"


def _class_names(path: str, _name: str) -> str:
    """As ImageNetLabels.txt: a line for each class, a background class before them."""
    _write(path, "\n".join(["background", *(f"class_{number}" for number in range(1000))]) + "\n")
    return "made-up names of classes"


def _class_index(path: str, _name: str) -> str:
    index = {str(number): [f"n{number:08d}", f"class_{number}"] for number in range(1000)}
    _write(path, json.dumps(index))
    return "made-up names of 1000 classes"


def _word_index(path: str, name: str) -> str:
    words = datasets.REUTERS_WORDS if "reuters" in name.lower() else datasets.IMDB_WORDS
    _write(path, json.dumps(datasets.word_index(words)))
    return "made-up words and their numbers"


def _arrays(path: str, name: str) -> str:
    """An archive of arrays as Keras keeps its image sets in."""
    numpy: Any = importlib.import_module("numpy")
    load = datasets.loaders()[re.sub(r"\W", "_", name[: -len(".npz")].lower())]["load_data"]
    (x_train, y_train), (x_test, y_test) = load()
    with open(path, "wb") as file:
        numpy.savez(file, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return "synthetic images"


def _table(path: str, name: str) -> str:
    _write(path, tables.content(name))
    return "a made-up table"


def _archive(path: str, name: str) -> str:
    with archives.folder(name, _image) as content:
        archives.pack(content, path, name)
    return "an archive of made-up files"


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


_MAKERS: list[tuple[str, Callable[[str, str], str]]] = [
    (r"\.(jpe?g|png|bmp|gif)$", _image),
    (r"class_index\.json$", _class_index),
    (r"word_index\.json$", _word_index),
    (r"^(fashion[-_])?mnist\.npz$", _arrays),
    (archives.KNOWN, _archive),
    (tables.KNOWN, _table),
    (r"labels\.txt$", _class_names),
    (r"\.txt$", _text),
]
