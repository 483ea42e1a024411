"""`/cameras/{id}/zones` and `/zones/{id}`: the parts of a picture where rules look."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from pydantic import MISSING, Field

from core.access import Right
from core.box import Point
from core.zone import Polygon, Zone
from registry import version, zones
from registry.audit.entry import Act
from registry.sight import check_camera

from .answers import CameraInPath, Listing, ZoneInPath
from .caller import Who
from .changing import check_change, differences, note_change
from .fields import Body, CameraNumber, Corners, Text, ZoneNumber
from .idempotency import FirstTime
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["zones"])

Points = Annotated[
    Corners,
    Field(
        description="The corners of a simple polygon, in shares of the picture's width and height: 0, 0 is top left.",
        examples=[[[0.1, 0.5], [0.9, 0.5], [0.9, 1.0], [0.1, 1.0]]],
    ),
]


class NewZone(Body):
    """A zone to be added."""

    name: Text = Field(examples=["crossing"])
    points: Points


class ZoneChange(Body):
    """What is to be changed of a zone; what is left out stays."""

    name: Text | MISSING = MISSING
    points: Points | MISSING = MISSING


class ZoneView(Body):
    """A named polygon on one camera's picture."""

    id: ZoneNumber
    camera: CameraNumber
    name: str
    points: tuple[tuple[float, float], ...]


def view(zone: Zone) -> ZoneView:
    """`zone` as the API shows it."""
    points = tuple((point.x, point.y) for point in zone.polygon.points)
    return ZoneView(id=zone.id, camera=zone.camera, name=zone.name, points=points)


def polygon(points: Corners) -> Polygon:
    """The polygon of these corners. Raises `BadInput` if they make none."""
    return Polygon(tuple(Point(x, y) for x, y in points))


@router.get("/cameras/{camera}/zones", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_zones(use: Use, who: Who, camera: CameraInPath) -> Listing[ZoneView]:
    """The camera's zones."""
    with use.database.read() as connection:
        check_camera(connection, who.scope(connection), camera, Right.LIST)
        found = zones.of_camera(connection, camera)
    return Listing(items=tuple(view(zone) for zone in found))


@router.post(
    "/cameras/{camera}/zones", status_code=201, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)
)
def add_zone(use: Use, who: Who, camera: CameraInPath, body: NewZone, once: FirstTime) -> ZoneView:
    """Add a zone to the camera's picture."""
    shape = polygon(body.points)
    with use.database.write() as connection:
        owner = check_change(connection, who, camera)
        once.begin(connection)
        added = zones.add(connection, camera, name=body.name, polygon=shape)
        detail = {"name": added.name}
        who.changed(connection, Act.ADD, "zone", added.id, camera=camera, departments={owner}, detail=detail)
        return once.keep(connection, view(added))


@router.patch("/zones/{zone}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_zone(use: Use, who: Who, zone: ZoneInPath, body: ZoneChange) -> ZoneView:
    """Change what is given of the zone."""
    shape = None if body.points is MISSING else polygon(body.points)
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = zones.get(connection, zone)
        owner = check_change(connection, who, before.camera, missing=f"there is no zone {zone}")
        name = before.name if body.name is MISSING else body.name
        after = view(zones.change(connection, replace(before, name=name, polygon=shape or before.polygon)))
        changed = differences(view(before), after)
        note_change(connection, who, "zone", zone, changed, camera=before.camera, departments={owner})
    return after


@router.delete("/zones/{zone}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def remove_zone(use: Use, who: Who, zone: ZoneInPath) -> None:
    """Remove the zone. A zone that a rule looks at stays."""
    with use.database.write() as connection:
        before = zones.get(connection, zone)
        owner = check_change(connection, who, before.camera, missing=f"there is no zone {zone}")
        zones.remove(connection, zone, use.clock.now())
        detail = {"name": before.name}
        who.changed(connection, Act.REMOVE, "zone", zone, camera=before.camera, departments={owner}, detail=detail)
