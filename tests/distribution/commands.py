"""Running commands as a user does."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
UV = (sys.executable, "-m", "uv")
OLD = "from keras import backend as K\n\n\ndef size(x):\n    return K.sum(K.square(x))\n"
NEW = "import keras\n\n\ndef size(x):\n    return keras.ops.sum(keras.ops.square(x))\n"


def run(
    *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, status: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """Runs a command, away from this source tree; what it prints comes as one text.

    Args:
        command: the command and its arguments.
        cwd: the folder to run it in.
        env: further environment variables.
        status: the exit status that it has to have; any, if None.
    """
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**variables, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert status is None or done.returncode == status, f"{command} gave {done.returncode}:\n{done.stdout}"
    return done
