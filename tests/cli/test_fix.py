import json
import os
import stat
from pathlib import Path

import pytest

from .programs import ADVICE, BACKEND, BACKEND_3, REVIEW, RIGHT, Command, notebook, sources

VAE = (
    "from keras import backend as K\nfrom keras.layers import Input, Lambda\nfrom keras.models import Model",
    "def sampling(args):\n    mean, log_var = args\n"
    "    return mean + K.exp(log_var / 2) * K.random_normal(shape=K.shape(mean))",
    "a = Input(shape=(2,))\nb = Input(shape=(2,))\nz = Lambda(sampling)([a, b])\nmodel = Model([a, b], z)",
)


def test_a_script_is_changed_in_place(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    result = run("fix", file)
    assert (result.status, result.err) == (0, "")
    assert file.read_text() == BACKEND_3
    assert result.out.splitlines()[0].startswith(f"{file}: ")
    assert result.out.splitlines()[-1] == "3 fixed, 0 to review, 0 for you, 0 unknown names"
    assert [path.name for path in tmp_path.iterdir()] == ["old.py"]


def test_a_second_run_changes_nothing(tmp_path: Path, run: Command) -> None:
    script, book = tmp_path / "old.py", tmp_path / "old.ipynb"
    script.write_text(BACKEND)
    book.write_text(notebook(*VAE))
    run("fix", tmp_path)
    content = script.read_bytes(), book.read_bytes()
    for file in (script, book):
        os.utime(file, ns=(10**18, 10**18))
    result = run("fix", tmp_path)
    assert (result.status, result.out) == (0, "nothing to fix in 2 files, 0 unknown names\n")
    assert (script.read_bytes(), book.read_bytes()) == content
    assert [file.stat().st_mtime_ns for file in (script, book)] == [10**18, 10**18]


def test_a_right_file_is_not_touched(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "right.py"
    file.write_text(RIGHT)
    os.utime(file, ns=(10**18, 10**18))
    assert run("fix", file).status == 0
    assert file.stat().st_mtime_ns == 10**18


def test_permissions_and_links_are_kept(tmp_path: Path, run: Command) -> None:
    file, link = tmp_path / "real" / "old.py", tmp_path / "link.py"
    file.parent.mkdir()
    file.write_text(BACKEND)
    file.chmod(0o750)
    link.symlink_to(file)
    run("fix", link)
    assert link.is_symlink()
    assert file.read_text() == BACKEND_3
    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_review_fixes_are_made_and_listed(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(REVIEW)
    result = run("fix", file)
    assert result.status == 0
    assert "keras.ops.sqrt(x)" in file.read_text()
    assert "KU301 [review] `K.sqrt` → `keras.ops.sqrt`; right if the argument is never negative" in result.out
    assert result.out.endswith("1 to review, 0 for you, 0 unknown names\n")


def test_safe_only_holds_review_fixes_back_and_lists_them(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(REVIEW)
    result = run("fix", file, "--safe-only")
    assert result.status == 1
    assert file.read_text() == REVIEW
    assert "KU301 [review]" in result.out
    assert "(not done)" in result.out
    assert result.out.endswith("0 fixed, 0 to review, 0 for you, 1 not done, 0 unknown names\n")


def test_advices_are_left_for_the_user(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(ADVICE)
    result = run("fix", file)
    assert result.status == 1
    assert file.read_text() == ADVICE
    assert f"{file}:5:12 KU307 [advice]" in result.out
    assert result.out.endswith("0 fixed, 0 to review, 1 for you, 0 unknown names\n")


def test_diff_writes_nothing(tmp_path: Path, run: Command) -> None:
    script, book = tmp_path / "old.py", tmp_path / "old.ipynb"
    script.write_text(BACKEND)
    book.write_text(notebook(*VAE))
    before = script.read_bytes(), book.read_bytes()
    result = run("fix", tmp_path, "--diff")
    assert result.status == 1
    assert (script.read_bytes(), book.read_bytes()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.ipynb", "old.py"]
    assert f"--- {script}\n+++ {script}\n@@ " in result.out
    assert f"--- {book} cell 2\n+++ {book} cell 2\n@@ " in result.out
    assert "\n+class Sampling(keras.layers.Layer):\n" in result.out
    assert "\n-    return K.sum(K.square(x))\n+    return keras.ops.sum(keras.ops.square(x))\n" in result.out
    assert "cell_type" not in result.out
    assert "\x1b" not in result.out


def test_diff_of_a_right_program_is_empty(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "right.py"
    file.write_text(RIGHT)
    result = run("fix", file, "--diff")
    assert (result.status, result.out) == (0, "nothing to fix in 1 file, 0 unknown names\n")


def test_output_gets_a_copy_of_all_documents(tmp_path: Path, run: Command) -> None:
    book, out = tmp_path / "book", tmp_path / "new" / "out"
    (book / "part").mkdir(parents=True)
    (book / "part" / "old.py").write_text(BACKEND)
    (book / "part" / "old.py").chmod(0o755)
    (book / "right.py").write_text(RIGHT)
    (book / "notes.md").write_text("# Notes\n")
    (book / "data.csv").write_text("1,2\n")
    result = run("fix", book, "-o", out)
    assert result.status == 0
    assert (out / "part" / "old.py").read_text() == BACKEND_3
    assert stat.S_IMODE((out / "part" / "old.py").stat().st_mode) == 0o755
    assert (out / "right.py").read_text() == RIGHT
    assert (out / "notes.md").read_text() == "# Notes\n"
    assert not (out / "data.csv").exists()
    assert (book / "part" / "old.py").read_text() == BACKEND


def test_output_keeps_files_of_one_name_apart(tmp_path: Path, run: Command) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.py").write_text(f"{BACKEND}name = '{name}'\n")
    run("fix", tmp_path / "a" / "x.py", tmp_path / "b", "-o", tmp_path / "out")
    assert (tmp_path / "out" / "a" / "x.py").read_text().endswith("name = 'a'\n")
    assert (tmp_path / "out" / "b" / "x.py").read_text().endswith("name = 'b'\n")


def test_output_inside_the_given_folder_is_not_read_again(tmp_path: Path, run: Command) -> None:
    (tmp_path / "old.py").write_text(BACKEND)
    for _ in range(2):
        assert run("fix", tmp_path, "-o", tmp_path / "out").status == 0
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.py")) == ["old.py", "out/old.py"]


@pytest.mark.parametrize("given", ["folder", "folder/old.py"])
def test_output_onto_the_originals_is_refused(tmp_path: Path, run: Command, given: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old.py").write_text(BACKEND)
    result = run("fix", tmp_path / given, "-o", folder)
    assert result.status == 2
    assert "would be overwritten" in result.err
    assert (folder / "old.py").read_text() == BACKEND


def test_output_through_a_link_to_the_original_is_refused(tmp_path: Path, run: Command) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "old.py").write_text(BACKEND)
    (tmp_path / "out" / "old.py").symlink_to(tmp_path / "in" / "old.py")
    assert run("fix", tmp_path / "in", "-o", tmp_path / "out").status == 2
    assert (tmp_path / "in" / "old.py").read_text() == BACKEND


def test_clear_outputs_clears_edited_cells_only(tmp_path: Path, run: Command) -> None:
    shown = [{"name": "stdout", "output_type": "stream", "text": ["1\n"]}]
    for options, left in (([], 2), (["--clear-outputs"], 1)):
        file = tmp_path / "old.ipynb"
        file.write_text(
            notebook("import keras\nfrom keras import backend as K\nK.exp(1.)", "print(1)", outputs=shown)
        )
        assert run("fix", file, *options).status == 0
        cells = json.loads(file.read_text())["cells"][1:]
        assert sum(bool(cell["outputs"]) for cell in cells) == left
        assert cells[1]["outputs"] == shown


def test_documents_of_one_project_are_migrated_together(tmp_path: Path, run: Command) -> None:
    (tmp_path / "tools.py").write_text(
        "from keras import backend as K\nfrom keras.layers import Lambda\n\n\n"
        "def double(x):\n    return K.abs(x) * 2\n\n\nlayer = Lambda(double)\n"
    )
    (tmp_path / "use.py").write_text("import keras\nfrom tools import double\n\ny = double(1.0)\n")
    run("fix", tmp_path / "use.py", tmp_path / "tools.py")
    together = (tmp_path / "tools.py").read_text()
    assert "class Double(keras.layers.Layer):" in together
    assert "\ndef double(x):\n    return keras.ops.abs(x) * 2\n" in together


def test_keep_tf_keras(tmp_path: Path, run: Command) -> None:
    program = "import tensorflow as tf\n\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(1)])\n"
    file = tmp_path / "tf.py"
    file.write_text(program)
    run("fix", file, "--keep-tf-keras")
    assert file.read_text() == program


def test_nothing_is_written_when_the_file_changes_meanwhile(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras_upgrade import engine  # noqa: PLC0415

    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    migrate = engine.migrate_together

    def slow(*arguments: object) -> None:
        migrate(*arguments)  # type: ignore[arg-type]
        file.write_text("saved_by = 'the editor'\n")

    monkeypatch.setattr(engine, "migrate_together", slow)
    result = run("fix", file)
    assert result.status == 2
    assert "was changed by someone else meanwhile" in result.err
    assert file.read_text() == "saved_by = 'the editor'\n"


def test_the_summary_on_standard_output_is_markdown(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "chapter_2.ipynb"
    file.write_text(notebook(*VAE))
    result = run("fix", file, "--summary")
    assert result.status == 0
    assert result.out.startswith(
        "## chapter_2.ipynb — Applied Fixes Summary\n\n| Cell | Change |\n|---|---|\n"
    )
    assert "| 1 · imports | Added `import keras`; removed `from keras import backend as K`, " in result.out
    assert (
        "| 2 · `sampling` function / `Lambda` | " in result.out
        or "| 3 · `sampling` function / `Lambda` | " in result.out
    )
    assert "`class Sampling(keras.layers.Layer)`" in result.out
    assert "- [x] `Lambda(fn)` layers" in result.out
    assert "class Sampling(keras.layers.Layer):" in "".join(sources(file))


def test_the_summary_goes_to_a_file(tmp_path: Path, run: Command) -> None:
    file, target = tmp_path / "old.py", tmp_path / "summary.md"
    file.write_text(BACKEND)
    result = run("fix", file, f"--summary={target}")
    assert result.status == 0
    assert target.read_text().startswith("## old.py — Applied Fixes Summary\n")
    assert "| Line 5 · backend functions | " in target.read_text()
    assert "##" not in result.out


def test_the_summary_does_not_overwrite_programs(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    for name in (file, tmp_path / "other.ipynb", tmp_path):
        assert run("fix", file, f"--summary={name}").status == 2
        assert file.read_text() == BACKEND
    result = run("fix", file, "--summary", tmp_path / "new.md")
    assert result.status == 2
    assert "--summary=" in result.err
    assert file.read_text() == BACKEND


def test_advices_alone_need_not_count_for_the_exit_status(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(ADVICE)
    assert "KU307 [advice]" in run("check", file, "--advice-ok").out
    assert [run(word, file, "--advice-ok").status for word in ("check", "fix")] == [0, 0]
    assert [run(word, file).status for word in ("check", "fix")] == [1, 1]
    file.write_text(REVIEW)
    assert run("check", file, "--advice-ok").status == 1
    assert run("fix", file, "--advice-ok", "--safe-only").status == 1
    assert run("fix", file, "--advice-ok", "--diff").status == 1
    assert run("fix", tmp_path / "missing.py", "--advice-ok").status == 2
    assert run("fix", file, "--advice-ok").status == 0
