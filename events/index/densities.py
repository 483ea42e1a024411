"""How many events are to be expected under a key: from the tallies of the newest month.

They choose the way of a search, never what it finds: a guess that is wrong costs time alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, text

from core.ids import CAMERA_BITS, EventId
from registry.per_database import PerDatabase

from ..tallies.table import ANY
from .rhythm import HOURS, STEADY, Rhythm
from .stretch import Stretch

_KEPT_S: Final = 60.0
_STANDS_IN_S: Final = 600.0
"""So old it may be while somebody reads it anew."""
_PATIENCE_S: Final = 5.0
"""Whoever waits for longer reads it himself: the one who reads may wait for the database."""
_DAYS: Final = 30
_DAYS_OF_RHYTHM: Final = 3
_DAY_MS: Final = 86_400_000
_DAY: Final = 24
_GUESS_A_DAY: Final = 100_000.0
_GUESS_WORD: Final = 0.1
_GUESS_OWNER: Final = 0.05
_GUESS_CAMERAS: Final = 2_000
_UNSEEN: Final = 0.5
"""So many are expected where none was seen."""

_ENDS: Final = text("SELECT (SELECT min(id) FROM event), (SELECT max(id) FROM event)")
_EACH_DAY: Final = (
    "WITH RECURSIVE s(day) AS (SELECT CAST(:first AS integer) UNION ALL SELECT day + 1 FROM s WHERE day < :last)"
)
# Of all that stands in the tallies of a day only a little is needed.
_CITY: Final = text(f"""
    {_EACH_DAY}
    SELECT t.label, t.kind, t.severity, sum(t.count) FROM s CROSS JOIN event_tally t
    WHERE t.grain = :grain AND t.start = s.day AND t.department = :any AND t.label > :any
    GROUP BY t.label, t.kind, t.severity
""")  # noqa: S608 - constant text
_OWNERS: Final = text(f"""
    {_EACH_DAY}
    SELECT d.id, (
        SELECT sum(t.count) FROM s CROSS JOIN event_tally t
        WHERE t.grain = :grain AND t.start = s.day AND t.department = d.id AND t.label = :any
    ) FROM department d
""")  # noqa: S608 - constant text
_RHYTHM: Final = text(f"""
    {_EACH_DAY}
    SELECT t.start, sum(t.count) FROM s CROSS JOIN event_tally t
    WHERE t.grain = 1 AND t.start = s.day AND t.department = :any AND t.label = :any GROUP BY t.start
""")  # noqa: S608 - constant text
_CAMERAS: Final = text("SELECT last FROM camera_counter")


@dataclass(frozen=True, slots=True, eq=False)
class Densities:
    """What is expected of a city's events."""

    lowest: EventId
    highest: EventId
    """Of all events."""
    a_day: float
    """How many there are."""
    words: NDArray[np.int64]
    """Shape (combinations, 3): label, kind, severity."""
    counts: NDArray[np.float64]
    """How often each was seen."""
    owners: Mapping[int, float]
    """The share of each department, where it is known."""
    cameras: int
    rhythm: Rhythm = STEADY

    def expected(self, lowest: EventId, highest: EventId) -> float:
        """How many events there are between two ids."""
        begin, end = max(lowest, self.lowest), min(highest, self.highest)
        if begin >= end:
            return 1.0
        days = self.rhythm.events_until(end >> CAMERA_BITS) - self.rhythm.events_until(begin >> CAMERA_BITS)
        return days * self.a_day + 1

    def beyond(self, number: EventId, events: float) -> EventId:
        """Until which id so many more events are expected after `number`; before it, where they are less than none."""
        moment = self.rhythm.events_until(number >> CAMERA_BITS) + events / self.a_day
        return EventId(max(self.rhythm.milliseconds(moment), 0) << CAMERA_BITS)

    def of_words(
        self,
        labels: Collection[int] | None = None,
        kinds: Collection[int] | None = None,
        severities: Collection[int] | None = None,
    ) -> float:
        """The share of events with these words; None: any."""
        asked = [(place, values) for place, values in enumerate((labels, kinds, severities)) if values is not None]
        if not asked:
            return 1.0
        if not self.counts.size:
            share = 1.0
            for _, values in asked:
                share *= min(1.0, _GUESS_WORD * len(values))
            return share
        fits = np.ones(len(self.counts), np.bool_)
        for place, values in asked:
            fits &= np.isin(self.words[:, place], np.fromiter(values, np.int64))
        return float(max(self.counts[fits].sum(), _UNSEEN) / self.counts.sum())

    def of_departments(self, departments: Collection[int]) -> float:
        """The share of events of these departments."""
        return min(1.0, sum(self.owners.get(one, _GUESS_OWNER) for one in departments))

    def of_cameras(self, number: int) -> float:
        """The share of events of so many cameras."""
        return min(1.0, number / self.cameras)


class _Kept:
    """What was last read of one database."""

    def __init__(self) -> None:
        self.reading: Final = Lock()
        """Held by whoever reads."""
        self.known: tuple[float, Densities] | None = None
        """When, and what."""


_kept: Final = PerDatabase(_Kept)


def densities(connection: Connection) -> Densities:
    """What is expected of the events of this database; of a minute ago, or of ten while somebody reads it anew.

    One of all who ask reads. The others take what was known before, and wait for a while where nothing is: all at once,
    as after a start, they would take twelve times as long.
    """
    kept = _kept.of(connection)
    if (found := _known(kept, _KEPT_S)) is not None:
        return found
    before = _known(kept, _STANDS_IN_S)
    is_mine = kept.reading.acquire(timeout=0 if before is not None else _PATIENCE_S)
    if not is_mine and before is not None:
        return before
    try:
        found = _known(kept, _KEPT_S)
        if found is None:
            found = _read(connection)
            kept.known = monotonic(), found
        return found
    finally:
        if is_mine:
            kept.reading.release()


def _known(kept: _Kept, seconds: float) -> Densities | None:
    """What was read no longer ago than that."""
    known = kept.known
    return None if known is None or monotonic() - known[0] >= seconds else known[1]


def all_ids(connection: Connection) -> Stretch | None:
    """The ids from that of the first event to that of the last one; None where there is none."""
    lowest, highest = connection.execute(_ENDS).one()
    return None if lowest is None else Stretch(EventId(lowest), EventId(highest))


def _read(connection: Connection) -> Densities:
    ends = all_ids(connection)
    lowest, highest = (EventId(0), EventId(0)) if ends is None else (ends.lowest, ends.highest)
    last_day = (highest >> CAMERA_BITS) // _DAY_MS
    first_day = max((lowest >> CAMERA_BITS) // _DAY_MS, last_day - _DAYS + 1)
    given = {"grain": _DAY, "any": ANY, "first": first_day, "last": last_day}
    rows: list[Row[tuple[int, ...]]] = list(connection.execute(_CITY, given))
    table = np.array([[float(value) for value in row] for row in rows]).reshape(-1, 4)
    total = float(table[:, 3].sum())
    owners = {}
    if total:
        owners = {row[0]: float(max(row[1] or 0, _UNSEEN)) / total for row in connection.execute(_OWNERS, given)}
    days = ((highest >> CAMERA_BITS) - max(lowest >> CAMERA_BITS, first_day * _DAY_MS)) / _DAY_MS
    return Densities(
        lowest=lowest,
        highest=highest,
        a_day=total / max(days, 1e-3) if total else _GUESS_A_DAY,
        words=table[:, :3].astype(np.int64),
        counts=table[:, 3],
        owners=owners,
        rhythm=_rhythm(connection, last_day),
        cameras=max(1, connection.execute(_CAMERAS).scalar() or (0 if total else _GUESS_CAMERAS)),
    )


def _rhythm(connection: Connection, last_day: int) -> Rhythm:
    """By the last days that are over."""
    hours = {"any": ANY, "first": (last_day - _DAYS_OF_RHYTHM) * HOURS, "last": last_day * HOURS - 1}
    counts = [0.0] * HOURS
    for hour, number in connection.execute(_RHYTHM, hours):
        counts[hour % HOURS] += float(number)
    return Rhythm.of(counts)
