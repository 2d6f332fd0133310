"""`verify` and `migrate` from the command line to what they say and write, on real Keras."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from keras_upgrade.cli import main

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"

LATE = """\
import importlib

import numpy as np
from keras.layers import Dense

make = getattr(importlib.import_module("keras.models"), "Sequential")


def classes(model, x):
    return model.predict_classes(x)  # which model, only the run can tell


made = make()
made.add(Dense(3, activation="softmax", input_dim=4))
made.compile("sgd", "categorical_crossentropy")
x = np.random.RandomState(0).rand(16, 4)
made.fit(x, np.eye(3)[np.arange(16) % 3], epochs=2, verbose=0)
print(classes(made, x).shape)
"""

GAN = """\
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

discriminator = Sequential([Dense(8, activation="relu", input_dim=4), Dense(1, activation="sigmoid")])
discriminator.compile("adam", "binary_crossentropy")
generator = Sequential([Dense(4, input_dim=2)])
discriminator.trainable = False
gan = Sequential([generator, discriminator])
gan.compile("adam", "binary_crossentropy")

real = np.random.RandomState(1).rand(64, 4)
noise = np.random.RandomState(2).rand(64, 2)
for step in range(3):
    discriminator.train_on_batch(real, np.ones((64, 1)))
    discriminator.train_on_batch(generator.predict(noise), np.zeros((64, 1)))
    gan.train_on_batch(noise, np.ones((64, 1)))
"""

UNFIT = """\
{
 "cells": [
  {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
   "source": ["%matplotlib inline\\n", "import keras\\n", "from keras import backend as K\\n", "1 + 1"]},
  {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
   "source": ["x = keras.ops.ones((2, 2))\\n", "print(K.sum(x))"]},
  {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": ["print('never')"]}
 ],
 "metadata": {}, "nbformat": 4, "nbformat_minor": 4
}
"""


@dataclass
class Seen:
    status: int
    out: str


def call(capsys: pytest.CaptureFixture[str], command: str, *words: object) -> Seen:
    status = main([command, "--python", sys.executable, "--offline", *map(str, words)])
    return Seen(status, capsys.readouterr().out)


def part(text: str, name: str) -> str:
    """What is said of one program."""
    (found,) = [
        block for block in text.split("\n\n") if name in block.splitlines()[0] and " on Keras " in block
    ]
    return found


def test_the_examples_run_and_do_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after, executed = tmp_path / "before", tmp_path / "after", tmp_path / "executed"
    shutil.copytree(EXAMPLES, before)
    (before / "late.py").write_text(LATE)
    (before / "gan.py").write_text(GAN)
    original = {path.name: path.read_bytes() for path in before.iterdir()}
    seen = call(
        capsys, "migrate", before, "-o", after, "--save-executed", executed,
        "--json", tmp_path / "run.json", "--report", tmp_path / "report.html", "--jobs", "2", "--against", "keras2",
    )  # fmt: skip
    count = len(original)
    assert f"{count} of {count} programs run on Keras 3; {count} same as on Keras 2" in seen.out, seen.out
    assert {path.name: path.read_bytes() for path in before.iterdir()} == original
    assert "model.predict(x).argmax(axis=-1)" in (after / "late.py").read_text()
    assert "of the kind that they were in the run" in seen.out
    assert "cut: fit() of vae: 1 epoch of 5" in part(seen.out, "chapter_2_vae")
    saved = json.loads((tmp_path / "run.json").read_text())
    runs = {Path(file["path"]).name: file["run"] for file in saved["files"]}
    assert runs["gan.py"]["verdict"]["kind"] == "same"
    assert runs["gan.py"]["verdict"]["compared"] > 6
    notebook = nbformat.read(executed / "chapter_3_gan.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    kinds = {output.output_type for cell in notebook.cells for output in cell.get("outputs", [])}
    assert "display_data" in kinds  # its plots
    report = (tmp_path / "report.html").read_text()
    for side in ("Keras 2", "Keras 3"):
        assert f'alt="Cell 11 on {side}, picture 1"' in report
    assert main(["report", str(tmp_path / "run.json"), "-o", str(tmp_path / "again.html")]) == 0
    assert (tmp_path / "again.html").read_text() == report


def test_what_does_not_run_or_differs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
        (folder / "unfit.ipynb").write_text(UNFIT)
        (folder / "gan.py").write_text(GAN)  # as it is, it runs on Keras 3: it only trains no discriminator
        (folder / "endless.py").write_text("import keras\nwhile True:\n    pass\n")
        (folder / "missing.py").write_text("import keras\nopen('not_here.csv')\n")
        (folder / "killed.py").write_text("import os\nimport keras\nos.kill(os.getpid(), 9)\n")
    seen = call(capsys, "verify", after, "--original", before, "--timeout", "20", "--jobs", "2")
    assert seen.status == 1

    gan = part(seen.out, "gan.py")
    assert "differs at call 1, train_on_batch of model 1 (discriminator)" in gan
    assert "0 of 4 weight tensors" in gan
    assert "warning" in gan
    assert "training changed none of its 4 weight tensors" in gan

    unfit = part(seen.out, "unfit.ipynb")
    assert "1 passed, 1 failed, 1 not reached cells" in unfit
    assert "cell 1, line 2: print(K.sum(x))" in unfit
    assert "KU301" in unfit
    assert "could not compare" in unfit

    assert "ended after 20 seconds" in part(seen.out, "endless.py")
    assert "not_here.csv" in part(seen.out, "missing.py")
    assert "SIGKILL" in part(seen.out, "killed.py")
    assert "1 of 5 programs runs on Keras 3" in seen.out
