"""What is kept in memory of each database."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

T = TypeVar("T")


class PerDatabase(Generic[T]):
    """One thing for each database, made when it is first asked for, and gone with the database. Any thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Engine, T] = WeakKeyDictionary()

    def of(self, connection: Connection) -> T:
        """The one of the database that `connection` speaks to: the same for all its connections of one kind."""
        with self._lock:
            kept = self._kept.get(connection.engine)
            if kept is None:
                kept = self._kept[connection.engine] = self._make()
            return kept
