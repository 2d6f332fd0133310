"""Which rules apply, to which files: from the options of the call and the settings of the project."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from keras_upgrade.cli.command import Job, UsageError
from keras_upgrade.records import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.configuration import Configuration
    from keras_upgrade.options import Options

OPTIONS = """\
  --select CODES    apply only these rules: codes (KU401), beginnings of codes (KU4), or names, with commas
  --ignore CODES    do not apply these; of two that name a rule, the longer decides
  --target 3.N      the oldest release of Keras that the code is to run on; the newest by default
  --keep-tf-keras   keep `tf.keras` where it still works
  --exclude GLOB    leave out files and folders of this name or path; may be repeated
  --force-exclude   leave out by --exclude, and by `exclude` of the settings, also files that are given by name
  --no-gitignore    take in what .gitignore leaves out
  --config FILE     read the settings from this pyproject.toml, not from the nearest one
  --isolated        without the settings of any pyproject.toml"""


def rule_options(parser: Parser) -> None:
    """Adds the options that say which rules apply, and to which files."""
    parser.add_argument("--select", action="append", default=[], metavar="CODES")
    parser.add_argument("--ignore", action="append", default=[], metavar="CODES")
    parser.add_argument("--target", metavar="3.N")
    parser.add_argument("--keep-tf-keras", action="store_true")
    parser.add_argument("--exclude", action="append", default=[], metavar="GLOB")
    parser.add_argument("--force-exclude", action="store_true")
    parser.add_argument("--no-gitignore", action="store_true")
    parser.add_argument("--config", metavar="FILE")
    parser.add_argument("--isolated", action="store_true")


def configure(job: Job, base: Path) -> None:
    """Finds the settings of the project that the files below `base` belong to, and takes them where no option says else.

    Raises:
        UsageError: the settings are wrong.
    """
    from keras_upgrade.configuration import ConfigurationError, find, read  # noqa: PLC0415

    options = job.options
    if options.isolated and options.config is not None:
        raise UsageError("--isolated means that no settings are read, so it does not go with --config")
    if options.isolated:
        return
    try:
        found = find(base) if options.config is None else read(Path(options.config))
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    job.configuration = found
    _take_settings(options, found)


def _take_settings(options: Any, found: Configuration) -> None:
    """Puts the settings in the place of options that were not given."""
    for name in ("safe_only", "keep_tf_keras", "clear_outputs", "add_todo"):
        if hasattr(options, name) and getattr(found, name) is not None:
            setattr(options, name, getattr(options, name) or getattr(found, name))
    if found.output_format is not None and getattr(options, "output_format", "") is None:
        options.output_format = [found.output_format]
    if found.respect_gitignore is False:
        options.no_gitignore = True


def rules_of(job: Job) -> Options:
    """What the rules are to do.

    Raises:
        UsageError: a code or a release that is none.
    """
    from keras_upgrade.configuration import Configuration  # noqa: PLC0415
    from keras_upgrade.options import Options  # noqa: PLC0415

    options, found = job.options, job.configuration or Configuration()
    where = f"{found.path}: " if found.path else ""
    result = Options(
        safe_only=getattr(options, "safe_only", False),
        keep_tf_keras=options.keep_tf_keras,
        select=_codes(options.select, "--select") or _codes(found.select, f"{where}select"),
        ignore=(*_codes(options.ignore, "--ignore"), *_codes(found.ignore, f"{where}ignore")),
        ignore_in=_by_file(found, where),
    )
    if options.target is not None:
        return replace(result, target=_target(options.target))
    if found.target is not None:
        return replace(result, target=found.target)
    return result


def _codes(words: Sequence[str] | None, source: str) -> tuple[str, ...]:
    if not words:
        return ()
    from keras_upgrade.cli.command import suggestion  # noqa: PLC0415
    from keras_upgrade.rules import all_rules, codes_of  # noqa: PLC0415

    codes, unknown = codes_of(word for text in words for word in text.split(","))
    if unknown:
        names = [name for rule in all_rules() for name in (rule.name, rule.code)]
        hint = suggestion(unknown[0], names) or "`keras-upgrade rules` lists them"
        raise UsageError(f"{source}: there is no rule `{unknown[0]}`; {hint}")
    return codes


def _by_file(found: Configuration, where: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not found.per_file_ignores or found.path is None:
        return ()
    folder = found.path.absolute().parent
    return tuple(
        (glob if "/" not in glob else os.path.join(folder, glob), _codes(words, f"{where}per-file-ignores"))
        for glob, words in found.per_file_ignores.items()
    )


def _target(word: str) -> int:
    from keras_upgrade.configuration import target_of  # noqa: PLC0415

    try:
        return target_of(word)
    except ValueError as error:
        raise UsageError(f"--target {word}: {error}") from None


def excluded(job: Job) -> tuple[Sequence[str], Callable[[Path, bool], bool]]:
    """Patterns for the files to leave out, and what says of a path (and whether it is a folder) that Git ignores it."""
    found = job.configuration
    patterns = [*job.options.exclude, *(found.exclude or () if found else ())]
    if job.options.no_gitignore:
        return patterns, lambda _path, _is_folder: False
    from keras_upgrade.documents.gitignore import GitIgnore  # noqa: PLC0415

    return patterns, GitIgnore().takes


def is_left_out(job: Job, path: Path) -> bool:
    """Whether a file that was given by name is to be left out: for programs that give names, such as pre-commit."""
    if not job.options.force_exclude or path.is_dir():
        return False
    from fnmatch import fnmatchcase  # noqa: PLC0415

    settings = job.configuration.path if job.configuration else None
    base = settings.absolute().parent if settings else Path.cwd()
    full = Path(os.path.abspath(path))
    below = full.relative_to(base) if full.is_relative_to(base) else full
    patterns, _ = excluded(job)
    return any(
        fnmatchcase(part.name, pattern.rstrip("/")) or fnmatchcase(part.as_posix(), pattern.rstrip("/"))
        for part in (below, *below.parents)
        for pattern in patterns
    )
