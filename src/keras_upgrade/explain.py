"""Answers for error messages: which rule knows the error, and what mends it.

Takes one line, or a whole traceback as Python, IPython or pytest print it, with the exceptions chained in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_upgrade.knowledge import backend, moved
from keras_upgrade.rules import Rule, all_rules, rule_of
from keras_upgrade.syntax.templates import parse_row

_CLEANUP = """\
KU100 unused-import: imports that the migration left without a use

No rule of its own: when the fixes have taken away the last use of an import (`from keras import backend as K`), the
import goes too. Imports that had no use before stay as they are."""

_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ERROR = re.compile(
    r"^[\s>E|]*(?P<type>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration))"
    r"(?P<rest>[ \t]*:.*|[ \t]+\(.*|[ \t]*)$"
)
_END = re.compile(r"^\s*(During handling of|The above exception|Traceback \(most recent|-{20,}|_{20,}|={20,})")
_CODE = re.compile(r"ku\d+", re.IGNORECASE)
_FRAME = re.compile(
    r"^[\s>|]*(?:File \"(?P<file>[^\"]+)\", line (?P<line>\d+)"
    r"|(?P<cell>(?:Cell )?In ?\[\d+\])(?:,? line (?P<row>\d+)| in )"
    r"|File (?P<path>[^\s\"]+?):(?P<number>\d+))"
)
_ARROW = re.compile(r"^-+>\s*(?P<line>\d+)\s(?P<code>.*)")
_LIBRARY = re.compile(r"site-packages|dist-packages|[\\/](keras|tensorflow|tf_keras|lib[\\/]python[\d.]*)[\\/]|^<frozen")
_NAMES = (
    re.compile(r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'"),
    re.compile(r"cannot import name '(?P<name>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)'"),
    re.compile(r"No module named '?(?P<module>[\w.]+)'?(?P<name>)"),
)
_INNER = re.compile(r"^keras\.(?:_tf_keras\.keras|api\._v\d\.keras|api|src)(?=\.|$)")
_SIGNS = {
    "KU401": re.compile(r"\bLambda\b"),
    "KU501": re.compile(r"compute_loss|compile_utils|\bin \w*loss\b|\w*loss\(y_true|def \w*loss\("),
    "KU502": re.compile(r"add_loss"),
}
"""Words elsewhere in a traceback that speak for a rule."""
_OTHERS_SHOWN = 3


@dataclass(frozen=True)
class Answer:
    """What there is to say about an error.

    Attributes:
        text: for the user.
        codes: the rules, best first; none if the error is not known.
    """

    text: str
    codes: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether a rule, or a table, knows the error."""
        return bool(self.codes)


@dataclass(frozen=True)
class _Candidate:
    """A rule that may be the answer; the greater `rank`, the better."""

    rule: Rule
    error: str
    facts: tuple[str, ...]
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
    errors = list(_errors(plain))
    found = _candidates(plain, errors)
    place = _place(plain)
    if not found:
        shown = _first_line(errors[0] if errors else plain)
        lines = [f"No rule knows this error: {shown}", *_at(place)]
        lines.append(
            "`keras-upgrade check FILE` looks at the program itself. If Keras 3 broke it, please report the error."
        )
        return Answer("\n".join(lines))
    best, *others = found
    lines = [_first_line(best.error), *_at(place), "", f"{best.rule.code} {best.rule.name}: {best.rule.title}"]
    lines += [f"  {fact}" for fact in best.facts]
    lines += [f"  {line}" for line in _fix_of(best.rule)]
    lines.append(f"  More: keras-upgrade explain {best.rule.code}. To change it: keras-upgrade fix FILE")
    if others:
        lines += ["", "Less likely:"]
        lines += [f"  {other.rule.code} {other.rule.name}: {other.rule.title}" for other in others[:_OTHERS_SHOWN]]
    return Answer("\n".join(lines), tuple(candidate.rule.code for candidate in found))


# -- reading the text -----------------------------------------------------------------------------------------


def _errors(text: str) -> Iterator[str]:
    """The error messages in a text, with their types; the last, which the user saw, first."""
    found: list[list[str]] = []
    open_ = False
    for line in text.split("\n"):
        head = None if "Traceback (most recent call last)" in line else _ERROR.match(line)
        if head is not None:
            message = re.sub(r"[ \t]*:?[ \t]*$", "", head["rest"]) if not head["rest"].strip(" :\t") else head["rest"]
            found.append([f"{head['type']}{message}"])
            open_ = True
        elif _END.match(line) or _FRAME.match(line):
            open_ = False
        elif open_:
            found[-1].append(line)
    for lines in reversed(found):
        yield "\n".join(lines).strip()


def _place(text: str) -> tuple[str, str] | None:
    """Where in the user's own code it happened, and the line of source if it is there."""
    place: tuple[str, str] | None = None
    lines = text.split("\n")
    for number, line in enumerate(lines):
        frame = _FRAME.match(line)
        if frame is None or _LIBRARY.search(frame["file"] or frame["path"] or ""):
            continue
        file, row = frame["file"] or frame["path"] or frame["cell"], frame["line"] or frame["number"] or frame["row"]
        below = lines[number + 1 :]
        code, arrow = _source_below(below)
        place = (f"{file}, line {arrow or row}" if arrow or row else str(file), code)
    return place


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


def _at(place: tuple[str, str] | None) -> list[str]:
    if place is None:
        return []
    return [f"  at {place[0]}{f': {place[1]}' if place[1] else ''}"]


def _first_line(error: str) -> str:
    line = error.strip().partition("\n")[0]
    return line if len(line) <= 200 else f"{line[:199]}…"


# -- finding the rules ----------------------------------------------------------------------------------------


def _candidates(text: str, errors: list[str]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for depth, error in enumerate(errors or [text]):
        for rule in all_rules():
            candidate = _match(rule, error, depth, text)
            if candidate is not None and (rule.code not in found or candidate.rank > found[rule.code].rank):
                found[rule.code] = candidate
    ranked = sorted(found.values(), key=lambda candidate: (*(-part for part in candidate.rank), candidate.rule.code))
    if ranked and ranked[0].facts:
        # The tables know the name: the rules that merely match a message about some name have nothing to add.
        ranked = [ranked[0], *(c for c in ranked[1:] if not c.about_name or c.error != ranked[0].error)]
    return ranked


def _match(rule: Rule, error: str, depth: int, text: str) -> _Candidate | None:
    matches = [match for pattern in rule.errors if (match := pattern.search(error)) is not None]
    if not matches:
        return None
    best = max(matches, key=lambda match: match.end() - match.start())
    bare = re.fullmatch(r"\w+", best[0].strip()) is not None
    sign = _SIGNS.get(rule.code)
    signed = sign is not None and sign.search(text) is not None
    if bare and sign is not None and not signed and any(_FRAME.match(line) for line in text.split("\n")):
        return None  # an error without words, raised by something else
    facts = tuple(_facts(rule, error))
    rank = (-depth, int(bool(facts)), int(signed), -int(bare), best.end() - best.start())
    return _Candidate(rule, error, facts, rank, "name" in best.re.groupindex)


def _facts(rule: Rule, error: str) -> Iterator[str]:
    """What the tables say about the name that the error names."""
    for pattern in _NAMES:
        match = pattern.search(error)
        if match is None:
            continue
        module, name = _canonical(match["module"]), match["name"]
        if module == "keras.backend":
            if rule.code == "KU301":
                yield from _of_backend(name)
        elif rule.code.startswith("KU1"):
            yield from _of_moved(f"{module}.{name}" if name else module)
        elif rule.code == "KU302" and module == "keras.metrics":
            yield from _of_metrics(name)


def _canonical(module: str) -> str:
    short = module.removeprefix("tensorflow.").removeprefix("python.")
    return _INNER.sub("keras", short)


def _of_backend(name: str) -> Iterator[str]:
    row = backend.ROWS.get(name)
    if row is None or row.kept:
        return
    if row.new:
        simple = parse_row(row.old, row.new).simple
        if simple is not None:
            yield f"`K.{name}` → `{simple.callee}`"
        else:
            yield f"`K.{name}({row.old})` → `{row.new}`"
    if row.note:
        yield row.note if row.new else f"`K.{name}`: {row.note}"
    if row.assumption:
        yield f"Right if {row.assumption}."


def _of_moved(path: str) -> Iterator[str]:
    answer_ = moved.lookup(path)
    if answer_ is None:
        return
    if answer_.new is not None:
        yield f"`{path}` → `{answer_.new}`"
    if answer_.note:
        yield answer_.note if answer_.new is not None else f"`{path}`: {answer_.note}"


def _of_metrics(name: str) -> Iterator[str]:
    from keras_upgrade.knowledge import surface  # noqa: PLC0415

    if surface.exists(f"keras.losses.{name}"):
        yield f"`metrics.{name}` → `keras.losses.{name}`"


def _fix_of(rule: Rule) -> list[str]:
    """The paragraph of the page that says what the fix is."""
    paragraphs = rule.page.split("\n\n")
    text = next((part for part in paragraphs if part.startswith("**Fix")), paragraphs[1] if paragraphs[1:] else "")
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text).split("\n")
