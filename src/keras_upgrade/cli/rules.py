"""`keras-upgrade rules`: lists the rules."""

from __future__ import annotations

from keras_upgrade.cli.command import NOTHING, Job, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser

HELP = """\
usage: keras-upgrade rules [--json]

Lists the rules: code, name, and what they are about. `keras-upgrade rule CODE` shows the page of one.

  --json            as JSON, with the pages
  --traceback       show where an internal error happened
  -h, --help        show this help"""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    parser.add_argument("--json", action="store_true")


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    if job.rest:
        raise UsageError(f"rules takes no arguments; did you mean `keras-upgrade rule {job.rest[0]}`?")
    from keras_upgrade.rules import all_rules  # noqa: PLC0415

    rules = all_rules()
    if job.options.json:
        import json  # noqa: PLC0415

        from keras_upgrade.report.record import rule_record  # noqa: PLC0415

        job.console.say(json.dumps([rule_record(rule) for rule in rules], indent=1, ensure_ascii=False))
        return NOTHING
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        job.console.say(f"{rule.code}  {rule.name:<{width}}  {rule.title}")
    return NOTHING
