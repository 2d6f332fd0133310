"""Archives that programs often download, made up: the true folders and names, with little in them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tarfile
import tempfile
import zipfile
from typing import Any, Callable, Iterator, Sequence

from . import datasets, tables

ImageMaker = Callable[[str, str], str]
_Filler = Callable[[str, str, ImageMaker], None]

_ENDING = r"\.(zip|tar|tar\.gz|tgz|tar\.bz2)$"
_EACH = 40  # files of each class
_SENTENCE = "this film was a very good bad great story with fine boring scenes and actors worth seeing again"
_WORDS = _SENTENCE.split()
_PLACES = ("kitchen", "garden", "office", "bathroom", "hallway", "bedroom")
_PEOPLE = ("Mary", "John", "Daniel", "Sandra")
_THINGS = ("apple", "milk", "football")


@contextlib.contextmanager
def folder(name: str, make_image: ImageMaker) -> Iterator[str]:
    """A temporary folder that holds what an archive of this name holds."""
    filler = next(
        filler for pattern, filler in _FILLERS if re.search(pattern + r".*" + _ENDING, name.lower())
    )
    content = tempfile.mkdtemp()
    try:
        filler(content, re.sub(_ENDING, "", name.lower()), make_image)
        yield content
    finally:
        shutil.rmtree(content, ignore_errors=True)


def pack(content: str, path: str, name: str) -> None:
    """Write an archive of what is in a folder, in the format that its name tells."""
    if name.lower().endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            for file in _files(content):
                archive.write(file, os.path.relpath(file, content))
        return
    with tarfile.open(path, "w:gz" if name.lower().endswith("gz") else "w") as packed:
        for file in _files(content):
            packed.add(file, os.path.relpath(file, content))


def _files(content: str) -> list[str]:
    return [os.path.join(path, file) for path, _, files in sorted(os.walk(content)) for file in sorted(files)]


def _image_folders(
    content: str, folders: Sequence[tuple[str, str]], make_image: ImageMaker, start: int = 0
) -> None:
    """Folders of images, given with the pattern of the names in them."""
    for path, pattern in folders:
        os.makedirs(os.path.join(content, path))
        for number in range(start, start + _EACH):
            file = pattern.format(number)
            make_image(os.path.join(content, path, file), f"{path}/{file}")


def _cats_and_dogs(content: str, stem: str, make_image: ImageMaker) -> None:
    for part, start in (("train", 0), ("validation", 2000)):
        folders = [(f"{stem}/{part}/{kind}s", kind + ".{}.jpg") for kind in ("cat", "dog")]
        _image_folders(content, folders, make_image, start)


def _pets(content: str, _stem: str, make_image: ImageMaker) -> None:
    _image_folders(content, [(f"PetImages/{kind}", "{}.jpg") for kind in ("Cat", "Dog")], make_image)


def _flowers(content: str, _stem: str, make_image: ImageMaker) -> None:
    kinds = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
    _image_folders(content, [(f"flower_photos/{kind}", "{}_made_up.jpg") for kind in kinds], make_image)
    _write(os.path.join(content, "flower_photos", "LICENSE.txt"), "Made-up images.\n")


def _reviews(content: str, _stem: str, _make_image: ImageMaker) -> None:
    for part, label in (
        ("train", "pos"),
        ("train", "neg"),
        ("train", "unsup"),
        ("test", "pos"),
        ("test", "neg"),
    ):
        path = os.path.join(content, "aclImdb", part, label)
        random = datasets.random_of(path[len(content) :])
        for number in range(3 * _EACH):
            words = [_WORDS[place] for place in random.randint(0, len(_WORDS), size=40)]
            words[::4] = ["superb" if label == "pos" else "terrible"] * 10
            grade = 9 if label == "pos" else 2
            _write(os.path.join(path, f"{number}_{grade}.txt"), " ".join(words) + ".<br />")


def _sentence_pairs(content: str, stem: str, _make_image: ImageMaker) -> None:
    """Sentences in two languages, a tab between them; some of these archives have a folder, some have not."""
    language = stem.partition("-")[0]
    random = datasets.random_of(stem)
    lines = []
    for _ in range(400):
        words = [_WORDS[place] for place in random.randint(0, len(_WORDS), size=random.randint(2, 6))]
        translated = " ".join(word[::-1] for word in words)
        lines.append(f"{' '.join(words).capitalize()}.\t{translated.capitalize()}.")
    inner = stem if language == "spa" else ""
    _write(os.path.join(content, inner, f"{language}.txt"), "\n".join(lines) + "\n")


def _word_vectors(content: str, stem: str, _make_image: ImageMaker) -> None:
    random = datasets.random_of(stem)
    words = list(datasets.word_index(400))
    for size in (50, 100, 200, 300):
        rows = random.uniform(-1, 1, size=(len(words), size))
        lines = [word + " " + " ".join(f"{value:.4f}" for value in row) for word, row in zip(words, rows)]
        _write(os.path.join(content, f"glove.6B.{size}d.txt"), "\n".join(lines) + "\n")


def _stories(content: str, _stem: str, _make_image: ImageMaker) -> None:
    """Questions about where somebody or something is, as in the first two of the bAbI tasks."""
    for amount, stories in (("en", 60), ("en-10k", 120)):
        for task in ("qa1_single-supporting-fact", "qa2_two-supporting-facts"):
            for part in ("train", "test"):
                file = f"tasks_1-20_v1-2/{amount}/{task}_{part}.txt"
                random = datasets.random_of(file)
                lines = [line for _ in range(stories) for line in _story(random, task.startswith("qa2"))]
                _write(os.path.join(content, file), "\n".join(lines) + "\n")


def _story(random: Any, with_thing: bool) -> list[str]:
    first, second = (int(place) for place in random.permutation(len(_PEOPLE))[:2])
    here, there = (_PLACES[int(place)] for place in random.permutation(len(_PLACES))[:2])
    lines = [
        f"1 {_PEOPLE[first]} moved to the {here}.",
        f"2 {_PEOPLE[second]} went back to the {there}.",
    ]
    if not with_thing:
        return [*lines, f"3 Where is {_PEOPLE[first]}? \t{here}\t1"]
    thing = _THINGS[random.randint(0, len(_THINGS))]
    return [*lines, f"3 {_PEOPLE[first]} got the {thing} there.", f"4 Where is the {thing}? \t{here}\t3 1"]


def _weather(content: str, _stem: str, _make_image: ImageMaker) -> None:
    name = "jena_climate_2009_2016.csv"
    _write(os.path.join(content, name), tables.content(name))


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


_FILLERS: list[tuple[str, _Filler]] = [
    (r"^cats_and_dogs", _cats_and_dogs),
    (r"^kagglecatsanddogs", _pets),
    (r"^flower_photos", _flowers),
    (r"^aclimdb", _reviews),
    (r"^[a-z]{3}-eng", _sentence_pairs),
    (r"^glove\.6b", _word_vectors),
    (r"^babi[-_]tasks", _stories),
    (r"^jena_climate_2009_2016\.csv", _weather),
]

KNOWN = "(" + "|".join(pattern for pattern, _ in _FILLERS) + r").*" + _ENDING
