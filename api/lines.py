"""`/cameras/{id}/lines` and `/lines/{id}`: directed segments that objects cross."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from pydantic import MISSING, Field

from core.access import Right
from core.box import Point
from core.line import Line
from registry import lines, version
from registry.audit.entry import Act
from registry.sight import check_camera

from .answers import CameraInPath, LineInPath, Listing
from .caller import Who
from .changing import check_change, differences, note_change
from .fields import Body, CameraNumber, LineNumber, Share, Text, given
from .idempotency import FirstTime
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["lines"])

Begin = Annotated[
    tuple[Share, Share],
    Field(description="Where it begins: x, y in shares of the picture; 0, 0 is top left.", examples=[[0.1, 0.6]]),
]
End = Annotated[
    tuple[Share, Share],
    Field(
        description="Where it ends. Left and right of the line are as seen from its start towards its end.",
        examples=[[0.9, 0.6]],
    ),
]


class NewLine(Body):
    """A line to be added."""

    name: Text = Field(examples=["stop line"])
    start: Begin
    end: End


class LineChange(Body):
    """What is to be changed of a line; what is left out stays."""

    name: Text | MISSING = MISSING
    start: Begin | MISSING = MISSING
    end: End | MISSING = MISSING


class LineView(Body):
    """A named, directed segment on one camera's picture."""

    id: LineNumber
    camera: CameraNumber
    name: str
    start: tuple[float, float]
    end: tuple[float, float]


def view(line: Line) -> LineView:
    """`line` as the API shows it."""
    return LineView(id=line.id, camera=line.camera, name=line.name, start=_pair(line.start), end=_pair(line.end))


def _pair(point: Point) -> tuple[float, float]:
    return point.x, point.y


@router.get("/cameras/{camera}/lines", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_lines(use: Use, who: Who, camera: CameraInPath) -> Listing[LineView]:
    """The camera's lines."""
    with use.database.read() as connection:
        check_camera(connection, who.scope(connection), camera, Right.LIST)
        found = lines.of_camera(connection, camera)
    return Listing(items=tuple(view(line) for line in found))


@router.post(
    "/cameras/{camera}/lines", status_code=201, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)
)
def add_line(use: Use, who: Who, camera: CameraInPath, body: NewLine, once: FirstTime) -> LineView:
    """Add a line to the camera's picture."""
    with use.database.write() as connection:
        owner = check_change(connection, who, camera)
        once.begin(connection)
        added = lines.add(connection, camera, name=body.name, start=Point(*body.start), end=Point(*body.end))
        detail = {"name": added.name}
        who.changed(connection, Act.ADD, "line", added.id, camera=camera, departments={owner}, detail=detail)
        return once.keep(connection, view(added))


@router.patch("/lines/{line}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_line(use: Use, who: Who, line: LineInPath, body: LineChange) -> LineView:
    """Change what is given of the line."""
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = lines.get(connection, line)
        owner = check_change(connection, who, before.camera, missing=f"there is no line {line}")
        wanted = replace(
            before,
            name=given(body.name, before.name),
            start=Point(*given(body.start, _pair(before.start))),
            end=Point(*given(body.end, _pair(before.end))),
        )
        after = view(lines.change(connection, wanted))
        changed = differences(view(before), after)
        note_change(connection, who, "line", line, changed, camera=before.camera, departments={owner})
    return after


@router.delete("/lines/{line}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def remove_line(use: Use, who: Who, line: LineInPath) -> None:
    """Remove the line. A line that a rule watches stays."""
    with use.database.write() as connection:
        before = lines.get(connection, line)
        owner = check_change(connection, who, before.camera, missing=f"there is no line {line}")
        lines.remove(connection, line, use.clock.now())
        detail = {"name": before.name}
        who.changed(connection, Act.REMOVE, "line", line, camera=before.camera, departments={owner}, detail=detail)
