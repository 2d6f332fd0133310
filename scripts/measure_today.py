"""Measures what the newest Keras and TensorFlow have, for `knowledge/data/today_*.json`.

    <env of Keras 3>/bin/python scripts/measure_today.py

The names of TensorFlow (those of Keras are in `keras3.json`), the members of the classes of both, and the parameters
of what Keras lets one call. Attributes that methods set on `self` are read from the sources of a class.
"""

import ast
import inspect
import json
import pathlib
import re
import textwrap
from functools import cache

import keras
import tensorflow as tf
from keras.src.models.functional import Functional

DATA = pathlib.Path(__file__).parents[1] / "src" / "keras_upgrade" / "knowledge" / "data"
ANY = "*"
"""Among the members of a class: it has any; among parameters: it takes any keyword."""
IN_KEYWORDS = re.compile(r"""kwargs\.(?:pop|get)\(\s*["'](\w+)|["'](\w+)["'] in kwargs""")
CLOSED = (keras.Layer.__init__, keras.Optimizer.__init__)
"""They take `**kwargs` and refuse what they do not know."""
METHODS_OF = ("keras.Model", "keras.Sequential", "keras.Layer", "keras.Optimizer")
DYNAMIC = ("__getattr__", "__getattribute__")


def public(name):
    return not name.startswith("_") and name != "keras"


def is_own_module(value):
    try:
        return inspect.ismodule(value) and ("._api." in value.__name__ or "_tf_keras" in value.__name__)
    except AttributeError:  # a lazy module of Keras 2, which there is not
        return False


def names_of_tensorflow():
    """{module: {name: value}} of `tf` and of `tf.compat.v1`, each module once."""
    found = {}

    def walk(module, path, passed):
        if path in found or module in passed:
            return
        rows = found[path] = {}
        for name in filter(public, dir(module)):
            value = getattr(module, name, None)
            rows[name] = value
            if is_own_module(value) and not (name in ("v1", "v2") and path != "tensorflow.compat"):
                walk(value, f"{path}.{name}", (*passed, module))

    walk(tf, "tensorflow", ())
    flags = tf.compat.v1.app.flags  # the one public module that lives elsewhere
    found["tensorflow.compat.v1.flags"] = found["tensorflow.compat.v1.app.flags"] = {
        name: getattr(flags, name) for name in filter(public, dir(flags))
    }
    return {path: rows for path, rows in found.items() if not path.startswith("tensorflow.compat.v2")}


def names_of_keras():
    """{module: {name: value}} of `keras`."""
    data = json.loads((DATA / "keras3.json").read_text(encoding="utf-8"))
    found = {}
    for path in data["keras"]:
        module = keras
        for part in path.split(".")[1:]:
            module = getattr(module, part)
        found[path] = {name: getattr(module, name) for name in filter(public, dir(module))}
    return found


@cache
def members(cls):
    """The names that instances of a class have."""
    if any(hook in vars(base) for base in cls.__mro__[:-1] for hook in DYNAMIC):
        return frozenset([ANY])
    found = {name for base in cls.__mro__ for name in vars(base)}
    for base in cls.__mro__:
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        except (OSError, TypeError, SyntaxError):  # made in C, or by a call
            continue
        for node in ast.walk(tree):
            target = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            if target and isinstance(node.value, ast.Name) and node.value.id == "self":
                found.add(node.attr)
    return frozenset(
        name for name in found if not re.fullmatch(r"__\w+__|_\w+__\w+|_tf_api\w*|_keras_api\w*", name)
    )


def instance_members(path, cls):
    found = members(cls)
    if path in ("keras.Model", "keras.models.Model"):
        found |= members(Functional)  # what `keras.Model(inputs, outputs)` makes
    if issubclass(cls, keras.Model):
        found |= {"history"}  # set by a callback
    return found


@cache
def parameters(value):
    """The keywords that may be given, or None if that is not known."""
    if value is keras.Model:
        return frozenset(
            [ANY]
        )  # `keras.Model(inputs, outputs, ...)` looks at those it knows, and takes the others
    if inspect.isclass(value):
        makers = [vars(base)["__init__"] for base in value.__mro__ if "__init__" in vars(base)]
        makers = makers[:-1]  # without that of `object`
    else:
        makers = [value]
    if not makers or not all(
        inspect.isroutine(maker) and hasattr(inspect.unwrap(maker), "__code__") for maker in makers
    ):
        return None  # made in C
    found = set()
    for maker in makers:
        try:
            kinds = inspect.signature(maker).parameters.values()
        except (TypeError, ValueError):
            return None
        found |= {p.name for p in kinds if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        if not any(p.kind is p.VAR_KEYWORD for p in kinds):
            break
        if inspect.isclass(value) and maker not in CLOSED and not passes_on(maker):
            found.add(ANY)
            break
        found |= {a or b for a, b in IN_KEYWORDS.findall(inspect.getsource(maker))}
        if maker in CLOSED or (inspect.isclass(value) and maker is makers[-1]):
            break
    else:
        found.add(ANY)
    return frozenset(found - {"self"})


def passes_on(maker):
    """Whether an `__init__` gives its `**kwargs` to that of the class above."""
    calls = (
        n for n in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(maker)))) if isinstance(n, ast.Call)
    )
    above = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "__init__")
    return any(keyword.arg is None for call in above for keyword in call.keywords)


def compact(sets):
    """{path: "base extra extra"}: each set by the largest one before that it holds whole."""
    result = {}
    done = []
    for path, names in sorted(sets.items(), key=lambda item: (len(item[1]), item[0])):
        base = max(
            (one for one in done if one[1] <= names), key=lambda one: len(one[1]), default=("-", frozenset())
        )
        result[path] = " ".join([base[0], *sorted(names - base[1])])
        if base[1] != names:
            done.append((path, names))
    return result


def write(name, **tables):
    text = json.dumps(tables, indent=0, sort_keys=True, separators=(",", ":")) + "\n"
    (DATA / f"{name}.json").write_text(text, encoding="utf-8")
    print(name, {key: len(rows) for key, rows in tables.items()}, len(text), "bytes")


def methods(classes):
    """{path: function} of the methods that all classes below a class have in common: users give them keywords."""
    for path in METHODS_OF:
        cls = classes[path]
        below = {one for one in classes.values() if issubclass(one, cls)} - {
            classes[other] for other in METHODS_OF
        }
        for name in filter(public, sorted(instance_members(path, cls))):
            method = getattr(cls, name, None)
            if callable(method) and not any(overrides(one, name, cls) for one in below):
                yield f"{path}.{name}", method


def overrides(cls, name, base):
    """Whether a class has a method of its own, with other parameters."""
    own, inherited = getattr(cls, name), getattr(base, name)
    return own is not inherited and parameters(own) != parameters(inherited)


def names_inside(package):
    """{module: names} of the private modules of a package, from their sources: some cannot be imported here."""
    site = pathlib.Path(keras.__file__).parents[1]
    found = {}
    for file in sorted((site / package).rglob("*.py")):
        parts = file.relative_to(site).with_suffix("").parts
        if any("test" in part or part.startswith("gen_") for part in parts):
            continue
        names = set(defined(ast.parse(file.read_text(encoding="utf-8")), imports=file.name == "__init__.py"))
        found[".".join(parts).removesuffix(".__init__")] = " ".join(sorted(filter(public, names)))
    return found


def defined(tree, *, imports):
    """The names that the statements of a module define."""
    pending = list(tree.body)
    for node in pending:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
        elif isinstance(node, (ast.If, ast.Try)):
            pending += node.body + node.orelse
        elif imports and isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def main():
    tensorflow, kerases = names_of_tensorflow(), names_of_keras()
    flat = {f"{module}.{name}": value for module, rows in kerases.items() for name, value in rows.items()}
    classes = {path: value for path, value in flat.items() if inspect.isclass(value)}
    callables = {path: value for path, value in (*flat.items(), *methods(classes)) if callable(value)}
    taken = {path: parameters(value) for path, value in callables.items()}
    objects = {
        f"{module}.{name}": frozenset(filter(public, members(value)))
        for module, rows in tensorflow.items()
        for name, value in rows.items()
        if inspect.isclass(value)
    }
    write(
        "today_keras",
        version=keras.__version__,
        members=compact(
            {path: instance_members(path, cls) for path, cls in flat.items() if inspect.isclass(cls)}
        ),
        parameters=compact({path: names for path, names in taken.items() if names is not None}),
    )
    write(
        "today_tensorflow",
        version=tf.__version__,
        names={module: " ".join(sorted(rows)) for module, rows in tensorflow.items()},
        members=compact(objects),
    )
    write("today_inside", names={**names_inside("keras/src"), **names_inside("tensorflow/python")})


if __name__ == "__main__":
    main()
