"""One file on the page: its line in the list, and all there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_upgrade.report.findings import plural
from keras_upgrade.report.html import diffs, findings, runs
from keras_upgrade.report.html.colours import Range, split
from keras_upgrade.report.html.elements import Html, hidden, join, later, prose, tag
from keras_upgrade.report.html.findings import chip
from keras_upgrade.report.html.names import coverage
from keras_upgrade.report.html.views import Cell, Chapter, Count, noun
from keras_upgrade.report.record import CellRecord, FindingRecord, Record

_VERDICTS = {
    "same": ("Same", "good"),
    "differs": ("Differs", "bad"),
    "not compared": ("Not compared", "quiet"),
}


def entry(chapter: Chapter, record: Record) -> Html:
    """The file in the list, with what unfolds below it.

    The browser reads what is in `noscript` only when the file is opened (see `report.js`), or at once where there are no
    scripts: a page of two hundred notebooks comes up quickly, and can be read and printed either way.
    """
    words = [chapter.name, chapter.file.get("title", "")]
    for finding in chapter.file["findings"]:
        words += [finding["code"], finding["name"], finding["change"], finding["message"]]
    return tag(
        "details",
        _line(chapter, record["command"]),
        tag("noscript", tag("div", body(chapter, record), class_="body")),
        class_=f"chapter {chapter.level}",
        id=chapter.anchor,
        data_states=" ".join(chapter.states),
        data_words=" ".join(dict.fromkeys(" ".join(words).casefold().split())),
        data_sort=",".join(map(str, _keys(chapter, record["command"]))),
    )


def columns(record: Record, *, ran: bool) -> list[str]:
    """The titles of the columns of the list."""
    counts = ("Can be fixed", "With review", "For you")
    if record["command"] != "check":
        counts = ("Fixed", "To review", "Left")
    return [noun(record).capitalize(), *counts, *(("Keras 3", "As on Keras 2") if ran else ())]


def _keys(chapter: Chapter, command: str) -> list[int]:
    """What the columns are sorted by, the loudest first."""
    verdicts = ["differs", "not compared", "same", None]
    runs_order = {False: 0, True: 1, None: 2}
    return [
        chapter.number,
        *(-count.number for count in chapter.counts(command)),
        runs_order[chapter.runs],
        verdicts.index(chapter.verdict),
    ]


def cells_of_line(chapter: Chapter, command: str) -> list[Html]:
    """What stands in the columns."""
    found = [_number(count) for count in chapter.counts(command)]
    if chapter.run is not None:
        found.append(chip("Runs", "good") if chapter.runs else chip("Fails", "bad"))
        found.append(chip(*_VERDICTS[chapter.verdict]) if chapter.verdict else _nothing("not compared"))
    return found


def _line(chapter: Chapter, command: str) -> Html:
    title = chapter.file.get("title", "")
    name = tag(
        "span",
        tag("b", title or chapter.name),
        tag("small", chapter.name) if title else None,
        tag("span", chip("Not read", "bad"), class_="unread") if chapter.broken else None,
        class_="name",
        role="heading",
        aria_level=3,
    )
    cells = cells_of_line(chapter, command)
    return tag("summary", name, *(tag("span", cell, class_="col") for cell in cells))


def _number(count: Count) -> Html:
    if not count.number:
        return _nothing(f"none {count.words}")
    unit = tag("span", f" {count.words}", class_="unit")
    return tag("span", count.number, unit, class_=f"count {count.level}")


def _nothing(words: str) -> Html:
    return join(tag("span", "–", class_="count zero", aria_hidden="true"), hidden(words))


def body(chapter: Chapter, record: Record) -> Html:
    """All there is to say about a file."""
    file = chapter.file
    smoke = record.get("smoke", True)
    run = chapter.run
    parts = [
        _section("Run", runs.results(run, smoke=smoke, link=chapter.anchor), "run") if run else None,
        _attention(chapter, record["command"]),
    ]
    names = coverage(chapter.coverage)
    if names:
        parts.append(_section("Names of Keras and TensorFlow", names, "names"))
    seen = [part for part in parts if part]
    return join(
        *(tag("p", chip("Error", "bad"), " ", prose(failure)) for failure in file["failures"]),
        tag(
            "div",
            tag("div", *seen) if seen else None,
            tag("div", _section("Checklist", _checklist(file["checklist"]), "checklist")),
            class_="panels",
        ),
        _section("Changes" if file["changed"] else "Code", _cells(chapter, record["command"]), "code"),
        _summary(file.get("summary", ""), chapter),
    )


def _section(title: str, content: Html, kind: str) -> Html | None:
    return tag("section", tag("h4", title), content, class_=kind) if content else None


def _attention(chapter: Chapter, command: str) -> Html | None:
    """What somebody has to look at, with the way there."""
    items = []
    for cell in chapter.cells:
        for finding in [*cell.left, *cell.applied]:
            if finding["state"] == "left" or finding["mark"] == "review":
                items.append((finding["state"] != "left", _look(chapter, cell, finding, command)))
    if not items or command == "check":
        return None
    ordered = [item for _, item in sorted(items, key=lambda one: one[0])]
    return _section("Needs your eyes", tag("ul", *ordered), "attention")


def _look(chapter: Chapter, cell: Cell, finding: FindingRecord, command: str) -> Html:
    state, mark = finding["state"], finding["mark"]
    text = finding["change"] if state == "applied" else finding["message"]
    return tag(
        "li",
        findings.badge(state, mark, command),
        tag("a", _place(finding), href=f"#{_anchor(chapter, cell.record)}"),
        " ",
        prose(text),
        findings.assumed(finding["assumption"]) if mark == "review" else None,
        class_=f"finding {findings.level(state, mark)}",
    )


def _place(finding: FindingRecord) -> str:
    start = finding["start"]
    return f"Line {start['line']}" if start["cell"] is None else f"Cell {start['cell']}, line {start['line']}"


def _checklist(lines: Sequence[str]) -> Html:
    items = []
    for line in lines:
        done = line.startswith("- [x] ")
        mark = tag("span", "✓" if done else "○", aria_hidden="true")
        told = hidden("Done: " if done else "To do: ")
        items.append(tag("li", mark, tag("span", told, _bold(line[6:])), class_="done" if done else "todo"))
    return tag("ul", *items)


def _bold(text: str) -> Html:
    """A line with its bold parts."""
    parts = text.split("**")
    return join(*(tag("b", prose(part)) if number % 2 else prose(part) for number, part in enumerate(parts)))


def _anchor(chapter: Chapter, cell: CellRecord) -> str:
    return f"{chapter.anchor}-{cell['index']}"


def _cells(chapter: Chapter, command: str) -> Html:
    if not chapter.cells:  # a record without code
        found = chapter.file["findings"]
        return findings.by_rule(found, command) if found else Html()
    quiet = not (chapter.file["findings"] or chapter.file["changed"] or chapter.broken)
    if quiet and chapter.run is None:
        return tag("p", "Nothing to change here.", class_="none")
    wanted = {text for finding in chapter.file["findings"] for text in finding["imports"]}
    return join(*(_cell(chapter, cell, command, wanted) for cell in chapter.cells))


def _cell(chapter: Chapter, cell: Cell, command: str, wanted: set[str]) -> Html:
    record = cell.record
    title = _title(chapter, record)
    head = [tag("b", title, class_="cell-title"), *_facts(chapter, cell)]
    outputs = runs.cell_outputs(cell.before, cell.after, title)
    anchor = _anchor(chapter, record)
    if not cell.matters:
        lines = plural(len(split(record["after"])), "line")
        summary = tag("summary", *head, tag("span", f"unchanged, {lines}", class_="at"))
        source = tag("details", summary, later(diffs.one_sided(record["after"], record["line"])))
        return tag("div", source, outputs, class_="cell", id=anchor)
    notes = join(
        *(findings.problem(problem) for problem in cell.problems),
        findings.by_rule([*cell.left, *cell.applied], command) if cell.left or cell.applied else None,
        _along(cell, wanted),
    )
    return tag(
        "div",
        tag("div", *head, class_="cell-head"),
        _code(chapter, cell),
        tag("div", notes, class_="notes-of-cell") if notes else None,
        outputs,
        class_="cell matters",
        id=anchor,
        tabindex=-1,
    )


def _title(chapter: Chapter, record: CellRecord) -> str:
    if chapter.file["kind"] == "notebook":
        return f"Cell {record['index']}"
    return f"Block {record['index']}" if chapter.file["kind"] == "markdown" else chapter.name


def _facts(chapter: Chapter, cell: Cell) -> Iterator[Html]:
    """What there is to say about a cell in a word each."""
    count = len(cell.applied)
    if cell.left:
        yield chip(f"{len(cell.left)} left", "look")
    reviewed = sum(finding["mark"] == "review" for finding in cell.applied)
    if reviewed:
        yield chip(f"{reviewed} to review", "look")
    if count:
        yield tag("span", plural(count, "change"), class_="at")
    if cell.after is not None and chapter.file["kind"] != "python":
        if cell.failed:
            yield chip(str(cell.after["status"]).capitalize(), "bad")
        elif cell.after["status"] == "passed":
            yield tag("span", f"ran in {cell.after['seconds']:.1f} s", class_="at")
        else:
            yield chip(str(cell.after["status"]).capitalize(), "quiet")


def _code(chapter: Chapter, cell: Cell) -> Html:
    record, stop = cell.record, chapter.stopped_at(cell)
    if cell.changed:
        first_lines = (record["line_before"], record["line"])
        return diffs.side_by_side(record["before"], record["after"], *first_lines, stop)
    marks: dict[int, list[Range]] = {}
    lines = split(record["after"])
    for finding in cell.left:
        start, end = finding["start"], finding["end"]
        length = (
            len(lines[start["line"] - record["line"]]) if start["line"] - record["line"] < len(lines) else 0
        )
        last = end["column"] - 1 if end["line"] == start["line"] else length
        marks.setdefault(start["line"], []).append((start["column"] - 1, min(last, length), "found"))
    apart = {line: _apart(parts) for line, parts in marks.items()}
    return diffs.one_sided(record["after"], record["line"], apart, stop)


def _apart(parts: Sequence[Range]) -> list[Range]:
    """The parts in order, without those that begin within another."""
    found: list[Range] = []
    for part in sorted(parts):
        if not found or part[0] >= found[-1][1]:
            found.append(part)
    return found


def _along(cell: Cell, wanted: set[str]) -> Html | None:
    """What changed in a cell without a finding of its own."""
    record = cell.record
    if not cell.changed:
        return None
    old = {line.strip() for line in split(record["before"])}
    added = [line.strip() for line in split(record["after"]) if line.strip() in wanted - old]
    if added:
        return tag("p", "Added ", join(*(join(tag("code", line), " ") for line in added)), class_="along")
    if cell.applied:
        return None
    return tag("p", "Changed along with other cells: a fix elsewhere needed it.", class_="along")


def _summary(markdown: str, chapter: Chapter) -> Html | None:
    if not markdown:
        return None
    anchor = f"{chapter.anchor}-summary"
    title = tag("span", "Applied Fixes Summary", role="heading", aria_level=4)
    summary = tag("summary", title, " ", tag("span", "as Markdown", class_="at"))
    content = tag("pre", markdown, id=anchor, tabindex=0)
    button = tag("button", "Copy", type="button", class_="copy", data_copy=anchor)
    return tag("div", button, tag("details", summary, content, class_="summary"), class_="copyable")
