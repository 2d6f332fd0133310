"""A run that is kept: the HTML report (`--report`), and the data that it is made of (`--json`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from keras_upgrade.cli.command import Job, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.cli.reading import Input
    from keras_upgrade.outcomes import Outcome
    from keras_upgrade.report.record import Record
    from keras_upgrade.verify import Verification

REPORT = """\
  --report FILE     write a report for people: one HTML page that needs nothing else"""
JSON = """\
  --json FILE       save the whole run as JSON; `keras-upgrade report FILE` makes the report of it later"""


def report_option(parser: Parser) -> None:
    """Adds `--report`."""
    parser.add_argument("--report", metavar="FILE")


def json_option(parser: Parser) -> None:
    """Adds `--json`."""
    parser.add_argument("--json", metavar="FILE")


def wanted(job: Job) -> bool:
    """Whether the run is to be kept."""
    return any(_named(job).values())


def check_targets(job: Job, given: Input) -> None:
    """Makes sure that what is kept overwrites no program.

    Raises:
        UsageError: it would, or there is a folder of that name.
    """
    programs = {os.path.realpath(path) for path in [*given.unread, *(d.path for d in given.documents)]}
    for option, name in _named(job).items():
        if name is not None:
            check_target(option, name, programs)


def check_target(option: str, name: str, taken: set[str]) -> None:
    """Makes sure that a file can be written; `taken` are those that must stay.

    Raises:
        UsageError: it cannot.
    """
    path = Path(name)
    if not name:
        raise UsageError(f"{option} needs the name of a file")
    if path.is_dir():
        raise UsageError(f"{option} {name} is a folder; give the name of a file to write")
    if os.path.realpath(path) in taken or path.suffix.lower() in (".ipynb", ".py"):
        raise UsageError(f"{option} {name} would overwrite one of your files; give another name")


def save(
    job: Job,
    command: str,
    outcomes: Sequence[Outcome],
    runs: Sequence[Verification] = (),
    *,
    smoke: bool = True,
    dry: bool = False,
) -> None:
    """Writes what was asked for.

    Args:
        job: the call.
        command: its name.
        outcomes: what happened to the files.
        runs: what was seen of the programs among them.
        smoke: whether they ran small.
        dry: whether nothing was written.
    """
    if not wanted(job):
        return
    from datetime import UTC, datetime  # noqa: PLC0415

    from keras_upgrade.report.record import dump, record  # noqa: PLC0415

    data = record(
        command, outcomes, sources=True, dry=dry, runs=runs, smoke=smoke, errors=job.console.unfiled
    )
    data["created"] = datetime.now(UTC).isoformat(timespec="seconds")
    named = _named(job)
    if named["--json"] is not None and write(job, named["--json"], lambda: dump(data)):
        job.console.note(f"the run is saved in {named['--json']}")
    if named["--report"] is not None:
        write_report(job, data, named["--report"])


def write_report(job: Job, data: Record, name: str) -> None:
    """Writes the report of a run, and says where it is."""
    from keras_upgrade.report.html import page  # noqa: PLC0415

    if write(job, name, lambda: page(data)):
        job.console.note(f"the report is in {name}")


def write(job: Job, name: str, content: Callable[[], str]) -> bool:
    """Writes a text into a file; says what is wrong, and gives whether it is done."""
    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415

    try:
        write_atomically(Path(name), content().encode("utf-8", "backslashreplace"))
    except DocumentError as error:
        job.console.error(str(error))
        return False
    return True


def _named(job: Job) -> dict[str, str | None]:
    options = vars(job.options)
    return {"--json": options.get("json"), "--report": options.get("report")}
