"""Functions that are passed on, not called: what stands for them has to take the same arguments."""

from __future__ import annotations

from keras_upgrade.syntax.templates import parse_row


def takes_the_same(old: str, new: str) -> bool:
    """Whether a row of the tables says that the new function takes the old arguments, in the same order."""
    simple = parse_row(old, new).simple
    if simple is None or simple.constants:
        return False
    slots = simple.slots.values()
    places = [99 if slot.position is None else slot.position for slot in slots]
    return places == sorted(places) and not any(slot.always for slot in slots)
