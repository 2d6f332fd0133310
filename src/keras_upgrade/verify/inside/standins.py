"""What a program gets in place of data, files and weights that it would download, and of what nobody can answer.

Functions of Keras are replaced wherever they can be reached: under each name of each module that holds them. Every
stand-in that is used leaves a note.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import re
import sys
import urllib.request
from types import FunctionType, ModuleType
from typing import Any, Callable, Iterable, Iterator, Tuple

from . import datasets, fetched, network, notes, packages, plots, unattended
from .downloads import DownloadError, Downloads, keras_homes

Function = Callable[..., Any]
Place = Tuple[str, str, Function]
"""Where a function can be reached: module, name, the function."""

_ROOTS = {"keras", "tf_keras", "tensorflow", "tensorflow_core", "keras_applications"}
# Where functions are defined. Other modules, those of the public API among them, take them over from there, some of
# them only later.
_DEFINITIONS = {
    "keras3": ["keras.src"],
    "tf_keras": ["tf_keras.src"],
    "keras2": ["keras.src", "keras", "tensorflow.python.keras", "tensorflow_core.python.keras"],
}
_DEFINING = ["utils.file_utils", "utils.data_utils", "utils.model_visualization", "utils.vis_utils"]
_CACHED_AS = {
    ("imdb", "get_word_index"): "imdb_word_index",
    ("reuters", "get_word_index"): "reuters_word_index",
    ("imdb", "load_data"): "imdb.",
    ("reuters", "load_data"): "reuters.",
    ("fashion_mnist", "load_data"): "fashion-mnist",
    ("cifar10", "load_data"): "cifar-10-",
    ("cifar100", "load_data"): "cifar-100-",
}


def install(side: str, *, offline: bool, smoke: bool, rows: int | None = None) -> None:
    """Put the stand-ins in place, in the process that is about to run a program.

    Args:
        side: which Keras the program runs on.
        offline: whether connections are blocked, and everything that is downloaded is made up.
        smoke: whether the program shall be quick: random weights instead of trained ones, no pauses, no commands.
        rows: how many samples synthetic sets have for training; None for as many as the real sets.
    """
    downloads = Downloads(offline=offline, smoke=smoke)
    if offline:
        network.block()
    unattended.install(skip_pauses=smoke, skip_commands=smoke or offline)
    packages.install()
    files = fetched.Files(downloads)
    urllib.request.urlretrieve = files.urlretrieve(urllib.request.urlretrieve)
    wget = _importable("wget")
    if wget is not None:
        wget.download = files.wget_download(wget.download)
    places = prepare(side)
    found = _Found(downloads, files, random_weights=smoke, rows=rows)
    _replace_everywhere(places, found.stand_ins(places))


@functools.lru_cache(maxsize=None)
def prepare(side: str) -> tuple[Place, ...]:
    """The places of all functions that are to be replaced.

    To go through all of Keras takes a while, so a process that forks for its programs does it before.
    """
    _import_definitions(side)
    functions = list(_keras_functions())
    nothing = Downloads(offline=True, smoke=True)
    found = _Found(nothing, fetched.Files(nothing), random_weights=True, rows=None)
    replaced = found.stand_ins(functions)
    return tuple(place for place in functions if id(place[2]) in replaced)


def _importable(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _import_definitions(side: str) -> None:
    """See to it that the modules are loaded in which Keras defines what is to be replaced, if Keras is."""
    names = [f"datasets.{name}" for name in datasets.loaders()] + _DEFINING
    for base in _DEFINITIONS[side]:
        if base.split(".")[0] in sys.modules and _importable(base) is not None:
            for name in names:
                _importable(f"{base}.{name}")


def _keras_functions() -> Iterator[Place]:
    """Functions of all loaded modules of Keras: module, name, function."""
    for module_name, module in list(sys.modules.items()):
        if module_name.split(".")[0] in _ROOTS and isinstance(module, ModuleType):
            for name, value in list(vars(module).items()):
                if isinstance(value, FunctionType):
                    yield module_name, name, value


def _replace_everywhere(places: Iterable[Place], stand_ins: dict[int, Function]) -> None:
    """Put stand-ins in place of the functions with these ids, in all modules of Keras."""
    for module_name, name, function in places:
        if id(function) in stand_ins:
            module = sys.modules[module_name]
            vars(module)[name] = stand_ins[id(function)]
            # TensorFlow 1 hides modules behind others, which look their names up in the hidden one.
            hidden = vars(module).get("_tfmw_wrapped_module")
            if isinstance(hidden, ModuleType) and name in vars(hidden):
                vars(hidden)[name] = stand_ins[id(function)]


class _Found:
    """Finds the functions that are to be replaced, and makes their stand-ins."""

    def __init__(
        self, downloads: Downloads, files: fetched.Files, *, random_weights: bool, rows: int | None
    ) -> None:
        self._downloads = downloads
        self._files = files
        self._random_weights = random_weights
        self._loaders = datasets.loaders(rows)

    def stand_ins(self, places: Iterable[Place]) -> dict[int, Function]:
        """Stand-ins of functions, by the ids of these."""
        made: dict[int, Function] = {}
        for module, name, function in places:
            if id(function) not in made:
                stand_in = self._stand_in(module.split("."), name, function)
                if stand_in is not None:
                    made[id(function)] = stand_in
        return made

    def _stand_in(self, module: list[str], name: str, function: Function) -> Function | None:
        last = module[-1]
        if "datasets" in module[-2:-1] and name in self._loaders.get(last, {}):
            return self._dataset(last, name, function)
        if last in ("file_utils", "data_utils") and name == "get_file":
            return self._files.get_file(function)
        if last in ("vis_utils", "model_visualization") and name in plots.STAND_INS:
            return plots.STAND_INS[name](function)
        if "applications" in module or module[0] == "keras_applications":
            return self._application(name, function)
        return None

    def _dataset(self, dataset: str, name: str, original: Function) -> Function:
        synthetic = self._loaders[dataset][name]

        @functools.wraps(original)
        def load(*args: Any, **kwargs: Any) -> Any:
            given = inspect.signature(original).bind(*args, **kwargs).arguments  # fails as the real one does
            if self._downloads.is_busy:
                return original(*args, **kwargs)
            if os.path.isabs(str(given.get("path", ""))) and os.path.exists(given["path"]):
                return self._downloads.undisturbed(lambda: original(*args, **kwargs))  # a file of the user
            try:
                return self._downloads.real(
                    lambda: original(*args, **kwargs), cached=_is_cached(dataset, name, given)
                )
            except DownloadError:
                made = synthetic(**_plain(original, given))
            notes.note("replaced", f"keras.datasets.{dataset}: {_described(made)}")
            return made

        return load

    def _application(self, name: str, original: Function) -> Function | None:
        """A model whose weights are random ones instead of those trained on ImageNet."""
        if not name[:1].isupper() or "weights" not in inspect.signature(original).parameters:
            return None

        @functools.wraps(original)
        def build(*args: Any, **kwargs: Any) -> Any:
            bound = inspect.signature(original).bind(*args, **kwargs)
            bound.apply_defaults()
            asked = bound.arguments
            is_wrong = asked.get("include_top") and asked.get("classes", 1000) != 1000
            if asked["weights"] != "imagenet" or is_wrong or self._downloads.is_busy:
                return original(*args, **kwargs)
            if not self._random_weights:
                try:
                    return self._downloads.real(lambda: original(*args, **kwargs), cached=False)
                except DownloadError:
                    pass  # so it gets random weights, as in a quick run
            notes.note("replaced", f"{name}: random weights instead of 'imagenet'")
            asked["weights"] = None
            return original(*bound.args, **bound.kwargs)

        return build


def _is_cached(dataset: str, name: str, given: dict[str, Any]) -> bool:
    """Whether what a data set is read from has been downloaded already."""
    start = str(given.get("path") or _CACHED_AS.get((dataset, name), dataset + "."))
    folders = [os.path.join(home, "datasets") for home in keras_homes()]
    return any(
        file.startswith(start) for folder in folders if os.path.isdir(folder) for file in os.listdir(folder)
    )


def _plain(original: Function, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments as the synthetic loaders take them."""
    wanted = dict(given)
    surplus = wanted.pop("kwargs", {})
    code = original.__code__
    if "nb_words" in code.co_consts and "nb_words" in surplus:  # what Keras 1 called it
        wanted["num_words"] = surplus.pop("nb_words")
    if surplus and "nb_words" in code.co_consts:
        raise TypeError(f"Unrecognized keyword arguments: {surplus}")
    backend = original.__globals__.get("backend") or original.__globals__.get("K")
    if "image_data_format" in code.co_names and backend is not None:
        wanted["channels_first"] = backend.image_data_format() == "channels_first"
    return wanted


def _described(made: Any) -> str:
    """What a loader made, for a note."""
    if isinstance(made, dict):
        return f"made-up words ({len(made)}) and their numbers"
    (inputs, _), (test_inputs, _) = made
    kind = "texts" if inputs.dtype == object else "images" if inputs.ndim > 2 else "rows"
    return re.sub(
        r"\s+", " ", f"synthetic {kind} ({len(inputs)} for training, {len(test_inputs)} for testing)"
    )
