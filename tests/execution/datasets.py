"""Small synthetic stand-ins for `keras.datasets`: right shapes, dtypes and ranges, the same on both sides."""

import importlib
import zlib
from collections.abc import Callable
from typing import Any

TRAIN, TEST = 256, 64

Loader = Callable[..., Any]


def loaders() -> dict[str, dict[str, Loader]]:
    """Functions to put in place of those of each dataset module."""
    return {
        "mnist": {"load_data": _images("mnist", (28, 28), 10)},
        "fashion_mnist": {"load_data": _images("fashion_mnist", (28, 28), 10)},
        "cifar10": {"load_data": _images("cifar10", (32, 32, 3), 10)},
        "cifar100": {"load_data": _images("cifar100", (32, 32, 3), 100)},
        "imdb": {"load_data": _texts("imdb", 2), "get_word_index": _word_index},
        "reuters": {"load_data": _texts("reuters", 46), "get_word_index": _word_index},
        "boston_housing": {"load_data": _housing},
    }


def _random(name: str) -> Any:
    """A generator of its own for each set, untouched by the program's seeds."""
    return importlib.import_module("numpy").random.RandomState(zlib.crc32(name.encode()))


def _images(name: str, shape: tuple[int, ...], classes: int) -> Loader:
    """Noise with a bright square whose place tells the class: a small network can learn it."""

    def half(part: str, count: int) -> tuple[Any, Any]:
        random = _random(f"{name}/{part}")
        labels = random.permutation(count) % classes
        images = random.randint(0, 60, size=(count, *shape))
        for image, label in zip(images, labels, strict=True):
            row, column = (label * 7) % (shape[0] - 6), (label * 3) % (shape[1] - 6)
            image[row : row + 6, column : column + 6] = 255
        labels = labels if len(shape) == 2 else labels.reshape(-1, 1)
        return images.astype("uint8"), labels.astype("uint8")

    def load_data(path: str = "", **kwargs: Any) -> Any:
        return half("train", TRAIN), half("test", TEST)

    return load_data


def _texts(name: str, classes: int) -> Loader:
    """Sequences of word numbers, every third of them telling the class."""

    def half(part: str, count: int, top: int) -> tuple[Any, Any]:
        random = _random(f"{name}/{part}")
        labels = random.permutation(count) % classes
        sequences = _random(name).randint(0, 1, size=count).astype(object)
        for place, label in enumerate(labels):
            words = random.randint(4, top, size=random.randint(20, 60))
            words[::3] = min(top - 1, 4 + label)
            sequences[place] = [1, *(int(word) for word in words)]
        return sequences, labels.astype("int64")

    def load_data(path: str = "", num_words: int | None = None, **kwargs: Any) -> Any:
        top = min(num_words or 1000, 1000)
        return half("train", TRAIN, top), half("test", TEST, top)

    return load_data


def _word_index(path: str = "") -> dict[str, int]:
    """Made-up words and their numbers."""
    return {f"word{number}": number for number in range(1, 1000)}


def _housing(path: str = "", test_split: float = 0.2, seed: int = 113) -> Any:
    """Thirteen features, and prices which are a weighted sum of them."""
    random = _random("boston_housing")
    features = random.uniform(0, 10, size=(TRAIN + TEST, 13))
    prices = features @ random.uniform(0, 1, size=13) / 3
    return (features[:TRAIN], prices[:TRAIN]), (features[TRAIN:], prices[TRAIN:])
