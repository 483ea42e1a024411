"""Caution: nothing goes by its age while the clock may be wrong, or nobody has had time to look at what would go.

A clock that leaps a year ahead makes all that there is look old, and an update of an old city finds years of it at
once. In both cases what is over its time stays for some hours more, and somebody is told.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, insert, select, update

from core.clock import Clock
from registry.db import Database, is_sqlite
from registry.server_clock import server_time

from .lanes import WALKED, with_something
from .policy import Policy
from .settings import RetentionSettings
from .tables import retention_watch
from .trouble import Tell, Trouble

_log = logging.getLogger(__name__)

LEAP: Final = timedelta(days=1)
"""So far the clock goes on between two looks where nothing is wrong: also while the program is updated."""
_ASTRAY: Final = timedelta(hours=1)
"""So far this machine's clock and the database server's may be apart."""
_WRITE_EVERY: Final = timedelta(minutes=10)
_SUBJECT: Final = "the time of day"


class Caution:
    """Whether what is over its time has to stay for now. For one thread; it lasts over restarts, in the database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: RetentionSettings,
        policy: Callable[[Connection], Policy],
        tell: Tell,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lasts_for = timedelta(hours=settings.caution_h)
        self._policy = policy
        self._tell = tell
        self._told: str | None = ""
        """What was told last; at first what an earlier process said, whatever that was."""

    def lasts(self) -> bool:
        """Whether nothing may go by its age now. To be asked every few minutes. Raises `Unavailable`."""
        if not self._lasts_for:
            return False
        now = self._clock.now()
        why = self._astray(now) or self._looked(now)
        self._say(why, now)
        return why is not None

    def _astray(self, now: datetime) -> str | None:
        """In words, where this machine's clock is not the database server's."""
        with self._database.read() as connection:
            if is_sqlite(connection):
                return None
            apart = now - server_time(connection)
        if abs(apart) <= _ASTRAY:
            return None
        which = "ahead of" if apart > timedelta() else "behind"
        return f"this machine's clock is {which} the database server's by more than {_hours(_ASTRAY)}"

    def _looked(self, now: datetime) -> str | None:
        """Put down that it is `now`; why caution lasts, in words, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(retention_watch)).one_or_none()
        if row is None:
            with self._database.write() as connection:
                connection.execute(insert(retention_watch).values(id=1, looked_at=now, since_at=now, leapt_from=None))
            return self._words(now, None)
        since, leapt_from = row.since_at, row.leapt_from
        if abs(now - row.looked_at) > LEAP:
            since, leapt_from = now, row.looked_at
        elif since is not None and now - since >= self._lasts_for:
            since, leapt_from = None, None
        if since != row.since_at or abs(now - row.looked_at) >= _WRITE_EVERY:
            values = {"looked_at": now, "since_at": since, "leapt_from": leapt_from}
            with self._database.write() as connection:
                connection.execute(update(retention_watch).values(values))
        return None if since is None else self._words(since, leapt_from)

    def _words(self, since: datetime, leapt_from: datetime | None) -> str:
        until = f"{since + self._lasts_for:%Y-%m-%d %H:%M} UTC"
        if leapt_from is None:
            return f"things are removed by their age from {until} on: see before that what would go"
        leap = f"the time went from {leapt_from:%Y-%m-%d %H:%M} to {since:%Y-%m-%d %H:%M} UTC at once"
        return f"{leap}: see whether the clock is right; things are removed by their age from {until} on"

    def _say(self, why: str | None, now: datetime) -> None:
        """Tell somebody, where there is something that would go."""
        if why == self._told:
            return
        if why is None:
            self._tell(Trouble.REMOVAL_WAITS, _SUBJECT, None)
        else:
            with self._database.read() as connection:
                policy = self._policy(connection)
                if not any(with_something(connection, policy, medium, now) for medium in WALKED):
                    return
            _log.warning("what is over its time stays for now: %s", why)
            self._tell(Trouble.REMOVAL_WAITS, _SUBJECT, why)
        self._told = why


def _hours(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours:g} hour{'' if hours == 1 else 's'}"
