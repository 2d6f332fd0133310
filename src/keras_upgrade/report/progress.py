"""A progress bar on the terminal, for work that lasts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

MANY = 20
"""With fewer files than this there is nothing to wait for."""
_PATIENCE = 0.5


def track[T](items: Sequence[T], label: str) -> Iterator[T]:
    """The items, with a bar on standard error once they have taken half a second."""
    if len(items) <= MANY or not sys.stderr.isatty():
        yield from items
        return
    start = time.monotonic()
    done, rest = 0, iter(items)
    for item in rest:
        yield item
        done += 1
        if time.monotonic() - start > _PATIENCE:
            break
    if done == len(items):
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=len(items), completed=done)
        for item in rest:
            yield item
            bar.advance(task)


@contextmanager
def counting(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Gives what is told how many more are done, with a bar on standard error once they have taken half a second."""
    if total <= MANY or not sys.stderr.isatty():
        yield lambda _: None
        return
    start, done = time.monotonic(), 0
    with ExitStack() as shown:
        move: Callable[[int], None] | None = None

        def advance(more: int) -> None:
            nonlocal move, done
            done += more
            if move is not None:
                move(more)
            elif time.monotonic() - start > _PATIENCE:
                move = _bar(shown, total, label, done)

        yield advance


def _bar(shown: ExitStack, total: int, label: str, done: int) -> Callable[[int], None]:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    bar = shown.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = bar.add_task(label, total=total, completed=done)
    return lambda more: bar.advance(task, more)


@contextmanager
def busy(count: int, label: str) -> Iterator[None]:
    """A spinner on standard error while something runs that does not say how far it is."""
    if count <= MANY or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status(label):
        yield
