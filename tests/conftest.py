"""What all tests share: hypothesis without a clock, and a real browser for the tests of pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

settings.register_profile("patient", deadline=None)  # a busy machine is no failure
settings.load_profile("patient")

type Open = Callable[..., Page]
"""Opens a page: its address, and the settings of the window (`viewport={...}`, `color_scheme="dark"`, ...)."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test has a cache of its own, which lies outside of the folder that it looks at."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("KERAS_UPGRADE_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window: the one on the PATH, or the one that `CHROMIUM` names."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium on the PATH, and CHROMIUM names none")
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright drives the browser; it is not installed"
    )
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens pages. At the end, none of them has complained on the console, raised an error, or missed a file."""
    complaints: list[str] = []

    def note(page: Page) -> None:
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: complaints.append(f"not loaded: {request.url[:200]}"))

    with ExitStack() as contexts:

        def open_it(address: str, **window: Any) -> Page:
            context = contexts.enter_context(browser.new_context(**window))
            page = context.new_page()
            note(page)
            page.goto(address)
            return page

        yield open_it
        assert not complaints
