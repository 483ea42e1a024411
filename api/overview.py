"""`/overview`: the city in a few numbers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from core.access import Right
from core.camera_facts import check_region_code
from core.stream_state import StreamState
from registry import workers
from registry.catalogue.census import Census
from registry.catalogue.summary import Summary, Tally
from registry.departments import Sector

from .caller import Who
from .fields import Body, Text
from .live_worker import WorkerView, any_worker
from .problems import Kind, documented
from .services import Use
from .written import written

router = APIRouter(prefix="/api/v1", tags=["cameras"])


class TallyView(Body):
    """Some cameras, counted."""

    registered: int
    enabled: int = Field(description="Those that are switched on.")
    online: int = Field(description="Those whose detect stream is live.")


class DepartmentTally(TallyView):
    """The cameras of a department, without those of the departments below it."""

    id: int
    name: str
    kind: Sector


class RegionTally(TallyView):
    """The cameras in a region and in all regions below it."""

    code: str
    name: str


class SectorTally(TallyView):
    """The cameras of all departments of a kind."""

    sector: Sector


class Overview(Body):
    """The city in a few numbers."""

    cameras: int
    enabled: int
    online: int
    by_state: dict[StreamState, int] = Field(description="How many enabled cameras are in which state.")
    by_department: tuple[DepartmentTally, ...]
    by_region: tuple[RegionTally, ...] = Field(
        description="The topmost regions, or with `region` those right below it; cameras of no region are in none."
    )
    by_sector: tuple[SectorTally, ...]
    worker: WorkerView | None = Field(description="Who watches the cameras; null: nobody.")


@router.get("/overview", response_model=Overview, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def overview(
    request: Request,
    use: Use,
    who: Who,
    region: Annotated[Text | None, Query(description="The code of a region: count the regions right below it.")] = None,
) -> Response:
    """How many cameras there are within reach, how they are doing, and whether a worker watches them; departments,
    regions and sectors without any are left out."""
    within = None if region is None else check_region_code(region, field="region")
    census: Census = request.app.state.census
    with use.database.read() as connection:
        counted = census.summary(connection, within=within, reach=who.reach(connection, Right.LIST))
        worker = any_worker(use, workers.seen(connection))
    return written(_view(counted, worker))


def _view(counted: Summary, worker: WorkerView | None) -> Overview:
    return Overview(
        cameras=counted.all.registered,
        enabled=counted.all.enabled,
        online=counted.all.online,
        by_state=dict(counted.by_state),
        by_department=tuple(
            DepartmentTally(id=one.id, name=one.name, kind=one.kind, **_numbers(one.tally))
            for one in counted.by_department
        ),
        by_region=tuple(RegionTally(code=one.code, name=one.name, **_numbers(one.tally)) for one in counted.by_region),
        by_sector=tuple(SectorTally(sector=sector, **_numbers(tally)) for sector, tally in counted.by_sector.items()),
        worker=worker,
    )


def _numbers(tally: Tally) -> dict[str, int]:
    return {"registered": tally.registered, "enabled": tally.enabled, "online": tally.online}
