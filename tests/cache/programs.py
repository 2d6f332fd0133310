"""Programs for the tests of the cache, and what a command says of them."""

from __future__ import annotations

import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from keras_upgrade.cli import main

MODEL = "from keras import backend as K\nfrom keras.layers import Dense\n\n\ndef head(x):\n    return Dense(3)(K.exp(x))\n"
SCRIPT = "import net\nfrom net import head\n\nmodel = head(1)\nmodel.fit(1, nb_epoch=2)\n"


def result(*arguments: object) -> tuple[int, str, str]:
    """What a command says."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


def settle() -> None:
    """Waits until a file that changes again gets another time."""
    time.sleep(0.03)


def databases(place: Path) -> list[Path]:
    return list(place.glob("*.db"))


def answers(*arguments: object) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    """What a command says with and without the cache."""
    return result(*arguments), result(*arguments, "--no-cache")
