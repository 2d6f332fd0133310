"""Measures what became of the names of TensorFlow 1, for `knowledge/data/tensorflow1.json`.

    <env of TensorFlow 2>/bin/python scripts/measure_tensorflow1.py

`tf.compat.v1` of a TensorFlow 2 is the `tf` of TensorFlow 1.15, but for `tf.contrib`. A name that `tf` has no more
is `renamed` where the very same object has another name there, else `gone`.
"""

import json
import pathlib
import types

import tensorflow as tf

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"
# Keras has its own tables; the others are insides that leak.
SKIPPED = [
    "compat",
    "keras",
    "estimator",
    "v1",
    "v2",
    "dtensor",
    "python",
    "core",
    "tools",
    "tf_decorator",
    "lite",
]
SKIPPED += ["tpu", "profiler", "resource_loader", "user_ops", "test"]
DEPTH = 4
PLAIN = (int, str, float, bool, type(None))


def is_module(value):
    return isinstance(value, types.ModuleType) or type(value).__name__.endswith("ModuleWrapper")


def walk(root, prefix="", found=None, seen=None):
    """{path: object} of the public names below a module."""
    found, seen = ({}, set()) if found is None else (found, seen)
    if id(root) in seen or prefix.count(".") > DEPTH:
        return found
    seen.add(id(root))
    for name in dir(root):
        if name.startswith("_") or name in SKIPPED:
            continue
        try:
            value = getattr(root, name)
        except (AttributeError, ImportError):
            continue
        if is_module(value):
            if str(value.__dict__.get("__name__", "")).startswith("tensorflow"):
                found[prefix + name] = value
                walk(value, f"{prefix}{name}.", found, seen)
        else:
            found[prefix + name] = value
    return found


def is_there(root, path):
    for part in path.split("."):
        try:
            root = getattr(root, part)
        except AttributeError:
            return False
    return True


def main():
    old, new = walk(tf.compat.v1), walk(tf)
    places = {}
    for path, value in new.items():
        if not is_module(value) and not isinstance(value, PLAIN):
            places.setdefault(id(value), []).append(path)
    renamed, gone, modules = {}, [], []
    for path in sorted(old.keys() - new.keys()):
        if is_there(tf, path):  # `tf.losses` and its like are of Keras now
            continue
        same = places.get(id(old[path]), [])
        name = path.rpartition(".")[2]
        if is_module(old[path]):
            modules.append(path)
        elif same:
            renamed[path] = min(same, key=lambda other: (other.rpartition(".")[2] != name, len(other), other))
        else:
            gone.append(path)
    data = {"renamed": renamed, "gone": " ".join(gone), "gone modules": " ".join(modules)}
    target = DATA / "tensorflow1.json"
    target.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(len(renamed), "renamed,", len(gone), "gone, TensorFlow", tf.__version__)


if __name__ == "__main__":
    main()
