"""SciPy, scikit-learn and distutils around Keras: what is rewritten, and what must stay."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.knowledge import neighbours

HEAD = "import keras\nimport numpy as np\n"


def fixed(program: str) -> str:
    outcome = migrate([loads(HEAD + program)])[0]
    assert outcome.failures == []
    return outcome.document.source.replace(HEAD, "")


def advice(program: str) -> list[str]:
    left = migrate([loads(HEAD + program)])[0].left
    assert {report.finding.code for report in left} <= {"KU904"}
    return [report.finding.message for report in left]


REWRITTEN = {
    "from sklearn.externals import joblib\njoblib.dump(1, 'a')\n": "import joblib\njoblib.dump(1, 'a')\n",
    "from sklearn.externals.joblib import Parallel, delayed\n": "from joblib import Parallel, delayed\n",
    "import sklearn.externals.joblib as jl\njl.load('a')\n": "import joblib as jl\njl.load('a')\n",
    "from sklearn.cross_validation import train_test_split\n": (
        "from sklearn.model_selection import train_test_split\n"
    ),
    "from sklearn import cross_validation, metrics\ncross_validation.train_test_split(x)\n": (
        "from sklearn import model_selection, metrics\nmodel_selection.train_test_split(x)\n"
    ),
    "import sklearn.cross_validation\nsklearn.cross_validation.train_test_split(x)\n": (
        "import sklearn.model_selection\nsklearn.model_selection.train_test_split(x)\n"
    ),
    "from sklearn.grid_search import GridSearchCV\n": "from sklearn.model_selection import GridSearchCV\n",
    "from scipy.misc import logsumexp, comb\n": "from scipy.special import logsumexp, comb\n",
    "from scipy import interp\ninterp(x, y, z)\n": "from numpy import interp\ninterp(x, y, z)\n",
    "from scipy.misc import imread, imresize\nx = 1\n": "x = 1\n",
    "import scipy\nscipy.zeros(3)\n": "np.zeros(3)\n",
    "import scipy\nimport scipy.misc\nscipy.misc.imsave('a.png', x)\n": "Image.fromarray(x).save('a.png')\n",
    "from scipy import misc\nx = misc.imread(p, mode='RGB').astype(float)\ny = misc.imresize(x, size)\n": (
        "x = np.array(Image.open(p).convert('RGB')).astype(float)\n"
        "y = np.array(Image.fromarray(np.uint8(x)).resize((size[1], size[0]), Image.BILINEAR))\n"
    ),
    "from scipy.ndimage import imread, zoom\nx = imread('a.jpg')\nzoom(x, 2)\n": (
        "from scipy.ndimage import zoom\nx = np.array(Image.open('a.jpg'))\nzoom(x, 2)\n"
    ),
    "from distutils.version import LooseVersion\nold = LooseVersion(keras.__version__) < LooseVersion('2')\n": (
        "from packaging.version import Version\nold = Version(keras.__version__) < Version('2')\n"
    ),
}


@pytest.mark.parametrize("before", REWRITTEN)
def test_rewritten(before: str) -> None:
    after = fixed(before)
    assert after.endswith(REWRITTEN[before])
    assert "scipy.misc" not in after
    assert fixed(after) == after


STAYS = [
    "try:\n    from sklearn.model_selection import train_test_split\nexcept ImportError:\n"
    "    from sklearn.cross_validation import train_test_split\n",
    "from sklearn.model_selection import KFold\nKFold(5, shuffle=True).split(x)\nKFold(n_splits=3)\n",
    "import scipy\nscipy.special.comb(3, 2)\nscipy.ndimage.zoom(x, 2)\n",
    "from skimage.io import imread\nimread('a.png')\n",
]


@pytest.mark.parametrize("code", STAYS)
def test_right_code_stays(code: str) -> None:
    assert fixed(code) == code
    assert advice(code) == []


ADVISED = {
    "from scipy.misc import imresize\nimresize(x, 0.5)\n": "PIL.Image",
    "from scipy.misc import toimage\ntoimage(x, cmin=0.0, cmax=1.0)\n": "stretched",
    "from scipy.misc import imread\nlist(map(imread, names))\n": "PIL.Image",
    "from distutils.version import LooseVersion\nold = LooseVersion(keras.__version__) < '2'\n": "packaging",
    "from distutils.util import strtobool\nstrtobool(x)\n": "lower()",
    "from sklearn.datasets import load_boston\nload_boston()\n": "california_housing",
    "from sklearn.model_selection import KFold\nKFold(len(x), n_folds=5)\n": "split(x, y)",
}


@pytest.mark.parametrize("code", ADVISED)
def test_advised(code: str) -> None:
    found = advice(code)
    assert fixed(code) == code
    assert len(found) == 1
    assert ADVISED[code] in found[0]


def test_a_helper_that_never_names_keras_belongs_to_the_program() -> None:
    helper = (
        "import numpy as np\nfrom scipy.misc import imread\n\n\ndef load(path):\n"
        "    return imread(path, mode='L').astype(np.float)\n"
    )
    documents = [
        loads("import keras\nfrom data import load\n\nx = load('a.png')\n", path=Path("/p/main.py")),
        loads(helper, path=Path("/p/data.py")),
        loads(helper, path=Path("/p/other.py")),
    ]
    main, used, other = (outcome.document.source for outcome in migrate(documents))
    assert main == documents[0].source
    assert "return np.array(Image.open(path).convert('L')).astype(float)" in used
    assert other == helper


@pytest.mark.slow
def test_the_new_places_are_there() -> None:
    for new in set(neighbours.MOVED.values()):
        parts = new.split(".")
        if find_spec(parts[0]) is None:
            continue
        for count in range(len(parts), 0, -1):
            try:
                found = import_module(".".join(parts[:count]))
            except ImportError:
                continue
            for name in parts[count:]:
                found = getattr(found, name)
            break
        else:
            raise AssertionError(new)
