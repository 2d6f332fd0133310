"""An interpreter is asked what is installed in it.

None of that is imported, so looking at one takes a fraction of a second.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class EnvironmentMissing(Exception):  # noqa: N818 (what the user reads is no error of theirs)
    """There is no interpreter to run programs in; `str()` says what is wrong and what to do.

    Attributes:
        message: what is wrong.
        hint: what the user can do about it; may be empty.
        recipe: the environment that `create` could make instead, if there is one.
    """

    def __init__(self, message: str, hint: str = "", recipe: str | None = None) -> None:
        super().__init__(message, hint, recipe)
        self.message = message
        self.hint = hint
        self.recipe = recipe

    def __str__(self) -> str:
        return " ".join(f"{self.message.rstrip('.')}. {self.hint}".split())


@dataclass(frozen=True)
class Environment:
    """An interpreter with a Keras in it.

    Attributes:
        python: the interpreter.
        side: `keras3`, `tf_keras` or `keras2`.
        label: for people: `Keras 3.15.1, TensorFlow 2.21.0`.
        versions: of what is installed, by the names of the distributions.
        python_version: such as `3.12.1`.
        user_base: the folder of packages that the user installed for this interpreter with `pip --user`, if it
            looks there.
    """

    python: Path
    side: str
    label: str
    versions: Mapping[str, str] = field(default_factory=dict)
    python_version: str = ""
    user_base: str | None = None


DISTRIBUTIONS = (
    "keras",
    "keras-nightly",
    "tensorflow",
    "tensorflow-cpu",
    "tensorflow-gpu",
    "tensorflow-macos",
    "tf-nightly",
    "tf-nightly-cpu",
    "tf-keras",
    "tf-keras-nightly",
    "numpy",
    "ipython",
    "matplotlib",
)
_MARK = "keras-upgrade probe: "
# The folder that the tool is called in must not lend modules to the interpreter.
_PROBE = f"""\
import sys
if sys.path[:1] == [""]:
    del sys.path[0]
import json, site
try:
    from importlib.metadata import version
except ImportError:
    try:
        from importlib_metadata import version
    except ImportError:
        try:
            from pkg_resources import get_distribution
            version = lambda name: get_distribution(name).version
        except ImportError:
            version = None
found = {{}}
for name in {DISTRIBUTIONS!r}:
    try:
        found[name] = version(name)
    except Exception:  # not installed; each of the three sources has an error of its own for it
        found[name] = None
told = {{
    "executable": sys.executable,
    "python": list(sys.version_info[:3]),
    "user": site.getuserbase() if getattr(site, "ENABLE_USER_SITE", False) else None,
    "versions": {{name: number for name, number in found.items() if number}},
}}
print("\\n{_MARK}" + json.dumps(told))
"""
PATIENCE = 60.0
_OLDEST = (3, 7)


@dataclass(frozen=True)
class Interpreter:
    """What an interpreter says of itself."""

    python: Path
    executable: Path
    version: tuple[int, ...]
    versions: Mapping[str, str]
    user_base: str | None

    @property
    def python_version(self) -> str:
        """Such as `3.12.1`."""
        return ".".join(map(str, self.version))

    def first(self, *distributions: str) -> str:
        """The version of the first of these that is installed; empty if none is."""
        return next((self.versions[name] for name in distributions if name in self.versions), "")

    @property
    def keras(self) -> str:
        """The version of Keras; empty if there is none."""
        return self.first("keras", "keras-nightly")

    @property
    def tensorflow(self) -> str:
        """The version of TensorFlow; empty if there is none."""
        return self.first(*(name for name in DISTRIBUTIONS if re.match(r"tensorflow|tf-nightly", name)))

    @property
    def tf_keras(self) -> str:
        """The version of tf_keras; empty if there is none."""
        return self.first("tf-keras", "tf-keras-nightly")

    def environment(self, side: str, label: str) -> Environment:
        """It as the environment of a side."""
        return Environment(self.python, side, label, dict(self.versions), self.python_version, self.user_base)


def probe(python: Path) -> Interpreter:
    """Asks an interpreter.

    Raises:
        EnvironmentMissing: it does not answer.
    """
    try:
        done = subprocess.run(
            [str(python), "-E", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentMissing(f"{python} does not answer") from None
    except OSError as error:
        raise EnvironmentMissing(f"{python} cannot be run ({error.strerror or error})") from error
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    told = next((line.removeprefix(_MARK) for line in reversed(lines) if line.startswith(_MARK)), None)
    try:
        answer = json.loads(told or "")
        return Interpreter(
            python,
            Path(answer["executable"] or python),
            tuple(answer["python"]),
            answer["versions"],
            answer["user"],
        )
    except (ValueError, KeyError, TypeError):
        said = _last_line(done.stderr.decode("utf-8", "replace"))
        raise EnvironmentMissing(f"{python} is no Python that works{f' ({said})' if said else ''}") from None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def numbers(version: str) -> tuple[int, ...]:
    """`2.15.1rc0` as (2, 15, 1)."""
    parts = (re.match(r"\d+", part) for part in version.split(".")[:3])
    return tuple(int(part[0]) for part in parts if part is not None)


def _too_old(interpreter: Interpreter) -> str:
    if interpreter.version >= _OLDEST:
        return ""
    return f"is Python {interpreter.python_version}; 3.7 or newer is needed"


def keras3_problem(interpreter: Interpreter) -> str:
    """Why programs cannot run on Keras 3 there; empty if they can."""
    if old := _too_old(interpreter):
        return old
    keras, tensorflow = interpreter.keras, interpreter.tensorflow
    if not keras:
        return "has no Keras" if tensorflow else "has neither Keras nor TensorFlow"
    if numbers(keras) < (3,):
        return f"has Keras {keras}, which is Keras 2; Keras 3 is needed"
    if not tensorflow:
        return f"has Keras {keras}, but not TensorFlow, the only backend that programs are run on"
    if numbers(tensorflow) < (2, 16):
        return f"has TensorFlow {tensorflow}, which does not go with Keras {keras}; 2.16 or newer is needed"
    return ""


def as_keras3(interpreter: Interpreter) -> Environment:
    """The interpreter as the Keras 3 side."""
    label = f"Keras {interpreter.keras}, TensorFlow {interpreter.tensorflow}"
    return interpreter.environment("keras3", label)


def as_keras2(interpreter: Interpreter) -> Environment | None:
    """The interpreter as the Keras 2 side, if it can be one."""
    keras, tensorflow = interpreter.keras, interpreter.tensorflow
    if _too_old(interpreter) or not tensorflow:
        return None
    if keras and numbers(keras) < (3,):
        return interpreter.environment("keras2", f"Keras {keras}, TensorFlow {tensorflow}")
    if not keras and numbers(tensorflow) < (2, 6):  # Keras was a part of TensorFlow
        return interpreter.environment("keras2", f"tf.keras of TensorFlow {tensorflow}")
    if interpreter.tf_keras:
        label = f"tf_keras {interpreter.tf_keras}, TensorFlow {tensorflow}"
        return interpreter.environment("tf_keras", label)
    return None
