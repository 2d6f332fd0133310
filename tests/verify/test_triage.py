from typing import Any

import pytest

from keras_upgrade.verify.results import Failure, Note
from keras_upgrade.verify.triage import diagnose

CUT = Note("cut", "fit() of model: 2 batches", 4)
REPLACED = Note("replaced", "keras.datasets.mnist: 64 rows")
SKIPPED = Note("skipped", "!wget http://example.org/data.zip")
KERAS = '  File "/v/lib/python3.12/site-packages/keras/src/models/functional.py", line 281, in {}\n'


def failure(text: str, code: str = "", method: str = "call", **more: Any) -> Failure:
    kind, _, message = text.partition(": ")
    traceback = f'Traceback (most recent call last):\n  File "<cell 3>", line 2, in <module>\n    {code}\n'
    traceback += (KERAS.format(method) if more.get("in_keras") else "") + f"{text}\n"
    return Failure(kind, message, cell=3, line=2, code=code, traceback=traceback, **more)


KNOWN = [
    ("AttributeError: module 'keras.backend' has no attribute 'sum'", "K.sum(x)", "KU301", "keras.ops.sum"),
    (
        "ValueError: A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a symbolic "
        "placeholder for a shape and dtype, used when constructing Keras Functional models.",
        "tf.concat([a, b], -1)",
        "KU303",
        "keras.ops",
    ),
    (
        "AttributeError: 'str' object has no attribute 'base_dtype'",
        "tf.keras.backend.mean(x)",
        "KU301",
        "KU301",
    ),
    ("ModuleNotFoundError: No module named 'keras.layers.core'", "", "KU101", "`keras.layers`"),
    ("ModuleNotFoundError: No module named 'tensorflow.keras.layers.core'", "", "KU101", "`keras.layers`"),
    ("ModuleNotFoundError: No module named 'keras.engine'", "", "KU101", "KU101"),
    (
        "ImportError: cannot import name 'np_utils' from 'keras.utils' (/x.py)",
        "",
        "KU101",
        "`keras.utils.np_utils` → `keras.utils`",
    ),
    ("ValueError: Argument(s) not recognized: {'lr': 0.001}", "Adam(lr=0.001)", "KU201", "`learning_rate=`"),
    ("AttributeError: 'Adam' object has no attribute 'lr'", "K.get_value(opt.lr)", "KU203", "KU203"),
    (
        "AttributeError: 'str' object has no attribute 'name'",
        "K.set_value(o.learning_rate, v)",
        "KU203",
        "KU203",
    ),
    (
        "ValueError: Invalid filepath extension for saving. Please add either a `.keras` extension for the native "
        "Keras format (recommended) or a `.h5` extension.",
        "model.save('dir')",
        "KU701",
        "keras-upgrade explain KU701",
    ),
    (
        "ValueError: File format not supported: filepath=saved. Keras 3 only supports V3 `.keras` files",
        "load_model('saved')",
        "KU701",
        "KU701",
    ),
    ("ValueError: The filename must end in `.weights.h5`. Received: filepath=w.h5", "", "KU701", "KU701"),
    (
        "TypeError: ModelCheckpoint.__init__() got an unexpected keyword argument 'period'",
        "ModelCheckpoint('x', period=3)",
        "KU201",
        "`period=`",
    ),
    ("AttributeError: 'Sequential' object has no attribute 'fit_generator'", "", "KU202", "`fit`"),
    (
        "TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'workers'",
        "",
        "KU201",
        "workers",
    ),
    (
        "TypeError: fit() got an unexpected keyword argument 'workers'",
        "m.fit(g, workers=4)",
        "KU202",
        "KU202",
    ),
    ("TypeError: relu() got an unexpected keyword argument 'alpha'", "", "KU201", "`negative_slope=`"),
    ("AttributeError: 'NumpyArrayIterator' object has no attribute 'next'", "it.next()", "KU203", "KU203"),
    (
        "AttributeError: module 'keras._tf_keras.keras.losses' has no attribute 'mean_squared_error'",
        "",
        "KU102",
        "`keras.losses.mean_squared_error`",
    ),
    ("KeyError: 'acc'", "plt.plot(history.history['acc'])", "KU204", "KU204"),
    (
        "ValueError: Unrecognized keyword arguments passed to LSTM: {'time_major': False}",
        "",
        "KU201",
        "`time_major=`",
    ),
    ("ValueError: Cannot convert '3' to a shape.", "Input(shape=(3))", "KU201", "KU201"),
    (
        "ValueError: The layer sequential has never been called and thus has no defined input.",
        "Model(seq.input, x)",
        "KU505",
        "KU201",
    ),
    ("AttributeError: property 'model' of 'C' object has no setter", "", "KU603", "KU603"),
    (
        "ValueError: Unknown variable: x. This optimizer can only be called for the variables it was originally built "
        "with.",
        "",
        "KU602",
        "KU602",
    ),
    ("TypeError: only 0-dimensional arrays can be converted to Python scalars", "", "KU901", "KU901"),
]


@pytest.mark.parametrize(("text", "code", "rule", "words"), KNOWN)
@pytest.mark.parametrize("in_keras", [False, True])
def test_what_a_rule_knows(text: str, code: str, rule: str, words: str, in_keras: bool) -> None:
    found = diagnose(failure(text, code, in_keras=in_keras), [CUT])
    assert found.kind == "keras"
    assert rule in found.codes[:2]
    assert words in found.sentence


def test_an_error_without_words_is_known_by_where_it_was_raised() -> None:
    raised = failure("NotImplementedError", "vae.add_loss(loss)", "add_loss", in_keras=True)
    assert diagnose(raised).codes[0] == "KU502"
    own = 'Traceback (most recent call last):\n  File "a.py", line 2, in run\n    raise NotImplementedError\n'
    assert (
        diagnose(Failure("NotImplementedError", "", traceback=f"{own}NotImplementedError\n")).kind
        == "unknown"
    )


OTHERS = [
    (
        "FileNotFoundError: [Errno 2] No such file or directory: 'data/a.csv'",
        "missing file",
        "file data/a.csv is",
    ),
    (
        "FileNotFoundError: [Errno 2] Unable to synchronously open file (unable to open file: name = 'w.h5', errno = "
        "2, error message = 'No such file or directory', flags = 0, o_flags = 0)",
        "missing file",
        "file w.h5 is",
    ),
    ("OSError: Unable to open file (unable to open file: name = 'w.h5', errno = 2)", "missing file", "w.h5"),
    (
        "ValueError: File not found: filepath=no.keras. Please ensure the file is an accessible `.keras` zip file.",
        "missing file",
        "file no.keras is",
    ),
    (
        "NotFoundError: {{function_node __wrapped__ReadFile}} /tmp/z; No such file or directory [Op:ReadFile]",
        "missing file",
        "file /tmp/z is",
    ),
    ("NotFoundError: Resource localhost/dense/kernel does not exist.", "unknown", "No rule"),
    ("ModuleNotFoundError: No module named 'keras_contrib'", "missing module", "GroupNormalization"),
    ("ModuleNotFoundError: No module named 'tensorflow_addons'", "missing module", "keras.optimizers"),
    ("ModuleNotFoundError: No module named 'cv2'", "missing module", "pip install opencv-python"),
    ("ModuleNotFoundError: No module named 'PIL.Image'", "missing module", "pip install pillow"),
    (
        "TBNotInstalledError: TensorBoard is not installed, missing implementation for tf.summary.scalar",
        "missing module",
        "pip install tensorboard",
    ),
    (
        "ImportError: You must install pydot (`pip install pydot`) for `plot_model` to work.",
        "missing module",
        "pip install pydot",
    ),
    (
        "ImportError: Could not import PIL.Image. The use of `load_img` requires PIL.",
        "missing module",
        "pillow",
    ),
    ("ModuleNotFoundError: No module named 'helpers'", "missing module", "beside the program"),
    ("ModuleNotFoundError: No module named 'tensorflow.contrib'", "missing module", "TensorFlow 1"),
    ("ModuleNotFoundError: No module named 'tensorflow.models'", "missing module", "tf.compat.v1"),
    ("URLError: <urlopen error [Errno -2] Name or service not known>", "network", "--offline"),
    (
        "Exception: URL fetch failure on http://a.b/x: None -- [Errno 111] Connection refused",
        "network",
        "Connect",
    ),
    ("ConnectionRefusedError: [Errno 111] Connection refused", "network", "network"),
    ("OSError: [Errno 28] No space left on device", "disk", "The disk is full"),
    ("OSError: [Errno 27] File too large: 'x'", "disk", "larger file"),
    ("SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?", "python", "Python 2"),
    ("SyntaxError: invalid syntax (<cell 3>, line 2)", "python", "Python cannot read"),
    ("NameError: name 'xrange' is not defined", "python", "instead: range"),
    ("AttributeError: 'generator' object has no attribute 'next'", "python", "next(...)"),
    ("AttributeError: 'dict' object has no attribute 'iteritems'", "python", "items()"),
    ("ModuleNotFoundError: No module named 'cPickle'", "python", "pickle"),
    (
        "AttributeError: module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias for the builtin "
        "`float`.",
        "python",
        "`np.float` is gone; what there is instead: float.",
    ),
    (
        "AttributeError: `np.Inf` was removed in the NumPy 2.0 release. Use `np.inf` instead.",
        "python",
        "np.inf",
    ),
    ("AttributeError: module 'numpy' has no attribute 'foo'", "python", "There is no `np.foo`"),
    ("ImportError: cannot import name 'imresize' from 'scipy.misc' (/x)", "python", "PIL.Image"),
    ("AttributeError: module 'scipy.misc' has no attribute 'imread'", "python", "imageio"),
    ("ModuleNotFoundError: No module named 'scipy.misc'", "python", "imageio"),
    ("ImportError: cannot import name 'joblib' from 'sklearn.externals' (/x)", "python", "import joblib"),
    ("ModuleNotFoundError: No module named 'sklearn.cross_validation'", "python", "model_selection"),
    ("AttributeError: module 'tensorflow' has no attribute 'Session'", "python", "TensorFlow 1"),
    ("AttributeError: module 'tensorflow' has no attribute 'foo'", "python", "tf.compat.v1"),
    (
        "RuntimeError: tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.",
        "python",
        "GradientTape",
    ),
    (
        "OSError: 'seaborn' is not a valid package style, path of style file, URL of style file, or library style name",
        "python",
        "seaborn-v0_8",
    ),
]


@pytest.mark.parametrize(("text", "kind", "words"), OTHERS)
def test_what_has_nothing_to_do_with_keras(text: str, kind: str, words: str) -> None:
    found = diagnose(failure(text), [CUT])
    assert (found.kind, found.codes) == (kind, ())
    assert words in found.sentence
    assert "\n" not in found.sentence


def test_a_missing_file_may_be_what_the_run_skipped() -> None:
    missing = failure("FileNotFoundError: [Errno 2] No such file or directory: 'data.zip'")
    assert "!wget http://example.org/data.zip" in diagnose(missing, [CUT, SKIPPED]).sentence
    assert "--full" in diagnose(missing, [CUT]).sentence
    assert "--full" not in diagnose(missing).sentence


@pytest.mark.parametrize(
    "text",
    [
        "IndexError: list index out of range",
        "KeyError: 'val_loss'",
        "ZeroDivisionError: division by zero",
        "ValueError: x and y must have same first dimension, but have shapes (2,) and (3,)",
        "ValueError: cannot reshape array of size 12 into shape (7,3)",
    ],
)
def test_what_smoke_mode_may_have_caused(text: str) -> None:
    for note in (CUT, REPLACED):
        found = diagnose(failure(text), [note])
        assert found.kind == "cut"
        assert note.text in found.sentence
        assert "--full" in found.sentence
    assert diagnose(failure(text)).kind == "unknown"
    assert diagnose(failure(text), [SKIPPED]).kind == "unknown"
    assert diagnose(failure(text, in_keras=True), [CUT]).kind == "unknown"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RuntimeError: the program gave up", ""),
        ("NameError: name 'model' is not defined", "model.fit(x)"),
        # Errors like those of Keras, of others.
        ("TypeError: plot() got an unexpected keyword argument 'foo'", "ax.plot(x, foo=1)"),
        ("AttributeError: 'Namespace' object has no attribute 'lr'", "args.lr"),
        ("AttributeError: 'str' object has no attribute 'name'", "person.name"),
        ("KeyError: 'accuracy'", "table['accuracy']"),
        ("AttributeError: 'Reader' object has no attribute 'next'", "reader.next()"),
        # Names that no table knows.
        ("AttributeError: module 'keras.backend' has no attribute 'frobnicate'", "K.frobnicate(x)"),
        ("ImportError: cannot import name 'Frob' from 'keras.layers' (/x)", ""),
    ],
)
def test_what_nobody_knows_is_said_to_be_unknown(text: str, code: str) -> None:
    found = diagnose(failure(text, code), [SKIPPED])
    assert (found.kind, found.codes) == ("unknown", ())
    assert "No rule knows this error" in found.sentence
    assert "not by Keras" in found.sentence


def test_an_unknown_error_of_keras_is_to_be_reported() -> None:
    found = diagnose(failure("ValueError: The moon must be a tensor.", in_keras=True), [CUT])
    assert found.kind == "unknown"
    assert "report" in found.sentence


def test_only_a_message_is_enough() -> None:
    assert diagnose(Failure("KeyError", "'acc'", code="h.history['acc']")).codes == ("KU204",)
