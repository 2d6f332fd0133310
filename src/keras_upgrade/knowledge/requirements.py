"""Which requirements of Keras 2 programs forbid Keras 3, and what takes their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

TENSORFLOW = "tensorflow>=2.16"
KERAS = "keras>=3"

_TENSORFLOW_NAMES = frozenset(
    {"tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "tf-nightly-gpu"}
)
_IN_KERAS = frozenset({"keras-applications", "keras-preprocessing"})
_WITHOUT_SUCCESSOR = {
    "keras-contrib": "it knows Keras 2 only; when the program does without it, delete it here.",
    "tensorflow-addons": "it knows Keras 2 only; when the program does without it, delete it here.",
    "tensorflow-estimator": "TensorFlow has no estimators any more: delete it.",
}
_LOWEST = {
    "h5py": (3, 10),
    "numpy": (1, 26),
    "protobuf": (3, 20, 3),
    "scikit-learn": (1, 3),
    "scipy": (1, 11),
    "tensorboard": (2, 16),
}
"""What goes with TensorFlow 2.16, the first with Keras 3, on a Python of today."""

REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z][\w.-]*)(?P<extras>\[[\w,\s-]*\])?\s*(?P<specifiers>(?:[<>=!~]=?=?\s*[\w.*+!-]+\s*,?\s*)*)"
)
_SPECIFIER = re.compile(r"([<>=!~]=?=?)\s*([\w.*+!-]+)")


@dataclass(frozen=True)
class Change:
    """What is to become of a requirement.

    Attributes:
        new: the new requirement; "" if it goes; None if a person has to decide.
        note: why.
    """

    new: str | None
    note: str


def change(name: str, extras: str, specifiers: str) -> Change | None:
    """What is to become of a requirement; None if it can stay.

    Args:
        name: the package as written.
        extras: such as `[and-cuda]`, or "".
        specifiers: such as `==2.3.1` or `>=1.4,<2`, or "".
    """
    plain = re.sub(r"[-_.]+", "-", name).lower()
    rules = [(sign, _numbers(version)) for sign, version in _SPECIFIER.findall(specifiers)]
    if plain in _TENSORFLOW_NAMES:
        if plain == "tensorflow-gpu" or _ends_below(rules, (2, 16)):
            new = TENSORFLOW.replace(
                "tensorflow", f"{name if plain == 'tensorflow-cpu' else 'tensorflow'}{extras}"
            )
            return Change(new, "Keras 3 comes with TensorFlow 2.16 and later")
    elif plain == "keras" and _ends_below(rules, (3,)):
        return Change(f"keras{extras}>=3", "the program is for Keras 3 now")
    elif plain in _IN_KERAS:
        return Change("", "it is a part of Keras")
    elif plain in _WITHOUT_SUCCESSOR:
        return Change(None, _WITHOUT_SUCCESSOR[plain])
    elif plain in _LOWEST and _ends_below(rules, _LOWEST[plain]):
        lowest = ".".join(map(str, _LOWEST[plain]))
        return Change(None, f"TensorFlow 2.16 and later need `{plain}>={lowest}`; this forbids it.")
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z]|\.\*", version)[0]))


def _ends_below(rules: list[tuple[str, tuple[int, ...]]], lowest: tuple[int, ...]) -> bool:
    """Whether the versions that are allowed end before `lowest`."""
    for sign, version in rules:
        if sign in ("==", "===", "=") and version < lowest[: len(version)]:
            return True
        if sign == "<" and version <= lowest:
            return True
        if sign == "<=" and version < lowest:
            return True
        if sign == "~=" and len(version) > 1 and version[:-1] < lowest[: len(version) - 1]:
            return True
    return False
