"""Grants whose time is over are written down as expired, so that a clock that is set back revives none."""

import logging
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, select, update

from core.access import MACHINE
from core.clock import Clock
from core.errors import SharpEyesError

from ..audit import entry as record
from ..audit.entry import Act, Actor, Entry
from ..db import Database
from . import grants
from .grant import Grant, GrantState, grant_of
from .onward import Onward
from .tables import access_grant
from .version import access_now, note_time, raise_access_version

_MOST_AT_ONCE: Final = 100
"""So that no transaction holds SQLite's writer for long."""
_NOTED_EVERY: Final = timedelta(minutes=1)
_LOOK_S: Final = 1.0
_log = logging.getLogger(__name__)


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether an approved grant is over at `now`."""
    return bool(connection.execute(select(exists().where(*_over(now)))).scalar_one())


def expire_due(connection: Connection, now: datetime) -> list[Grant]:
    """Write down as expired what is over at `now`, 100 at most, and that it was `now`. What was expired."""
    note_time(connection, now)
    due = select(access_grant.c.id).where(*_over(now)).order_by(access_grant.c.id).limit(_MOST_AT_ONCE)
    numbers = list(connection.scalars(due))
    if not numbers:
        return []
    raise_access_version(connection)  # the lock: who revokes one at the same moment has done so, or comes later
    expired = (
        update(access_grant)
        .where(access_grant.c.id.in_(numbers), *_over(now))
        .values(state=GrantState.EXPIRED.value, ended_at=now, revision=access_grant.c.revision + 1)
    )
    found = [grant_of(row) for row in connection.execute(expired.returning(*access_grant.c))]
    for one in found:
        record.put(
            connection,
            Entry(
                at=now,
                act=Act.GRANT_EXPIRED,
                actor=Actor.of(MACHINE),
                address="",
                object_kind="grant",
                object=str(one.id),
                departments=grants.concerned(connection, one),
                purpose=one.purpose,
            ),
        )
    return found


class ExpiryWatch:
    """Looks once a second for grants whose time is over. Several processes may do so at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._time = Onward(clock)
        self._stop = Flag()
        self._thread = Thread(target=self._run, name="expiry", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End, within `timeout_s` seconds where the database lets it."""
        self._stop.set()
        self._thread.join(timeout_s)

    @property
    def is_alive(self) -> bool:
        """Whether it still looks."""
        return self._thread.is_alive()

    def look(self) -> None:
        """Look once. Raises `Unavailable` where the database is away."""
        with self._database.read() as connection:
            latest_at = access_now(connection).latest_at
            now = self._time.now(latest_at)
            due = is_due(connection, now)
        if not due:
            if now - latest_at >= _NOTED_EVERY:
                with self._database.write() as connection:
                    note_time(connection, now)
            return
        while True:
            with self._database.write() as connection:
                expired = expire_due(connection, now)
            for one in expired:
                _log.info("grant %d has expired", one.id)
            if len(expired) < _MOST_AT_ONCE:
                return

    def _run(self) -> None:
        while not self._clock.sleep(_LOOK_S, self._stop):
            try:
                self.look()
            except SharpEyesError as error:
                _log.warning("grants whose time is over could not be looked for: %s", error.message)


def _over(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return access_grant.c.state == GrantState.APPROVED.value, access_grant.c.until_at <= now
