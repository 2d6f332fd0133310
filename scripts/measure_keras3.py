"""Measures which names the Keras packages have, for `knowledge/data/keras3.json` and `keras2.json`.

Two steps, because each Keras lives in an environment of its own (this file runs on Python 3.7 too):

    <env of Keras 3>/bin/python scripts/measure_keras3.py walk > /tmp/k3.json
    <env of keras 2.3.1, TF 1.15>/bin/python scripts/measure_keras3.py walk > /tmp/k1.json
    <env of Keras 2.15, TF 2.15>/bin/python scripts/measure_keras3.py walk > /tmp/k2.json
    python scripts/measure_keras3.py merge /tmp/k3.json /tmp/k1.json /tmp/k2.json keras3_since.json
    keras2_removed.json

`walk` prints {surface: {module: {name: kind}}} for the surfaces "keras" and "tf.keras"; kinds are m(odule),
c(lass), f(unction) and o(ther). A module that is not a part of the module at hand is "m:numpy",
"m:keras.backend". `merge` writes the two data files.
"""

import importlib
import inspect
import json
import pathlib
import pkgutil
import sys

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"
IMPORT_ONLY = []  # submodules that are no attribute of their package until somebody imports them
SKIPPED_PARTS = {"src", "tests", "testing_infra", "integration_test", "benchmarks"}
FUTURE = {"absolute_import", "division", "print_function", "unicode_literals"}


def public(name):
    return not name.startswith("_") and name not in SKIPPED_PARTS and name not in FUTURE


def kind(value, root):
    if inspect.ismodule(value):
        name = value.__name__
        return "m" if name.startswith(root + ".") else "m:" + name.replace("tensorflow_core", "tensorflow")
    if inspect.isclass(value):
        return "c"
    return "f" if callable(value) else "o"


def walk(module, spelled, found):
    if spelled in found:
        return
    found[spelled] = rows = {}
    children = {}
    for info in pkgutil.iter_modules(getattr(module, "__path__", None) or []):
        if public(info[1]):
            if not hasattr(module, info[1]):
                IMPORT_ONLY.append(module.__name__ + "." + info[1])
            try:
                children[info[1]] = importlib.import_module(module.__name__ + "." + info[1])
            except Exception as error:  # not importable in this environment (Theano, CNTK)
                print(module.__name__, info[1], repr(error)[:80], file=sys.stderr)
    for name in dir(module):
        if public(name):
            try:
                rows[name] = kind(getattr(module, name), module.__name__)
            except Exception as error:  # a lazy module that fails
                print(spelled, name, repr(error)[:80], file=sys.stderr)
    for name, child in children.items():
        rows.setdefault(name, "m")
        if rows[name] == "m":
            walk(child, spelled + "." + name, found)
    for name, what in list(rows.items()):
        value = getattr(module, name, None)
        # a module of the API reached by attribute only (TF 1.15); not `keras.layers.K`, which is elsewhere
        own = getattr(value, "__name__", "") == module.__name__ + "." + name
        if what == "m" and own and name not in children and spelled.count(".") < 4:
            walk(value, spelled + "." + name, found)


def measure():
    result = {}
    keras = importlib.import_module("keras")
    walk(keras, "keras", result.setdefault("keras", {}))
    tf = importlib.import_module("tensorflow")
    new = keras.__version__.startswith("3")
    root = importlib.import_module("keras._tf_keras.keras") if new else tf.keras
    walk(root, "keras", result.setdefault("tf.keras", {}))
    result["import only"] = sorted(IMPORT_ONLY)
    result["version"] = {"keras": keras.__version__, "tensorflow": tf.__version__}
    return result


def grouped(rows, only=None):
    """{kind: "name name"} of one module."""
    groups = {}
    for name in sorted(rows):
        if only is None or only(name):
            groups.setdefault(rows[name][0], []).append(name)
    return {key: " ".join(groups[key]) for key in sorted(groups)}


def write(name, value):
    text = json.dumps(value, indent=0, sort_keys=True, separators=(",", ":")) + "\n"
    (DATA / name).write_bytes(text.encode())


def merge(k3, k1, k2, since, removed):
    surfaces = {}
    for surface in ("keras", "tf.keras"):
        surfaces[surface] = {module: grouped(rows) for module, rows in k3[surface].items()}
    write(
        "keras3.json",
        {
            "version": k3["version"],
            "keras": surfaces["keras"],
            # only the modules that differ from those of `keras`
            "tf.keras": {
                m: rows for m, rows in surfaces["tf.keras"].items() if surfaces["keras"].get(m) != rows
            },
            "not in tf.keras": sorted(set(surfaces["keras"]) - set(surfaces["tf.keras"])),
            "import only": [
                p[len("keras._tf_keras.") :] for p in k3["import only"] if p.startswith("keras._tf_keras.")
            ],
            "since": {path: ".".join(first.split(".")[:2]) for path, first in since["since"].items()},
        },
    )
    two, origins = {}, {}
    for source in (k1, k2):
        for surface in ("keras", "tf.keras"):
            for module, rows in source[surface].items():
                two.setdefault(surface, {}).setdefault(module, set()).update(rows)
                for name, what in rows.items():
                    if what.startswith("m:"):
                        origins[module + "." + name] = what[2:]
    # names that older Keras 2 versions defined, from the facts file
    for section in ("public", "deep"):
        for path, row in removed[section].items():
            first = row["v"][0] if isinstance(row, dict) else row[0][0]
            module, _, name = path.rpartition(".")
            if (
                [int(part) for part in first.split(".")[:2] if part.isdigit()] < [2, 4]
                and module.startswith("keras")
                and public(name)
            ):
                two["keras"].setdefault(module, set()).add(name)
    keras = {m: " ".join(sorted(names)) for m, names in two["keras"].items()}
    tf = {m: " ".join(sorted(names)) for m, names in two["tf.keras"].items()}
    write(
        "keras2.json",
        {
            "version": [k1["version"], k2["version"]],
            "keras": keras,
            "tf.keras": {m: names for m, names in tf.items() if keras.get(m) != names},
            "not in tf.keras": sorted(set(keras) - set(tf)),
            "origin": origins,
        },
    )


if __name__ == "__main__":
    if sys.argv[1] == "walk":
        json.dump(measure(), sys.stdout, indent=0, sort_keys=True)
    else:
        merge(*(json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in sys.argv[2:]))
