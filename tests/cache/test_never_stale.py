"""Whatever happens to a project: what is known is what would be found."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .programs import result, settle

type Edit = tuple[str, str, str]
"""What is done, to which file, with what."""

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
