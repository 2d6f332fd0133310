"""Where migrated files are written: over the originals, or into a folder of copies."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from keras_upgrade.cli.command import Job, UsageError
from keras_upgrade.cli.reading import Input, below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.outcomes import Outcome


def output_folder(job: Job) -> Path | None:
    """The folder that `--output` names, if it does and it is fit for it."""
    if job.options.output is None:
        return None
    if not job.options.output:
        raise UsageError("--output needs the name of a folder")
    output = Path(os.path.realpath(job.options.output))
    if output.exists() and not output.is_dir():
        raise UsageError(f"--output: {job.options.output} is not a folder")
    for word in job.rest:
        path = Path(os.path.realpath(word))
        if output == (path if path.is_dir() else path.parent):
            raise UsageError(
                f"--output: {job.options.output} is the folder of {word}; its files would be overwritten"
            )
    return output


def summary_file(name: str | None, given: Input) -> Path | None:
    """The file that `--summary` names, unless it would overwrite a program."""
    if name in (None, "-"):
        return None
    assert name is not None
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"--summary={name} is a folder; give the name of a file to write")
    documents = {os.path.realpath(document.path) for document in given.documents}
    if os.path.realpath(path) in documents or path.suffix.lower() in (".ipynb", ".py"):
        raise UsageError(f"--summary={name} would overwrite one of your programs; give another name")
    return path


def add_todos(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Leaves a comment at each place that is left to the user."""
    from keras_upgrade import todo  # noqa: PLC0415
    from keras_upgrade.outcomes import KeptOutcome  # noqa: PLC0415

    result = [one.full() if isinstance(one, KeptOutcome) and one.has_left else one for one in outcomes]
    for outcome in result:
        if outcome.has_left:
            todo.add_todos(outcome)
    return result


def write(job: Job, given: Input, outcomes: Sequence[Outcome], output: Path | None) -> list[Outcome]:
    """Writes what changed, or everything to the output folder; gives the outcomes that are on disk now."""
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415
    from keras_upgrade.report.progress import track  # noqa: PLC0415

    _clear_outputs(job, outcomes)
    originals = {os.path.realpath(path) for path in [*given.unread, *(d.path for d in given.documents)]}
    done = []
    for outcome in track(outcomes, "Writing"):
        path = outcome.document.path
        try:
            if output is None:
                _write_in_place(outcome)
            else:
                target = output / below(path, given.base)
                _write_copy(path, target, outcome.document.to_bytes(), originals)
        except DocumentError as error:
            job.console.error(str(error))
        else:
            done.append(outcome)
    if output is not None:
        for path in given.unread:
            with suppress(DocumentError, OSError):  # that it cannot be read has been said
                _write_copy(path, output / below(path, given.base), path.read_bytes(), originals)
    return done


def give(job: Job, given: Input, outcomes: Sequence[Outcome]) -> None:
    """Writes the fixed text of standard input to standard output; the text as it came if it cannot be read."""
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415

    _clear_outputs(job, outcomes)
    data = given.standard_input or b""
    for outcome in outcomes:
        try:
            data = outcome.document.to_bytes()
        except DocumentError as error:
            job.console.error(str(error))
    job.console.give(data)


def _clear_outputs(job: Job, outcomes: Sequence[Outcome]) -> None:
    """Takes the outputs out of the cells that changed, if that is wanted."""
    for outcome in outcomes if job.options.clear_outputs else ():
        if outcome.changed:
            outcome.document = outcome.document.without_outputs(outcome.edited_cells)


def _write_in_place(outcome: Outcome) -> None:
    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415
    from keras_upgrade.documents.errors import from_os_error  # noqa: PLC0415

    if not outcome.changed:
        return
    path = outcome.document.path
    data = outcome.document.to_bytes()
    try:
        current = path.read_bytes()
    except OSError as error:
        raise from_os_error(path, error, "read again") from error
    if current != outcome.before.to_bytes():
        raise DocumentError(path, None, "was changed by someone else meanwhile", "Run the command again")
    write_atomically(path, data)


def _write_copy(source: Path, target: Path, data: bytes, originals: set[str]) -> None:
    import shutil  # noqa: PLC0415

    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415
    from keras_upgrade.documents.errors import from_os_error  # noqa: PLC0415

    if os.path.realpath(target) in originals:
        raise DocumentError(
            target, None, f"leads to the original of {source}", "Choose another output folder"
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file() and target.read_bytes() == data:
            return
    except OSError as error:
        raise from_os_error(target, error, "written") from error
    new = not target.exists()
    write_atomically(target, data)
    if new:
        with suppress(OSError):
            shutil.copymode(source, target)
