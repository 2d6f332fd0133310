"""The warmed processes live as long as the test session."""

from collections.abc import Iterator

import pytest

from . import harness


@pytest.fixture(scope="session", autouse=True)
def _warmed_processes() -> Iterator[None]:
    """Start nothing (a process starts with its first program), end everything."""
    yield
    harness.close()
