"""The names of Keras and TensorFlow in a file: what became of each, and those that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras_upgrade.report.findings import plural
from keras_upgrade.report.html.elements import Html, join, prose, tag
from keras_upgrade.report.html.findings import chip

_STATES = (
    ("fixed", "fixed"),
    ("review", "to review"),
    ("advised", "for you"),
    ("ignored", "ignored"),
    ("fine", "fine as they are"),
    ("unknown", "unknown"),
    ("unread", "not read"),
)
_PLACES = 6


def coverage(counts: Mapping[str, Any]) -> Html | None:
    """How many names there are of each state, the unknown ones, and a list of all; None if there are none."""
    told = [f"{counts[key]} {words}" for key, words in _STATES if counts.get(key)]
    if not told:
        return None
    names = counts["names"]
    unknown = [_unknown(name) for name in names if name["state"] == "unknown"]
    rows = (
        tag("tr", tag("td", tag("code", name["name"])), tag("td", name["state"]), tag("td", name["count"]))
        for name in names
    )
    head = tag("tr", *(tag("th", title, scope="col") for title in ("Name", "State", "Places")))
    return join(
        tag("p", ", ".join(told)),
        tag("ul", *unknown) if unknown else None,
        tag("details", tag("summary", f"All {plural(len(names), 'name')}"), tag("table", head, *rows))
        if names
        else None,
    )


def _unknown(name: Mapping[str, Any]) -> Html:
    places = name["places"][:_PLACES]
    more = f" and {len(name['places']) - len(places)} more" if len(name["places"]) > len(places) else ""
    said = name["note"] or "no rule speaks of it, and today's Keras and TensorFlow do not have it"
    return tag(
        "li",
        chip("Unknown", "bad"),
        " ",
        tag("code", name["name"]),
        " ",
        tag("span", f"{', '.join(places)}{more}", class_="at"),
        tag("p", prose(said), class_="why"),
        class_="finding bad",
    )
