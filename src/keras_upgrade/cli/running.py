"""What `verify` and `migrate` share: the options of a run, its environments, and showing how it goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from keras_upgrade.cli import saving
from keras_upgrade.cli.command import Job, UsageError
from keras_upgrade.cli.reading import below
from keras_upgrade.records import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.documents import Document
    from keras_upgrade.verify import Session, Settings, Verification
    from keras_upgrade.verify.environments import Environment
    from keras_upgrade.verify.programs import Source

OPTIONS = f"""\
  --python PATH     the interpreter (or virtual environment) with Keras 3 and TensorFlow; by default the active
                    environment, the project's .venv, or one that is made in your cache, if you agree
  --full            run everything in full; by default programs run small: one epoch, a few batches, a few rounds
                    of training loops, random instead of pretrained weights; what was cut is said
  --offline         no network for the programs; data sets are made up
  --timeout SECONDS the time for each program (300; with --full: 86400)
  --memory GB       the memory for each program (8)
  --jobs N          programs at a time (1)
  --save-executed DIR  keep the notebooks as they ran, with their outputs and plots
{saving.REPORT}
{saving.JSON}
  --yes             make missing environments without asking"""

_WARNING = (
    "Programs are executed, as you, in temporary copies of their folders; run only those that you trust."
)


def running_options(parser: Parser) -> None:
    """Adds the options of a run."""
    parser.add_argument("--python", metavar="PATH")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--timeout", metavar="SECONDS")
    parser.add_argument("--memory", metavar="GB")
    parser.add_argument("--jobs", metavar="N")
    parser.add_argument("--save-executed", metavar="DIR")
    saving.report_option(parser)
    saving.json_option(parser)
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--against", metavar="NAME")


def settings(job: Job) -> Settings:
    """How programs are run."""
    from keras_upgrade.verify import Settings  # noqa: PLC0415

    options = job.options
    timeout = _number(options.timeout, "--timeout", 86400.0 if options.full else 300.0)
    return Settings(
        smoke=not options.full,
        offline=options.offline,
        timeout=timeout,
        memory=int(_number(options.memory, "--memory", 8.0) * (1 << 30)),
        outputs=options.save_executed is not None or saving.wanted(job),
    )


def jobs(job: Job) -> int:
    """How many programs run at a time."""
    return max(1, int(_number(job.options.jobs, "--jobs", 1.0)))


def _number(word: str | None, option: str, default: float) -> float:
    if word is None:
        return default
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise UsageError(f"{option} {word}: a number above 0 is needed")
    return number


def environments_of(
    job: Job, paths: Sequence[Path], against: str | None, *, needed: bool = True
) -> tuple[Environment, Environment | None]:
    """The environments for Keras 3 and, to compare with, for Keras 2.

    Args:
        job: the call.
        paths: the programs.
        against: the name of the Keras 2 environment; None: no comparison.
        needed: whether it is an error if there is no Keras 2; otherwise it is said, and there is no comparison.
    """
    from keras_upgrade.verify import environments  # noqa: PLC0415

    confirm = _confirm(job) if job.options.yes or sys.stdin.isatty() else None
    keras3 = environments.keras3(job.options.python, paths, confirm, job.console.note)
    if against is None:
        return keras3, None
    try:
        return keras3, environments.keras2(against, keras3, confirm, job.console.note)
    except environments.EnvironmentMissing as error:
        if needed:
            raise
        job.console.note(f"not compared with Keras 2: {error}")
        return keras3, None


def _confirm(job: Job) -> Callable[[str], bool]:
    def ask(question: str) -> bool:
        if job.options.yes:
            return True
        job.console.note(f"{question} [y/N]")
        return input().strip().lower() in ("y", "yes")

    return ask


def program(
    document: Document, base: Path, module: str | None, overrides: dict[Path, bytes] | None = None
) -> Source:
    """A document as a program of the project in `base`, above which its package may begin.

    Args:
        document: the program.
        base: the folder of its project.
        module: the name to import it by, if it is not to be run itself.
        overrides: contents of files, of this and other projects, to put in place of those on disk.
    """
    from keras_upgrade.verify import programs  # noqa: PLC0415

    folder = Path(os.path.commonpath([base, programs.root(document.path)]))
    own = {path: content for path, content in (overrides or {}).items() if path.is_relative_to(folder)}
    return replace(programs.source(document, folder, module), overrides=own)


def original(document: Document, base: Path, module: str | None, keras2: Environment | None) -> Source:
    """The original of a program, as it is to run on Keras 2.

    The code of Keras 2 as tf_keras runs beside today's NumPy; what old programs need for that alone, and no change
    of Keras, is mended in memory.
    """
    if keras2 is None or keras2.side != "tf_keras":
        return program(document, base, module)
    from keras_upgrade import engine  # noqa: PLC0415
    from keras_upgrade.options import Options  # noqa: PLC0415

    (outcome,) = engine.migrate([document], Options(select=("KU9",), ignore=("KU909",)))
    return program(outcome.document, base, module)


def verify_all(
    job: Job, session: Session, sources: Sequence[tuple[Source, Source | None]], base: Path
) -> list[Verification]:
    """Runs programs, shows how it goes, and gives what was seen, in the order of the programs."""
    seen: dict[Path, Verification] = {}
    with _live(job, len(sources)) as told:
        for verification in session.run(sources, lambda path, what: told(f"{below(path, base)}: {what}")):
            seen[verification.path] = verification
    return [seen[after.path] for after, _ in sources]


@contextmanager
def _live(job: Job, count: int) -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what runs just now."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415

    job.console.flush()
    with Console(stderr=True).status(f"running {count} programs") as status:
        yield lambda text: status.update(text.replace("[", r"\["))


def tell(job: Job, results: Sequence[Verification]) -> None:
    """Says what was seen of each program."""
    from keras_upgrade.report import runs  # noqa: PLC0415

    smoke = not job.options.full
    for verification in results:
        name = str(verification.path)
        for line in runs.lines(job.console, name, verification, smoke=smoke):
            job.console.say(line)
        job.console.say()
    for line in runs.closing(results, smoke=smoke):
        job.console.say(line)


def save_executed(job: Job, results: Sequence[Verification], contents: dict[Path, bytes], base: Path) -> None:
    """Writes the notebooks as they ran.

    Args:
        job: the call.
        results: the runs.
        contents: of the programs as they ran, where they are not those on disk.
        base: the folder that the programs are below.
    """
    if job.options.save_executed is None:
        return
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415
    from keras_upgrade.verify import executed  # noqa: PLC0415

    target = Path(job.options.save_executed)
    for seen in results:
        source = contents.get(seen.path, seen.path)
        try:
            executed.write_executed(
                source, seen.after, target / below(seen.path, base), smoke=not job.options.full
            )
        except (DocumentError, OSError) as error:
            job.console.error(f"{seen.path}: the executed copy cannot be written: {error}")
    job.console.say(f"the executed programs are in {job.options.save_executed}")


def warn(job: Job) -> None:
    """Says, once a run, what running programs means."""
    note = f"{_WARNING} (--offline keeps them from the network.)" if not job.options.offline else _WARNING
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        note += " You are root: an ordinary account is safer; root's special rights are dropped."
    job.console.note(note)
