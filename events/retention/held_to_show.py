"""Which holds are in force, for whoever only shows events: worked out once, and kept until it changes."""

from typing import Final

from sqlalchemy import Connection

from registry.access.version import access_now
from registry.db import is_reading
from registry.per_database import PerDatabase

from .held import Held, in_force


class _Kept:
    """What was last worked out of one database, and in which version of access: who takes or releases a hold raises it,
    and so does whoever moves a department."""

    def __init__(self) -> None:
        self.last: tuple[int, Held] | None = None


_kept: Final = PerDatabase(_Kept)


def held_to_show(connection: Connection) -> Held:
    """The holds that are in force now, with neither `event_spans` nor `releases`."""
    if not is_reading(connection):
        return in_force(connection)
    kept, now = _kept.of(connection), access_now(connection).version
    if kept.last is not None and kept.last[0] == now:
        return kept.last[1]
    found = in_force(connection)
    kept.last = now, found
    return found
