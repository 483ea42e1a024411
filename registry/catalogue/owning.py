"""Whether departments ever had a camera: one that only sees those of others has no events of its own."""

from collections.abc import Collection
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

from core.camera import DepartmentId

from ..db import is_reading
from ..version import current
from .speech import speech_of

_MOST_KEPT: Final = 1_000


class _Kept:
    """What is known while the registry is in one version."""

    def __init__(self, version: int) -> None:
        self.version: Final = version
        self.answers: dict[frozenset[DepartmentId], bool] = {}


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_lock: Final = Lock()


def own_or_owned(connection: Connection, departments: Collection[DepartmentId]) -> bool:
    """Whether any camera belongs to one of `departments`, or did. Looked up once in each version of the registry."""
    if not is_reading(connection):
        return _looked_up(connection, departments)
    version, asked = current(connection), frozenset(departments)
    with _lock:
        kept = _kept.get(connection.engine)
        if kept is None or kept.version != version or len(kept.answers) >= _MOST_KEPT:
            kept = _kept[connection.engine] = _Kept(version)
        known = kept.answers.get(asked)
    if known is None:
        known = kept.answers[asked] = _looked_up(connection, departments)
    return known


def _looked_up(connection: Connection, departments: Collection[DepartmentId]) -> bool:
    speech = speech_of(connection)
    among = speech.among("department", "departments", "integer")
    statement = text(
        f"SELECT EXISTS (SELECT 1 FROM camera WHERE {among}) "  # noqa: S608 - constant text
        f"OR EXISTS (SELECT 1 FROM former_owner WHERE {among})"
    )
    return bool(connection.execute(statement, {"departments": speech.array(sorted(departments))}).scalar_one())
