"""A dry run: what would go now, and what only holds keep. It reads, in steps, and changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, func, literal, select

from core.camera import DepartmentId
from core.clock import Clock
from core.ids import EventId, event_time
from core.rule import RuleKind
from registry.db import Database

from ..index.tables import event as event_table
from ..media.table import MediaKind, event_media
from . import lanes
from .held import held, is_held
from .lanes import Stretch
from .medium import Medium
from .played import clips_over, kinds_by_number
from .policy import Policy
from .settings import RetentionSettings
from .track_forecast import tracks_over

_AT_ONCE: Final = 20_000
"""Events that one statement counts."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something there is."""

    count: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.count + other.count, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class Line:
    """What would go of a department, kind of event and medium."""

    department: DepartmentId
    kind: RuleKind | None
    """None: of tracks, which are of no kind."""
    medium: Medium
    goes: Amount
    oldest: datetime | None
    """When the oldest of what would go began; None where nothing would."""
    newest: datetime | None
    held: Amount
    """What would go, too, if no hold were on it."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would go."""

    at: datetime
    lines: tuple[Line, ...]
    """By department, medium and kind; only those that have something."""
    is_whole: bool
    """False: there was no time to look at all of it, and there may be more."""


class _Sum:
    """What was counted so far of one line."""

    def __init__(self) -> None:
        self.goes, self.held = Amount(), Amount()
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    def add(self, amount: Amount, oldest: datetime, newest: datetime, *, is_held: bool) -> None:
        if is_held:
            self.held += amount
            return
        self.goes += amount
        self.oldest = oldest if self.oldest is None else min(oldest, self.oldest)
        self.newest = newest if self.newest is None else max(newest, self.newest)


def would_go(
    database: Database,
    clock: Clock,
    settings: RetentionSettings,
    track_log_h: int,
    *,
    departments: Collection[DepartmentId] | None = None,
    most_s: float | None = None,
) -> Forecast:
    """What a pass would remove now of these departments (None: of all), as far as `most_s` seconds are enough (None:
    all of it). Raises `Unavailable`."""
    now = clock.now()
    until = None if most_s is None else clock.monotonic() + most_s
    with database.read() as connection:
        policy = Policy(connection, settings, track_log_h)
        kinds = kinds_by_number(connection)
        from_start = not held(connection).is_nothing
        stretches = [
            stretch
            for medium in lanes.WALKED
            for stretch in lanes.with_something(connection, policy, medium, now, from_start=from_start)
            if departments is None or stretch.department in departments
        ]
    sums: defaultdict[tuple[DepartmentId, Medium, RuleKind | None], _Sum] = defaultdict(_Sum)
    is_whole = True
    for stretch in stretches:
        for row in _steps(database, stretch, clock, until):
            if row is None:
                is_whole = False
                break
            if stretch.has(row.kind):
                line = sums[stretch.department, stretch.medium, kinds.get(row.kind)]
                first, last = event_time(EventId(row.oldest)), event_time(EventId(row.newest))
                line.add(Amount(row.number, row.size), first, last, is_held=bool(row.is_held))
    after: EventId | None = EventId(0)
    while after is not None:
        with database.read() as connection:
            clips, after = clips_over(connection, policy, now, after)
        for clip in clips:
            if departments is None or clip.department in departments:
                line = sums[clip.department, Medium.MASKED_CLIP, clip.kind]
                at = event_time(clip.event)
                line.add(Amount(1, clip.bytes), at, at, is_held=clip.is_held)
    with database.read() as connection:
        for department, amount in tracks_over(connection, policy, now, departments):
            line = sums[department, Medium.TRACK, None]
            line.add(Amount(amount.count, amount.bytes), amount.oldest, amount.newest, is_held=amount.is_held)
    order = list(Medium)
    lines = (
        Line(department, kind, medium, one.goes, one.oldest, one.newest, one.held)
        for (department, medium, kind), one in sorted(
            sums.items(), key=lambda item: (item[0][0], order.index(item[0][1]), item[0][2] or "")
        )
    )
    return Forecast(now, tuple(lines), is_whole)


def _steps(database: Database, stretch: Stretch, clock: Clock, until: float | None) -> Iterator[Any]:
    """Sums of a stretch, part by part; None at the end where the time is over before it is through."""
    after = stretch.after
    while after < stretch.before:
        if until is not None and clock.monotonic() >= until:
            yield None
            return
        with database.read() as connection:
            upto = _boundary(connection, stretch, after)
            rows = _summed(connection, stretch, after, upto)
        yield from rows
        after = upto


def _boundary(connection: Connection, stretch: Stretch, after: EventId) -> EventId:
    columns = event_table.c
    those = columns.department == stretch.department, columns.id > after, columns.id < stretch.before
    last = connection.execute(
        select(columns.id).where(*those).order_by(columns.id).offset(_AT_ONCE - 1).limit(1)
    ).scalar()
    return stretch.before if last is None else EventId(last)


def _summed(connection: Connection, stretch: Stretch, after: EventId, upto: EventId) -> list[Any]:
    columns, media = event_table.c, event_media.c
    held_now = literal(0) if held(connection).is_nothing else is_held(columns)
    wanted = [columns.department == stretch.department, columns.id > after, columns.id <= upto]
    wanted.append(columns.id < stretch.before)
    source: Any = event_table
    size: Any = literal(0)
    kind: MediaKind | None = stretch.medium.media_kind
    if kind is None:
        wanted.append(columns.ended_at < stretch.ends_before)
    else:
        source = event_table.join(event_media, and_(media.event == columns.id, media.kind == kind.value))
        size = func.coalesce(media.bytes, 0)
        wanted.append(media.doomed_at.is_(None))
    inner = select(columns.kind, columns.id, size.label("size"), held_now.label("is_held"))
    inner_rows = inner.select_from(source).where(*wanted).subquery()
    summed = select(
        inner_rows.c.kind,
        inner_rows.c.is_held,
        func.count().label("number"),
        func.sum(inner_rows.c.size).label("size"),
        func.min(inner_rows.c.id).label("oldest"),
        func.max(inner_rows.c.id).label("newest"),
    ).group_by(inner_rows.c.kind, inner_rows.c.is_held)
    return list(connection.execute(summed))
