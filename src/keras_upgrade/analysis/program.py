"""The program as the rules see it: its modules, and what each of their expressions means."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from keras_upgrade.analysis.frames import Frame
from keras_upgrade.analysis.observed import Observed
from keras_upgrade.analysis.values import UNKNOWN, Api, Choice, Class, Function, Instance, Value, options
from keras_upgrade.documents import Cell, Document
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass, field
from keras_upgrade.syntax.index import Index
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.walking import walk

_WORD = pattern(r"[^\W\d]\w*")
_WORDS = pattern(r"\w+")
_OTHER_THAN_WORDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_DOTTED = pattern(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
"""What a string holds that names a type: `Union["tf.Tensor", None]`."""


@dataclass(frozen=True, slots=True)
class Import:
    """One name that an import statement binds.

    Attributes:
        statement: the `import` or `from ... import` statement.
        alias: its part for this name.
        target: the dotted path as spelled (`keras.backend`), "" for a relative import.
        bound: the name bound in the scope (`K`), "*" for a star import.
        source: the module of the project that it comes from, None for a library's.
    """

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    target: str
    bound: str
    source: Module | None = None


@dataclass(eq=False)
class Module:
    """One document, parsed and interpreted.

    Attributes:
        values: what each expression can be; expressions of no interest are absent.
        calls: every call, in source order.
        dependencies: the modules of the program that it imports.
        references: every name or attribute that stands for something of a library, the longest ones only.
        imports: every name that an import binds, wherever it stands.
        functions: every function, method and lambda.
        classes: every class.
        called_with: the calls of each user function, by its definition.
        observed: what a run has shown, if there was one.
    """

    document: Document
    name: str = ""
    frame: Frame = field(default_factory=lambda: Frame(None))
    values: dict[ast.expr, Value] = field(default_factory=dict)
    calls: list[ast.Call] = field(default_factory=list)
    references: list[ast.Name | ast.Attribute] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    dependencies: set[Module] = field(default_factory=set)
    observed: Observed = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tree: ast.Module = self.document.tree
        self.source = Source(self.document.text, self.document.source, self.document.line_starts)

    def value(self, node: ast.expr) -> Value:
        """What the expression can be."""
        return self.values.get(node, UNKNOWN)

    def apis(self, node: ast.expr) -> list[Api]:
        """The library objects that the expression may stand for."""
        return [option for option in options(self.value(node)) if isinstance(option, Api)]

    def api(self, node: ast.expr) -> Api | None:
        """The library object that the expression surely stands for, whatever package it was spelled with.

        Where an `if` or a `try` imports one thing from two packages, the first spelling stands for both.
        """
        value = self.values.get(node)
        if type(value) is Api:
            return value
        if type(value) is not Choice:
            return None
        first = value.options[0]
        if not isinstance(first, Api):
            return None
        same = all(isinstance(option, Api) and option.path == first.path for option in value.options)
        return first if same else None

    def nodes[Node: ast.AST](self, kind: type[Node]) -> list[Node]:
        """Every node of one type, in no particular order."""
        return self._index.by_type.get(kind, [])  # type: ignore[return-value]  # a list by its own type

    @cached_property
    def _index(self) -> Index:
        return Index(self.tree)

    def names_of(self, name: str) -> list[ast.Name]:
        """Every place where a name stands, whatever is done with it there, in no particular order."""
        return self._names.get(name, [])

    @cached_property
    def _names(self) -> dict[str, list[ast.Name]]:
        found: dict[str, list[ast.Name]] = {}
        for node in self.nodes(ast.Name):
            found.setdefault(node.id, []).append(node)
        return found

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that holds `node`; None for the module itself."""
        return self._index.parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, nearest first."""
        outer = self.parent(node)
        while outer is not None:
            yield outer
            outer = self.parent(outer)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that holds `node`, or is it."""
        if isinstance(node, ast.stmt):
            return node
        return next(outer for outer in self.ancestors(node) if isinstance(outer, ast.stmt))

    def body_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements in which `statement` stands."""
        outer = self.parent(statement)
        for name in ("body", "orelse", "finalbody", "handlers"):
            block = getattr(outer, name, None)
            if isinstance(block, list) and statement in block:
                return block
        raise ValueError("a statement without a block")

    def assigned(self, name: ast.Name) -> ast.expr | None:
        """What a variable is given, where one assignment in the whole module binds its name."""
        stores = [n for n in self.names_of(name.id) if not isinstance(n.ctx, ast.Load)]
        if len(stores) != 1 or any(argument.arg == name.id for argument in self.nodes(ast.arg)):
            return None
        statement = self.parent(stores[0])
        return statement.value if isinstance(statement, ast.Assign) and statement.targets == stores else None

    def cell_of(self, node: ast.expr | ast.stmt) -> Cell:
        """The cell that holds the node."""
        return self.document.cell_at(self.source.start(node))

    def words(self) -> set[str]:
        """Every name, keyword and word of a text or a magic, as Python reads them, and the kind of the document."""
        text = self.document.source
        if text.isascii():  # quicker than the pattern, which means the same
            return {*text.translate(_OTHER_THAN_WORDS).split(), self.document.kind}
        return {*_WORDS.findall(unicodedata.normalize("NFKC", text)), self.document.kind}

    def names(self) -> frozenset[str]:
        """Every identifier that is loaded, stored or bound anywhere in the module."""
        found = set(self._names)
        found.update(argument.arg for argument in self.nodes(ast.arg))
        found.update(function.name for function in self.nodes(ast.FunctionDef))
        found.update(function.name for function in self.nodes(ast.AsyncFunctionDef))
        found.update(cls.name for cls in self.nodes(ast.ClassDef))
        found.update(alias.asname or alias.name.partition(".")[0] for alias in self.nodes(ast.alias))
        return frozenset(found)

    @cached_property
    def library_calls(self) -> list[tuple[ast.Call, Api]]:
        """The calls of library functions and classes, with what is called; only once the module has been run."""
        called = ((call, self.api(call.func)) for call in self.calls)
        return [(call, callee) for call, callee in called if callee is not None]

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of all that it uses of libraries; only once the module has been run."""
        return frozenset(api.path for node in self.references for api in self.apis(node))

    @cached_property
    def loaded_names(self) -> frozenset[str]:
        """The names that the module reads anywhere, in quoted annotations too, and those that `__all__` lists."""
        found = {name.id for name in self.nodes(ast.Name) if type(name.ctx) is not ast.Store}
        for constant in self.nodes(ast.Constant):
            if isinstance(constant.value, str) and _DOTTED.fullmatch(constant.value):
                found.add(constant.value.partition(".")[0])
        for annotation in self._annotations():
            for part in walk(annotation):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.update(_WORD.findall(part.value))
        for target in self.names_of("__all__"):
            node = self.parent(target)
            if isinstance(node, ast.Assign) and target in node.targets:
                texts = (c.value for c in walk(node.value) if isinstance(c, ast.Constant))
                found.update(text for text in texts if isinstance(text, str))
        return frozenset(found)

    def _annotations(self) -> Iterator[ast.expr]:
        for argument in self.nodes(ast.arg):
            if argument.annotation is not None:
                yield argument.annotation
        functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = [*self.nodes(ast.FunctionDef)]
        functions += self.nodes(ast.AsyncFunctionDef)
        yield from (function.returns for function in functions if function.returns is not None)
        for assignment in self.nodes(ast.AnnAssign):
            yield assignment.annotation


@dataclass
class Program:
    """The modules that are migrated together.

    Attributes:
        modules: the modules that are migrated.
        users: modules that import some of them, and stay as they are.
        imported: modules of the project that they import, and that stay as they are as well.
    """

    modules: list[Module]
    users: list[Module] = field(default_factory=list)
    imported: list[Module] = field(default_factory=list)
    _known: dict[str, object] = field(default_factory=dict)

    def once[Fact](self, key: str, compute: Callable[[], Fact]) -> Fact:
        """A fact about the whole program, computed when it is first asked for."""
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]  # type: ignore[return-value]  # what `compute` gave for this key

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of all these modules: whatever has a name in them is spelled with some."""
        return frozenset().union(*(m.words() for m in (*self.modules, *self.users, *self.imported)))

    @cached_property
    def is_observed(self) -> bool:
        """Whether runs have shown of values what no module spells out."""
        return any(module.observed for module in self.modules)

    def together_with(self, module: Module) -> frozenset[Module]:
        """The modules that are run together with one: what imports it, and what all of them import."""
        importers = _closure([module], lambda one: self._importers.get(one, ()))
        return frozenset(_closure(importers, lambda one: one.dependencies))

    @cached_property
    def _importers(self) -> dict[Module, list[Module]]:
        found: dict[Module, list[Module]] = {}
        for module in self.modules:
            for imported in module.dependencies:
                found.setdefault(imported, []).append(module)
        return found


def _closure(start: Iterable[Module], following: Callable[[Module], Iterable[Module]]) -> set[Module]:
    found = set(start)
    pending = [*found]
    while pending:
        more = set(following(pending.pop())) - found
        found |= more
        pending += more
    return found
