"""Builds `knowledge/data/changed.json`: why a signature that differs needs no entry in `arguments.py`.

    python scripts/build_changed.py <keras2_changed.json>

Prints the paths that have neither an entry nor a reason: add one of them by hand.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))

from keras_upgrade.knowledge import arguments

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"
FAR = 4  # nobody gives the fifth argument by position
# Looked at by hand: the removed parameter is still taken as a keyword argument, or is the base class's.
ACCEPTED = {
    "keras.layers.Identity": "kwargs",
    "keras.layers.LayerNormalization": "kwargs",
    "keras.layers.dot": "kwargs",
    "keras.optimizers.Optimizer": "kwargs",
    "keras.layers.Layer": "kwargs",
}
BY_KEYWORD = ("name", "trainable", "activity_regularizer", "implementation")  # taken through **kwargs


def signature_changes(row):
    for version, difference in row.items():
        if version != "also":
            for key in ("init", "sig"):
                yield difference.get(key, {})


def trivial_default(name, old, new):
    same = old.lower() == new.lower() or {old, new} in (
        {"False", "None"},
        {"(1, 1)", "1"},
        {"(1, 1, 1)", "1"},
    )
    return (
        same
        or old == "<required>"
        or "'auto'" in old
        or new == "((1, 1), (1, 1), (1, 1))"
        or name
        in (
            "log_dir",
            "profile_batch",
            "width",
            "ema_overwrite_frequency",
            "row_axis",
            "col_axis",
            "channel_axis",
        )
    )


def reason(path, row):
    seen = set()
    for change in signature_changes(row):
        if change.get("removed") or change.get("now_keyword_only"):
            return ACCEPTED.get(path)
        if change.get("kwargs_dropped"):
            seen.add("kwargs")
        for old, _ in change.get("position", {}).values():
            if old < FAR:
                return None
            seen.add("far")
        for name, (old, new) in change.get("default", {}).items():
            if name == "name":
                seen.add("names")
            elif trivial_default(name, old, new):
                seen.add("spelling")
            else:
                return None
        if change.get("added"):
            seen.add("added")
    if any("m" in difference for version, difference in row.items() if version != "also"):
        seen.add("members")
    order = ["far", "spelling", "names", "kwargs", "members", "added"]
    return next((key for key in order if key in seen), None)


def unanswered(path, row):
    """The parts of a difference that `arguments` has no answer for."""
    changes = arguments.changes(path)
    orders = [found for surface in ("keras", "tf.keras") if (found := arguments.order(path, surface))]
    for change in signature_changes(row):
        for name in change.get("removed", []):
            if name not in (*changes, *BY_KEYWORD) and not any(name in order.names for order in orders):
                yield f"removed {name}"
        for name, (old, new) in change.get("position", {}).items():
            if old < FAR and new is not None and not any(name in order.names for order in orders):
                yield f"moved {name} from {old} to {new}"
        for name, (old, new) in change.get("default", {}).items():
            if name != "name" and not trivial_default(name, old, new) and name not in changes:
                yield f"default of {name}: {old} to {new}"


def main():
    facts = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["changed"]
    rows = {}
    for path, row in facts.items():
        for alias in (path, *row.get("also", [])):
            rows.setdefault(alias.removeprefix("tensorflow."), []).append(row)
    reasons, missing = {}, []
    for path, found in sorted(rows.items()):
        if path.startswith("keras.optimizers.legacy."):
            reasons[path] = "stub"
            continue
        merged = {
            f"{i}{version}": part
            for i, row in enumerate(found)
            for version, part in row.items()
            if version != "also"
        }
        why = reason(path, merged)
        if why:
            reasons[path] = why
        else:
            reasons[path] = "entry"
            missing += [f"{path}: {piece}" for piece in unanswered(path, merged)]
    text = json.dumps(reasons, indent=0, sort_keys=True, separators=(",", ":")) + "\n"
    (DATA / "changed.json").write_bytes(text.encode())
    counts = {}
    for why in reasons.values():
        counts[why] = counts.get(why, 0) + 1
    print(counts, len(rows))
    print("missing:", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
