"""Whether departments ever had a camera: one that only sees those of others has no events of its own."""

from collections.abc import Collection
from threading import Lock
from typing import Final

from sqlalchemy import Connection, text

from core.camera import DepartmentId

from ..db import is_reading
from ..per_database import PerDatabase
from ..version import current
from .speech import speech_of

_MOST_KEPT: Final = 1_000


class _Kept:
    """What is known of one database."""

    def __init__(self) -> None:
        self.lock: Final = Lock()
        self.owning: set[frozenset[DepartmentId]] = set()
        """For ever: what a camera belonged to once stays on record."""
        self.version = -1
        self.not_owning: set[frozenset[DepartmentId]] = set()
        """In that version of the registry."""


_kept: Final = PerDatabase(_Kept)


def own_or_owned(connection: Connection, departments: Collection[DepartmentId]) -> bool:
    """Whether any camera belongs to one of `departments`, or did."""
    if not is_reading(connection):
        return _looked_up(connection, departments)
    asked, kept = frozenset(departments), _kept.of(connection)
    with kept.lock:
        if asked in kept.owning:
            return True
    version = current(connection)
    with kept.lock:
        if kept.version == version and asked in kept.not_owning:
            return False
    is_owning = _looked_up(connection, departments)
    with kept.lock:
        if is_owning:
            _keep(kept.owning, asked)
        elif kept.version < version:
            kept.version, kept.not_owning = version, {asked}
        elif kept.version == version:  # else another one has read a newer one meanwhile
            _keep(kept.not_owning, asked)
    return is_owning


def _keep(known: set[frozenset[DepartmentId]], asked: frozenset[DepartmentId]) -> None:
    if len(known) >= _MOST_KEPT:
        known.clear()
    known.add(asked)


def _looked_up(connection: Connection, departments: Collection[DepartmentId]) -> bool:
    speech = speech_of(connection)
    among = speech.among("department", "departments", "integer")
    statement = text(
        f"SELECT EXISTS (SELECT 1 FROM camera WHERE {among}) "  # noqa: S608 - constant text
        f"OR EXISTS (SELECT 1 FROM former_owner WHERE {among})"
    )
    return bool(connection.execute(statement, {"departments": speech.array(sorted(departments))}).scalar_one())
