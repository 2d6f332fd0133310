"""Guards on loops change nothing in programs without models, and cut the loops in which models work."""

import ast
import contextlib
import io
import linecache
import threading
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.verify.inside import loops, notes


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], int]:
    """The notes of this test."""
    fresh: dict[tuple[str, str], int] = {}
    monkeypatch.setattr(notes, "_notes", fresh)
    return fresh


def execute(source: str, guarded: bool, **names: Any) -> tuple[str, dict[str, Any], str]:
    """What a program prints, the variables it leaves, and the traceback that it ends with."""
    file = "<program>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    tree = ast.parse(source, file)
    if guarded:
        tree = loops.guard(tree, "cell 1")
    namespace: dict[str, Any] = {"__name__": "__main__", **names}
    printed = io.StringIO()
    said = ""
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(tree, file, "exec", dont_inherit=True), namespace)
        except Exception as error:
            told = traceback.TracebackException.from_exception(error)
            told.stack[:] = [frame for frame in told.stack if frame.filename == file]
            said = "".join(told.format())
    kept = {
        name: repr(value)
        for name, value in namespace.items()
        if not name.startswith("__") and not callable(value)
    }
    return printed.getvalue(), {name: value for name, value in kept.items() if " at 0x" not in value}, said


PROGRAMS = {
    "for else": "for i in range(3):\n    pass\nelse:\n    print('else', i)\nfor i in []:\n    pass\nelse:\n    print('e')",
    "for break": "for i in range(9):\n    if i == 4:\n        break\nelse:\n    print('no')\nprint(i)",
    "for continue": "for i in range(5):\n    if i % 2:\n        continue\n    print(i)",
    "while else": "i = 0\nwhile i < 3:\n    i += 1\nelse:\n    print('else', i)",
    "while break": "i = 0\nwhile True:\n    i += 1\n    if i > 700:\n        break\nelse:\n    print('no')",
    "while not a bool": "items = [1, 2, 3]\nwhile items:\n    print(items.pop())",
    "while assignment": "it = iter([1, 2, 0, 3])\nwhile x := next(it):\n    print(x)",
    "nested": "for a in range(3):\n    b = 0\n    while b < a:\n        for c in 'xy':\n            print(a, b, c)\n"
    "        b += 1",
    "containers": "d = {'a': 1, 'b': 2}\nfor k in d: print(k)\nfor k, v in d.items(): print(k, v)\n"
    "for i, (a, b) in enumerate(zip([1, 2], 'xy')): print(i, a, b)\nfor x in {5}: print(x)\nfor c in 'ab': print(c)\n"
    "for *a, b in [(1, 2, 3)]: print(a, b)",
    "iterator goes on": "it = iter(range(9))\nfor x in it:\n    if x == 3: break\nprint(list(it))",
    "generator goes on": "g = (x * x for x in range(5))\nfor x in g:\n    if x == 4: break\nprint(next(g))",
    "list grows": "a = [1]\nfor x in a:\n    if len(a) < 6: a.append(x * 2)\nprint(a)",
    "list shrinks": "a = [1, 2, 3, 4]\nfor x in a:\n    a.remove(x)\nprint(a)",
    "dictionary changes": "d = {1: 1}\nfor k in d:\n    d[k + 1] = 1",
    "generator": "def g():\n    n = 0\n    while True:\n        n += 1\n        got = yield n\n        if got: n = got\n"
    "it = g()\nprint(next(it), next(it), it.send(10))\nit.close()",
    "generator cleans up": "def g():\n    try:\n        for i in range(9): yield i\n    finally: print('closed')\n"
    "for x in g():\n    if x == 2: break\nprint('end')",
    "yield from": "def g():\n    for i in range(3):\n        yield from range(i)\nprint(list(g()))",
    "comprehensions": "print([x for x in range(3)], {x: y for x, y in zip('ab', 'cd')}, sum(x for x in (1, 2)))",
    "no loop variable": "for i in ():\n    pass\nprint(i)",
    "not iterable": "x = 1\n\nfor i in 5:\n    pass",
    "condition raises": "x = 0\n\nwhile 1 / x:\n    pass",
    "iterator raises": "def g():\n    yield 1\n    raise KeyError('k')\nfor i in g():\n    print(i)",
    "body raises": "def f(n):\n    for i in range(n):\n        if i == 2:\n            raise ValueError(i)\nf(5)",
    "caught in a loop": "for i in range(3):\n    try:\n        1 / (i - 1)\n    except ZeroDivisionError as error:\n"
    "        print(i, error)\n    finally:\n        print('f')",
    "return from a loop": "def f():\n    for i in range(9):\n        while True:\n            if i == 3: return i\n"
    "            break\nprint(f())",
    "class body": "class A:\n    total = 0\n    for i in range(4):\n        total += i\n    while total > 3:\n"
    "        total -= 1\nprint(A.total, A.i)",
    "methods": "class A:\n    def __f(self):\n        n = 0\n        while n < 3: n += 1\n        return n\n"
    "    def f(self): return self.__f()\nprint(A().f())",
    "decorators and docstrings": "import functools\ndef d(f):\n    @functools.wraps(f)\n    def g(*a):\n"
    "        return f(*a)\n    return g\n@d\ndef f(x):\n    'Doc.'\n    for i in x: print(i)\n    return 1 / 0\n"
    "print(f.__doc__, f.__name__, f.__code__.co_firstlineno)\nf([1])",
    "global and nonlocal": "n = 0\ndef f():\n    global n\n    m = 0\n    def g():\n        nonlocal m\n"
    "        while m < 3: m += 1\n    g()\n    for n in range(4): pass\n    return m\nprint(f(), n)",
    "lambda and closures": "fs = []\nfor i in range(3): fs.append(lambda i=i: i)\nprint([f() for f in fs])",
    "async": "import asyncio\nasync def a():\n    for i in range(2):\n        await asyncio.sleep(0)\n        print(i)\n"
    "    async def g():\n        for i in range(2): yield i\n    async for x in g(): print(x)\n"
    "asyncio.run(a())",
    "iterable of our own": "class R:\n    def __init__(self): self.n = 0\n    def __len__(self): raise RuntimeError\n"
    "    def __getitem__(self, i):\n        if i > 2: raise IndexError\n        return i\nfor x in R(): print(x)",
    "deep recursion": "def f(n):\n    for _ in range(1):\n        return f(n - 1) if n else 0\nprint(f(200))",
    "delete the variable": "for i in range(3):\n    del i\nprint('i' in globals())",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_without_models_nothing_changes(name: str, told: dict[tuple[str, str], int]) -> None:
    expected = execute(PROGRAMS[name], guarded=False)
    assert execute(PROGRAMS[name], guarded=True) == expected
    assert expected[0] or expected[1] or expected[2]
    assert told == {}


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0, looping: bool = False) -> list[str]:
    """The lines of a random program that ends."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = ["count", "print"] + ["if"] * (depth < 3) + ["for", "while", "try"] * (depth < 3)
        if looping:
            kinds += ["break", "continue"]
        kind = draw(st.sampled_from(kinds))
        loop = looping or kind in ("for", "while")
        inner = ["    " + line for line in draw(blocks(depth + 1, loop))] if depth < 3 else ["    pass"]
        number, name = draw(st.integers(0, 4)), f"v{depth}"
        if kind == "count":
            lines.append(f"n += {number}")
        elif kind == "print":
            lines.append(f"print(n, {number})")
        elif kind == "if":
            lines += [f"if n % {number + 1}:", *inner]
        elif kind == "for":
            items = draw(
                st.sampled_from(
                    [f"range({number})", f"iter([{number}, n])", f"{{n: 1, {number}: 2}}", "'ab'"]
                )
            )
            lines += [f"for {name} in {items}:", "    n += 1", *inner]
            lines += draw(st.sampled_from([[], ["else:", "    n += 7"]]))
        elif kind == "while":
            lines += [f"{name} = {number}", f"while {name}:", f"    {name} -= 1", *inner]
            lines += draw(st.sampled_from([[], ["else:", "    print('else')"]]))
        elif kind == "try":
            lines += [
                "try:",
                *inner,
                f"    n //= n % {number + 1}",
                "except ZeroDivisionError:",
                "    print('zero')",
            ]
        else:
            lines.append(f"if n % 3 == {number}: {kind}")
    return lines


@given(blocks())
def test_random_programs_do_the_same(lines: list[str]) -> None:
    source = "\n".join(
        ["n = 0", "def f():", "    global n", *("    " + line for line in lines), *lines, "f()"]
    )
    assert execute(source, guarded=True) == execute(source, guarded=False)


# -- cutting -----------------------------------------------------------------------------------------


WORK = {"work": loops.model_worked, "answer": loops.model_answered}


def rounds(source: str) -> Any:
    """What a program with working models leaves in `seen`."""
    namespace: dict[str, Any] = {**WORK, "seen": []}
    exec(compile(loops.guard(ast.parse(source), "cell 1"), "<program>", "exec", dont_inherit=True), namespace)
    return namespace["seen"]


def test_rounds_that_really_work_are_few_and_the_last_one(told: dict[tuple[str, str], int]) -> None:
    assert rounds("\nfor i in range(1000):\n    work()\n    seen.append(i)") == [0, 1, 2, 3, 4, 999]
    assert told == {("cut", "loop at cell 1, line 2: 6 of 1000 rounds"): 1}


def test_rounds_that_are_answered_from_memory_are_more(told: dict[tuple[str, str], int]) -> None:
    assert rounds("for i in range(1000):\n    answer()\n    seen.append(i)") == [*range(500), 999]
    assert told == {("cut", "loop at cell 1, line 1: 501 of 1000 rounds"): 1}


def test_rounds_count_only_when_models_work() -> None:
    """Saving every 100th round, say: these are the rounds that may take long."""
    source = "for i in range(1000):\n    if i % 100 == 0: work()\n    seen.append(i)"
    assert rounds(source) == [*range(401), 999]


def test_loops_that_are_short_enough_are_not_cut(told: dict[tuple[str, str], int]) -> None:
    assert rounds("for i in range(5):\n    work()\n    seen.append(i)") == [*range(5)]
    assert rounds("for i in range(500):\n    answer()\n    seen.append(i)") == [*range(500)]
    assert told == {}


@pytest.mark.parametrize(
    ("items", "expected", "note"),
    [
        ("list('abcdefgh')", list("abcdeh"), "6 of 8 rounds"),
        ("tuple('abcdefgh')", list("abcdeh"), "6 of 8 rounds"),
        ("dict.fromkeys('abcdefgh')", list("abcde"), "5 of 8 rounds"),
        ("iter('abcdefgh')", list("abcde"), "5 rounds"),
        ("range(100, 0, -1)", [100, 99, 98, 97, 96, 1], "6 of 100 rounds"),
    ],
)
def test_the_last_item_where_it_can_be_had(
    items: str, expected: list[Any], note: str, told: dict[tuple[str, str], int]
) -> None:
    assert rounds(f"for x in {items}:\n    work()\n    seen.append(x)") == expected
    assert told == {("cut", f"loop at cell 1, line 1: {note}"): 1}


def test_while_loops_end(told: dict[tuple[str, str], int]) -> None:
    assert rounds("while True:\n    work()\n    seen.append(1)\nelse:\n    seen.append('else')") == [
        *[1] * 5,
        "else",
    ]
    assert rounds("n = 0\nwhile n < 1000:\n    n += 1\n    answer()\nseen.append(n)") == [500]
    assert told == {
        ("cut", "loop at cell 1, line 1: 5 rounds"): 1,
        ("cut", "loop at cell 1, line 2: 500 rounds"): 1,
    }


def test_each_entry_of_a_loop_counts_anew() -> None:
    source = (
        "for a in range(3):\n    n = 0\n    while n < 9:\n        n += 1\n        work()\n    seen.append(n)"
    )
    assert rounds(source) == [5, 5, 5]
    inner = "for a in range(50):\n    for b in range(50):\n        work()\n        seen.append((a, b))"
    assert rounds(inner) == [(a, b) for a in (0, 1, 2, 3, 4, 49) for b in (0, 1, 2, 3, 4, 49)]


def test_a_loop_with_models_at_work_takes_no_longer_than_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "SECONDS", 0.05)
    source = "import time\nfor i in range(400):\n    answer()\n    time.sleep(0.01)\n    seen.append(i)"
    assert 1 < len(rounds(source)) < 20


def test_of_two_runs_that_are_compared_the_first_decides_how_long_a_loop_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = "import time\nfor k in (1, 2):\n  for i in range(400):\n    answer()\n    time.sleep(k / 100)\n"
    source += "    seen.append(i)"
    monkeypatch.setattr(loops, "SECONDS", 0.05)
    loops.agree(tell=str(tmp_path), follow=None)
    first = rounds(source)
    assert len(first) < 800
    monkeypatch.setattr(loops, "SECONDS", 0.0)
    loops.agree(tell=None, follow=str(tmp_path))
    assert rounds(source.replace("time.sleep(k / 100)", "pass")) == first
    loops.agree(tell=None, follow=str(tmp_path / "of a run without cuts"))
    assert len(rounds(source.replace("time.sleep(k / 100)", "pass"))) == 800
    loops.agree(tell=None, follow=None)


def test_generators_of_data_are_not_cut() -> None:
    """What works between their rounds is the loop that they feed."""
    source = """
def batches():
    n = 0
    while True:
        for _ in range(3):
            n += 1
            yield n
data = batches()
for i in range(100):
    seen.append(next(data))
    work()
for i in range(20):
    next(data)
"""
    assert rounds(source) == [1, 2, 3, 4, 5, 6]


def test_loops_in_other_threads_are_not_cut() -> None:
    stop = threading.Event()
    source = """
import threading
def fetch():
    while not stop.is_set():
        next(fetched)
        stop.wait(0.001)
    seen.append("asked to stop")
thread = threading.Thread(target=fetch)
thread.start()
for i in range(100):
    work()
    stop.wait(0.005)
alive = thread.is_alive()
stop.set()
thread.join()
seen.append(alive)
"""
    namespace: dict[str, Any] = {**WORK, "seen": [], "stop": stop, "fetched": iter(range(100_000))}
    exec(compile(loops.guard(ast.parse(source), "cell 1"), "<program>", "exec", dont_inherit=True), namespace)
    assert namespace["seen"] == ["asked to stop", True]


def test_functions_for_numba_have_no_guards() -> None:
    source = "@numba.njit(parallel=True)\ndef f(x):\n    for i in range(9):\n        while x: x -= 1\n"
    assert ast.dump(loops.guard(ast.parse(source), "a")) == ast.dump(ast.parse(source))
