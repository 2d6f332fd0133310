"""The formats that a command is asked for, and where each goes: `--output-format FORMAT[=FILE]`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from keras_upgrade.cli.command import Job, UsageError, suggestion
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cli.parser import Parser
    from keras_upgrade.cli.reading import Input
    from keras_upgrade.report.findings import Detail
    from keras_upgrade.report.record import Record
    from keras_upgrade.report.text import Style

TEXTS = ("text", "concise", "full")
"""What people read on the terminal; the other formats are those of `report.formats`."""
OPTIONS = """\
  --output-format FORMAT[=FILE]
                    how to say it: text (with the source of what is for you, and of one finding of each rule),
                    concise (one line each), full (the source of each), json, jsonl, sarif, github, gitlab or
                    markdown; with FILE, it goes there, and the text still to the terminal. May be repeated
  -q, --quiet       only the findings: no checklist, no closing line
  --statistics      how many findings there are of each rule, in place of the findings"""


@dataclass(frozen=True)
class Output:
    """One of the formats, and the file that it goes to; None for standard output."""

    name: str
    file: Path | None


@dataclass(frozen=True)
class Outputs:
    """All that is to be written.

    Attributes:
        text: the format of the text on standard output; empty if something else goes there.
        others: the other formats, the one on standard output first.
    """

    text: str
    others: Sequence[Output]

    @property
    def with_edits(self) -> bool:
        """Whether one of the formats wants complete edits."""
        from keras_upgrade.report.formats import FORMATS  # noqa: PLC0415

        return any(FORMATS[output.name].with_edits for output in self.others)


def output_options(parser: Parser) -> None:
    """Adds the options."""
    parser.add_argument("--output-format", action="append", metavar="FORMAT[=FILE]")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("--statistics", action="store_true")


def outputs(job: Job, given: Input) -> Outputs:
    """What the options ask for.

    Raises:
        UsageError: there is no such format, two of them want the same place, or a file is none to write to.
    """
    found = [_output(word) for word in job.options.output_format or ()]
    places = [None if output.file is None else os.path.realpath(output.file) for output in found]
    for number, place in enumerate(places):
        if place in places[:number]:
            where = f"{found[number].file}" if place else "standard output"
            raise UsageError(f"--output-format: only one format can go to {where}; give the others a =FILE")
    terminal = next((output.name for output in found if output.file is None), "text")
    others = sorted(
        (output for output in found if output.name not in TEXTS), key=lambda one: one.file is not None
    )
    for output in others:
        if output.file is not None:
            _check_file(output.name, output.file, given)
    return Outputs(terminal if terminal in TEXTS else "", others)


def style_of(job: Job, chosen: Outputs) -> Style:
    """How much the text says."""
    from keras_upgrade.report.text import Style  # noqa: PLC0415

    options = job.options
    detail: Detail = chosen.text  # type: ignore[assignment]  # one of TEXTS
    lists, coverage = not getattr(options, "no_checklist", True), getattr(options, "coverage", False)
    return Style(detail, options.quiet, options.statistics, checklists=lists, coverage=coverage)


def names_of_formats() -> list[str]:
    """All formats, those for people first."""
    from keras_upgrade.report.formats import FORMATS  # noqa: PLC0415

    return [*TEXTS, *FORMATS]


def _output(word: str) -> Output:
    name, equals, file = word.partition("=")
    names = names_of_formats()
    if name not in names:
        advice = suggestion(name, names) or f"there are {', '.join(names)}"
        raise UsageError(f"--output-format has no `{name}`; {advice}")
    if equals and not file:
        raise UsageError(f"--output-format {word} needs the name of a file after the =")
    if file and name in TEXTS:
        raise UsageError(f"--output-format {word}: {name} is for the terminal; redirect it with > {file}")
    return Output(name, Path(file) if file else None)


def _check_file(name: str, file: Path, given: Input) -> None:
    """Makes sure that no program is overwritten."""
    if file.is_dir():
        raise UsageError(f"--output-format {name}={file} is a folder; give the name of a file")
    documents = {os.path.realpath(document.path) for document in given.documents}
    if os.path.realpath(file) in documents or file.suffix in (".ipynb", ".py"):
        raise UsageError(
            f"--output-format {name}={file} would overwrite one of your programs; give another name"
        )


def write_outputs(job: Job, chosen: Outputs, record: Callable[[bool], Record]) -> None:
    """Writes the formats other than the text; `record` gives the run, with the places in the files if it is so told."""
    if not chosen.others:
        return
    from keras_upgrade.documents import DocumentError, write_atomically  # noqa: PLC0415
    from keras_upgrade.report.formats import FORMATS, render  # noqa: PLC0415

    for output in chosen.others:
        text = render(output.name, record(FORMATS[output.name].in_file))
        if output.file is None:
            job.console.say(text, end="")
            continue
        try:
            write_atomically(output.file, text.encode("utf-8", "backslashreplace"))
        except DocumentError as error:
            job.console.error(str(error))
