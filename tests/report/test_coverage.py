"""The coverage as data."""

from pathlib import Path

from keras_upgrade.documents import loads
from keras_upgrade.engine import check, migrate
from keras_upgrade.report.record import record

TEXT = "from keras import backend as K\n\ny = K.exp(3) + K.exp(4)\nz = K.foo(3)\n"


def test_a_record_has_the_names_of_each_file_and_the_counts_of_all() -> None:
    documents = [loads(TEXT, path=Path("a.py")), loads("import keras\n", path=Path("b.py"))]
    data = record("check", check(documents))
    first, second = (file["coverage"] for file in data["files"])
    assert first["names"] == [
        {"name": "keras.backend", "state": "fine", "count": 1, "places": ["1:19"], "note": ""},
        {"name": "keras.backend.exp", "state": "fixed", "count": 2, "places": ["3:5", "3:16"], "note": ""},
        {"name": "keras.backend.foo", "state": "unknown", "count": 1, "places": ["4:5"], "note": ""},
    ]
    assert (second["fine"], second["unknown"]) == (1, 0)
    assert data["coverage"] == {
        "fixed": 2, "review": 0, "advised": 0, "ignored": 0, "fine": 2, "unknown": 1, "unread": 0,
    }  # fmt: skip


def test_unknown_names_stand_where_the_file_has_them_now() -> None:
    [outcome] = migrate([loads(TEXT, path=Path("a.py"))])

    def place(*, dry: bool) -> list[str]:
        coverage = record("fix", [outcome], dry=dry)["files"][0]["coverage"]
        return next(row["places"] for row in coverage["names"] if row["state"] == "unknown")

    line = next(n for n, text in enumerate(outcome.document.source.split("\n"), 1) if "K.foo" in text)
    assert place(dry=False) == [f"{line}:5"]
    assert place(dry=True) == ["4:5"]
