"""`keras-upgrade report`: the HTML report of a run that was saved."""

from __future__ import annotations

import os
from pathlib import Path

from keras_upgrade.cli.command import ERROR, NOTHING, Job, UsageError
from keras_upgrade.cli.saving import check_target, write_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser

HELP = """\
usage: keras-upgrade report [options] RUN.json

Makes the HTML report of a run that `migrate`, `verify`, `fix` or `check` saved with --json: one page that needs
nothing else, no network either.

  -o, --output FILE where to write it; by default beside the run, as RUN.html
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 it is written, 2 an error."""


def add_options(parser: Parser) -> None:
    """Adds the options of the command."""
    parser.add_argument("-o", "--output", metavar="FILE")


def run(job: Job) -> int:
    """Does it; gives the exit status."""
    if len(job.rest) != 1:
        raise UsageError("which run? Give one file that `migrate --json FILE` has written")
    from keras_upgrade.documents.errors import from_os_error  # noqa: PLC0415
    from keras_upgrade.report.record import load  # noqa: PLC0415

    saved = Path(job.rest[0])
    target = saved.with_suffix(".html") if job.options.output is None else job.options.output
    check_target("--output", str(target), {os.path.realpath(saved)})
    try:
        data = load(saved.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"{saved}: it is not text in UTF-8, so no run that was saved") from None
    except ValueError as error:
        raise UsageError(f"{saved}: {error}. Give a file that `migrate --json FILE` has written") from None
    except OSError as error:
        raise UsageError(str(from_os_error(saved, error, "read"))) from None
    write_report(job, data, str(target))
    return ERROR if job.console.errors else NOTHING
