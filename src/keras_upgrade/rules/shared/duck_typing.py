"""What an object is by what the program does with it, where nothing else tells."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.walking import walk

_OF_MODELS = frozenset(
    [
        "compile",
        "evaluate",
        "evaluate_generator",
        "fit",
        "fit_generator",
        "get_layer",
        "input_names",
        "layers",
        "load_weights",
        "metrics_names",
        "output_names",
        "predict",
        "predict_classes",
        "predict_generator",
        "predict_on_batch",
        "save_weights",
        "summary",
        "test_on_batch",
        "to_json",
        "train_on_batch",
    ]
)
"""Methods and attributes that models have and layers have not."""
_MODELS = (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)


def is_used_as_model(context: Context, node: ast.expr) -> bool:
    """Whether a variable, or an attribute of `self`, is used as a model in the function or class around, or annotated."""
    text = context.source.segment(node)
    scope = _scope(context, node)
    if scope is None:
        return False
    if isinstance(node, ast.Name) and _is_annotated(context, scope, node.id):
        return True
    return any(
        isinstance(other, ast.Attribute)
        and other.attr in _OF_MODELS
        and context.source.segment(other.value) == text
        for other in walk(scope)
    )


def _scope(context: Context, node: ast.expr) -> ast.AST | None:
    """Where the variable lives: the function that binds it, the class of the object that has it, or the module."""
    if isinstance(node, ast.Attribute):
        if not isinstance(node.value, ast.Name):
            return None
        classes = (outer for outer in context.module.ancestors(node) if isinstance(outer, ast.ClassDef))
        return next(classes, None) or _scope(context, node.value)
    if not isinstance(node, ast.Name):
        return None
    for function in enclosing_functions(context.module, node):
        if node.id in local_names(function):
            return function
    return context.module.tree


def _is_annotated(context: Context, scope: ast.AST, name: str) -> bool:
    """Whether a parameter is annotated as a model."""
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    parameters = (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)
    annotations = [p.annotation for p in parameters if p.arg == name and p.annotation is not None]
    return any(
        kind_of(api.path) in _MODELS for annotation in annotations for api in context.module.apis(annotation)
    )
