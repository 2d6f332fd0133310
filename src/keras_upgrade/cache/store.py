"""Texts by keys in a database of SQLite, which several runs may use at once.

Whatever is wrong with it - no permission, a full disk, a file that is no database - makes it empty and deaf, and `trouble`
says why. A database that is broken is taken away.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from keras_upgrade.cache.folder import make, tidy

_SCHEMA = (
    "CREATE TABLE files (key TEXT PRIMARY KEY, value TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE groups (key TEXT PRIMARY KEY, value TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID",
)
TABLES = ("files", "groups")
PATIENCE = 2.0
"""Seconds to wait for another run that writes."""
_DAYS = 30
"""What nobody has used for so long is dropped."""
_DAY = 86_400
_BUFFER = 4_000_000
"""Characters that wait to be written."""


class Store:
    """The database in a file; made when something is first written.

    Attributes:
        trouble: why it cannot be used, in words; empty if it can.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._files: dict[str, tuple[str, int]] | None = None
        self._waiting: dict[tuple[str, str], str] = {}
        self._size = 0
        self._used: set[tuple[str, str]] = set()
        self._today = int(time.time()) // _DAY
        self.trouble = ""
        if path.exists():
            with self._guarded():
                self._connection = self._opened()

    def get(self, table: str, key: str) -> str | None:
        """What is kept under a key."""
        if (table, key) in self._waiting:
            return self._waiting[table, key]
        row = self._rows(table).get(key) if table == "files" else self._row(table, key)
        if row is None or not isinstance(row[0], str):
            return None
        if row[1] != self._today:
            self._used.add((table, key))
        return row[0]

    def _rows(self, table: str) -> dict[str, tuple[str, int]]:
        """All rows of a table of small values that are nearly all asked for."""
        if self._files is None:
            self._files = {}
            if self._connection is not None:
                with self._guarded():
                    query = f"SELECT key, value, used FROM {table}"
                    self._files = {key: (value, used) for key, value, used in self._connection.execute(query)}
        return self._files

    def _row(self, table: str, key: str) -> tuple[str, int] | None:
        row: tuple[str, int] | None = None
        if self._connection is not None:
            with self._guarded():
                query = f"SELECT value, used FROM {table} WHERE key = ?"
                row = self._connection.execute(query, (key,)).fetchone()
        return row

    def put(self, table: str, key: str, value: str) -> None:
        """Keeps a text under a key."""
        if self.trouble:
            return
        self._waiting[table, key] = value
        self._size += len(value)
        if self._size > _BUFFER:
            self.write()

    def write(self) -> None:
        """Writes what waits, in one piece."""
        if self.trouble or not (self._waiting or self._used):
            return
        with self._guarded():
            if self._connection is None:
                self._connection = self._opened()
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                for table in TABLES:
                    rows = [(k, v, self._today) for (t, k), v in self._waiting.items() if t == table]
                    self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)
                    used = [(self._today, key) for t, key in self._used if t == table]
                    self._connection.executemany(f"UPDATE {table} SET used = ? WHERE key = ?", used)
        self._waiting.clear()
        self._used.clear()
        self._size = 0

    def close(self) -> None:
        """Writes what waits, drops what is old, and closes the file."""
        has_news = bool(self._waiting)
        self.write()
        if self._connection is not None:
            with self._guarded():
                if has_news:
                    with self._connection:
                        for table in TABLES:
                            self._connection.execute(
                                f"DELETE FROM {table} WHERE used < ?", (self._today - _DAYS,)
                            )
            self._close()

    def _opened(self) -> sqlite3.Connection:
        make(self._path.parent)
        connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
        try:
            # It may come from anywhere: nothing in it is to do anything but hold rows.
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
                connection.execute(f"PRAGMA {pragma}")
            if not self._has_schema(connection):
                connection.execute("BEGIN IMMEDIATE")
                if not self._has_schema(connection):  # nor did another run make it meanwhile
                    for statement in _SCHEMA:
                        connection.execute(statement)
                    tidy(self._path.parent)
                connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection

    def _has_schema(self, connection: sqlite3.Connection) -> bool:
        """Whether the tables are there; no more and no less."""
        found = {row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        if found and found != set(_SCHEMA):
            raise sqlite3.DatabaseError("it holds what this program did not write")
        return bool(found)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Gives up the database when something is wrong with it."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, OverflowError) as error:
            self.trouble = f"the cache {self._path} cannot be used: {error}"
            self._close()
            self._waiting.clear()
            self._used.clear()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
