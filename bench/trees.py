"""The files that are measured on: our own programs, what is named on the command line, and what is made up."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_upgrade.documents import DocumentError, load

ROOT = Path(__file__).resolve().parents[1]
OWN = ("examples", "tests/execution/whole_programs", "tests/execution/breakages")
"""Programs for Keras 2 of our own."""
_KERAS = re.compile(rb"keras|tensorflow", re.IGNORECASE)


@dataclass(frozen=True)
class Tree:
    """A folder of Python files.

    Attributes:
        folder: where it is.
        files: how many files it has.
        lines: how many lines all of them have.
        source: where they come from, in words.
    """

    folder: Path
    files: int
    lines: int
    source: str

    def copy(self, target: Path) -> Path:
        """A fresh copy for a tool that writes."""
        shutil.rmtree(target, ignore_errors=True)
        return shutil.copytree(self.folder, target)


def scripts(sources: Sequence[Path], target: Path, source: str) -> Tree:
    """Every program in some folders as a script: the others in the bench read no notebooks.

    Files that Python 3 cannot parse as a whole are left out, lest a tool be quick because it gives up.
    """
    for number, folder in enumerate(sources):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb", ".md") and path.is_file():
                text = _code(path)
                if text.strip():
                    name = "_".join(path.relative_to(folder).with_suffix("").parts)
                    _write(target / str(number) / f"{name}.py", text)
    return tree_of(target, source)


def _code(path: Path) -> str:
    try:
        document = load(path)
    except DocumentError:
        return ""
    return "" if document.problems else document.text


def mixed(source: Path, target: Path, files: int, share: int = 50) -> Tree:
    """Files of an environment's packages, one in so many of which has to do with Keras."""
    chooser = random.Random(0)
    paths = sorted(path for path in source.rglob("*.py") if path.is_file())
    chooser.shuffle(paths)
    wanted = {True: max(files // share, 1), False: files - max(files // share, 1)}
    for path in paths:
        data = path.read_bytes()
        touches = _KERAS.search(data) is not None
        if wanted[touches] and data.strip():
            wanted[touches] -= 1
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        if not any(wanted.values()):
            break
    return tree_of(target, f"{files} files of installed packages, one in {share} with Keras")


def tree_of(folder: Path, source: str) -> Tree:
    """The tree in a folder."""
    paths = list(folder.rglob("*.py"))
    return Tree(folder, len(paths), sum(path.read_bytes().count(b"\n") + 1 for path in paths), source)


# -- made up -------------------------------------------------------------------------------------------------

_HEAD = (
    "from keras import backend as K\nfrom keras.layers import Dense, Input\nfrom keras.models import Model\n"
)
_BLOCK = """

def build_{n}(size, rate=0.1):
    inputs = Input(shape=(size,))
    x = Dense({n} % 64 + 1, activation='relu')(inputs)
    outputs = Dense(1, name='out_{n}')(x)
    model = Model(input=inputs, output=outputs)
    model.compile('adam', loss=lambda y_true, y_pred: K.mean(K.square(y_true - y_pred)))
    history = model.fit(data, target, nb_epoch=2, verbose=0)
    return model, history.history['loss'][-1] * rate
"""


def one_file(lines: int, path: Path) -> None:
    """A script of so many lines."""
    blocks = max((lines - 3) // _BLOCK.count("\n"), 1)
    _write(path, _HEAD + "".join(_BLOCK.format(n=n) for n in range(blocks)))


def chain(modules: int, folder: Path) -> None:
    """A project whose modules import each other in a long chain."""
    for n in range(modules):
        following = f"from module_{n + 1:05} import build_{n + 1}\n" if n + 1 < modules else ""
        _write(folder / f"module_{n:05}.py", f"{_HEAD}{following}{_BLOCK.format(n=n)}")


def deep(folder: Path, depth: int = 2000) -> None:
    """Expressions that are nested deeply: chained calls, operators, brackets."""
    calls = "".join(f".map(f{n})" for n in range(depth))
    _write(folder / "calls.py", f"{_HEAD}data = K.zeros((2, 2))\nchained = data{calls}\n")
    operands = " + ".join(f"x{n % 7}" for n in range(depth))
    _write(folder / "operators.py", f"{_HEAD}total = K.sum({operands})\n")
    _write(folder / "brackets.py", f"{_HEAD}nested = {'[' * 90}K.zeros(1){']' * 90}\n")
    ifs = "".join(f"{' ' * n}if x:\n" for n in range(90))
    _write(folder / "blocks.py", f"{_HEAD}{ifs}{' ' * 90}K.zeros(1)\n")
    elifs = "".join(f"elif x == {n}:\n    y = K.zeros({n})\n" for n in range(depth))
    _write(folder / "branches.py", f"{_HEAD}if x:\n    pass\n{elifs}")


def many(files: int, folder: Path) -> None:
    """So many files in one tree, all of them with Keras."""
    for n in range(files):
        _write(folder / f"part_{n // 100:03}" / f"script_{n:05}.py", _HEAD + _BLOCK.format(n=n))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def own() -> Iterator[Path]:
    """The folders of our own programs."""
    return (ROOT / name for name in OWN)
