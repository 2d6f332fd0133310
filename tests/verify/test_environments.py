import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from importlib import metadata
from pathlib import Path

import pytest

from keras_upgrade.verify import environments
from keras_upgrade.verify.environments import (
    EnvironmentMissing,
    create,
    interpreters,
    keras2,
    keras3,
    variables,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the interpreters here are shell scripts")

KERAS3 = {"keras": "3.15.1", "tensorflow-cpu": "2.21.0", "numpy": "2.5.5"}
BOTH = {**KERAS3, "tf-keras": "2.21.0"}
KERAS2 = {"keras": "2.15.0", "tensorflow": "2.15.1"}
OLD = {"keras": "2.3.1", "tensorflow": "1.15.3"}


def yes(_: str) -> bool:
    return True


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def answer(path: Path, versions: dict[str, str], version: str = "3.12.1") -> str:
    told = {
        "executable": str(path),
        "python": [int(part) for part in version.split(".")],
        "user": None,
        "versions": versions,
    }
    return f"echo noise\necho 'keras-upgrade probe: {json.dumps(told)}'"


def interpreter(path: Path, versions: dict[str, str], version: str = "3.12.1") -> Path:
    """A script that answers like a Python with these distributions."""
    return script(path, answer(path, versions, version))


def environment(folder: Path, versions: dict[str, str], version: str = "3.12.1") -> Path:
    """A virtual environment with such an interpreter."""
    python = interpreter(folder / "bin" / "python", versions, version)
    (folder / "pyvenv.cfg").touch()
    return python


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home without anything in it, and no interpreter but one without Keras."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("home", "path", "project"):
        (tmp_path / name).mkdir()
    for tool in ("cat", "chmod", "cp", "mkdir", "mv", "ps", "sleep"):
        (tmp_path / "path" / tool).symlink_to(str(shutil.which(tool)))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sys, "executable", str(interpreter(tmp_path / "own" / "python", {}, "3.8.1")))
    monkeypatch.chdir(tmp_path / "project")


# -- finding -----------------------------------------------------------------------------------------


def test_the_question_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a real interpreter, and modules that lie about do not get in its way."""
    (tmp_path / "project" / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "project"))
    real = Path(sys.prefix) / "bin" / "python"
    found = interpreters.probe(real)
    assert found.version == sys.version_info[:3]
    assert found.python == real
    assert found.versions == {
        name: metadata.version(name) for name in interpreters.DISTRIBUTIONS if _is_installed(name)
    }


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


@pytest.mark.parametrize("word", ["env", "env/bin/python"])
def test_the_user_names_one(tmp_path: Path, word: str) -> None:
    python = environment(tmp_path / "project" / "env", BOTH)
    found = keras3(word)
    assert (found.python, found.side) == (python, "keras3")
    assert found.label == "Keras 3.15.1, TensorFlow 2.21.0"
    assert (found.python_version, found.versions["numpy"]) == ("3.12.1", "2.5.5")


def test_the_user_names_a_command(tmp_path: Path) -> None:
    python = interpreter(tmp_path / "path" / "python-of-mine", KERAS3)
    assert keras3("python-of-mine").python == python


@pytest.mark.parametrize(
    ("versions", "version", "words"),
    [
        (KERAS2, "3.11.7", "has Keras 2.15.0, which is Keras 2; Keras 3 is needed"),
        ({"keras": "3.15.1"}, "3.12.1", "but not TensorFlow"),
        ({"tensorflow": "2.21.0"}, "3.12.1", "has no Keras"),
        ({}, "3.12.1", "has neither Keras nor TensorFlow"),
        ({"keras": "3.0.1", "tensorflow": "2.15.0"}, "3.11.7", "does not go with Keras 3.0.1"),
        ({}, "2.7.18", "is Python 2.7.18; 3.7 or newer is needed"),
    ],
)
def test_why_one_is_of_no_use_is_said(
    tmp_path: Path, versions: dict[str, str], version: str, words: str
) -> None:
    python = interpreter(tmp_path / "python", versions, version)
    with pytest.raises(EnvironmentMissing) as error:
        keras3(str(python))
    assert str(python) in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo broken >&2; exit 127", "is no Python that works (broken)"),
        ("echo hello", "is no Python that works"),
        ("echo 'keras-upgrade probe: [1]'", "is no Python that works"),
    ],
)
def test_what_is_no_interpreter(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(EnvironmentMissing) as error:
        keras3(str(script(tmp_path / "python", text)))
    assert words in str(error.value)


def test_an_interpreter_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "PATIENCE", 0.2)
    with pytest.raises(EnvironmentMissing, match="does not answer"):
        keras3(str(script(tmp_path / "python", "exec sleep 20")))


@pytest.mark.parametrize("word", ["missing", "missing/python", "."])
def test_what_is_not_there_or_no_environment(word: str) -> None:
    with pytest.raises(EnvironmentMissing, match=r"--python: .*(does not exist|is no virtual environment)"):
        keras3(word)


def test_the_first_that_is_of_use_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "project" / "book"
    book.mkdir()
    program = book / "chapter.ipynb"
    program.touch()
    made = environment(tmp_path / "cache" / "keras-upgrade" / "envs" / "keras3", BOTH)
    assert keras3(programs=[program]).python == made
    above = environment(tmp_path / "project" / "venv", KERAS3)
    assert keras3(programs=[program]).python == above
    beside = environment(book / ".venv", KERAS3)
    assert keras3(programs=[program]).python == beside
    monkeypatch.setattr(sys, "executable", str(interpreter(tmp_path / "own" / "python", KERAS3)))
    assert keras3(programs=[program]).python == tmp_path / "own" / "python"
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    conda = environment(tmp_path / "conda", KERAS3)
    assert keras3(programs=[program]).python == conda
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    active = environment(tmp_path / "active", KERAS2)
    assert keras3(programs=[program]).python == conda
    interpreter(active, KERAS3)
    assert keras3(programs=[program]).python == active


def test_a_project_ends_at_its_repository(tmp_path: Path) -> None:
    program = tmp_path / "project" / "inner" / "a.py"
    (program.parent / ".git").mkdir(parents=True)
    environment(tmp_path / "project" / ".venv", KERAS3)
    with pytest.raises(EnvironmentMissing):
        keras3(programs=[program])


def test_environments_of_others_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(tmp_path / "project" / ".venv", KERAS3)
    assert keras3().side == "keras3"
    monkeypatch.setattr(os, "getuid", lambda: 123456)
    if (tmp_path / "project" / ".venv").stat().st_uid == 0:
        os.chown(tmp_path / "project" / ".venv", 4321, -1)
    with pytest.raises(EnvironmentMissing):
        keras3()


def test_without_any_it_is_said_what_was_looked_at(tmp_path: Path) -> None:
    python = environment(tmp_path / "project" / ".venv", KERAS2)
    with pytest.raises(EnvironmentMissing) as error:
        keras3()
    text = str(error.value)
    assert f"{python} has Keras 2.15.0" in text
    assert f"{tmp_path / 'own' / 'python'} has neither Keras nor TensorFlow" in text
    assert "--python" in text
    assert error.value.recipe == "keras3"


# -- the Keras 2 side --------------------------------------------------------------------------------


def test_tf_keras_beside_keras_3_is_the_default(tmp_path: Path) -> None:
    beside = keras3(str(interpreter(tmp_path / "python", BOTH)))
    found = keras2(beside=beside)
    assert (found.python, found.side) == (beside.python, "tf_keras")
    assert found.label == "tf_keras 2.21.0, TensorFlow 2.21.0"


def test_without_tf_keras_the_environment_made_before_is_taken(tmp_path: Path) -> None:
    beside = keras3(str(interpreter(tmp_path / "python", KERAS3)))
    with pytest.raises(EnvironmentMissing) as error:
        keras2(beside=beside)
    assert "tf_keras" in str(error.value)
    assert "pip install tf_keras==2.21.*" in str(error.value)
    assert error.value.recipe == "keras3"
    made = environment(tmp_path / "cache" / "keras-upgrade" / "envs" / "keras3", BOTH)
    assert (keras2(beside=beside).python, keras2(beside=beside).side) == (made, "tf_keras")


@pytest.mark.parametrize(
    ("name", "versions", "label"),
    [
        ("keras2.15", KERAS2, "Keras 2.15.0, TensorFlow 2.15.1"),
        ("keras2.3", OLD, "Keras 2.3.1, TensorFlow 1.15.3"),
    ],
)
def test_old_environments_made_before(
    tmp_path: Path, name: str, versions: dict[str, str], label: str
) -> None:
    made = environment(tmp_path / "cache" / "keras-upgrade" / "envs" / name, versions, "3.7.16")
    beside = keras3(str(interpreter(tmp_path / "python", BOTH)))
    found = keras2(name, beside)
    assert (found.python, found.side, found.label) == (made, "keras2", label)


@pytest.mark.parametrize(
    ("versions", "side"), [(OLD, "keras2"), ({"tensorflow": "1.15.3"}, "keras2"), (BOTH, "tf_keras")]
)
def test_the_keras_2_side_may_be_named_by_its_interpreter(
    tmp_path: Path, versions: dict[str, str], side: str
) -> None:
    python = interpreter(tmp_path / "python", versions, "3.7.16")
    assert (keras2(str(python)).python, keras2(str(python)).side) == (python, side)


def test_a_keras_2_side_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(
        EnvironmentMissing, match=r"no Keras 2 environment keras2\.2.*keras2, keras2\.15, keras2\.3"
    ):
        keras2("keras2.2")
    with pytest.raises(EnvironmentMissing, match="neither Keras 2 with TensorFlow nor tf_keras"):
        keras2(str(interpreter(tmp_path / "python", KERAS3)))
    with pytest.raises(
        EnvironmentMissing, match=r"Keras 2\.3\.1 with TensorFlow 1\.15 is not installed"
    ) as error:
        keras2("keras2.3")
    assert error.value.recipe == "keras2.3"


# -- making one --------------------------------------------------------------------------------------


def fake_uv(folder: Path, versions: dict[str, str], install: str = ":") -> Path:
    """A uv that makes environments whose interpreter answers as told, once `pip install` has run."""
    log = folder / "uv.log"
    script(
        folder / "path" / "uv",
        f"""\
echo "$@" >> {log}
case "$1" in
python) exit 2 ;;
venv)
  for last; do :; done
  mkdir -p "$last/bin"
  printf '#!/bin/sh\\n' > "$last/bin/python"
  chmod +x "$last/bin/python"
  printf '#!%s/bin/python\\n' "$last" > "$last/bin/tool" ;;
pip)
  {install}
  cat > "$5" << 'END'
#!/bin/sh
{answer(folder / "made", versions)}
END
  ;;
esac""",
    )
    return log


def envs(folder: Path) -> list[str]:
    made = folder / "cache" / "keras-upgrade" / "envs"
    return sorted(path.name for path in made.iterdir()) if made.exists() else []


@pytest.fixture
def python312(tmp_path: Path) -> Path:
    return interpreter(tmp_path / "path" / "python3.12", {})


def test_one_is_made_with_uv(tmp_path: Path, python312: Path) -> None:
    log = fake_uv(tmp_path, BOTH)
    asked: list[str] = []
    told: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return True

    found = keras3(confirm=confirm, tell=told.append)
    folder = tmp_path / "cache" / "keras-upgrade" / "envs" / "keras3"
    assert (found.python, found.side) == (folder / "bin" / "python", "keras3")
    assert envs(tmp_path) == ["keras3"]
    assert (folder / "bin" / "tool").read_text() == f"#!{folder}/bin/python\n"
    for word in ("Keras 3.15", "1.8 GB", str(folder), "tensorflow-cpu==2.21.*", "tf-keras"):
        assert word in asked[0]
    assert told
    steps = log.read_text()
    assert f"-p {python312} " in steps
    assert "tensorflow-cpu==2.21.*" in steps
    assert "--no-deps tf-keras==2.21.*" in steps
    assert keras2("keras2", None).side == "tf_keras"
    assert keras3().python == found.python


def test_one_is_made_with_pip_where_there_is_no_uv(tmp_path: Path) -> None:
    python = tmp_path / "home" / ".pyenv" / "versions" / "3.7.16" / "bin" / "python"
    log = tmp_path / "log"
    inside = script(tmp_path / "inside", f'echo "$@" >> {log}\n{answer(tmp_path / "made", OLD, "3.7.16")}')
    script(
        python,
        f"""\
echo "$@" >> {log}
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin"; cp {inside} "$3/bin/python"; exit; fi
{answer(python, {}, "3.7.16")}""",
    )
    found = keras2("keras2.3", confirm=yes)
    assert (found.side, found.label) == ("keras2", "Keras 2.3.1, TensorFlow 1.15.3")
    assert envs(tmp_path) == ["keras2.3"]
    assert "-m pip install" in log.read_text()
    assert "keras==2.3.1" in log.read_text()


def test_interpreters_that_do_not_work_are_passed_over(tmp_path: Path) -> None:
    script(tmp_path / "path" / "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    for version in ("3.12.9", "3.12.10"):
        interpreter(tmp_path / "home" / ".pyenv" / "versions" / version / "bin" / "python", {}, version)
    log = fake_uv(tmp_path, BOTH)
    create("keras3", yes)
    assert "versions/3.12.10/bin/python " in log.read_text()


def test_nothing_is_made_without_consent(tmp_path: Path, python312: Path) -> None:
    fake_uv(tmp_path, BOTH)
    with pytest.raises(EnvironmentMissing, match="was not made"):
        keras3(confirm=lambda _: False)
    assert envs(tmp_path) == []


def test_a_python_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentMissing) as error:
        create("keras2.3", yes)
    assert "Keras 2.3.1 with TensorFlow 1.15 needs Python 3.7, which is not installed" in str(error.value)
    assert "uv python install 3.7" in str(error.value)


@pytest.mark.parametrize(
    ("install", "words"),
    [
        (
            "echo 'error: Failed to fetch x' >&2; echo '  Caused by: dns error' >&2; exit 1",
            "check the connection",
        ),
        ("echo 'error: No space left on device (os error 28)' >&2; exit 1", "The disk is full"),
        ("exit 1", "without a word"),
        ("exit 0", "was not installed"),
    ],
)
def test_a_build_that_fails_leaves_nothing(tmp_path: Path, python312: Path, install: str, words: str) -> None:
    fake_uv(tmp_path, BOTH, install)
    with pytest.raises(EnvironmentMissing) as error:
        create("keras3", yes)
    assert words in str(error.value)
    assert envs(tmp_path) == []


def test_what_was_installed_must_be_what_was_asked_for(tmp_path: Path, python312: Path) -> None:
    fake_uv(tmp_path, KERAS2)
    with pytest.raises(EnvironmentMissing, match=r"has Keras 2\.15\.0"):
        create("keras3", yes)
    assert envs(tmp_path) == []


@pytest.mark.parametrize(("there", "kept"), [(BOTH, True), (KERAS2, False)])
def test_one_that_is_there_already_stays_if_it_is_of_use(
    tmp_path: Path, python312: Path, there: dict[str, str], kept: bool
) -> None:
    folder = tmp_path / "cache" / "keras-upgrade" / "envs" / "keras3"
    environment(folder, there)
    (folder / "mark").touch()
    fake_uv(tmp_path, BOTH)
    assert create("keras3", yes).label == "Keras 3.15.1, TensorFlow 2.21.0"
    assert (folder / "mark").exists() == kept
    assert envs(tmp_path) == ["keras3"]


def test_ctrl_c_leaves_nothing(tmp_path: Path, python312: Path) -> None:
    pid = tmp_path / "pid"
    fake_uv(tmp_path, BOTH, f"sleep 60 & echo $! > {pid}.new; mv {pid}.new {pid}; wait")

    def interrupt() -> None:
        while not pid.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    # A shell lets what it starts in the background ignore interrupts.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            create("keras3", yes)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert envs(tmp_path) == []
    deadline = time.monotonic() + 5
    while _is_running(int(pid.read_text())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_running(int(pid.read_text()))


def _is_running(process: int) -> bool:
    """Whether it lives; one that nobody has waited for yet does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() != "" and not done.stdout.startswith("Z")


def test_what_killed_builds_left_behind_is_removed(tmp_path: Path, python312: Path) -> None:
    folder = tmp_path / "cache" / "keras-upgrade" / "envs"
    with subprocess.Popen(["sleep", "0"]) as ended:
        ended.wait()
    (folder / f".keras2.3.{ended.pid}-ab12.partial" / "bin").mkdir(parents=True)
    (folder / f".keras2.3.{os.getpid()}-ab12.partial").mkdir()
    fake_uv(tmp_path, BOTH)
    create("keras3", yes)
    assert envs(tmp_path) == [f".keras2.3.{os.getpid()}-ab12.partial", "keras3"]


def test_a_full_disk_is_noticed_before(
    tmp_path: Path, python312: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = fake_uv(tmp_path, BOTH)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 100_000_000}))
    with pytest.raises(EnvironmentMissing, match=r"the disk is too full .* has 0\.1 GB left.*XDG_CACHE_HOME"):
        create("keras3", yes)
    assert not log.exists() or "venv" not in log.read_text()


def test_recipes_name_their_versions() -> None:
    for name, recipe in environments.RECIPES.items():
        words = " ".join((*recipe.packages, *recipe.alone))
        assert "tensorflow" in words
        assert "keras==" in words, name
        assert {"matplotlib", "scipy", "pillow", "pandas", "scikit-learn", "ipython"} <= set(recipe.packages)
    assert environments.names() == ("keras2", "keras2.15", "keras2.3")


# -- running in one ----------------------------------------------------------------------------------


def test_the_variables_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    found = keras3(str(interpreter(tmp_path / "python", BOTH)))
    work = tmp_path / "work"
    result = variables(found, work, 2)
    assert not {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "CONDA_PREFIX"} & set(result)
    expected = {
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": str(work / "home"),
        "KERAS_BACKEND": "tensorflow",
        "LANG": "de_DE.UTF-8",
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTEROP_THREADS": "2",
        "TF_NUM_INTRAOP_THREADS": "2",
        "TF_USE_LEGACY_KERAS": "0",
        "TMPDIR": str(work / "tmp"),
    }
    assert {name: result[name] for name in expected} == expected
    assert result["PATH"].startswith(f"{tmp_path}:")
    for name in ("HOME", "TMPDIR", "MPLCONFIGDIR", "KERAS_HOME"):
        assert Path(result[name]).is_dir()
    assert Path(result["MPLCONFIGDIR"]).is_relative_to(tmp_path / "cache")
    assert variables(found, work, 2) == result


def test_variables_of_the_other_side_and_of_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    found = keras2(beside=keras3(str(interpreter(tmp_path / "python", BOTH))))
    result = variables(found, tmp_path / "work", gpu=True)
    assert result["TF_USE_LEGACY_KERAS"] == "1"
    assert "CUDA_VISIBLE_DEVICES" not in result
    assert "TF_NUM_INTRAOP_THREADS" not in result


def test_data_sets_of_the_user_are_found(tmp_path: Path) -> None:
    found = keras3(str(interpreter(tmp_path / "python", BOTH)))
    cached = variables(found, tmp_path / "first")
    assert Path(cached["KERAS_HOME"]).is_relative_to(tmp_path / "cache")
    (tmp_path / "home" / ".keras" / "datasets").mkdir(parents=True)
    (tmp_path / "home" / "nltk_data").mkdir()
    result = variables(found, tmp_path / "second")
    assert result["KERAS_HOME"] == str(tmp_path / "home" / ".keras")
    assert (tmp_path / "second" / "home" / ".keras" / "datasets").is_dir()
    assert result["NLTK_DATA"] == str(tmp_path / "home" / "nltk_data")
    assert "SCIKIT_LEARN_DATA" not in result
