from typing import Any

import numpy as np
import pytest

from keras_upgrade.verify.inside import datasets


def load(name: str, rows: int | None = None, **arguments: Any) -> Any:
    return datasets.loaders(rows)[name]["load_data"](**arguments)


@pytest.mark.parametrize(
    ("name", "inputs", "labels", "label_type", "classes"),
    [
        ("mnist", (60000, 28, 28), (60000,), "uint8", 10),
        ("fashion_mnist", (60000, 28, 28), (60000,), "uint8", 10),
        ("cifar10", (50000, 32, 32, 3), (50000, 1), "uint8", 10),
        ("cifar100", (50000, 32, 32, 3), (50000, 1), "int64", 100),
    ],
)
def test_image_sets_have_the_real_sizes(
    name: str, inputs: tuple[int, ...], labels: tuple[int, ...], label_type: str, classes: int
) -> None:
    (x_train, y_train), (x_test, y_test) = load(name)
    assert (x_train.shape, y_train.shape) == (inputs, labels)
    assert (x_test.shape, y_test.shape) == ((10000, *inputs[1:]), (10000, *labels[1:]))
    assert x_train.dtype == x_test.dtype == "uint8"
    assert y_train.dtype == y_test.dtype == label_type
    assert set(y_train.ravel()) == set(y_test.ravel()) == set(range(classes))
    assert x_train.min() == 0
    assert x_train.max() > 150


def test_images_can_be_told_apart_by_class() -> None:
    (x_train, y_train), (x_test, y_test) = load("mnist")
    means = np.stack([x_train[y_train == label][:200].mean(axis=0).ravel() for label in range(10)])
    distances = ((x_test[:500].reshape(500, 1, 784) - means) ** 2).sum(axis=-1)
    assert (distances.argmin(axis=1) == y_test[:500]).mean() > 0.95
    distinct = np.unique(x_train[:1000].reshape(1000, -1), axis=0)
    assert len(distinct) == datasets.DISTINCT


def test_test_images_are_not_those_of_training() -> None:
    (x_train, _), (x_test, _) = load("mnist", rows=300)
    seen = {image.tobytes() for image in x_train}
    assert not any(image.tobytes() in seen for image in x_test)


def test_rows_limit_the_size_and_the_highest_class_stays() -> None:
    (x_train, y_train), (x_test, y_test) = load("cifar100", rows=80)
    assert (len(x_train), len(x_test)) == (80, datasets.LEAST_ROWS)
    assert y_train.max() == y_test.max() == 99
    assert len(load("boston_housing", rows=100)[0][0]) == int((100 + 64) * 0.8)


def test_coarse_labels_and_channels_first() -> None:
    (x_train, y_train), _ = load("cifar100", rows=500, label_mode="coarse", channels_first=True)
    assert x_train.shape == (500, 3, 32, 32)
    assert y_train.max() == 19
    with pytest.raises(ValueError, match="label_mode"):
        load("cifar100", rows=64, label_mode="medium")


@pytest.mark.parametrize(
    ("name", "train", "test", "classes"), [("imdb", 25000, 25000, 2), ("reuters", 8982, 2246, 46)]
)
def test_texts(name: str, train: int, test: int, classes: int) -> None:
    (x_train, y_train), (x_test, y_test) = load(name, num_words=10000)
    assert (len(x_train), len(y_train), len(x_test), len(y_test)) == (train, train, test, test)
    assert x_train.dtype == object
    assert y_train.dtype == "int64"
    assert set(y_train) == set(range(classes))
    for texts in (x_train, x_test):
        assert max(map(max, texts)) == 9999
        assert min(map(min, texts)) == 1
        assert all(type(text) is list and text[0] == 1 and 20 < len(text) <= 61 for text in texts)
    assert type(x_train[0][3]) is int


def test_texts_without_a_limit_reach_the_last_word() -> None:
    (x_train, _), _ = load("imdb", rows=64)
    assert max(map(max, x_train)) == datasets.IMDB_WORDS + 3
    assert datasets.loaders()["imdb"]["get_word_index"]()["the"] == 1
    assert max(datasets.loaders()["imdb"]["get_word_index"]().values()) == datasets.IMDB_WORDS


def test_arguments_of_texts() -> None:
    plain = load("imdb", rows=300, num_words=500)[0][0]
    assert all(len(text) < 15 for text in load("imdb", rows=300, maxlen=15)[0][0])
    assert not any(1 in text[:1] for text in load("imdb", rows=300, start_char=None)[0][0])
    skipped = load("imdb", rows=300, num_words=500, skip_top=20)[0][0]
    assert min(number for text in skipped for number in text if number != 2) == 20
    dropped = load("imdb", rows=300, num_words=500, oov_char=None)[0][0]
    assert sum(map(len, dropped)) < sum(map(len, plain))
    assert {number for text in dropped for number in text} <= {1, *range(3, 500)}
    assert [list(text) for text in load("imdb", rows=300, num_words=500, seed=5)[0][0]] != list(
        map(list, plain)
    )


def test_test_split_of_texts_and_prices() -> None:
    (x_train, _), (x_test, _) = load("reuters", test_split=0.5)
    assert (len(x_train), len(x_test)) == (5614, 5614)
    (x_train, y_train), (x_test, _) = load("boston_housing")
    assert (x_train.shape, y_train.shape, x_test.shape) == ((404, 13), (404,), (102, 13))
    assert 10 <= y_train.min() < y_train.max() <= 50
    (x_train, y_train), (x_test, _) = load("california_housing", version="small", test_split=0.1)
    assert (x_train.shape, y_train.shape, x_test.shape) == ((540, 8), (540,), (60, 8))
    with pytest.raises(ValueError, match="test_split"):
        load("boston_housing", test_split=1.5)


def test_every_text_is_a_list_of_its_own() -> None:
    (x_train, _), _ = load("imdb", rows=600)
    assert len({id(text) for text in x_train}) == 600


def test_always_the_same_and_apart_from_the_seeds_of_the_program() -> None:
    np.random.seed(3)
    expected = np.random.randint(0, 10**6)
    np.random.seed(3)
    first, second = load("cifar10", rows=64), load("cifar10", rows=64)
    assert np.random.randint(0, 10**6) == expected
    assert (first[0][0] == second[0][0]).all()
    assert (first[0][1] == second[0][1]).all()
