"""The HTML report in a real browser: what readers see, and that nothing else happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keras_upgrade.report.html import page as html
from keras_upgrade.report.record import FileRecord, Record

from .books import HOSTILE, book, cell, chapter, finding, run

if TYPE_CHECKING:
    from playwright.sync_api import Page

type Open = Callable[..., Page]

WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 400, "height": 800}


@pytest.fixture
def report(open_page: Open, tmp_path: Path) -> Open:
    """Opens the report of a record."""

    def open_it(record: Record, **window: object) -> Page:
        path = tmp_path / "report.html"
        path.write_text(html(record), encoding="utf-8")
        return open_page(path.as_uri(), **({"viewport": WIDE} | window))

    return open_it


def small() -> Record:
    return book([chapter(number, cells=12) for number in range(1, 13)])


def visible(page: Page) -> list[str]:
    """The names of the chapters in the list, as shown."""
    return [name.inner_text() for name in page.locator(".chapter:visible .name small").all()]


def all_open(page: Page, count: int) -> None:
    page.get_by_role("button", name="Open all").click()
    page.locator(".chapter[open] .body").nth(count - 1).wait_for(timeout=120_000)


def open_parts(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate("new Promise(done => setTimeout(done, 50))")  # `toggle` comes a little later


def test_the_overview_counts(report: Open) -> None:
    page = report(small())
    assert page.title() == "Migration to Keras 3: book"
    tiles = {
        tile.locator("dt").inner_text(): tile.locator("dd").inner_text()
        for tile in page.locator(".tile").all()
    }
    assert tiles == {
        "Chapters": "12", "Fixed": "36", "To review": "2", "Left for you": "2",
        "Run on Keras 3": "11 of 12", "Same as Keras 2": "11 of 12",
    }  # fmt: skip
    assert visible(page)[:2] == ["part_0/chapter_4.ipynb", "part_0/chapter_8.ipynb"]


def test_the_list_is_filtered_and_sorted(report: Open) -> None:
    page = report(small())
    page.keyboard.press("/")
    page.keyboard.type("KU501 chapter_10")
    assert visible(page) == ["part_2/chapter_10.ipynb"]
    assert page.locator("#told").inner_text() == "1 of 12 shown"
    page.keyboard.press("Escape")
    assert len(visible(page)) == 12
    page.get_by_role("button", name="Fail 1").click()
    assert visible(page) == ["part_3/chapter_7.ipynb"]
    page.get_by_role("button", name="All 12").click()
    page.locator(".columns button", has_text="As on Keras 2").click()
    assert visible(page)[0] == "part_3/chapter_11.ipynb"
    page.locator(".columns button", has_text="As on Keras 2").click()
    assert visible(page)[-1] == "part_3/chapter_11.ipynb"
    page.locator("#filter").fill("nothing of this name")
    assert page.locator(".empty").is_visible()


def test_names_that_nobody_knows_are_told(report: Open) -> None:
    name = {
        "name": "keras.layers.Nothing",
        "state": "unknown",
        "count": 1,
        "places": ["cell 3:1:5"],
        "note": "",
    }
    known = name | {"name": "keras.Model", "state": "fine"}
    names = {"fixed": 0, "review": 0, "advised": 0, "ignored": 0, "fine": 1, "unknown": 1, "unread": 0}
    file = chapter(1, cells=3) | {"coverage": {**names, "names": [known, name]}}
    page = report(book([file, chapter(2, cells=3)]))  # type: ignore[list-item]
    assert page.locator(".tile", has_text="Unknown names").locator("dd").inner_text() == "1"
    page.get_by_role("button", name="Unknown names 1").click()
    page.locator(".chapter:visible > summary").click()
    told = page.locator(".chapter[open] .names")
    told.wait_for()
    assert "1 fine as they are, 1 unknown" in told.inner_text()
    assert told.locator("li").all_inner_texts()[0].startswith("Unknown keras.layers.Nothing cell 3:1:5")


def test_of_a_check_the_list_counts_what_can_be_done(report: Open) -> None:
    findings = [finding(1, 1, state="left"), finding(1, 2, state="left", mark="advice")]
    page = report(book([chapter(1, cells=3) | {"findings": findings}], command="check"))
    assert page.title() == "Check for Keras 3: part_1"
    assert [count.inner_text() for count in page.locator(".chapter .col").all()][:3] == [
        "1",
        "–\nnone with review",
        "1",
    ]


def test_a_chapter_unfolds_and_folds(report: Open) -> None:
    page = report(small())
    first = page.locator(".chapter").first
    assert first.locator(".body").count() == 0  # read when it is wanted
    first.locator("> summary").click()
    assert first.locator("tr", has_text="keras.ops.exp(x)").first.is_visible()
    marked = first.locator("mark.come").all_inner_texts()
    assert "keras.ops" in marked
    unchanged = first.locator(".cell:not(.matters)").first
    unchanged.locator("summary").first.click()
    assert unchanged.locator("tr", has_text="value_3").is_visible()
    first.locator("> summary").click()
    assert not first.locator(".body").is_visible()
    all_open(page, 12)


def test_everything_is_reached_by_the_keyboard(report: Open) -> None:
    page = report(small())
    page.locator(".chapter > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator(".chapter[open] .cell.matters").first.wait_for()
    page.keyboard.press("j")
    cells = [page.evaluate("document.activeElement.id")]
    for key in ("j", "k"):
        page.keyboard.press(key)
        cells.append(page.evaluate("document.activeElement.id"))
    assert cells == ["f0-1", "f0-4", "f0-1"]
    page.locator(".chapter[open] a.rule").first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    assert "KU301" in dialog.inner_text()
    assert "Before" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "KU301"


def test_what_was_drawn_before_and_after_stands_side_by_side(report: Open) -> None:
    page = report(small(), viewport=WIDE)
    page.locator(".chapter > summary").first.click()
    pictures = page.locator(".chapter[open] .outputs img")
    assert [picture.get_attribute("alt") for picture in pictures.all()] == [
        "Cell 2 on Keras 2, picture 1",
        "Cell 2 on Keras 3, picture 1",
    ]
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert (
            picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") == 64
        )
    before, after = (picture.bounding_box() for picture in pictures.all())
    assert before is not None
    assert after is not None
    assert before["y"] == after["y"]
    assert before["x"] < after["x"]


def test_an_address_leads_to_a_cell(report: Open, tmp_path: Path) -> None:
    page = report(small())
    page.goto(f"{(tmp_path / 'report.html').as_uri()}#f3-9")
    assert page.evaluate("document.activeElement.id") == "f3-9"
    assert page.locator("#f3-9").is_visible()


def test_the_summary_is_copied(report: Open) -> None:
    page = report(small(), permissions=["clipboard-read", "clipboard-write"])
    page.locator(".chapter > summary").first.click()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        "## chapter_4.ipynb — Applied Fixes Summary"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_shows_all_without_scrolling_sideways(report: Open, scheme: str) -> None:
    long = "a_very_long_name_without_any_place_to_break_it_" * 8
    wide = chapter(99, cells=4)
    wide["path"] = f"book/{long}.ipynb"
    wide["title"] = long
    wide["findings"].append(finding(1, 1, message=f"`{long}` is gone", change=f"`{long}` → `{long}`"))
    wide["cells"] = [
        cell(0, "x = 1"),
        cell(1, f"{long} = K.exp(1)", f"{long} = '{long}'"),
        cell(2, f"# {long}"),
    ]
    page = report(book([*small()["files"][:4], wide]), viewport=NARROW, color_scheme=scheme)
    all_open(page, 5)
    open_parts(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    outside = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(one => !one.closest('.vh, .skip, pre') && "
        "one.getBoundingClientRect().right > 401).map(one => one.outerHTML.slice(0, 200))"
    )
    assert outside == []


def test_programs_cannot_touch_the_page(report: Open) -> None:
    file = hostile()
    page = report(book([file]))
    assert page.locator("h1").inner_text() == page.title()
    page.locator(".chapter > summary").click()
    open_parts(page)
    assert "taken over" not in page.title()
    assert page.locator("script").count() == 1
    assert page.locator("iframe, object, embed, link, base, form").count() == 0
    shown = page.locator(".chapter").inner_text()
    assert shown.count("taken over") > 8  # as text
    sources = {image.get_attribute("src") or "" for image in page.locator("img").all()}
    assert all(source.startswith("data:image/") for source in sources)


def hostile() -> FileRecord:
    """A file in which everything that comes from a program would take the page over, if it could."""
    seen = run("failed", "differs", cells=3)
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='parent.document.title=`taken over`'/>"
    seen["keras3"]["cells"][2]["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": HOSTILE}},
        {"output_type": "display_data", "data": {"image/svg+xml": svg}},
        {"output_type": "display_data", "data": {"image/png": f'"{HOSTILE}', "text/plain": HOSTILE}},
        {"output_type": "stream", "name": HOSTILE, "text": HOSTILE},
        {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE]},
    ]
    seen["keras3"]["failure"] |= {"message": HOSTILE, "code": HOSTILE, "traceback": HOSTILE}
    seen["warnings"] = [HOSTILE]
    told = {"message": HOSTILE, "change": HOSTILE, "assumption": HOSTILE, "mark": "review"}
    file = chapter(1, cells=3)
    return {
        **file,
        "path": f"book/{HOSTILE.replace('/', '')}.ipynb",
        "title": HOSTILE,
        "summary": HOSTILE,
        "checklist": [f"- [ ] {HOSTILE}"],
        "failures": [HOSTILE],
        "findings": [finding(1, 1, **told), finding(1, 1, **told, state="left")],
        "problems": [{"start": {"cell": 1, "line": 1, "column": 1}, "message": HOSTILE, "hint": HOSTILE}],
        "cells": [cell(0, HOSTILE), cell(1, HOSTILE, f"'''{HOSTILE}\n'''{HOSTILE}"), cell(2, f"# {HOSTILE}")],
        "run": seen,
    }


def test_two_hundred_notebooks_stay_light(report: Open, tmp_path: Path) -> None:
    page = report(book([chapter(number) for number in range(200)]))
    assert (tmp_path / "report.html").stat().st_size < 20_000_000
    elements = page.evaluate("document.querySelectorAll('*').length")
    assert elements < 12_000  # the rest is read when it is wanted
    page.locator(".chapter > summary").nth(150).click()
    assert page.locator(".chapter[open] .cell").count() == 30
    all_open(page, 200)


def test_without_scripts_all_is_there(report: Open) -> None:
    page = report(small(), java_script_enabled=False)
    assert not page.locator(".tools").is_visible()
    page.locator(".chapter > summary").first.click()
    assert page.locator(".chapter[open] tr", has_text="keras.ops.exp(x)").first.is_visible()


def test_paper_shows_all(report: Open) -> None:
    page = report(small())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".chapter .body:visible").count() == 12
    assert page.locator(".printed").is_visible()
    assert not page.locator(".tools").is_visible()
    assert not page.get_by_role("button", name="Copy").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".chapter[open]").count() == 0


def test_colours_can_be_told_apart(report: Open) -> None:
    page = report(book([hostile(), chapter(5, cells=5), chapter(6, cells=5)]))
    all_open(page, 3)
    open_parts(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(CONTRASTS) == [], scheme


# Texts whose contrast with their ground is below what WCAG asks for (level AA: 4.5).
CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement;
    if (!node.data.trim() || !one.checkVisibility() || one.closest(".vh, .skip, script, noscript")) continue;
    const boxes = [];
    for (let box = one; box; box = box.parentElement) boxes.unshift(box);
    let ground = [255, 255, 255];
    let opacity = 1;
    for (const box of boxes) {
      const style = getComputedStyle(box);
      ground = over(rgba(style.backgroundColor), ground);
      opacity *= Number(style.opacity);
    }
    const ink = rgba(getComputedStyle(one).color);
    const shown = over([...ink.slice(0, 3), ink[3] * opacity], ground);
    const [dark, bright] = [light(shown), light(ground)].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) bad.add(`${contrast.toFixed(2)} ${one.tagName}.${one.className} in ${one.parentElement.className}`);
  }
  return [...bad].slice(0, 20);
}
"""
