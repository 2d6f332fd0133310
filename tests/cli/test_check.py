import re
from pathlib import Path

from .programs import ADVICE, BACKEND, REVIEW, RIGHT, Command, notebook


def test_a_right_program_is_fine(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "right.py"
    file.write_text(RIGHT)
    result = run("check", file)
    assert (result.status, result.out, result.err) == (0, "nothing found in 1 file, 0 unknown names\n", "")


def test_findings_of_a_script_are_lines_with_place_code_and_mark(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    result = run("check", file, "--no-checklist")
    assert result.status == 1
    lines = result.out.splitlines()
    assert lines[:6] == [
        f"{file}:5:12 KU301 [fix] `keras.backend.sum` is gone",
        "  |",
        "5 |     return K.sum(K.square(x))",
        "  |            ^^^^^",
        "  = fix: `K.sum` → `keras.ops.sum`",
        "",
    ]
    assert lines[6] == f"{file}:5:18 KU301 [fix] `keras.backend.square` is gone"
    assert lines[-1] == "2 fixable, 0 to review, 0 for you, 0 unknown names, in 1 of 1 file"
    assert "- [" not in result.out
    assert file.read_text() == BACKEND


def test_findings_of_a_notebook_name_the_cell(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.ipynb"
    file.write_text(notebook("from keras import backend as K", "y = K.exp(x)"))
    assert f"{file}: cell 2:1:5 KU301 [fix]" in run("check", file).out


def test_review_says_the_assumption_and_advice_is_for_the_user(tmp_path: Path, run: Command) -> None:
    (tmp_path / "a.py").write_text(REVIEW)
    (tmp_path / "b.py").write_text(ADVICE)
    (tmp_path / "c.py").write_text(RIGHT)
    result = run("check", tmp_path)
    assert re.search(r"a\.py:5:12 KU301 \[review\] `keras.backend.sqrt` is gone\n", result.out)
    assert "  = review: `K.sqrt` → `keras.ops.sqrt`; right if the argument is never negative\n" in result.out
    assert re.search(r"b\.py:5:12 KU307 \[advice\] .*GradientTape", result.out)
    assert result.out.endswith("0 fixable, 1 to review, 1 for you, 0 unknown names, in 2 of 3 files\n")
    assert "c.py" not in result.out


def test_a_finding_may_be_one_line_or_always_shown_with_its_source(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND + REVIEW)
    concise = run("check", file, "--no-checklist", "--output-format", "concise").out.splitlines()
    assert len(concise) == 5
    assert concise[2] == (
        f"{file}:10:12 KU301 [review] `keras.backend.sqrt` is gone; right if the argument is never negative"
    )
    full = run("check", file, "--no-checklist", "--output-format=full").out
    assert full.count("^") == len("K.sum" + "K.square" + "K.sqrt")


def test_the_checklist_follows_the_findings_of_each_file(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    out = run("check", file).out
    assert (
        "- [ ] `from keras import backend as K` and any `K.*` calls → replace with `keras.ops.*` (2)\n" in out
    )
    assert "- [x] `Lambda(fn)` layers → replace with subclassed `keras.layers.Layer`\n" in out
    assert "- [ ] Add `import keras` to imports if not present\n" in out
    assert "- [ ] After any code changes: **restart the kernel and run all cells from the top**" in out


def test_exclude_leaves_files_out(tmp_path: Path, run: Command) -> None:
    (tmp_path / "old.py").write_text(BACKEND)
    (tmp_path / "right.py").write_text(RIGHT)
    result = run("check", tmp_path, "--exclude", "old*")
    assert (result.status, result.out) == (0, "nothing found in 1 file, 0 unknown names\n")


def test_options_may_stand_between_paths_and_a_double_dash_ends_them(tmp_path: Path, run: Command) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text(RIGHT)
    result = run("check", tmp_path / "a.py", "--no-checklist", tmp_path / "b.py", "--", tmp_path / "c.py")
    assert (result.status, result.out) == (0, "nothing found in 3 files, 0 unknown names\n")


def test_control_characters_of_the_source_do_not_reach_the_terminal(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "bad\x1b[31m.py"
    file.write_text(BACKEND)
    assert "\x1b" not in run("check", file, "--no-checklist").out


def test_an_empty_folder_is_no_error(tmp_path: Path, run: Command) -> None:
    result = run("check", tmp_path)
    assert (result.status, result.out) == (0, "")
    assert "no .py, .ipynb or .md files" in result.err


def test_nothing_found_is_never_said_while_a_name_is_unknown(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text("from keras import backend as K\n\ny = K.foo(3)\n")
    result = run("check", file)
    assert result.status == 1
    assert f"  {file}:3:5 `keras.backend.foo`\n" in result.out
    assert result.out.endswith("0 fixable, 0 to review, 0 for you, 1 unknown name, in 1 of 1 file\n")
    assert "nothing found" not in result.out
    assert run("fix", file).status == 1


def test_few_unknown_names_are_shown_and_all_where_coverage_is_asked_for(
    tmp_path: Path, run: Command
) -> None:
    file = tmp_path / "old.py"
    file.write_text("from keras import backend as K\n" + "".join(f"K.foo{n}(3)\n" for n in range(9)))
    short, long = run("check", file).out, run("check", file, "--coverage").out
    assert "and 4 more; `keras-upgrade check --coverage` lists all" in short
    assert (short.count("keras.backend.foo"), long.count("keras.backend.foo")) == (5, 9)


def test_the_coverage_is_shown_per_file_and_in_total(tmp_path: Path, run: Command) -> None:
    (tmp_path / "a.py").write_text(BACKEND)
    (tmp_path / "b.py").write_text(RIGHT)
    lines = run("check", tmp_path, "--coverage", "--no-checklist").out.splitlines()
    rows = {line.split()[0]: line.split()[-5:] for line in lines if re.search(r"(\s+\d+){5}$", line)}
    assert rows[str(tmp_path / "a.py")] == ["2", "0", "0", "1", "0"]
    assert rows[str(tmp_path / "b.py")] == ["0", "0", "0", "3", "0"]
    assert rows["in"] == ["2", "0", "0", "4", "0"]
