"""What the catalogue ought to answer: every camera looked at, in plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from core.camera_facts import CameraFacts
from core.ids import CameraId
from core.place import distance_m
from core.stream_state import StreamState
from registry import departments, regions
from registry.catalogue.filter import ALL, CameraFilter
from registry.catalogue.search import BEFORE_ALL
from registry.db import Database
from registry.departments import Sector
from registry.listing import ListedCamera, list_cameras
from registry.search_text import folded, search_text

_PAGE: Final = 1_000
_AT_THE_EDGE: Final = 0.0005
"""The share of a radius by which the database may count differently."""


@dataclass(frozen=True, slots=True)
class Known:
    """A camera as the oracle knows it."""

    id: CameraId
    department: int
    sector: Sector
    enabled: bool
    facts: CameraFacts
    text: str
    state: StreamState | None


@dataclass(frozen=True, slots=True)
class Oracle:
    """All cameras, and the regions above each region."""

    cameras: tuple[Known, ...]
    above: dict[str, frozenset[str]]

    @classmethod
    def ask(cls, database: Database) -> Self:
        """Read everything once, page by page."""
        known: list[Known] = []
        cursor: CameraId | None = BEFORE_ALL
        with database.read() as connection:
            sectors = {one.id: one.kind for one in departments.list_departments(connection)}
            while cursor is not None:
                page = list_cameras(connection, ALL, cursor=cursor, limit=_PAGE)
                known += (_known(item, sectors[item.camera.department]) for item in page.items)
                cursor = page.next
        return cls(tuple(known), _above(database))

    def fits(self, asked: CameraFilter) -> tuple[set[CameraId], set[CameraId]]:
        """The cameras that fit, and those of which it is hard to say: they stand right on the edge of a circle."""
        fitting, doubtful = set[CameraId](), set[CameraId]()
        words = folded(asked.q or "").split()
        for camera in self.cameras:
            if self._fits(camera, asked, words):
                nearness = _nearness(camera, asked)
                if abs(nearness - 1) < _AT_THE_EDGE:
                    doubtful.add(camera.id)
                elif nearness < 1:
                    fitting.add(camera.id)
        return fitting, doubtful

    def _fits(self, camera: Known, asked: CameraFilter, words: Iterable[str]) -> bool:
        facts = camera.facts
        return (
            (not asked.departments or camera.department in asked.departments)
            and (not asked.sectors or camera.sector in asked.sectors)
            and (not asked.states or camera.state in asked.states)
            and (asked.enabled is None or camera.enabled is asked.enabled)
            and (asked.region is None or (facts.region is not None and asked.region in self.above[facts.region]))
            and (asked.gb_prefix is None or (facts.gb_code or "").startswith(asked.gb_prefix))
            and _in_box(camera, asked)
            and all(word in camera.text for word in words)
        )


def _known(item: ListedCamera, sector: Sector) -> Known:
    facts = item.record.facts
    return Known(
        id=item.camera.id,
        department=item.camera.department,
        sector=sector,
        enabled=item.camera.enabled,
        facts=facts,
        text=search_text(item.camera.name, facts),
        state=None if item.status is None else item.status.status.state,
    )


def _above(database: Database) -> dict[str, frozenset[str]]:
    """Each region with all in which it lies, itself too."""
    parents: dict[str, str | None] = {}
    cursor: str | None = None
    while True:
        with database.read() as connection:
            page = regions.list_regions(connection, cursor=cursor, limit=_PAGE)
        parents |= {one.code: one.parent for one in page.items}
        cursor = page.next
        if cursor is None:
            return {code: frozenset(_way_up(parents, code)) for code in parents}


def _way_up(parents: dict[str, str | None], code: str | None) -> Iterable[str]:
    while code is not None:
        yield code
        code = parents[code]


def _in_box(camera: Known, asked: CameraFilter) -> bool:
    place = camera.facts.place
    if asked.box is None:
        return True
    box = asked.box
    return place is not None and box.west <= place.longitude <= box.east and box.south <= place.latitude <= box.north


def _nearness(camera: Known, asked: CameraFilter) -> float:
    """The distance in radii; 0 where no circle is asked for."""
    if asked.around is None:
        return 0.0
    place = camera.facts.place
    return 2.0 if place is None else distance_m(asked.around.centre, place) / asked.around.radius_m
