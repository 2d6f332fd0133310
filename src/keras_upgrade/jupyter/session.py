"""The cells that a session has run so far, as a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from keras_upgrade.documents import Document, loads
from keras_upgrade.records import dataclass

NAME = "notebook.ipynb"
"""What the notebook is called: the kernel does not know its file."""


@dataclass(frozen=True)
class Ran:
    """A cell that was run.

    Attributes:
        number: of its last run, as in `In [number]`.
        source: its code in that run, magics included.
    """

    number: int
    source: str


def cells(inputs: Sequence[str], ids: Mapping[int, str], replaced: Mapping[str, int]) -> list[Ran]:
    """The cells of a session, each as it ran last, where it ran first.

    A cell that was run again is known by its id, where the frontend tells it, or by the same code.

    Args:
        inputs: what was run, by number; the first is number 0.
        ids: the ids of cells, by number.
        replaced: code that `%%keras3 --replace` wrote, and the number of the cell that it came from.
    """
    order: dict[object, Ran] = {}
    same: dict[str, object] = {}
    for number, source in enumerate(inputs):
        code = source.strip()
        if not code:
            continue
        key = ids.get(number) or same.get(code, number)
        if code in replaced:
            old = inputs[replaced[code]].strip()
            key = ids.get(number) or same.get(old, number)
        same[code] = key
        order[key] = Ran(number, source)
    return list(order.values())


def notebook(ran: Sequence[Ran]) -> Document:
    """The cells as a notebook in the working folder, whose modules they can import.

    The index of a cell in the document is its place in `ran`.
    """
    content = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.source} for cell in ran]
    text = json.dumps({"cells": content, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return loads(text, "notebook", Path(NAME))
