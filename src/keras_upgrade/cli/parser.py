"""Takes the options of a call apart."""

from __future__ import annotations

import argparse

from keras_upgrade.cli.command import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def _formatter(prog: str) -> argparse.HelpFormatter:
    """What argparse asks about each option; told how wide the terminal is, it does not look for that."""
    return argparse.HelpFormatter(prog, width=80)


class Parser(argparse.ArgumentParser):
    """Takes the options; what is left over are the paths."""

    def __init__(self) -> None:
        super().__init__(
            add_help=False, allow_abbrev=False, argument_default=None, formatter_class=_formatter
        )
        self.add_argument("-h", "--help", action="store_true")
        self.add_argument("--traceback", action="store_true")

    def error(self, message: str) -> NoReturn:
        """Called by argparse for wrong arguments."""
        raise UsageError(message)
