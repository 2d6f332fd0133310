"""Tables that programs often download, made up: their true columns, with plausible values."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Sequence

from . import datasets


class Column(NamedTuple):
    """A column: numbers between two bounds, or one of some words."""

    name: str
    low: float = 0
    high: float = 1
    words: Sequence[str] = ()
    digits: int = 0


class Table(NamedTuple):
    """A kind of table.

    Attributes:
        pattern: what the name of its file looks like.
        columns: its columns.
        rows: how many rows the made-up one has.
        header: whether the first line holds the names of the columns.
        separator: what stands between the values.
    """

    pattern: str
    columns: list[Column]
    rows: int
    header: bool = True
    separator: str = ","


def _clinic() -> list[Column]:
    """Columns of the table on heart disease."""
    return [
        Column("age", 29, 77),
        Column("sex", 0, 1),
        Column("cp", 0, 4),
        Column("trestbps", 94, 200),
        Column("chol", 126, 564),
        Column("fbs", 0, 1),
        Column("restecg", 0, 2),
        Column("thalach", 71, 202),
        Column("exang", 0, 1),
        Column("oldpeak", 0, 6.2, digits=1),
        Column("slope", 1, 3),
        Column("ca", 0, 3),
        Column("thal", words=("fixed", "normal", "reversible")),
        Column("target", 0, 1),
    ]


def _cars() -> list[Column]:
    """Columns of the table on fuel consumption; the last one, a name, follows a tab and is left out by readers."""
    return [
        Column("mpg", 9, 46, digits=1),
        Column("cylinders", words=("4", "6", "8")),
        Column("displacement", 68, 455, digits=1),
        Column("horsepower", 46, 230, digits=1),
        Column("weight", 1613, 5140, digits=1),
        Column("acceleration", 8, 24, digits=1),
        Column("model_year", 70, 82),
        Column("origin", 1, 3),
    ]


def _passengers() -> list[Column]:
    """Columns of the table on the passengers of a ship."""
    return [
        Column("survived", 0, 1),
        Column("sex", words=("male", "female")),
        Column("age", 1, 80, digits=1),
        Column("n_siblings_spouses", 0, 5),
        Column("parch", 0, 4),
        Column("fare", 5, 300, digits=2),
        Column("class", words=("First", "Second", "Third")),
        Column("deck", words=("A", "B", "C", "unknown")),
        Column("embark_town", words=("Southampton", "Cherbourg", "Queenstown")),
        Column("alone", words=("y", "n")),
    ]


def _weather() -> list[Column]:
    """Columns of the table on the weather, apart from the time."""
    bounds = {
        "p (mbar)": (913, 1015),
        "T (degC)": (-23, 37),
        "Tpot (K)": (250, 311),
        "Tdew (degC)": (-25, 23),
        "rh (%)": (13, 100),
        "VPmax (mbar)": (1, 64),
        "VPact (mbar)": (1, 28),
        "VPdef (mbar)": (0, 46),
        "sh (g/kg)": (1, 18),
        "H2OC (mmol/mol)": (1, 29),
        "rho (g/m**3)": (1059, 1394),
        "wv (m/s)": (0, 15),
        "max. wv (m/s)": (0, 24),
        "wd (deg)": (0, 360),
    }
    return [Column(name, low, high, digits=2) for name, (low, high) in bounds.items()]


def _flowers() -> list[Column]:
    """Columns of the table on irises."""
    return [Column(name, 0, 8, digits=1) for name in ("120", "4", "setosa", "versicolor")] + [
        Column("virginica", 0, 2)
    ]


def _patients() -> list[Column]:
    """Columns of the table on diabetes, which has no header."""
    highest = (17, 199, 122, 99, 846, 67, 2.4, 81, 1)
    return [
        Column(f"column{place}", 0, high, digits=3 if place == 6 else 0) for place, high in enumerate(highest)
    ]


_WEATHER = r"^jena_climate_2009_2016\.csv$"
_TABLES = [
    Table(r"^heart\.csv$", _clinic(), 303),
    Table(r"^auto-mpg\.data$", _cars(), 398, header=False, separator="   "),
    Table(r"^titanic.*\.csv$", _passengers(), 627),
    Table(r"^iris_(training|test)\.csv$", _flowers(), 120),
    Table(r"^(pima-indians-)?diabetes(\.data)?\.csv$", _patients(), 768, header=False),
    Table(_WEATHER, _weather(), 20000),
]

KNOWN = "|".join(table.pattern for table in _TABLES)


def content(name: str) -> str:
    """The text of the table that a file of this name holds."""
    table = next(table for table in _TABLES if re.search(table.pattern, name.lower()))
    random = datasets.random_of(name)
    columns = [_values(random, column, table.rows) for column in table.columns]
    names = [column.name for column in table.columns]
    if table.pattern == _WEATHER:
        columns.insert(0, [_time(row) for row in range(table.rows)])
        names = ['"Date Time"', *(f'"{name}"' for name in names)]
    lines = [table.separator.join(values) for values in zip(*columns)]
    if table.header:
        lines.insert(0, table.separator.join(names))
    return "\n".join(lines) + "\n"


def _values(random: Any, column: Column, rows: int) -> list[str]:
    if column.words:
        return [column.words[place] for place in random.randint(0, len(column.words), size=rows)]
    if column.digits:
        return [f"{value:.{column.digits}f}" for value in random.uniform(column.low, column.high, size=rows)]
    return [str(value) for value in random.randint(int(column.low), int(column.high) + 1, size=rows)]


def _time(row: int) -> str:
    """The time of a measurement; there is one every ten minutes, in months of 28 days for simplicity."""
    day, minute = divmod(row * 10, 24 * 60)
    month, day = divmod(day, 28)
    year, month = divmod(month, 12)
    return f"{day + 1:02d}.{month + 1:02d}.{2009 + year} {minute // 60:02d}:{minute % 60:02d}:00"
