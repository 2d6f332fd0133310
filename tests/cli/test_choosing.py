"""Which rules apply, to which files: options, `pyproject.toml`, comments, `.gitignore`."""

import json
import subprocess
from pathlib import Path

import pytest

from .programs import ADVICE, BACKEND, REVIEW, RIGHT, Command, notebook

TWO = "from keras import backend as K\nfrom keras.optimizers import Adam\n\nadam = Adam(lr=0.1)\nx = K.exp(1.0)\n"


def codes(out: str) -> set[str]:
    return {word for word in out.split() if word.startswith("KU") and word[2:].isdigit()}


def settings(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.keras-upgrade]\n{text}\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "two.py").write_text(TWO)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {"KU201", "KU301"}),
        (["--select", "KU3"], {"KU301"}),
        (["--select", "ku201,KU4"], {"KU201"}),
        (["--select", "backend-function"], {"KU301"}),
        (["--ignore", "KU3"], {"KU201"}),
        (["--select", "KU301", "--ignore", "KU3"], {"KU301"}),
        (["--select", "KU3", "--ignore", "KU301"], set()),
        (["--select", "KU301", "--select", "KU201"], {"KU201", "KU301"}),
    ],
)
def test_rules_are_chosen_by_code_beginning_or_name(
    project: Path, run: Command, options: list[str], expected: set[str]
) -> None:
    result = run("check", project / "two.py", "--no-checklist", *options)
    assert codes(result.out) == expected
    assert result.status == (1 if expected else 0)


def test_one_rule_at_a_time_leaves_the_others_alone(project: Path, run: Command) -> None:
    file = project / "two.py"
    assert run("fix", file, "--select", "KU201").status == 0
    assert file.read_text() == TWO.replace("lr=", "learning_rate=")
    run("fix", file, "--select", "KU301", "--ignore", "KU100")
    assert "K.exp" not in file.read_text()
    assert "backend as K" in file.read_text()


def test_a_rule_that_there_is_not_is_an_error_with_a_suggestion(project: Path, run: Command) -> None:
    result = run("check", project, "--select", "backend-functon")
    assert result.status == 2
    assert "--select: there is no rule `backend-functon`; did you mean `backend-function`?" in result.err


@pytest.mark.parametrize("pattern", ["legacy", "legacy/*", "*.py", "legacy/two.py"])
def test_files_given_by_name_are_left_out_on_demand(
    project: Path, run: Command, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(project, f'exclude = ["{pattern}"]')
    (project / "legacy").mkdir()
    file = project / "legacy" / "two.py"
    file.write_text(TWO)
    assert run("check", file).status == 1
    result = run("check", file, "--force-exclude")
    assert (result.status, result.out) == (0, "")
    monkeypatch.chdir(project)
    assert run("check", "legacy/two.py", "--force-exclude").status == 0
    assert run("check", "legacy/two.py", "--force-exclude", "--isolated").status == 1
    assert run("check", "legacy/two.py", "--force-exclude", "--isolated", "--exclude", pattern).status == 0


def test_settings_of_the_project_hold_below_it(project: Path, run: Command) -> None:
    settings(project, 'ignore = ["KU301"]\nexclude = ["old*"]')
    (project / "chapters").mkdir()
    (project / "chapters" / "old_one.py").write_text(ADVICE)
    (project / "chapters" / "two.py").write_text(TWO)
    result = run("check", project / "chapters", "--no-checklist")
    assert codes(result.out) == {"KU201"}
    assert "1 of 1 file" in result.out
    assert codes(run("check", project / "chapters", "--isolated", "--no-checklist").out) > {"KU201", "KU301"}


def test_options_come_before_settings(project: Path, run: Command) -> None:
    settings(project, 'select = ["KU2"]\nsafe-only = true')
    (project / "two.py").write_text(REVIEW)
    assert codes(run("check", project / "two.py", "--select", "KU3", "--no-checklist").out) == {"KU301"}
    assert run("fix", project / "two.py", "--select", "KU3").status == 1
    assert (project / "two.py").read_text() == REVIEW


def test_another_file_of_settings_can_be_named(project: Path, run: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[tool.keras-upgrade]\nignore = ['KU2']\n")
    assert codes(run("check", project / "two.py", "--no-checklist", "--config", other).out) == {"KU301"}
    assert run("check", project, "--config", tmp_path / "none.toml").status == 2


def test_rules_can_be_left_out_in_some_files(project: Path, run: Command) -> None:
    settings(project, 'per-file-ignores = { "legacy/*" = ["KU3"], "special.py" = ["KU2"] }')
    (project / "legacy").mkdir()
    for name in ("legacy/a.py", "special.py"):
        (project / name).write_text(TWO)
    lines = run("check", project, "--no-checklist").out.splitlines()
    found = {(Path(line.split(":")[0]).name, code) for line in lines for code in codes(line)}
    assert found == {("a.py", "KU201"), ("special.py", "KU301"), ("two.py", "KU201"), ("two.py", "KU301")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = ['KU3']", "has no key `selct`; did you mean `select`?"),
        ("safe_only = true", "has no key `safe_only`; did you mean `safe-only`?"),
        ("frobnicate = 1", "has no key `frobnicate`; it may have select, ignore"),
        ("select = 'KU3'", "a list of texts is needed"),
        ("safe-only = 1", "true or false is needed"),
        ("target = '2.9'", "a release of Keras from 3.0 to 3."),
        ("per-file-ignores = ['x']", "a table is needed"),
        ("select = ['KU999']", "there is no rule `KU999`"),
        ("select = [", "is not valid TOML"),
    ],
)
def test_wrong_settings_are_errors_that_name_the_file(
    project: Path, run: Command, text: str, message: str
) -> None:
    settings(project, text)
    result = run("check", project / "two.py")
    assert result.status == 2
    assert str(project / "pyproject.toml") in result.err
    assert message in result.err


def test_a_pyproject_of_others_means_nothing(project: Path, run: Command) -> None:
    (project / "pyproject.toml").write_text("[tool.other]\nselct = 1  # like keras-upgrade\n")
    assert codes(run("check", project / "two.py", "--no-checklist").out) == {"KU201", "KU301"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("adam = Adam(lr=0.1)  # keras-upgrade: ignore", {"KU301"}),
        ("adam = Adam(lr=0.1)  # keras-upgrade: ignore[KU201]", {"KU301"}),
        ("adam = Adam(lr=0.1)  # keras-upgrade: ignore[KU3]", {"KU201", "KU301"}),
        ("adam = Adam(lr=0.1)  # noqa  # keras-upgrade: ignore[ku2, KU401]", {"KU301"}),
        ("# keras-upgrade: ignore[argument]\nadam = Adam(lr=0.1)", {"KU301"}),
        ("adam = Adam(\n    lr=0.1\n)  # keras-upgrade: ignore", {"KU301"}),
        ("def make():  # keras-upgrade: ignore\n    return Adam(lr=0.1)", {"KU201", "KU301"}),
        ("# keras-upgrade: ignore\n\n@f\ndef make():\n\n    return Adam(lr=0.1)", {"KU301"}),
        ("# keras-upgrade: ignore\ndef make():\n    pass\nadam = Adam(lr=0.1)", {"KU201", "KU301"}),
        ("# keras-upgrade: ignore-file[KU2]\nadam = Adam(lr=0.1)", {"KU301"}),
        ("adam = Adam(lr=0.1)\n# keras-upgrade: ignore-file", set()),
        ("text = '# keras-upgrade: ignore-file'\nadam = Adam(lr=0.1)", {"KU201", "KU301"}),
    ],
)
def test_comments_keep_rules_off_places(project: Path, run: Command, lines: str, expected: set[str]) -> None:
    file = project / "two.py"
    file.write_text(TWO.replace("adam = Adam(lr=0.1)", lines))
    assert codes(run("check", file, "--no-checklist").out) == expected
    run("fix", file)
    assert ("lr=0.1" in file.read_text().replace("learning_rate=0.1", "")) == ("KU201" not in expected)


def test_a_comment_or_a_tag_keeps_rules_off_a_cell(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(
        notebook(
            "from keras.optimizers import Adam",
            "# keras-upgrade: ignore-cell\nx = 1\na = Adam(lr=1)",
            "b = Adam(lr=1)",
            "c = Adam(lr=1)",
        )
    )
    content = json.loads(file.read_text())
    content["cells"][3]["metadata"]["tags"] = ["slow", "keras-upgrade: ignore[KU2]"]
    file.write_text(json.dumps(content))
    out = run("check", file, "--no-checklist").out
    assert "cell 4:1:5 KU201" in out
    assert "cell 2" not in out
    assert "cell 3" not in out


def test_a_comment_that_names_no_rule_is_pointed_at(project: Path, run: Command) -> None:
    file = project / "two.py"
    file.write_text(TWO.replace("lr=0.1)", "lr=0.1)  # keras-upgrade: ignore[KU2O1]"))
    result = run("check", file, "--no-checklist")
    assert f"{file}:4:1: the comment to ignore names `KU2O1`, which is no rule" in result.err
    assert codes(result.out) == {"KU201", "KU301"}


def test_what_git_ignores_is_left_out(project: Path, run: Command) -> None:
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    (project / ".gitignore").write_text("two.py\nscratch/\n")
    (project / "scratch").mkdir()
    for name in ("right.py", "scratch/old.py"):
        (project / name).write_text(RIGHT if name == "right.py" else BACKEND)
    assert run("check", project).out == "nothing found in 1 file, 0 unknown names\n"
    assert codes(run("check", project, "--no-gitignore").out) > {"KU201"}
    assert codes(run("check", project / "two.py", "--no-checklist").out) == {"KU201", "KU301"}
    assert codes(run("check", project / "scratch", "--no-checklist").out) == {"KU301"}
    settings(project, "respect-gitignore = false")
    assert codes(run("check", project).out) > {"KU201"}


def test_a_fix_that_needs_a_newer_keras_than_the_target_is_an_advice(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "a.py"
    program = "import keras\nimport tensorflow as tf\n\nedges = [0.0, 1.0]\nx = tf.searchsorted(edges, keras.Input((4,)))\n"
    file.write_text(program)
    assert "[review]" in run("check", file).out
    result = run("check", file, "--target", "3.4")
    assert "[advice]" in result.out
    assert "`keras.ops.searchsorted`, which came with Keras 3.5, and the target is 3.4" in result.out
    assert run("fix", file, "--target", "3.4").status == 1
    assert file.read_text() == program
    assert run("fix", file, "--target", "3.5").status == 0
    assert "keras.ops.searchsorted(" in file.read_text()


@pytest.mark.parametrize("word", ["2.4", "3.99", "three"])
def test_a_target_that_there_is_not_is_an_error(project: Path, run: Command, word: str) -> None:
    result = run("check", project, "--target", word)
    assert result.status == 2
    assert f"--target {word}: a release of Keras from 3.0 to 3." in result.err
