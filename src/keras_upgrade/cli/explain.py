"""`keras-upgrade explain`: explains a rule or an error message."""

from __future__ import annotations

import sys

from keras_upgrade.cli.command import NOTHING, SOMETHING, Job, UsageError
from keras_upgrade.cli.rule import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser

HELP = """\
usage: keras-upgrade explain KU401
       keras-upgrade explain "AttributeError: module 'keras.backend' has no attribute 'exp'"
       python train.py 2>&1 | keras-upgrade explain

Explains a rule, given its code or name, or an error message or a whole traceback, given here or on standard
input.

  -h, --help        show this help

Exit status: 0 explained, 1 nothing is known about it, 2 an error."""


def add_options(_: Parser) -> None:
    """It has none of its own."""


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    text = " ".join(job.rest)
    if text in ("", "-"):
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "explain what? Give a rule (KU401), or an error message, here or on standard input"
            )
        text = _standard_input()
    from keras_upgrade import explain  # noqa: PLC0415

    page = explain.page(text)
    if page is not None:
        show(job.console, page)
        return NOTHING
    answer = explain.answer(text)
    job.console.say(answer.text)
    return NOTHING if answer.known else SOMETHING


def _standard_input() -> str:
    buffer = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read() if buffer is None else buffer.read().decode("utf-8", "replace")
