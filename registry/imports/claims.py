"""Which keys the rows of a file have taken so far: in a file of the system's, so that memory stays flat."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

_CACHE_KB: Final = 2048


class Claims:
    """Key by key, which row of the file took it. For one thread; closed at its end.

    A key is a text such as `gb_code:34...`. The rows of a dry run exist nowhere else.
    """

    def __init__(self) -> None:
        # No name: SQLite keeps it in memory while it is small, then in a temporary file that nobody else sees.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        self._connection.execute("PRAGMA journal_mode = MEMORY")
        self._connection.execute("CREATE TABLE claim (key TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID")

    def row_of(self, key: str) -> int | None:
        """The row that took `key`; None where none did."""
        found = self._connection.execute("SELECT row FROM claim WHERE key = ?", (key,)).fetchone()
        return None if found is None else int(found[0])

    def take(self, keys: list[str], row: int) -> None:
        """`row` has these keys now. Who had them before has lost them."""
        self._connection.executemany("INSERT OR REPLACE INTO claim VALUES (?, ?)", [(key, row) for key in keys])

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is taken in this block is given back where the block raises."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
