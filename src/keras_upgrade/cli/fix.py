"""`keras-upgrade fix`: changes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from keras_upgrade.cli import choosing, output, saving
from keras_upgrade.cli.choosing import rule_options, rules_of
from keras_upgrade.cli.command import NOTHING, SOMETHING, Job, Parser, UsageError, status
from keras_upgrade.cli.output import output_options, outputs, write_outputs
from keras_upgrade.cli.reading import below, read, tell_failures
from keras_upgrade.cli.writing import add_todos, output_folder, summary_file, write
from keras_upgrade.report.console import Console

if TYPE_CHECKING:
    from keras_upgrade.engine import Outcome
    from keras_upgrade.report.findings import Counts
    from keras_upgrade.report.record import Record

HELP = f"""\
usage: keras-upgrade fix [options] PATH...

Changes files (.py, .ipynb, .md, lists of requirements), and folders of them, in place. Says what was done and what
is left. Lists of requirements are requirements*.txt, pyproject.toml, setup.cfg and environment.yml.

  --diff            show what would change; write nothing
  -o, --output DIR  write migrated copies into DIR, keeping the folders; the originals stay as they are.
                    Files without changes are copied too, but only files of these kinds: nothing else
  --safe-only       leave out the changes that are right only under an assumption
  --clear-outputs   remove the outputs of the notebook cells that change
  --add-todo        leave a comment, `# TODO(keras-upgrade): ...`, at each place that is left for you
  --summary[=FILE]  write the Applied Fixes Summary as Markdown, to the terminal or into FILE
{output.OPTIONS}
{saving.REPORT}
{choosing.OPTIONS}
  --advice-ok       exit with 0 where only advices and unknown names are left; they are shown
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 everything is done, 1 something is left for you (with --diff: or would change), 2 an error."""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    rule_options(parser)
    output_options(parser)
    saving.report_option(parser)
    parser.add_argument("--diff", action="store_true")
    parser.add_argument("-o", "--output", metavar="DIR")
    parser.add_argument("--safe-only", action="store_true")
    parser.add_argument("--clear-outputs", action="store_true")
    parser.add_argument("--add-todo", action="store_true")
    parser.add_argument("--summary", metavar="FILE")
    parser.add_argument("--advice-ok", action="store_true")


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    options, console = job.options, job.console
    if options.diff and options.output is not None:
        raise UsageError("--diff writes nothing, so it does not go with --output")
    if options.diff and options.summary not in (None, "-"):
        raise UsageError("--diff writes nothing, so it does not go with --summary=FILE; --summary alone does")
    folder = output_folder(job)
    given = read(job, folder)
    chosen = outputs(job, given)
    saving.check_targets(job, given)
    if options.summary == "-" and not chosen.text:
        raise UsageError("--summary writes to standard output, too; say --summary=FILE")
    target = summary_file(options.summary, given)
    from keras_upgrade import engine  # noqa: PLC0415
    from keras_upgrade.report.progress import busy  # noqa: PLC0415

    with busy(len(given.documents), f"Migrating {len(given.documents)} files"):
        outcomes = engine.migrate(given.documents, rules_of(job))
    if options.add_todo:
        add_todos(outcomes)
    done = list(outcomes) if options.diff else write(job, given, outcomes, folder)
    tell_failures(console, outcomes)
    if options.diff and chosen.text:
        _show_diff(console, outcomes)
    if options.summary is not None:
        write_summary(console, done, given.base, target)
    if chosen.text:
        tell(job, done, folder, quiet=options.summary == "-", diff=options.diff)

    def run_data() -> Record:
        from keras_upgrade.report.record import record  # noqa: PLC0415

        return record("fix", done, in_file=chosen.in_file, dry=options.diff, errors=console.unfiled)

    write_outputs(job, chosen, run_data)
    saving.save(job, "fix", done, dry=options.diff)
    would_change = options.diff and any(outcome.changed for outcome in done)
    return status(job, done) or (SOMETHING if would_change else NOTHING)


def _show_diff(console: Console, outcomes: Sequence[Outcome]) -> None:
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415
    from keras_upgrade.report.diff import coloured, diff  # noqa: PLC0415

    for outcome in outcomes:
        if outcome.changed:
            try:
                for text in diff(outcome.document.path, outcome.before, outcome.document):
                    console.say(coloured(console, text))
            except DocumentError as error:
                console.error(str(error))


def write_summary(console: Console, outcomes: Sequence[Outcome], base: Path, target: Path | None) -> None:
    """Writes the Applied Fixes Summary into a file, or says it."""
    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415
    from keras_upgrade.report.summary import summary  # noqa: PLC0415

    texts = [summary(outcome, str(below(outcome.document.path, base))) for outcome in outcomes]
    text = "\n".join(text for text in texts if text) or "Nothing to fix was found.\n"
    if target is None:
        console.say(text)
        return
    try:
        write_atomically(target, text.encode("utf-8", "backslashreplace"))
    except DocumentError as error:
        console.error(str(error))


def tell(
    job: Job, outcomes: Sequence[Outcome], output: Path | None, *, quiet: bool, diff: bool = False
) -> Counts:
    """What was done to each file and what is left, and a closing line; gives the counts of what is left."""
    from keras_upgrade.report import coverage  # noqa: PLC0415
    from keras_upgrade.report.findings import REVIEW, Counts, line, mark_of, plural  # noqa: PLC0415

    console = job.console
    done, left, affected = Counts(), Counts(), 0
    for outcome in outcomes:
        if not outcome.applied and not outcome.needs_you:
            continue
        affected += 1
        done.add(outcome.applied)
        left.add(outcome.left)
        if quiet:
            continue
        path = outcome.document.path
        if outcome.changed:
            console.say(f"{console.style(str(path), 'bold')}: {_what(outcome, diff=diff)}")
        for report in outcome.applied:
            if mark_of(report.finding) == REVIEW:
                console.say(f"  {line(console, path, report, done=True)}")
        for report in outcome.left:
            console.say(
                f"  {line(console, path, report)}{'' if report.finding.fix is None else ' (not done)'}"
            )
    unknown = coverage.unknown_names(outcomes)
    if not quiet:
        coverage.tell_unknown(console, outcomes)
    if not affected:
        limits = " that could be read" if console.errors else ""
        console.say(f"nothing to fix in {plural(len(outcomes), 'file')}{limits}, {unknown}")
    else:
        verb = "to fix" if diff else "fixed"
        held = f", {left.fix + left.review} not done" if left.fix + left.review else ""
        console.say(f"{done.fix} {verb}, {done.review} to review, {left.advice} for you{held}, {unknown}")
    if output is not None:
        console.say(f"the copies are in {job.options.output}")
    return left


def _what(outcome: Outcome, *, diff: bool) -> str:
    from keras_upgrade.report.findings import plural  # noqa: PLC0415

    text = f"{plural(len(outcome.applied), 'change')}{' to make' if diff else ''}"
    if outcome.document.kind != "notebook":
        return text
    cells = sorted(outcome.edited_cells)
    return f"{text} in {'cell' if len(cells) == 1 else 'cells'} {', '.join(map(str, cells))}"
