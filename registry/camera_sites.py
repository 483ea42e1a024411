"""Whether a camera's code, region and coordinates go together, and with the cameras that stand there already."""

from dataclasses import dataclass
from math import cos, radians
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.errors import BadInput
from core.gb_code import GbCode
from core.gb_tables import GbEdition
from core.ids import CameraId
from core.place import Place, distance_m, wgs84_of

from .reach import EVERYTHING, Reach
from .tables import camera, region

_SAME_SPOT_M: Final = 60.0
"""As far apart do cameras of one address stand at most, for the suspicion of a shifted place."""
_ELSEWHERE_M: Final = 150.0
_METRES_A_DEGREE: Final = 111_320.0


_NEAR: Final = select(camera.c.id, camera.c.department, camera.c.longitude, camera.c.latitude).where(
    camera.c.latitude.between(bindparam("south"), bindparam("north")),
    camera.c.longitude.between(bindparam("west"), bindparam("east")),
    camera.c.deleted_at.is_(None),
    # Not by the region's index: a district may have ten thousand cameras, a street corner has ten.
    func.coalesce(camera.c.region, "") == bindparam("area"),
    camera.c.address == bindparam("at"),
)
"""Built once, as `_AREAS` is: an import asks them for each of its rows."""
_AREAS: Final = select(region.c.code, region.c.parent).where(region.c.code.in_(bindparam("asked", expanding=True)))


def check_site(connection: Connection, number: CameraId | None, facts: CameraFacts, seen: Reach = EVERYTHING) -> None:
    """Raises `BadInput` where checked facts contradict each other or the registry: an unknown region, a code of an area
    that is not registered or not the region's, a place that can only have been read off a Chinese map, judged by the
    cameras that are `seen`."""
    _check_region(connection, facts)
    _check_not_shifted(connection, number, facts, seen)


def site_of(facts: CameraFacts) -> tuple[object, ...]:
    """What `check_site` looks at. It is not asked again about a camera of which none of it changes: regions may have
    been registered since."""
    return (facts.gb_code, facts.gb_edition, facts.region, facts.address, facts.longitude, facts.latitude)


def _check_region(connection: Connection, facts: CameraFacts) -> None:
    if facts.region is None and facts.gb_code is None:
        return
    code = None if facts.gb_code is None else GbCode(facts.gb_code, facts.gb_edition or GbEdition.E2022)
    asked = {facts.region} if facts.region else set()
    if code is not None:
        asked |= {code.centre, code.centre[:6], code.division}
    parents = {row.code: row.parent for row in connection.execute(_AREAS, {"asked": sorted(asked)})}
    if facts.region is not None and facts.region not in parents:
        raise BadInput(
            f"there is no region {facts.region}",
            field="region",
            hint=f"register it first: PUT /api/v1/regions/{facts.region}",
        )
    if code is None:
        return
    if not parents.keys() & {code.centre, code.centre[:6], code.division} and _any_region(connection):
        raise BadInput(
            f"digits 1 to 8 of {code.text} are {code.centre}, an area that is not registered",
            field="gb_code",
            hint=f"register it first: PUT /api/v1/regions/{code.division}",
        )
    if facts.region is not None and not _go_together(code.division, facts.region):
        above = _above(connection, parents[facts.region])
        if not any(_go_together(code.division, one) for one in above):
            raise BadInput(
                f"digits 1 to 8 of {code.text} name the area {code.division}; the camera's region is {facts.region}, "
                "which lies neither in it nor around it",
                field="gb_code",
            )


def _go_together(division: str, region_code: str) -> bool:
    """Whether one is the other or lies in it, by the digits. Those of a township are counted in another way than the
    last two of a code's area, so beyond six digits only the county counts."""
    if len(region_code) > 8:
        region_code, division = region_code[:6], division[:6]
    return division.startswith(region_code) or region_code.startswith(division)


def _any_region(connection: Connection) -> bool:
    return connection.execute(select(region.c.code).limit(1)).first() is not None


def _above(connection: Connection, parent: str | None) -> list[str]:
    found: list[str] = []
    while parent is not None and parent not in found:
        found.append(parent)
        parent = connection.execute(select(region.c.parent).where(region.c.code == parent)).scalar_one()
    return found


def _check_not_shifted(connection: Connection, number: CameraId | None, facts: CameraFacts, seen: Reach) -> None:
    """Cameras of one address in one region stand close together. Where this one stands far from all of them as it is
    given, and among them once it is taken as GCJ-02, it was read off a Chinese map."""
    given = facts.place
    if given is None or facts.region is None or facts.address is None or not given.in_china:
        return
    meant = wgs84_of(given)
    neighbours = _Neighbours(connection, number, facts.region, facts.address, seen)
    if neighbours.any_within(_SAME_SPOT_M, meant) and not neighbours.any_within(_ELSEWHERE_M, given):
        raise BadInput(
            f"longitude {given.longitude:g}, latitude {given.latitude:g} lies {distance_m(given, meant):.0f} m beside "
            f"the other cameras at {facts.address!r}, exactly as far as GCJ-02 coordinates do",
            field="longitude",
            hint=f"give WGS-84 coordinates: {meant.longitude:.6f}, {meant.latitude:.6f} if they were GCJ-02; or "
            "another address",
        )


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """The other cameras of one address in one region."""

    connection: Connection
    number: CameraId | None
    region: str
    address: str
    seen: Reach

    def any_within(self, metres: float, centre: Place) -> bool:
        up = metres / _METRES_A_DEGREE
        across = up / max(0.01, cos(radians(centre.latitude)))
        asked = {
            "south": centre.latitude - up,
            "north": centre.latitude + up,
            "west": centre.longitude - across,
            "east": centre.longitude + across,
            "area": self.region,
            "at": self.address,
        }
        return any(
            row.id != self.number
            and self.seen.has_camera(CameraId(row.id), DepartmentId(row.department))
            and distance_m(centre, Place(row.longitude, row.latitude)) <= metres
            for row in self.connection.execute(_NEAR, asked)
        )
