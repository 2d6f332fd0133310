"""`%keras_upgrade` and `%%keras3`, as IPython knows them."""

# mypy: disable-error-code="no-untyped-call,untyped-decorator"
# (the decorators of IPython have no types)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import display

from keras_upgrade import engine
from keras_upgrade.jupyter.cell import migrate
from keras_upgrade.jupyter.display import Found, Shown
from keras_upgrade.jupyter.session import Ran, cells, notebook
from keras_upgrade.rules import Options, all_rules


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
        if info.store_history and info.cell_id:
            self._ids[len(self._history)] = info.cell_id

    @magic_arguments()
    @argument(
        "--select", nargs="+", default=[], metavar="CODE", help="only these rules, or families of rules (KU3)"
    )
    @argument("--keep-tf-keras", action="store_true", help="count `tf.keras` as right where it still works")
    @line_magic
    def keras_upgrade(self, line: str) -> None:
        """Shows what Keras 3 breaks in the cells that ran so far."""
        options = parse_argstring(self.keras_upgrade, line)
        select = tuple(code.upper() for code in options.select)
        for code in select:
            if not any(rule.code.startswith(code) for rule in all_rules()):
                raise UsageError(f"there is no rule `{code}`; `!keras-upgrade rules` lists them")
        with _told():
            ran = self._ran()
            (outcome,) = engine.check(
                [notebook(ran)], Options(keep_tf_keras=options.keep_tf_keras, select=select)
            )
        display(Found(outcome, ran))

    @magic_arguments()
    @argument("--replace", action="store_true", help="put the new code in place of the old, for you to run")
    @argument(
        "--safe-only", action="store_true", help="leave out changes that are right only under an assumption"
    )
    @argument("--keep-tf-keras", action="store_true", help="keep `tf.keras` where it still works")
    @cell_magic
    def keras3(self, line: str, _cell: str) -> None:
        """Shows the code below as it has to be on Keras 3, and does not run it.

        What the cells before import and define is known, also of cells that were only shown in this way.
        """
        options = parse_argstring(self.keras3, line)
        with _told():
            ran = self._ran()
            number = len(self._inputs) - 1
            chosen = Options(safe_only=options.safe_only, keep_tf_keras=options.keep_tf_keras)
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


@contextmanager
def _told() -> Iterator[None]:
    """Says an error in one sentence, as the magics of IPython do."""
    try:
        yield
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
