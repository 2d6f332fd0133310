"""Work in several processes: the same answers, whatever becomes of one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from keras_upgrade import bulk, engine
from keras_upgrade.cli import main
from keras_upgrade.cli.resources import processors
from keras_upgrade.pool import Crash, shared

METHODS = ("fork", "spawn", "forkserver")


def square(number: int) -> int:
    return number * number


def killed_at(unlucky: set[int], number: int) -> int:
    if number in unlucky:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def left_at(unlucky: int, number: int) -> int:
    if number == unlucky:
        os._exit(3)
    return number


@pytest.mark.parametrize("method", METHODS)
def test_each_task_is_answered_once(method: str) -> None:
    tasks = list(range(50))
    answers = list(shared(tasks, [n * 1000 for n in tasks], square, 3, method))
    assert sorted(answers) == [(n, n * n) for n in tasks]


def test_the_largest_come_first() -> None:
    order = [number for number, _ in shared([1, 2, 3, 4], [10, 50_000, 40_000, 60_000], square, 1)]
    assert order == [3, 1, 2, 0]


@pytest.mark.parametrize("method", METHODS)
def test_a_process_that_is_killed_costs_one_task(method: str) -> None:
    tasks = list(range(20))
    answers = dict(shared(tasks, [1] * 20, partial(killed_at, {3, 7}), 2, method))
    crashes = {number for number, answer in answers.items() if isinstance(answer, Crash)}
    assert crashes == {3, 7}
    assert len(answers) == 20
    assert answers[3] == Crash("was killed, perhaps since there was not enough memory")


def test_a_process_that_ends_says_how() -> None:
    answers = dict(shared([0, 1], [1, 1], partial(left_at, 1), 2))
    assert answers[1] == Crash("ended with status 3")


def test_all_processes_may_be_killed() -> None:
    answers = dict(shared([1, 2, 3], [1] * 3, partial(killed_at, {1, 2, 3}), 2))
    assert all(isinstance(answer, Crash) for answer in answers.values())
    assert len(answers) == 3


def test_nobody_is_left_when_the_answers_are_not_waited_for() -> None:
    before = children(os.getpid())
    with closing(shared(list(range(9)), [1] * 9, square, 2)) as answers:
        next(answers)
        assert len(children(os.getpid())) == len(before) + 2
    assert children(os.getpid()) == before


def children(pid: int) -> list[str]:
    found = subprocess.run(
        ["ps", "-o", "comm=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [line for line in found.stdout.split("\n") if line and line != "ps"]


def test_only_processors_that_may_be_used_count() -> None:
    program = "import os; from keras_upgrade.cli.resources import processors; os.sched_setaffinity(0, {0}); "
    program += "print(processors())"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "1\n"
    assert processors() >= 1


# -- the command ---------------------------------------------------------------------------------------------------

MODULE = """\
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model


def build_{n}(size):
    inputs = Input(shape=(size,))
    model = Model(input=inputs, output=Dense(output_dim={n})(inputs))
    model.compile('adam', loss=lambda y_true, y_pred: K.mean(K.square(y_true - y_pred)))
    return model.fit(data, target, nb_epoch=2, verbose=0)
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is large enough for two processes."""
    monkeypatch.setattr(bulk, "SHARED", 2000)
    folder = tmp_path / "tree"
    folder.mkdir()
    for n in range(24):
        before = f"from part_{n - 1} import build_{n - 1}\n" if n % 3 else ""
        (folder / f"part_{n}.py").write_text(before + MODULE.format(n=n))
    (folder / "broken.py").write_text("import keras\nthis is no Python(\n")
    (folder / "requirements.txt").write_text("keras==2.2.4\n")
    return folder


FORMS = (
    ["check"],
    ["check", "--coverage"],
    ["check", "--output-format", "json"],
    ["check", "--output-format", "sarif"],
    ["fix", "--diff"],
)


@pytest.mark.parametrize("form", FORMS)
def test_two_processes_say_what_one_says(
    tree: Path, form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for jobs in ("1", "2", "3"):
        status = main([*form, str(tree), "--jobs", jobs, "--no-cache"])
        said.append((status, capsys.readouterr()))
    assert said[0] == said[1] == said[2]
    assert len(said[0][1].out) > 1000


def test_two_processes_write_what_one_writes(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for jobs in ("1", "2"):
        main(["fix", str(tree), "--jobs", jobs, "--no-cache", "-o", str(tmp_path / jobs), "--add-todo"])
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / jobs).iterdir()} for jobs in ("1", "2"))
    assert one == two
    assert any(b"output_dim" not in data and b"units" in data for data in one.values())


def test_a_small_tree_gets_no_second_process(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bulk, "SHARED", 400_000)
    monkeypatch.setattr("keras_upgrade.pool.shared", None)
    assert main(["check", str(tree), "--jobs", "8", "--no-cache"]) == 2
    assert "of 26 files" in capsys.readouterr().out


def test_a_process_that_is_killed_is_told_with_its_files(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original = engine.check_together

    def unlucky(group: list[engine.Outcome], *rest: object, **more: object) -> None:
        if any(outcome.document.path.name == "part_4.py" for outcome in group):
            os.kill(os.getpid(), signal.SIGKILL)
        original(group, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "check_together", unlucky)
    assert main(["check", str(tree), "--jobs", "2"]) == 2
    said = capsys.readouterr()
    for name in ("part_3.py", "part_4.py", "part_5.py"):
        assert (
            f"error: {tree / name}: the process that read it together with 2 more was killed, perhaps since there"
            " was not enough memory. Please report it\n" in said.err
        )
    assert "part_6.py:" in said.out
    monkeypatch.setattr(engine, "check_together", original)
    assert main(["check", str(tree), "--jobs", "2"]) == 2
    assert "part_4.py:" in capsys.readouterr().out


def test_an_interruption_ends_all_at_once(tree: Path) -> None:
    """As with Ctrl-C, all processes of the group get the signal."""
    (tree / "broken.py").unlink()
    for n in range(600):
        (tree / f"more_{n}.py").write_text(5 * MODULE.format(n=n))
    # What a shell does in the background, such as these tests, does not heed interruptions.
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program += "from keras_upgrade.__main__ import run; run()"
    command = [sys.executable, "-c", program, "check", str(tree), "--jobs", "2", "--no-cache"]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(children(run.pid)) < 2:
        assert run.poll() is None
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (130, "", "interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)


@pytest.mark.parametrize("word", ["0", "-1", "two", "1.5", ""])
def test_jobs_is_a_number(tree: Path, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tree), f"--jobs={word}"]) == 2
    assert "a whole number above 0 is needed" in capsys.readouterr().err
