"""Circuits: a receiver that fails time and again is left alone for a while, so that it costs nobody anything.

They stand in the database, so that all processes know. A circuit is that of an origin: scheme, host and port.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from registry.db import is_sqlite

from .tables import alert_endpoint

FAILURES: Final = 5
"""So many in a row shut a circuit."""
FIRST_SHUT: Final = timedelta(seconds=30)
LONGEST_SHUT: Final = timedelta(minutes=15)
_LONGEST_REASON: Final = 512
_MOST_DOUBLINGS: Final = 10


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a receiver has done of late."""

    failures: int = 0
    """In a row."""
    shut_until: datetime | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it failed so often that one delivery alone may try whether it answers again."""
        return self.failures >= FAILURES

    def is_shut(self, now: datetime) -> bool:
        """Whether nothing is sent there now. What lies too far ahead was written by a clock that was set back since."""
        return self.shut_until is not None and now < self.shut_until <= now + LONGEST_SHUT

    def after_failure(self, now: datetime, *, is_trial: bool) -> "Circuit":
        """After one more. Those that were on their way when it was shut make it no worse."""
        if self.is_broken and not is_trial:
            return self
        failures = self.failures + 1
        if failures < FAILURES:
            return Circuit(failures)
        return Circuit(failures, now + shut_for(failures))


def shut_for(failures: int) -> timedelta:
    """How long a circuit is shut after so many failures in a row."""
    doublings: int = 2 ** min(failures - FAILURES, _MOST_DOUBLINGS)
    return min(FIRST_SHUT * doublings, LONGEST_SHUT)


UNTRIED: Final = Circuit()


def read_circuits(connection: Connection, *, lock: bool = False) -> dict[str, Circuit]:
    """The circuits of all receivers that have failed of late, by origin. `lock`: nobody else changes those that there
    are before this transaction ends."""
    statement = select(alert_endpoint).order_by(alert_endpoint.c.origin)
    if lock:
        statement = statement.with_for_update()
    return {row.origin: Circuit(row.failures, row.shut_until) for row in connection.execute(statement)}


def write_circuits(connection: Connection, changed: Mapping[str, tuple[Circuit, str]], now: datetime) -> None:
    """Write how receivers do now, each with why its last delivery failed; one that answers well has no row."""
    well = [origin for origin, (circuit, _) in changed.items() if circuit == UNTRIED]
    if well:
        connection.execute(delete(alert_endpoint).where(alert_endpoint.c.origin.in_(sorted(well))))
    rows: list[dict[str, Any]] = [
        {
            "origin": origin,
            "failures": circuit.failures,
            "shut_until": circuit.shut_until,
            "reason": reason[:_LONGEST_REASON],
            "changed_at": now,
        }
        for origin, (circuit, reason) in sorted(changed.items())
        if circuit != UNTRIED
    ]
    if rows:
        dialect = sqlite if is_sqlite(connection) else postgresql
        statement = dialect.insert(alert_endpoint)
        renewed = {name: statement.excluded[name] for name in rows[0] if name != "origin"}
        connection.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=renewed), rows)


def begin_trial(connection: Connection, origin: str, now: datetime, until: datetime) -> bool:
    """Whether this process may try a receiver whose time is over: one does, and the others wait until `until`."""
    shut_until = alert_endpoint.c.shut_until
    is_over = or_(shut_until <= now, shut_until > now + LONGEST_SHUT)
    taken = (
        update(alert_endpoint)
        .where(alert_endpoint.c.origin == origin, is_over)
        .values(shut_until=until)
        .returning(alert_endpoint.c.origin)
    )
    return connection.execute(taken).one_or_none() is not None
