"""What the process of a program must not do: gain rights, outlive its parent, fill the disk, reach the network.

The host kills it when it takes too long or too much memory; what is here the process does to itself. Linux has
means for all of it, other systems for some.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from typing import Any

LARGEST_FILE = 4 << 30
"""Bytes: what one file may grow to, so that a program that prints for ever does not fill the disk."""

_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 40


def apply(*, offline: bool) -> None:
    """Limit this process, and those that it will start."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_FSIZE, LARGEST_FILE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing more is an error in the program instead
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if offline:
        _leave_network(libc)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _drop_capabilities(libc)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # last: a change of rights undoes it
    adopt_orphans()


def adopt_orphans() -> None:
    """Become the parent of all descendants that lose theirs, so that none gets out of sight."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> list[int]:
    """The processes whose parent this one is; none where the system does not tell."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children") as file:
                found += map(int, file.read().split())
    return found


def _lower(limit: int, value: int) -> None:
    """Set a limit, unless the system's own is lower already."""
    hard = resource.getrlimit(limit)[1]
    if hard == resource.RLIM_INFINITY or hard > value:
        resource.setrlimit(limit, (value, value))


def _leave_network(libc: Any) -> None:
    """Move into a network namespace without any network, where the system lets an ordinary user do so.

    Where it does not, the stand-ins still refuse connections that Python makes.
    """
    if libc.unshare(_CLONE_NEWNET) == 0 or os.geteuid() == 0:
        return
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        # Without the map the process is `nobody` in there, which can still read what all may read.
        with contextlib.suppress(OSError), open("/proc/self/" + name, "w") as file:
            file.write(text)


def _drop_capabilities(libc: Any) -> None:
    """Give up the rights of root that go beyond its own files; nothing to do for an ordinary user."""
    for capability in range(_LAST_CAPABILITY + 1):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    libc.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
