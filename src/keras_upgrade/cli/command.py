"""What every command of the command line is made of."""

from __future__ import annotations

from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from keras_upgrade.configuration import Configuration
    from keras_upgrade.outcomes import Outcome
    from keras_upgrade.report.console import Console

NOTHING, SOMETHING, ERROR, INTERRUPTED = 0, 1, 2, 130
"""The exit statuses."""


class UsageError(Exception):
    """Wrong arguments; `str()` says what is wrong, and what may have been meant."""


@dataclass
class Job:
    """One call of the program.

    Attributes:
        console: where the words go.
        options: the options given, and the settings of the project in place of those that were not.
        rest: the other words: files and folders.
        configuration: the settings of the project, once they are known.
    """

    console: Console
    options: Namespace
    rest: list[str]
    configuration: Configuration | None = None


def suggestion(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, as a question; empty if there is none."""
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(word, known, 1, 0.5)
    return f"did you mean `{close[0]}`?" if close else ""


def status(job: Job, outcomes: Iterable[Outcome]) -> int:
    """The exit status: whether there were errors, or something is left for the user.

    Advices and unknown names do not count if the user says so.
    """
    if job.options.advice_ok:
        counts = any(report.finding.fix is not None for outcome in outcomes for report in outcome.left)
    else:
        counts = any(outcome.needs_you for outcome in outcomes)
    return ERROR if job.console.errors else SOMETHING if counts else NOTHING
