"""`keras-upgrade migrate`: fixes, runs, compares, and fixes what only the run could tell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from keras_upgrade.cli import choosing, fix, running, saving, verify
from keras_upgrade.cli.choosing import rule_options, rules_of
from keras_upgrade.cli.command import ERROR, NOTHING, SOMETHING, Job, UsageError
from keras_upgrade.cli.reading import read, tell_failures
from keras_upgrade.cli.writing import add_todos, output_folder, summary_file, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.observed import Kind
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.cli.reading import Input
    from keras_upgrade.documents import Document
    from keras_upgrade.options import Options
    from keras_upgrade.outcomes import Outcome
    from keras_upgrade.verify import Session, Verification
    from keras_upgrade.verify.environments import Environment
    from keras_upgrade.verify.programs import Source

HELP = f"""\
usage: keras-upgrade migrate [options] PATH...

The one command: changes files (.py, .ipynb, .md, lists of requirements), and folders of them, as `fix` does, runs
the programs among them on Keras 3, compares with what they did on Keras 2, fixes what only the run could tell, and
says how it went. Everything is written at the end.

  -o, --output DIR  write migrated copies into DIR, keeping the folders; the originals stay as they are
  --safe-only       leave out the changes that are right only under an assumption
  --clear-outputs   remove the outputs of the notebook cells that change
  --add-todo        leave a comment, `# TODO(keras-upgrade): ...`, at each place that is left for you
  --summary[=FILE]  write the Applied Fixes Summary as Markdown, to the terminal or into FILE
  --against NAME    what to compare with: keras2 (tf_keras, beside Keras 3; the default where it is installed),
                    keras2.15, keras2.3, an interpreter, or none
{running.OPTIONS}
{choosing.OPTIONS}
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 all is done, runs, and does the same, 1 something is left for you, 2 an error."""

ROUNDS = 5
"""How often what a run has shown is fixed and run again."""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    rule_options(parser)
    running.running_options(parser)
    parser.add_argument("-o", "--output", metavar="DIR")
    parser.add_argument("--safe-only", action="store_true")
    parser.add_argument("--clear-outputs", action="store_true")
    parser.add_argument("--add-todo", action="store_true")
    parser.add_argument("--summary", metavar="FILE")


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    options, console = job.options, job.console
    settings, jobs = running.settings(job), running.jobs(job)
    output = output_folder(job)
    given = read(job, output)
    saving.check_targets(job, given)
    target = summary_file(options.summary, given)
    from keras_upgrade import engine  # noqa: PLC0415
    from keras_upgrade.report.progress import busy  # noqa: PLC0415
    from keras_upgrade.verify import RunnerError, Session  # noqa: PLC0415
    from keras_upgrade.verify.environments import EnvironmentMissing  # noqa: PLC0415
    from keras_upgrade.verify.programs import choose  # noqa: PLC0415

    chosen = rules_of(job)
    with busy(len(given.documents), f"Migrating {len(given.documents)} files"):
        outcomes = engine.migrate(given.documents, chosen)
    to_run = list(choose(given.documents))
    results: list[Verification] = []
    if to_run:
        running.warn(job)
        against = options.against or "keras2"
        try:
            keras3, keras2 = running.environments_of(
                job,
                [document.path for document, _ in to_run],
                None if against == "none" else against,
                needed=options.against is not None,
            )
            with Session(keras3, keras2, settings, jobs) as session:
                results = _Migration(job, session, given, outcomes, chosen, keras2).run(to_run)
        except (EnvironmentMissing, RunnerError) as error:
            raise UsageError(
                f"{error}. Nothing was written; `keras-upgrade fix` migrates without running"
            ) from error
    if options.add_todo:
        outcomes = add_todos(outcomes)
    done = write(job, given, outcomes, output)
    tell_failures(console, given, outcomes)
    if options.summary is not None:
        fix.write_summary(console, done, given.base, target)
    fix.tell(job, done, output, quiet=options.summary == "-")
    console.say()
    running.tell(job, results)
    contents = {outcome.document.path: outcome.document.to_bytes() for outcome in outcomes}
    running.save_executed(job, results, contents, given.base)
    saving.save(job, "migrate", done, results, smoke=not options.full)
    if console.errors:
        return ERROR
    return SOMETHING if any(o.needs_you for o in done) or verify.status(job, results) != NOTHING else NOTHING


class _Migration:
    """Files on their way: migrated, run, and migrated further by what the runs have shown."""

    def __init__(
        self,
        job: Job,
        session: Session,
        given: Input,
        outcomes: Sequence[Outcome],
        options: Options,
        keras2: Environment | None,
    ) -> None:
        self._keras2 = keras2
        self._job, self._session, self._given = job, session, given
        self._outcomes = {outcome.before.path: outcome for outcome in outcomes}
        self._options = options
        self._observed: dict[Path, dict[tuple[str, str], Kind]] = {}

    def run(self, programs: Sequence[tuple[Document, str | None]]) -> list[Verification]:
        """Run the programs until all are green, or nothing more is known.

        Args:
            programs: the originals, and the names of those that are modules to import.
        """
        seen: dict[Path, Verification] = {}
        pending = list(programs)
        for _ in range(ROUNDS):
            sources = [self._pair(document, module) for document, module in pending]
            results = running.verify_all(self._job, self._session, sources, self._given.base)
            seen |= {document.path: result for (document, _), result in zip(pending, results, strict=True)}
            improved = self._learn(results)
            pending = [(document, module) for document, module in programs if document.path in improved]
            if not pending:
                break
        return [seen[document.path] for document, _ in programs]

    def _pair(self, document: Document, module: str | None) -> tuple[Source, Source]:
        """A program as it is now, and its original."""
        contents = {
            Path(os.path.abspath(path)): outcome.document.to_bytes()
            for path, outcome in self._outcomes.items()
            if outcome.changed
        }
        after = self._outcomes[document.path].document
        project = self._given.project_of(document.path)
        return (
            running.program(after, project, module, contents),
            running.original(document, project, module, self._keras2),
        )

    def _learn(self, results: Sequence[Verification]) -> set[Path]:
        """Fix what failing runs have shown; gives the programs to run again."""
        from keras_upgrade import engine  # noqa: PLC0415

        by_file = {os.path.abspath(path): path for path in self._outcomes}
        observed: dict[Path, dict[tuple[str, str], Kind]] = {}
        failed: dict[Path, set[Path]] = {}
        for result in results:
            failure = result.after.failure
            path = (
                None
                if failure is None or failure.path is None
                else by_file.get(os.path.abspath(failure.path))
            )
            if failure is None or path is None or not failure.observed:
                continue
            facts = {(function, text): kind for function, text, kind in failure.observed}
            observed.setdefault(path, {}).update(facts)
            failed.setdefault(path, set()).add(result.path)
        if not observed:
            return set()
        self._observed = {path: {**self._observed.get(path, {}), **facts} for path, facts in observed.items()}
        changed = engine.migrate_further(list(self._outcomes.values()), self._observed, self._options)
        return {program for outcome in changed for program in failed.get(outcome.before.path, ())}
