"""Imports and dotted names of other libraries whose modules have moved."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from keras_upgrade.analysis.program import Import
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.tensorflow_code import is_for_both_versions
from keras_upgrade.syntax.imports import ImportStatement, alias_text, remove_aliases

Lookup = Callable[[str], str | None]


def moved_imports(context: Context, code: str, moved: Lookup, subject: str) -> Iterator[Finding]:
    """Import statements, of which each name is imported from where it is now."""
    for statement in dict.fromkeys(item.statement for item in context.module.imports):
        items = [item for item in context.module.imports if item.statement is statement]
        items = list({id(item.alias): item for item in items}.values())
        if _is_guarded(context, statement):
            continue
        if isinstance(statement, ast.Import):
            for item in items:
                yield from _plain(context, code, item, moved, subject)
        elif any(moved(item.target) is not None for item in items if item.bound != "*"):
            yield _from(context, code, statement, items, moved, subject)


def _is_guarded(context: Context, statement: ImportStatement) -> bool:
    """Whether the statement is one of two that import the same thing, from the old and the new place."""
    for outer in context.module.ancestors(statement):
        if isinstance(outer, ast.Try) and outer.handlers:
            return True
        if isinstance(outer, ast.If) and "version" in ast.dump(outer.test).lower():
            return True
    return False


def _plain(context: Context, code: str, item: Import, moved: Lookup, subject: str) -> Iterator[Finding]:
    new = moved(item.target)
    if new is None:
        return
    source = context.source
    start = source.start(item.alias)
    text = new
    if item.alias.asname is not None and new == item.alias.asname:
        end = source.end(item.alias)
        text = new
    else:
        end = start + len(item.alias.name)
    yield Finding(
        code,
        source.span(item.alias),
        f"`{item.target}` is `{new}` now",
        Fix([Edit(start, end, text)], f"`import {item.target}` → `import {new}`"),
        subject=subject,
    )


def _from(
    context: Context, code: str, statement: ast.ImportFrom, items: list[Import], moved: Lookup, subject: str
) -> Finding:
    source = context.source
    old_module = statement.module or ""
    groups: dict[str, list[str]] = {}
    renames: list[Edit] = []
    changes: list[str] = []
    for item in items:
        new = moved(item.target) if item.bound != "*" else None
        module, _, name = (new or item.target).rpartition(".")
        if new is not None:
            changes.append(f"`{item.target}` is `{new}`")
        text = alias_text(name, item.alias.asname)
        if name != item.alias.name and item.alias.asname is None:
            text = _renamed(context, item, name, renames)
        groups.setdefault(module if new is not None else old_module, []).append(text)
    indentation = source.indentation(statement)
    lines = [
        f"from {module} import {', '.join(names)}"
        if module
        else "\n".join(f"import {name}" for name in names)
        for module, names in groups.items()
    ]
    span = source.span(statement)
    new_text = f"\n{indentation}".join(lines)
    shown = " ".join(source.segment(statement).split())
    return Finding(
        code,
        span,
        f"{', '.join(changes)} now",
        Fix(
            [Edit(span.start, span.end, new_text), *renames],
            f"`{shown}` → `{'; '.join(lines)}`",
        ),
        subject=subject,
    )


def _renamed(context: Context, item: Import, name: str, renames: list[Edit]) -> str:
    """The import of a name that is called otherwise now; its uses follow where the new name is free."""
    if name in context.module.names():
        return f"{name} as {item.bound}"
    for node in context.module.nodes(ast.Name):
        if node.id == item.bound:
            renames.append(Edit(context.source.start(node), context.source.end(node), name))
    return name


def moved_references(context: Context, code: str, moved: Lookup, subject: str) -> Iterator[Finding]:
    """Dotted names that begin with the package itself: `sklearn.cross_validation.train_test_split`."""
    for node in context.module.references:
        found = context.module.api(node)
        if found is None or not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        new = moved(found.path)
        written = context.source.segment(node)
        if new is None or written != found.path or is_for_both_versions(context, node):
            continue
        span = context.span(node)
        text, imports = _spelled(context, new)
        yield Finding(
            code,
            span,
            f"`{found.path}` is `{new}` now",
            Fix([Edit(span.start, span.end, text)], f"`{written}` → `{text}`", imports=imports),
            subject=subject,
        )


def _spelled(context: Context, path: str) -> tuple[str, tuple[str, ...]]:
    """How a path is written in the module, and the import that it needs."""
    package, _, rest = path.partition(".")
    if package == "numpy":
        name, imports = spelled_module(context, "numpy", "np")
        return f"{name}.{rest}", imports
    module = path.rpartition(".")[0]
    known = any(item.target == module and item.alias.asname is None for item in context.module.imports)
    return path, () if known else (f"import {module}",)


def spelled_module(context: Context, path: str, wanted: str) -> tuple[str, tuple[str, ...]]:
    """The name of a module in the program, and the import that it needs."""
    for name, value in context.module.frame.names.items():
        if getattr(value, "path", None) == path:
            return name, ()
    package, _, last = path.rpartition(".")
    if wanted in context.module.names():
        return path, (f"import {path}",)
    if package and last == wanted:
        return wanted, (f"from {package} import {wanted}",)
    return wanted, (f"import {path} as {wanted}",)


def unused_imports(
    context: Context, code: str, is_gone: Callable[[str], bool], subject: str
) -> Iterator[Finding]:
    """Names that are gone, imported and never used: the import itself would fail."""
    module = context.module
    elsewhere = {
        item.alias.name for other in context.program if other is not module for item in other.imports
    }
    for item in module.imports:
        statement = item.statement
        if (
            not is_gone(item.target)
            or item.bound in module.loaded_names | elsewhere
            or module.document.path.name == "__init__.py"
            or _is_guarded(context, statement)
        ):
            continue
        block = module.body_of(statement)
        unwanted = [
            other.alias
            for other in module.imports
            if other.statement is statement
            and is_gone(other.target)
            and other.bound not in module.loaded_names
        ]
        if item.alias is not unwanted[0]:
            continue  # one finding for the statement
        sole = len(block) == 1 and block is not module.tree.body
        limit = module.document.span_of(module.cell_of(statement))
        package = f"{statement.module}." if isinstance(statement, ast.ImportFrom) else ""
        names = ", ".join(f"`{package}{alias.name}`" for alias in unwanted)
        yield Finding(
            code,
            context.span(statement),
            f"{names} is gone, and nothing uses it",
            Fix(
                remove_aliases(context.source, statement, unwanted, sole=sole, limit=limit),
                f"Removed the import of {names}",
            ),
            subject=subject,
        )
