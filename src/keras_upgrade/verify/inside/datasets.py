"""Synthetic stand-ins for `keras.datasets`: the real sizes, shapes, dtypes and ranges of values, made in no time.

Programs count on the sizes (`x_train.reshape(60000, 784)`, `x_train[:10000]` for validation), so they are those of
the real sets; a few hundred distinct samples are repeated until there are enough. A small network can learn them.
The random numbers come from a generator of each set's own, so the program's seeds stay as they are.
"""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Callable, NamedTuple

Loader = Callable[..., Any]

DISTINCT = 250  # samples that differ, before they are repeated
LEAST_ROWS = 64
IMDB_WORDS, REUTERS_WORDS = 88584, 30979
_SENTENCE = (
    "the and a of to is br in it i this that was as for with movie but film on not you are his have be one he all at "
    "by an they so who from like or just her out about it's has if some there what good more when very up no time my "
    "even would she which only really story see their had can me well were than much bad get been other great do made"
)
_COMMON_WORDS = _SENTENCE.split()


class Sizes(NamedTuple):
    """Numbers of samples for training and for testing."""

    train: int
    test: int


class Images(NamedTuple):
    """A set of labelled images."""

    name: str
    shape: tuple[int, ...]
    classes: int
    sizes: Sizes
    label_type: str


class Texts(NamedTuple):
    """A set of labelled texts, which are lists of word numbers."""

    name: str
    classes: int
    words: int
    sizes: Sizes


_IMAGES = [
    Images("mnist", (28, 28), 10, Sizes(60000, 10000), "uint8"),
    Images("fashion_mnist", (28, 28), 10, Sizes(60000, 10000), "uint8"),
    Images("cifar10", (32, 32, 3), 10, Sizes(50000, 10000), "uint8"),
    Images("cifar100", (32, 32, 3), 100, Sizes(50000, 10000), "int64"),
]
_TEXTS = [
    Texts("imdb", 2, IMDB_WORDS, Sizes(25000, 25000)),
    Texts("reuters", 46, REUTERS_WORDS, Sizes(8982, 2246)),
]


def loaders(rows: int | None = None) -> dict[str, dict[str, Loader]]:
    """Functions to put in place of those of each module of `keras.datasets`.

    Args:
        rows: how many samples for training (a quarter of it for testing); None for the real numbers.
    """
    made: dict[str, dict[str, Loader]] = {}
    for images in _IMAGES:
        made[images.name] = {"load_data": _image_loader(images._replace(sizes=_sizes(images.sizes, rows)))}
    for texts in _TEXTS:
        made[texts.name] = {
            "load_data": _text_loader(texts._replace(sizes=_sizes(texts.sizes, rows))),
            "get_word_index": _word_index_loader(texts.words),
        }
    made["boston_housing"] = {"load_data": _boston_loader(rows)}
    made["california_housing"] = {"load_data": _california_loader(rows)}
    return made


def word_index(words: int) -> dict[str, int]:
    """Words and their numbers, from 1 on, the common ones first."""
    index = {word: number for number, word in enumerate(_COMMON_WORDS, 1)}
    index.update((f"word{number}", number) for number in range(len(index) + 1, words + 1))
    return index


def learnable_images(name: str, count: int, shape: tuple[int, ...], labels: Any) -> Any:
    """Noise with a bright square whose place tells the class, as bytes."""
    random = random_of(name)
    images = random.randint(0, 60, size=(count, *shape))
    side = max(2, min(shape[:2]) // 4)
    for image, label in zip(images, labels):
        row, column = (int(label) * 7) % (shape[0] - side), (int(label) * 3) % (shape[1] - side)
        image[row : row + side, column : column + side] = 255 - int(label) % 100
    return images.astype("uint8")


def random_of(name: str) -> Any:
    """A generator of random numbers of its own for each name."""
    return _numpy().random.RandomState(zlib.crc32(name.encode()))


def _numpy() -> Any:
    return importlib.import_module("numpy")


def _sizes(real: Sizes, rows: int | None) -> Sizes:
    if rows is None:
        return real
    rows = max(rows, LEAST_ROWS)
    return Sizes(rows, max(rows // 4, LEAST_ROWS))


def _distinct_labels(name: str, classes: int) -> Any:
    """Labels of the distinct samples: each class equally often, the highest one first.

    Programs that count the classes with `max(labels) + 1` are thus right with any number of samples.
    """
    count = -(-DISTINCT // classes) * classes
    labels = random_of(name + "/labels").permutation(count) % classes
    first = int((labels == classes - 1).argmax())
    labels[[0, first]] = labels[[first, 0]]
    return labels


def _image_loader(images: Images) -> Loader:
    def load_data(
        path: str | None = None,  # noqa: ARG001 (a name in the cache)
        label_mode: str = "fine",
        channels_first: bool = False,
    ) -> Any:
        if label_mode not in ("fine", "coarse"):
            raise ValueError(
                f"`label_mode` must be one of `'fine'`, `'coarse'`. Received: label_mode={label_mode}."
            )
        wanted = images._replace(classes=20) if label_mode == "coarse" else images
        return tuple(
            _image_half(wanted, part, size, channels_first)
            for part, size in zip(("train", "test"), images.sizes)
        )

    return load_data


def _image_half(images: Images, part: str, size: int, channels_first: bool) -> tuple[Any, Any]:
    name = f"{images.name}/{part}"
    labels = _distinct_labels(name, images.classes)
    pixels = learnable_images(name, len(labels), images.shape, labels)
    if channels_first and len(images.shape) == 3:
        pixels = pixels.transpose(0, 3, 1, 2)
    repeated = _numpy().arange(size) % len(labels)
    labels = labels.astype(images.label_type)[repeated]
    if len(images.shape) == 3:
        labels = labels.reshape(-1, 1)  # the CIFAR sets have a column of them
    return pixels[repeated], labels


def _text_loader(texts: Texts) -> Loader:
    def load_data(
        path: str = "",  # noqa: ARG001 (a name in the cache)
        num_words: int | None = None,
        skip_top: int = 0,
        maxlen: int | None = None,
        test_split: float = 0.2,
        seed: int = 113,
        start_char: int | None = 1,
        oov_char: int | None = 2,
        index_from: int | None = 3,
    ) -> Any:
        offset = index_from or 0
        limit = num_words or texts.words + offset + 1
        sizes = _split(sum(texts.sizes), test_split) if texts.name == "reuters" else texts.sizes

        def as_seen(text: list[int]) -> list[int]:
            """What `load_data` makes of a text, given the numbers of its words."""
            numbers = [number + offset for number in text]
            if start_char is not None:
                numbers.insert(0, start_char)
            if oov_char is None:
                return [number for number in numbers if skip_top <= number < limit]
            return [number if skip_top <= number < limit else oov_char for number in numbers]

        def half(part: str, size: int) -> tuple[Any, Any]:
            distinct, labels = _distinct_texts(texts, part, maxlen)
            distinct[0][1] = max(1, limit - 1 - offset)  # some programs look for the highest number
            return _repeated_texts([as_seen(text) for text in distinct], labels, size, seed)

        return half("train", sizes.train), half("test", sizes.test)

    return load_data


def _distinct_texts(texts: Texts, part: str, maxlen: int | None) -> tuple[list[list[int]], Any]:
    """Short texts, most of their words common ones, and every third one telling the class."""
    name = f"{texts.name}/{part}"
    random = random_of(name)
    labels = _distinct_labels(name, texts.classes)
    longest = 60 if not maxlen else max(3, min(60, maxlen - 2))  # real texts that reach `maxlen` are dropped
    made = []
    for label in labels:
        length = random.randint(min(20, longest), longest + 1)
        words = (texts.words ** random.uniform(0, 1, size=length)).astype("int64")
        words[::3] = 10 + label
        made.append([int(word) for word in words])
    return made, labels


def _repeated_texts(distinct: list[list[int]], labels: Any, size: int, seed: int) -> tuple[Any, Any]:
    """As many texts as wanted, shuffled by the seed; each is a list of its own, as programs may change it."""
    numpy = _numpy()
    order = numpy.random.RandomState(seed).permutation(numpy.arange(size) % len(distinct))
    order[0] = 0  # the one with the highest number and the last class
    repeated = numpy.empty(size, dtype=object)
    for place, number in enumerate(order):
        repeated[place] = list(distinct[number])
    return repeated, labels[order].astype("int64")


def _word_index_loader(words: int) -> Loader:
    def get_word_index(path: str = "") -> dict[str, int]:  # noqa: ARG001 (a name in the cache)
        return word_index(words)

    return get_word_index


def _split(count: int, test_split: float) -> Sizes:
    if not 0 <= test_split < 1:
        raise ValueError(
            f"Invalid `test_split` argument: {test_split}. It must be between 0 and 1 (exclusive of 1)."
        )
    train = int(count * (1 - test_split))
    return Sizes(train, count - train)


def _boston_loader(rows: int | None) -> Loader:
    def load_data(
        path: str = "",  # noqa: ARG001 (a name in the cache)
        test_split: float = 0.2,
        seed: int = 113,
    ) -> Any:
        count = 506 if rows is None else sum(_sizes(Sizes(404, 102), rows))
        features, weighted = _table("boston_housing", count, 13)
        return _shuffled_split(features, 10 + 40 * weighted, test_split, seed)

    return load_data


def _california_loader(rows: int | None) -> Loader:
    def load_data(
        version: str = "large",
        path: str = "",  # noqa: ARG001 (a name in the cache)
        test_split: float = 0.2,
        seed: int = 113,
    ) -> Any:
        if version not in ("small", "large"):
            raise ValueError(
                f"Argument `version` must be one of 'small', 'large'. Received: version={version}"
            )
        count = 600 if version == "small" else 20640
        if rows is not None:
            count = sum(_sizes(Sizes(count, count), rows))
        features, weighted = _table("california_housing", count, 8)
        prices = 15000 + 485000 * weighted
        return _shuffled_split(features.astype("float32"), prices.astype("float32"), test_split, seed)

    return load_data


def _table(name: str, count: int, columns: int) -> tuple[Any, Any]:
    """Columns of numbers of different sizes, and a weighted mean of them between 0 and 1."""
    random = random_of(name)
    shares = random.uniform(0, 1, size=(count, columns))
    weights = random.uniform(0, 1, size=columns)
    scales = 10.0 ** (_numpy().arange(columns) % 4 - 1)
    return shares * scales, shares.dot(weights) / weights.sum()


def _shuffled_split(features: Any, targets: Any, test_split: float, seed: int) -> Any:
    sizes = _split(len(features), test_split)
    order = _numpy().random.RandomState(seed).permutation(len(features))
    features, targets = features[order], targets[order]
    return (features[: sizes.train], targets[: sizes.train]), (
        features[sizes.train :],
        targets[sizes.train :],
    )
