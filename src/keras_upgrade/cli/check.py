"""`keras-upgrade check`: shows what Keras 3 breaks."""

from __future__ import annotations

from keras_upgrade.cli import choosing, output, resources, saving
from keras_upgrade.cli.choosing import rule_options, rules_of
from keras_upgrade.cli.command import Job, status
from keras_upgrade.cli.output import output_options, outputs, style_of, write_outputs
from keras_upgrade.cli.reading import STANDARD_INPUT, input_options, outcomes_of, read_in_bulk, tell_failures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.report.record import Record

HELP = f"""\
usage: keras-upgrade check [options] PATH...
       keras-upgrade check [options] [--stdin-filename FILE] - < FILE

Shows what Keras 3 breaks in files (.py, .ipynb, .md, lists of requirements) and in folders of them, and changes
nothing.
Each finding is marked: [fix] can be fixed, [review] can be fixed under an assumption, [advice] is for you.

{output.OPTIONS}
{saving.REPORT}
{choosing.OPTIONS}
  --coverage        show every file's names of Keras and TensorFlow by what becomes of them: fixed, to review,
                    advised, fine as it is, or unknown
{resources.OPTIONS}
{STANDARD_INPUT}
  --no-checklist    only the findings, without the checklist of each file
  --advice-ok       exit with 0 where there are only advices and unknown names; they are shown
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 nothing found, 1 something found, 2 an error (a file or cell that cannot be read, ...). An unknown name,
one that today's Keras or TensorFlow does not have and no rule speaks of, is something found."""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    rule_options(parser)
    output_options(parser)
    saving.report_option(parser)
    parser.add_argument("--coverage", action="store_true")
    resources.resource_options(parser)
    input_options(parser)
    parser.add_argument("--no-checklist", action="store_true")
    parser.add_argument("--advice-ok", action="store_true")


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    given = read_in_bulk(job, all_of_them=False)
    chosen = outputs(job, given)
    saving.check_targets(job, given)
    from keras_upgrade.bulk import Work  # noqa: PLC0415

    console = job.console
    outcomes = outcomes_of(job, given, Work("check", rules_of(job), chosen.with_edits), "Checking")
    tell_failures(console, given, outcomes)
    if chosen.text:
        from keras_upgrade.report.text import tell_checked  # noqa: PLC0415

        tell_checked(console, outcomes, style_of(job, chosen))

    def run_data(in_file: bool) -> Record:
        from keras_upgrade.report.record import record  # noqa: PLC0415

        return record("check", outcomes, in_file=in_file, errors=console.unfiled)

    write_outputs(job, chosen, run_data)
    saving.save(job, "check", outcomes)
    return status(job, outcomes)
