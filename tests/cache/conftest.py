"""A project, and which of its programs are analysed."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_upgrade import engine

from .programs import MODEL, SCRIPT, settle


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
