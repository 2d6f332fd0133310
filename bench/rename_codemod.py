"""A codemod of LibCST that renames one function by its qualified name; run by the bench in its environment."""

import sys
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, QualifiedNameProvider, QualifiedNameSource

_OLD, _NEW = "keras.backend.square", "squared"


class Rename(cst.CSTTransformer):
    """Renames what is imported as the old name."""

    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def leave_Attribute(  # noqa: D102, N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        names = self.get_metadata(QualifiedNameProvider, original_node, set())
        if any(name.name == _OLD and name.source is QualifiedNameSource.IMPORT for name in names):
            return updated_node.with_changes(attr=cst.Name(_NEW))
        return updated_node


def main() -> None:
    """Goes through the files of a folder, and writes nothing."""
    for path in sorted(Path(sys.argv[1]).rglob("*.py")):
        try:
            module = cst.parse_module(path.read_bytes())
        except cst.ParserSyntaxError:
            continue
        assert MetadataWrapper(module).visit(Rename()).code


main()
