"""Files of Python code: read into one text, edited by spans, written back with all else untouched."""

from keras_upgrade.documents.errors import DocumentError
from keras_upgrade.documents.files import Unread, digest, discover, load, loads, write_atomically
from keras_upgrade.documents.model import Cell, Document, Position, Problem
from keras_upgrade.documents.spans import Edit, OverlappingEditsError, Span, apply_edits, sort_edits

__all__ = [
    "Cell",
    "Document",
    "DocumentError",
    "Edit",
    "OverlappingEditsError",
    "Position",
    "Problem",
    "Span",
    "Unread",
    "apply_edits",
    "digest",
    "discover",
    "load",
    "loads",
    "sort_edits",
    "write_atomically",
]
