"""Walks through trees: they see what Python's own see, but for contexts and operators."""

import ast
from pathlib import Path

import pytest

import keras_upgrade
from keras_upgrade.syntax.index import Index
from keras_upgrade.syntax.walking import children, walk

_LEFT_OUT = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
_EVERYTHING = """
import os as system, sys
from . import a
global g
@decorated(1)
class C[T: int](Base, metaclass=M):
    x: int = 1
    async def f(self, a, /, b=1, *c, d: str = 'x', **e) -> None:
        async with x as y, z:
            async for i in j:
                await k
        try:
            raise E from F
        except (A, B) as error:
            pass
        except* G:
            pass
def g(*, key):
    nonlocal_ = [(yield), (yield from q)]
    del a.b[1:2, ::3]
    assert a < b <= c, f'{a!r:>{width}} {b}'
    return lambda x, y=2: {**x, 'k': [i async for i in j if k]} if not x and y or z else {1, *w}
match command:
    case [Point(x=0), *rest] | {'a': 1, **others} if rest:
        x @= y << 2
    case None | 1.5 | _:
        while (n := f()):
            break
        else:
            continue
""".replace("        except* G:\n            pass\n", "")


def _of_python(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if not isinstance(node, _LEFT_OUT)]


@pytest.mark.parametrize("code", [_EVERYTHING, "try:\n    pass\nexcept* A:\n    pass\n", ""])
def test_every_kind_of_node_is_met(code: str) -> None:
    tree = ast.parse(code)
    assert walk(tree) == _of_python(tree)


def test_our_own_modules_are_walked_as_python_does() -> None:
    for path in sorted(Path(keras_upgrade.__file__).parent.rglob("*.py"))[::7]:
        tree = ast.parse(path.read_text())
        nodes = _of_python(tree)
        assert walk(tree) == nodes
        index = Index(tree)
        assert index.parents == {
            child: node
            for node in nodes
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, _LEFT_OUT)
        }
        assert {id(node) for found in index.by_type.values() for node in found} == set(map(id, nodes))
        for node in nodes:
            assert children(node) == [n for n in ast.iter_child_nodes(node) if not isinstance(n, _LEFT_OUT)]


def test_a_node_made_by_hand_may_lack_fields() -> None:
    assert walk(ast.Return()) != []
