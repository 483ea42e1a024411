"""`/regions`: administrative areas by their codes."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from core.access import Role
from registry import regions, version
from registry.audit.entry import Act
from registry.regions import Region

from .answers import Listing
from .caller import Who
from .changing import differences, note_change
from .fields import Body, Text
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["regions"])

_DIGITS = r"^(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{9}|[0-9]{12})$"
RegionCode = Annotated[str, Field(pattern=_DIGITS, description="2, 4, 6, 8, 9 or 12 digits.", examples=["310104"])]
RegionInPath = Annotated[RegionCode, Path(description="The region's code.")]


class NamedRegion(Body):
    """A region by its code and name."""

    code: str
    name: str


class RegionBody(Body):
    """What a region is called and where it lies."""

    name: Text = Field(examples=["徐汇区"])
    parent: RegionCode | None = Field(default=None, description="The region around it; null: none is.")


class RegionView(Body):
    """An administrative area."""

    code: str
    name: str
    parent: NamedRegion | None
    revision: int = Field(description="Counts its changes; its `ETag`.")


class RegionFilter(Body):
    """Which regions are asked for."""

    parent: RegionCode | None = Field(default=None, description="Only those right below it.")
    q: Text | None = Field(default=None, description="A part of the name, or the beginning of the code.")
    limit: int = Field(default=100, ge=1, le=1000, description="Most items in the page.")
    cursor: RegionCode | None = Field(
        default=None, description="`next` of the page before; without it, the first page."
    )


def view(found: Region, names: Mapping[str, str]) -> RegionView:
    """A region as the API shows it; `names` has at least its parent's."""
    parent = None if found.parent is None else NamedRegion(code=found.parent, name=names[found.parent])
    return RegionView(code=found.code, name=found.name, parent=parent, revision=found.revision)


@router.get("/regions", responses=documented(Kind.BAD_INPUT))
def list_regions(use: Use, _: Who, asked: Annotated[RegionFilter, Query()]) -> Listing[RegionView]:
    """Regions by code, a page at a time. Who is signed in sees all: they are no secret of anybody."""
    with use.database.read() as connection:
        page = regions.list_regions(connection, parent=asked.parent, q=asked.q, cursor=asked.cursor, limit=asked.limit)
        names = regions.names_of(connection, sorted({one.parent for one in page.items if one.parent is not None}))
    return Listing(items=tuple(view(one, names) for one in page.items), next=page.next)


@router.get("/regions/{region}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_region(use: Use, _: Who, region: RegionInPath, response: Response, known: Known) -> RegionView:
    """One region."""
    with use.database.read() as connection:
        found = regions.get(connection, region)
        names = regions.names_of(connection, [found.parent] if found.parent else [])
    known.answer(response, found.revision)
    return view(found, names)


@router.put(
    "/regions/{region}",
    responses={
        201: {"model": RegionView, "description": "It is new."},
        **documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT),
    },
)
def put_region(
    use: Use, who: Who, region: RegionInPath, body: RegionBody, response: Response, expected: Expected
) -> RegionView:
    """Register the region, or change it. The same again changes nothing. With `If-Match` it must be there already."""
    who.require_role(Role.CITY_ADMIN, to="change regions")
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = regions.find(connection, region)
        if before is not None:
            expected.check(f"region {region}", before.revision)
        elif expected.tags is not None:
            regions.get(connection, region)
        after = regions.put(connection, Region(region, body.name, body.parent))
        names = regions.names_of(connection, [one.parent for one in (before, after) if one and one.parent])
        shown = view(after, names)
        if before is None:
            who.changed(connection, Act.ADD, "region", region, detail={"name": after.name})
        else:
            note_change(connection, who, "region", region, differences(view(before, names), shown))
    response.status_code = 201 if before is None else 200
    response.headers["ETag"] = tag(after.revision)
    return shown


@router.delete(
    "/regions/{region}",
    status_code=204,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT),
)
def remove_region(use: Use, who: Who, region: RegionInPath, expected: Expected) -> None:
    """Remove the region. One with cameras or regions in it stays."""
    who.require_role(Role.CITY_ADMIN, to="remove regions")
    with use.database.write() as connection:
        version.raise_version(connection)
        before = regions.get(connection, region)
        expected.check(f"region {region}", before.revision)
        regions.remove(connection, region)
        who.changed(connection, Act.REMOVE, "region", region, detail={"name": before.name})
