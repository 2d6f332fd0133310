"""`keras-upgrade rule`: the page of a rule."""

from __future__ import annotations

from contextlib import suppress

from keras_upgrade.cli.command import NOTHING, Job, UsageError, suggestion
from keras_upgrade.report.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser

HELP = """\
usage: keras-upgrade rule CODE...

Shows the page of a rule, given its code (KU401) or name (lambda-layer): what changed and since when, the error message
of Keras, what the fix is and when there is none, with examples. To find the rule for an error message, use
`keras-upgrade explain`.

  --json            as JSON
  --traceback       show where an internal error happened
  -h, --help        show this help"""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    parser.add_argument("--json", action="store_true")


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    if not job.rest:
        raise UsageError("which rule? Give its code, such as KU401; `keras-upgrade rules` lists them")
    from keras_upgrade import explain  # noqa: PLC0415
    from keras_upgrade.rules import rule_of  # noqa: PLC0415

    pages = [(word, explain.page(word)) for word in job.rest]
    for word, page in pages:
        if page is None:
            raise UsageError(f"there is no rule `{word}`; {_hint(word)}")
    if job.options.json:
        import json  # noqa: PLC0415

        from keras_upgrade.report.record import rule_record  # noqa: PLC0415

        found = [rule for rule in map(rule_of, job.rest) if rule is not None]
        job.console.say(json.dumps([rule_record(rule) for rule in found], indent=1, ensure_ascii=False))
        return NOTHING
    for number, (_, page) in enumerate(pages):
        if number:
            job.console.say()
        show(job.console, page or "")
    return NOTHING


def show(console: Console, page: str) -> None:
    """Prints a page, with colours where the terminal takes them."""
    if not console.colours:
        console.say(page)
        return
    from rich.console import Console as Terminal  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415

    with suppress(BrokenPipeError):
        Terminal().print(Markdown(page))


def _hint(word: str) -> str:
    from keras_upgrade.rules import all_rules  # noqa: PLC0415

    known = [name for rule in all_rules() for name in (rule.code, rule.name)]
    return suggestion(word.upper() if word.upper().startswith("KU") else word, known) or (
        "`keras-upgrade rules` lists them; for an error message, use `keras-upgrade explain`"
    )
