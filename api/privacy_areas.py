"""`/cameras/{id}/privacy-areas` and `/privacy-areas/{id}`: the parts of a picture that are black for everybody who sees
a masked one."""

from dataclasses import replace

from fastapi import APIRouter
from pydantic import MISSING, Field

from core.access import Right
from core.privacy import PrivacyArea
from registry import privacy_areas, version
from registry.audit.entry import Act
from registry.sight import check_camera

from .answers import CameraInPath, Listing, PrivacyAreaInPath
from .caller import Who
from .changing import check_change, differences, note_change
from .fields import Body, CameraNumber, PrivacyAreaNumber, Text
from .idempotency import FirstTime
from .problems import Kind, documented
from .services import Use
from .zones import Points, polygon

router = APIRouter(prefix="/api/v1", tags=["privacy areas"])


class NewPrivacyArea(Body):
    """A privacy area to be added."""

    name: Text = Field(examples=["windows of the house"])
    points: Points


class PrivacyAreaChange(Body):
    """What is to be changed of a privacy area; what is left out stays."""

    name: Text | MISSING = MISSING
    points: Points | MISSING = MISSING


class PrivacyAreaView(Body):
    """A named polygon on one camera's picture that is black in every masked rendition."""

    id: PrivacyAreaNumber
    camera: CameraNumber
    name: str
    points: tuple[tuple[float, float], ...]


def view(area: PrivacyArea) -> PrivacyAreaView:
    """`area` as the API shows it."""
    points = tuple((point.x, point.y) for point in area.polygon.points)
    return PrivacyAreaView(id=area.id, camera=area.camera, name=area.name, points=points)


@router.get("/cameras/{camera}/privacy-areas", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_privacy_areas(use: Use, who: Who, camera: CameraInPath) -> Listing[PrivacyAreaView]:
    """The camera's privacy areas."""
    with use.database.read() as connection:
        check_camera(connection, who.scope(connection), camera, Right.LIST)
        found = privacy_areas.of_camera(connection, camera)
    return Listing(items=tuple(view(area) for area in found))


@router.post(
    "/cameras/{camera}/privacy-areas",
    status_code=201,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT),
)
def add_privacy_area(
    use: Use, who: Who, camera: CameraInPath, body: NewPrivacyArea, once: FirstTime
) -> PrivacyAreaView:
    """Black out a part of the camera's picture: at once in what was stored before, and in what comes."""
    shape = polygon(body.points)
    with use.database.write() as connection:
        owner = check_change(connection, who, camera)
        once.begin(connection)
        added = privacy_areas.add(connection, camera, name=body.name, polygon=shape, at=use.clock.now())
        detail = {"name": added.name}
        who.changed(connection, Act.ADD, "privacy_area", added.id, camera=camera, departments={owner}, detail=detail)
        return once.keep(connection, view(added))


@router.patch("/privacy-areas/{area}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_privacy_area(use: Use, who: Who, area: PrivacyAreaInPath, body: PrivacyAreaChange) -> PrivacyAreaView:
    """Change what is given of the privacy area."""
    shape = None if body.points is MISSING else polygon(body.points)
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = privacy_areas.get(connection, area)
        owner = check_change(connection, who, before.camera, missing=f"there is no privacy area {area}")
        name = before.name if body.name is MISSING else body.name
        wanted = replace(before, name=name, polygon=shape or before.polygon)
        after = view(privacy_areas.change(connection, wanted, use.clock.now()))
        changed = differences(view(before), after)
        note_change(connection, who, "privacy_area", area, changed, camera=before.camera, departments={owner})
    return after


@router.delete("/privacy-areas/{area}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def remove_privacy_area(use: Use, who: Who, area: PrivacyAreaInPath) -> None:
    """Remove the privacy area: what lies there is seen again, but in snapshots that were taken while it was there."""
    with use.database.write() as connection:
        before = privacy_areas.get(connection, area)
        owner = check_change(connection, who, before.camera, missing=f"there is no privacy area {area}")
        privacy_areas.remove(connection, area, use.clock.now())
        detail = {"name": before.name}
        camera = before.camera
        who.changed(connection, Act.REMOVE, "privacy_area", area, camera=camera, departments={owner}, detail=detail)
