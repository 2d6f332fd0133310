"""The renderings, on outcomes made by hand."""

import json
from pathlib import Path

import pytest

from keras_upgrade.documents import Document, Edit, Span, loads
from keras_upgrade.engine import Outcome, Report
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.report.checklist import checklist
from keras_upgrade.report.console import Console, printable
from keras_upgrade.report.diff import coloured, diff
from keras_upgrade.report.findings import Counts, line, plural
from keras_upgrade.report.progress import track
from keras_upgrade.report.summary import summary

TEXT = "\n".join(f"line_{number} = {number}" for number in range(1, 31)) + "\n"
SCRIPT = loads(TEXT, path=Path("script.py"))


def notebook(*sources: str) -> Document:
    """A notebook with a cell of Markdown and then cells of code, so that these count from 1."""
    cells: list[dict[str, object]] = [{"cell_type": "markdown", "metadata": {}, "source": "# A chapter"}]
    for source in sources:
        cells.append(
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        )
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return loads(text, "notebook", Path("b.ipynb"))


def made(
    code: str,
    change: str | None,
    at: int = 0,
    *,
    subject: str = "",
    assumption: str = "",
    document: Document = SCRIPT,
    imports: tuple[str, ...] = (),
) -> Report:
    safety = Safety.REVIEW if assumption else Safety.SAFE
    fix = None if change is None else Fix([], change, safety, imports)
    finding = Finding(code, Span(at, at), f"{code} is wrong", fix, subject, assumption)
    return Report(finding, document.position(at), document.position(at))


def rows(text: str) -> list[str]:
    return [row for row in text.splitlines() if row.startswith("| ")][1:]


def at_line(number: int) -> int:
    return sum(len(part) + 1 for part in TEXT.split("\n")[: number - 1])


def test_many_renames_become_one_row() -> None:
    names = ["exp", "sum", "square", "mean", "log", "abs", "tanh", "exp"]
    applied = [
        made("KU301", f"`K.{name}` → `keras.ops.{name}`", at_line(number), subject="backend functions")
        for number, name in enumerate(names, 3)
    ]
    applied.append(
        made("KU301", "`K.random_normal` → `keras.random.normal`", at_line(20), subject="backend functions")
    )
    text = summary(Outcome(SCRIPT, SCRIPT, applied), "script.py")
    assert rows(text) == [
        "| Lines 3–20 · backend functions | `K.exp`, `K.sum`, `K.square`, `K.mean`, `K.log` and 2 more → "
        "`keras.ops.*`; `K.random_normal` → `keras.random.normal` |"
    ]


def test_rows_are_by_cell_and_subject_with_imports_first() -> None:
    before = notebook("from keras import backend as K", "y = K.exp(1)")
    first, second = before.cells
    after = before.replace(
        [Edit(first.start, first.end, "import keras"), Edit(second.start, second.end, "y = keras.ops.exp(1)")]
    )
    applied = [
        made(
            "KU301", "`K.exp` → `keras.ops.exp`", second.start + 4, document=before, imports=("import keras",)
        ),
        made("KU100", "Removed `from keras import backend as K`", 0, subject="imports", document=before),
    ]
    assert rows(summary(Outcome(before, after, applied), "b.ipynb")) == [
        "| 1 · imports | Added `import keras`; removed `from keras import backend as K` |",
        "| 2 · tensors and ops | `K.exp` → `keras.ops.exp` |",
    ]


def test_a_cell_that_got_a_class_from_elsewhere_is_told() -> None:
    before = notebook("a = 1", "b = 2")
    first = before.cells[0]
    after = before.replace([Edit(first.start, first.end, "class VAE(keras.Model):\n    pass")])
    applied = [
        made("KU501", "Changed the model", before.cells[1].start, subject="`vae_loss`", document=before)
    ]
    assert rows(summary(Outcome(before, after, applied), "b.ipynb")) == [
        "| 1 · `VAE` | Added `class VAE(keras.Model)` |",
        "| 2 · `vae_loss` | Changed the model |",
    ]


def test_assumptions_advices_and_pipes_are_told() -> None:
    applied = [made("KU301", "`a | b` → `c`", subject="pipes", assumption="it is | so")]
    left = [made("KU301", None, at_line(4)), made("KU301", "`x`", at_line(5), assumption="it rains")]
    text = summary(Outcome(SCRIPT, SCRIPT, applied, left), "script.py")
    assert rows(text) == ["| Line 1 · pipes | `a \\| b` → `c` (review: right if it is \\| so) |"]
    assert "- line 4:1 KU301 KU301 is wrong" in text
    assert "- line 5:1 KU301 not done, for it is right only if it rains: KU301 is wrong" in text
    assert "- [ ] `from keras import backend as K`" in text


def test_nothing_done_needs_no_summary() -> None:
    assert summary(Outcome(SCRIPT, SCRIPT), "script.py") == ""


CODES = {"KU301": 0, "KU302": 1, "KU401": 2, "KU303": 3, "KU501": 4, "KU502": 4}


@pytest.mark.parametrize("code", CODES)
def test_the_checklist_ticks_all_but_what_was_found(code: str) -> None:
    lines = checklist([made(code, None).finding] * 2)
    assert len(lines) == 7
    for number, text in enumerate(lines[:6]):
        assert text.startswith("- [ ]") == (number == CODES[code])
    assert lines[CODES[code]].endswith("(2)")
    assert "restart the kernel" in lines[6]
    assert lines[6].startswith("- [ ]")


def test_the_checklist_is_that_of_the_guide() -> None:
    lines = checklist([])
    assert [text[:5] for text in lines] == ["- [x]"] * 6 + ["- [ ]"]
    assert (
        lines[0] == "- [x] `from keras import backend as K` and any `K.*` calls → replace with `keras.ops.*`"
    )
    assert lines[5] == "- [x] Add `import keras` to imports if not present"


def test_the_checklist_counts_the_others_by_family() -> None:
    found = [made("KU101", "x"), made("KU101", "x"), made("KU204", "x", imports=("import keras",))]
    lines = checklist((report.finding for report in found), unread=1)
    assert lines[5] == "- [ ] Add `import keras` to imports if not present"
    assert lines[6] == "- [ ] Other: 2 moved names (KU1xx), 1 arguments and methods (KU2xx) (3)"
    assert "1 cell" in lines[7]


def test_the_diff_of_a_script_says_where_no_line_feed_ends_it() -> None:
    before = loads("a = 1\nb = 2", path=Path("a.py"))
    after = before.replace([Edit(10, 11, "3")])
    assert list(diff(Path("a.py"), before, after)) == [
        *("--- a.py", "+++ a.py", "@@ -1,2 +1,2 @@", " a = 1"),
        *("-b = 2", "\\ No newline at end of file", "+b = 3", "\\ No newline at end of file"),
    ]


def test_the_diff_of_a_notebook_is_by_cell() -> None:
    before = notebook("a = 1", "b = 2\nc = 3")
    start = before.cells[1].start
    after = before.replace([Edit(start, start + 1, "x")])
    assert list(diff(Path("b.ipynb"), before, after)) == [
        *("--- b.ipynb cell 2", "+++ b.ipynb cell 2", "@@ -1,2 +1,2 @@", "-b = 2", "+x = 2", " c = 3")
    ]


def test_the_diff_of_markdown_has_the_lines_of_the_file() -> None:
    before = loads("# Head\n\n```python\na = 1\n```\n", "markdown", Path("a.md"))
    after = before.replace([Edit(4, 5, "2")])
    assert list(diff(Path("a.md"), before, after))[-4:] == [" ```python", "-a = 1", "+a = 2", " ```"]


def test_colours_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console()
    assert not console.colours
    assert coloured(console, "+a\r") == "+a\r"
    console.colours = True
    assert coloured(console, "+a\r") == "\x1b[32m+a\x1b[0m"
    assert coloured(console, " a\x1b[2J") == " a\\x1b[2J"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Console().colours
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Console().colours


def test_lines_and_counts() -> None:
    console = Console()
    found = [made("KU301", "a"), made("KU301", "b", assumption="c"), made("KU301", None)]
    lines = [line(console, Path("s.py"), report) for report in found]
    assert lines == [
        "s.py:1:1 KU301 [fix] KU301 is wrong",
        "s.py:1:1 KU301 [review] KU301 is wrong; right if c",
        "s.py:1:1 KU301 [advice] KU301 is wrong",
    ]
    counts = Counts()
    counts.add(found)
    assert (counts.fix, counts.review, counts.advice, counts.total) == (1, 1, 1, 3)
    assert (plural(1, "file"), plural(2, "file")) == ("1 file", "2 files")
    assert printable("a\x00\u202eb\n\tc") == "a\\x00\\u202eb\n\tc"


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_gives_every_item_once(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    monkeypatch.setattr("keras_upgrade.report.progress._PATIENCE", -1.0)
    for count in (0, 3, 50):
        assert list(track(range(count), "Reading")) == list(range(count))
