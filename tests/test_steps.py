"""Steps of migrated programs: how they are found in what the stopwatch notes, and the real thing once."""

from pathlib import Path

import pytest
from bench.steps import BLOCK, WARM, Mark, Program, given, report, times

PROGRAM = """\
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

rounds = 1
model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
slope = K.function([model.input], K.gradients(model.output, model.input))
for number in range(rounds):
    model.train_on_batch(model.predict(np.ones((2, 2))).repeat(2, axis=1), np.ones((2, 1)))
    slope([np.ones((1, 2))])
"""


def test_a_round_of_several_steps_counts_as_one() -> None:
    kinds = [1, 1, 2] * (WARM + 10 * BLOCK)  # discriminator, discriminator, generator: ten milliseconds each
    marks: list[Mark] = [(kind, at / 100, at / 200, at / 400) for at, kind in enumerate(kinds)]
    found = times(marks)
    assert (round(found.wall, 6), round(found.cpu, 6), round(found.predict, 6)) == (30.0, 15.0, 7.5)


def test_a_step_that_is_made_once_is_no_round() -> None:
    kinds = [1] * (WARM + 5) + [2] + [1] * 100
    marks: list[Mark] = [(kind, float(at), float(at), 0.0) for at, kind in enumerate(kinds)]
    assert times(marks).wall == 1000.0


def test_constants_belong_to_the_program_before_them() -> None:
    assert given(["a.py", "n=3", "m=[x for x in y]", "b.py"]) == [
        Program(Path("a.py"), {"n": "3", "m": "[x for x in y]"}),
        Program(Path("b.py")),
    ]
    with pytest.raises(SystemExit, match="n=3"):
        given(["n=3"])


@pytest.mark.slow
def test_a_program_is_measured_on_all_sides(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    text = "\n".join(report([Program(path, {"rounds": "100000"})], rounds=1, seconds=0.2))
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if "program" in line
    ]
    assert rows[0][:2] == ["program", "graph"]
    assert all(float(figure) > 0 for figure in (*rows[0][2:5], *rows[0][6:9]))
