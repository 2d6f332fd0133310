"""What a program did when it ran: on Keras 3, compared with Keras 2, and what stopped it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keras_upgrade.report.findings import plural
from keras_upgrade.report.html.elements import Html, join, prose, tag
from keras_upgrade.report.html.findings import chip, rule_link
from keras_upgrade.report.html.outputs import Shown, block, readable, shown

_SHORT = 12
"""Lines of text that are shown without a click."""
_DIFFERENCES = 6


def results(run: Mapping[str, Any], *, smoke: bool, link: str) -> Html:
    """All about the runs of one program.

    Args:
        run: as `runs.data` gives it.
        smoke: whether it ran small.
        link: the beginning of the addresses of its cells.
    """
    after = run["keras3"]
    return join(
        _ran(after, smoke=smoke),
        _failure(run, link),
        _comparison(run),
        *(tag("p", chip("Warning", "look"), " ", prose(warning)) for warning in run["warnings"]),
        _notes(after["notes"]),
    )


def _ran(after: Mapping[str, Any], *, smoke: bool) -> Html:
    if after["status"] == "passed":
        state = chip("Runs small" if smoke else "Runs", "good")
    else:
        state = chip(str(after["status"]).capitalize(), "bad")
    counts = _of_cells(after["cells"])
    told = ", ".join(filter(None, [after["side"], counts, f"{after['seconds']:.1f} s"]))
    return tag("p", state, " on ", told)


def _of_cells(cells: Sequence[Mapping[str, Any]]) -> str:
    states = [cell["status"] for cell in cells if cell["index"] is not None]
    if not states:
        return ""
    if set(states) == {"passed"}:
        return f"all {plural(len(states), 'cell')}"
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)) + " cells"


def _failure(run: Mapping[str, Any], link: str) -> Html | None:
    after, diagnosis = run["keras3"], run["diagnosis"]
    failure = after["failure"]
    if failure is None:
        return tag("p", prose(after["reason"]), class_="callout bad") if after["reason"] else None
    place = [f"line {failure['line']}"] if failure["line"] is not None else []
    if failure["path"] not in (None, after["path"]):
        place.insert(0, str(failure["path"]))
    cell = failure["cell"]
    where: Html | str = ", ".join(place)
    if cell is not None:
        where = join(tag("a", f"Cell {cell}", href=f"#{link}-{cell}"), ", " if place else "", where)
    traceback = readable(failure["traceback"])
    return tag(
        "div",
        tag("p", where, ": ", tag("code", failure["code"])) if failure["code"] else tag("p", where),
        tag("p", tag("code", f"{failure['type']}: {failure['message'][:600]}"), class_="error-message"),
        _diagnosis(diagnosis) if diagnosis else None,
        tag("details", tag("summary", "Traceback"), block(traceback)) if traceback else None,
        class_="callout bad",
    )


def _diagnosis(diagnosis: Mapping[str, Any]) -> Html:
    codes = join(*(join(" ", rule_link(code)) for code in diagnosis["codes"]))
    return tag("p", prose(diagnosis["sentence"]), codes, class_="diagnosis")


def _comparison(run: Mapping[str, Any]) -> Html | None:
    verdict = run["verdict"]
    if verdict is None:
        return None
    words = {"same": ("Same as Keras 2", "good"), "differs": ("Differs from Keras 2", "bad")}
    label, level = words.get(verdict["kind"], ("Not compared", "quiet"))
    sentence = verdict["sentence"]
    for known in ("same: ", "differs ", "could not compare; "):
        sentence = sentence.removeprefix(known)
    rest = [prose(difference["sentence"]) for difference in verdict["differences"][1:_DIFFERENCES]]
    notes = verdict["notes"][1:] if verdict["kind"] == "not compared" else verdict["notes"]
    side = run["keras2"] and run["keras2"]["side"]
    return join(
        tag("p", chip(label, level), " ", prose(sentence), f" (Keras 2 is {side})" if side else None),
        tag("ul", *(tag("li", item) for item in [*rest, *map(prose, notes)])) if rest or notes else None,
    )


def _notes(notes: Sequence[Mapping[str, Any]]) -> Html | None:
    """What the run cut, replaced and skipped."""
    kinds = dict.fromkeys(sorted(note["kind"] for note in notes))
    if not kinds:
        return None
    rows: list[Html] = []
    for kind in kinds:
        texts = [
            note["text"] + (f" ({note['count']} times)" if note["count"] > 1 else "")
            for note in notes
            if note["kind"] == kind
        ]
        rows += [tag("dt", kind.capitalize()), tag("dd", *(tag("span", prose(text)) for text in texts))]
    return tag("details", tag("summary", _summary_of(notes)), tag("dl", *rows, class_="notes"))


def _summary_of(notes: Sequence[Mapping[str, Any]]) -> str:
    kinds = dict.fromkeys(sorted(note["kind"] for note in notes))
    told = [f"{sum(note['kind'] == kind for note in notes)} {kind}" for kind in kinds]
    return f"What this run did not do in full: {', '.join(told)}"


def cell_outputs(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, title: str
) -> Html | None:
    """What a cell showed on either side; None if it showed nothing.

    Args:
        before: its run on Keras 2.
        after: its run on Keras 3.
        title: of the cell.
    """
    sides = [(name, ran) for name, ran in (("Keras 2", before), ("Keras 3", after)) if ran is not None]
    outputs = [ran.get("outputs", ()) for _, ran in sides]
    if len(sides) == 2 and shown(outputs[0], title) == shown(outputs[1], title):
        sides = [("Keras 2 and Keras 3 alike", sides[1][1])]
    seen = [(name, shown(ran.get("outputs", ()), f"{title} on {name}")) for name, ran in sides]
    if not any(one.items for _, one in seen):
        return None
    columns = [_column(name, one) for name, one in seen]
    pictures = sum(one.pictures for _, one in seen)
    lines = max(one.lines for _, one in seen)
    told = ", ".join(_told(pictures, lines))
    is_open = bool(pictures) or lines <= _SHORT
    return tag(
        "details",
        tag("summary", "Output ", tag("span", told, class_="at")),
        tag("div", *columns, class_=f"outputs of{len(columns)}"),
        class_="shown",
        open=is_open,
    )


def _column(name: str, one: Shown) -> Html:
    content = one.items or [tag("p", "nothing", class_="none")]
    return tag("div", tag("h5", name), *content)


def _told(pictures: int, lines: int) -> Iterator[str]:
    if pictures:
        yield plural(pictures, "picture")
    if lines:
        yield plural(lines, "line")
