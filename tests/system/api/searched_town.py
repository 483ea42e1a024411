"""A city in which three events differ in all that a search may ask for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.box import Point
from core.camera_facts import CameraFacts
from core.event import EndReason, Event
from core.ids import CameraId, EventId
from core.line import Direction
from core.rule import RuleKind, Severity
from core.zone import Polygon
from registry import cameras, departments, lines, regions, zones
from registry.departments import Sector
from registry.regions import Region
from registry.uptime.days import Days
from tests.support import builders
from tests.system.api.conftest import SETTINGS, City, a_city

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1)))
IN_JUNE = "2026-06-01T00:00:00Z"
"""The city's other events are of May."""


@dataclass(frozen=True)
class SearchedTown:
    """The city, and what a query may name there."""

    city: City
    names: dict[EventId, str]
    """`weir`: a person, on a Monday morning at the water department's weir; `pump`: a car, on the Tuesday night at a
    pump of a department below that one; `school`: a bicycle, before dawn of Saturday at a school."""
    numbers: dict[str, int]
    """Of departments, cameras, the zone and the line."""

    def query(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`asked` with the numbers of what it names, of the events of June alone."""
        found = {name: self.numbers.get(value, value) for name, value in asked.items() if not isinstance(value, list)}
        found |= {name: value for name, value in asked.items() if isinstance(value, list)}
        return {"from": IN_JUNE} | found

    def named(self, ids: list[str]) -> list[str]:
        """The names of events, in the same order."""
        return [self.names[EventId(int(number))] for number in ids]


def _event(n: int, camera: CameraId, at: datetime, lasted_s: float, label: str, score: float) -> Event:
    return builders.an_event(
        n, camera=camera, at=at, lasted_s=lasted_s, label=label, score=score, end_reason=EndReason.LEFT
    )


@contextmanager
def searched_town(folder: Path) -> Iterator[SearchedTown]:
    """The city, by the clocks of Shanghai."""
    with a_city(folder, SETTINGS, days=Days(ZoneInfo("Asia/Shanghai"))) as city:
        with city.services.database.write() as connection:
            for code, name, parent in (("31", "上海市", None), ("3101", "市辖区", "31"), ("310104", "徐汇区", "3101")):
                regions.put(connection, Region(code, name, parent))
            water = departments.add(connection, name="Water", kind=Sector.WATER).id
            pumps = departments.add(connection, name="Pumps", kind=Sector.COMMUNITY, parent=water).id
            schools = departments.add(connection, name="Academy", kind=Sector.EDUCATION).id
            weir = cameras.add(
                connection,
                name="徐汇水闸",
                department=water,
                facts=CameraFacts(region="310104", longitude=121.43, latitude=31.19),
            ).id
            pump = cameras.add(
                connection,
                name="pump",
                department=pumps,
                facts=CameraFacts(region="3101", longitude=121.47, latitude=31.23),
            ).id
            school = cameras.add(connection, name="school gate", department=schools).id
            zone = zones.add(connection, weir, name="basin", polygon=TRIANGLE).id
            line = lines.add(connection, pump, name="kerb", start=Point(0, 0.5), end=Point(1, 0.5)).id
        monday, tuesday = datetime(2026, 6, 1, 1, 0, tzinfo=UTC), datetime(2026, 6, 2, 15, 30, tzinfo=UTC)
        events = [
            replace(_event(1, weir, monday, 5, "person", 0.9), zone=zone, severity=Severity.EMERGENCY),
            replace(
                _event(2, pump, tuesday, 120, "car", 0.4),
                kind=RuleKind.LINE_CROSSED,
                line=line,
                direction=Direction.LEFT_TO_RIGHT,
                severity=Severity.HIGH,
            ),
            replace(
                _event(3, school, datetime(2026, 6, 5, 21, 0, tzinfo=UTC), 3600, "bicycle", 0.6),
                kind=RuleKind.LOITERING,
            ),
        ]
        names = dict(zip(city.write(*events), ("weir", "pump", "school"), strict=True))
        yield SearchedTown(
            city,
            names,
            {
                "Water": water,
                "Pumps": pumps,
                "the weir": weir,
                "the pump": pump,
                "the school": school,
                "the zone": zone,
                "the line": line,
            },
        )
