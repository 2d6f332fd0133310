"""Takes Keras 2 / TensorFlow 1.x-2.x programs to Keras 3."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` would cost start-up time
if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext keras_upgrade`: adds `%keras_upgrade` and `%%keras3` to a session of IPython or Jupyter."""
    from keras_upgrade.jupyter.magics import load  # noqa: PLC0415

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%unload_ext keras_upgrade`."""
    from keras_upgrade.jupyter.magics import unload  # noqa: PLC0415

    unload(shell)
