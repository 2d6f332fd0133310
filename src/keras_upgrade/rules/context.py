"""What a rule gets: one module of the program, and how names are spelled in it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from functools import cached_property

from keras_upgrade.analysis.program import Import, Module, Program
from keras_upgrade.analysis.values import KERAS_PACKAGES, Api, Value, api, options
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.knowledge.backend import Row
from keras_upgrade.options import Options
from keras_upgrade.records import dataclass, field
from keras_upgrade.syntax.source import Source


@dataclass
class Context:
    """One module as the rules see it.

    Attributes:
        module: the module to look at.
        program: all modules that are migrated together.
        options: what the user chose.
        migrating: whether the module needs other changes too, so that it is Keras 2 code beyond doubt.
        standalone: whether the module was written for the package `keras`, not for `tf.keras`.
        original: its text as the user gave it.
    """

    module: Module
    program: Program
    options: Options = field(default_factory=Options)
    migrating: bool = False
    standalone: bool = True
    original: str = ""

    @property
    def source(self) -> Source:
        """The text of the module."""
        return self.module.source

    @cached_property
    def keras_name(self) -> str:
        """The name under which the module has, or will have, the package `keras`."""
        for name, value in self.module.frame.names.items():
            if isinstance(value, Api) and value.path == "keras" and value.package == "keras":
                return name
        bound = self.module.frame.names.get("keras")
        return "keras" if bound is None or _is_keras(bound) else "keras3"

    @cached_property
    def imports_keras(self) -> bool:
        """Whether `keras_name` is the package already, at the top of the module."""
        bound = self.module.frame.names.get(self.keras_name)
        return bound is not None and _is_keras(bound, ("keras", "tensorflow.keras"))

    def spell(self, path: str) -> str:
        """How the canonical `path` (`keras.ops.exp`) is written in this module; needs `needed_imports`."""
        first, _, rest = path.partition(".")
        if first != "keras":
            return path
        return f"{self.keras_name}.{rest}" if rest else self.keras_name

    @property
    def needed_imports(self) -> tuple[str, ...]:
        """The import statements that `spell`ed names need."""
        if self.imports_keras:
            return ()
        return ("import keras" if self.keras_name == "keras" else f"import keras as {self.keras_name}",)

    def imports_for(self, row: Row, edits: Iterable[Edit]) -> tuple[str, ...]:
        """The import statements that the text written for a row of the tables needs."""
        text = " ".join(edit.text for edit in edits)
        keras = self.needed_imports if f"{self.keras_name}." in text else ()
        return (*keras, *(item for item in row.imports if item.split()[-1] in text))

    def value(self, node: ast.expr) -> Value:
        """What an expression can be."""
        return self.module.value(node)

    def calls(self) -> list[tuple[ast.Call, Api]]:
        """The calls of library functions and classes, with what is called."""
        return self.module.library_calls

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """The characters of a node."""
        return self.source.span(node)

    def binding(self, name: ast.Name) -> Import | None:
        """The import that binds what the name stands for, or None when something else binds it."""
        value = self.module.api(name)
        if value is None:
            return None
        for item in self.module.imports:
            if item.bound == name.id and not item.target:
                return item
            if item.bound == name.id and item.target and api(item.target).path == value.path:
                return item
            if item.bound == "*" and item.target and f"{api(item.target[:-2]).path}.{name.id}" == value.path:
                return item
            if isinstance(item.statement, ast.Import) and item.bound == name.id and not item.alias.asname:
                return item
        return None

    def spelled_here(self, node: ast.expr) -> bool:
        """Whether the text of `node` itself names the library object, not a variable of the user's that holds it."""
        if isinstance(node, ast.Name):
            return self.binding(node) is not None
        return isinstance(node, ast.Attribute) and self.module.api(node) is not None


def _is_keras(value: Value, packages: Collection[str] = KERAS_PACKAGES) -> bool:
    """Whether a value is Keras as a whole, from whichever package an `if` or `try` takes it."""
    return all(
        isinstance(option, Api) and option.path == "keras" and option.package in packages
        for option in options(value)
    )
