"""`keras-upgrade verify`: runs programs on Keras 3, and compares with Keras 2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keras_upgrade.cli import choosing, running, saving
from keras_upgrade.cli.choosing import rule_options, rules_of
from keras_upgrade.cli.command import ERROR, NOTHING, SOMETHING, Job, UsageError
from keras_upgrade.cli.reading import below, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.cli.reading import Input
    from keras_upgrade.documents import Document
    from keras_upgrade.outcomes import Outcome
    from keras_upgrade.verify import Verification
    from keras_upgrade.verify.environments import Environment
    from keras_upgrade.verify.programs import Source

HELP = f"""\
usage: keras-upgrade verify [options] PATH...

Runs notebooks, scripts and Markdown pages from the top on Keras 3, each in a process and a temporary copy of its
own, and says for each what passed, what failed and which rule knows the error. Changes no file of yours.

  --against NAME    run the original on Keras 2 as well and compare the two, call by call: keras2 (tf_keras, beside
                    Keras 3), keras2.15, keras2.3, or an interpreter. The migrated program is what `fix` makes of it
  --original PATH   the originals, if PATH... is migrated already: a folder of the same layout, or a file
{running.OPTIONS}
{choosing.OPTIONS}
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 all run (and do the same), 1 one does not, 2 an error."""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    running.running_options(parser)
    parser.add_argument("--original", metavar="PATH")
    rule_options(parser)


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    options, console = job.options, job.console
    settings, jobs = running.settings(job), running.jobs(job)
    against = options.against or ("keras2" if options.original else None)
    given = read(job)
    saving.check_targets(job, given)
    from keras_upgrade import engine  # noqa: PLC0415
    from keras_upgrade.verify import RunnerError, Session  # noqa: PLC0415
    from keras_upgrade.verify.environments import EnvironmentMissing  # noqa: PLC0415
    from keras_upgrade.verify.programs import choose  # noqa: PLC0415

    chosen = list(choose(given.documents))
    if not chosen:
        if given.documents:
            console.note("none of these files is a program that can be run by itself")
        return ERROR if console.errors else NOTHING
    contents: dict[Path, bytes] = {}
    outcomes = [engine.Outcome(document, document) for document, _ in chosen]
    running.warn(job)
    try:
        paths = [document.path for document, _ in chosen]
        keras3, keras2 = running.environments_of(job, paths, against)
        sources: list[tuple[Source, Source | None]]
        if against is None:
            sources = [
                (running.program(document, given.project_of(document.path), module), None)
                for document, module in chosen
            ]
        elif options.original is not None:
            sources = _with_originals(Path(options.original), chosen, given, keras2)
        else:
            outcomes = engine.migrate(given.documents, rules_of(job))
            sources, contents = _migrated(chosen, outcomes, given, keras2)
        with Session(keras3, keras2, settings, jobs) as session:
            results = running.verify_all(job, session, sources, given.base)
    except (EnvironmentMissing, RunnerError) as error:
        console.error(str(error))
        return ERROR
    running.tell(job, results)
    running.save_executed(job, results, contents, given.base)
    saving.save(job, "verify", outcomes, results, smoke=not options.full)
    return status(job, results)


def status(job: Job, results: Sequence[Verification]) -> int:
    """The exit status after a run."""
    if job.console.errors:
        return ERROR
    return NOTHING if all(seen.is_good for seen in results) else SOMETHING


def _with_originals(
    original: Path,
    chosen: Sequence[tuple[Document, str | None]],
    given: Input,
    keras2: Environment | None,
) -> list[tuple[Source, Source | None]]:
    """The programs, each with its original, which has the same place in another folder."""
    from keras_upgrade.documents import DocumentError, load  # noqa: PLC0415

    folder = original if original.is_dir() else original.parent
    pairs: list[tuple[Source, Source | None]] = []
    for document, module in chosen:
        path = original if original.is_file() else folder / below(document.path, given.base)
        try:
            before = load(path)
        except DocumentError as error:
            raise UsageError(f"--original: {error}") from error
        after = running.program(document, given.project_of(document.path), module)
        pairs.append((after, running.original(before, folder.absolute(), module, keras2)))
    return pairs


def _migrated(
    chosen: Sequence[tuple[Document, str | None]],
    outcomes: Sequence[Outcome],
    given: Input,
    keras2: Environment | None,
) -> tuple[list[tuple[Source, Source | None]], dict[Path, bytes]]:
    """The programs as `fix` would leave them, each with its original, and the contents of all changed files."""
    contents = {
        outcome.document.path.absolute(): outcome.document.to_bytes()
        for outcome in outcomes
        if outcome.changed
    }
    after = {outcome.document.path: outcome.document for outcome in outcomes}
    pairs: list[tuple[Source, Source | None]] = [
        (
            running.program(after[document.path], given.project_of(document.path), module, contents),
            running.original(document, given.project_of(document.path), module, keras2),
        )
        for document, module in chosen
    ]
    return pairs, {path: contents[path.absolute()] for path in after if path.absolute() in contents}
