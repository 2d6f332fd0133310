"""The variables of a process that runs programs."""

from __future__ import annotations

import os
from pathlib import Path

from keras_upgrade.verify.environments.cache import cache_folder
from keras_upgrade.verify.environments.interpreters import Environment

_DATA = {
    "NLTK_DATA": "nltk_data",
    "SCIKIT_LEARN_DATA": "scikit_learn_data",
    "TFDS_DATA_DIR": "tensorflow_datasets",
}
"""Where other libraries keep data sets below the home folder, and the variable that names the place."""


def variables(
    environment: Environment, work: Path, threads: int | None = None, *, gpu: bool = False
) -> dict[str, str]:
    """The variables of a process that runs programs.

    Its home and its temporary folder lie in the folder of the run and are made here, so that nothing lands in the
    user's. The data sets that Keras and others keep in the real home are found all the same.

    Args:
        environment: where the programs run.
        work: a folder of the run.
        threads: how many of them TensorFlow may use; None leaves that to it.
        gpu: whether it may use a graphics card.
    """
    home, temporary = work / "home", work / "tmp"
    plots = cache_folder() / "matplotlib"  # its list of fonts takes seconds to make
    for folder in (home, temporary, plots):
        folder.mkdir(parents=True, exist_ok=True)
    result = {name: value for name, value in os.environ.items() if not is_of_an_environment(name)}
    result |= {
        "PATH": f"{environment.python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "TMP": str(temporary),
        "TEMP": str(temporary),
        "KERAS_HOME": str(_keras_home(home)),
        "MPLCONFIGDIR": str(plots),
        "MPLBACKEND": "Agg",
        "KERAS_BACKEND": "tensorflow",
        "TF_USE_LEGACY_KERAS": "1" if environment.side == "tf_keras" else "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    if environment.user_base is not None:
        result["PYTHONUSERBASE"] = environment.user_base
    for variable, folder_name in _DATA.items():
        folder = Path.home() / folder_name
        if folder.is_dir():
            result.setdefault(variable, str(folder))
    if not gpu:
        result["CUDA_VISIBLE_DEVICES"] = "-1"
    if threads is not None:
        for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
            result[variable] = str(threads)
    return result


def _keras_home(home: Path) -> Path:
    """The folder of Keras's settings and data sets: the user's, or, if there is none, one in the tool's cache.

    Keras 2 as a part of TensorFlow looks below the home folder only, so that gets a link.
    """
    folder = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").absolute()
    if not folder.is_dir():
        folder = cache_folder() / "keras"
        folder.mkdir(parents=True, exist_ok=True)
    link = home / ".keras"
    if not link.is_symlink():
        link.symlink_to(folder)
    return folder


def is_of_an_environment(variable: str) -> bool:
    """Whether a variable belongs to the environment that the tool itself runs in."""
    return variable.startswith(("PYTHON", "CONDA_", "_CONDA")) or variable in (
        "VIRTUAL_ENV",
        "__PYVENV_LAUNCHER__",
    )
