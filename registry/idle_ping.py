"""Asks a connection that lay idle whether its server is still there; one that was just in use is not asked."""

from time import monotonic
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_IDLE_S: Final = 1.0
"""Under load asking each time is one question of eight that a request puts to the database."""
_SINCE: Final = "idle_since"


def ping_where_idle(engine: Engine) -> None:
    """Whoever takes a connection from `engine` that was idle for a second gets one whose server answers: where it does
    not, all that lie idle are dropped, and a new connection is made."""

    def came_back(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_SINCE] = monotonic()

    def taken(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        since = entry.info.get(_SINCE)
        if since is None or monotonic() - since < _IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", came_back)
    event.listen(engine, "checkout", taken)
