"""The command line: parses arguments, calls the library, prints. One module for each command.

What only one command needs is imported there, so that `--help` comes at once.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module

from keras_upgrade import __version__
from keras_upgrade.cli.command import ERROR, INTERRUPTED, NOTHING, Job, UsageError, suggestion
from keras_upgrade.report.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import Protocol

    from keras_upgrade.cli.parser import Parser

    class _Command(Protocol):
        """What the module of a command holds."""

        HELP: str

        def add_options(self, parser: Parser) -> None:
            """Adds the command's own options."""

        def run(self, job: Job) -> int:
            """Does it; gives the exit status."""


COMMANDS = ("check", "fix", "verify", "migrate", "report", "explain", "rules", "rule", "completion")
HELP = """\
keras-upgrade takes notebooks, scripts and Markdown pages written for Keras 2 to Keras 3.

usage: keras-upgrade COMMAND ...

  check PATH...    show what Keras 3 breaks, and where
  fix PATH...      change it
  verify PATH...   run programs on Keras 3, and compare with Keras 2
  migrate PATH...  fix, verify, and fix what only the run could tell: the one command
  report RUN.json  make the HTML report of a run that was saved
  explain WHAT     explain a rule (KU401), or an error message of Keras
  rules            list the rules
  rule CODE        the page of a rule
  completion SHELL what makes bash, zsh or fish complete these words

  keras-upgrade COMMAND --help    the options of a command
  keras-upgrade --version         the version

Exit status: 0 nothing to do, 1 something found or left for you, 2 an error."""


def module_of(name: str) -> _Command:
    """The module of a command."""
    command: _Command = import_module(f"keras_upgrade.cli.{name}")
    return command


def _help(name: str) -> str:
    return module_of(name).HELP if name else HELP


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    gc.set_threshold(100_000, 20, 20)  # what is imported and read stays; to look for garbage in it takes long
    console = Console()
    try:
        status = _run(console, words)
        console.flush()
    except UsageError as error:
        console.error(str(error))
        status = ERROR
    except KeyboardInterrupt:
        with suppress(Exception):
            console.note("interrupted")
        status = INTERRUPTED
    except OSError as error:
        status = _failed(console, words, error, f"cannot go on: {error}")
    except Exception as error:  # the last line of defence: a sentence, not a stack
        from keras_upgrade.documents import DocumentError  # noqa: PLC0415

        if isinstance(error, DocumentError):  # a file that changed while it was worked on
            return _failed(console, words, error, str(error))
        command = words[0] if words else "keras-upgrade"
        text = (
            f"internal error in {command}: {type(error).__name__}: {error}; please report it with --traceback"
        )
        status = _failed(console, words, error, text)
    return status


def _failed(console: Console, words: Sequence[str], error: Exception, text: str) -> int:
    if "--traceback" in words:
        import traceback  # noqa: PLC0415

        traceback.print_exception(error)
    with suppress(OSError):
        console.error(text)
    return ERROR


def _run(console: Console, words: list[str]) -> int:
    if not words:
        console.note(HELP)
        return ERROR
    first = words[0]
    if first in ("-h", "--help", "help"):
        topic = words[1] if len(words) > 1 and words[1] in COMMANDS else ""
        console.say(_help(topic))
        return NOTHING
    if first in ("--version", "-V"):
        console.say(f"keras-upgrade {__version__}")
        return NOTHING
    if first not in COMMANDS:
        what = "option" if first.startswith("-") else "command"
        known = ["--help", "--version"] if what == "option" else list(COMMANDS)
        advice = suggestion(first, known)
        if not advice and os.path.exists(first):
            advice = f"did you mean `keras-upgrade check {first}`?"
        raise UsageError(f"no {what} `{first}`; {advice or 'see keras-upgrade --help'}")
    from keras_upgrade.cli.parser import Parser  # noqa: PLC0415

    chosen = module_of(first)
    parser = Parser()
    chosen.add_options(parser)
    options, rest = _parse(parser, words[1:], first)
    if options.help:
        console.say(chosen.HELP)
        return NOTHING
    return chosen.run(Job(console, options, rest))


def _parse(parser: Parser, words: list[str], command: str) -> tuple[Namespace, list[str]]:
    """The options, and the other words; what stands behind `--` is no option."""
    end = words.index("--") if "--" in words else len(words)
    head = words[:end]
    for number, word in enumerate(head):
        if word == "--summary":  # its FILE comes after a `=`, lest a program be taken for it
            head[number] = "--summary=-"
            following = head[number + 1 : number + 2]
            if following and not following[0].startswith("-") and not os.path.lexists(following[0]):
                name = following[0]
                raise UsageError(f"{name} does not exist; to write the summary into it, say --summary={name}")
    options, rest = parser.parse_known_args(head)
    for word in rest:
        if word.startswith("-") and word != "-":
            known = [name for action in parser._actions for name in action.option_strings]
            advice = suggestion(word.partition("=")[0], known) or f"see keras-upgrade {command} --help"
            raise UsageError(f"{command} has no option `{word}`; {advice}")
    return options, rest + words[end + 1 :]
