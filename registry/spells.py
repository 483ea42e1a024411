"""Spells: how the detect streams of the cameras were doing, span by span.

A camera's spells never overlap, whatever clocks do: a spell begins no earlier than the one before it, and time that is
counted in `uptime_day` stays as it was counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from core.errors import NotFound
from core.ids import LAST_CAMERA, LAST_EVENT, CameraId, EventId, event_time
from core.spell import NotWatched, Spell, SpellState, spell_state
from core.stream_state import StreamState

from .camera_spans import spans_within
from .chunks import in_chunks
from .columns import EPOCH, LAST_INSTANT, from_microseconds
from .page import Page
from .reach import EVERYTHING, Reach
from .tables import camera
from .uptime_tables import stream_spell
from .workers import WorkerId

_EVER: Final = EPOCH
_FOR_EVER: Final = from_microseconds(LAST_INSTANT)
_MILLISECOND: Final = timedelta(milliseconds=1)
_IS_ONE = (stream_spell.c.camera == bindparam("of")) & (stream_spell.c.from_at == bindparam("since"))
_END: Final = update(stream_spell).where(_IS_ONE).values(until_at=bindparam("at"))
_SAY_INSTEAD: Final = (
    update(stream_spell)
    .where(_IS_ONE)
    .values(state=bindparam("new_state"), reason=bindparam("new_reason"), worker=bindparam("new_worker"))
)
_REMOVE: Final = delete(stream_spell).where(_IS_ONE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A camera's stream is in `state` since `at`."""

    camera: CameraId
    state: SpellState
    reason: str
    at: datetime
    worker: WorkerId | None
    """Who says so; None where nobody watches."""


def turn(connection: Connection, turns: Iterable[Turn]) -> None:
    """End the spells that go on where a new one begins. A turn to what a camera's spell says already is none."""
    newest = {one.camera: one for one in turns}
    for chunk in in_chunks(newest):
        going_on = _going_on(connection, chunk)
        before = _ends(connection, [number for number in chunk if number not in going_on])
        ended, begun, instead = [], [], []
        for number in chunk:
            one, now = newest[number], going_on.get(number)
            if now is None:
                begun.append(_row(one, max(one.at, before.get(number, one.at))))
            elif not _says_the_same(now, one):
                at = max(one.at, now.counted_to)
                if at > now.from_at:
                    ended.append({"of": number, "since": now.from_at, "at": at})
                    begun.append(_row(one, at))
                else:
                    instead.append({"of": number, "since": now.from_at, **_said(one, "new_")})
        if ended:
            connection.execute(_END, ended)
        if instead:
            connection.execute(_SAY_INSTEAD, instead)
        if begun:
            connection.execute(insert(stream_spell), begun)


def end(connection: Connection, cameras: Sequence[CameraId], at: datetime) -> None:
    """End the spells of these cameras at `at`, and begin none: they are not to be watched any more."""
    for chunk in in_chunks(cameras):
        ended, empty = [], []
        for number, now in _going_on(connection, chunk).items():
            until_at = max(at, now.counted_to)
            if until_at > now.from_at:
                ended.append({"of": number, "since": now.from_at, "at": until_at})
            else:
                empty.append({"of": number, "since": now.from_at})
        if ended:
            connection.execute(_END, ended)
        if empty:
            connection.execute(_REMOVE, empty)


def never_was(number: CameraId) -> str:
    """What is said of a camera that not even a removed one is."""
    return f"there is no camera {number}, and there never was one"


def timeline(
    connection: Connection,
    number: CameraId,
    from_at: datetime,
    to_at: datetime,
    *,
    cursor: datetime | None = None,
    limit: int = 100,
    reach: Reach = EVERYTHING,
) -> Page[Spell, datetime]:
    """The spells of a camera that touch the time from `from_at` to `to_at`, newest first; the next ones begin before
    `cursor`. Of each spell that part is told which lies within `reach`. Raises `NotFound` for a camera that never was.
    """
    if connection.execute(select(camera.c.id).where(camera.c.id == number)).one_or_none() is None:
        raise NotFound(never_was(number))
    before = to_at if cursor is None else min(to_at, cursor)
    found: list[Spell] = []
    for begin, end in _within(connection, reach, number):
        for spell in _touching(connection, number, max(from_at, begin), min(before, end), limit + 1 - len(found)):
            found.append(_cut(spell, begin, end))
    return Page(tuple(found[:limit]), found[limit - 1].from_at if len(found) > limit else None)


def _touching(connection: Connection, number: CameraId, from_at: datetime, before: datetime, limit: int) -> list[Spell]:
    if limit <= 0 or from_at >= before:
        return []
    statement = (
        select(stream_spell)
        .where(stream_spell.c.camera == number, stream_spell.c.from_at < before)
        .where(or_(stream_spell.c.until_at.is_(None), stream_spell.c.until_at > from_at))
        .order_by(stream_spell.c.from_at.desc())
        .limit(limit)
    )
    return [
        Spell(CameraId(row.camera), spell_state(row.state), row.reason, row.from_at, row.until_at)
        for row in connection.execute(statement)
    ]


def _within(connection: Connection, reach: Reach, number: CameraId) -> list[tuple[datetime, datetime]]:
    """From when until when the camera's time is within `reach`, newest first."""
    if reach.is_all:
        return [(_EVER, _FOR_EVER)]
    found: list[tuple[datetime, datetime]] = []
    for span in spans_within(connection, reach, [number]).spans:
        begin = _EVER if span.lowest == 0 else event_time(EventId(span.lowest + LAST_CAMERA))
        end = _FOR_EVER if span.highest == LAST_EVENT else event_time(EventId(span.highest + 1))
        if found and begin - found[-1][1] <= _MILLISECOND:  # both owners are within reach
            begin = found.pop()[0]
        found.append((begin, end))
    return found[::-1]


def _cut(spell: Spell, begin: datetime, end: datetime) -> Spell:
    until_at = spell.until_at
    if end != _FOR_EVER:
        until_at = end if until_at is None else min(until_at, end)
    return replace(spell, from_at=max(spell.from_at, begin), until_at=until_at)


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Remove spells that ended before `before` and are counted, at most `limit`: how many."""
    old = (
        select(stream_spell.c.camera, stream_spell.c.from_at)
        .where(stream_spell.c.until_at < before, stream_spell.c.counted_to.is_(None))
        .order_by(stream_spell.c.until_at)
        .limit(limit)
    )
    keys = [{"of": row.camera, "since": row.from_at} for row in connection.execute(old)]
    if keys:
        connection.execute(_REMOVE, keys)
    return len(keys)


def _going_on(connection: Connection, cameras: Sequence[CameraId]) -> dict[CameraId, Row[Any]]:
    statement = select(stream_spell).where(stream_spell.c.camera.in_(cameras), stream_spell.c.until_at.is_(None))
    # In one order, and each as it is once its turn has come: counting may be at it.
    statement = statement.order_by(stream_spell.c.camera).with_for_update()
    return {CameraId(row.camera): row for row in connection.execute(statement)}


def _ends(connection: Connection, cameras: Sequence[CameraId]) -> Mapping[CameraId, datetime]:
    """When the last spell of each of these cameras ended, of those that have had one."""
    last = (
        select(stream_spell.c.until_at)
        .where(stream_spell.c.camera == camera.c.id)
        .order_by(stream_spell.c.from_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = select(camera.c.id, last.label("until_at")).where(camera.c.id.in_(cameras))
    return {CameraId(row.id): row.until_at for row in connection.execute(statement) if row.until_at is not None}


def _says_the_same(now: Row[Any], one: Turn) -> bool:
    """Only where something is wrong does another reason make another spell."""
    if now.state != one.state.value or now.worker != one.worker:
        return False
    return now.reason == one.reason or one.state in (StreamState.LIVE, NotWatched.UNWATCHED)


def _said(one: Turn, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}state": one.state.value, f"{prefix}reason": one.reason, f"{prefix}worker": one.worker}


def _row(one: Turn, from_at: datetime) -> dict[str, Any]:
    return {"camera": one.camera, "from_at": from_at, "counted_to": from_at, **_said(one)}
