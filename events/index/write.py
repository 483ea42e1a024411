"""Writes events: each version once, under an id that no other event has ever had."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from core.box import Box
from core.event import EndReason, Event
from core.ids import EventId, event_time
from registry.db import is_sqlite
from registry.owners import Owners
from registry.server_clock import server_time

from ..outages.joining import Joined, Outages
from . import changes, words
from .details import write_details
from .fencing import Fence, put_fenced
from .outcome import Fate, Outcome
from .places import Places
from .tables import event, event_kind, label, rule_name

SHARE: Final = 10_000
"""Scores and boxes are kept in whole parts of this."""
_LARGEST_SMALL: Final = 32_767
_STAYS: Final = ("id", "epoch", "n", "camera", "department")
"""What a new version does not change."""


def write_events(connection: Connection, events: Sequence[Event]) -> list[Outcome]:
    """Write these versions of events, and append their changes. What became of each, in the same order.

    An event that is not on record yet is accepted if its epoch was in force when it started; others are put into
    `fenced_event`. One that is on record takes newer versions of its origin, whatever became of the epoch; where that
    is over, nobody is left to end the event, so that an open version is closed as interrupted where it was last seen.

    An event whose id belongs to another origin goes to the next free millisecond of its camera; later versions find it
    there, under either id. A version that is not newer than the stored one changes nothing, so repeats are harmless.
    Kept are milliseconds of `started_at` (the id's) and ten-thousandths of scores and boxes; the stored version is the
    worker's own and the interruptions of the event.

    A lost stream joins the outage of its uplink, and stands in its event.

    Raises `NotFound` for an event of a camera that never was; then none of the events is written.
    """
    if not events:
        return []
    changes.lock(connection)
    owners = Owners(connection, {one.camera for one in events})
    places = Places(connection, {one.id for one in events})
    fence = Fence(connection, events)
    outages = Outages(connection, places, owners, events)
    outcomes: list[Outcome] = []
    fenced: list[Event] = []
    newer: list[tuple[EventId, Event]] = []
    for one in events:
        is_new = not places.has(one)
        if is_new and not fence.lets_in(one):
            fenced.append(one)
            outcomes.append(Outcome(Fate.FENCED, one.id))
            continue
        joined = outages.join(_closed_if(fence.is_over(one), one))
        if joined is not None:
            outcomes.append(Outcome(_fate_within(joined, is_its_own=places.find(one) == joined.event), joined.event))
            continue
        place = places.find(one)
        version = places.take(place, one)
        if version is None:
            outcomes.append(Outcome(Fate.KNOWN, place))
            continue
        outcomes.append(Outcome(Fate.NEW if is_new else Fate.NEWER, place))
        newer.append((place, replace(_closed_if(fence.is_over(one), one), version=version)))
    if fenced:
        put_fenced(connection, fenced, server_time(connection))
    newer += outages.finish()
    if newer:
        _write(connection, newer, owners)
    return outcomes


def _write(connection: Connection, newer: Sequence[tuple[EventId, Event]], owners: Owners) -> None:
    """Write what is newer than what stands at its id, in the version in which it is to stand there."""
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


def _fate_within(joined: Joined, *, is_its_own: bool) -> Fate:
    if not joined.is_news:
        return Fate.KNOWN
    if not joined.is_first:
        return Fate.NEWER
    return Fate.NEW if is_its_own else Fate.JOINED


def _closed_if(is_over: bool, one: Event) -> Event:
    if not is_over or one.ended_at is not None:
        return one
    return replace(one, ended_at=max(one.last_seen_at, one.started_at), end_reason=EndReason.INTERRUPTED)


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
