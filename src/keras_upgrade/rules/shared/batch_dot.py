"""`K.batch_dot` of tensors with more than three axes, which changed its meaning in Keras 2.3.

Up to Keras 2.2 all axes that stand before those that are multiplied belonged to the batch, as in `matmul`; from 2.3 on
only the first one does, and `keras.layers.Dot` does as 2.3. Of tensors of two and three axes both are the same.
"""

from __future__ import annotations

import ast

from keras_upgrade.analysis.ranks import Ranks
from keras_upgrade.knowledge.backend import Row
from keras_upgrade.records import replace
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

ASSUMPTION = "it was written for Keras up to 2.2, where all leading axes are of the batch; from 2.3 on only the first is"


def before_2_3(context: Context, call: ast.Call, row: Row) -> Row | None:
    """The row for a call as Keras 2.2 understood it; None where the version makes no difference."""
    axes = _axes(call)
    if axes is None or len(call.args) < 2:
        return None
    ranks = _ranks(Ranks(context.module, _result_rank), call)
    new = None if ranks is None else _expression(*ranks, axes)
    return None if new is None else replace(row, new=new, variants=(), assumption=ASSUMPTION)


def _axes(call: ast.Call) -> tuple[int, int] | None:
    keyword = keyword_of(call, "axes")
    given = keyword.value if keyword is not None else call.args[2] if len(call.args) > 2 else None
    items = given.elts if isinstance(given, (ast.List, ast.Tuple)) else [given, given]
    values = [item.value for item in items if isinstance(item, ast.Constant)]
    numbers = [value for value in values if isinstance(value, int)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 == len(items) else None


def _ranks(ranks: Ranks, call: ast.Call) -> tuple[int, int] | None:
    """The ranks of both factors, as known from the text or by the axes that are named."""
    axes = _axes(call)
    left, right = ranks.of(call.args[0]), ranks.of(call.args[1])
    if axes is not None and left is None and right is None and axes in ((3, 3), (3, 2)):
        return 4, 4
    if axes is not None and left is None and right == 4:
        left = {2: 3, 3: 4}.get(axes[0])
    if axes is not None and right is None and axes[1] == 3 and left in (3, 4):
        right = 4
    return None if left is None or right is None else (left, right)


def _result_rank(ranks: Ranks, call: ast.Call) -> int | None:
    found = _ranks(ranks, call) if len(call.args) > 1 else None
    return None if found is None else min(found)


def _expression(left: int, right: int, axes: tuple[int, int]) -> str | None:
    if max(left, right) < 4 or not all(axis > 0 for axis in axes):
        return None
    last = max(left, right) - 1
    if left == right:
        x = "x" if axes[0] == last else "keras.ops.swapaxes(x, -1, -2)"
        y = "keras.ops.swapaxes(y, -1, -2)" if axes[1] == last else "y"
        return f"keras.ops.matmul({x}, {y})"
    if left != right - 1:
        return None
    batch = "bnmkl"[: right - 2]
    y = "ji" if axes[1] == last else "ij"
    return f'keras.ops.einsum("{batch}i,{batch}{y}->{batch}j", x, y)'
