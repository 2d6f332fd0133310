"""What earlier runs have found is given out only where a new run would find the same."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keras_upgrade import catalogue, engine
from keras_upgrade.cache import folder
from keras_upgrade.cache.memory import Memory
from keras_upgrade.cache.store import Store
from keras_upgrade.cli import main, reading

type Edit = tuple[str, str, str]
"""What is done, to which file, with what."""

MODEL = "from keras import backend as K\nfrom keras.layers import Dense\n\n\ndef head(x):\n    return Dense(3)(K.exp(x))\n"
SCRIPT = "import net\nfrom net import head\n\nmodel = head(1)\nmodel.fit(1, nb_epoch=2)\n"


def result(*arguments: object) -> tuple[int, str, str]:
    """What a command says."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


def settle() -> None:
    """Waits until a file that changes again gets another time."""
    time.sleep(0.03)


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of the files of each program that is analysed from now on."""
    seen: list[list[str]] = []
    for name in ("check_together", "migrate_together"):
        original = getattr(engine, name)

        def noted(
            group: list[engine.Outcome], *rest: object, original: object = original, **more: object
        ) -> None:
            seen.append([outcome.document.path.name for outcome in group])
            original(group, *rest, **more)  # type: ignore[operator]

        monkeypatch.setattr(engine, name, noted)
    return seen


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two scripts that use one module, and one by itself."""
    place = tmp_path / "project"
    place.mkdir()
    (place / "net.py").write_text(MODEL)
    (place / "train.py").write_text(SCRIPT)
    (place / "test.py").write_text(SCRIPT)
    (place / "alone.py").write_text("import keras\nkeras.layers.Dense(output_dim=3)\n")
    (place / "plain.py").write_text("import os\n")
    settle()
    return place


def test_what_has_not_changed_is_not_analysed_again(project: Path, analysed: list[list[str]]) -> None:
    first = result("check", project)
    assert sorted(map(sorted, analysed)) == [["alone.py"], ["net.py", "test.py", "train.py"]]
    analysed.clear()
    assert result("check", project) == first
    assert analysed == []


def test_what_has_changed_is_with_all_that_belongs_to_it(project: Path, analysed: list[list[str]]) -> None:
    result("check", project)
    analysed.clear()
    (project / "net.py").write_text(MODEL.replace("exp", "log"))
    assert "keras.ops.log" in result("check", project, "--output-format", "full")[1]
    assert analysed == [["net.py", "test.py", "train.py"]]


def test_a_touch_changes_nothing(project: Path, analysed: list[list[str]]) -> None:
    result("check", project)
    analysed.clear()
    (project / "net.py").touch()
    result("check", project)
    assert analysed == []


def test_an_edit_in_the_tick_of_the_last_one_is_seen(project: Path) -> None:
    """A file of the same size and times as when it was read is another one if it was written just then."""
    file = project / "alone.py"
    for argument in ("output_dim", "init_scale", "output_dim"):
        file.write_text(f"import keras\nkeras.layers.Dense({argument}=3)\n")
        os.utime(file, ns=(0, 0))
        assert (
            result("check", project, "--output-format", "json")[:2]
            == result("check", project, "--output-format", "json", "--no-cache")[:2]
        )


def test_other_rules_are_another_question(project: Path, analysed: list[list[str]]) -> None:
    result("check", project)
    analysed.clear()
    assert "KU301" not in result("check", project, "--ignore", "KU301")[1]
    assert analysed
    assert "KU301" in result("check", project)[1]


def test_a_fix_asks_only_where_there_is_nothing_to_write(project: Path, analysed: list[list[str]]) -> None:
    (project / "alone.py").write_text("import keras\nkeras.layers.Dense(3)\n")
    settle()
    first = result("fix", project, "--diff")
    analysed.clear()
    assert result("fix", project, "--diff") == first
    assert analysed == [["net.py", "test.py", "train.py"]]
    result("fix", project)
    settle()
    result("fix", project)
    analysed.clear()
    assert result("fix", project)[0] == 0
    assert analysed == []


def test_todos_are_added_to_what_was_known(project: Path) -> None:
    file, options = project / "alone.py", ["--select", "KU3"]
    file.write_text("from keras import backend as K\nK.foo_bar(1)\nK.set_session(1)\n")
    settle()
    result("fix", file, project / "plain.py", *options)
    given = file.read_bytes()
    wanted = result("fix", file, project / "plain.py", *options, "--add-todo", "--no-cache")
    after = file.read_bytes()
    assert b"# TODO(keras-upgrade): KU301" in after
    file.write_bytes(given)
    assert result("fix", file, project / "plain.py", *options, "--add-todo") == wanted
    assert file.read_bytes() == after


def test_a_warm_run_reads_nothing(project: Path) -> None:
    """Nor does it import what only an analysis needs."""
    program = (
        "import sys, pathlib\n"
        "from keras_upgrade.cli import main\n"
        "read = pathlib.Path.read_bytes\n"
        "def noted(path):\n    print('read', path.name, file=sys.stderr)\n    return read(path)\n"
        "pathlib.Path.read_bytes = noted\n"
        "main(['check', sys.argv[1], '--output-format', 'concise'])\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)\n"
    )
    for _ in range(2):
        seen = subprocess.run(
            [sys.executable, "-c", program, str(project)], capture_output=True, text=True, check=True
        ).stderr
    assert {line for line in seen.split("\n") if line.startswith("read ")} <= {"read pyproject.toml"}
    rooms = {name for name in seen.split() if name.startswith("keras_upgrade.")}
    assert not {name for name in rooms if name.startswith(("keras_upgrade.rules", "keras_upgrade.engine"))}
    assert "keras_upgrade.analysis.interpreter" not in rooms
    assert "keras_upgrade.knowledge.backend" not in rooms


def answers(*arguments: object) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    """What a command says with and without the cache."""
    return result(*arguments), result(*arguments, "--no-cache")


def test_a_module_that_comes_before_another_one_is_seen(project: Path) -> None:
    """None of the files that were read then has changed."""
    (project / "src").mkdir()
    (project / "src" / "tools.py").write_text("from keras import backend as K\n")
    (project / "user.py").write_text("import keras\nfrom tools import K\nK.exp(1.)\n")
    settle()
    given = [project / "user.py", project / "plain.py"]
    known, found = answers("check", *given)
    assert known == found
    assert "KU301" in known[1]
    (project / "tools.py").write_text("class K:\n    exp = print\n")
    known, found = answers("check", *given)
    assert known == found
    assert "KU301" not in known[1]
    (project / "tools.py").unlink()
    assert "KU301" in result("check", *given)[1]


def test_a_file_around_that_uses_a_module_in_another_way_is_seen(project: Path) -> None:
    (project / "pyproject.toml").write_text("")
    (project / "ops.py").write_text("import keras\n\n\ndef apply(library, x):\n    return library.exp(x)\n")
    (project / "run.py").write_text("from keras import backend as K\nfrom ops import apply\napply(K, 1.)\n")
    settle()
    given = [project / "ops.py", project / "plain.py"]
    known, found = answers("check", *given)
    assert known == found
    first = known
    (project / "run.py").write_text("import numpy as np\nfrom ops import apply\napply(np, 1.)\n")
    known, found = answers("check", *given)
    assert known == found
    assert known != first


@pytest.mark.parametrize(("age", "is_seen"), [(0, True), (10**12, False)])
def test_a_file_that_was_written_just_before_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: int, is_seen: bool
) -> None:
    """Its times may stay as they are when it changes in the same tick of the clock."""
    file = tmp_path / "a.py"
    file.write_text("import one\n")
    tick = time.time_ns() - age + 1
    same = catalogue.Signature(11, tick, tick, 1)
    monkeypatch.setattr(catalogue, "_signature", lambda _: same)
    seen = []
    for text in ("import one\n", "import two\n"):
        file.write_text(text)
        memory = Memory(Store(tmp_path / "cache.db"))
        facts = catalogue.Catalogue(memory).content(file)
        assert facts is not None
        seen.append(facts.imports)
        memory.close()
    assert seen == [((0, "one"),), ((0, "two" if is_seen else "one"),)]


# -- never a stale answer ------------------------------------------------------------------------------------------

NAMES = (
    "net.py",
    "train.py",
    "util.py",
    "book.ipynb",
    "pkg/__init__.py",
    "pkg/net.py",
    "page.md",
    "requirements.txt",
)


def notebook(code: str) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": [code],
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


CODE = (
    "from keras import backend as K\nx = K.exp(1.)\n",
    "from keras import backend as K\nx = K.log(1.)\n",
    "from net import head\nhead(3)\n",
    "import pkg.net\npkg.net.head(3)\n",
    "from util import K\ny = K.sum(3)  # keras-upgrade: ignore\n",
    "from util import K\ny = K.sum(3)  # keras-upgrade: ignore[KU999]\n",
    "from keras import backend as K\n",
    "import numpy as np\nx = np.float(3)\n",
    "import os\n",
    "from keras.layers import Dense\n\n\ndef head(x):\n    return Dense(output_dim=x)\n",
    "import keras\nthis does not parse(\n",
    "",
)
SETTINGS = (
    None,
    '[tool.keras-upgrade]\nignore = ["KU301"]\n',
    '[tool.keras-upgrade]\nexclude = ["pkg"]\n',
    '[tool.keras-upgrade]\ntarget = "3.0"\nper-file-ignores = { "net.py" = ["KU"] }\n',
)


KINDS = ("write", "write", "write", "touch", "restore", "same size", "delete", "rename", "settings", "git")


PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""Examples are not made smaller: each takes seconds."""


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """An edit of the project: what is done, to which file, with what."""
    kind = draw(
        st.sampled_from(
            [
                "write",
                "write",
                "write",
                "touch",
                "restore",
                "same size",
                "delete",
                "rename",
                "settings",
                "git",
            ]
        )
    )
    name = draw(st.sampled_from(NAMES))
    if kind == "settings":
        return kind, "pyproject.toml", draw(st.sampled_from(SETTINGS)) or ""
    return kind, name, draw(st.sampled_from(NAMES if kind == "rename" else CODE))


def content(name: str, code: str) -> str:
    if name.endswith(".ipynb"):
        return notebook(code)
    if name.endswith(".md"):
        return f"# Page\n\n```python\n{code}```\n"
    return code if name.endswith(".py") else "keras==2.2.4\nnumpy\n"[: 13 + len(code) % 5]


def edit(project: Path, kind: str, name: str, more: str) -> None:
    file = project / name
    if kind in ("write", "restore") and name != more:
        old = file.stat() if file.exists() else None
        file.parent.mkdir(exist_ok=True)
        file.write_text(content(name, more))
        if kind == "restore" and old is not None:
            os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
    elif kind == "settings":
        file.write_text(more)
    elif kind == "git":
        (project / ".gitignore").write_text(f"{name}\n")
    elif not file.exists():
        return
    elif kind == "touch":
        file.touch()
    elif kind == "same size":
        old, text = file.stat(), file.read_text()
        file.write_text(text.replace("exp", "XXX").replace("log", "exp").replace("XXX", "log"))
        os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
    elif kind == "delete":
        file.unlink()
    elif kind == "rename":
        (project / more).parent.mkdir(exist_ok=True)
        file.rename(project / more)


@pytest.mark.parametrize("command", [["check"], ["fix", "--diff"]])
@settings(max_examples=15, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.lists(edits(), min_size=1, max_size=3), min_size=2, max_size=7), seed=st.integers(0, 99)
)
def test_what_is_known_is_what_would_be_found(
    command: list[str], steps: list[list[tuple[str, str, str]]], seed: int
) -> None:
    with TemporaryDirectory() as place:
        project = Path(place) / "project"
        (project / ".git").mkdir(parents=True)
        chosen = random.Random(seed)
        for name in NAMES:
            edit(project, "write", name, chosen.choice(CODE))
        for step in ([], *steps):
            for one in step:
                edit(project, *one)
            if chosen.random() < 0.5:
                settle()
            shared = [*command, project, "--output-format", "json", "--cache-dir", Path(place) / "cache"]
            known = result(*shared)
            assert known == result(*command, project, "--output-format", "json", "--no-cache")
            assert result(*shared) == known


# -- a cache that cannot be used -----------------------------------------------------------------------------------


def databases(place: Path) -> list[Path]:
    return list(place.glob("*.db"))


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "noise", "other tables", "folder"])
def test_a_broken_cache_is_as_if_there_were_none(project: Path, cache_folder: Path, damage: str) -> None:
    first = result("check", project)
    (database,) = databases(cache_folder)
    data = bytearray(database.read_bytes())
    if damage == "empty":
        database.write_bytes(b"")
    elif damage == "text":
        database.write_bytes(b"no database")
    elif damage == "cut":
        database.write_bytes(data[: len(data) // 2])
    elif damage == "noise":
        chosen = random.Random(1)
        for _ in range(400):
            data[chosen.randrange(100, len(data))] = chosen.randrange(256)
        database.write_bytes(data)
    elif damage == "other tables":
        database.unlink()
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE files (key TEXT)")
        connection.close()
    else:
        database.unlink()
        database.mkdir()
    assert result("check", project) == first
    assert result("check", project) == first


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_anywhere_in_the_cache_is_no_answer(project: Path, cache_folder: Path, seed: int) -> None:
    first = result("check", project, "--no-cache", "--output-format", "json")
    shutil.rmtree(cache_folder)
    result("check", project, "--output-format", "json")
    (database,) = databases(cache_folder)
    data, chosen = bytearray(database.read_bytes()), random.Random(seed)
    if chosen.random() < 0.3:
        del data[chosen.randrange(len(data)) :]
    for _ in range(chosen.choice((1, 5, 50)) if data else 0):
        data[chosen.randrange(len(data))] = chosen.randrange(256)
    database.write_bytes(data)
    assert result("check", project, "--output-format", "json") == first


HOSTILE = (
    "",
    "null",
    "{}",
    "[]",
    '[[1,2,3,4],true,"x"]',
    "[" * 50_000,
    '{"a": 1e999}',
    '[[-1,0,0,0],true,["",true,true,true,[]],null,null]',
    "\x00\udcff"[:1],
)


@pytest.mark.parametrize("text", HOSTILE)
def test_rows_that_somebody_made_up_are_no_answer(project: Path, cache_folder: Path, text: str) -> None:
    from keras_upgrade.cache.memory import _mark  # noqa: PLC0415

    first = result("check", project)
    (database,) = databases(cache_folder)
    connection = sqlite3.connect(database)
    with connection:
        for table in ("files", "groups"):
            connection.execute(f"UPDATE {table} SET value = ?", (f"{_mark(text)}\n{text}",))
    connection.close()
    assert result("check", project) == first


def test_findings_that_somebody_made_up_end_in_a_sentence(project: Path, cache_folder: Path) -> None:
    """Nobody can tell that they are made up, but places that a file does not have are no reason to fall over."""
    from keras_upgrade.cache.memory import _mark  # noqa: PLC0415

    result("check", project)
    (database,) = databases(cache_folder)
    connection = sqlite3.connect(database)
    with connection:
        for key, value in connection.execute("SELECT key, value FROM groups").fetchall():
            data = json.loads(value.partition("\n")[2])
            for found in data[2]:
                found[3] = found[3].replace("[[", "[[[", 1)
            text = json.dumps(data)
            connection.execute("UPDATE groups SET value = ? WHERE key = ?", (f"{_mark(text)}\n{text}", key))
    connection.close()
    status, _, err = result("check", project)
    assert status == 2
    assert "has findings of an earlier run that make no sense. Run the command again with --no-cache" in err
    assert result("check", project, "--no-cache")[0] == 1


def test_another_version_of_the_tool_has_a_cache_of_its_own(
    project: Path, cache_folder: Path, analysed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = result("check", project)
    analysed.clear()
    monkeypatch.setattr(folder, "__version__", "9.9")
    assert result("check", project) == first
    assert analysed
    assert len(databases(cache_folder)) == 2


def test_a_change_of_the_code_is_another_version(tmp_path: Path) -> None:
    code = tmp_path / "code" / "rules"
    code.mkdir(parents=True)
    (code / "ku1.py").write_text("1")
    before = list(folder._code(str(tmp_path)))
    (code / "ku1.py").write_text("2")
    assert list(folder._code(str(tmp_path))) != before


def test_what_old_versions_left_goes(tmp_path: Path) -> None:
    for number in range(6):
        Store(tmp_path / f"{number}.db").put("files", "a", "b")
        store = Store(tmp_path / f"{number}.db")
        store.put("files", "a", "b")
        store.close()
    folder.tidy(tmp_path)
    assert len(databases(tmp_path)) == folder._KEPT


def test_rows_that_nobody_uses_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache.db")
    store.put("files", "old", "value")
    store.close()
    connection = sqlite3.connect(tmp_path / "cache.db")
    with connection:
        connection.execute("UPDATE files SET used = used - 100")
    connection.close()
    store = Store(tmp_path / "cache.db")
    store.put("files", "new", "value")
    store.close()
    store = Store(tmp_path / "cache.db")
    assert (store.get("files", "old"), store.get("files", "new")) == (None, "value")
    store.close()


def test_a_folder_that_cannot_be_written_is_no_error(project: Path, tmp_path: Path) -> None:
    """Not even the superuser writes into a file as if it were a folder."""
    (tmp_path / "file").write_text("")
    plain = result("check", project, "--no-cache")
    assert result("check", project, "--cache-dir", tmp_path / "file" / "cache") == plain
    status, out, err = result("check", project, "--cache-dir", tmp_path / "file" / "cache", "--traceback")
    assert (status, out) == plain[:2]
    assert "cannot be used" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission_is_no_error(project: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert result("check", project, "--cache-dir", closed) == result("check", project, "--no-cache")


def test_a_full_disk_is_no_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (project / f"more_{number}.py").write_text(MODEL)
    plain = result("check", project, "--no-cache")
    opened = Store._opened

    def small(store: Store) -> sqlite3.Connection:
        connection = opened(store)
        connection.execute("PRAGMA max_page_count = 3")
        return connection

    monkeypatch.setattr(Store, "_opened", small)
    assert result("check", project) == plain
    status, _, err = result("check", project, "--traceback")
    assert status == 1
    assert "full" in err


def test_two_runs_at_once(project: Path, cache_folder: Path) -> None:
    for number in range(60):
        (project / f"more_{number}.py").write_text(MODEL.replace("head", f"head_{number}"))
    plain = result("check", project, "--no-cache", "--output-format", "json")[1]
    command = [sys.executable, "-m", "keras_upgrade", "check", str(project), "--output-format", "json"]
    for _ in range(2):
        runs = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        for run in runs:
            out, err = run.communicate()
            assert (out, err) == (plain, "")


def test_the_folder_is_marked(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_UPGRADE_CACHE_DIR")
    (project / "pyproject.toml").write_text("")
    (project / "inner").mkdir()
    (project / "inner" / "a.py").write_text(MODEL)
    (project / "inner" / "b.py").write_text(MODEL)
    result("check", project / "inner")
    made = project / ".keras_upgrade_cache"
    assert (made / ".gitignore").read_text() == "*\n"
    assert (made / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert len(databases(made)) == 1
    assert not (project / "inner" / ".keras_upgrade_cache").exists()


def test_one_file_alone_makes_no_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_UPGRADE_CACHE_DIR")
    before = sorted(project.iterdir())
    result("check", project / "net.py")
    result("check", project, "--no-cache")
    assert sorted(project.iterdir()) == before


def test_the_settings_may_name_the_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_UPGRADE_CACHE_DIR")
    (project / "pyproject.toml").write_text('[tool.keras-upgrade]\ncache-dir = "build/cache"\n')
    result("check", project)
    assert len(databases(project / "build" / "cache")) == 1


def test_no_cache_and_a_folder_for_it_is_a_contradiction(project: Path) -> None:
    status, _, err = result("check", project, "--no-cache", "--cache-dir", "x")
    assert status == 2
    assert "does not go with --cache-dir" in err


def test_a_file_that_changes_meanwhile_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result("check", project)
    outcomes_of = reading.outcomes_of

    def slow(*arguments: object) -> object:
        outcomes = outcomes_of(*arguments)  # type: ignore[arg-type]
        (project / "net.py").write_text("")
        return outcomes

    monkeypatch.setattr("keras_upgrade.cli.check.outcomes_of", slow)
    status, _, err = result("check", project)
    assert status == 2
    assert (
        err == f"error: {project / 'net.py'}: was changed by someone else meanwhile. Run the command again\n"
    )
