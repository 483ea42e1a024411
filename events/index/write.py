"""Writes events: each version once, under an id that no other event has ever had."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.box import Box
from core.event import EndReason, Event, Origin
from core.ids import CameraId, EventId, event_time, next_millisecond
from registry.chunks import in_chunks
from registry.db import is_sqlite
from registry.owners import Owners

from . import changes, words
from .details import write_details
from .tables import event, event_kind, label, rule_name

SHARE: Final = 10_000
"""Scores and boxes are kept in whole parts of this."""
_LARGEST_SMALL: Final = 32_767
_STAYS: Final = ("id", "epoch", "n", "camera", "department")
"""What a new version does not change."""


def write_events(connection: Connection, events: Sequence[Event]) -> list[EventId]:
    """Write these versions of events, and append their changes. The ids under which they stand, in the same order.

    An event whose id belongs to another origin goes to the next free millisecond of its camera; later versions find it
    there, under either id. A version that is not newer than the stored one changes nothing, so repeats are harmless.
    Kept are milliseconds of `started_at` (the id's) and ten-thousandths of scores and boxes.

    Raises `NotFound` for an event of a camera that never was; then none of the events is written.
    """
    if not events:
        return []
    changes.lock(connection)
    owners = Owners(connection, {one.camera for one in events})
    places = _Places(connection, {one.id for one in events})
    ids = [places.find(one.id, one.origin) for one in events]
    newer = [(id_, one) for id_, one in zip(ids, events, strict=True) if places.take(id_, one)]
    if not newer:
        return ids
    labels = words.numbers(connection, label, {one.label for _, one in newer})
    kinds = words.numbers(connection, event_kind, {one.kind.value for _, one in newer})
    names = words.numbers(connection, rule_name, {one.rule_name for _, one in newer})
    rows = [
        {
            **_values(id_, one),
            "department": owners.at(one.camera, event_time(id_)),
            "label": labels[one.label],
            "kind": kinds[one.kind.value],
            "rule_name": names[one.rule_name],
        }
        for id_, one in newer
    ]
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(event)
    renewed = {name: statement.excluded[name] for name in rows[0] if name not in _STAYS}
    statement = statement.on_conflict_do_update(
        index_elements=[event.c.id], set_=renewed, where=statement.excluded.version > event.c.version
    )
    connection.execute(statement, rows)
    write_details(connection, dict(newer))  # of several versions the last one is the newest
    changes.append_all(connection, [(id_, one.version) for id_, one in newer])
    return ids


def close_interrupted(connection: Connection, epochs: Mapping[CameraId, int]) -> list[EventId]:
    """End the open events of these cameras that are older than the given epoch, where they were last seen.

    `epochs` is what `registry.epochs.take` answered. The ids of the events that were closed.
    """
    changes.lock(connection)
    still_open = select(event.c.id, event.c.camera, event.c.epoch, event.c.version).where(event.c.ended_at.is_(None))
    left = [
        (EventId(row.id), row.version + 1)
        for row in connection.execute(still_open.order_by(event.c.id))
        if row.epoch < epochs.get(CameraId(row.camera), 0)
    ]
    for chunk in in_chunks(id_ for id_, _ in left):
        connection.execute(
            update(event)
            .where(event.c.id.in_(chunk))
            .values(
                ended_at=event.c.last_seen_at,
                end_reason=EndReason.INTERRUPTED.value,
                version=event.c.version + 1,
            )
        )
    changes.append_all(connection, left)
    return [id_ for id_, _ in left]


class _Places:
    """Which ids are taken, by which origin, in which version. Knows the batch as well as the table."""

    def __init__(self, connection: Connection, ids: set[EventId]) -> None:
        self._connection = connection
        self._asked: set[EventId] = set()
        self._taken: dict[EventId, tuple[Origin, int]] = {}
        self._ask(ids)

    def find(self, start: EventId, origin: Origin) -> EventId:
        """From `start` on, the id that belongs to `origin`, or the first free one, which belongs to it from now on."""
        place = start
        while True:
            if place not in self._asked:
                self._ask({place})
            holder = self._taken.get(place)
            if holder is None:
                self._taken[place] = (origin, 0)
                return place
            if holder[0] == origin:
                return place
            place = next_millisecond(place)

    def take(self, place: EventId, one: Event) -> bool:
        """Whether `one` is newer than what stands at `place`; from now on it stands there."""
        origin, version = self._taken[place]
        if one.version <= version:
            return False
        self._taken[place] = (origin, one.version)
        return True

    def _ask(self, ids: set[EventId]) -> None:
        self._asked |= ids
        for chunk in in_chunks(ids):
            statement = select(event.c.id, event.c.epoch, event.c.n, event.c.version).where(event.c.id.in_(chunk))
            for row in self._connection.execute(statement):
                self._taken[EventId(row.id)] = (Origin(row.epoch, row.n), row.version)


def _values(id_: EventId, one: Event) -> dict[str, Any]:
    """The columns that the event itself knows. An event that was moved by some milliseconds cannot end before them."""
    started_at = event_time(id_)
    return {
        "id": id_,
        "epoch": one.origin.epoch,
        "n": one.origin.n,
        "version": one.version,
        "camera": one.camera,
        "severity": one.severity.value,
        "zone": one.zone,
        "rule": one.rule,
        "track": one.track,
        "score": None if one.score is None else _small(one.score),
        **_box(one.box),
        "last_seen_at": max(one.last_seen_at, started_at),
        "ended_at": None if one.ended_at is None else max(one.ended_at, started_at),
        "end_reason": one.end_reason.value if one.end_reason else None,
    }


def _box(box: Box | None) -> dict[str, int | None]:
    sides = ("left", "top", "right", "bottom")
    return {f"box_{side}": None if box is None else _small(getattr(box, side)) for side in sides}


def _small(share: float) -> int:
    return max(-_LARGEST_SMALL, min(round(share * SHARE), _LARGEST_SMALL))
