"""The command line: parses arguments, calls the library, prints.

What only one command needs is imported there, so that `--help` comes at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from keras_upgrade import __version__
from keras_upgrade.report.console import Console

if TYPE_CHECKING:
    from keras_upgrade.documents import Document
    from keras_upgrade.engine import Outcome
    from keras_upgrade.report.findings import Counts

NOTHING, SOMETHING, ERROR, INTERRUPTED = 0, 1, 2, 130

_HELP = {
    "": """\
keras-upgrade takes notebooks, scripts and Markdown pages written for Keras 2 to Keras 3.

usage: keras-upgrade COMMAND ...

  check PATH...    show what Keras 3 breaks, and where
  fix PATH...      change it
  explain WHAT     explain a rule (KU401), or an error message of Keras
  rules            list the rules

  keras-upgrade COMMAND --help    the options of a command
  keras-upgrade --version         the version

Exit status: 0 nothing to do, 1 something found or left for you, 2 an error.""",
    "check": """\
usage: keras-upgrade check [options] PATH...

Shows what Keras 3 breaks in files (.py, .ipynb, .md) and in folders of them, and changes nothing.
Each finding is marked: [fix] can be fixed, [review] can be fixed under an assumption, [advice] is for you.

  --exclude GLOB    leave out files and folders of this name or path; may be repeated
  --keep-tf-keras   count `tf.keras` as right where it still works
  --no-checklist    only the findings, without the checklist of each file
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 nothing found, 1 something found, 2 an error (a file or cell that cannot be read, ...).""",
    "fix": """\
usage: keras-upgrade fix [options] PATH...

Changes files (.py, .ipynb, .md), and folders of them, in place. Says what was done and what is left.

  --diff            show what would change; write nothing
  -o, --output DIR  write migrated copies into DIR, keeping the folders; the originals stay as they are.
                    Files without changes are copied too, but only .py, .ipynb and .md: nothing else
  --safe-only       leave out the changes that are right only under an assumption
  --clear-outputs   remove the outputs of the notebook cells that change
  --keep-tf-keras   keep `tf.keras` where it still works
  --summary[=FILE]  write the Applied Fixes Summary as Markdown, to the terminal or into FILE
  --exclude GLOB    leave out files and folders of this name or path; may be repeated
  --traceback       show where an internal error happened
  -h, --help        show this help

Exit status: 0 everything is done, 1 something is left for you (with --diff: or would change), 2 an error.""",
    "explain": """\
usage: keras-upgrade explain KU401
       keras-upgrade explain "AttributeError: module 'keras.backend' has no attribute 'exp'"
       python train.py 2>&1 | keras-upgrade explain

Explains a rule, given its code or name, or an error message or a whole traceback, given here or on standard
input.

  -h, --help        show this help

Exit status: 0 explained, 1 nothing is known about it, 2 an error.""",
    "rules": """\
usage: keras-upgrade rules

Lists the rules: code, name, and what they are about. `keras-upgrade explain CODE` shows the page of one.

  -h, --help        show this help""",
}


class UsageError(Exception):
    """Wrong arguments; `str()` says what is wrong, and what may have been meant."""


class _Parser(argparse.ArgumentParser):
    """Takes the options; what is left over are the paths."""

    def __init__(self) -> None:
        super().__init__(add_help=False, allow_abbrev=False, argument_default=None)
        self.add_argument("-h", "--help", action="store_true")
        self.add_argument("--traceback", action="store_true")

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


@dataclass
class _Job:
    """One call of the program."""

    console: Console
    options: argparse.Namespace
    rest: list[str]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    console = Console()
    try:
        status = _run(console, words)
        console.flush()
    except UsageError as error:
        console.error(str(error))
        status = ERROR
    except KeyboardInterrupt:
        with suppress(Exception):
            console.note("interrupted")
        status = INTERRUPTED
    except OSError as error:
        status = _failed(console, words, error, f"cannot go on: {error}")
    except Exception as error:  # the last line of defence: a sentence, not a stack
        command = words[0] if words else "keras-upgrade"
        text = (
            f"internal error in {command}: {type(error).__name__}: {error}; please report it with --traceback"
        )
        status = _failed(console, words, error, text)
    return status


def _failed(console: Console, words: Sequence[str], error: Exception, text: str) -> int:
    if "--traceback" in words:
        import traceback  # noqa: PLC0415

        traceback.print_exception(error)
    with suppress(OSError):
        console.error(text)
    return ERROR


def _run(console: Console, words: list[str]) -> int:
    if not words:
        console.note(_HELP[""])
        return ERROR
    first = words[0]
    if first in ("-h", "--help", "help"):
        topic = words[1] if len(words) > 1 and words[1] in _HELP else ""
        console.say(_HELP[topic])
        return NOTHING
    if first in ("--version", "-V"):
        console.say(f"keras-upgrade {__version__}")
        return NOTHING
    command = _COMMANDS.get(first)
    if command is None:
        what = "option" if first.startswith("-") else "command"
        known = ["--help", "--version"] if what == "option" else list(_COMMANDS)
        advice = _suggestion(first, known)
        if not advice and os.path.exists(first):
            advice = f"did you mean `keras-upgrade check {first}`?"
        raise UsageError(f"no {what} `{first}`; {advice or 'see keras-upgrade --help'}")
    add_options, run = command
    parser = _Parser()
    add_options(parser)
    options, rest = _parse(parser, words[1:], first)
    if options.help:
        console.say(_HELP[first])
        return NOTHING
    return run(_Job(console, options, rest))


def _parse(parser: _Parser, words: list[str], command: str) -> tuple[argparse.Namespace, list[str]]:
    """The options, and the other words; what stands behind `--` is no option."""
    end = words.index("--") if "--" in words else len(words)
    head = words[:end]
    for number, word in enumerate(head):
        if word == "--summary":  # its FILE comes after a `=`, lest a program be taken for it
            head[number] = "--summary=-"
            following = head[number + 1 : number + 2]
            if following and not following[0].startswith("-") and not os.path.lexists(following[0]):
                name = following[0]
                raise UsageError(f"{name} does not exist; to write the summary into it, say --summary={name}")
    options, rest = parser.parse_known_args(head)
    for word in rest:
        if word.startswith("-") and word != "-":
            known = [name for action in parser._actions for name in action.option_strings]
            advice = _suggestion(word.partition("=")[0], known) or f"see keras-upgrade {command} --help"
            raise UsageError(f"{command} has no option `{word}`; {advice}")
    return options, rest + words[end + 1 :]


def _suggestion(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(word, known, 1, 0.5)
    return f"did you mean `{close[0]}`?" if close else ""


# -- reading ---------------------------------------------------------------------------------------


@dataclass
class _Input:
    """The files to work on.

    Attributes:
        documents: those that could be read.
        unread: those that could not.
        base: the folder that all paths are below.
    """

    base: Path
    documents: list[Document] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)


def _read(job: _Job, without: Path | None = None) -> _Input:
    """The documents in the given paths, but for those in the folder `without`; says what is wrong."""
    from keras_upgrade.documents import DocumentError, discover, load  # noqa: PLC0415
    from keras_upgrade.report.progress import track  # noqa: PLC0415

    if not job.rest:
        raise UsageError("which files? Give files (.py, .ipynb, .md) or folders")
    given = [Path(word) for word in job.rest]
    usable = [path for path in given if _is_reachable(job.console, path)]
    files: list[Path] = []
    for found in discover(usable, job.options.exclude):
        if isinstance(found, DocumentError):
            job.console.error(str(found))
        elif without is None or not Path(os.path.realpath(found)).is_relative_to(without):
            files.append(found)
    result = _Input(_common_folder(usable))
    for path in track(files, "Reading"):
        try:
            document = load(path)
        except DocumentError as error:
            job.console.error(str(error))
            result.unread.append(path)
        else:
            result.documents.append(document)
            for problem in document.problems:
                colon = ": " if problem.position.cell is not None else ":"
                text = f"{path}{colon}{problem.position}: {problem.message.rstrip('.')}"
                job.console.error(f"{text}. {problem.hint}" if problem.hint else text)
    if not files and not job.console.errors:
        job.console.note("no .py, .ipynb or .md files there")
    return result


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


def _below(path: Path, base: Path) -> Path:
    full = Path(os.path.abspath(path))
    return full.relative_to(base) if full.is_relative_to(base) else Path(full.name)


def _shared_options(parser: _Parser) -> None:
    parser.add_argument("--exclude", action="append", default=[], metavar="GLOB")
    parser.add_argument("--keep-tf-keras", action="store_true")


def _failures(console: Console, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        for failure in dict.fromkeys(outcome.failures):
            console.error(f"{outcome.document.path}: {failure}. Please report it")


# -- check -----------------------------------------------------------------------------------------


def _check_options(parser: _Parser) -> None:
    _shared_options(parser)
    parser.add_argument("--no-checklist", action="store_true")


def _check(job: _Job) -> int:
    given = _read(job)
    from keras_upgrade import engine  # noqa: PLC0415
    from keras_upgrade.report.checklist import checklist  # noqa: PLC0415
    from keras_upgrade.report.findings import Counts, line, plural  # noqa: PLC0415
    from keras_upgrade.report.progress import busy  # noqa: PLC0415
    from keras_upgrade.rules import Options  # noqa: PLC0415

    console = job.console
    with busy(len(given.documents), f"Checking {len(given.documents)} files"):
        outcomes = engine.check(given.documents, Options(keep_tf_keras=job.options.keep_tf_keras))
    counts, affected = Counts(), 0
    for outcome in outcomes:
        if not outcome.left:
            continue
        affected += 1
        counts.add(outcome.left)
        path = outcome.document.path
        for report in outcome.left:
            console.say(line(console, path, report))
        console.say()
        if not job.options.no_checklist:
            console.say(console.style(f"Checklist for {path}", "bold"))
            findings = (report.finding for report in outcome.left)
            console.say("\n".join(checklist(findings, len(outcome.document.problems))))
            console.say()
    _failures(console, outcomes)
    files = plural(len(given.documents), "file")
    if counts.total:
        kinds = f"{counts.fix} fixable, {counts.review} to review, {counts.advice} for you"
        console.say(f"{kinds}, in {affected} of {files}")
    elif given.documents:
        console.say(f"nothing found in {files}{' that could be read' if console.errors else ''}")
    return ERROR if console.errors else SOMETHING if counts.total else NOTHING


# -- fix -------------------------------------------------------------------------------------------


def _fix_options(parser: _Parser) -> None:
    _shared_options(parser)
    parser.add_argument("--diff", action="store_true")
    parser.add_argument("-o", "--output", metavar="DIR")
    parser.add_argument("--safe-only", action="store_true")
    parser.add_argument("--clear-outputs", action="store_true")
    parser.add_argument("--summary", metavar="FILE")


def _fix(job: _Job) -> int:
    options, console = job.options, job.console
    if options.diff and options.output is not None:
        raise UsageError("--diff writes nothing, so it does not go with --output")
    if options.diff and options.summary not in (None, "-"):
        raise UsageError("--diff writes nothing, so it does not go with --summary=FILE; --summary alone does")
    output = _output_folder(job)
    given = _read(job, output)
    target = _summary_file(options.summary, given)
    from keras_upgrade import engine  # noqa: PLC0415
    from keras_upgrade.report.progress import busy  # noqa: PLC0415
    from keras_upgrade.rules import Options  # noqa: PLC0415

    with busy(len(given.documents), f"Migrating {len(given.documents)} files"):
        chosen = Options(safe_only=options.safe_only, keep_tf_keras=options.keep_tf_keras)
        outcomes = engine.migrate(given.documents, chosen)
    done = list(outcomes) if options.diff else _write(job, given, outcomes, output)
    _failures(console, outcomes)
    if options.diff:
        _show_diff(console, outcomes)
    if options.summary is not None:
        _write_summary(console, done, given.base, target)
    counts = _tell(job, done, output, quiet=options.summary == "-")
    left = counts.total or (options.diff and any(outcome.changed for outcome in outcomes))
    return ERROR if console.errors else SOMETHING if left else NOTHING


def _output_folder(job: _Job) -> Path | None:
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


def _summary_file(name: str | None, given: _Input) -> Path | None:
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


def _write(job: _Job, given: _Input, outcomes: Sequence[Outcome], output: Path | None) -> list[Outcome]:
    """Writes what changed, or everything to the output folder; gives the outcomes that are on disk now."""
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415
    from keras_upgrade.report.progress import track  # noqa: PLC0415

    originals = {os.path.realpath(path) for path in [*given.unread, *(d.path for d in given.documents)]}
    done = []
    for outcome in track(outcomes, "Writing"):
        path = outcome.document.path
        try:
            if output is None:
                _write_in_place(outcome, clear=job.options.clear_outputs)
            else:
                data = _content(outcome, clear=job.options.clear_outputs)
                _write_copy(path, output / _below(path, given.base), data, originals)
        except DocumentError as error:
            job.console.error(str(error))
        else:
            done.append(outcome)
    if output is not None:
        for path in given.unread:
            with suppress(DocumentError, OSError):  # that it cannot be read has been said
                _write_copy(path, output / _below(path, given.base), path.read_bytes(), originals)
    return done


def _content(outcome: Outcome, *, clear: bool) -> bytes:
    if clear and outcome.changed:
        return outcome.document.without_outputs(outcome.edited_cells).to_bytes()
    return outcome.document.to_bytes()


def _write_in_place(outcome: Outcome, *, clear: bool) -> None:
    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415
    from keras_upgrade.documents.errors import from_os_error  # noqa: PLC0415

    if not outcome.changed:
        return
    path = outcome.document.path
    data = _content(outcome, clear=clear)
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


def _show_diff(console: Console, outcomes: Sequence[Outcome]) -> None:
    from keras_upgrade.documents import DocumentError  # noqa: PLC0415
    from keras_upgrade.report.diff import coloured, diff  # noqa: PLC0415

    for outcome in outcomes:
        if outcome.changed:
            try:
                for text in diff(outcome.document.path, outcome.before, outcome.document):
                    console.say(coloured(console, text))
            except DocumentError as error:
                console.error(str(error))


def _write_summary(console: Console, outcomes: Sequence[Outcome], base: Path, target: Path | None) -> None:
    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415
    from keras_upgrade.report.summary import summary  # noqa: PLC0415

    texts = [summary(outcome, str(_below(outcome.document.path, base))) for outcome in outcomes]
    text = "\n".join(text for text in texts if text) or "Nothing to fix was found.\n"
    if target is None:
        console.say(text)
        return
    try:
        write_atomically(target, text.encode("utf-8", "backslashreplace"))
    except DocumentError as error:
        console.error(str(error))


def _tell(job: _Job, outcomes: Sequence[Outcome], output: Path | None, *, quiet: bool) -> Counts:
    """What was done to each file and what is left, and a closing line; gives the counts of what is left."""
    from keras_upgrade.report.findings import REVIEW, Counts, line, mark_of, plural  # noqa: PLC0415

    console = job.console
    done, left, affected = Counts(), Counts(), 0
    for outcome in outcomes:
        if not outcome.applied and not outcome.left:
            continue
        affected += 1
        done.add(outcome.applied)
        left.add(outcome.left)
        if quiet:
            continue
        path = outcome.document.path
        if outcome.changed:
            console.say(f"{console.style(str(path), 'bold')}: {_what(outcome, diff=job.options.diff)}")
        for report in outcome.applied:
            if mark_of(report.finding) == REVIEW:
                console.say(f"  {line(console, path, report, done=True)}")
        for report in outcome.left:
            console.say(
                f"  {line(console, path, report)}{'' if report.finding.fix is None else ' (not done)'}"
            )
    if not affected:
        limits = " that could be read" if console.errors else ""
        console.say(f"nothing to fix in {plural(len(outcomes), 'file')}{limits}")
    else:
        verb = "to fix" if job.options.diff else "fixed"
        held = f", {left.fix + left.review} not done" if left.fix + left.review else ""
        console.say(f"{done.fix} {verb}, {done.review} to review, {left.advice} for you{held}")
    if output is not None:
        console.say(f"the copies are in {job.options.output}")
    return left


def _what(outcome: Outcome, *, diff: bool) -> str:
    from keras_upgrade.report.findings import plural  # noqa: PLC0415

    text = f"{plural(len(outcome.applied), 'change')}{' to make' if diff else ''}"
    if outcome.document.kind != "notebook":
        return text
    cells = sorted(outcome.edited_cells)
    return f"{text} in {'cell' if len(cells) == 1 else 'cells'} {', '.join(map(str, cells))}"


# -- explain and rules -----------------------------------------------------------------------------


def _explain_options(_: _Parser) -> None:
    pass


def _explain(job: _Job) -> int:
    text = " ".join(job.rest)
    if text in ("", "-"):
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "explain what? Give a rule (KU401), or an error message, here or on standard input"
            )
        text = _standard_input()
    from keras_upgrade import explain  # noqa: PLC0415

    page = explain.page(text)
    if page is not None:
        _show_page(job.console, page)
        return NOTHING
    answer = explain.answer(text)
    job.console.say(answer.text)
    return NOTHING if answer.known else SOMETHING


def _standard_input() -> str:
    buffer = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read() if buffer is None else buffer.read().decode("utf-8", "replace")


def _show_page(console: Console, page: str) -> None:
    if not console.colours:
        console.say(page)
        return
    from rich.console import Console as Terminal  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415

    with suppress(BrokenPipeError):
        Terminal().print(Markdown(page))


def _rules_options(_: _Parser) -> None:
    pass


def _rules(job: _Job) -> int:
    if job.rest:
        raise UsageError(f"rules takes no arguments; did you mean `keras-upgrade explain {job.rest[0]}`?")
    from keras_upgrade.rules import all_rules  # noqa: PLC0415

    rules = all_rules()
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        job.console.say(f"{rule.code}  {rule.name:<{width}}  {rule.title}")
    return NOTHING


_COMMANDS: dict[str, tuple[Callable[[_Parser], None], Callable[[_Job], int]]] = {
    "check": (_check_options, _check),
    "fix": (_fix_options, _fix),
    "explain": (_explain_options, _explain),
    "rules": (_rules_options, _rules),
}
