"""What a call gives: constructors, layers and models applied to tensors, API functions, methods, builtins."""

from __future__ import annotations

import ast

from keras_upgrade.analysis import versions
from keras_upgrade.analysis.attributes import Super, is_static, part_of, some_layer
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Arguments,
    Choice,
    Class,
    Const,
    Function,
    Instance,
    Mapping,
    Method,
    Result,
    Seq,
    Tensor,
    Value,
    constant,
    holds_symbolic,
    holds_tensor,
    instances,
    join_all,
    options,
)
from keras_upgrade.knowledge.kinds import Kind, kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.interpreter import Interpreter

_MODELS = (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)
_OBJECTS = (*_MODELS, Kind.LAYER, Kind.OPTIMIZER, Kind.LOSS, Kind.METRIC, Kind.CALLBACK, Kind.OBJECT)
_MODEL_READERS = frozenset(
    {"load_model", "model_from_json", "model_from_yaml", "model_from_config", "clone_model"}
)


def call(run: Interpreter, callee: Value, arguments: Arguments, node: ast.Call) -> Value:
    """What calling `callee` gives."""
    decided = versions.call(callee, arguments)
    if decided is not None:
        return decided
    if isinstance(callee, Api):
        return _call_api(run, callee, arguments, node)
    if isinstance(callee, Function):
        return run.call_user(callee, arguments, node)
    if isinstance(callee, Class):
        return _construct(run, callee, arguments, node)
    if isinstance(callee, Instance):
        return _apply(run, callee, arguments, node)
    if isinstance(callee, Method):
        return _call_method(run, callee, arguments, node)
    if isinstance(callee, Result):
        if callee.of == "keras.activations.get":
            return _tensor(run, callee, arguments, node)
        return Result(f"{callee.of}()", callee.owner, arguments, node)
    return UNKNOWN


# -- API functions and classes -------------------------------------------------------------------------------


def _call_api(run: Interpreter, callee: Api, arguments: Arguments, node: ast.Call) -> Value:
    if callee.package == "builtins":
        return _builtin(run, callee.name, arguments, node)
    root = callee.path.partition(".")[0]
    if root not in ("keras", "tensorflow"):
        return _foreign(run, callee, arguments, node)
    kind = kind_of(callee.path)
    if kind is Kind.INPUT:
        return Tensor(True, node, run.module, callee, function=run.current_function())
    if kind in _OBJECTS:
        return _new_instance(run, callee, arguments, node)
    if callee.name in _MODEL_READERS and callee.path.startswith("keras."):
        return _read_model(run, callee.name, arguments, node)
    _call_back(run, arguments)
    if kind is Kind.TENSOR_FUNCTION and callee.name[:1].islower():
        return _tensor(run, callee, arguments, node)
    return Result(callee.path, None, arguments, node)


def _read_model(run: Interpreter, reader: str, arguments: Arguments, node: ast.Call) -> Instance:
    """A model from a file: with the layers of the model that was saved under that name, if one was."""
    path = constant(arguments.get(0, "filepath", "path"))
    original = next((m for m in run.module.instances if path is not None and path in _saved_as(m)), None)
    cls = original.cls if original is not None else Api("keras.Model", "keras")
    made = Instance(cls, None, Arguments(complete=False), run.module, run.current_function())
    if original is not None:
        made.children = list(original.children)
        made.attributes = dict(original.attributes)
    run.module.instances.append(made)
    run.note_event(made, reader, node, arguments)
    return made


def _saved_as(model: Instance) -> list[object]:
    return [constant(event.arguments.get(0, "filepath")) for event in model.events if event.name == "save"]


def _tensor(run: Interpreter, maker: Value, arguments: Arguments, node: ast.Call) -> Value:
    values = arguments.all()
    symbolic = any(holds_symbolic(value) for value in values)
    return Tensor(symbolic, node, run.module, maker, tuple(values), function=run.current_function())


def _call_back(run: Interpreter, arguments: Arguments) -> None:
    """Runs functions that an API takes (`K.map_fn`, `tf.cond`, `Dataset.map`) with real tensors."""
    for value in arguments.all():
        for function, owner in callables_in(value, depth=0):
            run_on_tensors(run, function, owner)


def run_on_tensors(run: Interpreter, function: Function, owner: Value | None = None) -> Value:
    """Runs a user's function on real tensors, as Keras does with losses, metrics and `Lambda`."""
    definition = function.node.args
    count = len(definition.posonlyargs) + len(definition.args) - len(definition.defaults)
    count -= owner is not None
    given = Arguments([Tensor(False, None, run.module) for _ in range(max(count, 0))])
    run.real += 1
    try:
        return run.call_user(function, given, None, owner)
    finally:
        run.real -= 1


def _foreign(run: Interpreter, callee: Api, arguments: Arguments, node: ast.Call) -> Value:
    if callee.path == "functools.partial" and arguments.positional:
        return arguments.positional[0]
    if callee.path == "functools.reduce" and len(arguments.positional) > 1:
        return _reduce(run, arguments.positional, node)
    return Result(callee.path, None, arguments, node)


def _reduce(run: Interpreter, given: list[Value], node: ast.Call) -> Value:
    """What `functools.reduce` makes of the items of a list."""
    function, items = given[0], given[1]
    if not isinstance(items, Seq) or not (items.items or items.rest):
        return UNKNOWN
    queue = [*given[2:3], *items.items, *([items.rest] if items.rest is not None else [])]
    result = queue[0]
    for item in queue[1:]:
        result = run.call(function, Arguments([result, item]), node)
    return result


def _new_instance(
    run: Interpreter, callee: Api | Class, arguments: Arguments, node: ast.Call | None
) -> Instance:
    made = Instance(callee, node, arguments, run.module, run.current_function())
    run.module.instances.append(made)
    if isinstance(callee, Api):
        _set_up(run, made, arguments)
    return made


def _set_up(run: Interpreter, made: Instance, arguments: Arguments) -> None:
    """Notes what the constructor of a Keras class does with its arguments."""
    base = made.api
    if base is None:
        return
    kind = kind_of(base.path)
    if kind is Kind.MODEL:
        for index, name in enumerate(("inputs", "outputs")):
            value = arguments.get(index, name, name[:-1])
            if value is not None:
                made.attributes[name] = value
    elif kind is Kind.SEQUENTIAL:
        layers = arguments.get(0, "layers")
        if isinstance(layers, Seq):
            made.children += layers.items
    elif base.name == "Lambda":
        function = arguments.get(0, "function")
        for option in options(function) if function is not None else ():
            if isinstance(option, Function):
                run_on_tensors(run, option)


# -- user classes and objects --------------------------------------------------------------------------------


def _construct(run: Interpreter, cls: Class, arguments: Arguments, node: ast.Call) -> Value:
    made = _new_instance(run, cls, arguments, node)
    constructor = cls.lookup("__init__")
    if isinstance(constructor, Function):
        run.call_user(constructor, arguments, node, made)
    else:
        _set_up(run, made, arguments)
    return made


def _apply(run: Interpreter, layer: Instance, arguments: Arguments, node: ast.Call) -> Value:
    """A layer, model, loss or other object that is called."""
    if isinstance(layer.cls, Class):
        for name in ("call", "__call__"):
            method = layer.cls.lookup(name)
            if isinstance(method, Function):
                return _apply_user(run, layer, method, arguments, node, name == "call")
    base = layer.api
    if base is None:
        return UNKNOWN
    kind = kind_of(base.path)
    if kind is Kind.OBJECT:
        return Result(base.path, layer, arguments, node)
    if kind in (Kind.OPTIMIZER, Kind.CALLBACK):
        return UNKNOWN
    symbolic = _applied_symbolically(run, layer, arguments, kind, node)
    outputs = layer.attributes.get("outputs")
    return _outputs(run, layer, outputs, symbolic, arguments, node)


def _applied_symbolically(
    run: Interpreter, layer: Instance, arguments: Arguments, kind: Kind, node: ast.Call
) -> bool:
    values = arguments.all()
    if any(holds_symbolic(value) for value in values):
        return True
    if run.real or kind is not Kind.LAYER or any(holds_tensor(value) for value in values):
        return False
    # A layer made and called at once, outside of `call`, is the functional style, whatever it is given.
    return layer.call is node.func or any(value is UNKNOWN for value in values)


def _outputs(
    run: Interpreter,
    layer: Instance,
    known: Value | None,
    symbolic: bool,
    arguments: Arguments,
    node: ast.Call,
) -> Value:
    parents = tuple(arguments.all())
    here = run.current_function()
    if isinstance(known, Seq) and len(known.items) > 1 and known.rest is None:
        made = [
            Tensor(symbolic, node, run.module, layer, parents, index, here)
            for index in range(len(known.items))
        ]
        return Seq(list(made), "list")
    return Tensor(symbolic, node, run.module, layer, parents, None, here)


def _apply_user(
    run: Interpreter, layer: Instance, method: Function, arguments: Arguments, node: ast.Call, is_layer: bool
) -> Value:
    values = arguments.all()
    if not is_layer or layer.api is None:
        return run.call_user(method, arguments, node, layer)
    _build(run, layer)
    symbolic = any(holds_symbolic(value) for value in values)
    real = Arguments(
        [_real(value) for value in arguments.positional],
        {name: _real(value) for name, value in arguments.keywords.items()},
        arguments.complete,
    )
    run.real += 1
    try:
        result = run.call_user(method, real, node, layer)
    finally:
        run.real -= 1
    if isinstance(result, Seq) and result.rest is None:
        return _outputs(run, layer, result, symbolic, arguments, node)
    return Tensor(symbolic, node, run.module, layer, tuple(values), None, run.current_function())


def _build(run: Interpreter, layer: Instance) -> None:
    """Runs the user's `build`, as Keras does before the first `call`."""
    method = layer.cls.lookup("build") if isinstance(layer.cls, Class) else None
    if isinstance(method, Function) and "<built>" not in layer.attributes:
        layer.attributes["<built>"] = Const(None)
        run.call_user(method, Arguments(complete=False), None, layer)


def _real(value: Value, depth: int = 6) -> Value:
    """The tensors of an argument as `call` gets them: not symbolic. A dict may hold itself, hence the limit."""
    if isinstance(value, Tensor) and value.symbolic:
        return Tensor(False, value.node, value.module, None, (value,))
    if not depth:
        return value
    if isinstance(value, Seq):
        items = [_real(item, depth - 1) for item in value.items]
        return Seq(items, value.kind, value.rest and _real(value.rest, depth - 1))
    if isinstance(value, Mapping):
        members = {key: _real(item, depth - 1) for key, item in value.items.items()}
        return Mapping(members, value.rest and _real(value.rest, depth - 1))
    if isinstance(value, Choice):
        return join_all(_real(option, depth - 1) for option in value.options)
    return value


# -- methods -------------------------------------------------------------------------------------------------


def _call_method(run: Interpreter, method: Method, arguments: Arguments, node: ast.Call) -> Value:
    owner = method.owner
    if isinstance(owner, Instance):
        run.note_event(owner, method.name, node, arguments)
    if method.function is not None:
        return run.call_user(method.function, arguments, node, owner)
    if isinstance(owner, Instance):
        return _call_library_method(run, owner, method.name, arguments, node)
    if isinstance(owner, Seq):
        return _call_list_method(owner, method.name, arguments)
    if isinstance(owner, Mapping):
        return _call_dict_method(owner, method.name, arguments)
    if isinstance(owner, Tensor):
        return (
            Tensor(owner.symbolic, node, run.module, None, (owner,))
            if method.name != "get_shape"
            else Result("Tensor.shape", owner, arguments, node)
        )
    return UNKNOWN


def _call_library_method(
    run: Interpreter, owner: Instance, name: str, arguments: Arguments, node: ast.Call
) -> Value:
    base = owner.api
    if base is None:
        return UNKNOWN
    kind = kind_of(base.path)
    if name == "super.__init__":
        _set_up(run, owner, arguments)
        return Const(None)
    if name == "add" and kind is Kind.SEQUENTIAL and arguments.positional:
        owner.children.append(arguments.positional[0])
        return Const(None)
    if name == "compile":
        _call_losses(run, arguments)
        return Const(None)
    if name == "get_layer" and kind in _MODELS:
        return _layer_called(run, owner, arguments)
    if name in ("call", "__call__"):
        return _apply(run, owner, arguments, node)
    _call_back(run, arguments)
    return Result(f"{kind}.{name}", owner, arguments, node)


def _layer_called(run: Interpreter, owner: Instance, arguments: Arguments) -> Value:
    wanted = constant(arguments.get(0, "name"))
    for child in owner.children:
        if (
            isinstance(child, Instance)
            and constant(child.arguments.keywords.get("name")) == wanted is not None
        ):
            return child
    return part_of(run, some_layer(run, owner))


def _call_losses(run: Interpreter, arguments: Arguments) -> None:
    for value in arguments.all():
        for function, owner in callables_in(value):
            run_on_tensors(run, function, owner)


def functions_in(value: Value) -> list[Function]:
    """The user's functions that a value is, or holds in a list or dict."""
    return [function for function, owner in callables_in(value) if owner is None]


def callables_in(value: Value, depth: int = 2) -> list[tuple[Function, Value | None]]:
    """The user's functions and methods that a value is, or holds in a list or dict, with the owners of methods."""
    found: list[tuple[Function, Value | None]] = []
    for option in options(value):
        if isinstance(option, Function):
            found.append((option, None))
        elif isinstance(option, Method) and option.function is not None:
            static = not option.function.owner or is_static(option.function)
            found.append((option.function, None if static else option.owner))
        elif isinstance(option, Seq) and depth:
            for item in option.items:
                found += callables_in(item, depth - 1)
        elif isinstance(option, Mapping) and depth:
            for item in option.items.values():
                found += callables_in(item, depth - 1)
    return found


def _call_list_method(owner: Seq, name: str, arguments: Arguments) -> Value:
    if name in ("append", "add", "insert") and arguments.positional:
        value = arguments.positional[-1]
        owner.rest = value if owner.rest is None else join_all((owner.rest, value))
    elif name == "extend" and arguments.positional:
        for option in options(arguments.positional[0]):
            more = option.element() if isinstance(option, Seq) else UNKNOWN
            owner.rest = more if owner.rest is None else join_all((owner.rest, more))
    elif name in ("pop", "__getitem__"):
        return owner.element()
    elif name == "copy":
        return Seq(list(owner.items), owner.kind, owner.rest)
    return UNKNOWN


def _call_dict_method(owner: Mapping, name: str, arguments: Arguments) -> Value:
    values = [*owner.items.values(), *([owner.rest] if owner.rest is not None else [])]
    if name in ("get", "pop", "setdefault"):
        key = arguments.get(0)
        if isinstance(key, Const) and key.value in owner.items:
            return owner.items[key.value]
        return join_all([*values, *arguments.positional[1:2]])
    if name == "values":
        return Seq(values, "list")
    if name == "items":
        return Seq([], "list", Seq([UNKNOWN, join_all(values)]))
    if name == "update" and arguments.positional and isinstance(arguments.positional[0], Mapping):
        owner.items.update(arguments.positional[0].items)
    return UNKNOWN


# -- builtins ------------------------------------------------------------------------------------------------


def _builtin(run: Interpreter, name: str, arguments: Arguments, node: ast.Call) -> Value:
    from keras_upgrade.analysis.expressions import element_of, operate  # noqa: PLC0415  # they import each other

    given = arguments.positional
    if name == "super":
        return _super(run, given)
    if name == "zip":
        return Seq([], "iterator", Seq([element_of(run, value, node) for value in given]), call=node)
    if name == "enumerate" and given:
        return Seq([], "iterator", Seq([UNKNOWN, element_of(run, given[0], node)]), call=node)
    if name in ("list", "tuple", "sorted", "reversed", "set") and given:
        first = given[0]
        if isinstance(first, Seq) and name != "reversed":
            return Seq(list(first.items), "tuple" if name == "tuple" else "list", first.rest)
        return Seq([], "list", element_of(run, first, node))
    if name == "dict":
        return _dict(given, arguments.keywords)
    if name == "map" and len(given) > 1:
        element = Arguments([element_of(run, value, node) for value in given[1:]])
        return Seq([], "iterator", run.call(given[0], element, node), call=node)
    if name in ("sum", "max", "min", "abs", "round") and given:
        return operate(run, node, element_of(run, given[0], node) if name != "abs" else given[0])
    if name == "next" and given:
        return element_of(run, given[0], node)
    if name == "getattr" and len(given) > 1:
        for item in instances(given[0]):
            member = constant(given[1])
            if isinstance(member, str) and member in item.attributes:
                return item.attributes[member]
    return Result(f"builtins.{name}", None, arguments, node)


def _dict(given: list[Value], keywords: dict[str, Value]) -> Mapping:
    """What `dict` makes of keywords, another dict, or of pairs."""
    first = given[0] if given else None
    made = Mapping({}, None if first is None else UNKNOWN)
    if isinstance(first, Mapping):
        made = Mapping(dict(first.items), first.rest)
    elif isinstance(first, Seq):
        pairs = [pair.items for pair in first.items if isinstance(pair, Seq) and len(pair.items) == 2]
        if len(pairs) == len(first.items):
            rest = first.rest.items if isinstance(first.rest, Seq) and len(first.rest.items) == 2 else None
            made.rest = rest[1] if rest is not None else None if first.rest is None else UNKNOWN
            for key, value in pairs:
                if isinstance(key, Const):
                    made.items[key.value] = value
                else:
                    made.rest = value if made.rest is None else join_all((made.rest, value))
    made.items.update(keywords)
    return made


def _super(run: Interpreter, given: list[Value]) -> Value:
    if given and isinstance(given[0], Class) and len(given) > 1:
        return Super(given[0], given[1])
    for function, frame in reversed(run.stack):
        if function.owner is not None:
            names = function.node.args
            first = next(iter((*names.posonlyargs, *names.args)), None)
            if first is not None:
                return Super(function.owner, frame.names.get(first.arg, UNKNOWN))
    return UNKNOWN
