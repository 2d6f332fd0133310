"""The files of a whole tree: programs are loaded, analysed and let go of one by one, or on several processors.

What earlier runs have found in programs that are still the same is not looked for again. What is held to the end is what
there is to say, and the texts of the files that changed.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from keras_upgrade.analysis.places import Files
from keras_upgrade.catalogue import ROOM, Catalogue
from keras_upgrade.documents import Document, DocumentError, Unread, load
from keras_upgrade.facts import DocumentFacts
from keras_upgrade.grouping import Programs
from keras_upgrade.options import Options
from keras_upgrade.outcomes import NOTHING, Found, KeptOutcome, Outcome
from keras_upgrade.records import dataclass
from keras_upgrade.working import Working

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from keras_upgrade.cache.memory import Lookups, Memory
    from keras_upgrade.pool import Crash

SHARED = 400_000
"""So many characters of code for each process are worth starting it: each imports the rules for itself."""


@dataclass(frozen=True)
class Work:
    """What is done to each program.

    Attributes:
        command: whether breakages are to be found, or mended.
        options: the rules.
        with_edits: see `engine.check`.
    """

    command: Literal["check", "fix"]
    options: Options
    with_edits: bool = False


@dataclass(frozen=True)
class Task:
    """A program to work on: its documents, the files that use them, and how many characters it has."""

    paths: tuple[Path, ...]
    users: tuple[Path, ...]
    size: int


@dataclass(frozen=True)
class Done:
    """A program that has been worked on.

    Attributes:
        outcomes: of each document what was found, or all that happened to it if it changed.
        lookups: the modules that were looked for.
        since: when it began, in nanoseconds.
    """

    outcomes: Sequence[Found | Outcome]
    lookups: Lookups
    since: int


@dataclass
class Tree:
    """The files of a run.

    Attributes:
        paths: all files.
        members: what is known of those that have been read.
        catalogue: what is known of any file.
        memory: what earlier runs have found.
        jobs: how many processes may work.
    """

    paths: Sequence[Path]
    members: Mapping[Path, DocumentFacts]
    catalogue: Catalogue
    memory: Memory | None = None
    jobs: int = 1

    def document(self, path: Path) -> Document:
        """The document in a file, whose text is read should it be asked for."""
        facts, content = self.members.get(path), self.catalogue.content(path)
        if facts is None or content is None:
            return Unread(path)
        return Unread(
            path,
            digest=content.digest,
            kind=facts.kind,
            problems=facts.problems,
            is_plain=facts.is_plain,
        )


def work_through(tree: Tree, work: Work, advance: Callable[[int], None] = lambda _: None) -> list[Outcome]:
    """Checks or migrates the files of a tree.

    Args:
        tree: the files.
        work: what to do.
        advance: told how many files more are done.

    Returns:
        What happened to each file, in their order.
    """
    programs = Programs(tree.paths, tree.members, tree.catalogue.content)
    known: dict[Path, Found | Outcome] = {}
    tasks: list[Task] = []
    for group in programs.groups:
        task = Task(
            tuple(group), tuple(programs.users_of(group)), sum(tree.members[path].size for path in group)
        )
        found = _remembered(tree, work, task, programs.files)
        if found is None:
            tasks.append(task)
        else:
            known.update(zip(group, found, strict=True))
    wanted = {path for task in tasks for path in task.paths}
    for path in tree.paths:
        if path not in wanted:
            tree.catalogue.forget(path)
    advance(len(tree.paths) - len(wanted))
    for number, done in _all_done(tree, work, tasks):
        task = tasks[number]
        _remember(tree, work, task, done)
        known.update(zip(task.paths, done.outcomes, strict=True))
        advance(len(task.paths))
    return [_outcome(tree, path, known.get(path)) for path in tree.paths]


def _outcome(tree: Tree, path: Path, found: Found | Outcome | None) -> Outcome:
    if isinstance(found, Outcome):
        return found
    document = tree.document(path)
    return (
        Outcome(document, document)
        if found is None
        else KeptOutcome(document, found, tree.members[path].size)
    )


# -- doing it ------------------------------------------------------------------------------------------------------


def _all_done(tree: Tree, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Done]]:
    """Works on the programs; gives the number of each when it is done."""
    size = sum(task.size for task in tasks)
    jobs = min(tree.jobs, len(tasks), size // SHARED)
    if jobs < 2:
        worker = _Worker(work, tree.catalogue.take, is_short=size < ROOM)
        with Working() as working:
            for number, task in enumerate(tasks):
                yield number, worker.done(task)
                working.worked(task.size)
        return
    from keras_upgrade import engine, pool  # noqa: F401, PLC0415  # what the copies of this process need as well

    _Inherited.catalogue = tree.catalogue
    gc.freeze()  # copies of this process share what none of them looks through
    try:
        sizes = [task.size for task in tasks]
        for number, answer in pool.shared(tasks, sizes, partial(_done_apart, work), jobs):
            yield number, _lost(tasks[number], answer) if isinstance(answer, pool.Crash) else answer
    finally:
        _Inherited.catalogue = None
        gc.unfreeze()


class _Worker:
    """Works on programs, one after the other.

    Arguments:
        work: what is done to them.
        take: gives the document in a file.
        is_short: whether there are so few that all may be held.
    """

    def __init__(self, work: Work, take: Callable[[Path], Document], *, is_short: bool = False) -> None:
        self._work, self._take, self._is_short = work, take, is_short
        self._files = Files()

    def done(self, task: Task) -> Done:
        """Works on a program; lets go of the text of what did not change."""
        from keras_upgrade import engine  # noqa: PLC0415

        since, work, files = time.time_ns(), self._work, self._files.again()
        try:
            documents = [self._take(path) for path in task.paths]
        except DocumentError as error:  # it was there a moment ago
            return Done([_failed(str(error)) for _ in task.paths], {}, 0)
        group = [Outcome(document, document) for document in documents]
        if work.command == "check":
            engine.check_together(group, task.users, files, work.options, with_edits=work.with_edits)
        else:
            engine.migrate_together(group, task.users, files, work.options)
        for outcome in group:
            outcome.before.forget_tree()
            outcome.document.forget_tree()
        if self._is_short:
            return Done(group, files.found, since)
        return Done([one if one.changed else Found.of(one) for one in group], files.found, since)


class _Inherited:
    """What a process that is a copy of another one has from it, and what it keeps between two tasks."""

    catalogue: Catalogue | None = None
    worker: _Worker | None = None
    working: Working | None = None


def _done_apart(work: Work, task: Task) -> Done:
    """Works on a program in a process that does nothing else."""
    if _Inherited.worker is None or _Inherited.working is None:
        _Inherited.working = Working().__enter__()
        _Inherited.worker = _Worker(work, load if _Inherited.catalogue is None else _Inherited.catalogue.take)
    done = _Inherited.worker.done(task)
    _Inherited.working.worked(task.size)
    return done


def _failed(reason: str) -> Found:
    return Found([reason], False, [], NOTHING, NOTHING)


def _lost(task: Task, crash: Crash) -> Done:
    """What there is to say of a program at whose analysis a process came to its end."""
    others = len(task.paths) - 1
    together = f" together with {others} more" if others else ""
    return Done([_failed(f"the process that read it{together} {crash.reason}") for _ in task.paths], {}, 0)


# -- what earlier runs have found ----------------------------------------------------------------------------------


def _key(tree: Tree, work: Work, task: Task) -> str:
    from keras_upgrade.cache.memory import key_of  # noqa: PLC0415

    return key_of(repr(work), task.paths, task.users, tree.catalogue)


def _remembered(tree: Tree, work: Work, task: Task, files: Files) -> Sequence[Found] | None:
    """What an earlier run has found in a program that is still the same."""
    if tree.memory is None:
        return None
    return tree.memory.found(_key(tree, work, task), len(task.paths), files, tree.catalogue)


def _remember(tree: Tree, work: Work, task: Task, done: Done) -> None:
    """Keeps what was found in a program, if nothing is to be written, and nothing went wrong."""
    if tree.memory is None or not done.since:
        return
    if any(one.failures or (isinstance(one, Outcome) and one.changed) for one in done.outcomes):
        return
    if tree.catalogue.is_unchanged((*task.paths, *task.users), done.since):
        found = [one if isinstance(one, Found) else Found.of(one) for one in done.outcomes]
        tree.memory.keep_found(_key(tree, work, task), found, done.lookups, tree.catalogue, done.since)
