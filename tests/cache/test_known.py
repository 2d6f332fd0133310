"""What has not changed is not looked at again, and all else is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_upgrade import catalogue
from keras_upgrade.cache.memory import Memory
from keras_upgrade.cache.store import Store

from .programs import MODEL, answers, result, settle


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
