"""The pages in a real browser: they open without a complaint, and fit a narrow screen."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import Open

NARROW, WIDE = {"width": 400, "height": 800}, {"width": 1360, "height": 900}


RULES = 3
"""How many rules' pages are looked at: they are made alike, so those with the longest words will do."""


def addresses(site: Path) -> list[str]:
    """The pages, seen from the root of the site."""
    found = [path.parent.relative_to(site).as_posix() for path in sorted(site.rglob("index.html"))]
    rules = [name for name in found if name.startswith("rules/ku")]
    rules.sort(key=lambda name: longest_word(site / name / "index.html"))
    return [f"{name}/".removeprefix("./") for name in found if name not in rules[:-RULES]]


def longest_word(page: Path) -> int:
    """The length of the longest word that stands in the text, not in a block of code."""
    text = page.read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]
    text = re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)
    return max(map(len, re.sub(r"<[^>]*>", " ", text).split()))


def test_the_pages_open_and_fit_a_narrow_screen(site: Path, address: str, open_page: Open) -> None:
    pages = addresses(site)
    assert {"", "guide/", "errors/", "rules/", "reference/command-line/"} <= set(pages)
    too_wide = {}
    for name in pages:
        width = open_page(address + name, viewport=NARROW).evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            too_wide[name] = width
    assert too_wide == {}


def test_dark_and_light_follow_the_system_and_can_be_switched(address: str, open_page: Open) -> None:
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    assert open_page(address, color_scheme="dark").evaluate(scheme) == "slate"
    page = open_page(address, color_scheme="light")
    assert page.evaluate(scheme) == "default"
    page.get_by_title("Switch to dark").click()
    assert page.evaluate(scheme) == "slate"


def test_the_search_finds_a_rule(address: str, open_page: Open) -> None:
    page = open_page(address, viewport=WIDE)
    page.get_by_placeholder("Search").fill("KU401")
    page.locator(".md-search-result__link[href*='ku401']").first.wait_for()


def test_an_example_has_three_sides(address: str, open_page: Open) -> None:
    page = open_page(f"{address}rules/ku201/", viewport=WIDE)
    shown = page.locator(".tabbed-set").first
    assert "lr=" in shown.locator(".tabbed-block").nth(0).inner_text()
    shown.get_by_text("Changes").click()
    changes = shown.locator(".tabbed-block").nth(2)
    assert changes.is_visible()
    assert changes.locator(".gd").count() > 0
    assert changes.locator(".gi").count() > 0


def test_of_a_session_the_calls_are_copied(address: str, open_page: Open) -> None:
    page = open_page(f"{address}quick-start/", permissions=["clipboard-read", "clipboard-write"])
    session = page.locator("div.highlight", has_text="6 fixable").first
    session.hover()
    session.get_by_title("Copy to clipboard").click()
    page.get_by_text("Copied to clipboard").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "keras-upgrade check book/chapter_3_gan.ipynb --no-checklist"
