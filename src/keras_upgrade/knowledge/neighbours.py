"""What became of names of SciPy, scikit-learn and the standard library that Keras 2 programs use."""

MOVED = {
    # scikit-learn 0.20 and 0.23
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.datasets.samples_generator": "sklearn.datasets",
    "sklearn.externals.joblib": "joblib",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.learning_curve": "sklearn.model_selection",
    "sklearn.metrics.classification": "sklearn.metrics",
    "sklearn.metrics.ranking": "sklearn.metrics",
    "sklearn.metrics.regression": "sklearn.metrics",
    "sklearn.preprocessing.data": "sklearn.preprocessing",
    "sklearn.preprocessing.label": "sklearn.preprocessing",
    # SciPy 1.0 to 1.12
    "scipy.misc.ascent": "scipy.datasets.ascent",
    "scipy.misc.comb": "scipy.special.comb",
    "scipy.misc.face": "scipy.datasets.face",
    "scipy.misc.factorial": "scipy.special.factorial",
    "scipy.misc.factorial2": "scipy.special.factorial2",
    "scipy.misc.logsumexp": "scipy.special.logsumexp",
    "scipy.misc.pade": "scipy.interpolate.pade",
    **{
        f"scipy.{name}": f"numpy.{name}"
        for name in (
            "arange", "argmax", "argmin", "array", "asarray", "average", "ceil", "concatenate", "cos", "diag", "dot", "exp",
            "expand_dims", "eye", "floor", "interp", "linspace", "log", "log10", "mean", "median", "ones", "pi", "reshape",
            "round", "sign", "sin", "sqrt", "std", "sum", "tanh", "transpose", "var", "vstack", "where", "zeros",
        )
    },
    "scipy.randn": "numpy.random.randn",
}  # fmt: skip
"""Modules and names, by their dotted paths; what is in a module has moved with it."""

IMAGES = {
    "scipy.misc.fromimage": "im, flatten=False, mode=None",
    "scipy.misc.imread": "name, flatten=False, mode=None",
    "scipy.misc.imresize": "arr, size, interp='bilinear', mode=None",
    "scipy.misc.imrotate": "arr, angle, interp='bilinear'",
    "scipy.misc.imsave": "name, arr, format=None",
    "scipy.misc.toimage": "arr, high=255, low=0, cmin=None, cmax=None, pal=None, mode=None, channel_axis=None",
    "scipy.ndimage.imread": "name, flatten=False, mode=None",
}
"""Functions on images, which were thin wrappers around PIL, with their parameters."""

ADVICE = {
    "scipy.misc.bytescale": "`(x - x.min()) / (x.max() - x.min()) * 255`, as bytes.",
    "scipy.misc.central_diff_weights": "the package `findiff`, or the few lines of its source.",
    "scipy.misc.derivative": "`(f(x + h) - f(x - h)) / (2 * h)`; `scipy.differentiate` in recent versions.",
    "scipy.misc.electrocardiogram": "`scipy.datasets.electrocardiogram`.",
    "scipy.misc.imfilter": "`PIL.Image.fromarray(x).filter(...)`.",
    "scipy.misc.imshow": "`matplotlib.pyplot.imshow`.",
    "scipy.misc.lena": "`scipy.datasets.face`.",
    "sklearn.datasets.fetch_mldata": "`fetch_openml`; the MNIST data are `keras.datasets.mnist.load_data()`.",
    "sklearn.datasets.load_boston": "`keras.datasets.california_housing`; the old numbers are in `boston_housing`.",
    "sklearn.externals.six": "Python 3 needs no `six`; or the package `six` itself.",
    "sklearn.preprocessing.Imputer": "`sklearn.impute.SimpleImputer`, which works along columns only.",
    "distutils.core": "`setuptools`, which has `setup` and `Extension`.",
    "distutils.dir_util": "`shutil.copytree(source, target, dirs_exist_ok=True)`, `os.makedirs(path, exist_ok=True)`.",
    "distutils.spawn": "`shutil.which(name)`.",
    "distutils.sysconfig": "`sysconfig`.",
    "distutils.util": "write `strtobool` out: `text.lower() in ('y', 'yes', 't', 'true', 'on', '1')`.",
    "distutils.version": "`packaging.version.Version`, which compares with versions, not with text.",
}
"""What to do by hand, by the beginning of the path."""

SPLITTERS = frozenset(
    f"sklearn.{module}.{name}"
    for module in ("cross_validation", "model_selection")
    for name in ("KFold", "LeaveOneOut", "ShuffleSplit", "StratifiedKFold", "StratifiedShuffleSplit")
)
"""They got the data in the constructor once, today in `split(x, y)`."""
OLD_SPLITTER_ARGUMENTS = frozenset({"n", "n_folds", "n_iter", "y"})


def moved(path: str) -> str | None:
    """Where a name is now; None if it has not moved."""
    parts = path.split(".")
    for count in range(len(parts), 1, -1):
        prefix = ".".join(parts[:count])
        if prefix in MOVED:
            return MOVED[prefix] + path[len(prefix) :]
    return None


def advice(path: str) -> str | None:
    """What to do by hand about a name; None if there is nothing to do."""
    parts = path.split(".")
    prefixes = [".".join(parts[:count]) for count in range(len(parts), 1, -1)]
    return next((ADVICE[prefix] for prefix in prefixes if prefix in ADVICE), None)
