"""What the pages show is what the program does: the examples, and what stands behind a `$`."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.programs import Command
from keras_upgrade import configuration
from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.explain import answer
from keras_upgrade.report.formats import FORMATS
from keras_upgrade.rules.pages import Example, examples

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
_FENCE = re.compile(r"^```(?P<language>console|sh)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"(?:^|[|;]|&&)\s*(keras-upgrade .*?)(?=\s*(?:\||$))")
_INLINE = re.compile(r"`(keras-upgrade \w[^`]*)`")
_RUNNING = ("verify", "migrate")
_CHANGING = re.compile(r"\d+\.\d+ s|(?:Keras|TensorFlow) \d+\.\d+\.\d+")


@dataclass(frozen=True)
class Sample:
    """A call that a page shows.

    Attributes:
        page: the page.
        words: the arguments.
        output: what the page says that it prints; empty if it does not say.
    """

    page: Path
    words: tuple[str, ...]
    output: str


def samples() -> list[Sample]:
    """Every call of `keras-upgrade` on the pages."""
    found = []
    for page in (*PAGES, ROOT / "README.md"):
        for call in _INLINE.findall(page.read_text(encoding="utf-8")):
            found.append(Sample(page, tuple(shlex.split(call)[1:]), ""))
        for fence in _FENCE.finditer(page.read_text(encoding="utf-8")):
            lines = fence["text"].splitlines()
            for number, line in enumerate(lines):
                if fence["language"] == "console" and not line.startswith("$ "):
                    continue
                call = _CALL.search(line.removeprefix("$ ").strip())
                if call is None:
                    continue
                rest = lines[number + 1 :] if fence["language"] == "console" else []
                end = next((place for place, text in enumerate(rest) if text.startswith("$ ")), len(rest))
                words = shlex.split(call[1], comments=True)[1:]
                found.append(Sample(page, tuple(words), "".join(f"{text}\n" for text in rest[:end])))
    return found


def name_of(sample: Sample) -> str:
    return f"{sample.page.relative_to(ROOT)}: {' '.join(sample.words)[:50]}"


def pattern_of(output: str) -> str:
    """What an output matches: `…` stands for any lines, and times and versions may be others."""
    lines = []
    for line in output.splitlines():
        text = re.escape(_CHANGING.sub("CHANGING", line)).replace(
            "CHANGING", _CHANGING.pattern.join(("(?:", ")"))
        )
        lines.append(r"(?:.*\n)*?" if line == "…" else f"{text}\n")
    return "".join(lines)


PAIRS = [
    pytest.param(example, id=f"{page.relative_to(DOCS)}-{number}")
    for page in PAGES
    for number, example in enumerate(examples(page.read_text(encoding="utf-8")), 1)
]
SHOWN = [
    pytest.param(sample, id=name_of(sample), marks=[pytest.mark.slow] if sample.words[0] in _RUNNING else [])
    for sample in samples()
    if sample.output
]


@pytest.mark.parametrize("example", PAIRS)
def test_an_example_is_what_the_tool_writes(example: Example) -> None:
    outcome = migrate([loads(example.before)])[0]
    assert outcome.failures == []
    assert outcome.document.source == example.after


@pytest.mark.parametrize("sample", samples(), ids=name_of)
def test_the_options_of_a_call_exist(run: Command, sample: Sample) -> None:
    result = run(*sample.words, "--help")
    assert (result.status, result.err) == (0, "")


@pytest.mark.parametrize("sample", SHOWN)
def test_the_output_of_a_call_is_real(
    run: Command, sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "book")
    monkeypatch.chdir(tmp_path)
    interpreter = ("--python", sys.executable) if sample.words[0] in _RUNNING else ()
    result = run(*sample.words, *interpreter)
    assert re.fullmatch(pattern_of(sample.output), result.out), result.out
    assert result.status in (0, 1)


def test_an_output_that_differs_would_be_noticed() -> None:
    assert re.fullmatch(pattern_of("…\nruns, 8.6 s\n"), "first\nsecond\nruns, 14.0 s\n")
    assert not re.fullmatch(pattern_of("…\nruns, 8.6 s\n"), "first\nfails, 14.0 s\n")
    assert not re.fullmatch(pattern_of("2 fixable\n"), "3 fixable\n")


def test_the_fences_of_python_are_checked() -> None:
    for page in PAGES:
        kinds = re.findall(r"^```python ?(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(kinds) <= {"before", "after", "unchanged"}, page


def _blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_settings_are_all_there_and_real(tmp_path: Path) -> None:
    (shown,) = _blocks("reference/settings.md", "toml")
    (tmp_path / "pyproject.toml").write_text(shown, encoding="utf-8")
    assert configuration.find(tmp_path).path == tmp_path / "pyproject.toml"
    assert set(tomllib.loads(shown)["tool"]["keras-upgrade"]) == set(configuration.KEYS)


def test_the_formats_are_all_there() -> None:
    text = (DOCS / "reference" / "output.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in FORMATS)


@pytest.mark.parametrize("page", [page for page in PAGES if "```error" in page.read_text(encoding="utf-8")])
def test_the_errors_are_known_to_the_rules_of_their_section(page: Path) -> None:
    for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        for block in re.findall(r"^```error\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
            for error in block.splitlines():
                codes = answer(error).codes
                assert set(codes) & set(re.findall(r"KU\d{3}", section)), (error, codes)
