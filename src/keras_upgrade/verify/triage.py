"""What is behind an error of a run: a rule that knows it, or something missing that has nothing to do with Keras.

An error is matched by its class, its message, and the line that failed. What nothing here knows is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keras_upgrade import explain
from keras_upgrade.knowledge import contrib, surface, tensorflow1
from keras_upgrade.rules import rule_of
from keras_upgrade.verify.results import Failure, Note

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """What is known about an error.

    Attributes:
        kind: `keras` (a rule knows it), `missing file`, `missing module`, `network`, `disk`, `python` (the language
            or a library around Keras has changed), `cut` (smoke mode may have caused it) or `unknown`.
        sentence: what it is, where it comes from, and what to do.
        codes: the rules that know it, best first; of the kind `keras` only.
    """

    kind: str
    sentence: str
    codes: tuple[str, ...] = ()


def diagnose(failure: Failure, notes: Sequence[Note] = ()) -> Diagnosis:
    """Finds out what is behind an error.

    Args:
        failure: the error.
        notes: what the run had cut, replaced or skipped.
    """
    for find in (_disk, _network, _library, _missing_module, _not_installed, _missing_file, _keras, _cut):
        found = find(failure, notes)
        if found is not None:
            return found
    return _unknown(failure)


def _error(failure: Failure) -> str:
    """The error as Python prints it below the traceback."""
    return f"{failure.type}: {failure.message}" if failure.message else failure.type


def _first_line(failure: Failure) -> str:
    line = re.sub(r"\x1b\[[0-9;]*m", "", _error(failure)).strip().partition("\n")[0].rstrip(". ")
    return line if len(line) <= 200 else f"{line[:199]}…"


# -- what is not there -------------------------------------------------------------------------------

_FULL = re.compile(r"\[Errno 28\]|No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)
_TOO_LARGE = re.compile(r"\[Errno 27\]|File too large")
_NETWORK_TYPES = re.compile(
    r"URLError|HTTPError|ConnectionError|Connection(Refused|Reset|Aborted)Error|ConnectTimeout|ReadTimeout|gaierror"
    r"|SSLError|MaxRetryError|NewConnectionError|RemoteDisconnected|InvalidURL"
)
_NETWORK = re.compile(
    r"URL fetch failure|urlopen error|Name or service not known|Temporary failure in name resolution"
    r"|Connection refused|Network is unreachable|Failed to establish a new connection|nodename nor servname"
    r"|no network"
)
_NO_FILE = (
    re.compile(r"No such file or directory: b?(?P<name>'[^']+'|\"[^\"]+\"|\S+)"),
    re.compile(r"Unable to (?:synchronously )?open file \(unable to open file: name = (?P<name>'[^']+')"),
    re.compile(r"File not found: filepath=(?P<name>\S+?)\.?(?=\s|$)"),
    re.compile(r"(?P<name>[^\s;]+); No such file or directory"),
    re.compile(r"(?P<name>\S+[/.]\S+) (?:not found|does not exist)\.?$"),
    re.compile(r"[Uu]nable to (?:synchronously )?open (?:file|object)(?P<name>)"),
    re.compile(r"No such file or directory(?P<name>)"),
)
_FILE_TYPES = ("FileNotFoundError", "OSError", "IOError", "NotFoundError")
_KERAS_FILE = re.compile(r"File not found: filepath=|No such file or directory")


def _disk(failure: Failure, _: Sequence[Note]) -> Diagnosis | None:
    text = _error(failure)
    if _FULL.search(text):
        return Diagnosis(
            "disk", f"The disk is full ({_first_line(failure)}). Free some space and run it again."
        )
    if failure.type in _FILE_TYPES and _TOO_LARGE.search(text):
        return Diagnosis(
            "disk", f"The program wrote a larger file than a run may write ({_first_line(failure)})."
        )
    return None


def _network(failure: Failure, _: Sequence[Note]) -> Diagnosis | None:
    if not _NETWORK_TYPES.fullmatch(failure.type) and not _NETWORK.search(failure.message):
        return None
    return Diagnosis(
        "network",
        f"The program wants something from the network, which did not answer or is kept away by --offline "
        f"({_first_line(failure)}). Connect, or put what it downloads beside the program.",
    )


def _missing_file(failure: Failure, notes: Sequence[Note]) -> Diagnosis | None:
    text = failure.message
    if failure.type not in _FILE_TYPES and not _KERAS_FILE.search(text):
        return None
    match = next((match for pattern in _NO_FILE if (match := pattern.search(text)) is not None), None)
    if match is None and failure.type != "FileNotFoundError":
        return None
    if (
        failure.type == "NotFoundError" and "No such file" not in text
    ):  # of TensorFlow: a variable, an operation
        return None
    name = match["name"].strip("'\"") if match is not None else ""
    what = f"The file {name} is not there" if name else f"A file is not there ({_first_line(failure)})"
    skipped = [note.text for note in notes if note.kind == "skipped"]
    if skipped:
        reason = (
            f"the run skipped what may have made it ({_some(skipped)}): make it by hand, beside the program"
        )
    elif _were_cut(notes):
        reason = (
            "put it beside the program, or, if the program writes it itself, run with --full: smoke mode may "
        )
        reason += "have cut that"
    else:
        reason = "put it where the program looks for it"
    return Diagnosis("missing file", f"{what}; {reason}.")


def _some(texts: Sequence[str]) -> str:
    """The first two, and how many more."""
    more = f" and {len(texts) - 2} more" if len(texts) > 2 else ""
    return f"{'; '.join(texts[:2])}{more}"


# -- modules -----------------------------------------------------------------------------------------

_NO_MODULE = re.compile(r"No module named '?(?P<name>[\w.]+)'?")
_ON_KERAS = re.compile(r"(tensorflow\.(python\.)?)?keras(\.|$)")
_DISTRIBUTIONS = {
    "Bio": "biopython",
    "IPython": "ipython",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "kerastuner": "keras-tuner",
    "pydicom": "pydicom",
    "scikeras": "scikeras",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "tf_keras": "tf_keras",
    "umap": "umap-learn",
    "yaml": "pyyaml",
}
"""What to install for a module of another name."""
_INSTEAD = contrib.PACKAGES | {
    "google.colab": "It exists on Google Colab only; take these lines out, or put them behind a test for Colab",
    "tensorflow.contrib": "It went with TensorFlow 1; much of it is in tf, tf.compat.v1 or Keras under another name",
    "tensorflow.examples": "It went with TensorFlow 1; keras.datasets.mnist loads the MNIST data",
    "theano": "Keras 3 runs on TensorFlow, JAX or PyTorch; rewrite what uses it with keras.ops",
}
"""What Keras 3, or another place, has in place of a module."""


_NOT_INSTALLED = re.compile(
    r"(?P<name>TensorBoard|pydot|graphviz|Pillow|PIL(?:\.Image)?|h5py|pandas|scipy|SciPy)\b[^.\n]{0,40}"
    r"(?:is not installed|must be installed|not found)"
    r"|(?:You must install|Could not import|[Rr]equires) `?(?P<other>pydot|graphviz|PIL(?:\.Image)?|h5py|pandas|scipy)\b"
)
"""How Keras and TensorFlow say that they miss an optional package."""


def _not_installed(failure: Failure, _: Sequence[Note]) -> Diagnosis | None:
    match = _NOT_INSTALLED.search(failure.message)
    if match is None:
        return None
    name = (match["name"] or match["other"]).lower()
    distribution = "pillow" if name.startswith("pil") else name
    return Diagnosis(
        "missing module",
        f"{failure.type}: {_first_sentence(failure.message).rstrip('.')}. Install it where the program runs: "
        f"pip install {distribution}.",
    )


def _missing_module(failure: Failure, _: Sequence[Note]) -> Diagnosis | None:
    match = _NO_MODULE.search(failure.message)
    if match is None or failure.type not in ("ModuleNotFoundError", "ImportError"):
        return None
    name = match["name"]
    if _ON_KERAS.match(name):
        return None
    top = name.partition(".")[0]
    instead = next((text for module, text in _INSTEAD.items() if f"{name}.".startswith(f"{module}.")), None)
    if instead is not None:
        return Diagnosis("missing module", f"The module {name} is not installed. {instead}.")
    if name.startswith("tensorflow."):
        todo = "TensorFlow has none of this name any more; the public ones are below `tf` and `tf.compat.v1`"
    elif top in _DISTRIBUTIONS:
        todo = f"Install it where the program runs: pip install {_DISTRIBUTIONS[top]}"
    else:
        todo = (
            "If it is a package, install it where the program runs (pip install); if it is a file of the program's "
            "own, put it beside the program"
        )
    return Diagnosis("missing module", f"The module {name} is not there. {todo}.")


# -- the language, and libraries around Keras ----------------------------------------------------------

_NUMPY = {
    "Inf": "np.inf",
    "NaN": "np.nan",
    "alltrue": "np.all",
    "asscalar": "x.item()",
    "bool": "bool",
    "bool8": "np.bool_",
    "complex": "complex",
    "complex_": "np.complex128",
    "cumproduct": "np.cumprod",
    "float": "float",
    "float_": "np.float64",
    "in1d": "np.isin",
    "infty": "np.inf",
    "int": "int",
    "int0": "np.intp",
    "long": "int",
    "mat": "np.asmatrix",
    "object": "object",
    "product": "np.prod",
    "row_stack": "np.vstack",
    "sometrue": "np.any",
    "str": "str",
    "string_": "np.bytes_",
    "trapz": "np.trapezoid",
    "unicode": "str",
    "unicode_": "np.str_",
}
_SCIPY_MISC = {
    "ascent": "scipy.datasets.ascent",
    "face": "scipy.datasets.face",
    "fromimage": "np.asarray(image)",
    "imread": "imageio.imread or matplotlib.pyplot.imread",
    "imresize": "PIL.Image.fromarray(x).resize(...)",
    "imsave": "imageio.imwrite or matplotlib.pyplot.imsave",
    "logsumexp": "scipy.special.logsumexp",
    "toimage": "PIL.Image.fromarray",
}
_SKLEARN = {
    "cross_validation": "sklearn.model_selection",
    "externals": "the package itself (`import joblib`)",
    "grid_search": "sklearn.model_selection",
}
_PYTHON_2_NAMES = {
    "basestring": "str",
    "execfile": "exec(open(path).read())",
    "long": "int",
    "raw_input": "input",
    "reduce": "functools.reduce",
    "reload": "importlib.reload",
    "unichr": "chr",
    "unicode": "str",
    "xrange": "range",
}
_PYTHON_2_MODULES = {
    "ConfigParser": "configparser",
    "Queue": "queue",
    "StringIO": "io",
    "Tkinter": "tkinter",
    "cPickle": "pickle",
    "commands": "subprocess",
    "distutils": "setuptools or packaging",
    "imp": "importlib",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
}
_MEMBERS = {
    "append": "pd.concat",
    "as_matrix": "to_numpy()",
    "has_key": "`key in dictionary`",
    "iteritems": "items()",
    "iterkeys": "keys()",
    "itervalues": "values()",
    "ix": "loc or iloc",
    "next": "next(...)",
}


def _new_name(old: str, table: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    """The sentence of a name that is gone; `old` is how it is written, with `{}` for the name."""

    def sentence(match: re.Match[str]) -> str:
        name = match["name"]
        written = old.format(name)
        if name in table:
            return f"`{written}` is gone; what there is instead: {table[name]}."
        return f"There is no `{written}`."

    return sentence


def _says(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text


def _any(table: Mapping[str, str]) -> str:
    return f"(?P<name>{'|'.join(table)})"


_LIBRARIES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (
            r"SyntaxError: (?:Missing parentheses in call to '(print|exec)'|leading zeros in decimal integer"
            r"|multiple exception types must be parenthesized)",
            _says("This is Python 2; `2to3`, or a few edits by hand, make Python 3 of it."),
        ),
        (r"(?:Tab|Indentation)Error: ", _says("The lines are not indented as Python 3 wants it.")),
        (r"SyntaxError: ", _says("Python cannot read this line.")),
        (rf"NameError: (?:global )?name '{_any(_PYTHON_2_NAMES)}'", _new_name("{}", _PYTHON_2_NAMES)),
        (rf"No module named '?{_any(_PYTHON_2_MODULES)}'?(?![\w.])", _new_name("{}", _PYTHON_2_MODULES)),
        (
            r"'(?:dict|DataFrame|Series|generator|\w*_iterator|zip|map|enumerate)' object has no attribute "
            rf"'{_any(_MEMBERS)}'",
            _new_name(".{}", _MEMBERS),
        ),
        (
            r"'str' object has no attribute 'decode'",
            _says(
                "Text needs no `decode` in Python 3; leave it out (in Keras 2.3 itself: h5py has to be below 3)."
            ),
        ),
        (
            r"(?:module 'itertools' has no attribute|cannot import name) 'i(?P<name>zip|map|filter)'",
            _new_name("itertools.i{}", {"zip": "zip", "map": "map", "filter": "filter"}),
        ),
        (
            r"(?:cannot import name '(\w+)' from 'collections'|module 'collections' has no attribute)",
            _says("The abstract classes of `collections` are in `collections.abc`."),
        ),
        (r"module 'numpy' has no attribute '(?P<name>\w+)'", _new_name("np.{}", _NUMPY)),
        (r"`np\.(?P<name>\w+)` was removed in the NumPy 2", _new_name("np.{}", _NUMPY)),
        (
            r"inhomogeneous shape after",
            _says(
                "NumPy makes no array of lists of different lengths any more, unless it gets dtype=object."
            ),
        ),
        (
            r"Object arrays cannot be loaded when allow_pickle=False",
            _says("`np.load` reads arrays of objects only with allow_pickle=True."),
        ),
        (
            r"(?:cannot import name '(?P<name>\w+)' from 'scipy\.misc'|module 'scipy\.misc' has no attribute "
            r"'(?P<member>\w+)'|No module named 'scipy\.misc)",
            lambda match: _of_scipy(match["name"] or match["member"]),
        ),
        (
            rf"(?:No module named 'sklearn\.|from 'sklearn\.){_any(_SKLEARN)}",
            _new_name("sklearn.{}", _SKLEARN),
        ),
        (
            r"'(?P<name>seaborn[\w-]*)' is not a valid package style",
            _says("Matplotlib's styles of this name begin with `seaborn-v0_8` now."),
        ),
        (
            r"module 'PIL\.Image' has no attribute '(?P<name>ANTIALIAS)'",
            _new_name("Image.{}", {"ANTIALIAS": "Image.LANCZOS"}),
        ),
        (
            r"tf\.gradients is not supported when eager execution is enabled",
            _says("TensorFlow 2 takes gradients with `tf.GradientTape`."),
        ),
        (
            r"module 'tensorflow' has no attribute '(?P<name>\w+)'",
            lambda match: _of_tensorflow(match["name"]),
        ),
    )
)


def _of_scipy(name: str | None) -> str:
    if name is None or name not in _SCIPY_MISC:
        return "`scipy.misc` is empty or gone; its functions are in other places of SciPy, in imageio and in PIL."
    return f"`scipy.misc.{name}` is gone; what there is instead: {_SCIPY_MISC[name]}."


def _of_tensorflow(name: str) -> str:
    instead = tensorflow1.instead(name)
    if instead is not None:
        return f"`tf.{name}` is of TensorFlow 1; what there is instead: {instead}."
    return f"TensorFlow 2 has no `tf.{name}`; if it is of TensorFlow 1, it may be in `tf.compat.v1`."


def _library(failure: Failure, _: Sequence[Note]) -> Diagnosis | None:
    text = _error(failure)
    for pattern, sentence in _LIBRARIES:
        match = pattern.search(text)
        if match is not None:
            return Diagnosis("python", f"{sentence(match)} ({_first_line(failure)})")
    return None


# -- Keras -------------------------------------------------------------------------------------------

_ANYWHERE: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"got an unexpected keyword argument"), re.compile(r"\.(fit|evaluate|predict|compile)\w*\(")),
    (re.compile(r"KeyError: '(val_)?acc"), re.compile(r"hist|log|metric|score", re.IGNORECASE)),
    (re.compile(r"object has no attribute 'next'"), re.compile(r"Iterator' object")),
    (
        re.compile(r"'str' object has no attribute 'name'"),
        re.compile(r"set_value|get_value|learning_rate|\blr\b"),
    ),
    (re.compile(r"^NotImplementedError\s*$"), re.compile(r"add_loss|add_metric")),
)
"""Messages that Keras has no monopoly on, and what in the failing line, or in the message, speaks for Keras."""
_OWN_ATTRIBUTE = re.compile(r"'(?P<owner>\w+)' object has no attribute 'lr'")


def _keras(failure: Failure, _: Sequence[Note]) -> Diagnosis | None:
    found = explain.answer(failure.traceback or f"{failure.code}\n{_error(failure)}")
    if not found.sure or not (found.facts or failure.in_keras or _speaks_for_keras(failure)):
        return None
    if not found.codes:
        return Diagnosis("keras", found.fix)
    rule = rule_of(found.codes[0])
    assert rule is not None
    known = " ".join(f"{fact.rstrip('.')}." for fact in found.facts)
    known = known or f"{rule.title}. {_first_sentence(found.fix)}"
    todo = (
        f"`keras-upgrade fix` mends it where it can be sure; more: keras-upgrade explain {rule.code}"
        if found.fixed
        else f"You have to decide; more: keras-upgrade explain {rule.code}"
    )
    return Diagnosis("keras", f"{rule.code} {rule.name}: {known} {todo}.", found.codes)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]


def _speaks_for_keras(failure: Failure) -> bool:
    """Whether an error that was not raised in Keras is one of those that only come with Keras."""
    text = _error(failure)
    attribute = _OWN_ATTRIBUTE.search(text)
    if attribute is not None:
        return surface.exists(f"keras.optimizers.{attribute['owner']}")
    for message, sign in _ANYWHERE:
        if message.search(text):
            return sign.search(f"{failure.code}\n{text}") is not None
    return True


# -- what the cuts did, and what nobody knows --------------------------------------------------------

_OF_CUTS = (
    re.compile(r"^(IndexError|ZeroDivisionError|StopIteration)\b"),
    re.compile(r"^KeyError\b"),
    re.compile(r"x and y must have same first dimension|x and y must be the same size"),
    re.compile(r"cannot reshape array of size|could not be broadcast|shape mismatch|shapes? .* not aligned"),
    re.compile(
        r"must be the same length|same length|inconsistent numbers of samples|Length (of values|mismatch)"
    ),
    re.compile(r"(not enough|too many) values to unpack|iterable argument is empty|arg is an empty sequence"),
    re.compile(r"zero-size array|Found array with 0|n_samples=\d+|[Ll]arger sample than population"),
    re.compile(r"NaN|Mean of empty|must be (greater|larger|less|smaller|at least|between)"),
)


def _were_cut(notes: Sequence[Note]) -> list[str]:
    return [note.text for note in notes if note.kind in ("cut", "replaced")]


def _cut(failure: Failure, notes: Sequence[Note]) -> Diagnosis | None:
    changed = _were_cut(notes)
    text = _error(failure)
    if failure.in_keras or not changed or not any(pattern.search(text) for pattern in _OF_CUTS):
        return None
    return Diagnosis(
        "cut",
        f"{_first_line(failure)}: this may come from what smoke mode changed ({_some(changed)}). "
        "Run it with --full to be sure.",
    )


def _unknown(failure: Failure) -> Diagnosis:
    if failure.in_keras:
        where = (
            "Keras or TensorFlow raised it: if Keras 2 did not, please report it, with the line that failed"
        )
    else:
        where = "it was raised by the program or by another library, not by Keras"
    return Diagnosis("unknown", f"No rule knows this error ({_first_line(failure)}); {where}.")
