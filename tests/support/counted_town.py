"""A small town whose events are counted in two ways, and random questions about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from random import Random

from core.camera import DepartmentId
from core.hours import ALL_DAYS, Hours, Weekday
from core.ids import CAMERA_BITS, LAST_EVENT, CameraId, EventId
from core.rule import RuleKind, Severity
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.stored import StoredEvent
from registry import cameras, departments
from registry.db import Database
from registry.departments import Sector
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan

from .builders import after, an_event
from .happenings import add_cameras, write

LABELS = ("person", "car", "dog", "bicycle")
KINDS = (RuleKind.INTRUSION, RuleKind.LOITERING, RuleKind.OBJECT_IN_ZONE)
HOURS = 80
EVENTS = 700


@dataclass(frozen=True)
class Town:
    """What was put into a database."""

    cameras: Sequence[CameraId]
    departments: Sequence[DepartmentId]
    parents: dict[DepartmentId, DepartmentId]
    sectors: dict[DepartmentId, Sector]
    events: Sequence[StoredEvent]
    """Newest first."""

    def within(self, number: DepartmentId, tops: frozenset[DepartmentId]) -> bool:
        """Whether `number` is one of `tops`, or below one."""
        here: DepartmentId | None = number
        while here is not None:
            if here in tops:
                return True
            here = self.parents.get(here)
        return False


def a_town(database: Database) -> Town:
    """Four departments, one below another, with three cameras each; some had other owners before."""
    random = Random(20261126)
    sectors = (Sector.WATER, Sector.WATER, Sector.HEALTH, Sector.EDUCATION)
    with database.write() as connection:
        owners: list[DepartmentId] = []
        for n, sector in enumerate(sectors):
            parent = owners[0] if n == 1 else None
            owners.append(departments.add(connection, name=f"department {n}", kind=sector, parent=parent).id)
        numbers = [one for owner in owners for one in add_cameras(connection, 3, department=owner)]
    for number, to, hour in ((0, 1, 20), (3, 0, 50), (4, 3, 61)):
        with database.write() as connection:
            changed = replace(cameras.get(connection, numbers[number]), department=owners[to])
            cameras.change(connection, changed, after(hour * 3_600 + 77.25))
    write(
        database,
        [
            replace(
                an_event(
                    n,
                    camera=random.choice(numbers),
                    at=after(_second(random)),
                    label=random.choices(LABELS, (6, 3, 1, 1))[0],
                    severity=random.choice(list(Severity)),
                    score=random.randrange(10) / 10,
                ),
                kind=random.choice(KINDS),
            )
            for n in range(EVENTS)
        ],
    )
    with database.read() as connection:
        found = search(connection, EventFilter(), limit=1_000).items
    assert len(found) == EVENTS
    return Town(numbers, owners, {owners[1]: owners[0]}, dict(zip(owners, sectors, strict=True)), found)


def a_reach(random: Random, town: Town) -> Reach:
    """All, whole departments, departments since a moment, single cameras for some time, or a mixture."""
    what = random.choice(("all", "departments", "departments", "since", "cameras", "cameras", "mixed"))
    if what == "all":
        return EVERYTHING
    owners = random.sample(town.departments, random.randint(0, 3))
    ids = [one.event.id for one in town.events]

    def edge() -> EventId:
        number = random.choice(ids)
        return EventId(random.choice((0, number, number + 1, number >> CAMERA_BITS << CAMERA_BITS)))

    lowest = {owner: EventId(0) if what in ("departments", "mixed") else edge() for owner in owners}
    spans = []
    for _ in range(random.randint(0, 8)):
        low, high = sorted((edge(), random.choice((edge(), LAST_EVENT, LAST_EVENT))))
        spans.append(CameraSpan(random.choice(town.cameras), low, high))
    return Reach(
        departments={} if what == "cameras" else lowest,
        spans=spans if what in ("cameras", "mixed") else [],
    )


def a_filter(random: Random, town: Town) -> EventFilter:
    """Some conditions of those that tallies know, and of those they do not."""

    def some(values: Sequence[object], chance: float) -> frozenset[object]:
        return frozenset(random.sample(values, random.randint(1, 2))) if random.random() < chance else frozenset()

    ends = sorted((_moment(random), _moment(random)))
    return EventFilter(
        from_at=ends[0] if random.random() < 0.7 else None,
        to_at=ends[1] if random.random() < 0.7 else None,
        hours=_hours(random) if random.random() < 0.25 else None,
        labels=some([*LABELS, "unicorn"], 0.3),  # type: ignore[arg-type]
        kinds=some([*KINDS, RuleKind.FLOW], 0.2),  # type: ignore[arg-type]
        severities=some(list(Severity), 0.2),  # type: ignore[arg-type]
        departments=some(town.departments, 0.2),  # type: ignore[arg-type]
        sectors=some([Sector.WATER, Sector.HEALTH, Sector.VENUE], 0.15),  # type: ignore[arg-type]
        cameras=some([*town.cameras, CameraId(4_000_000)], 0.25),  # type: ignore[arg-type]
        min_score=random.choice((0.0, 0.5)) if random.random() < 0.15 else None,
    )


def fits(town: Town, one: StoredEvent, asked: EventFilter, reach: Reach) -> bool:
    """Whether that event is within reach, and what is asked for."""
    happened = one.event
    return (
        reach.has_event(happened.id, happened.camera, one.department)
        and (asked.from_at is None or happened.started_at >= asked.from_at)
        and (asked.to_at is None or happened.started_at < asked.to_at)
        and (asked.hours is None or asked.hours.hold(happened.started_at))
        and (not asked.labels or happened.label in asked.labels)
        and (not asked.kinds or happened.kind in asked.kinds)
        and (not asked.severities or happened.severity in asked.severities)
        and (not asked.departments or town.within(one.department, asked.departments))
        and (not asked.sectors or town.sectors[one.department] in asked.sectors)
        and (not asked.cameras or happened.camera in asked.cameras)
        and (not asked.min_score or (happened.score or 0) >= asked.min_score)
    )


def _second(random: Random) -> float:
    """To the millisecond; often several events at once, and some on the hour."""
    return random.randrange(HOURS) * 3_600 + random.choice((0, 1_799.999, random.randrange(3_600_000) / 1_000))


def _moment(random: Random) -> datetime:
    hour = random.randint(-2, HOURS + 2) * 3_600
    return after(hour + random.choice((0, 0, 0.0005, 1_800, random.randrange(3_600))))


def _hours(random: Random) -> Hours:
    days = frozenset(random.sample(list(Weekday), 3)) if random.random() < 0.5 else ALL_DAYS
    begin, end = (time(random.randrange(24), random.choice((0, 0, 30))) for _ in range(2))
    return Hours(days, begin, end, random.choice(("UTC", "Asia/Shanghai", "Asia/Kolkata", "America/New_York")))
