"""Constants of programs, made small."""

import ast
from collections.abc import Mapping, Sequence

Constant = bool | int | float | str | tuple[int, ...] | None


def replace_constants(cells: Sequence[str], constants: Mapping[str, Constant]) -> list[str]:
    """Give top-level `NAME = literal` assignments other values; every name must be found.

    A name that is nowhere assigned is an error: the run would silently not be what the caller asked for.
    """
    found: set[str] = set()
    changed = [_replace_in_cell(cell, constants, found) for cell in cells]
    missing = sorted(set(constants) - found)
    if missing:
        raise ValueError(f"no top-level assignment of a literal to {', '.join(missing)}")
    return changed


def _replace_in_cell(cell: str, constants: Mapping[str, Constant], found: set[str]) -> str:
    """Replace constants in one cell, last one first so that earlier positions stay right."""
    lines = cell.split("\n")
    for statement in reversed(ast.parse(cell).body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in constants:
                pass
            case _:
                continue
        if not _is_literal(value) or value.lineno != value.end_lineno:
            continue
        raw = lines[value.lineno - 1].encode()
        new = raw[: value.col_offset] + repr(constants[name]).encode() + raw[value.end_col_offset :]
        lines[value.lineno - 1] = new.decode()
        found.add(name)
    return "\n".join(lines)


def _is_literal(value: ast.expr) -> bool:
    """Whether an expression is a plain constant, such as `3`, `-1.5` or `(28, 28)`."""
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True
