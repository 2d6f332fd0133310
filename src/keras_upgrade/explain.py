"""Answers for error messages: which rule knows the error, and what mends it.

Takes one line, or a whole traceback as Python, IPython or pytest print it, with the exceptions chained in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_upgrade.knowledge import arguments, backend, messages, moved, surface, tensorflow1
from keras_upgrade.rules import Rule, all_rules, rule_of
from keras_upgrade.syntax.templates import parse_row

_CLEANUP = """\
KU100 unused-import: imports that the migration left without a use

No rule of its own: when the fixes have taken away the last use of an import, such as
`from keras import backend as K`, the import goes too. Imports that had no use before stay as they are."""

_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ERROR = re.compile(
    r"^[\s>E|]*(?P<type>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration))"
    r"(?P<rest>[ \t]*:.*|[ \t]+\(.*|[ \t]*)$"
)
_END = re.compile(
    r"^\s*(During handling of|The above exception|Traceback \(most recent|-{20,}|_{20,}|={20,})"
)
_CODE = re.compile(r"ku\d+", re.IGNORECASE)
_FRAME = re.compile(
    r"^[\s>|]*(?:File \"(?P<file>[^\"]+)\", line (?P<line>\d+)"
    r"|(?:Input |Cell )?(?P<cell>In ?\[\d+\])(?:,? line (?P<row>\d+)|, in | in )"
    r"|File (?P<path>[^\s\"]+?):(?P<number>\d+)"
    r"|(?P<old>\S+\.py|<ipython-input-\S+>) in )"
)
_ARROW = re.compile(r"^-+>\s*(?P<line>\d+)\s(?P<code>.*)")
_LIBRARY = re.compile(
    r"site-packages|dist-packages|[\\/](keras|tensorflow|tf_keras|lib[\\/]python[\d.]*)[\\/]|^<frozen"
)
_NAMES = (
    re.compile(r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'"),
    re.compile(
        r"cannot import name '(?P<name>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)'"
    ),
    re.compile(r"No module named '?(?P<module>[\w.]+)'?(?P<name>)"),
)
_ARGUMENT = (
    re.compile(r"(?P<owner>\w+)\.__init__\(\) got an unexpected keyword argument '(?P<name>\w+)'"),
    re.compile(r"Unrecognized keyword arguments passed to (?P<owner>\w+): \{'(?P<name>\w+)'"),
    re.compile(r"Argument\(s\) not recognized: \{'(?P<name>\w+)'(?P<owner>)"),
    # Keras's own class names the method; a function of Keras is as it is called.
    re.compile(
        r"\b\w*(?:Trainer|Model)\.(?P<method>\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"
    ),
    re.compile(r"(?<![.\w])(?P<function>[a-z]\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"),
)
_FUNCTION_HOMES = ("activations", "losses", "metrics", "utils", "models", "regularizers", "initializers")
_HOMES = ("layers", "optimizers", "models", "callbacks", "losses", "metrics", "initializers", "regularizers")
_TENSORFLOWS = re.compile(r"(?<=No module named ')tensorflow\.(?=keras\.)")
"""The package that a missing module is looked for in; it is the same as `keras`, which the rules speak of."""
_INNER = re.compile(r"^keras\.(?:_tf_keras\.keras|api\._v\d\.keras|api|src)(?=\.|$)")
_SIGNS = {
    "KU401": re.compile(r"\bLambda\b"),
    "KU501": re.compile(r"compute_loss|compile_utils|\bin \w*loss\b|\w*loss\(y_true|def \w*loss\("),
    "KU502": re.compile(r"add_loss"),
}
"""Words elsewhere in a traceback that speak for a rule."""
_OTHERS_SHOWN = 3
_UNKNOWN = (
    "`keras-upgrade check FILE` looks at the program itself. If Keras 3 broke it, please report the error."
)


@dataclass(frozen=True)
class Answer:
    """What there is to say about an error.

    Attributes:
        text: for the user.
        codes: the rules, best first; none if the error is not known.
        facts: what the tables say about the name that the error names.
        fix: what the page of the best rule says about its fix; or what to do, where no rule looks at the program.
        fixed: whether `keras-upgrade fix` mends what the best rule knows.
        sure: whether the best rule knows this very error; if not, it knows errors like it, about other names.
    """

    text: str
    codes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    fix: str = ""
    fixed: bool = False
    sure: bool = False

    @property
    def known(self) -> bool:
        """Whether a rule, or a table, knows the error."""
        return bool(self.codes or self.fix)


@dataclass(frozen=True)
class _Fact:
    """What the tables say about a name; `fixed` unless a person has to mend it."""

    text: str
    fixed: bool = True


@dataclass(frozen=True)
class _Candidate:
    """A rule that may be the answer to the error that stands at `line`; the greater `rank`, the better."""

    rule: Rule
    error: str
    line: int
    facts: tuple[_Fact, ...]
    rank: tuple[int, ...]
    about_name: bool


def page(words: str) -> str | None:
    """The page of the rule with this code or name, or None if it is not the name of a rule."""
    wanted = words.strip()
    rule = rule_of(wanted)
    if rule is not None:
        return rule.page
    if wanted.casefold() in ("ku100", "unused-import"):
        return _CLEANUP
    return None


def answer(text: str) -> Answer:
    """What is known about an error message or traceback."""
    plain = _ESCAPE.sub("", text).replace("\r\n", "\n").strip()
    if _CODE.fullmatch(plain):
        return Answer(f"There is no rule {plain.upper()}; `keras-upgrade rules` lists them.")
    if not plain:
        return Answer("There is nothing to explain: the text is empty.")
    errors = list(_errors(plain)) or [(0, plain)]
    found = _candidates(plain, errors)
    if not found:
        words = next((words for _, error in errors if (words := messages.words_for(error))), "")
        if words:
            place = _at(plain, None)
            return Answer("\n".join([_first_line(errors[0][1]), *place, "", words]), fix=words, sure=True)
        return Answer(
            "\n".join([f"No rule knows this error: {_first_line(errors[0][1])}", *_at(plain, None), _UNKNOWN])
        )
    best, *others = found
    lines = [_first_line(best.error), *_at(plain, best.line or None), ""]
    lines.append(f"{best.rule.code} {best.rule.name}: {best.rule.title}")
    lines += [f"  {fact.text}" for fact in best.facts]
    if best.about_name and not best.facts:
        lines.append("  This name is not in the tables, so it may be something else than Keras 3.")
    fixed = all(fact.fixed for fact in best.facts)
    if fixed:
        lines += [f"  {line}" for line in _fix_of(best.rule)]
        lines.append(f"  More: keras-upgrade explain {best.rule.code}. To change it: keras-upgrade fix FILE")
    else:
        lines.append(
            f"  More: keras-upgrade explain {best.rule.code}. To see each place: keras-upgrade check FILE"
        )
    if others:
        lines += ["", "Less likely:"]
        lines += [
            f"  {other.rule.code} {other.rule.name}: {other.rule.title}" for other in others[:_OTHERS_SHOWN]
        ]
    return Answer(
        "\n".join(lines),
        tuple(candidate.rule.code for candidate in found),
        tuple(fact.text for fact in best.facts),
        " ".join(_fix_of(best.rule)).removeprefix("Fix.").strip(),
        fixed,
        bool(best.facts) or not best.about_name,
    )


# -- reading the text ------------------------------------------------------------------------------


def _errors(text: str) -> Iterator[tuple[int, str]]:
    """The error messages in a text, with types and line numbers; the last, which the user saw, first."""
    found: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(text.split("\n")):
        head = None if "Traceback (most recent call last)" in line else _ERROR.match(line)
        if head is not None:
            rest = head["rest"] if head["rest"].strip(" :\t") else ""
            found.append((number, [f"{head['type']}{rest}"]))
            is_open = True
        elif _END.match(line) or _FRAME.match(line):
            is_open = False
        elif is_open:
            found[-1][1].append(line)
    for number, lines in reversed(found):
        yield number, "\n".join(lines).strip()


def _at(text: str, end: int | None) -> list[str]:
    """Where in the user's own code it happened, above line `end` of the text, and its source if there."""
    place, code = "", ""
    lines = text.split("\n")[:end]
    for number, line in enumerate(lines):
        frame = _FRAME.match(line)
        file = "" if frame is None else frame["file"] or frame["path"] or frame["old"] or ""
        if frame is None or _LIBRARY.search(file):
            continue
        code, arrow = _source_below(lines[number + 1 :])
        row = arrow or frame["line"] or frame["number"] or frame["row"]
        place = f"{file or frame['cell']}{f', line {row}' if row else ''}"
    return [f"  at {place}{f': {code}' if code else ''}"] if place else []


def _source_below(lines: list[str]) -> tuple[str, str]:
    """The source that stands below a frame: the next line, or the line with IPython's arrow."""
    for number, line in enumerate(lines):
        if _FRAME.match(line) or _ERROR.match(line):
            break
        arrow = _ARROW.match(line)
        if arrow is not None:
            return arrow["code"].strip(), arrow["line"]
        if number == 0 and line.startswith("    ") and not re.match(r"\s+\d+\s", line):
            return line.strip(), ""
    return "", ""


def _first_line(error: str) -> str:
    line = error.strip().partition("\n")[0]
    return line if len(line) <= 200 else f"{line[:199]}…"


# -- finding the rules -----------------------------------------------------------------------------


def _candidates(text: str, errors: list[tuple[int, str]]) -> list[_Candidate]:
    """The rules that may be the answer, best first."""
    found: dict[str, _Candidate] = {}
    for depth, (line, error) in enumerate(errors):
        for rule in all_rules():
            candidate = _match(rule, error, line, depth, text)
            if candidate is not None and (rule.code not in found or candidate.rank > found[rule.code].rank):
                found[rule.code] = candidate
    ranked = sorted(
        found.values(), key=lambda candidate: (*(-part for part in candidate.rank), candidate.rule.code)
    )
    if ranked and ranked[0].facts:
        # The tables know the name: the rules that merely match a message about some name have nothing to add.
        ranked = [ranked[0], *(c for c in ranked[1:] if not c.about_name or c.error != ranked[0].error)]
    return ranked


def _match(rule: Rule, error: str, line: int, depth: int, text: str) -> _Candidate | None:
    plain = _TENSORFLOWS.sub("", error)
    matches = [match for pattern in rule.errors if (match := pattern.search(plain)) is not None]
    if not matches:
        return None
    best = max(matches, key=lambda match: _specificity(match.re.pattern))
    bare = re.fullmatch(r"\w+", best[0].strip()) is not None
    sign = _SIGNS.get(rule.code)
    signed = sign is not None and sign.search(text) is not None
    if bare and sign is not None and not signed and any(map(_FRAME.match, text.split("\n"))):
        return None  # an error without words, raised by something else
    facts = tuple(_facts(rule, error))
    about_name = "name" in best.re.groupindex
    rank = (
        -depth,
        int(bool(facts)),
        int(signed),
        -int(bare),
        -int(about_name),
        _specificity(best.re.pattern),
    )
    return _Candidate(rule, error, line, facts, rank, about_name)


def _specificity(pattern: str) -> int:
    """How many letters a pattern asks for."""
    return sum(map(str.isalpha, re.sub(r"\[[^]]*\]|\\.|\?P<\w+>|\(\w+(\|\w+)+\)", "", pattern)))


def _facts(rule: Rule, error: str) -> Iterator[_Fact]:
    """What the tables say about the name that the error names."""
    for pattern in _NAMES:
        match = pattern.search(error)
        if match is None:
            continue
        module, name = _canonical(match["module"]), match["name"]
        if module == "tensorflow":
            if rule.code == ("KU906" if name in tensorflow1.SESSION else "KU905"):
                yield from _of_tensorflow(name)
        elif module == "keras.backend":
            if rule.code == "KU301":
                yield from _of_backend(name)
        elif rule.code == "KU101":
            yield from _of_moved(f"{module}.{name}" if name else module)
        elif rule.code == "KU302" and module == "keras.metrics":
            yield from _of_metrics(name)
        elif rule.code == "KU102" and surface.exists(f"{module}.{name}"):
            yield _Fact(f"`tf.{module}.{name}` → `{module}.{name}`")
    if rule.code == "KU201":
        yield from _of_argument(error)


def _canonical(module: str) -> str:
    """The module as the tables write it: `keras._tf_keras.keras.backend` is `keras.backend`."""
    return _INNER.sub("keras", module.removeprefix("tensorflow.").removeprefix("python."))


def _of_backend(name: str) -> Iterator[_Fact]:
    row = backend.ROWS.get(name)
    if row is None or row.kept:
        return
    if not row.new:
        yield _Fact(f"`K.{name}`: {row.note}", fixed=False)
        return
    simple = parse_row(row.old, row.new).simple
    if simple is not None:
        yield _Fact(f"`K.{name}` → `{simple.callee}`")
    else:
        yield _Fact(f"`K.{name}({row.old})` → `{re.sub(r' := [+]?', '=', row.new)}`")
    if row.note:
        yield _Fact(row.note)
    if row.assumption:
        yield _Fact(f"Right if {row.assumption}.")


def _of_tensorflow(name: str) -> Iterator[_Fact]:
    instead = tensorflow1.instead(name)
    if instead is not None:
        yield _Fact(f"`tf.{name}` is of TensorFlow 1. What there is instead: {instead}.")


def _of_moved(path: str) -> Iterator[_Fact]:
    found = moved.lookup(path)
    if found is None:
        return
    if found.new is None:
        yield _Fact(f"`{path}`: {found.note}", fixed=False)
        return
    yield _Fact(f"`{path}` → `{found.new}`")
    if found.note:
        yield _Fact(found.note)


def _of_metrics(name: str) -> Iterator[_Fact]:
    if surface.exists(f"keras.losses.{name}"):
        yield _Fact(f"`metrics.{name}` → `keras.losses.{name}`")


def _of_argument(error: str) -> Iterator[_Fact]:
    match = next((match for pattern in _ARGUMENT if (match := pattern.search(error)) is not None), None)
    if match is None:
        return
    name, groups = match["name"], match.groupdict()
    if groups.get("method"):
        paths = [f"keras.Model.{groups['method']}"]
    elif groups.get("function"):
        paths = [f"keras.{home}.{groups['function']}" for home in _FUNCTION_HOMES]
    elif groups.get("owner"):
        paths = [f"keras.{home}.{groups['owner']}" for home in _HOMES]
    else:  # optimizers complain without saying who they are; their common arguments changed alike
        paths = ["keras.optimizers.Adam"]
    change = next((found for path in paths if (found := arguments.changes(path).get(name)) is not None), None)
    if isinstance(change, arguments.Renamed):
        yield _Fact(f"`{name}=` → `{change.new}=`")
    elif isinstance(change, arguments.Dropped):
        yield _Fact(f"`{name}=` is gone. {change.note or 'Leave it out.'}")
    elif isinstance(change, arguments.Advised):
        yield _Fact(f"`{name}=`: {change.note}", fixed=False)


def _fix_of(rule: Rule) -> list[str]:
    """The paragraph of the page that says what the fix is."""
    paragraphs = rule.page.split("\n\n")
    text = next(
        (part for part in paragraphs if part.startswith("**Fix")), paragraphs[1] if paragraphs[1:] else ""
    )
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text).split("\n")
