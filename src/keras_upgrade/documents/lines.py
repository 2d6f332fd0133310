"""Lines as Python's parser counts them: they end in `\\n`, `\\r\\n` or a lone `\\r`, and in nothing else."""

from itertools import accumulate

from keras_upgrade.patterns import pattern

NEWLINE = pattern(r"\r\n|\r|\n")
_LINE = pattern(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NOT_NEWLINE = pattern(r"[^\r\n]")


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their ends; joined they are `text` again."""
    return _LINE.findall(text)


def line_starts(text: str) -> list[int]:
    """The offset at which each line of `text` begins; the first is 0."""
    if "\r" in text:
        return [0, *(match.end() for match in NEWLINE.finditer(text))]
    return list(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))


def count_newlines(text: str) -> int:
    """How many line ends there are in `text`."""
    return len(NEWLINE.findall(text))


def dominant_newline(text: str) -> str:
    """`"\\r\\n"` if most of the lines of `text` end in it, else `"\\n"`."""
    windows = text.count("\r\n")
    return "\r\n" if windows > text.count("\n") - windows else "\n"


def with_newlines(text: str, newline: str) -> str:
    """`text` with every `\\n` and `\\r\\n` written as `newline`."""
    return text.replace("\r\n", "\n").replace("\n", newline)


def blank(text: str) -> str:
    """Spaces in place of `text`, with its line ends where they are."""
    return _NOT_NEWLINE.sub(" ", text)
