"""Which requirements of Keras 2 programs forbid Keras 3, and what takes their place."""

from __future__ import annotations

import re

from keras_upgrade.documents.pins import Style
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

TENSORFLOW = "tensorflow>=2.16"
PYTHON = "python=3.12"

_TENSORFLOW_NAMES = frozenset(
    {"tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly", "tf-nightly-gpu"}
)
_IN_KERAS = frozenset({"keras-applications", "keras-preprocessing"})
_WITHOUT_SUCCESSOR = {
    "keras-contrib": "it knows Keras 2 only; when the program does without it, delete it here.",
    "tensorflow-addons": "it knows Keras 2 only; when the program does without it, delete it here.",
    "tensorflow-estimator": "TensorFlow has no estimators any more: delete it.",
}
_OF_CONDA = {
    "keras-base": "`keras` brings what it needs: delete it.",
    "keras-gpu": "it was for Keras 2: write `keras>=3` and `tensorflow>=2.16`.",
    "tensorflow-base": "`tensorflow` brings what it needs: delete it.",
    "tensorflow-eigen": "write `tensorflow>=2.16`.",
    "tensorflow-mkl": "write `tensorflow>=2.16`.",
}
_LOWEST_PYTHON = (3, 10)
_NEEDS_PYTHON = "Keras 3 and its TensorFlow need Python 3.10 or later (Keras 3.15: 3.11)"
_LOWEST = {
    "h5py": (3, 10),
    "numpy": (1, 26),
    "protobuf": (3, 20, 3),
    "scikit-learn": (1, 3),
    "scipy": (1, 11),
    "tensorboard": (2, 16),
}
"""What goes with TensorFlow 2.16, the first with Keras 3, on a Python of today."""

REQUIREMENT = pattern(
    r"(?P<name>[A-Za-z][\w.-]*)(?P<extras>\[[\w,\s-]*\])?\s*(?P<bracket>\()?"
    r"(?P<specifiers>(?:[<>=!~]=?=?\s*[\w.*+!-]+\s*,?\s*)*)(?(bracket)\))"
)
_CONDA_VERSION = r"(?:[<>=!~]=?[ ]*)?[\w.*+!]+"
CONDA_REQUIREMENT = pattern(
    r"(?P<channel>[\w./-]+::)?(?P<name>[A-Za-z_][\w.-]*)"
    rf"(?:(?:[ ]*(?=[<>=!~])|[ ]+)(?P<specifiers>{_CONDA_VERSION}(?:[ ]*[,|][ ]*{_CONDA_VERSION})*)"
    r"(?:(?:=|[ ]+)(?P<build>[\w.*]+))?)?"
)
_SPECIFIER = pattern(r"([<>=!~^]=?=?)?\s*([\w.*+!-]+)")
_PYTHON_OF_BUILD = pattern(r"(?:^|_)py(\d)(\d{1,2})(?!\d)")

type _Rules = list[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Change:
    """What is to become of a requirement.

    Attributes:
        new: the new requirement; "" if it goes; None if a person has to decide.
        note: why.
    """

    new: str | None
    note: str


def change(name: str, extras: str, specifiers: str, style: Style = "pip") -> Change | None:
    """What is to become of a requirement; None if it can stay.

    Args:
        name: the package as written.
        extras: such as `[and-cuda]`, or "".
        specifiers: such as `==2.3.1` or `>=1.4,<2`, or "".
        style: in whose language the specifiers are written.
    """
    plain = normalized(name)
    if plain in _TENSORFLOW_NAMES:
        gone = plain == "tensorflow-gpu" and style != "conda"  # conda has newer ones
        if gone or _ends_below(specifiers, (2, 16), style):
            kept = name if plain == "tensorflow-cpu" else "tensorflow"
            return Change(
                TENSORFLOW.replace("tensorflow", f"{kept}{extras}"),
                "Keras 3 comes with TensorFlow 2.16 and later",
            )
    elif plain == "keras" and _ends_below(specifiers, (3,), style):
        return Change(f"keras{extras}>=3", "the program is for Keras 3 now")
    elif plain in _IN_KERAS:
        return Change("", "it is a part of Keras")
    elif plain in _WITHOUT_SUCCESSOR:
        return Change(None, _WITHOUT_SUCCESSOR[plain])
    elif style == "conda" and plain in _OF_CONDA and _ends_below(specifiers, (2, 16), style):
        return Change(None, _OF_CONDA[plain])
    elif style == "conda" and plain == "python" and _ends_below(specifiers, _LOWEST_PYTHON, style):
        return Change(PYTHON, _NEEDS_PYTHON)
    elif plain in _LOWEST and _ends_below(specifiers, _LOWEST[plain], style):
        lowest = ".".join(map(str, _LOWEST[plain]))
        return Change(None, f"TensorFlow 2.16 and later need `{plain}>={lowest}`; this forbids it.")
    return None


def python_change(specifiers: str, style: Style) -> Change | None:
    """What is to become of the versions of Python that a project allows; None if they can stay."""
    if not _ends_below(specifiers, _LOWEST_PYTHON, style):
        return None
    return Change(None, f"{_NEEDS_PYTHON}; this forbids it.")


def is_for_old_python(build: str) -> bool:
    """Whether one of conda's builds (`py36_0`) is for a Python that Keras 3 does not run on."""
    found = _PYTHON_OF_BUILD.search(build)
    return found is not None and (int(found[1]), int(found[2])) < _LOWEST_PYTHON


def is_library(name: str) -> bool:
    """Whether a package is Keras or TensorFlow."""
    return normalized(name) in _TENSORFLOW_NAMES | {"keras", "keras-gpu"}


def normalized(name: str) -> str:
    """The name of a package as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _ends_below(specifiers: str, lowest: tuple[int, ...], style: Style) -> bool:
    """Whether the versions that are allowed end before `lowest`."""
    alternatives = re.split(r"\|+", specifiers)
    return all(any(_below(rule, lowest) for rule in _rules(part, style)) for part in alternatives)


def _rules(specifiers: str, style: Style) -> _Rules:
    """Signs and versions, as pip has them; `=` stands for all versions that begin so."""
    rules: _Rules = []
    for sign, version in _SPECIFIER.findall(specifiers):
        numbers = _numbers(version)
        if not numbers:
            continue
        if sign == "^" or (sign == "~" and style == "poetry"):
            rules.append(("<", _next(numbers, caret=sign == "^")))
        elif not sign and style == "pip":
            continue
        elif not sign or (sign in ("==", "===") and "*" in version):
            rules.append(("==" if style == "poetry" and "*" not in version else "=", numbers))
        else:
            rules.append((sign, numbers))
    return rules


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z]|\.?\*", version)[0]))


def _next(version: tuple[int, ...], *, caret: bool) -> tuple[int, ...]:
    """The first version that Poetry's `^` or `~` leaves out."""
    first = next((place for place, part in enumerate(version) if part), len(version) - 1)
    place = first if caret else min(1, len(version) - 1)
    return (*version[:place], version[place] + 1)


def _below(rule: tuple[str, tuple[int, ...]], lowest: tuple[int, ...]) -> bool:
    sign, version = rule
    full = (*version, *(0 for _ in lowest[len(version) :]))
    limit = (*lowest, *(0 for _ in version[len(lowest) :]))
    match sign:
        case "=":
            return version < lowest[: len(version)]
        case "==" | "===" | "<=":
            return full < limit
        case "<":
            return full <= limit
        case "~=":
            return len(version) > 1 and version[:-1] < lowest[: len(version) - 1]
    return False
