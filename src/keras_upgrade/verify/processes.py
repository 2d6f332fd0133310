"""Processes of the system: what they hold, and ending them with all that they started."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import tempfile
from pathlib import Path

import psutil


def kill_tree(pid: int) -> None:
    """Kill a process with all that it started, also what moved into a group of its own."""
    try:
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_inhabitants(folder: Path) -> None:
    """Kill what works in a folder of ours or has its temporary files there, whoever its parent is by now."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            places = (process.cwd(), process.environ().get("TMPDIR", ""))
            if process.pid != os.getpid() and any(Path(place).is_relative_to(folder) for place in places):
                process.kill()


def memory_of(pid: int) -> int:
    """Bytes that a process and its children hold in memory."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for member in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                memory = member.memory_info()
                total += memory.rss - getattr(memory, "shared", 0)
    return total


def trouble(error: OSError, what: str = "the working copy cannot be made") -> str:
    """What an error of the system means for a run, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full ({tempfile.gettempdir()}); make room there, or set TMPDIR to another folder"
    return f"{what}: {error}"
