"""How long a training step takes after migration, on Keras 3, beside the original on Keras 2.

    python -m bench.steps                            # the example chapters
    python -m bench.steps gan.ipynb iterations=500   # other programs; `name=value` changes a constant of the one before

Both run in full, and are ended after some hundred steps: the original on Keras 2 (`tf_keras`), what the program makes of
it on Keras 3. Programs of the standalone Keras run on Keras 2 in a graph, as they did on TensorFlow 1, and where they can
also eagerly, as Keras 2 ran on TensorFlow 2. Each run has a process of its own, and the sides take turns, so that what
else the machine does meets all of them. The first steps, in which functions are traced, don't count.

A step is what the program does from one training step to the next: in a loop that trains a discriminator and a generator
it is one round, `predict` included. Times are medians; that of the processors is the steadier one on a machine that others
use as well.

Where a program takes longer than before, it is said what is known about it: how much of the step `predict` takes, which
sets up a pipeline of `tf.data` at each call (as Keras 2 did on TensorFlow 2); how long it takes without XLA, with which
Keras 3 compiles models (`jit_compile="auto"`, where Keras 2 did not); and how long the smallest step takes, that of a model
with one weight, which is what Keras itself takes for each.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bench.tables import table
from keras_upgrade import engine
from keras_upgrade.documents import Document, load
from keras_upgrade.options import Options
from keras_upgrade.verify import RunnerError, Settings, programs, runner
from keras_upgrade.verify.environments import Environment
from keras_upgrade.verify.inside.sides import wants_eager
from keras_upgrade.verify.programs import RunCell, Source
from keras_upgrade.verify.servers import Servers

EXAMPLES = Path(__file__).parents[1] / "examples"
LONG_ENOUGH = {
    "chapter_3_gan.ipynb": {"iterations": "10000", "sample_interval": "10000"},
    "chapter_6_helpers.md": {"loss": "[siamese.train_on_batch(pairs, same) for _ in range(20000)][-1]"},
}
"""New constants for the examples that end after a few steps."""
SMALLEST = """\
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(1,))])
model.compile('sgd', 'mse')
x = np.zeros((32000, 1))
"""
FIT = "model.fit(x, x, batch_size=32, epochs=20, verbose=0)\n"
ON_BATCH = "for _ in range(20000):\n    model.train_on_batch(x[:32], x[:32])\n"
WARM = 15
"""Steps that don't count: in the first ones functions are traced, and compiled."""
LEAST = 40
"""So many are timed at least, however long they take."""
BLOCK = 5
"""Steps that are timed together: the clock of the processors is too coarse for single ones."""
TOO_SHORT = "it ended after too few steps; `name=value` behind it changes a constant that gives it more"
SLOWER = 1.1
"""From this ratio on it is said why."""
_STOPWATCH = Path(__file__).with_name("stopwatch.py")
_PRELUDE = """\
def install():
    import importlib.util
    spec = importlib.util.spec_from_file_location("keras_upgrade_stopwatch", {module!r})
    stopwatch = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stopwatch)
    stopwatch.install({file!r}, {warm}, {least}, {seconds}, xla={xla})
install()
del install
"""

Mark = tuple[int, float, float, float]
"""See `stopwatch.install`."""


@dataclass(frozen=True)
class Program:
    """A program to measure, with the constants that it gets on both sides."""

    path: Path
    constants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Times:
    """Milliseconds of a step in one run: by the clock, of the processors, and of these in `predict`."""

    wall: float
    cpu: float
    predict: float


@dataclass
class Comparison:
    """What was seen of one program, run by run.

    Attributes:
        name: of the program.
        mode: how it ran on Keras 2.
        before: its runs on Keras 2.
        after: its runs on Keras 3.
        without_xla: the same without XLA, if it takes longer than before.
    """

    name: str
    mode: str
    before: list[Times]
    after: list[Times]
    without_xla: list[Times]

    def middle(self, what: str) -> tuple[float, float]:
        """The medians of both sides."""
        before, after = ([getattr(run, what) for run in runs] for runs in (self.before, self.after))
        return statistics.median(before), statistics.median(after)

    def ratios(self, what: str) -> list[float]:
        """Keras 3 to Keras 2, run by run."""
        return [
            getattr(new, what) / getattr(old, what) for old, new in zip(self.before, self.after, strict=True)
        ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.steps", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("programs", nargs="*", metavar="PROGRAM [NAME=VALUE ...]")
    parser.add_argument("--rounds", type=int, default=5, help="runs on each side")
    parser.add_argument("--seconds", type=float, default=5, help="of the processors that a run is timed")
    options = parser.parse_args()
    for text in report(given(options.programs) or examples(), options.rounds, options.seconds):
        print(text, flush=True)


def examples() -> list[Program]:
    """The chapters in `examples/`."""
    return [Program(path, LONG_ENOUGH.get(path.name, {})) for path in sorted(EXAMPLES.iterdir())]


def given(words: Sequence[str]) -> list[Program]:
    """The programs on the command line."""
    found: list[Program] = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            found.append(Program(Path(word)))
        elif found:
            found[-1].constants[name] = value
        else:
            sys.exit(f"{word}: a program has to stand before its constants")
    return found


# -- the runs --------------------------------------------------------------------------------------------------


def measured(chosen: Sequence[Program], rounds: int, seconds: float) -> Iterator[list[Comparison]]:
    """What is seen of the smallest steps, and then of each program, for each mode of Keras 2."""
    with tempfile.TemporaryDirectory(prefix="keras-upgrade-steps-") as name:
        folder = Path(name)
        smallest = []
        for title, last in (("fit", FIT), ("train_on_batch", ON_BATCH)):
            smallest.append(Program(folder / f"one weight, {title}.py"))
            smallest[-1].path.write_text(SMALLEST + last)
        # The threads and the code that TensorFlow takes by itself, not those that make runs alike.
        with Servers(folder / "servers", variables={"TF_ENABLE_ONEDNN_OPTS": "1"}) as servers:
            bench = _Bench(servers, folder, rounds, seconds)
            for program in (*smallest, *chosen):
                found = bench.compare(program)
                for one in found:
                    print(f"  {' '.join(_row(one))}", file=sys.stderr, flush=True)
                yield found


class _Bench:
    """The two warmed sides."""

    def __init__(self, servers: Servers, folder: Path, rounds: int, seconds: float) -> None:
        self._servers, self._folder = servers, folder
        self._rounds, self._seconds = rounds, seconds

    def compare(self, program: Program) -> list[Comparison]:
        """Run a program on all sides in turns.

        Raises:
            RunnerError: it doesn't run, or not long enough.
        """
        original = _with_constants(program, self._folder)
        (mended,) = engine.migrate([original], Options(select=("KU9",), ignore=("KU909",)))
        (migrated,) = engine.migrate([original])
        after, without_xla = list[Times](), list[Times]()
        found = [Comparison(program.path.stem, "eager", [], after, without_xla)]
        if not wants_eager(original.text):
            found.insert(0, Comparison(program.path.stem, "graph", [], after, without_xla))
        for _ in range(self._rounds):
            for one in list(found):
                try:
                    one.before.append(self._run(mended.document, "tf_keras", eager=one.mode == "eager"))
                except RunnerError:
                    if one is found[0]:
                        raise
                    found.remove(one)  # some programs only ever ran in a graph
            after.append(self._run(migrated.document, "keras3", eager=True))
        if any(map(_is_slower, found)):
            for _ in range(self._rounds):
                without_xla.append(self._run(migrated.document, "keras3", eager=True, xla=False))
        return found

    def _run(self, document: Document, side: str, *, eager: bool, xla: bool = True) -> Times:
        file = self._folder / "steps.json"
        file.unlink(missing_ok=True)
        settings = Settings(smoke=False, offline=True, record=False, eager=eager, timeout=600)
        server = self._servers.get(Environment(Path(sys.executable), side, side))
        ended = runner.run(self._watched(document, file, xla=xla), server, settings)
        if not file.exists():
            why = ended.failure.traceback if ended.failure else ended.reason or TOO_SHORT
            raise RunnerError(f"{document.path.name} on {side}: {why}")
        return times(json.loads(file.read_text()))

    def _watched(self, document: Document, file: Path, *, xla: bool) -> Source:
        """The program, with a first cell that starts the stopwatch."""
        prelude = _PRELUDE.format(
            module=str(_STOPWATCH), file=str(file), warm=WARM, least=LEAST, seconds=self._seconds, xla=xla
        )
        source = programs.source(document, document.path.parent)
        cells = (RunCell(None, prelude), *source.cells)
        return replace(source, cells=cells, overrides={document.path: document.to_bytes()})


def _with_constants(program: Program, folder: Path) -> Document:
    """A copy of a program, alone in a folder, with its constants changed."""
    place = folder / "programs" / program.path.stem
    place.mkdir(parents=True, exist_ok=True)
    text = program.path.read_text()
    for name, value in program.constants.items():
        assignment = re.compile(rf"^((?: *\")?{re.escape(name)} *= *)[^#\"\\\n]*", re.MULTILINE)
        text, count = assignment.subn(partial(_assigned, value), text)
        if not count:
            sys.exit(f"{program.path}: nothing is assigned to {name}")
    copy = place / program.path.name
    copy.write_text(text)
    return load(copy)


def _assigned(value: str, found: re.Match[str]) -> str:
    return found[1] + value


def times(marks: Sequence[Mark]) -> Times:
    """A step of a run from its marks, the first ones left out.

    A round of a program may have several kinds of steps, one of them several times: rounds are counted by the rarest.
    """
    counted = marks[WARM:]
    kinds = Counter(kind for kind, *_ in counted)
    rarest = min((kind for kind in kinds if kinds[kind] > len(counted) / 50), key=lambda kind: kinds[kind])
    starts = [mark for mark in counted if mark[0] == rarest][::BLOCK]
    blocks = list(itertools.pairwise(starts))
    return Times(
        *(statistics.median(1000 * (new[at] - old[at]) / BLOCK for old, new in blocks) for at in (1, 2, 3))
    )


# -- the tables ------------------------------------------------------------------------------------------------


def report(chosen: Sequence[Program], rounds: int, seconds: float) -> Iterator[str]:
    """The table, and reasons for what is slower than before.

    Args:
        chosen: the programs.
        rounds: runs on each side.
        seconds: of the processors that a run is timed.
    """
    found = list(measured(chosen, rounds, seconds))
    rows = [_row(one) for comparisons in found for one in comparisons]
    head = ["", "Keras 2", "ms", "Keras 3 ms", "ratio", "spread", "CPU ms", "Keras 3 ms", "ratio", "spread"]
    yield table("A training step after migration, on Keras 3 against Keras 2", head, rows)
    for comparisons in found[2:]:
        for one in comparisons:
            yield from _reasons(one, found[:2])
    yield ""


def _row(one: Comparison) -> list[str]:
    figures = [one.name, one.mode]
    for what in ("wall", "cpu"):
        ratios = one.ratios(what)
        spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
        figures += [*(f"{time:.2f}" for time in one.middle(what)), f"{statistics.median(ratios):.2f}", spread]
    return figures


def _is_slower(one: Comparison) -> bool:
    return statistics.median(one.ratios("cpu")) > SLOWER


def _reasons(one: Comparison, smallest: Sequence[Sequence[Comparison]]) -> Iterator[str]:
    """What is known about a step that takes more of the processors than before."""
    if not _is_slower(one):
        return
    (old, new), (old_predict, new_predict) = one.middle("cpu"), one.middle("predict")
    yield f"{one.name} ({one.mode}), ms of CPU for a step:"
    if new_predict:
        rest = (new - new_predict) / (old - old_predict)
        yield f"  {new_predict:.1f} in `predict`, {old_predict:.1f} on Keras 2; without it the ratio is {rest:.2f}"
    plain = statistics.median(run.cpu for run in one.without_xla)
    yield f"  {plain:.1f} without XLA, which Keras 3 compiles with by itself: the ratio is {plain / old:.2f}"
    for floor in (item for comparisons in smallest for item in comparisons if item.mode == one.mode):
        before, after = floor.middle("cpu")
        yield f"  {after:.1f} is the least ({floor.name}), {before:.1f} on Keras 2"


if __name__ == "__main__":
    main()
