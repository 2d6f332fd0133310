"""`keras-upgrade fix`: changes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keras_upgrade.cli import choosing, output, resources, saving
from keras_upgrade.cli.choosing import rule_options, rules_of
from keras_upgrade.cli.command import NOTHING, SOMETHING, Job, UsageError, status
from keras_upgrade.cli.output import Outputs, output_options, outputs, style_of, write_outputs
from keras_upgrade.cli.reading import (
    STANDARD_INPUT,
    below,
    input_options,
    outcomes_of,
    read_in_bulk,
    tell_failures,
)
from keras_upgrade.cli.writing import add_todos, give, output_folder, summary_file, write
from keras_upgrade.records import replace
from keras_upgrade.report.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.outcomes import Outcome
    from keras_upgrade.report.findings import Counts
    from keras_upgrade.report.record import Record

HELP = f"""\
usage: keras-upgrade fix [options] PATH...
       keras-upgrade fix [options] [--stdin-filename FILE] - < FILE

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
{resources.OPTIONS}
{STANDARD_INPUT}
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 everything is done, 1 something is left for you (with --diff: or would change), 2 an error."""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    rule_options(parser)
    output_options(parser)
    saving.report_option(parser)
    resources.resource_options(parser)
    input_options(parser)
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
    given = read_in_bulk(job, folder)
    chosen = outputs(job, given)
    saving.check_targets(job, given)
    if options.summary == "-" and not chosen.text:
        raise UsageError("--summary writes to standard output, too; say --summary=FILE")
    to_standard_output = given.standard_input is not None and not options.diff
    if to_standard_output:
        _make_way(job, chosen)
    target = summary_file(options.summary, given)
    from keras_upgrade.bulk import Work  # noqa: PLC0415

    outcomes = outcomes_of(job, given, Work("fix", rules_of(job)), "Migrating")
    if options.add_todo:
        outcomes = add_todos(outcomes)
    tell_failures(console, given, outcomes)
    if to_standard_output:
        done = list(outcomes)
        give(job, given, outcomes)
    else:
        done = list(outcomes) if options.diff else write(job, given, outcomes, folder)
    if options.diff and chosen.text:
        _show_diff(console, outcomes)
    if options.summary is not None:
        write_summary(console, done, given.base, target)
    if chosen.text:
        from keras_upgrade.report.text import tell_fixed  # noqa: PLC0415

        style = replace(style_of(job, chosen), files=options.summary != "-")
        tell_fixed(console, done, style, dry=options.diff, place=options.output or "")

    def run_data(in_file: bool) -> Record:
        from keras_upgrade.report.record import record  # noqa: PLC0415

        return record("fix", done, in_file=in_file, dry=options.diff, errors=console.unfiled)

    write_outputs(job, chosen, run_data)
    saving.save(job, "fix", done, dry=options.diff)
    would_change = options.diff and any(outcome.changed for outcome in done)
    return status(job, done) or (SOMETHING if would_change else NOTHING)


def _make_way(job: Job, chosen: Outputs) -> None:
    """Leaves standard output to the fixed text.

    Raises:
        UsageError: something else would go there, too.
    """
    if job.options.output is not None:
        raise UsageError("the fixed text of - goes to standard output, so --output does not go with it")
    if not chosen.text:
        raise UsageError(
            f"the fixed text of - goes to standard output; say --output-format {chosen.others[0].name}=FILE"
        )
    job.console.divert()


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


def tell(job: Job, outcomes: Sequence[Outcome], folder: Path | None, *, quiet: bool) -> Counts:
    """What was done to each file (unless `quiet`) and what is left, in short; gives the counts of what is left."""
    from keras_upgrade.report.text import Style, tell_fixed  # noqa: PLC0415

    place = "" if folder is None else job.options.output
    return tell_fixed(job.console, outcomes, Style("concise", files=not quiet), dry=False, place=place)
