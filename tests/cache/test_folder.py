"""Where the cache is, for which version, and what goes from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from keras_upgrade.cache import folder
from keras_upgrade.cache.store import Store
from keras_upgrade.cli import reading

from .programs import MODEL, databases, result


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
