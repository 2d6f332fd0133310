"""Programs run, fail, hang and die; whatever they do, no process and no file is left behind.

Most of it needs no TensorFlow: see `light_keras`.
"""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from keras_upgrade.documents import load
from keras_upgrade.verify import Session, Settings, Status, environments, programs, runner, triage
from keras_upgrade.verify.environments import Environment
from keras_upgrade.verify.programs import Source
from keras_upgrade.verify.results import ProgramRun
from keras_upgrade.verify.servers import RunnerError, Server, Servers

from . import light_keras

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="programs are forked")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="means of Linux")

type Run = Callable[..., ProgramRun]


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return light_keras.environment(tmp_path_factory.mktemp("light"))


@pytest.fixture(scope="module")
def server(light: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(light, tmp_path_factory.mktemp("server"))
    yield server
    server.close()


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go: afterwards nothing is there, and nobody."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert [path.name for path in folder.iterdir()] == []
    assert inhabitants(folder) == []


def inhabitants(folder: Path) -> list[int]:
    """The processes that work in a folder, or have their temporary files there."""
    found = []
    for process in psutil.process_iter():
        try:
            places = [process.cwd(), process.environ().get("TMPDIR", ""), process.environ().get("HOME", "")]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(place.startswith(str(folder)) for place in places):
            found.append(process.pid)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def execute(server: Server, project: Path) -> Run:
    """Runs a script, given its text, or a notebook, given those of its cells."""

    def execute(code: str | list[str], **settings: Any) -> ProgramRun:
        return runner.run(program(project, code), server, Settings(**settings))

    return execute


def program(project: Path, code: str | list[str], name: str = "program") -> Source:
    if isinstance(code, str):
        path = project / f"{name}.py"
        path.write_text(textwrap.dedent(code))
    else:
        path = project / f"{name}.ipynb"
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
            for cell in code
        ]
        path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return programs.source(load(path), project)


def statuses(run: ProgramRun) -> list[str]:
    return [cell.status.value for cell in run.cells]


def end_soon(*pids: int) -> None:
    """Processes that were killed may take a moment."""
    gone, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=5
    )
    assert alive == [], gone


# -- cells -------------------------------------------------------------------------------------------


def test_a_script_that_passes(execute: Run) -> None:
    run = execute("import keras\nprint('hello')\n")
    assert (run.status, run.reason, run.failure) == (Status.PASSED, "", None)
    assert statuses(run) == ["passed"]
    assert run.cells[0].index is None
    assert run.printed == "hello\n"
    assert run.side == "Keras 3.15.1, TensorFlow 2.21.0"
    assert 0 < run.seconds < 60


def test_each_cell_has_its_status(execute: Run) -> None:
    run = execute(["x = 1", "x += 1\nx / 0", "x"])
    assert run.status is Status.FAILED
    assert statuses(run) == ["passed", "failed", "not reached"]
    failure = run.failure
    assert failure is not None
    assert (failure.type, failure.message) == ("ZeroDivisionError", "division by zero")
    assert (failure.cell, failure.line, failure.code) == (1, 2, "x / 0")
    assert failure.path is not None
    assert failure.path.name == "program.ipynb"
    assert 'File "<cell 1>", line 2, in <module>\n    x / 0' in failure.traceback
    assert "keras_upgrade" not in failure.traceback


def test_a_failure_in_a_function_of_an_earlier_cell_is_there(execute: Run) -> None:
    run = execute(["def f(x):\n    return x.missing", "f(1)"])
    failure = run.failure
    assert failure is not None
    assert statuses(run) == ["passed", "failed"]
    assert (failure.cell, failure.line, failure.code) == (0, 2, "return x.missing")


def test_a_cell_that_does_not_parse(execute: Run) -> None:
    run = execute(["x = 1", "print 'hello'"])
    failure = run.failure
    assert failure is not None
    assert statuses(run) == ["passed", "failed"]
    assert (failure.type, failure.cell, failure.line) == ("SyntaxError", 1, 1)


def test_what_a_failed_import_says_is_about_the_users_files(execute: Run, project: Path) -> None:
    (project / "helper.py").write_text(
        "def f():\n    for i in range(3):\n        raise ValueError(__file__)\n"
    )
    run = execute("from helper import f\nf()\n")
    failure = run.failure
    assert failure is not None
    assert failure.path == project / "helper.py"
    assert (failure.line, failure.code) == (3, "raise ValueError(__file__)")
    assert failure.message == str(project / "helper.py")
    assert str(project / "program.py") in failure.traceback


def test_a_compiled_library_is_not_taken_for_the_program(execute: Run) -> None:
    # Cython gives the path of the place where it was built: `h5py/h5f.pyx`.
    run = execute("def read():\n    exec(compile('1 / 0', 'library/fast.pyx', 'exec'), {})\nread()\n")
    assert run.failure is not None
    assert (run.failure.type, run.failure.line) == ("ZeroDivisionError", 2)
    assert run.failure.path is not None
    assert run.failure.path.name == "program.py"


def test_what_an_iterator_raises_is_told_without_the_guard(execute: Run) -> None:
    run = execute("for x in map(int, ['1', 'a']):\n    y = x\n")
    assert run.failure is not None
    assert (run.failure.type, run.failure.line) == ("ValueError", 1)
    assert "loops.py" not in run.failure.traceback


def test_an_exception_without_a_text(execute: Run) -> None:
    run = execute("class E(Exception):\n    def __str__(self):\n        return 1 / 0\nraise E\n")
    assert run.failure is not None
    assert run.failure.message == "<its text could not be made: ZeroDivisionError>"


@pytest.mark.parametrize(
    ("code", "status"),
    [("exit()", Status.PASSED), ("sys.exit(0)", Status.PASSED), ("sys.exit('no data')", Status.FAILED)],
)
def test_programs_that_end_themselves(execute: Run, code: str, status: Status) -> None:
    run = execute(["import sys", code, "1 / 0"])
    assert run.status is status
    assert statuses(run) == ["passed", status.value, "not reached"]
    if status is Status.FAILED:
        assert run.failure is not None
        assert (run.failure.type, run.failure.message, run.failure.cell) == ("SystemExit", "no data", 1)


def test_outputs_are_those_of_a_notebook(execute: Run) -> None:
    run = execute(
        [
            "import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\n1 + 1",
            "display('d')\n2;",
            "None",
            "[1, 2][3]",
        ],
        outputs=True,
    )
    first, second, third, fourth = (cell.outputs for cell in run.cells)
    assert first == (
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "stream", "name": "stderr", "text": "c\n"},
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "2"}},
    )
    assert second == ({"output_type": "display_data", "metadata": {}, "data": {"text/plain": "'d'"}},)
    assert third == ()
    (error,) = fourth
    assert (error["output_type"], error["ename"]) == ("error", "IndexError")
    assert error["traceback"][-1] == "IndexError: list index out of range"
    assert "a\nb\n" in run.printed


def test_figures_are_outputs(execute: Run) -> None:
    pytest.importorskip("matplotlib")
    run = execute(
        ["import matplotlib.pyplot as plt\nlines = plt.plot([1, 2])\nplt.show()", "plt.get_fignums()"],
        outputs=True,
    )
    (figure,) = run.cells[0].outputs
    assert base64.b64decode(figure["data"]["image/png"]).startswith(b"\x89PNG")
    assert run.cells[1].outputs[0]["data"]["text/plain"] == "[]"


def test_magics_are_skipped_and_told(execute: Run) -> None:
    run = execute(["%matplotlib inline\n!pip install keras\nx = 1", "x"])
    assert run.passed
    assert [(note.kind, note.text) for note in run.notes] == [("skipped", "!pip install keras")]


def test_the_future_of_the_tool_is_not_that_of_the_program(execute: Run) -> None:
    run = execute("def f(x: int): ...\nassert f.__annotations__ == {'x': int}, f.__annotations__\n")
    assert run.status is Status.PASSED, run.failure


# -- scripts and modules -----------------------------------------------------------------------------


def test_a_script_is_the_main_module(execute: Run, project: Path) -> None:
    (project / "data").mkdir()
    run = execute(
        """\
        import os, pickle, sys
        class A: ...
        assert pickle.loads(pickle.dumps(A())).__class__ is A
        if __name__ == "__main__":
            print(sys.argv[1:], os.path.basename(__file__), os.listdir("data"))
        """,
        arguments=("--epochs", "3"),
    )
    assert run.printed == "['--epochs', '3'] program.py []\n"


def test_modules_of_the_project_are_imported_and_cut(execute: Run, project: Path) -> None:
    (project / "package").mkdir()
    (project / "package" / "__init__.py").touch()
    (project / "package" / "training.py").write_text(
        "import keras\nfrom . import other\ndef train():\n    rounds = 0\n    model = keras.Model()\n"
        "    for i in range(100000):\n        model.train_on_batch(i)\n        rounds += 1\n    return rounds, i\n"
    )
    (project / "package" / "other.py").touch()
    run = execute("from package.training import train\nprint(train())\n")
    assert run.printed == "(501, 99999)\n", run.failure
    assert ("cut", "loop at training.py, line 6: 501 of 100000 rounds") in {
        (note.kind, note.text) for note in run.notes
    }
    full = execute(
        "from package import training\nfrom inspect import getsource\nprint(getsource(training)[:12])\n",
        smoke=False,
    )
    assert full.printed == "import keras\n"
    assert full.notes == []


def test_a_module_of_a_package_is_imported(server: Server, project: Path) -> None:
    folder = project / "package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "sizes.py").write_text("SIZE = 3\n")
    path = folder / "main.py"
    path.write_text("from .sizes import SIZE\nprint(__name__, SIZE)\nSIZE.missing\n")
    source = programs.source(load(path), programs.root(path), "package.main")
    run = runner.run(source, server, Settings())
    assert run.printed == "package.main 3\n"
    assert run.failure is not None
    assert (run.failure.path, run.failure.line) == (path, 3)


def test_modules_of_the_folder_that_the_tool_is_called_in_are_not_loaded(
    light: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('the wrong one')\n")
    (tmp_path / "tensorflow.py").write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(tmp_path)
    server = Server(light, tmp_path / "server")
    server.close()
    assert server.versions.startswith("Keras 3")


# -- hanging and dying -------------------------------------------------------------------------------


def test_a_cell_that_does_not_end(execute: Run) -> None:
    run = execute(["print('a', flush=True)", "while True:\n    pass", "1"], timeout=0.5)
    assert (run.status, run.reason) == (Status.TIMEOUT, "ended after 0.5 seconds; --timeout gives it more")
    assert statuses(run) == ["passed", "timed out", "not reached"]
    assert run.printed == "a\n"


def test_what_a_program_that_hangs_has_started_is_ended_too(execute: Run, project: Path) -> None:
    run = execute(
        """\
        import os, signal, subprocess, sys
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for apart in (False, True):
            subprocess.Popen(["sleep", "100"], start_new_session=apart)
        code = "import subprocess, os; os.setsid(); print(subprocess.Popen(['sleep', '100'], stdout=2).pid)"
        print(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True).stdout, flush=True)
        while True:
            pass
        """,
        timeout=1.5,
    )
    assert run.status is Status.TIMEOUT
    end_soon(int(run.printed))


@on_linux
def test_what_a_program_that_passes_has_started_is_ended_too(execute: Run) -> None:
    run = execute(
        """\
        import subprocess
        print(subprocess.Popen(["sleep", "100"]).pid)
        print(subprocess.Popen(["sleep", "100"], start_new_session=True).pid)
        """
    )
    assert run.passed
    assert not any(psutil.pid_exists(int(pid)) for pid in run.printed.split())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("os.kill(os.getpid(), 9)", "its process was ended by SIGKILL, perhaps because the memory"),
        ("os._exit(3)", "its process ended with status 3 before the program did"),
        ("os._exit(0)", "its process ended with status 0 before the program did"),
        ("ctypes.string_at(0)", "its process was ended by SIGSEGV"),
        ("os.abort()", "its process was ended by SIGABRT"),
    ],
)
def test_programs_that_die(execute: Run, code: str, reason: str) -> None:
    run = execute(["import ctypes, os\nprint('a', flush=True)", code, "1"])
    assert run.status is Status.DIED
    assert run.reason.startswith(reason)
    assert statuses(run) == ["passed", "died", "not reached"]
    assert run.printed.startswith("a\n")


def test_too_much_memory(execute: Run) -> None:
    run = execute(
        ["kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))"], memory=200 << 20, timeout=60
    )
    assert run.status is Status.MEMORY
    assert run.reason == "ended: it took more than 0.2 GB of memory; --memory gives it more"
    assert statuses(run) == ["out of memory"]


def test_printing_without_end_does_not_fill_the_disk(
    execute: Run, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_MOST_PRINTED", 1 << 20)
    largest = 0
    is_done = threading.Event()

    def watch() -> None:
        nonlocal largest
        while not is_done.wait(0.02):
            for output in scratch.glob("*/output"):
                largest = max(largest, output.stat().st_size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = """\
        import time
        print("first")
        for i in range(150):
            print("x" * 100_000)
            time.sleep(0.005)
        print("last")
        """
    run = execute(code, smoke=False)
    is_done.set()
    watcher.join()
    assert run.passed
    assert run.printed.startswith("first\n")
    assert run.printed.endswith("last\n")
    assert 1 << 20 < largest < 10 << 20


def test_other_programs_go_on_when_one_dies(server: Server, project: Path) -> None:
    codes = {
        "good": "import time\nfor i in range(30):\n    for _ in range(10): time.sleep(0.002)\nprint('done')",
        "bad": "import os\nos.abort()",
        "long": "while True: pass",
    }
    runs: dict[str, ProgramRun] = {}

    def one(name: str) -> None:
        runs[name] = runner.run(program(project, codes[name], name), server, Settings(timeout=2))

    threads = [threading.Thread(target=one, args=(name,)) for name in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: run.status for name, run in runs.items()} == {
        "good": Status.PASSED,
        "bad": Status.DIED,
        "long": Status.TIMEOUT,
    }


@on_linux
def test_programs_share_the_warmed_process(execute: Run) -> None:
    parents = {execute("import os\nprint(os.getppid())\n").printed for _ in range(3)}
    assert len(parents) == 1


def test_a_server_that_is_killed(light: Environment, project: Path, tmp_path: Path) -> None:
    source = program(project, "import subprocess\nsubprocess.run(['sleep', '100'], start_new_session=True)\n")
    with Servers(tmp_path / "servers") as servers:
        first = servers.get(light)

        def kill(_: int) -> None:
            time.sleep(0.2)
            os.kill(first._process.pid, signal.SIGKILL)

        run = runner.run(source, first, Settings(), told=kill)
        assert (run.status, run.reason) == (Status.DIED, "the process that runs programs is gone")
        assert inhabitants(tmp_path) == []
        second = servers.get(light)
        assert second is not first
        assert runner.run(program(project, "print(1)"), second, Settings()).passed
        assert servers.get(light) is second


@on_linux
def test_a_host_that_is_killed_leaves_nothing(light: Environment, project: Path, scratch: Path) -> None:
    """Nobody is there to tidy up, so the warmed process does."""
    (project / "program.py").write_text(
        "import subprocess\nsubprocess.run(['sleep', '100'], start_new_session=True)\n"
    )
    host = subprocess.Popen(
        [sys.executable, "-c", _HOST, str(light.python), str(project / "program.py")],
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert host.stdout is not None
    assert host.stdout.readline() == b"runs\n"
    deadline = time.monotonic() + 20
    while not _sleeps(host.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(host.pid).children(recursive=True)
    host.kill()
    host.wait()
    host.stdout.close()
    psutil.wait_procs(family, timeout=10)
    assert [process for process in family if process.is_running() and process.status() != "zombie"] == []


_HOST = """
import sys
from pathlib import Path
from keras_upgrade.documents import load
from keras_upgrade.verify import Session, Settings, programs
from keras_upgrade.verify.environments import Environment
python, path = map(Path, sys.argv[1:])
def told(path, what):
    if what.startswith("Keras"):
        print("runs", flush=True)
with Session(Environment(python, "keras3", "light"), None, Settings()) as session:
    list(session.run([(programs.source(load(path), path.parent), None)], told))
"""


def _sleeps(pid: int) -> bool:
    return any(process.name() == "sleep" for process in psutil.Process(pid).children(recursive=True))


@pytest.mark.parametrize("waiting", [False, True])
def test_an_interrupt_ends_everything(light: Environment, project: Path, waiting: bool) -> None:
    sources: list[tuple[Source, Source | None]] = [
        (program(project, "while True: pass", f"program{i}"), None) for i in range(4)
    ]
    started = threading.Event()

    def told(path: Path, what: str) -> None:
        if what.startswith("loading" if waiting else "Keras"):
            started.set()

    def consume() -> None:
        with Session(light, None, Settings(), jobs=2) as session:
            for _ in session.run(sources, told):
                raise AssertionError("none of them ends")

    def interrupt() -> None:
        started.wait(20)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    # A shell lets what it starts in the background ignore interrupts.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread.start()
        before = psutil.Process().children()
        with pytest.raises(KeyboardInterrupt):
            consume()
        thread.join()
    finally:
        signal.signal(signal.SIGINT, handler)
    assert psutil.Process().children() == before


def test_an_interpreter_that_cannot_load_keras(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # without installed packages
    python.chmod(0o755)
    with pytest.raises(RunnerError, match=r"cannot load Keras and TensorFlow: .*No module named"):
        Server(Environment(python, "keras3", "nothing", user_base=None), tmp_path / "server")
    with pytest.raises(RunnerError, match="cannot be started"):
        Server(Environment(tmp_path / "missing", "keras3", "nothing"), tmp_path / "server")


# -- files -------------------------------------------------------------------------------------------


def test_what_a_program_writes_does_not_land_in_the_users_tree(
    execute: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (project / "data.txt").write_text("data")
    (project / "images").mkdir()
    run = execute(
        """\
        import os, tempfile
        open("data.txt", "a").write("more")
        open("images/new.txt", "w").close()
        open(os.path.expanduser("~/mine.txt"), "w").close()
        tempfile.mkdtemp()
        os.remove(__file__)
        """
    )
    assert run.status is Status.PASSED, run.failure
    assert sorted(path.name for path in project.rglob("*")) == ["data.txt", "images", "program.py"]
    assert (project / "data.txt").read_text() == "data"
    assert not (tmp_path / "home" / "mine.txt").exists()


def test_overrides_take_the_place_of_files(server: Server, project: Path) -> None:
    (project / "helper.py").write_text("NAME = 'old'\n")
    source = program(project, "import helper\nprint(helper.NAME)\n")
    source.overrides[project / "helper.py"] = b"NAME = 'new'\n"
    assert runner.run(source, server, Settings()).printed == "new\n"
    assert (project / "helper.py").read_text() == "NAME = 'old'\n"


def test_folders_that_cannot_be_written_are_removed(tmp_path: Path) -> None:
    """As an ordinary user, whom rights hold back."""
    ordinary = 65534
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    if os.geteuid() == 0:
        os.chown(folder, ordinary, ordinary)
        os.seteuid(ordinary)
    try:
        for name in ("closed/inner", "listed", "writable"):
            (folder / "work" / name).mkdir(parents=True)
            (folder / "work" / name / "file").touch()
        (folder / "work" / "link").symlink_to("/usr")
        for name, mode in (("closed/inner", 0o000), ("closed", 0o000), ("listed", 0o500)):
            (folder / "work" / name).chmod(mode)
        runner._remove(folder)
        assert not folder.exists()
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


def test_folders_that_a_program_closes_are_removed(execute: Run) -> None:
    run = execute(
        "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w').close()\nos.chmod('a/b', 0)\nos.chmod('a', 0)\n"
    )
    assert run.passed


def test_a_full_disk_stops_the_copy(execute: Run, monkeypatch: pytest.MonkeyPatch, scratch: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    run = execute("print(1)\n")
    assert run.status is Status.NOT_RUN
    assert run.reason == f"the disk is full ({scratch}); make room there, or set TMPDIR to another folder"


def test_a_program_on_a_full_disk(execute: Run) -> None:
    run = execute("with open('/dev/full', 'w') as file:\n    file.write('x' * 100_000)\n")
    assert run.status is Status.FAILED
    assert run.failure is not None
    assert run.failure.line == 2
    assert triage.diagnose(run.failure).kind == "disk"


@on_linux
def test_a_disk_that_is_really_full(light: Environment, project: Path, tmp_path: Path) -> None:
    """A disk of 400 kB, mounted for this test alone."""
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=400k tmpfs {disk}"
    if subprocess.run([*alone, "sh", "-c", mount], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a disk")
    (project / "program.py").write_text("print('x' * 10)\nopen('big', 'w').write('x' * 1_000_000)\n")
    (project / "large").mkdir()
    (project / "large" / "program.py").write_text("print(1)\n")
    (project / "large" / "data").write_bytes(bytes(1_000_000))
    (project / "printing.py").write_text("while True:\n    print('x' * 1000)\n")
    paths = [project / "program.py", project / "printing.py", project / "large" / "program.py"]
    for path in paths[:2]:
        (project / path.stem).mkdir()
        path.rename(project / path.stem / path.name)
    paths = [project / path.stem / path.name for path in paths[:2]] + paths[2:]
    command = [sys.executable, "-c", _ON_DISK, str(disk), str(light.python), str(tmp_path / "server")]
    done = subprocess.run(
        [*alone, "sh", "-c", f'{mount} && exec "$@"', "sh", *command, *map(str, paths)],
        env={**os.environ, "TMPDIR": str(disk), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    writes, prints, large = done.stdout.splitlines()
    assert writes == "failed | disk | []"
    assert prints == "failed | disk | []"
    assert large.startswith(f"not run | the disk is full ({disk}); make room there")
    assert large.endswith("| []")


_ON_DISK = """
import os, sys
from pathlib import Path
from keras_upgrade.documents import load
from keras_upgrade.verify import Settings, programs, runner, servers, triage
from keras_upgrade.verify.environments import Environment
disk, python, folder, *paths = map(Path, sys.argv[1:])
server = servers.Server(Environment(python, "keras3", "light"), folder)
for path in paths:
    run = runner.run(programs.source(load(path), path.parent), server, Settings(timeout=20))
    known = triage.diagnose(run.failure).kind if run.failure else run.reason
    print(run.status, known, os.listdir(disk), sep=" | ")
server.close()
"""


# -- rights and network ------------------------------------------------------------------------------


@on_linux
def test_programs_have_no_rights_to_gain(execute: Run) -> None:
    lines = dict(
        line.split(":", 1)
        for line in execute("print(open('/proc/self/status').read())").printed.splitlines()
        if line
    )
    assert lines["NoNewPrivs"].strip() == "1"
    assert {int(lines[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd")} <= {0}


@pytest.mark.parametrize("offline", [False, True])
def test_connections(execute: Run, offline: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        run = execute(
            f"""\
            import socket, subprocess, sys
            code = "import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
            print(subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode)
            try:
                socket.create_connection(("192.0.2.1", 9), timeout=0.1)
            except OSError as error:
                print(error)
            """,
            offline=offline,
        )
    own_network, message = run.printed.splitlines()
    assert ("--offline" in message) == offline
    if sys.platform == "linux" and os.geteuid() == 0:
        assert own_network == ("1" if offline else "0"), (
            "other processes of the program have no network either"
        )


# -- with TensorFlow ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_keras_is_loaded_once_for_many_programs(project: Path, tmp_path: Path) -> None:
    found = environments.keras3(sys.executable)
    with Servers(tmp_path / "servers", threads=1) as servers:
        sources = [
            program(
                project,
                f"""\
                import os, sys, keras, numpy as np
                print(os.getppid(), "tensorflow" in sys.modules)
                model = keras.Sequential([keras.Input((4,)), keras.layers.Dense({units})])
                model.compile("sgd", "mse")
                print(len(model.fit(np.ones((640, 4)), np.ones((640, {units})), epochs=5, verbose=0).history["loss"]))
                """,
                f"program{units}",
            )
            for units in (1, 2, 3)
        ]
        runs = [runner.run(source, servers.get(found), Settings()) for source in sources]
    assert [run.status for run in runs] == [Status.PASSED] * 3, [run.failure for run in runs]
    assert len({run.printed for run in runs}) == 1
    assert runs[0].printed.endswith("True\n5\n")
    assert [[call["method"] for call in run.calls if call["event"] == "call"] for run in runs] == [
        ["fit"]
    ] * 3
