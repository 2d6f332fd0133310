"""The harness itself: what it reports when a program fails, hangs or computes something else."""

import os
import time
from pathlib import Path

import pytest

from .constants import replace_constants
from .harness import Side, run
from .values import Opaque, Symbolic

BOTH_SIDES: list[Side] = ["keras2", "keras3"]

DENSE = """
import numpy as np
import keras
model = keras.models.Sequential([keras.layers.Dense(3, input_shape=(2,), activation="tanh", use_bias={bias})])
set_weights_deterministically(model)
result = model.predict(np.ones((4, 2)))
"""


def test_constants_are_replaced_at_top_level_only() -> None:
    cells = replace_constants(
        ["epochs = 50  # long\ndef f():\n    epochs = 2\n", "size = (64, 64)"], {"epochs": 1, "size": (8, 8)}
    )
    assert cells == ["epochs = 1  # long\ndef f():\n    epochs = 2\n", "size = (8, 8)"]


def test_a_constant_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="epochs"):
        replace_constants(["n_epochs = 3", "epochs = n_epochs"], {"epochs": 1})


@pytest.mark.slow
@pytest.mark.parametrize("side", BOTH_SIDES)
def test_an_error_is_reported_with_its_cell_and_line(side: Side) -> None:
    result = run(["import keras\n", "def f():\n    return keras.layers.Nope\n\nf()\n"], side)
    assert not result.ok
    assert (result.error_type, result.cell, result.line) == ("AttributeError", 2, 2)
    assert "Nope" in (result.error or "")
    assert "return keras.layers.Nope" in result.traceback
    assert "execute" not in result.traceback


@pytest.mark.slow
@pytest.mark.parametrize("side", BOTH_SIDES)
def test_a_syntax_error_is_reported_with_its_cell_and_line(side: Side) -> None:
    result = run(["x = 1", "\nx ="], side)
    assert (result.ok, result.error_type, result.cell, result.line) == (False, "SyntaxError", 2, 2)


@pytest.mark.slow
def test_a_value_that_is_not_there_is_an_error() -> None:
    result = run("result = 1", "keras3", capture=["results"])
    assert (result.ok, result.error_type) == (False, "NameError")
    assert "results" in (result.error or "")


@pytest.mark.slow
@pytest.mark.parametrize("side", BOTH_SIDES)
def test_a_timeout_kills_the_program_and_what_it_started(side: Side, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    program = f"""
import os, subprocess, time
helper = subprocess.Popen(["sleep", "600"])
open({str(note)!r}, "w").write(f"{{os.getpid()}} {{helper.pid}}")
print("started")
time.sleep(600)
"""
    start = time.monotonic()
    result = run(program, side, timeout=2)
    assert (result.ok, result.error_type) == (False, "Timeout")
    assert "started" in result.stdout
    assert time.monotonic() - start < 150  # the warm-up may be part of it
    for pid in note.read_text().split():
        _assert_gone(int(pid))


def _assert_gone(pid: int) -> None:
    """The process is dead; one that has no parent left may take a moment to be cleared away."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} is still there")


@pytest.mark.slow
def test_a_crash_is_reported_and_the_next_program_runs() -> None:
    assert run("import os\nos.abort()", "keras3").error_type == "Crash"
    assert run("pass", "keras3").ok


@pytest.mark.slow
def test_programs_do_not_see_each_other() -> None:
    first = run("import os, keras\nkeras.layers.Dense = None\nopen('file', 'w').close()", "keras3")
    second = run(
        "import os, keras\nempty = not os.listdir()\ndense = keras.layers.Dense", "keras3", ["empty", "dense"]
    )
    assert first.ok
    assert second.values["empty"] is True
    assert second.values["dense"] is not None


@pytest.mark.slow
def test_the_same_architecture_computes_the_same_on_both_sides() -> None:
    two, three = (run(DENSE.format(bias=True), side, ["result"]) for side in BOTH_SIDES)
    assert two.ok, two.traceback
    assert three.ok, three.traceback
    assert two.values["result"] == pytest.approx(three.values["result"], rel=1e-5)


@pytest.mark.slow
def test_another_architecture_computes_something_else() -> None:
    two = run(DENSE.format(bias=True), "keras2", ["result"])
    three = run(DENSE.format(bias=False), "keras3", ["result"])
    assert two.values["result"] != pytest.approx(three.values["result"], rel=1e-2)


@pytest.mark.slow
def test_a_seed_repeats_a_run_and_another_seed_does_not() -> None:
    program = "import keras, numpy as np\nx = keras.random.normal((3,))\ny = np.random.rand(3)"
    first, same, other = (run(program, "keras3", ["x", "y"], seed=seed).values for seed in (1, 1, 2))
    for name in ("x", "y"):
        assert first[name] == pytest.approx(same[name])
        assert first[name] != pytest.approx(other[name])


@pytest.mark.slow
@pytest.mark.parametrize("side", BOTH_SIDES)
def test_captured_values_are_plain(side: Side) -> None:
    program = """
import keras
import tensorflow as tf
inputs = keras.layers.Input((3,))
outputs = keras.layers.Dense(2, kernel_initializer="ones")(inputs)
model = keras.models.Model(inputs, outputs)
kernel = model.weights[0]
mixed = {"a": [1, (2.5, None)], "shape": tf.ones((2, 3)).shape}
ones = tf.ones((2,))
"""
    result = run(program, side, ["outputs", "model", "kernel", "mixed", "ones", "model.count_params()"])
    assert result.ok, result.traceback or result.error
    values = result.values
    assert values["outputs"] == Symbolic((None, 2), "float32")
    assert isinstance(values["model"], Opaque)
    assert values["kernel"].tolist() == [[1.0, 1.0]] * 3
    assert values["ones"].tolist() == [1.0, 1.0]
    assert values["mixed"] == {"a": [1, (2.5, None)], "shape": (2, 3)}
    assert values["model.count_params()"] == 8
