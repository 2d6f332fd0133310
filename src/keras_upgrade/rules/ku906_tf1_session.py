"""KU906 tf1-session: sessions, graphs and their settings

Programs of the time of TensorFlow 1 make a session, to say how much memory of the GPU it may take, hand it to Keras,
run initializers in it and open it (or a graph) around what they do; some put TensorFlow 2 back into that mode. Keras 3
computes at once: there is no session, no graph and no global learning phase.

**Since** TensorFlow 2.0 (sessions); Keras 3.0 (`set_session`, `set_learning_phase`, graph mode).

**Error**

    AttributeError: module 'tensorflow' has no attribute 'Session'
    AttributeError: module 'keras.backend' has no attribute 'set_session'
    AttributeError: module 'keras.backend' has no attribute 'set_learning_phase'
    RuntimeError: `tf.data.Dataset` only supports Python-style iteration in eager mode or within tf.function.

**Fix.** What only served the session goes, with its variables; settings become those of `tf.config`; the body of a
`with session.as_default():` or `with graph.as_default():` stays. A limit by a share of the memory
(`per_process_gpu_memory_fraction`) becomes memory growth. `disable_eager_execution()` goes where nothing is left that
needs a graph.

**Not fixed.** `session.run(...)` of tensors that KU910 cannot make a function of, savers: what they compute has to be
written in another way. There the session and its settings stay as they are.

```python before
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

config = tf.ConfigProto(allow_soft_placement=True)
config.gpu_options.allow_growth = True  # take memory as it is needed
sess = tf.Session(config=config)
K.set_session(sess)
K.set_learning_phase(0)

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
sess.run(tf.global_variables_initializer())
graph = tf.get_default_graph()


def predict(x):
    with graph.as_default():
        # one row at a time
        return model.predict(x)[0]


result = predict(np.ones((1, 2)))
```

```python after
import numpy as np
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential

for gpu in tf.config.list_physical_devices('GPU'):
    tf.config.experimental.set_memory_growth(gpu, True)  # take memory as it is needed

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])


def predict(x):
    # one row at a time
    return model.predict(x)[0]


result = predict(np.ones((1, 2)))
```

```python unchanged
import keras
import tensorflow as tf

tf.config.set_soft_device_placement(True)
graph = tf.compat.v1.Graph()
with graph.as_default():
    x = tf.compat.v1.placeholder(tf.float32)
    y = x + 1.0
with tf.compat.v1.Session(graph=graph) as session:
    result = float(session.run(y, {x: 2.0}))
keras.backend.clear_session()
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Api, Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import tensorflow1
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.runs import written_runs
from keras_upgrade.rules.shared.sessions import MAKERS, SET_SESSION, Deed, Key, Kind, Place, Sessions, path_of
from keras_upgrade.rules.shared.tensorflow_code import (
    PREFIX,
    imports_for,
    is_for_both_versions,
    spelling,
    uses_keras,
)
from keras_upgrade.syntax.blocks import frozen_lines
from keras_upgrade.syntax.edits import indent, remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU906"
PHASE = NAMES
WORDS = {
    "ConfigProto",
    "GPUOptions",
    "Graph",
    "InteractiveSession",
    "Session",
    "_get_available_gpus",
    "disable_eager_execution",
    "disable_v2_behavior",
    "enable_eager_execution",
    "enable_v2_behavior",
    "get_default_graph",
    "get_default_session",
    "get_session",
    "global_variables",
    "global_variables_initializer",
    "initialize_all_variables",
    "initialize_local_variables",
    "local_variables_initializer",
    "manual_variable_initialization",
    "reset_default_graph",
    "set_learning_phase",
    "set_session",
    "tables_initializer",
    "variables_initializer",
}
ERRORS = (
    r"module 'tensorflow[\w.]*' has no attribute '(?P<name>Session|InteractiveSession|ConfigProto|GPUOptions"
    r"|get_default_graph|get_default_session|reset_default_graph|global_variables_initializer)'",
    r"has no attribute '(set_session|get_session|set_learning_phase|manual_variable_initialization)'",
    r"`tf\.data\.Dataset` only supports Python-style iteration in eager mode",
)
_SUBJECT = "sessions"

_GRAPH_MODE = frozenset({"tensorflow.disable_eager_execution", "tensorflow.disable_v2_behavior"})
_EAGER_MODE = frozenset({"tensorflow.enable_eager_execution", "tensorflow.enable_v2_behavior"})
_RESET = "tensorflow.reset_default_graph"
_CLEAR = frozenset({"keras.backend.clear_session", "keras.utils.clear_session"})
_VARIABLES_BY_HAND = "keras.backend.manual_variable_initialization"
_SET_PHASE = "keras.backend.set_learning_phase"
_BACKEND = frozenset({"keras.backend.get_session", SET_SESSION, _SET_PHASE, _VARIABLES_BY_HAND})
_DEVICES = "keras.backend._get_available_gpus"
_NEEDS_GRAPH = (
    *(f"tensorflow.{name}" for name in sorted(tensorflow1.GRAPH)),
    "tensorflow.gradients",
    "tensorflow.layers",
)
"""What TensorFlow still runs in a graph. Functions of the backend that did are gone, in a graph or not."""
_RUNS_GRAPH = (
    *_NEEDS_GRAPH,
    *(f"keras.backend.{name}" for name in ("function", "get_session", "gradients", "placeholder")),
)
_NEEDS_PHASE = ("keras.backend.function", "keras.backend.learning_phase", "keras.backend.gradients")

_NO_LIMIT = (
    "memory growth does instead of a share of the memory (a limit, in MB, is `tf.config.set_logical_device_configuration"
    "(gpu, [tf.config.LogicalDeviceConfiguration(memory_limit=...)])`)"
)
_NO_SESSION = "there are no sessions: tensors have values at once."
_NO_GRAPH = "Keras 3 needs eager execution: rewrite what needs a graph (sessions, placeholders, gradients), then delete this line."
_TRAINED = (
    "training may drop units, and a `BatchNormalization` that is not frozen use the statistics of the batch"
)
_PREDICTED = "predictions are to be made without dropout; for those with it: `model(x, training=True)`"


def check(context: Context) -> Iterator[Finding]:
    """Sessions with their settings, and switches of TensorFlow 1."""
    if not uses_keras(context):
        return
    yield from _switches(context)
    sessions = Sessions.of(context)
    for places in _components(sessions):
        if any(is_for_both_versions(context, place.node) for place in places) or not any(
            _is_broken(context, place) for place in places
        ):
            continue
        removal = _Removal(context, sessions, places)
        if removal.is_possible():
            yield removal.finding()
        else:
            yield from _advice(context, places, removal.settings)


# -- what belongs together -----------------------------------------------------------------------------------


def _components(sessions: Sessions) -> list[list[Place]]:
    """The places that share variables or statements."""
    groups: list[tuple[set[object], list[Place]]] = []
    for place in sorted(sessions.places, key=lambda place: (place.node.lineno, place.node.col_offset)):
        marks: set[object] = {*place.keys, place.statement}
        joined = [group for group in groups if group[0] & marks]
        groups = [group for group in groups if not group[0] & marks]
        groups.append(
            (marks.union(*(group[0] for group in joined)), [*(p for g in joined for p in g[1]), place])
        )
    return [places for _, places in groups]


def _is_broken(context: Context, place: Place) -> bool:
    """Whether something in the statement is not there any more, or cannot be done in a graph."""
    is_with = isinstance(place.statement, (ast.With, ast.AsyncWith))
    for node in walk(place.node if is_with else place.statement):
        if isinstance(node, (ast.Name, ast.Attribute)):
            for api in context.module.apis(node):
                path = path_of(api)
                if path == SET_SESSION or (path in MAKERS and _is_gone(api)):
                    return True
    return is_with and place.kind is Kind.GRAPH and _holds_keras(context, place.statement)


def _is_gone(api: Api) -> bool:
    name = api.path.removeprefix(PREFIX)
    return api.path.startswith("keras.") or (api.package == "tensorflow" and tensorflow1.is_gone(name))


def _holds_keras(context: Context, statement: ast.stmt) -> bool:
    """Whether something of Keras is made or used in a statement."""
    for node in walk(statement):
        if isinstance(node, (ast.Name, ast.Attribute)):
            for option in options(context.value(node)):
                api = option.api if isinstance(option, Instance) else option
                if isinstance(api, Api) and api.path.startswith("keras."):
                    return True
    return False


# -- settings ------------------------------------------------------------------------------------------------


@dataclass
class _Settings:
    """Statements that say to TensorFlow 2 what a `ConfigProto` said, and what they rest on."""

    context: Context
    node: ast.expr
    assumptions: set[str] = field(default_factory=set)
    grown: bool = False
    unknown: list[tuple[str, ast.expr]] = field(default_factory=list)

    def lines(self, path: str, value: ast.expr) -> list[str]:
        """The new statements for one setting; none for what is so anyway."""
        text = self._line(path, value)
        if text is None:
            self.unknown.append((path, value))
        return [text] if text else []

    def _line(self, path: str, value: ast.expr) -> str | None:
        tf = spelling(self.context, self.node)("tensorflow.").rstrip(".")
        text = self.context.source.segment(value)
        literal = value.value if isinstance(value, ast.Constant) else None
        name = path.removeprefix("gpu_options.")
        if name == "per_process_gpu_memory_fraction":
            self.assumptions.add(_NO_LIMIT)
            return self._growth(tf, "True")
        if name == "allow_growth":
            return "" if literal is False else self._growth(tf, text)
        if name == "visible_device_list" and isinstance(literal, str) and literal.isdigit():
            devices = f"{tf}.config.list_physical_devices('GPU')[{literal}:{int(literal) + 1}]"
            return f"{tf}.config.set_visible_devices({devices}, 'GPU')"
        if path == "device_count" and isinstance(value, ast.Dict):
            return self._devices(tf, value)
        if path == "graph_options.optimizer_options.global_jit_level":
            return f"{tf}.config.optimizer.set_jit(True)" if re.search(r"\bON_[12]$", text) else None
        known = {
            "allow_soft_placement": ("config.set_soft_device_placement", True),
            "log_device_placement": ("debugging.set_log_device_placement", False),
            "intra_op_parallelism_threads": ("config.threading.set_intra_op_parallelism_threads", 0),
            "inter_op_parallelism_threads": ("config.threading.set_inter_op_parallelism_threads", 0),
            "allocator_type": ("", "BFC"),
        }.get(name)
        if known is None:
            return None
        function, default = known
        if literal == default and literal is not None:
            return ""
        return f"{tf}.{function}({text})" if function else None

    def _growth(self, tf: str, value: str) -> str:
        if self.grown:
            return ""
        self.grown = True
        taken = self.context.module.names()
        gpu = "gpu" if "gpu" not in taken else "device"
        return (
            f"for {gpu} in {tf}.config.list_physical_devices('GPU'):\n"
            f"    {tf}.config.experimental.set_memory_growth({gpu}, {value})"
        )

    def _devices(self, tf: str, value: ast.Dict) -> str | None:
        found = ""
        for key, count in zip(value.keys, value.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) else None
            if name not in ("GPU", "gpu", "CPU", "cpu"):
                return None
            if name in ("CPU", "cpu"):
                continue  # how many virtual devices the processor is taken for
            hide = f"{tf}.config.set_visible_devices([], 'GPU')"
            if isinstance(count, ast.Constant):
                found = "" if count.value else hide
            elif isinstance(count, ast.Name):
                found = f"if not {count.id}:\n    {hide}"
            else:
                return None
        return found


# -- taking it out -------------------------------------------------------------------------------------------


class _Removal:
    """The edits that take sessions out with all that belongs to them."""

    def __init__(self, context: Context, sessions: Sessions, places: list[Place]) -> None:
        self.context = context
        self.module = context.module
        self.source = context.source
        self.sessions = sessions
        self.places = places
        self.settings = _Settings(context, places[0].node)
        self.keys: set[Key] = {key for place in places for key in place.keys}
        self.texts: dict[ast.stmt, str] = {}

    def is_possible(self) -> bool:
        """Whether nothing else is done with the objects; finds the new text of each statement on the way."""
        if any(place.deed is Deed.LEFT for place in self.places):
            return False
        if any(self._is_used_elsewhere(key) for key in self.keys):
            return False
        for place in self.places:
            if place.statement not in self.texts:
                self.texts[place.statement] = self._text(place.statement)
        for assign in self.module.nodes(ast.Assign):
            if len(assign.targets) == 1 and self.sessions.key(assign.targets[0]) in self.keys:
                self.texts.setdefault(assign, "")  # `session = None`
        self._find_globals()
        return not self.settings.unknown

    def _find_globals(self) -> None:
        names = {name for kind, owner, name in self.keys if kind == "name" and owner is None}
        for statement in self.module.nodes(ast.Global):
            kept = [name for name in statement.names if name not in names]
            if len(kept) < len(statement.names):
                self.texts[statement] = f"global {', '.join(kept)}" if kept else ""

    def _is_used_elsewhere(self, key: Key) -> bool:
        kind, _, name = key
        for module in self.context.program:
            if module is not self.module and _mentions(module, name):
                return True
        if kind == "attribute":
            return any(
                node.attr == name and isinstance(node.ctx, ast.Load) and self.sessions.kind(node) is None
                for node in self.module.nodes(ast.Attribute)
            )
        if kind == "function":
            return any(node.id == name and not self._is_called(node) for node in self.module.nodes(ast.Name))
        return False

    def _is_called(self, node: ast.Name) -> bool:
        call = self.module.parent(node)
        return isinstance(call, ast.Call) and call.func is node

    def _text(self, statement: ast.stmt) -> str:
        """What stands in the place of a statement, or in front of the body of a `with`."""
        lines: list[str] = []
        for place in self.places:
            if place.statement is not statement:
                continue
            if place.deed is Deed.SET:
                assert isinstance(statement, ast.Assign)
                lines += self.settings.lines(_path(statement.targets[0], place.node), statement.value)
            elif place.deed is Deed.CALLED:
                lines.append(self.source.segment(place.node))
            for path, value in _given(place.node, self.module):
                lines += self.settings.lines(path, value)
        return "\n".join(lines)

    def finding(self) -> Finding:
        """The finding with all edits."""
        first = min(self.texts, key=lambda statement: statement.lineno)
        edits = self._edits()
        return Finding(
            CODE,
            self.context.span(self.places[0].node),
            "TensorFlow 2 computes at once: there are no sessions",
            Fix(
                edits,
                self._change(first),
                Safety.REVIEW if self.settings.assumptions else Safety.SAFE,
                imports_for(self.context, *(text for text in self.texts.values() if text)),
            ),
            subject=_SUBJECT,
            assumption="; ".join(sorted(self.settings.assumptions)),
        )

    def _change(self, first: ast.stmt) -> str:
        written = [
            match[1]
            for text in self.texts.values()
            for match in re.finditer(r"([\w.]+\.(?:set_\w+))\(", text)
        ]
        settings = ", ".join(f"`{name}`" for name in dict.fromkeys(written))
        line = self.source.segment(first).split("\n")[0].rstrip(":")
        others = len(self.texts) - 1
        more = f" and {others} more line{'s' * (others > 1)} for the session" if others else ""
        return f"Removed `{line}`{more}" + (f"; settings by {settings}" if settings else "")

    # -- edits -----------------------------------------------------------------------------------------------

    def _edits(self) -> list[Edit]:
        edits: list[Edit] = []
        withs = [statement for statement in self.texts if isinstance(statement, (ast.With, ast.AsyncWith))]
        gone = self._all_gone(withs)
        for statement, text in self.texts.items():
            if any(outer in gone for outer in self.module.ancestors(statement)):
                continue
            if statement in withs and statement not in gone:
                edits.append(self._header(statement, text))
            elif text:
                start = self.source.start(statement)
                inner = indent(text, self.source.indentation(statement)).lstrip()
                edits.append(Edit(start, self.source.end(statement), inner))
            else:
                edits.append(self._remove(statement))
        edits = _merged(edits)
        return edits + self._dedents([w for w in withs if w not in gone], edits)

    def _all_gone(self, withs: Iterable[ast.stmt]) -> set[ast.stmt]:
        """The `with` statements of whose body nothing is left, and that set nothing."""
        gone: set[ast.stmt] = set()
        for statement in sorted(withs, key=lambda statement: -statement.lineno):
            assert isinstance(statement, (ast.With, ast.AsyncWith))
            if not self.texts[statement] and all(
                item in gone
                or (item in self.texts and not self.texts[item] and not isinstance(item, ast.With))
                for item in statement.body
            ):
                gone.add(statement)
        return gone

    def _remove(self, statement: ast.stmt) -> Edit:
        block = self.module.body_of(statement)
        removed = [other for other in block if not self.texts.get(other, "kept")]
        outer = self.module.parent(statement)
        is_kept = isinstance(outer, ast.Module) or outer in self.texts
        sole = not is_kept and len(removed) == len(block) and statement is block[-1]
        limit = self.module.document.span_of(self.module.cell_of(statement))
        return remove_statement(
            self.source, statement, sole=sole, limit=limit, start=self._start_of_run(statement, removed)
        )

    def _start_of_run(self, statement: ast.stmt, removed: list[ast.stmt]) -> int:
        """The start of the line of the first of the removed statements that stand right before this one."""
        block = self.module.body_of(statement)
        first = statement
        for other in reversed(block[: block.index(statement)]):
            apart = self.source.line_of(self.source.start(first)) - self.source.line_of(
                self.source.end(other)
            )
            if other not in removed or apart != 1:
                break
            first = other
        return self.source.line_start(self.source.start(first))

    def _header(self, statement: ast.stmt, text: str) -> Edit:
        """Takes the line of a `with` away, up to its body with the comments before it."""
        assert isinstance(statement, (ast.With, ast.AsyncWith))
        start, first = self.source.start(statement), self.source.start(statement.body[0])
        own = self.source.indentation(statement)
        head = indent(text, own).lstrip() + "\n" if text else ""
        if self.source.line_of(first) == self.source.line_of(start):
            return Edit(start, first, f"{head}{own}" if head else "")
        header_end = max(self.source.end(item.optional_vars or item.context_expr) for item in statement.items)
        begin = self.source.line_end(self.source.text.index(":", header_end))
        return Edit(self.source.line_start(start), begin, f"{own}{head}" if head else "")

    def _dedents(self, withs: Iterable[ast.stmt], edits: Iterable[Edit]) -> list[Edit]:
        """Moves the bodies to the left, but for lines that go, or that begin within a string."""
        shifts: dict[int, int] = {}
        for statement in withs:
            assert isinstance(statement, (ast.With, ast.AsyncWith))
            body, text = statement.body, self.source.text
            if self.source.line_of(self.source.start(body[0])) == statement.lineno:
                continue
            by = len(self.source.indentation(body[0])) - len(self.source.indentation(statement))
            frozen = frozen_lines(body)
            header = self._header(statement, "").end
            position = header
            while position < self.source.end(body[-1]):
                if (
                    self.source.line_of(position) not in frozen
                    and text[position : self.source.line_end(position)].strip()
                ):
                    shifts[position] = shifts.get(position, 0) + by
                position = self.source.line_end(position)
        taken = [(edit.start, edit.end) for edit in edits]
        result = []
        for position, by in shifts.items():
            line = self.source.text[position : self.source.line_end(position)]
            width = min(by, len(line) - len(line.lstrip(" \t")))
            if width and not any(start <= position < end for start, end in taken):
                result.append(Edit(position, position + width, ""))
        return result


def _merged(edits: Iterable[Edit]) -> list[Edit]:
    """Removals that share the end of a line become one."""
    result: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if result and not edit.text and not result[-1].text and edit.start < result[-1].end:
            result[-1] = Edit(result[-1].start, max(edit.end, result[-1].end), "")
        else:
            result.append(edit)
    return result


def _mentions(module: Module, name: str) -> bool:
    return any(alias.name == name for alias in module.nodes(ast.alias)) or any(
        node.attr == name for node in module.nodes(ast.Attribute)
    )


def _path(target: ast.expr, base: ast.expr) -> str:
    """`gpu_options.allow_growth` of the target `config.gpu_options.allow_growth`."""
    parts: list[str] = []
    while isinstance(target, ast.Attribute) and target is not base:
        parts.append(target.attr)
        target = target.value
    return ".".join(reversed(parts))


def _given(node: ast.expr, module: Module) -> Iterator[tuple[str, ast.expr]]:
    """The settings among the arguments of the constructors in an expression."""
    for call in walk(node):
        if not isinstance(call, ast.Call):
            continue
        api = module.api(call.func)
        kind = MAKERS.get(api.path) if api is not None else None
        if kind in (Kind.CONFIG, Kind.GPU_OPTIONS):
            for keyword in call.keywords:
                name = keyword.arg or "**"
                if name not in ("gpu_options", "target"):
                    yield name, keyword.value
        if kind in (Kind.CONFIG, Kind.GPU_OPTIONS, Kind.SESSION):
            for argument in call.args:
                yield "target", argument
            for keyword in call.keywords:
                if keyword.arg == "target":
                    yield "target", keyword.value


# -- advices -------------------------------------------------------------------------------------------------


def _advice(context: Context, places: list[Place], settings: _Settings) -> Iterator[Finding]:
    """What to do where a session is really used, or has settings that are not known here."""
    for path, value in settings.unknown:
        yield Finding(
            CODE,
            context.span(value),
            f"`{path}`: look for this setting in `tf.config`; then what is left of the session can go.",
            subject=_SUBJECT,
        )
    for place in places:
        call = context.module.parent(context.module.parent(place.node) or place.node)
        if (
            place.deed is Deed.LEFT
            and isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.value is place.node
            and call.func.attr == "run"
        ):
            text, (_, reason) = context.source.segment(call.func), written_runs(context)
            yield Finding(
                CODE,
                context.span(call.func),
                f"`{text}`: there is no session; tensors have values at once (`tensor.numpy()`), and what a model "
                "computes for given inputs is `model.predict(inputs)`, or `keras.Model(inputs, outputs)` of its tensors"
                + (f" (not done: {reason})" if reason else "."),
                subject=_SUBJECT,
            )
    calls = {
        node: None
        for place in places
        for node in (*walk(place.node), getattr(place.statement, "value", None))
        if isinstance(node, ast.Call)
    }
    for call in calls:
        api = context.module.api(call.func)
        if api is not None and (path_of(api) == SET_SESSION or (path_of(api) in MAKERS and _is_gone(api))):
            name = api.path.removeprefix(PREFIX)
            todo = tensorflow1.advice(name) if api.path.startswith(PREFIX) else _NO_SESSION
            yield Finding(
                CODE,
                context.span(call.func),
                f"`{context.source.segment(call.func)}`: {todo}",
                subject=_SUBJECT,
            )


# -- switches ------------------------------------------------------------------------------------------------


def _switches(context: Context) -> Iterator[Finding]:
    """Statements that switch something that there is no more."""
    for call, callee in context.calls():
        statement = context.module.parent(call)
        if is_for_both_versions(context, call):
            continue
        if path_of(callee) == _DEVICES and not call.args:
            yield _devices(context, call)
        if not isinstance(statement, ast.Expr):
            continue
        path, gone = path_of(callee), callee.package == "tensorflow"
        if path in _GRAPH_MODE and _uses(context, _NEEDS_GRAPH):
            yield _switch(context, call, None, _NO_GRAPH)
        elif path in _GRAPH_MODE:
            yield _switch(context, call, statement, "Keras 3 needs eager execution")
        elif path in _EAGER_MODE and gone:
            yield _switch(context, call, statement, "TensorFlow 2 is eager from the start")
        elif path == _RESET and gone:
            yield _reset(context, call, statement)
        elif path == _VARIABLES_BY_HAND:
            yield _switch(context, call, statement, "variables have their values at once")
        elif path == _SET_PHASE and answers(context, call):
            yield _phase(context, call, statement)
        elif path == SET_SESSION and answers(context, call):
            if Sessions.of(context).kind(call.args[0]) is None:  # a parameter: it only was handed on
                yield _switch(context, call, statement, _NO_SESSION.rstrip("."))


def answers(context: Context, call: ast.Call) -> bool:
    """Whether a call of a function of the backend is answered here: that of a session, or a switch."""
    api = context.module.api(call.func)
    path = path_of(api) if api is not None else ""
    if path not in _BACKEND:
        return False
    statement = context.module.parent(call)
    if path == "keras.backend.get_session" or is_for_both_versions(context, call):
        return True
    if not isinstance(statement, ast.Expr):
        return False
    if path == _SET_PHASE:
        return not _uses(context, _NEEDS_PHASE)
    if path == SET_SESSION:
        given = call.args[0] if len(call.args) == 1 else None
        known = given is not None and Sessions.of(context).kind(given) is not None
        return known or (isinstance(given, ast.Name) and not _uses(context, _RUNS_GRAPH))
    return path == _VARIABLES_BY_HAND


def _switch(
    context: Context, call: ast.Call, gone: ast.stmt | None, message: str, assumption: str = ""
) -> Finding:
    text = context.source.segment(call)
    fix = None
    if gone is not None:
        safety = Safety.REVIEW if assumption else Safety.SAFE
        fix = Fix([_taken_out(context, gone)], f"Removed `{text}`", safety)
    return Finding(CODE, context.span(call.func), f"`{text}`: {message}", fix, _SUBJECT, assumption)


def _taken_out(context: Context, statement: ast.stmt) -> Edit:
    block = context.module.body_of(statement)
    limit = context.module.document.span_of(context.module.cell_of(statement))
    sole = len(block) == 1 and block is not context.module.tree.body
    return remove_statement(context.source, statement, sole=sole, limit=limit)


def _devices(context: Context, call: ast.Call) -> Finding:
    """`K.tensorflow_backend._get_available_gpus()`, a list of names."""
    new = spelling(context, call.func)("tensorflow.config.list_physical_devices('GPU')")
    text, span, outer = context.source.segment(call), context.span(call), context.module.parent(call)
    counted = (
        isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id in ("len", "bool")
    )
    message = f"`{text}` is gone"
    if not (counted or isinstance(outer, (ast.Expr, ast.If))):
        return Finding(CODE, span, f"{message}: `[gpu.name for gpu in {new}]` has the names.", None, _SUBJECT)
    edit = Edit(span.start, span.end, new)
    return Finding(
        CODE, span, message, Fix([edit], f"`{text}` → `{new}`", imports=imports_for(context, new)), _SUBJECT
    )


def _reset(context: Context, call: ast.Call, statement: ast.Expr) -> Finding:
    """`tf.reset_default_graph()`; of Keras only the names of layers go on counting."""
    block = context.module.body_of(statement)
    at = block.index(statement)
    for other in (*block[max(at - 1, 0) : at], *block[at + 1 : at + 2]):
        if isinstance(other, ast.Expr) and isinstance(other.value, ast.Call):
            api = context.module.api(other.value.func)
            if api is not None and api.path in _CLEAR:
                return _switch(context, call, statement, "there is no graph")
    new = context.spell("keras.utils.clear_session")
    span = context.span(call.func)
    return Finding(
        CODE,
        span,
        "TensorFlow 2 has no `tf.reset_default_graph`: there is no graph",
        Fix(
            [Edit(span.start, span.end, new)],
            f"`{context.source.segment(call.func)}` → `{new}`",
            imports=context.needed_imports,
        ),
        _SUBJECT,
    )


def _phase(context: Context, call: ast.Call, statement: ast.Expr) -> Finding:
    """`K.set_learning_phase(0)` as a statement: Keras 3 knows by the method called."""
    given = call.args[0] if call.args else call.keywords[0].value if call.keywords else None
    value = given.value if isinstance(given, ast.Constant) else None
    trains = any(
        isinstance(other.func, ast.Attribute) and other.func.attr.startswith(("fit", "train_on_batch"))
        for module in context.program
        for other in module.calls
    )
    off = isinstance(value, (bool, int)) and not value
    assumption = _PREDICTED if not off else _TRAINED if trains else ""
    return _switch(
        context,
        call,
        statement,
        "there is no global learning phase: `fit` trains, `predict` and `evaluate` do not",
        assumption,
    )


def _uses(context: Context, paths: Iterable[str]) -> bool:
    """Whether the program uses one of the names."""
    used: Mapping[str, bool] = context.program.once(
        "library names",
        lambda: {
            path_of(api): True
            for module in context.program
            for node in module.references
            for api in module.apis(node)
        },
    )
    return any(name == path or name.startswith(f"{path}.") for path in paths for name in used)
