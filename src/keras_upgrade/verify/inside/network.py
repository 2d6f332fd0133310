"""No network: connections from this process to other machines fail with a clear error.

What Python's own sockets do is blocked, and what is built on them. Libraries that open connections in C code, and
other processes, are not.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import socket
from typing import Any, Callable

MESSAGE = "blocked: the network is off (--offline)"


def block() -> None:
    """Refuse connections to other machines, and look-ups of their names, from now on."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded_method(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
        setattr(socket, name, _guarded_lookup(getattr(socket, name)))
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):  # a proxy on this machine would be a way out
            del os.environ[name]


def is_local(host: Any) -> bool:
    """Whether a host, as sockets take it, is this machine."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii", "replace")
    if not host or host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%", maxsplit=1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guarded_method(original: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a socket whose last argument is an address."""

    @functools.wraps(original)
    def guarded(self: Any, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(args[-1], tuple):
            if not is_local(args[-1][0]):
                raise OSError(MESSAGE)
        return original(self, *args)

    return guarded


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose first argument is a host, or an address."""

    @functools.wraps(original)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        host = next(iter([*args, *kwargs.values()]), None)
        if not is_local(host[0] if isinstance(host, tuple) else host):
            raise OSError(MESSAGE)
        return original(*args, **kwargs)

    return guarded
