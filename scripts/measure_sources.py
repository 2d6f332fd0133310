"""Measures which modules below `keras.src` only Keras 2 has, for `knowledge/data/keras2_sources.json`.

    python scripts/measure_sources.py <site-packages with Keras 2.15> <site-packages with Keras 3>

Keras 2.13 to 2.15 had a package `keras.src` too. A package is listed in place of its modules when Keras 3 has none of them.
"""

import json
import pathlib
import sys

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"


def modules(packages: str) -> set[str]:
    root = pathlib.Path(packages) / "keras" / "src"
    paths = (path.relative_to(root).with_suffix("") for path in root.rglob("*.py"))
    names = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    return {name for name in names if "test" not in name and name != "__init__"}


def only_in(before: set[str], after: set[str]) -> list[str]:
    found = set()
    for name in before - after:
        parts = name.split(".")
        prefixes = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
        found.add(next(p for p in prefixes if not any(f"{n}.".startswith(f"{p}.") for n in after)))
    return sorted(found)


if __name__ == "__main__":
    names = only_in(modules(sys.argv[1]), modules(sys.argv[2]))
    (DATA / "keras2_sources.json").write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")
    print(len(names), "modules and packages")
