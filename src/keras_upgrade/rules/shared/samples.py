"""What the generator methods of Keras 1 counted in samples, and Keras 2 and 3 count in batches."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from keras_upgrade.analysis.program import Module
from keras_upgrade.documents.spans import Edit
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

NAMES: Mapping[str, str] = {
    "nb_epoch": "epochs",
    "max_q_size": "max_queue_size",
    "nb_worker": "workers",
    "pickle_safe": "use_multiprocessing",
    "samples_per_epoch": "steps_per_epoch",
    "nb_val_samples": "validation_steps",
    "val_samples": "steps",
}
"""What Keras 2 called the arguments of Keras 1."""

_COUNTED = {
    "samples_per_epoch": "generator",
    "nb_val_samples": "validation_data",
    "val_samples": "generator",
}
"""The arguments in samples, and the one that gives them."""
_FLOWS = frozenset({"flow", "flow_from_directory", "flow_from_dataframe"})
_BATCH_SIZE = "32"
"""What a flow of images gives at a time where nothing is said."""


def in_words_of_keras1(call: ast.Call, old: str, new: str) -> tuple[str, str]:
    """A row for `rewrite_call` with the names of Keras 1 for those arguments that the call gives by them."""
    for name, later in NAMES.items():
        if keyword_of(call, name) is not None:
            old = re.sub(rf"\b{later}\b", name, old)
            dropped = name == "nb_val_samples" and _gives_arrays(call)
            new = new.replace(f", {later}={later}", "" if dropped else f", {later}={name}")
    return old, new


def counted_in_batches(context: Context, call: ast.Call) -> list[Edit] | None:
    """The edits that divide numbers of samples by the size of a batch; None where that is not known.

    Keras 2 divided by it too, and left out the rest.
    """
    edits: list[Edit] = []
    for name, giver in _COUNTED.items():
        keyword = keyword_of(call, name)
        if keyword is None or (name == "nb_val_samples" and _gives_arrays(call)):
            continue
        size = _batch_size(context, _given(call, giver))
        if size is None:
            return None
        start, end = context.source.start(keyword.value), context.source.end(keyword.value)
        if isinstance(keyword.value, (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            edits.append(Edit(end, end, f" // {size}"))
        else:
            edits += [Edit(start, start, "("), Edit(end, end, f") // {size}")]
    return edits


def _given(call: ast.Call, name: str) -> ast.expr | None:
    keyword = keyword_of(call, name)
    if keyword is not None:
        return keyword.value
    return call.args[0] if name == "generator" and call.args else None


def _gives_arrays(call: ast.Call) -> bool:
    """Whether the data to validate with is `(x, y)`, which is taken as a whole."""
    return isinstance(_given(call, "validation_data"), ast.Tuple)


def _batch_size(context: Context, generator: ast.expr | None) -> str | None:
    """How many samples a flow of images gives at a time, as it is written."""
    if isinstance(generator, ast.Name):
        generator = _only_value(context.module, generator)
    if (
        not isinstance(generator, ast.Call)
        or not isinstance(generator.func, ast.Attribute)
        or generator.func.attr not in _FLOWS
        or any(keyword.arg is None for keyword in generator.keywords)
    ):
        return None
    keyword = keyword_of(generator, "batch_size")
    if keyword is None:
        by_position = len(generator.args) > (2 if generator.func.attr == "flow" else 1)
        return None if by_position else _BATCH_SIZE
    plain = isinstance(keyword.value, (ast.Constant, ast.Name, ast.Attribute))
    return context.source.segment(keyword.value) if plain else None


def _only_value(module: Module, name: ast.Name) -> ast.expr | None:
    """What a variable is given, if it is given one thing only."""
    values = [
        statement.value
        for statement in module.nodes(ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == name.id for target in statement.targets)
    ]
    return values[0] if len(values) == 1 else None
