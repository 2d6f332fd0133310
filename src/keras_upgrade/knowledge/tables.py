"""Reads the data files of this package, each once and only when it is asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@cache
def load(name: str) -> Any:
    """The content of `data/<name>.json`."""
    import json  # noqa: PLC0415

    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
