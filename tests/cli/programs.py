"""Programs to migrate, and what comes of running the command on them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BACKEND = "from keras import backend as K\n\n\ndef size(x):\n    return K.sum(K.square(x))\n"
BACKEND_3 = "import keras\n\n\ndef size(x):\n    return keras.ops.sum(keras.ops.square(x))\n"
REVIEW = "from keras import backend as K\n\n\ndef root(x):\n    return K.sqrt(x)\n"
ADVICE = "from keras import backend as K\n\n\ndef slope(y, x):\n    return K.gradients(y, x)\n"
RIGHT = "import keras\n\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"


@dataclass
class Run:
    """What one call of the command did."""

    status: int
    out: str
    err: str


type Command = Callable[..., Run]


def notebook(*cells: str, outputs: list[Any] | None = None, markdown: str = "# A chapter") -> str:
    """A notebook with a cell of Markdown and then cells of code, so that these count from 1."""
    content: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": [markdown]}]
    for source in cells:
        content.append(
            {
                "cell_type": "code",
                "execution_count": 3,
                "metadata": {},
                "outputs": outputs or [],
                "source": source.splitlines(keepends=True),
            }
        )
    return json.dumps({"cells": content, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def sources(path: Path) -> list[str]:
    """The code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
