"""What pytest hands to tests: the parameters of a test are the values that its fixtures give."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Api, Arguments, Function, Result, Seq, Value, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.interpreter import Interpreter

_FOLDERS = 4
"""How far up from a test its `conftest.py` is looked for."""
_BUILTIN = frozenset({"tmp_path", "tmpdir"})
"""Fixtures of pytest itself that matter here: new folders."""


def fixtures_for(run: Interpreter, function: Function, asking: tuple[str, ...] = ()) -> Arguments:
    """The arguments of a test, or of a fixture: what the fixtures of its parameters' names give; others stay unknown.

    Arguments:
        run: the interpreter.
        function: the test or fixture.
        asking: the fixtures that are being run, which cannot ask for themselves.
    """
    arguments = Arguments(complete=False)
    is_test = not isinstance(function.node, ast.Lambda) and function.name.startswith("test")
    if not (is_test or _is_fixture(function)):
        return arguments
    definition = function.node.args
    for parameter in (*definition.posonlyargs, *definition.args, *definition.kwonlyargs):
        name = parameter.arg
        fixture = None if name in asking else _fixture(run, function.module, name)
        if fixture is not None:
            arguments.keywords[name] = _given(run, fixture, (*asking, name))
        elif name in _BUILTIN:
            arguments.keywords[name] = Result(f"pytest.{name}")
    return arguments


def _given(run: Interpreter, fixture: Function, asking: tuple[str, ...]) -> Value:
    """What a fixture returns or yields."""
    value = run.call_user(fixture, fixtures_for(run, fixture, asking), None)
    return value.element() if isinstance(value, Seq) and value.kind == "generator" else value


def _fixture(run: Interpreter, module: Module, name: str) -> Function | None:
    """The fixture of a name: of the module itself, or of a `conftest.py` above it."""
    places = [module, *(run.project.find("conftest", level, module) for level in range(1, _FOLDERS + 1))]
    for place in places:
        if place is None:
            continue
        run.project.ensure(place, run)
        for option in options(place.frame.names[name]) if name in place.frame.names else ():
            if isinstance(option, Function) and _is_fixture(option):
                return option
    return None


def _is_fixture(function: Function) -> bool:
    if isinstance(function.node, ast.Lambda):
        return False
    decorators = [d.func if isinstance(d, ast.Call) else d for d in function.node.decorator_list]
    return any(
        isinstance(option, Api) and option.path in ("pytest.fixture", "pytest.yield_fixture")
        for decorator in decorators
        for option in options(function.module.value(decorator))
    )
