"""`keras-upgrade rules`: lists the rules."""

from __future__ import annotations

from keras_upgrade.cli.command import NOTHING, Job, Parser, UsageError

HELP = """\
usage: keras-upgrade rules

Lists the rules: code, name, and what they are about. `keras-upgrade explain CODE` shows the page of one.

  -h, --help        show this help"""


def add_options(_: Parser) -> None:
    """It has none of its own."""


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    if job.rest:
        raise UsageError(f"rules takes no arguments; did you mean `keras-upgrade explain {job.rest[0]}`?")
    from keras_upgrade.rules import all_rules  # noqa: PLC0415

    rules = all_rules()
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        job.console.say(f"{rule.code}  {rule.name:<{width}}  {rule.title}")
    return NOTHING
