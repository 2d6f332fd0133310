"""What the environments that can be made consist of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """What an environment is made of.

    Attributes:
        side: the side that programs run on there.
        title: for people.
        pythons: the Python versions that will do, best first.
        packages: what is installed.
        alone: what is installed without its dependencies, after the others.
        size: roughly what it takes on disk, in GB.
    """

    side: str
    title: str
    pythons: tuple[str, ...]
    packages: tuple[str, ...]
    alone: tuple[str, ...] = ()
    size: float = 1.5

    @property
    def wanted(self) -> tuple[str, ...]:
        """What is installed, for people: on a usual PC, without conditions."""
        usual = (word for word in self.packages if not word.endswith(_ELSEWHERE))
        return tuple(word.partition(";")[0].strip() for word in (*usual, *self.alone))


_EXTRAS = ("matplotlib", "scipy", "pillow", "pandas", "scikit-learn", "ipython")
"""What programs commonly need; the installer takes the newest versions that the Python and NumPy allow."""
_ON_PC = "sys_platform == 'linux' and platform_machine == 'x86_64'"
_ELSEWHERE = "sys_platform != 'linux' or platform_machine != 'x86_64'"

RECIPES: dict[str, Recipe] = {
    "keras3": Recipe(
        "keras3",
        "Keras 3.15 with TensorFlow 2.21",
        ("3.12", "3.13"),
        (
            f"tensorflow-cpu==2.21.*; {_ON_PC}",
            f"tensorflow==2.21.*; {_ELSEWHERE}",
            "keras==3.15.*",
            *_EXTRAS,
        ),
        # It depends on `tensorflow`, which would come on top of `tensorflow-cpu`.
        alone=("tf-keras==2.21.*",),
        size=1.8,
    ),
    "keras2.15": Recipe(
        "keras2",
        "Keras 2.15 with TensorFlow 2.15",
        ("3.11", "3.10", "3.9"),
        (
            f"tensorflow-cpu==2.15.*; {_ON_PC}",
            f"tensorflow==2.15.*; {_ELSEWHERE}",
            "keras==2.15.*",
            "numpy<2",
            *_EXTRAS,
        ),
    ),
    "keras2.3": Recipe(
        "keras2",
        "Keras 2.3.1 with TensorFlow 1.15",
        ("3.7",),
        ("tensorflow==1.15.*", "keras==2.3.1", "protobuf<3.21", "h5py<3", "numpy<1.20", *_EXTRAS),
        size=0.9,
    ),
}
KERAS2 = "keras2"
"""The name of the cheap default: the code of Keras 2 as tf_keras, beside Keras 3."""


def names() -> tuple[str, ...]:
    """The names of the Keras 2 environments, the default first."""
    return (KERAS2, *(name for name, recipe in RECIPES.items() if recipe.side == "keras2"))
