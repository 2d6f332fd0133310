"""The whole run as JSON: what `keras_upgrade.report.record` describes."""

from __future__ import annotations

from keras_upgrade.report.record import Record, dump


def render(record: Record) -> str:
    """The text of the format."""
    return dump(record)
