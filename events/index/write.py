"""Writes events: each version once, under an id that no other event has ever had."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from core.event import EndReason, Event
from core.ids import EventId, event_time
from registry.many_rows import put_rows
from registry.owners import Owners
from registry.server_clock import server_time

from ..outages.joining import Joined, Outages
from . import changes, words
from .details import write_details
from .drafts import OWN_COLUMNS, Drafts
from .fencing import Fence, put_fenced
from .outcome import Fate, Outcome
from .places import Places
from .tables import event, event_kind, label, rule_name

_COLUMNS: Final = (*OWN_COLUMNS, "department", "label", "kind", "rule_name")
_STAYS: Final = ("id", "epoch", "n", "camera", "department")
"""What a new version does not change."""
_RENEWED: Final = f"""
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in _STAYS)}
    WHERE excluded.version > event.version
"""


def write_events(connection: Connection, events: Sequence[Event], drafts: Drafts | None = None) -> list[Outcome]:
    """Write these versions of events, and append their changes. What became of each, in the same order. `drafts` are
    those of `events`, where they were made before the transaction.

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
        newer.append((place, _in_version(version, _closed_if(fence.is_over(one), one))))
    if fenced:
        put_fenced(connection, fenced, server_time(connection))
    newer += outages.finish()
    if newer:
        _write(connection, newer, owners, drafts or Drafts(()))
    return outcomes


def _write(connection: Connection, newer: Sequence[tuple[EventId, Event]], owners: Owners, drafts: Drafts) -> None:
    """Write what is newer than what stands at its id, in the version in which it is to stand there."""
    newest = dict(newer)  # of several versions the last one is the newest
    labels = words.numbers(connection, label, {one.label for one in newest.values()})
    kinds = words.numbers(connection, event_kind, {one.kind.value for one in newest.values()})
    names = words.numbers(connection, rule_name, {one.rule_name for one in newest.values()})
    ready = [(id_, one, drafts.of(id_, one)) for id_, one in newest.items()]
    rows = [
        (
            *draft.values,
            owners.at(one.camera, event_time(id_)),
            labels[one.label],
            kinds[one.kind.value],
            names[one.rule_name],
        )
        for id_, one, draft in ready
    ]
    put_rows(connection, event, _COLUMNS, rows, _RENEWED)
    write_details(connection, [(id_, one.version, draft.detail) for id_, one, draft in ready])
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


def _in_version(version: int, one: Event) -> Event:
    return one if one.version == version else replace(one, version=version)
