"""Long training loops, cut to a few rounds while the source on disk stays as it is.

Each `for` and `while` of the program is given a guard when it is compiled. The guard only counts, until it sees
rounds in which a model was at work; then it lets a few of them pass and goes on to the last round, if it knows
which that is: there programs print, plot and save.

Loops with a `yield` have no guard: what works between their rounds is somebody else's loop.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import threading
import time
from typing import Any, Iterable, Iterator

from . import notes

REAL_ROUNDS = 5
"""Rounds of a loop in which models really work; after these it is cut."""
ROUNDS = 500
"""Rounds in which models are called at all, be they only answered from memory (see `smoke`)."""
SECONDS = 20.0
"""After this long a loop with models at work is cut in any case; of two runs that are compared, the first decides."""

_FOR, _WHILE = "__keras_upgrade_rounds__", "__keras_upgrade_while__"


class _Work(threading.local):
    """What models did so far, in this thread: others may only fetch data for it."""

    worked = 0
    answered = 0


_work = _Work()


def model_worked() -> None:
    """Tell the guards that a model computed something."""
    _work.worked += 1


def model_answered() -> None:
    """Tell the guards that a model was called and answered with an earlier result."""
    _work.answered += 1


class _Clock:
    """Which loops take too long, by the order in which models came to work in them.

    How many rounds fit into a time depends on the machine and on what else it does. The second of two runs that are
    compared has no clock of its own, but stops where the first one did.
    """

    def __init__(self) -> None:
        self._loops = 0
        self._told: str | None = None
        self._others: dict[int, int] | None = None

    def agree(self, tell: str | None, follow: str | None) -> None:
        """Begin a run: `tell` is the folder to leave word in for the other run, `follow` where that has left it."""
        self._loops = 0
        self._told = os.path.join(tell, _CUTS) if tell else None
        self._others = None if not follow else _read_cuts(os.path.join(follow, _CUTS))

    def number(self) -> int:
        """The number of a loop in which a model works for the first time."""
        self._loops += 1
        return self._loops

    def is_up(self, loop: int, done: int, start: float) -> bool:
        """Whether a loop that began at `start` ends after `done` rounds."""
        if self._others is not None:
            return done >= self._others.get(loop, done + 1)
        if time.monotonic() - start <= SECONDS:
            return False
        if self._told is not None:
            with open(self._told, "a", encoding="utf-8") as file:
                file.write(json.dumps([loop, done]) + "\n")
        return True


def _read_cuts(path: str) -> dict[int, int]:
    if not os.path.exists(path):  # no loop took too long
        return {}
    with open(path, encoding="utf-8") as file:
        return dict(json.loads(line) for line in file)


_CUTS = "loops-cut-by-the-clock"
_clock = _Clock()
agree = _clock.agree


def guard(tree: ast.Module, place: str) -> ast.Module:
    """Put guards on the loops of a program.

    Args:
        tree: the program; changed in place.
        place: how to name it in the report, such as `cell 5`.
    """
    vars(builtins)[_FOR], vars(builtins)[_WHILE] = _rounds, _While
    guarded = _Guards(place).visit(tree)
    ast.fix_missing_locations(guarded)
    result: ast.Module = guarded
    return result


class _Guards(ast.NodeTransformer):
    def __init__(self, place: str) -> None:
        self._place = place
        self._loops = 0

    def _name(self, node: ast.For | ast.While) -> ast.expr:
        return ast.copy_location(ast.Constant(f"{self._place}, line {node.lineno}"), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Functions that Numba compiles are left alone: it knows no guards."""
        if any("jit" in ast.dump(decorator) for decorator in node.decorator_list):
            return node
        return self.generic_visit(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        """`for x in y` becomes `for x in guard(y)`."""
        self.generic_visit(node)
        if _yields(node):
            return node
        call = ast.Call(ast.Name(_FOR, ast.Load()), [node.iter, self._name(node)], [])
        node.iter = ast.copy_location(call, node.iter)
        return node

    def visit_While(self, node: ast.While) -> ast.AST | list[ast.stmt]:
        """`while x` becomes `while x and guard.goes_on()`, with a guard of its own for each time it is entered."""
        self.generic_visit(node)
        if _yields(node):
            return node
        self._loops += 1
        name = f"{_WHILE}{self._loops}"
        made = ast.Call(ast.Name(_WHILE, ast.Load()), [self._name(node)], [])
        entry = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], made), node)
        goes_on = ast.Call(ast.Attribute(ast.Name(name, ast.Load()), "goes_on", ast.Load()), [], [])
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [node.test, goes_on]), node.test)
        return [entry, node]


def _yields(node: ast.AST) -> bool:
    """Whether a `yield` or `await` of the function around it is in there."""
    if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
        return True
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    return any(_yields(child) for child in ast.iter_child_nodes(node) if not isinstance(child, inner))


class _Count:
    """What models did during the rounds of one loop."""

    def __init__(self) -> None:
        self.done = 0
        self._real = self._any = 0
        self._start = time.monotonic()
        self._seen = (_work.worked, _work.answered)
        self._number = 0

    def is_enough(self) -> bool:
        """To be asked after each round."""
        self.done += 1
        now = (_work.worked, _work.answered)
        if now == self._seen:
            return False
        self._real += now[0] != self._seen[0]
        self._any += 1
        self._seen = now
        self._number = self._number or _clock.number()
        if self._real >= REAL_ROUNDS or self._any >= ROUNDS:
            return True
        return _clock.is_up(self._number, self.done, self._start)


def _rounds(items: Iterable[Any], place: str) -> Iterator[Any]:
    """The items of a loop, fewer of them if models work in it."""
    count = _Count()
    for item in items:
        yield item
        if count.is_enough():
            last = _last(items, count.done)
            if last is not None:
                yield last[0]
                _tell(place, count.done + 1, _length(items))
            elif _length(items) != count.done:
                _tell(place, count.done, _length(items))
            return


def _last(items: Any, done: int) -> tuple[Any] | None:
    """The last of the items, if there is one to come and they can be had out of turn."""
    if isinstance(items, (range, list, tuple)) and len(items) > done:
        return (items[-1],)
    return None


def _length(items: Any) -> int | None:
    try:
        return len(items)
    except (TypeError, AttributeError, ValueError, NotImplementedError):
        return None


class _While:
    """The guard of one `while`, from its entry on."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._count: _Count | None = None

    def goes_on(self) -> bool:
        """Whether another round is due; asked before each of them."""
        if self._count is None:
            self._count = _Count()
        elif self._count.is_enough():
            _tell(self._place, self._count.done, None)
            return False
        return True


def _tell(place: str, done: int, of: int | None) -> None:
    all_of_them = "" if of is None else f" of {of}"
    notes.note("cut", f"loop at {place}: {done}{all_of_them} rounds")
