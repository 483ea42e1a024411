"""A small city with all that events can be searched by, made of chance, and chance filters on it."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from core.box import Point
from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.event import EndReason, Event
from core.hours import Hours, Weekday
from core.ids import CameraId
from core.line import LineId
from core.place import Place
from core.rule import RuleKind, Severity
from core.zone import Polygon, ZoneId
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.stored import StoredEvent
from registry import cameras, departments, lines, regions, zones
from registry.catalogue.areas import Around, Box
from registry.db import Database
from registry.departments import Sector
from registry.owners import owners_now
from registry.regions import Region

from .builders import START, an_event
from .event_oracle import City, OneCamera
from .happenings import write

T = TypeVar("T")
LABELS = ("person", "car", "dog")
REGIONS: Mapping[str, str | None] = {"31": None, "3101": "31", "310104": "3101", "310105": "3101", "32": None}
SECTORS = (Sector.HEALTH, Sector.WATER, Sector.EDUCATION)
STREETS = ("长江路", "黄河路", "Gate", "north gate", "ＮＯＲＴＨ bridge")
WEST, SOUTH, ACROSS = 114.20, 30.50, 0.08
DAYS = 40
"""From `START` on: the clocks of Europe change on the way."""
EVENTS = 400
TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1)))


@dataclass(frozen=True)
class EventCity:
    """What was put into a database."""

    city: City
    cameras: Sequence[CameraId]
    departments: Sequence[DepartmentId]
    zones: Sequence[ZoneId]
    lines: Sequence[LineId]
    events: Sequence[StoredEvent]
    """Newest first."""
    owners: Mapping[CameraId, DepartmentId]
    """Of each camera, by now."""


def an_event_city(database: Database, seed: int) -> EventCity:
    """A city with events of all kinds: short ones, long ones, ones that have not ended, of cameras that moved or are
    gone."""
    rng = random.Random(seed)
    with database.write() as connection:
        for code, parent in REGIONS.items():
            regions.put(connection, Region(code, f"region {code}", parent))
        owners = list[DepartmentId]()
        tree: dict[int, tuple[str, int | None]] = {}
        for number in range(6):
            parent_of = rng.choice(owners) if number > 2 else None
            kind = rng.choice(SECTORS)
            made = departments.add(connection, name=f"department {number}", kind=kind, parent=parent_of)
            owners.append(made.id)
            tree[made.id] = (kind.value, parent_of)
        numbers, known = list[CameraId](), dict[int, OneCamera]()
        for number in range(24):
            name = f"{rng.choice(STREETS)} {number}"
            address = rng.choice([None, *STREETS])
            region = rng.choice([None, *REGIONS])
            x, y = WEST + rng.random() * ACROSS, SOUTH + rng.random() * ACROSS
            place = None if rng.random() < 0.2 else (x, y)
            facts = CameraFacts(
                region=region,
                address=address,
                longitude=None if place is None else place[0],
                latitude=None if place is None else place[1],
            )
            camera = cameras.add(connection, name=name, department=rng.choice(owners), facts=facts).id
            numbers.append(camera)
            known[camera] = OneCamera(place, region, (name,) if address is None else (name, address))
        of_zones = [zones.add(connection, one, name="gate", polygon=TRIANGLE).id for one in numbers[:8]]
        of_lines = [
            lines.add(connection, one, name="stop", start=Point(0.5, 1), end=Point(0.5, 0)).id for one in numbers[:4]
        ]
    for camera in rng.sample(numbers, 8):
        with database.write() as connection:
            moved = replace(cameras.get(connection, camera), department=rng.choice(owners))
            cameras.change(connection, moved, START + timedelta(days=rng.random() * DAYS))
    write(database, [_event(rng, n, rng.choice(numbers), of_zones, of_lines, numbers) for n in range(1, EVENTS + 1)])
    with database.write() as connection:
        for camera in rng.sample(numbers, 3):
            cameras.remove(connection, camera, START + timedelta(days=DAYS))
    with database.read() as connection:
        events = search(connection, EventFilter(), limit=1_000).items
        now = owners_now(connection, numbers)
    assert len(events) == EVENTS
    return EventCity(City(known, tree, REGIONS), numbers, owners, of_zones, of_lines, events, now)


def _event(
    rng: random.Random,
    n: int,
    camera: CameraId,
    of_zones: Sequence[ZoneId],
    of_lines: Sequence[LineId],
    numbers: Sequence[CameraId],
) -> Event:
    place = numbers.index(camera)
    at = START + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
    event = an_event(
        n,
        camera=camera,
        at=at,
        lasted_s=rng.choice([0, 0.5, 2, 30, 600, 3_599.999, 3_600, 3_600.001, 7_200, 200_000]),
        label=rng.choices(LABELS, (8, 4, 1))[0],
        severity=rng.choice(list(Severity)),
        zone=of_zones[place] if place < len(of_zones) and rng.random() < 0.7 else None,
        score=rng.randint(0, 20) / 20,
        end_reason=None if rng.random() < 0.1 else EndReason.LEFT,
    )
    event = replace(event, kind=rng.choice([RuleKind.OBJECT_IN_ZONE, RuleKind.LOITERING, RuleKind.LINE_CROSSED]))
    if place < len(of_lines) and rng.random() < 0.5:
        event = replace(event, line=of_lines[place])
    return replace(event, score=None) if rng.random() < 0.1 else event


def a_filter(rng: random.Random, there: EventCity) -> EventFilter:
    """A filter by a few things at once."""
    makers: dict[str, Callable[[], Any]] = {
        "from_at": lambda: _moment(rng, there),
        "to_at": lambda: _moment(rng, there),
        "hours": lambda: _hours(rng),
        "labels": lambda: _some(rng, [*LABELS, "unicorn"]),
        "kinds": lambda: _some(rng, list(RuleKind)[:4]),
        "severities": lambda: _some(rng, list(Severity)),
        "departments": lambda: _some(rng, [*there.departments, DepartmentId(4_000)]),
        "sectors": lambda: _some(rng, [*SECTORS, Sector.OTHER]),
        "cameras": lambda: _some(rng, [*there.cameras, CameraId(4_000_000)], 9),
        "region": lambda: rng.choice([*REGIONS, "33"]),
        "q": lambda: rng.choice(["长江", "路", "GATE", "north", "1", "gate 1", "nowhere"]),
        "box": lambda: Box(*_box(rng)),
        "around": lambda: Around(Place(*_place(rng)), rng.choice([500.0, 2_000.0, 6_000.0])),
        "polygon": lambda: tuple(_place(rng) for _ in range(rng.randint(3, 7))),
        "zones": lambda: _some(rng, [*there.zones, ZoneId(4_000_000)]),
        "lines": lambda: _some(rng, [*there.lines, LineId(4_000_000)]),
        "min_score": lambda: rng.choice([0.0, 0.05, 0.5, 1.0]),
        "min_duration": lambda: timedelta(seconds=rng.choice([0, 0.5, 30, 3_600, 3_601])),
        "max_duration": lambda: timedelta(seconds=rng.choice([0, 2, 3_599.999, 3_600])),
    }
    chosen = rng.sample(list(makers), rng.choice([0, 1, 1, 2, 2, 3, 4]))
    given: dict[str, Any] = {name: makers[name]() for name in chosen}
    if "from_at" in given and "to_at" in given:
        given["from_at"], given["to_at"] = sorted((given["from_at"], given["to_at"]))
    if "from_at" in given and rng.random() < 0.6:
        given["overlap"] = True
    if "min_duration" in given and "max_duration" in given:
        given["min_duration"], given["max_duration"] = sorted((given["min_duration"], given["max_duration"]))
    return EventFilter(**given)


def _some(rng: random.Random, values: Sequence[T], most: int = 3) -> frozenset[T]:
    return frozenset(rng.sample(values, rng.randint(1, min(most, len(values)))))


def _moment(rng: random.Random, there: EventCity) -> datetime:
    """Often one at which something begins or ends."""
    event = rng.choice(there.events).event
    ends = [event.started_at, event.last_seen_at, event.ended_at or event.last_seen_at]
    return rng.choice([*ends, START + timedelta(days=rng.uniform(-1, DAYS + 1))])


def _hours(rng: random.Random) -> Hours:
    begin, end = (time(rng.randrange(24), rng.choice([0, 0, 30])) for _ in range(2))
    zone = rng.choice(["UTC", "Asia/Shanghai", "Europe/Berlin"])
    return Hours(_some(rng, list(Weekday), 7), begin, end, zone)


def _place(rng: random.Random) -> tuple[float, float]:
    return WEST + rng.random() * ACROSS, SOUTH + rng.random() * ACROSS


def _box(rng: random.Random) -> tuple[float, float, float, float]:
    (x1, y1), (x2, y2) = _place(rng), _place(rng)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
