"""How much of the machine a command takes: processes, and the cache of earlier runs."""

from __future__ import annotations

import os
from pathlib import Path

from keras_upgrade.cli.command import Job, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cache.memory import Memory
    from keras_upgrade.cli.parser import Parser

VARIABLE = "KERAS_UPGRADE_CACHE_DIR"
"""Names the folder of the cache where no option does."""
OPTIONS = """\
  --jobs N          work in N processes, if there is enough to do; by default as many as there are processors
  --no-cache        look at all files anew: what earlier runs have found in those that are still the same does not count
  --cache-dir DIR   the folder where that is kept; by default .keras_upgrade_cache, beside the project"""


def resource_options(parser: Parser) -> None:
    """Adds the options."""
    parser.add_argument("--jobs", metavar="N")
    parser.add_argument("--no-cache", action="store_true")
    parser.add_argument("--cache-dir", metavar="DIR")


def jobs(job: Job) -> int:
    """How many processes may work at a time.

    Raises:
        UsageError: it is no number.
    """
    word = job.options.jobs
    if word is None:
        return processors()
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise UsageError(f"--jobs {word}: a whole number above 0 is needed")
    return int(word)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory(job: Job, base: Path, files: int) -> Memory | None:
    """What earlier runs knew of the files below a folder; None if nobody wants to know.

    A single file is not worth the folder of a cache.

    Raises:
        UsageError: the options contradict each other.
    """
    options = job.options
    if options.no_cache and options.cache_dir is not None:
        raise UsageError("--no-cache means that no cache is used, so it does not go with --cache-dir")
    if options.cache_dir == "":
        raise UsageError("--cache-dir needs the name of a folder")
    if options.no_cache or (files < 2 and options.cache_dir is None):
        return None
    try:
        from keras_upgrade.cache.store import Store  # noqa: PLC0415
    except ImportError:  # a Python that was built without SQLite
        return None
    from keras_upgrade.cache import folder  # noqa: PLC0415
    from keras_upgrade.cache.memory import Memory  # noqa: PLC0415

    place = _named(job) or folder.folder_for(base)
    return Memory(Store(folder.database(place)))


def _named(job: Job) -> Path | None:
    """The folder that the call, the environment or the settings name for the cache."""
    named = job.options.cache_dir or os.environ.get(VARIABLE)
    if named:
        return Path(named)
    found = job.configuration
    if found is None or found.cache_dir is None or found.path is None:
        return None
    return Path(os.path.join(found.path.absolute().parent, found.cache_dir))
