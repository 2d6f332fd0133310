"""Measures in which minor release of Keras 3 a public name, or an argument, came: `knowledge/data/keras3_since.json`.

    python scripts/measure_releases.py <folder with Keras 3.0 unpacked> <... 3.1> ... <the newest>

Each folder holds the package `keras` of one release, as `pip download --no-deps` and unzipping give it. The releases are
read, not imported: old ones do not run beside today's TensorFlow. Listed is what the first release did not have and the
newest has: `{"keras.ops.rms_norm": 9, "keras.layers.Dense(quantization_config)": 13}`. An alias counts as a name of its own.
"""

import ast
import json
import pathlib
import sys
from functools import cache

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"


@cache
def parsed(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_file(root: pathlib.Path, name: str) -> pathlib.Path:
    path = root.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def public_names(root: pathlib.Path, package: str = "keras") -> dict[str, tuple[str, str]]:
    """Every public name with the module and the name that it is imported from."""
    found: dict[str, tuple[str, str]] = {}
    for node in parsed(module_file(root, package)).body:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        for alias in node.names:
            name = f"{package}.{alias.asname or alias.name}"
            found[name] = (node.module, alias.name)
            inner = f"{node.module}.{alias.name}"
            if f".{alias.name}".startswith("._"):
                del found[name]
                continue
            if inner == name and (root / pathlib.Path(*inner.split("."))).is_dir():
                found |= public_names(root, inner)
    return found


def arguments(root: pathlib.Path, module: str, name: str, depth: int = 0) -> set[str]:
    """The names of the arguments of a function or class; none where they cannot be read."""
    file = module_file(root, module)
    if not file.is_file() or depth > 8:
        return set()
    for node in parsed(file).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return named(node.args)
        if isinstance(node, ast.ClassDef) and node.name == name:
            return class_arguments(root, module, node, depth)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return arguments(root, node.module, alias.name, depth + 1)
    return set()


def class_arguments(root: pathlib.Path, module: str, node: ast.ClassDef, depth: int) -> set[str]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            found = named(item.args)
            return found | inherited(root, module, node, depth) if item.args.kwarg else found
    return inherited(root, module, node, depth)


def inherited(root: pathlib.Path, module: str, node: ast.ClassDef, depth: int) -> set[str]:
    names = [base.id for base in node.bases if isinstance(base, ast.Name)]
    return set().union(*(arguments(root, module, name, depth + 1) for name in names))


def named(args: ast.arguments) -> set[str]:
    return {arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)} - {"self", "cls"}


def surface(root: pathlib.Path) -> dict[str, set[str]]:
    """Every public name with its arguments; from 3.3 to 3.9 the public modules lie in `keras.api`."""
    package = "keras.api" if (root / "keras" / "api").is_dir() else "keras"
    names = public_names(root, package)
    return {f"keras{name.removeprefix(package)}": arguments(root, *where) for name, where in names.items()}


def since(releases: list[dict[str, set[str]]]) -> dict[str, int]:
    result = {}
    for name, newest in sorted(releases[-1].items()):
        last = len(releases)
        first = next((n + 1 for n in reversed(range(last)) if name not in releases[n]), 0)
        if first:
            result[name] = first
        for arg in sorted(newest):
            # Where the arguments of a release cannot be read, nothing is known.
            lacks = (
                n + 1
                for n in reversed(range(first, last))
                if releases[n][name] and arg not in releases[n][name]
            )
            came = next(lacks, 0)
            if came:
                result[f"{name}({arg})"] = came
    return result


if __name__ == "__main__":
    found = since([surface(pathlib.Path(folder)) for folder in sys.argv[1:]])
    (DATA / "keras3_since.json").write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
    print(len(found), "names and arguments are newer than the first release")
