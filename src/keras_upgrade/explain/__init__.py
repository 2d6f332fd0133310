"""Answers for error messages: which rule knows the error, and what mends it.

Takes one line, or a whole traceback as Python, IPython or pytest print it, with the exceptions chained in it.
"""

from __future__ import annotations

import re

from keras_upgrade.explain import facts, reading
from keras_upgrade.knowledge import messages
from keras_upgrade.records import dataclass
from keras_upgrade.rules import Rule, all_rules, rule_of

_CLEANUP = """\
KU100 unused-import: imports that the migration left without a use

No rule of its own: when the fixes have taken away the last use of an import, such as
`from keras import backend as K`, the import goes too. Imports that had no use before stay as they are."""

_CODE = re.compile(r"ku\d+", re.IGNORECASE)
TENSORFLOWS = re.compile(r"(?<=No module named ')tensorflow\.(?=keras\.)")
"""The package that a missing module is looked for in; it is the same as `keras`, which the rules speak of."""
SIGNS = {
    "KU401": re.compile(r"\bLambda\b"),
    "KU501": re.compile(r"compute_loss|compile_utils|\bin \w*loss\b|\w*loss\(y_true|def \w*loss\("),
    "KU502": re.compile(r"add_loss"),
}
"""Words elsewhere in a traceback that speak for a rule."""
OTHERS_SHOWN = 3
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
class _Candidate:
    """A rule that may be the answer to the error that stands at `line`; the greater `rank`, the better."""

    rule: Rule
    error: str
    line: int
    facts: tuple[facts.Fact, ...]
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
    plain = reading.ESCAPE.sub("", text).replace("\r\n", "\n").strip()
    if _CODE.fullmatch(plain):
        return Answer(f"There is no rule {plain.upper()}; `keras-upgrade rules` lists them.")
    if not plain:
        return Answer("There is nothing to explain: the text is empty.")
    errors = list(reading.errors(plain)) or [(0, plain)]
    found = _candidates(plain, errors)
    if not found:
        words = next((words for _, error in errors if (words := messages.words_for(error))), "")
        if words:
            place = reading.at(plain, None)
            return Answer("\n".join([_first_line(errors[0][1]), *place, "", words]), fix=words, sure=True)
        return Answer(
            "\n".join(
                [f"No rule knows this error: {_first_line(errors[0][1])}", *reading.at(plain, None), _UNKNOWN]
            )
        )
    best, *others = found
    lines = [_first_line(best.error), *reading.at(plain, best.line or None), ""]
    lines.append(f"{best.rule.code} {best.rule.name}: {best.rule.title}")
    lines += [f"  {fact.text}" for fact in best.facts]
    if best.about_name and not best.facts:
        lines.append("  This name is not in the tables, so it may be something else than Keras 3.")
    fixed = all(fact.fixed for fact in best.facts)
    if fixed:
        lines += [f"  {line}" for line in fix_of(best.rule)]
        lines.append(f"  More: keras-upgrade explain {best.rule.code}. To change it: keras-upgrade fix FILE")
    else:
        lines.append(
            f"  More: keras-upgrade explain {best.rule.code}. To see each place: keras-upgrade check FILE"
        )
    if others:
        lines += ["", "Less likely:"]
        lines += [
            f"  {other.rule.code} {other.rule.name}: {other.rule.title}" for other in others[:OTHERS_SHOWN]
        ]
    return Answer(
        "\n".join(lines),
        tuple(candidate.rule.code for candidate in found),
        tuple(fact.text for fact in best.facts),
        " ".join(fix_of(best.rule)).removeprefix("Fix.").strip(),
        fixed,
        bool(best.facts) or not best.about_name,
    )


# -- reading the text ------------------------------------------------------------------------------


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
    plain = TENSORFLOWS.sub("", error)
    matches = [match for pattern in rule.errors if (match := pattern.search(plain)) is not None]
    if not matches:
        return None
    best = max(matches, key=lambda match: specificity(match.re.pattern))
    bare = re.fullmatch(r"\w+", best[0].strip()) is not None
    sign = SIGNS.get(rule.code)
    signed = sign is not None and sign.search(text) is not None
    if bare and sign is not None and not signed and any(map(reading.FRAME.match, text.split("\n"))):
        return None  # an error without words, raised by something else
    told = tuple(facts.of(rule.code, error))
    about_name = "name" in best.re.groupindex
    rank = (
        -depth,
        int(bool(told)),
        int(signed),
        -int(bare),
        -int(about_name),
        specificity(best.re.pattern),
    )
    return _Candidate(rule, error, line, told, rank, about_name)


def specificity(pattern: str) -> int:
    """How many letters a pattern asks for."""
    return sum(map(str.isalpha, re.sub(r"\[[^]]*\]|\\.|\?P<\w+>|\(\w+(\|\w+)+\)", "", pattern)))


def fix_of(rule: Rule) -> list[str]:
    """The paragraph of the page that says what the fix is."""
    paragraphs = rule.page.split("\n\n")
    text = next(
        (part for part in paragraphs if part.startswith("**Fix")), paragraphs[1] if paragraphs[1:] else ""
    )
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text).split("\n")
