"""The files that a command is to work on."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from keras_upgrade.cli import resources
from keras_upgrade.cli.choosing import configure, excluded, is_left_out
from keras_upgrade.cli.command import Job, UsageError
from keras_upgrade.records import dataclass, field
from keras_upgrade.report.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.bulk import Tree, Work
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.documents import Document, Problem
    from keras_upgrade.facts import DocumentFacts, Strange
    from keras_upgrade.outcomes import Outcome


STANDARD_INPUT = """\
  --stdin-filename FILE
                    the name of what - reads from standard input: it tells the kind, and the files around it are
                    read. stdin.py by default"""


@dataclass
class Input:
    """The files to work on.

    Attributes:
        documents: those that could be read.
        unread: those that could not.
        base: the folder that all paths are below.
        folders: the folders that were given.
        standard_input: what was read from there, if it was.
        strange: the comments that keep off a rule which there is not, by file.
        tree: what is known of the files, if they are worked on in bulk: `documents` do not hold their texts then.
    """

    base: Path
    folders: list[Path] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    standard_input: bytes | None = None
    strange: dict[Path, Sequence[Strange]] = field(default_factory=dict)
    tree: Tree | None = None

    def project_of(self, path: Path) -> Path:
        """The folder of a file's project: the outermost given folder that it is in, or else its own."""
        full = Path(os.path.abspath(path))
        around = [folder for folder in self.folders if full.is_relative_to(folder)]
        return min(around, key=lambda folder: len(folder.parts), default=full.parent)


def read(job: Job, without: Path | None = None) -> Input:
    """The documents in the given paths; says what is wrong with them.

    Args:
        job: the call of the program.
        without: leave out what is in this folder.
    """
    result, files, _ = _found(job, without)
    from keras_upgrade.report.progress import track  # noqa: PLC0415

    for path in track(files, "Reading"):
        _load(job.console, result, path)
    return result


def read_in_bulk(job: Job, without: Path | None = None, *, all_of_them: bool = True) -> Input:
    """The same, but texts are not held.

    Args:
        job: the call of the program.
        without: leave out what is in this folder.
        all_of_them: read files in folders, too, that cannot have to do with Keras.
    """
    result, files, usable = _found(job, without)
    if result.standard_input is not None:
        return result
    from keras_upgrade.bulk import Tree  # noqa: PLC0415
    from keras_upgrade.catalogue import Catalogue  # noqa: PLC0415
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415
    from keras_upgrade.relevance import relevant  # noqa: PLC0415
    from keras_upgrade.report.progress import track  # noqa: PLC0415
    from keras_upgrade.working import Working  # noqa: PLC0415

    memory = resources.memory(job, result.base, len(files))
    catalogue = Catalogue(memory)
    wanted = set(files) if all_of_them else relevant(files, catalogue) | set(usable)
    members: dict[Path, DocumentFacts] = {}
    with Working():
        for path in track(files, "Reading"):
            if path in wanted:
                try:
                    members[path] = facts = catalogue.document(path)
                except DocumentError as error:
                    job.console.error(str(error))
                    result.unread.append(path)
                    continue
                _tell_problems(job.console, path, facts.problems)
                result.strange[path] = facts.strange
    paths = [path for path in files if path in members or path not in wanted]
    result.tree = Tree(paths, members, catalogue, memory, resources.jobs(job))
    result.documents = [result.tree.document(path) for path in paths]
    return result


def _found(job: Job, without: Path | None) -> tuple[Input, list[Path], list[Path]]:
    """What is to be read, the files, and the paths that were given; of standard input what was read."""
    from keras_upgrade.documents import DocumentError, discover  # noqa: PLC0415

    if not job.rest:
        raise UsageError("which files? Give files (.py, .ipynb, .md, lists of requirements) or folders")
    name = getattr(job.options, "stdin_filename", "")
    if "-" in job.rest and name != "":
        return _read_standard_input(job, Path(name or "stdin.py")), [], []
    if name:
        raise UsageError("--stdin-filename names what - reads, and there is no -")
    given = [Path(word) for word in job.rest]
    usable = [path for path in given if _is_reachable(job.console, path)]
    base = _common_folder(usable)
    configure(job, base)
    usable = [path for path in usable if not is_left_out(job, path)]
    files: list[Path] = []
    for found in discover(usable, *excluded(job)):
        if isinstance(found, DocumentError):
            job.console.error(str(found))
        elif without is None or not Path(os.path.realpath(found)).is_relative_to(without):
            files.append(found)
    folders = [Path(os.path.abspath(path)) for path in usable if path.is_dir()]
    if not files and not job.console.errors:
        job.console.note("no .py, .ipynb or .md files and no lists of requirements there")
    return Input(base, folders), files, usable


def _load(console: Console, result: Input, path: Path, data: bytes | None = None) -> None:
    from keras_upgrade.documents import DocumentError, load  # noqa: PLC0415
    from keras_upgrade.facts import strange  # noqa: PLC0415

    try:
        document = load(path, data)
    except DocumentError as error:
        console.error(str(error))
        result.unread.append(path)
        return
    result.documents.append(document)
    result.strange[path] = strange(document)
    _tell_problems(console, path, document.problems)


def _tell_problems(console: Console, path: Path, problems: Sequence[Problem]) -> None:
    for problem in problems:
        colon = ": " if problem.position.cell is not None else ":"
        text = f"{path}{colon}{problem.position}: {problem.message.rstrip('.')}"
        console.error(f"{text}. {problem.hint}" if problem.hint else text, filed=True)


def _read_standard_input(job: Job, path: Path) -> Input:
    if job.rest != ["-"]:
        raise UsageError("- is standard input; it does not go with other files")
    if sys.stdin is None:
        raise UsageError("there is no standard input to read")
    base = _common_folder([path])
    configure(job, base)
    result = Input(base, standard_input=sys.stdin.buffer.read())
    if not is_left_out(job, path):
        _load(job.console, result, path, result.standard_input)
    return result


def input_options(parser: Parser) -> None:
    """Adds the option for what is read from standard input."""
    parser.add_argument("--stdin-filename", metavar="FILE")


def _is_reachable(console: Console, path: Path) -> bool:
    """Whether the system lets us at a path at all; that it does not exist is for `discover` to say."""
    from keras_upgrade.documents.errors import from_os_error  # noqa: PLC0415

    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError as error:
        console.error(str(from_os_error(path, error, "read")))
        return False
    return True


def _common_folder(paths: Sequence[Path]) -> Path:
    folders = [os.path.abspath(path if path.is_dir() else path.parent) for path in paths]
    try:
        return Path(os.path.commonpath(folders)) if folders else Path()
    except ValueError:  # on other drives
        return Path()


def below(path: Path, base: Path) -> Path:
    """The path seen from the folder; only its name if it is elsewhere."""
    full = Path(os.path.abspath(path))
    return full.relative_to(base) if full.is_relative_to(base) else Path(full.name)


def outcomes_of(job: Job, given: Input, work: Work, label: str) -> list[Outcome]:
    """What happens to the files that were read in bulk.

    Args:
        job: the call of the program.
        given: the files.
        work: what is done to them.
        label: what it is called while it lasts.
    """
    tree = given.tree
    if tree is None:
        from keras_upgrade import engine  # noqa: PLC0415

        if work.command == "fix":
            return engine.migrate(given.documents, work.options)
        return engine.check(given.documents, work.options, with_edits=work.with_edits)
    from keras_upgrade.bulk import work_through  # noqa: PLC0415
    from keras_upgrade.report.progress import counting  # noqa: PLC0415

    with counting(len(tree.paths), label) as advance:
        outcomes = work_through(tree, work, advance)
    if tree.memory is not None:
        tree.memory.close()
        if tree.memory.trouble and job.options.traceback:
            job.console.note(tree.memory.trouble)
    return outcomes


def tell_failures(console: Console, given: Input, outcomes: Sequence[Outcome]) -> None:
    """Says which rules crashed, and which comments name rules that there are not."""
    for outcome in outcomes:
        path = outcome.document.path
        for failure in dict.fromkeys(outcome.failures):
            console.error(f"{path}: {failure}. Please report it", filed=True)
        for one in given.strange.get(path, ()):
            colon = ": " if one.position.cell is not None else ":"
            console.note(
                f"{path}{colon}{one.position}: the comment to ignore names `{one.word}`, which is no rule;"
                " see `keras-upgrade rules`"
            )
