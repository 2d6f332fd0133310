"""What waits for a person, opens a window or leaves the process: answered or skipped, as nobody is there."""

from __future__ import annotations

import builtins
import functools
import getpass
import importlib
import importlib.util
import os
import sys
import sysconfig
import time
import webbrowser
from typing import Any, Callable

from . import notes

# A pause of this length lets other threads go on; programs that wait for them do it in a loop.
_LONGEST_SLEEP = 0.01


def install(*, skip_pauses: bool, skip_commands: bool) -> None:
    """Put the stand-ins in place.

    Args:
        skip_pauses: whether `time.sleep` of the program returns at once.
        skip_commands: whether `os.system` does nothing.
    """
    builtins.input = _answer("input")
    getpass.getpass = _answer("getpass")
    for name in ("open", "open_new", "open_new_tab"):
        setattr(webbrowser, name, _no_browser)
    if skip_pauses:
        time.sleep = _short_sleep(time.sleep)
    if skip_commands:
        os.system = _no_command
    _draw_without_screen()
    if "cv2" in sys.modules or importlib.util.find_spec("cv2"):
        _replace_windows(importlib.import_module("cv2"))


def _answer(name: str) -> Callable[..., str]:
    def answer(prompt: object = "", *_: Any, **__: Any) -> str:
        notes.note("skipped", f"{name}({str(prompt)[:60]!r}): answered with an empty line")
        return ""

    return answer


def _no_browser(url: str, *_: Any, **__: Any) -> bool:
    notes.note("skipped", f"webbrowser.open({url!r}): no browser was opened")
    return True


def _no_command(command: Any) -> int:
    notes.note("skipped", f"os.system({str(command)[:80]!r}): the command was not run")
    return 0


def _short_sleep(sleep: Callable[[float], None]) -> Any:
    """`time.sleep` that is short when the program calls it, and the real one for the libraries."""
    libraries = _library_folders()

    @functools.wraps(sleep)
    def short_sleep(seconds: float) -> None:
        caller = sys._getframe(1).f_code.co_filename
        if seconds > _LONGEST_SLEEP and not caller.startswith(tuple(libraries)):
            notes.note("skipped", "time.sleep: returned at once")
            seconds = _LONGEST_SLEEP
        sleep(seconds)

    return short_sleep


def _library_folders() -> list[str]:
    paths = sysconfig.get_paths()
    return [paths[name] + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")] + ["<frozen"]


def _draw_without_screen() -> None:
    """Plots are drawn in memory, and showing them does nothing."""
    os.environ["MPLBACKEND"] = "Agg"
    if "matplotlib" not in sys.modules:
        return
    sys.modules["matplotlib"].use("Agg")
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.show = functools.wraps(pyplot.show)(lambda *_, **__: None)


def _replace_windows(cv2: Any) -> None:
    """OpenCV's windows: nothing is shown, and `q` is pressed, as that is what programs wait for."""

    def no_window(*_: Any, **__: Any) -> None:
        notes.note("skipped", "cv2 windows: nothing was shown")

    def key(*_: Any, **__: Any) -> int:
        return ord("q")

    for name in ("imshow", "namedWindow", "moveWindow", "resizeWindow", "destroyAllWindows", "destroyWindow"):
        setattr(cv2, name, no_window)
    for name in ("waitKey", "waitKeyEx"):
        setattr(cv2, name, key)
