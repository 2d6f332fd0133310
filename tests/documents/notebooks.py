"""Notebooks for the tests."""

import json
from collections.abc import Sequence
from typing import Any


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 3,
        "metadata": {},
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["hi\n"]}],
        "source": source,
    } | more


def prose(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more


def written(content: Any, **style: Any) -> bytes:
    """As Jupyter writes notebooks, unless `style` says otherwise."""
    style = {"indent": 1, "ensure_ascii": False} | style
    return json.dumps(content, **style).encode() + b"\n"


def of_cells(*sources: str) -> bytes:
    return written(notebook(*(code(source.splitlines(keepends=True)) for source in sources)))


def sources_of(data: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]


def lines(data: bytes) -> Sequence[bytes]:
    return data.split(b"\n")
