"""Whole programs of ours, by what makes them hard to migrate: `whole_programs/TOPIC/`.

Each is a script, or a folder of files with a `main.py`. It is migrated, run on both sides, and compared call by call, as
`migrate` does it; what it prints has to be the same too, numbers up to rounding. Comment lines on top say what is special:

    # unchanged: why nothing may be changed here
    # other text: why the words printed are not the same on both sides; only the calls are compared then
    # advised: KU123, where this rule has to say something, though the program runs and does the same
    # no calls: it calls no model in a way that the recorder sees; what it prints is all there is to compare
"""

import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_upgrade.documents import Document, load
from keras_upgrade.engine import Outcome, migrate
from keras_upgrade.verify import Session, Settings, Verification, environments
from keras_upgrade.verify.compare import Kind
from keras_upgrade.verify.programs import source

FOLDER = Path(__file__).with_name("whole_programs")
TOPICS = ("freezing", "results", "symbolic", "sessions", "custom", "structure", "projects", "repositories")
_HEADER = re.compile(r"# (unchanged|other text|advised|no calls): ?(.*)")
_PROGRESS = re.compile(
    r".*(?:ETA: |\d+(?:ms|us|s)/(?:step|epoch|sample)).*|.*━━━.*|Train on \d+ samples.*|Epoch \d+/\d+"
)
"""How far a training is: Keras 3 shows it otherwise, and in `predict` too."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|nan|inf)")


@dataclass(frozen=True)
class Program:
    """One of them, with what its head says."""

    main: Path
    notes: dict[str, str]

    @property
    def name(self) -> str:
        return str(self.folder_or_file.relative_to(FOLDER).with_suffix(""))

    @property
    def folder_or_file(self) -> Path:
        return self.main.parent if self.main.name == "main.py" else self.main

    @property
    def files(self) -> list[Path]:
        place = self.folder_or_file
        return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _programs() -> Iterator[Program]:
    for path in sorted([*FOLDER.glob("*/*.py"), *FOLDER.glob("*/*/main.py")]):
        head = path.read_text(encoding="utf-8").split("\n\n")[0]
        yield Program(path, dict(_HEADER.findall(head)))


ALL = list(_programs())


@dataclass
class Migrated:
    """A program after its migration, file by file."""

    outcomes: list[Outcome]

    @property
    def main(self) -> Document:
        (found,) = [
            o.document for o in self.outcomes if len(self.outcomes) == 1 or o.document.path.name == "main.py"
        ]
        return found

    @property
    def contents(self) -> dict[Path, bytes]:
        return {o.document.path: o.document.to_bytes() for o in self.outcomes if o.changed}


@pytest.fixture(scope="module")
def migrated() -> dict[str, Migrated]:
    return {program.name: Migrated(migrate([load(path) for path in program.files])) for program in ALL}


@pytest.fixture(scope="module")
def seen(request: pytest.FixtureRequest, migrated: dict[str, Migrated]) -> dict[str, Verification]:
    """All of them that are asked for run in one go: the processes are warmed up once."""
    chosen = [program for program in ALL if program.name in _asked_for(request)]
    keras3 = environments.keras3(sys.executable, [], None, print)
    keras2 = environments.keras2("keras2", keras3, None, print)
    pairs = []
    for program in chosen:
        base = program.main.parent
        after = source(migrated[program.name].main, base)
        after.overrides.update(migrated[program.name].contents)
        pairs.append((after, source(load(program.main), base)))
    with Session(keras3, keras2, Settings(offline=True), jobs=2) as session:
        by_path = {verification.path: verification for verification in session.run(pairs)}
    return {program.name: by_path[program.main] for program in chosen}


def _asked_for(request: pytest.FixtureRequest) -> set[str]:
    """The names of the programs that this session of pytest compares."""
    name = test_it_does_the_same.__name__
    of_it = [
        item
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == name
    ]
    return {item.callspec.id for item in of_it}


def _name(program: Program) -> str:
    return program.name


def test_every_topic_has_programs() -> None:
    for topic in TOPICS:
        of_topic = [program for program in ALL if program.name.startswith(f"{topic}/")]
        assert any("unchanged" in program.notes for program in of_topic), topic
        assert sum("unchanged" not in program.notes for program in of_topic) >= 3, topic
    assert {program.name.partition("/")[0] for program in ALL} == set(TOPICS)


@pytest.mark.parametrize("program", ALL, ids=_name)
def test_it_is_migrated(program: Program, migrated: dict[str, Migrated]) -> None:
    outcomes = migrated[program.name].outcomes
    assert [failure for outcome in outcomes for failure in outcome.failures] == []
    changed = any(outcome.changed for outcome in outcomes)
    assert changed is ("unchanged" not in program.notes)
    left = {report.finding.code for outcome in outcomes for report in outcome.left}
    assert left == set(program.notes.get("advised", "").split())


@pytest.mark.parametrize("program", ALL, ids=_name)
def test_a_second_migration_changes_nothing(program: Program, migrated: dict[str, Migrated]) -> None:
    once = [outcome.document for outcome in migrated[program.name].outcomes]
    assert [o.document.source for o in migrate(once)] == [document.source for document in once]


@pytest.mark.slow
@pytest.mark.parametrize("program", ALL, ids=_name)
def test_it_does_the_same(program: Program, seen: dict[str, Verification]) -> None:
    found = seen[program.name]
    assert found.before is not None
    assert found.verdict is not None
    assert found.before.passed, found.before.failure and found.before.failure.traceback
    assert found.after.passed, found.after.failure and found.after.failure.traceback
    assert found.warnings == ()
    if "no calls" in program.notes:
        assert found.verdict.compared == 0
        assert _NUMBER.search(_printed(found.after.printed))
    else:
        assert found.verdict.kind is Kind.SAME, found.verdict
        assert found.verdict.compared
    if "other text" not in program.notes:
        assert_same_text(found.before.printed, found.after.printed)


def _printed(text: str) -> str:
    """What a program printed itself, without warnings of libraries, each with the line that it quotes, and progress."""
    lines = iter(text.splitlines())
    own = []
    for line in lines:
        if re.match(r"\S+\.py:\d+: \w*Warning:|Instructions for updating:", line):
            next(lines, None)
        elif not line.startswith("WARNING:"):
            own.append(line)
    return "\n".join(line for line in own if line.strip() and not _PROGRESS.fullmatch(line))


def assert_same_text(before: str, after: str) -> None:
    """The same words, and the same numbers up to rounding."""
    before, after = _printed(before), _printed(after)
    assert _NUMBER.sub("#", before) == _NUMBER.sub("#", after), f"{before}\n--- after:\n{after}"
    for old, new in zip(_NUMBER.findall(before), _NUMBER.findall(after), strict=True):
        assert math.isclose(float(old), float(new), rel_tol=2e-3, abs_tol=2e-4), (
            f"{before}\n--- after:\n{after}"
        )
