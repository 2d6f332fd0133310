"""Every link of the site leads somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from keras_upgrade import cli
from keras_upgrade.rules import all_rules

BASE = "http://site/"
OUTSIDE: frozenset[str] = frozenset()
"""What the pages link to in the world; it cannot be looked at without a network."""


@dataclass
class _Reader(HTMLParser):
    """Collects the targets that a page has, its links, and what it loads."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {value for name in ("id", "name") if (value := found.get(name))}
        address = found.get("href") or found.get("src")
        if address is not None:
            (self.links if tag == "a" else self.loads).append(address)


@cache
def read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def broken(site: Path, page: Path, link: str) -> bool:
    here = BASE + page.relative_to(site).as_posix()
    target = urlsplit(urljoin(here, link))
    if target.netloc != "site":
        return target.geturl() not in OUTSIDE
    path = site / unquote(target.path).lstrip("/")
    path = path / "index.html" if path.is_dir() else path
    if not path.is_file():
        return True
    return bool(target.fragment) and unquote(target.fragment) not in read(path).ids


def test_every_link_leads_somewhere(site: Path) -> None:
    links = [(page, link) for page in pages(site) for link in read(page).links if page.name != "404.html"]
    assert len(links) > 1000
    wrong = {(page.relative_to(site).as_posix(), link) for page, link in links if broken(site, page, link)}
    assert wrong == set()


def test_a_missing_anchor_would_be_noticed(site: Path) -> None:
    assert broken(site, site / "index.html", "guide/#no-such-issue")
    assert broken(site, site / "index.html", "https://elsewhere.example/")
    assert not broken(site, site / "index.html", "guide/#silent")


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loads = {(page, address) for page in pages(site) for address in read(page).loads}
    assert loads
    assert {address for _, address in loads if urlsplit(address).netloc} == set()
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert not [text for text in styles if "url(http" in text or "@import" in text]


def test_every_rule_has_a_page_and_is_listed(site: Path) -> None:
    listed = read(site / "rules" / "index.html").links
    for rule in all_rules():
        page = site / "rules" / rule.code.lower() / "index.html"
        assert rule.name in page.read_text(encoding="utf-8")
        assert f"{rule.code.lower()}/" in listed


def test_the_reference_says_all_that_the_help_says(site: Path) -> None:
    page = (site / "reference" / "command-line" / "index.html").read_text(encoding="utf-8")
    shown = re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", page.partition("<article")[2])))
    for name in cli.COMMANDS:
        told = re.findall(r"\w+", import_module(f"keras_upgrade.cli.{name}").HELP.replace("usage:", ""))
        assert Counter(told) <= Counter(shown), name


def test_every_issue_of_the_guide_leads_to_its_rules(site: Path) -> None:
    text = (site / "guide" / "index.html").read_text(encoding="utf-8")
    sections = text.partition("<article")[2].split("<h2 ")[1:]
    without = [section[:60] for section in sections if 'href="../rules/ku' not in section]
    assert [title.partition('"')[2].partition('"')[0] for title in without] == ["checklist"]
