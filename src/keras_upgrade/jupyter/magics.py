"""`%keras_upgrade` and `%%keras3`, as IPython knows them."""

# mypy: disable-error-code="no-untyped-call,untyped-decorator"
# (the decorators of IPython have no types)

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import display

from keras_upgrade import engine
from keras_upgrade.cli import command
from keras_upgrade.cli.choosing import configure, rule_options, rules_of
from keras_upgrade.cli.parser import Parser
from keras_upgrade.jupyter.cell import migrate
from keras_upgrade.jupyter.display import Found, Shown
from keras_upgrade.jupyter.session import Ran, cells, notebook
from keras_upgrade.options import Options
from keras_upgrade.report.console import Console


@magics_class
class KerasUpgrade(Magics):
    """The magics, and what they remember of the session."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._running: str | None = None  # if the history does not get it
        self._ids: dict[int, str] = {}
        self._replaced: dict[str, int] = {}

    def remember(self, info: ExecutionInfo) -> None:
        """Notes which cell is about to run, where the frontend tells it."""
        self._running = info.raw_cell if not info.store_history else None
        cell = getattr(info, "cell_id", None)  # old releases do not know it
        if info.store_history and cell:
            self._ids[len(self._history)] = cell

    @line_magic
    def keras_upgrade(self, line: str) -> None:
        """Shows what Keras 3 breaks in the cells so far.

        Options, as of `keras-upgrade check`: --select CODES, --ignore CODES, --target 3.N, --keep-tf-keras, --config FILE,
        --isolated. The settings of the `pyproject.toml` of the working folder hold.
        """
        with _told():
            _, chosen = _options(line)
            ran = self._ran()
            (outcome,) = engine.check([notebook(ran)], chosen)
        display(Found(outcome, ran))

    @cell_magic
    def keras3(self, line: str, _cell: str) -> None:
        """Shows the code below as it has to be on Keras 3, and does not run it.

        What the cells before import and define is known, also of cells that were only shown in this way.

        --replace       put the new code in place of the old, for you to run
        --safe-only     leave out changes that are right only under an assumption

        Further options are those of `%keras_upgrade`.
        """
        with _told():
            options, chosen = _options(line, "--replace", "--safe-only")
            ran = self._ran()
            number = len(self._inputs) - 1
            migrated = migrate(ran, number, chosen)
        display(Shown(migrated))
        if options.replace and migrated.after != migrated.before:
            self._replaced[migrated.after.strip()] = number
            self._session.set_next_input(migrated.after.rstrip("\n"), replace=True)

    @property
    def _session(self) -> InteractiveShell:
        return cast(InteractiveShell, self.shell)

    @property
    def _history(self) -> list[str]:
        """What was run, by number, as it was typed."""
        manager = self._session.history_manager
        assert manager is not None
        return cast(list[str], manager.input_hist_raw)

    @property
    def _inputs(self) -> list[str]:
        return [*self._history, *([] if self._running is None else [self._running])]

    def _ran(self) -> list[Ran]:
        return cells(self._inputs, self._ids, self._replaced)


def _options(line: str, *flags: str) -> tuple[Namespace, Options]:
    """The options of a magic, and what they and the settings of the project say to the rules."""
    parser = Parser()
    rule_options(parser)
    for flag in flags:
        parser.add_argument(flag, action="store_true")
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise command.UsageError(f"{line}: {error}") from None
    job = command.Job(Console(), parser.parse_args(words), [])
    if job.options.help:
        raise command.UsageError("`%keras_upgrade?` and `%%keras3?` show the options")
    configure(job, Path())
    return job.options, rules_of(job)


@contextmanager
def _told() -> Iterator[None]:
    """Says an error in one sentence, as the magics of IPython do."""
    try:
        yield
    except command.UsageError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"cannot go on: {error}") from error
    except Exception as error:
        text = f"internal error: {type(error).__name__}: {error}; please report it with the code of the cell"
        raise UsageError(text) from error


def load(shell: InteractiveShell) -> None:
    """Adds the magics to a session."""
    magics = KerasUpgrade(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.remember)


def unload(shell: InteractiveShell) -> None:
    """Takes the magics away again."""
    magics = shell.magics_manager.registry.pop(KerasUpgrade.__name__)
    for kind, name in (("line", "keras_upgrade"), ("cell", "keras3")):
        del shell.magics_manager.magics[kind][name]
    shell.events.unregister("pre_run_cell", magics.remember)
