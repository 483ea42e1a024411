"""Where all cameras are, kept in memory for one version of the registry: whoever sees that version need not ask."""

from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import CameraId

from ..db import is_reading
from ..per_database import PerDatabase
from ..version import current
from .whereabouts import Whereabouts, read_whereabouts

REST_S: Final = 5.0
"""So long after a reading there is no other one: while somebody imports cameras, each search would read all of them."""


class _Known(NamedTuple):
    version: int
    whereabouts: Whereabouts
    read_at: float
    """By the monotonic clock."""


class KnownWhereabouts:
    """The newest that was read of one database. Any thread."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._reading = Lock()
        """Held by whoever reads."""
        self._known: _Known | None = None

    def at(self, version: int, read: Callable[[], Whereabouts]) -> Whereabouts | None:
        """Those of `version`; None where another one is known, and it is not the time to `read` anew, or another thread
        does: nobody waits for that. What is newer is never replaced."""
        if self._is_due(version) and self._reading.acquire(blocking=False):
            try:
                if self._is_due(version):  # still: another one may have read it meanwhile
                    self._known = _Known(version, read(), self._now())
            finally:
                self._reading.release()
        return self.kept(version)

    def kept(self, version: int) -> Whereabouts | None:
        """Those of `version`, where that is the one that is known."""
        known = self._known
        return known.whereabouts if known is not None and known.version == version else None

    def _is_due(self, version: int) -> bool:
        known = self._known
        return known is None or (known.version < version and self._now() - known.read_at >= REST_S)


_kept: Final = PerDatabase(KnownWhereabouts)


def known_whereabouts(connection: Connection) -> Whereabouts | None:
    """Where all cameras are, exactly as `connection` sees it; None where the database must be asked instead: what a
    change sees of itself may never be committed, and its version given again."""
    if not is_reading(connection):
        return None
    return _kept.of(connection).at(current(connection), lambda: read_whereabouts(connection))


def steady_owners(connection: Connection, cameras: Iterable[CameraId]) -> dict[CameraId, DepartmentId] | None:
    """The department of each of `cameras` that is there, where none of them ever belonged to another one; None where
    one did, and where the database must be asked: nothing is read for this alone."""
    if not is_reading(connection):
        return None
    whereabouts = _kept.of(connection).kept(current(connection))
    return None if whereabouts is None else whereabouts.steady_owners(np.array(sorted(cameras), np.int64))
