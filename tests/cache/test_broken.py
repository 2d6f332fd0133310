"""A cache that cannot be used, or that somebody made up, is as if there were none."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keras_upgrade.cache.store import Store

from .programs import MODEL, databases, result


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
