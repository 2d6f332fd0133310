"""What programs download: the real thing while there is a network, told apart from what has to be made up."""

from __future__ import annotations

import http.client
import os
import socket
import urllib.error
from typing import Any, Callable

# Until a read gives up: a run that is meant to be small shall not wait long for data.
_SECONDS_SMOKE, _SECONDS_FULL = 10, 60


class DownloadError(Exception):
    """There is no network for this, so something has to be made up instead."""


class Downloads:
    """The way to the network, closed for the rest of the process after the first failure.

    Attributes:
        offline: whether the network must not be used at all.
        is_busy: whether a real function is at work; what it calls in turn must be the real functions too.
    """

    def __init__(self, *, offline: bool, smoke: bool) -> None:
        self.offline = offline
        self.is_busy = False
        self._is_down = False
        self._seconds = _SECONDS_SMOKE if smoke else _SECONDS_FULL

    def real(self, call: Callable[[], Any], *, cached: bool) -> Any:
        """What the real function gives.

        Args:
            call: calls it.
            cached: whether its file is here already, so that it works without a network.

        Raises:
            DownloadError: if the network is off, or cannot be reached.
        """
        if self.offline or (self._is_down and not cached):
            raise DownloadError
        before = socket.getdefaulttimeout()
        socket.setdefaulttimeout(self._seconds)
        try:
            return self.undisturbed(call)
        except Exception as error:
            if not _is_failed_download(error):
                raise
            self._is_down = True
            raise DownloadError from error
        finally:
            socket.setdefaulttimeout(before)

    def undisturbed(self, call: Callable[[], Any]) -> Any:
        """Call a real function, so that no function that it calls is replaced."""
        before, self.is_busy = self.is_busy, True
        try:
            return call()
        finally:
            self.is_busy = before


def keras_homes() -> list[str]:
    """The folders in which Keras keeps what it has downloaded."""
    homes = [os.environ.get("KERAS_HOME", ""), os.path.join(os.path.expanduser("~"), ".keras")]
    return [home for home in homes if home]


def _is_failed_download(error: Exception) -> bool:
    """Whether an error means that data could not be had, and not that the program asked wrongly."""
    network = (
        urllib.error.URLError,
        http.client.HTTPException,
        socket.timeout,
        socket.gaierror,
        ConnectionError,
    )
    if isinstance(error, network):
        return True
    # Keras raises these itself, with nothing but a text to tell them by.
    if type(error) is Exception:
        return "URL fetch failure" in str(error)
    return type(error) is ValueError and "corrupted file" in str(error)
