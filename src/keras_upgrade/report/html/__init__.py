"""The report that a team reads: one HTML page that holds all it needs and can load nothing.

It is made from a `Record` alone, so that a saved run gives the same page. `views` says what there is to tell of each
file, `chapter` and `overview` tell it, `diffs`, `runs` and `findings` draw its parts; `report.css` and `report.js` are
put into the page. What comes from programs is text or a picture, never markup (`elements`, `outputs`).
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from keras_upgrade.report.html.elements import Html, join, tag
from keras_upgrade.report.html.overview import overview, title
from keras_upgrade.report.html.rulebook import rulebook
from keras_upgrade.report.record import Record

__all__ = ["page"]


def page(record: Record) -> str:
    """The report of a run, as the text of one HTML file."""
    style, script = _data("report.css"), _data("report.js")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title(record)),
        tag("style", Html(style)),
    )
    body = tag("body", overview(record), rulebook(record), _footer(record), tag("script", Html(script)))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _footer(record: Record) -> Html:
    keys = (("/", "filter"), ("j", "next change"), ("k", "previous change"), ("Esc", "close"))
    told = join(*(tag("span", tag("kbd", key), " ", what) for key, what in keys))
    return tag(
        "footer",
        tag(
            "p",
            f"Made by {record['tool']} {record['version']}. This page holds all it needs and loads nothing.",
        ),
        tag("p", told, class_="keys"),
    )


def _data(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
