"""`python -m keras_upgrade`, and the command `keras-upgrade`."""

import gc
import sys

from keras_upgrade.cli import main


def run() -> None:
    """Runs the program as a process of its own, which ends without looking for garbage in what is left."""
    status = main()
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    run()
