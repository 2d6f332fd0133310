"""The magics in a real kernel. But for the last test, `import keras` fails there, as imports of old names do."""

from collections.abc import Iterator

import pytest

from .kernel import Kernel, kernel

pytestmark = pytest.mark.slow

NO_KERAS = "import sys\nsys.modules['keras'] = sys.modules['tensorflow'] = None"
IMPORTS = "from keras import backend as K\nfrom keras.layers import Input, Lambda\n"
SAMPLING = "def sampling(x):\n    return K.exp(x)"
LAMBDA = "z = Lambda(sampling)(Input((2,)))"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel, started once."""
    folder = tmp_path_factory.mktemp("kernel")
    with kernel(folder) as running:
        yield running


@pytest.fixture
def session(process: Kernel) -> Kernel:
    """The kernel as if it had just been started, with the extension as cell 1."""
    process.run("%reset -f")
    process.run("%unload_ext keras_upgrade")
    process.run("get_ipython().history_manager.reset(); get_ipython().execution_count = 1")
    answer = process.run(f"%load_ext keras_upgrade\n{NO_KERAS}", "setup")
    assert (answer.status, answer.count, answer.error, answer.stream) == ("ok", 1, "", "")
    return process


def test_the_notebook_is_checked_cell_by_cell(session: Kernel) -> None:
    assert session.run(IMPORTS, "a").status == "error"  # as on Keras 3: what failed is what has to be checked
    session.run("%pwd\nx = K.sqrt(y)\ng = K.gradients(x, x)", "b")
    answer = session.run("%keras_upgrade", "c")
    assert answer.status == "ok"
    assert answer.text.splitlines()[0].startswith(
        "In [3], line 2: KU301 [review] `keras.backend.sqrt` is gone"
    )
    assert "In [3], line 3: KU307 [advice] " in answer.text
    assert answer.text.splitlines()[-1] == (
        "0 fixable, 1 to review, 1 for you, 0 unknown names, in the 4 cells so far. "
        "`%%keras3` above a cell's code shows it migrated."
    )
    html = answer.shown[0]["text/html"]
    assert "<b>In [3]</b>" in html
    assert "[review]</span>" in html
    assert "<code>keras.backend.sqrt</code>" in html


def test_rules_can_be_selected(session: Kernel) -> None:
    session.run("import numpy as np\nfrom keras import backend as K\nx = K.sum(np.float(3))", "a")
    assert {word for word in session.run("%keras_upgrade").text.split() if word[:2] == "KU"} == {
        "KU301",
        "KU902",
    }
    assert "KU301" not in session.run("%keras_upgrade --select ku9").text


def test_a_cell_counts_as_it_ran_last_where_it_ran_first(session: Kernel) -> None:
    session.run(IMPORTS, "a")
    session.run("x = K.summ(3)", "b")
    session.run("from keras import backend as K", "a")
    session.run("x = K.exp(3)", "b")
    answer = session.run("%keras_upgrade", "c")
    assert [line.partition(": ")[0] for line in answer.text.splitlines()[:-1]] == ["In [5], line 1"]
    assert "in the 4 cells" in answer.text


def test_a_cell_is_shown_migrated_and_not_run(session: Kernel) -> None:
    session.run(IMPORTS, "a")
    answer = session.run("%%keras3\nmarker = 1\ntotal = K.sum(K.ones((2,)))  # of ones\n", "b")
    assert (answer.status, answer.next_input) == ("ok", None)
    assert answer.text.splitlines()[:4] == [
        "+ import keras",
        "  marker = 1",
        "- total = K.sum(K.ones((2,)))  # of ones",
        "+ total = keras.ops.sum(keras.ops.ones((2,)))  # of ones",
    ]
    assert "KU301 [fix] `K.sum` → `keras.ops.sum`" in answer.text
    assert "+ total = keras.ops.sum(keras.ops.ones((2,)))" in answer.shown[0]["text/html"]
    assert "NameError" in session.run("marker").error


def test_cells_that_were_only_shown_are_known_to_the_later_ones(session: Kernel) -> None:
    session.run(f"%%keras3\n{IMPORTS}", "a")
    session.run(f"%%keras3\n{SAMPLING}", "b")
    answer = session.run(f"%%keras3\n{LAMBDA}", "c")
    assert answer.text.splitlines()[:2] == [f"- {LAMBDA}", "+ z = Sampling()(Input((2,)))"]
    assert answer.text.splitlines()[-1] == (
        "It needs the `Sampling` of In [3] migrated: put `%%keras3` above that cell, too."
    )
    assert "In [4], line 2" in session.run("%keras_upgrade", "d").text


@pytest.mark.parametrize("ids", [True, False])
def test_the_new_code_takes_the_place_of_the_old(session: Kernel, ids: bool) -> None:
    session.run(IMPORTS, "a" if ids else None)
    answer = session.run("%%keras3 --replace\ny = K.exp(2)", "b" if ids else None)
    assert answer.next_input == "import keras\ny = keras.ops.exp(2)"
    session.run(answer.next_input, "b" if ids else None)
    assert session.run("%keras_upgrade").text.startswith("Nothing found in the 4 cells")


def test_safe_only_leaves_out_what_rests_on_an_assumption(session: Kernel) -> None:
    session.run(IMPORTS)
    answer = session.run("%%keras3 --safe-only --replace\nx = K.sqrt(y)")
    assert answer.next_input is None
    assert answer.text.startswith("KU301 [review] `keras.backend.sqrt` is gone; right if ")
    assert answer.text.endswith("Nothing to change in this cell.")


def test_a_right_cell_is_said_to_be_right(session: Kernel) -> None:
    answer = session.run("%%keras3 --replace\nimport keras\nx = keras.ops.ones(3)")
    assert (answer.next_input, answer.text) == (None, "Nothing to change in this cell.")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "%keras_upgrade --select KU999",
            "UsageError: --select: there is no rule `KU999`; did you mean ",
        ),
        ("%keras_upgrade --select 'KU3", "UsageError: --select 'KU3: No closing quotation"),
        ("%keras_upgrade --help", "UsageError: `%keras_upgrade?` and `%%keras3?` show the options"),
        ("%keras_upgrade --safe", "UsageError: unrecognized arguments: --safe"),
        ("%%keras3 --fast\nx = 1", "UsageError: unrecognized arguments: --fast"),
    ],
)
def test_wrong_arguments_are_said_in_one_sentence(session: Kernel, code: str, sentence: str) -> None:
    answer = session.run(code)
    assert answer.error == "" or "Traceback" not in answer.error
    assert sentence in answer.stream + answer.error


def test_code_that_cannot_be_read_is_said(session: Kernel) -> None:
    answer = session.run("%%keras3\nx = K.exp(")
    assert answer.text.startswith("This cell cannot be read: line 2: ")
    assert "In [2] cannot be read: line 2: " in session.run("%keras_upgrade").text


def test_the_extension_can_be_unloaded_and_loaded_again(session: Kernel) -> None:
    session.run("%unload_ext keras_upgrade")
    assert "keras_upgrade` not found" in session.run("%keras_upgrade").stream
    session.run("%load_ext keras_upgrade")
    assert session.run("%keras_upgrade").status == "ok"


def test_the_new_code_runs_in_the_same_session_on_keras3(session: Kernel) -> None:
    session.run("del sys.modules['keras'], sys.modules['tensorflow']")
    cells = {"a": IMPORTS, "b": SAMPLING, "c": LAMBDA, "d": "total = float(K.sum(K.ones((2, 3))))"}
    for name, code in cells.items():  # all of them are known before the first is replaced
        session.run(f"%%keras3\n{code}", name)
    new = {name: session.run(f"%%keras3 --replace\n{code}", name).next_input for name, code in cells.items()}
    for name, code in cells.items():
        answer = session.run(new[name] or code, name)
        assert answer.status == "ok", answer.error
    assert session.run("print(keras.__version__[0], type(z).__name__, total)").stream == "3 KerasTensor 6.0\n"
    assert session.run("%keras_upgrade").text.startswith("Nothing found")
