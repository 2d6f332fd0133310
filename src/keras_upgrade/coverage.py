"""What becomes of each name of Keras and TensorFlow in a program: is anything left that nobody has spoken of?

The census says which names there are. A name is *fixed*, *to review* or *advised* when a finding is about it, *fine* when
Keras 3 and TensorFlow have it today, and else *unknown*: it may be gone, or never have been there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from keras_upgrade.analysis.census import census
from keras_upgrade.analysis.program import Module
from keras_upgrade.documents import Document
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Safety
from keras_upgrade.ignoring import ignored
from keras_upgrade.knowledge import members, moved, surface, today
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.names import UNCERTAIN, Name, Seen, State, Use
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass, replace

CODE = "KU000"
"""What `# keras-upgrade: ignore` takes an unknown name for."""
_RANK = {state: rank for rank, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a finding says of a name; `close` if it is about that place alone, else it may be about what is around it."""

    state: State
    close: bool


def cover(module: Module, findings: Sequence[Finding], unwanted: Sequence[Finding] = ()) -> list[Seen]:
    """What becomes of each name in a module.

    Args:
        module: the module.
        findings: what is found in it.
        unwanted: what is found, and the user does not want to hear of.
    """
    names = census(module, members.DISTINCTIVE)
    answers = _answers(names, [(finding, _state_of(finding)) for finding in findings])
    silenced = _answers(names, [(finding, State.IGNORED) for finding in unwanted])
    answers = {**silenced, **answers}
    stretches = ignored(module.document)
    brought: dict[str, State] = {}
    result = []
    for name in sorted(names, key=lambda name: name.use is not Use.IMPORT):
        answer, exists = answers.get(name), _exists(name)
        if answer is not None and (answer.close or exists is False):
            state = answer.state
        elif exists is None:
            continue  # a keyword of something whose keywords are not known
        elif exists:
            state = State.FINE
        elif any(stretch.takes(CODE, name.span.start) for stretch in stretches):
            state = State.IGNORED
        else:
            state = brought.get(name.bound, State.UNKNOWN) if name.bound else State.UNKNOWN
        if name.use is Use.IMPORT and not exists:
            brought[name.bound] = state
        result.append(Seen(name, state))
    result.sort(key=lambda seen: seen.name.span.ends)
    return [_by_its_uses(seen, result) if seen.state is State.UNKNOWN else seen for seen in result]


def _by_its_uses(import_: Seen, all_seen: Sequence[Seen]) -> Seen:
    """An import that no finding is about goes when all that used it is written in another way."""
    name = import_.name
    if name.use is not Use.IMPORT:
        return import_
    states = {s.state for s in all_seen if s.name.bound == name.bound and s.name.use is not Use.IMPORT}
    if not states or not states.isdisjoint((State.FINE, State.UNKNOWN)):
        return import_
    return Seen(name, max(states, key=_RANK.__getitem__))


def after_fixes(given: Sequence[Seen], last: Sequence[Seen]) -> list[Seen]:
    """What became of each name of a document that was migrated.

    Args:
        given: the names in it before, and what the findings said of them then.
        last: the names in it now. What is unknown there is unknown, whatever was said before.
    """
    left: dict[str, list[Seen]] = {}
    advised = set()
    for seen in last:
        if seen.state is State.UNKNOWN:
            left.setdefault(seen.name.label, []).append(replace(seen, now=True))
        elif seen.state is State.ADVISED:
            advised.add(seen.name.label)
    result = []
    for seen in sorted(given, key=lambda seen: seen.state is not State.UNKNOWN):
        here = left.get(seen.name.label)
        if here:
            result.append(here.pop(0))
        elif seen.state is State.UNKNOWN:
            answered = State.ADVISED if seen.name.label in advised else State.FIXED
            result.append(replace(seen, state=answered))
        else:
            result.append(seen)
    result += [seen for rest in left.values() for seen in rest]
    return sorted(result, key=lambda seen: seen.name.span.ends)


# -- what cannot be read -------------------------------------------------------------------------------------------

_IMPORT = pattern(
    r"^[ \t]*(?:from[ \t]+(?:tf_keras|keras|tensorflow)[\w.]*[ \t]+import[ \t]+(?P<names>[^\n#]+)"
    r"|import[ \t]+(?P<module>(?:tf_keras|keras|tensorflow)[\w.]*)(?:[ \t]+as[ \t]+(?P<alias>\w+))?)",
    re.MULTILINE,
)


_FROM = pattern(r"^[ \t]*from[ \t]+[\w.]+[ \t]+import\b", re.MULTILINE)


def unread(document: Document) -> int:
    """How many names of Keras and TensorFlow stand in cells that could not be read, as far as the text tells."""
    broken = [cell for cell in document.cells if cell.problem is not None]
    if not broken:
        return 0
    roots = {"keras", "tensorflow", "tf"}
    for match in _IMPORT.finditer(document.source):
        named = match["names"] or match["alias"] or ""
        roots.update(part.split()[-1].strip("()") for part in named.split(",") if part.split())
    words = "|".join(re.escape(root) for root in sorted(roots) if root.isidentifier())
    name = re.compile(rf"(?<![\w.])(?:{words})\b")
    return sum(len(name.findall(_FROM.sub("import", cell.source))) for cell in broken)


# -- what the findings say -----------------------------------------------------------------------------------------


type _Said = tuple[Finding, State]


def _answers(names: Sequence[Name], said: Sequence[_Said]) -> dict[Name, _Answer]:
    """What findings, each with the state that it gives to a name, say of the names, which are in the order of the text."""
    reaches = sorted(
        ((_reach(finding), (finding, state)) for finding, state in said), key=lambda item: item[0].ends
    )
    if not said:
        return {}
    result: dict[Name, _Answer] = {}
    active: list[tuple[Span, _Said]] = []
    pending = iter(reaches)
    following = next(pending, None)
    firsts = [min(name.span.start, name.around.start) for name in names]
    lowest = [*accumulate(reversed(firsts), min)][::-1]
    for name, first, low in zip(names, firsts, lowest, strict=True):
        while following is not None and following[0].start < name.span.end:
            active.append(following)
            following = next(pending, None)
        active = [item for item in active if item[0].end > low]  # no later name begins before that
        for reach, (finding, state) in active:
            if reach.end > first:
                _take(result, name, finding, state)
    return result


def _reach(finding: Finding) -> Span:
    """From the first to the last character that a finding is about."""
    edits = finding.fix.edits if finding.fix is not None else ()
    spans = [finding.span, *(Span(edit.start, edit.end) for edit in edits)]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _take(result: dict[Name, _Answer], name: Name, finding: Finding, state: State) -> None:
    close = _is_close(name, finding)
    if not close and not _is_near(name, finding):
        return
    known = result.get(name)
    if known is None or (close, _RANK[state]) > (known.close, _RANK[known.state]):
        result[name] = _Answer(state, close)


def _state_of(finding: Finding) -> State:
    if finding.fix is None:
        return State.ADVISED
    return State.REVIEW if finding.fix.safety is Safety.REVIEW else State.FIXED


def _is_close(name: Name, finding: Finding) -> bool:
    """Whether a finding is about a name: it stands there, or changes just that."""
    edits = finding.fix.edits if finding.fix is not None else ()
    if name.use is Use.IMPORT:
        inside = _is_inside(finding.span, name.around)
        touched = any(_overlap(edit, name.span) or _overlap(edit, name.whole) for edit in edits)
        return _is_inside(finding.span, name.span) or (
            inside and (touched if edits else _mentions(finding, name))
        )
    if finding.span in (name.span, name.whole) or _is_inside(finding.span, name.span):
        return True
    return any(_overlap(edit, name.span) and _is_inside(edit, name.around) for edit in edits)


def _is_near(name: Name, finding: Finding) -> bool:
    """Whether a finding that is about more than a name is about that too: it names it, or takes it away."""
    edits = finding.fix.edits if finding.fix is not None else ()
    if finding.span == name.around:
        return True
    if _overlap(finding.span, name.span) and _mentions(finding, name):
        return True
    word = re.compile(rf"\b{re.escape(name.word)}\b")
    return any(_is_inside(name.span, edit) and word.search(edit.text) is None for edit in edits)


def _mentions(finding: Finding, name: Name) -> bool:
    change = finding.fix.change if finding.fix is not None else ""
    return re.search(rf"\b{re.escape(name.word)}\b", f"{finding.message} {change}") is not None


def _overlap(one: Span | Edit, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_inside(inner: Span | Edit, outer: Span | Edit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


# -- what the tables say -------------------------------------------------------------------------------------------


def _exists(name: Name) -> bool | None:
    """Whether Keras 3 or TensorFlow has a name; None where nobody can tell and it does not matter."""
    if name.use is Use.KEYWORD:
        return _takes(name.path, name.word)
    if name.use is Use.MEMBER:
        return _has_member(name.path.rpartition(".")[0], name.word, sure=name.sure)
    if not name.sure:
        return True
    path = name.path.removesuffix(".*")
    return today.is_there(path, name.package) or any(today.is_there(o.path, o.package) for o in name.others)


_CLASSES = {
    Kind.MODEL: "keras.Model",
    Kind.APPLICATION: "keras.Model",
    Kind.SEQUENTIAL: "keras.Sequential",
    Kind.LAYER: "keras.Layer",
    Kind.OPTIMIZER: "keras.Optimizer",
}


@cache
def _takes(path: str, keyword: str) -> bool | None:
    known = today.takes(_current(path), keyword)
    if known is not None:
        return known
    owner, _, method = path.rpartition(".")
    kind = kind_of(owner) if owner.count(".") else None
    return today.takes(f"{_CLASSES[kind]}.{method}", keyword) if kind in _CLASSES else None


@cache
def _has_member(owner: str, name: str, *, sure: bool) -> bool:
    """Whether an object has a member. A class derived from Keras's may have any: only what Keras 2 had is missed there."""
    if owner == UNCERTAIN:
        return False
    if today.has_member(_current(owner), name) is not False:
        return True
    return not sure and members.member(owner, name) is None


def _was_member(name: Name) -> bool:
    return (
        name.word in members.DISTINCTIVE
        or members.member(name.path.rpartition(".")[0], name.word) is not None
    )


@cache
def _current(path: str) -> str:
    """The path of today."""
    answer = moved.lookup(path)
    return path if answer is None or answer.new is None else answer.new.removeprefix("tensorflow.")


def note(name: Name) -> str:
    """What is known of a name that nobody has spoken of."""
    if name.use is Use.MEMBER:
        return "Keras 2 had it" if _was_member(name) else ""
    if name.use is Use.KEYWORD:
        return ""
    path = name.path.removesuffix(".*")
    answer = moved.lookup(path)
    if answer is not None and answer.new is not None and answer.new != path:
        return f"in Keras 3 it is `{answer.new}`"
    module, _, last = path.rpartition(".")
    if answer is not None or surface.is_module2(path) or last in surface.members2(module):
        return "Keras 2 had it"
    return ""
