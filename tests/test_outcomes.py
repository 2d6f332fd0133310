"""Outcomes whose texts and findings are let go of say the same however often they are asked."""

import pickle
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keras_upgrade import engine
from keras_upgrade.documents import Unread, digest, load
from keras_upgrade.outcomes import Found, KeptOutcome, Outcome

CODE = "from keras import backend as K\nimport keras\nK.exp({n})\nkeras.no_such_name_{n}\n"
FILES = 20
SEEN = ("left", "names", "source", "position", "bytes")


def said(outcome: Outcome, what: str) -> object:
    """Something of an outcome."""
    document = outcome.document
    if what == "left":
        return [(report.finding.message, report.position) for report in outcome.left]
    if what == "names":
        return [(seen.name.label, seen.name.span, seen.state) for seen in outcome.names]
    if what == "position":
        return document.position(40)
    return document.source if what == "source" else document.to_bytes()


def pairs(folder: Path) -> list[tuple[Outcome, KeptOutcome]]:
    """Outcomes, each as it is and as it is kept."""
    result = []
    for n in range(FILES):
        path = folder / f"{n}.py"
        path.write_text(CODE.format(n=n))
        (outcome,) = engine.check([load(path)])
        document = Unread(path, digest=digest(path.read_bytes()), kind="python", problems=(), is_plain=True)
        result.append((outcome, KeptOutcome(document, Found.of(outcome), len(outcome.document.text))))
    return result


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(asked=st.lists(st.tuples(st.integers(0, FILES - 1), st.sampled_from(SEEN)), min_size=20, max_size=80))
def test_what_is_kept_is_what_was_found(tmp_path: Path, asked: list[tuple[int, str]]) -> None:
    known = pairs(tmp_path)
    for number, what in asked:
        outcome, kept = known[number]
        assert said(kept, what) == said(outcome, what)
        assert (kept.has_left, kept.needs_you) == (True, True)
        assert [seen.name.label for seen in kept.unknown] == [f"keras.no_such_name_{number}"]


def test_few_are_held(tmp_path: Path) -> None:
    known = pairs(tmp_path)
    for _, kept in known:
        for what in SEEN:
            said(kept, what)
    assert sum(kept.document.is_read for _, kept in known) <= FILES // 2
    assert sum("left" in vars(kept) for _, kept in known) <= FILES // 2


def test_a_document_travels_without_its_text(tmp_path: Path) -> None:
    _, kept = pairs(tmp_path)[3]
    before = len(pickle.dumps(kept.document))
    assert "K.exp(3)" in kept.document.source
    data = pickle.dumps(kept.document)
    assert len(data) == before
    assert "K.exp(3)" in pickle.loads(data).source
