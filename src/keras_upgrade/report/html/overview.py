"""The top of the page: how it went in all, and the list of the files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from keras_upgrade.report.findings import plural
from keras_upgrade.report.html.chapter import cells_of_line, columns, entry
from keras_upgrade.report.html.elements import Content, Html, join, prose, tag
from keras_upgrade.report.html.views import Chapter, chapters, folder, noun
from keras_upgrade.report.record import Record

_DONE = {
    "check": "Check for Keras 3",
    "fix": "Migration to Keras 3",
    "migrate": "Migration to Keras 3",
    "verify": "Runs on Keras 3",
}
_FILTERS = (
    ("", "All"),
    ("attention", "Need attention"),
    ("review", "To review"),
    ("left", "Something left"),
    ("unread", "Not read"),
    ("fails", "Fail"),
    ("differs", "Differ"),
    ("unknown", "Unknown names"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
)


def title(record: Record) -> str:
    """What the page is called."""
    name = os.path.basename(folder(record)) or (
        record["files"][0]["path"] if len(record["files"]) == 1 else ""
    )
    what = _DONE.get(record["command"], "Migration to Keras 3")
    return f"{what}: {name}" if name else what


def overview(record: Record) -> Html:
    """The head of the page and the list of all files."""
    views = chapters(record)
    ran = any(chapter.run is not None for chapter in views)
    return join(
        tag("a", "Skip to the list", href="#list", class_="skip"),
        tag(
            "header",
            tag("div", tag("span", "keras-upgrade", class_="brand"), _stamp(record), class_="bar"),
            tag("h1", title(record)),
            tag("p", _sentence(record, views), class_="lead"),
            _tiles(record, views),
        ),
        tag(
            "main",
            _errors(record),
            tag("h2", f"{noun(record).capitalize()}s", id="list", tabindex=-1),
            _tools(views),
            _printed(record, views, ran=ran),
            tag(
                "div",
                _columns(record, ran=ran),
                *(entry(chapter, record) for chapter in views),
                class_="list ran" if ran else "list",
            ),
            tag("p", "Nothing fits the filter.", class_="empty", hidden=True),
        ),
    )


def _stamp(record: Record) -> Html:
    created = record.get("created", "")
    minute = f"{created[:16].replace('T', ' ')}{' UTC' if created.endswith('+00:00') else ''}"
    day = tag("time", minute, datetime=created) if created else None
    switch = tag(
        "button",
        "◐",
        type="button",
        id="theme",
        aria_label="Switch between light and dark",
        title="Light or dark",
        hidden=True,
    )
    return tag("span", day, switch, class_="stamp")


def _sentence(record: Record, views: Sequence[Chapter]) -> Html:
    """How it went, in a sentence or two."""
    return join(*(join(prose(text), " ") for text in _sentences(record, views)))


def _sentences(record: Record, views: Sequence[Chapter]) -> Iterator[str]:
    totals, word = record["totals"], noun(record)
    left = totals["left_fix"] + totals["left_review"] + totals["left_advice"]
    if record["command"] == "check":
        yield f"{plural(left, 'finding')} in {totals['affected']} of {plural(totals['files'], word)}."
    elif record["command"] != "verify" or totals["changed"]:
        verb = "would change" if record.get("dry") else "changed"
        yield f"{totals['changed']} of {plural(totals['files'], word)} {verb}."
    run = [chapter for chapter in views if chapter.run is not None]
    if run:
        passed = sum(bool(chapter.runs) for chapter in run)
        small = ", small," if record.get("smoke", True) else ""
        yield f"{passed} of {plural(len(run), 'program')} {'runs' if passed == 1 else 'run'}{small} on Keras 3."
        verdicts = [chapter.verdict for chapter in run if chapter.verdict]
        if verdicts:
            told = [f"{verdicts.count('same')} did the same as on Keras 2"]
            if "differs" in verdicts:
                told.append(f"{verdicts.count('differs')} did not")
            if "not compared" in verdicts:
                told.append(f"{verdicts.count('not compared')} could not be compared")
            yield f"{', '.join(told)}."
    unknown = record["coverage"]["unknown"] if "coverage" in record else 0
    if unknown:
        yield f"{plural(unknown, 'name')} of Keras or TensorFlow {'is' if unknown == 1 else 'are'} unknown."
    attention = sum("attention" in chapter.states for chapter in views)
    if attention:
        yield f"{plural(attention, word).capitalize()} {'needs' if attention == 1 else 'need'} your attention."
    elif record["command"] != "check" and not unknown:
        yield "Nothing is left for you."


def _tiles(record: Record, views: Sequence[Chapter]) -> Html:
    totals = record["totals"]
    left = totals["left_fix"] + totals["left_review"] + totals["left_advice"]
    tiles = [_tile(noun(record).capitalize() + "s", totals["files"], "")]
    if record["command"] == "check":
        tiles.append(_tile("Findings", left, "look" if left else "good"))
        tiles.append(_tile("Can be fixed", totals["left_fix"], "good"))
        tiles.append(_tile("With review", totals["left_review"], "look" if totals["left_review"] else ""))
        tiles.append(_tile("For you", totals["left_advice"], "bad" if totals["left_advice"] else ""))
    else:
        tiles.append(_tile("Fixed", totals["fixed"], "good" if totals["fixed"] else ""))
        tiles.append(_tile("To review", totals["reviewed"], "look" if totals["reviewed"] else ""))
        tiles.append(_tile("Left for you", left, "bad" if left else ""))
    unknown = sum(chapter.coverage.get("unknown", 0) for chapter in views)
    if unknown:
        tiles.append(_tile("Unknown names", unknown, "look"))
    run = [chapter for chapter in views if chapter.run is not None]
    if run:
        passed = sum(bool(chapter.runs) for chapter in run)
        tiles.append(_tile("Run on Keras 3", passed, "good" if passed == len(run) else "bad", of=len(run)))
    compared = [chapter for chapter in run if chapter.verdict]
    if compared:
        same = sum(chapter.verdict == "same" for chapter in compared)
        bad = "bad" if any(chapter.verdict == "differs" for chapter in compared) else "look"
        tiles.append(
            _tile("Same as Keras 2", same, "good" if same == len(compared) else bad, of=len(compared))
        )
    return tag("dl", *tiles, class_="tiles")


def _tile(name: str, number: int, level: str, of: int | None = None) -> Html:
    total = tag("small", f" of {of}") if of is not None else None
    return tag("div", tag("dt", name), tag("dd", f"{number:,}", total, class_=level or None), class_="tile")


def _errors(record: Record) -> Html | None:
    if not record["errors"]:
        return None
    items = (tag("li", prose(error)) for error in record["errors"])
    return tag("div", tag("h2", "What could not be done"), tag("ul", *items), class_="callout bad")


def _tools(views: Sequence[Chapter]) -> Html:
    """What the list is narrowed with; shown only where scripts run."""
    field = tag(
        "input",
        type="search",
        id="filter",
        placeholder="Filter by name, rule or change",
        aria_label="Filter by name, rule or change",
        autocomplete="off",
        spellcheck="false",
    )
    buttons = []
    for state, words in _FILTERS:
        count = sum(not state or state in chapter.states for chapter in views)
        if count and (not state or count < len(views)):
            number = tag("span", count, class_="number")
            buttons.append(
                tag(
                    "button",
                    words,
                    " ",
                    number,
                    type="button",
                    data_state=state,
                    aria_pressed="true" if not state else "false",
                )
            )
    choice = tag("div", *buttons, class_="states", role="group", aria_label="Show")
    return tag(
        "div",
        tag("div", field, tag("kbd", "/", aria_hidden="true"), class_="field"),
        choice if len(buttons) > 1 else None,
        tag("div", tag("button", "Open all", type="button", id="all"), class_="end"),
        tag("p", class_="vh", id="told", role="status"),
        class_="tools",
        hidden=True,
    )


def _columns(record: Record, *, ran: bool) -> Html:
    """The titles of the columns; where scripts run, they sort."""
    titles = columns(record, ran=ran)
    buttons = (tag("button", name, type="button", data_column=number) for number, name in enumerate(titles))
    return tag("div", *buttons, class_="columns", role="group", aria_label="Sort by")


def _printed(record: Record, views: Sequence[Chapter], *, ran: bool) -> Html:
    """The list as a table for paper, where nothing unfolds."""
    head = tag("tr", *(tag("th", name, scope="col") for name in columns(record, ran=ran)))
    rows = []
    for chapter in views:
        cells: list[Content] = [*cells_of_line(chapter, record["command"])]
        cells += [None] * (5 * ran + 3 * (not ran) - len(cells))
        heading = chapter.file.get("title", "")
        name = join(tag("b", heading or chapter.name), " ", tag("small", chapter.name) if heading else None)
        rows.append(tag("tr", tag("td", name), *(tag("td", cell) for cell in cells)))
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="printed")
