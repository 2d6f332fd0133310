"""What is given to models: arrays, tables, lists and dictionaries of them, streams of batches."""

from __future__ import annotations

from typing import Any, Iterable


def _is_array(data: Any) -> bool:
    """Whether it has rows and a shape; numbers of NumPy only have a shape."""
    try:
        return len(data.shape) > 0
    except (AttributeError, TypeError, ValueError):
        return False


def _is_structure(data: Any) -> bool:
    """Whether it holds arrays; a list of numbers, or of lists of numbers, is an array by another name."""
    if isinstance(data, dict):
        return True
    return isinstance(data, (list, tuple)) and any(
        _is_array(part) or _is_structure(part) for part in data[:8]
    )


def _parts(data: Any) -> list[Any]:
    """The arrays of a structure."""
    if not _is_structure(data):
        return [data]
    entries = [data[name] for name in sorted(data, key=str)] if isinstance(data, dict) else data
    return [part for entry in entries for part in _parts(entry)]


def rows(data: Any) -> int | None:
    """How many samples there are; None for streams and for what has no length."""
    part = next((part for part in _parts(data) if part is not None), None)
    if isinstance(part, (list, tuple)):
        return len(part)
    try:
        return int(part.shape[0]) if part is not None else None
    except (AttributeError, TypeError, IndexError, ValueError):
        return None


def heads(arguments: dict[str, Any], names: tuple[str, ...], keep: int) -> dict[str, Any]:
    """The first samples of the arguments with these names.

    Nothing if one of them cannot be cut, or if they are not of equal length: Keras shall still complain of that.
    """
    given = {name: arguments[name] for name in names if arguments.get(name) is not None}
    lengths = {rows(part) for data in given.values() for part in _parts(data) if part is not None}
    if len(lengths) != 1:
        return {}
    try:
        return {name: _head(data, keep) for name, data in given.items()}
    except Exception:  # a sparse tensor, a class of the program's
        return {}


def _head(data: Any, keep: int) -> Any:
    """The first samples, in the structure given."""
    if isinstance(data, dict):
        return {name: _head(part, keep) for name, part in data.items()}
    if _is_structure(data):
        return rebuilt(data, (_head(part, keep) for part in data))
    if data is None:
        return None
    return getattr(data, "iloc", data)[:keep]  # tables of pandas by position, not by label


def rebuilt(structure: Any, parts: Iterable[Any]) -> Any:
    """Other parts in a list or tuple of the same kind."""
    kind: Any = type(structure)
    return kind(*parts) if hasattr(structure, "_fields") else kind(parts)


def shape(data: Any) -> tuple[Any, ...]:
    """What tells data of another shape; streams are told by their identity."""
    return tuple(str(part.shape) if hasattr(part, "shape") else _plain_shape(part) for part in _parts(data))


def _plain_shape(data: Any) -> tuple[Any, ...]:
    if isinstance(data, (list, tuple)):
        return (type(data).__name__, len(data))
    if data is None or isinstance(data, (bool, int, float, str)):
        return (type(data).__name__,)
    return (type(data).__name__, id(data))


def length(stream: Any) -> int | None:
    """How many batches a stream has, if it knows."""
    try:
        return len(stream)
    except (TypeError, NotImplementedError, AttributeError):
        return None
