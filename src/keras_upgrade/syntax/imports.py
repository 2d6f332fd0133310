"""Import statements: where a new one goes, and taking names out of old ones."""

import ast
import re
from collections.abc import Callable, Collection, Iterator

from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.syntax.edits import remove_statement, statement_lines
from keras_upgrade.syntax.source import Source
from keras_upgrade.syntax.walking import walk

ImportStatement = ast.Import | ast.ImportFrom


def top_level_imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, ImportStatement]]:
    """The imports at the top of a module, those in a top-level `try` or `if` too, with their outermost statement."""
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield statement, statement
        elif isinstance(statement, (ast.Try, ast.If)):
            for inner in walk(statement):
                if isinstance(inner, (ast.Import, ast.ImportFrom)):
                    yield statement, inner


def insert_import(
    source: Source,
    tree: ast.Module,
    text: str,
    is_related: Callable[[ImportStatement], bool],
    newline: str = "\n",
    uses: Collection[int] = (),
) -> Edit:
    """Adds the import statement `text` at the top of a module.

    It goes before the first import of a related package, else after the last import of a library at the top, else
    before those of the project's own modules, else before the first statement that is neither a docstring nor from
    `__future__`; but never behind the first of `uses`, the places where the module needs it, and where all of them
    stand under an `if` or `try` with such an import, to that.
    """
    optional = _optional_import(source, tree, uses)
    if optional is not None:
        return _after(source, optional, newline + source.indentation(optional) + text)
    found = _usual_place(source, tree, text, is_related, newline)
    functions = [s for s in tree.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
    spans = [Span(source.start(function), source.end(function)) for function in functions]
    first = min((use for use in uses if not any(use in span for span in spans)), default=found.start)
    if found.start <= first:
        return found
    earlier = [s for s in tree.body if isinstance(s, (ast.Import, ast.ImportFrom)) and source.end(s) <= first]
    return _after(source, earlier[-1], newline + text) if earlier else _at_top(source, tree, text, newline)


def _usual_place(
    source: Source, tree: ast.Module, text: str, is_related: Callable[[ImportStatement], bool], newline: str
) -> Edit:
    future = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    for outer, statement in top_level_imports(tree):
        if is_related(statement) and statement not in future:
            start = source.start(outer)
            return Edit(start, start, text + newline + source.indentation(outer))
    imports = [
        outer
        for outer, statement in top_level_imports(tree)
        if isinstance(outer, (ast.Import, ast.ImportFrom))
    ]
    leading = _leading(tree)
    imports = [statement for statement in imports if statement in leading]
    libraries = [statement for statement in imports if not _is_relative(statement)]
    if imports and not libraries:
        start = source.start(imports[0])
        return Edit(start, start, text + newline + newline)
    before = libraries or future
    if before:
        return _after(source, before[-1], newline + text)
    return _at_top(source, tree, text, newline)


def _is_relative(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.level > 0


def _at_top(source: Source, tree: ast.Module, text: str, newline: str) -> Edit:
    first = next((s for s in tree.body if not _is_docstring(s)), None)
    if first is None:
        end = len(source.text)
        return Edit(end, end, text + newline)
    lines = statement_lines(source, first)
    start = lines.start if lines is not None else source.start(first)
    return Edit(start, start, text + newline + newline)


def _after(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Puts a line after a statement, and after the comment that stands behind it."""
    end = source.end(statement)
    comment = re.compile(r"[ \t]*#[^\r\n]*").match(source.text, end)
    place = comment.end() if comment else end
    return Edit(place, place, text)


def _optional_import(source: Source, tree: ast.Module, uses: Collection[int]) -> ImportStatement | None:
    """The import of TensorFlow or Keras, under an `if` or `try` at the top, in the block where all of `uses` stand."""
    for outer in tree.body:
        if not isinstance(outer, (ast.If, ast.Try)) or not uses:
            continue
        block = Span(source.start(outer.body[0]), source.end(outer.body[-1]))
        for statement in outer.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)) and _is_of_keras(statement):
                if all(use in block and use >= source.end(statement) for use in uses):
                    return statement
    return None


def _is_of_keras(statement: ImportStatement) -> bool:
    if isinstance(statement, ast.ImportFrom):
        names = [] if statement.level else [statement.module or ""]
    else:
        names = [alias.name for alias in statement.names]
    return any(name.partition(".")[0] in ("keras", "tensorflow") for name in names)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _leading(tree: ast.Module) -> list[ast.stmt]:
    """The statements before the first definition or other code: docstring, imports, assignments of constants."""
    found: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.With)):
            break
        found.append(statement)
    return found


def remove_aliases(
    source: Source, statement: ImportStatement, unwanted: Collection[ast.alias], *, sole: bool, limit: Span
) -> list[Edit]:
    """Takes names out of an import statement; the whole statement when none is left."""
    kept = [index for index, alias in enumerate(statement.names) if alias not in unwanted]
    if not kept:
        return [remove_statement(source, statement, sole=sole, limit=limit)]
    edits = []
    for index, alias in enumerate(statement.names):
        if alias not in unwanted:
            continue
        if index > kept[-1]:
            edits.append(Edit(source.end(statement.names[index - 1]), source.end(alias), ""))
        else:
            edits.append(Edit(source.start(alias), source.start(statement.names[index + 1]), ""))
    return edits


def module_span(source: Source, statement: ast.ImportFrom) -> Span:
    """The characters of the module's name in `from module import ...`, leading dots included."""
    match = re.compile(r"from[\s\\]*([.\w]+(?:[\s\\]*\.[\s\\]*\w+)*)").match(
        source.text, source.start(statement)
    )
    assert match is not None
    return Span(match.start(1), match.end(1))


def alias_text(name: str, asname: str | None) -> str:
    """`name as asname`, or `name` where they are the same."""
    return name if asname is None or asname == name else f"{name} as {asname}"
