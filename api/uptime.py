"""`/uptime`: of the time that cameras were to be watched, how much their streams were live."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from core.access import Right
from core.spell import SpellState
from registry.audit.entry import Act
from registry.departments import Sector
from registry.idempotency import Transaction
from registry.reach import Reach
from registry.server_clock import server_time
from registry.uptime.answers import owners_of_time, uptimes
from registry.uptime.asked import By, Order, Uptime, Which
from registry.uptime.days import date_of

from .answers import Paging, named_in_body
from .caller import Who
from .days import AskedDays
from .exports import check_may_export
from .fields import Body, CameraNumber, DepartmentNumber, Text
from .problems import Kind, documented
from .services import Use
from .uptime_csv import uptime_csv

router = APIRouter(prefix="/api/v1", tags=["uptime"])

MOST_VALUES = 200


class UptimeAsked(AskedDays):
    """Whose uptime is asked for. A repeated filter finds any of its values; different filters must all hold."""

    by: By = Field(default=By.DEPARTMENT, description="What it is added up by.")
    order: Order = Field(default=Order.KEY, description="`share`: the least share first.")
    department: tuple[DepartmentNumber, ...] = Field(
        default=(), max_length=MOST_VALUES, description="Time in which these departments owned a camera."
    )
    sector: tuple[Sector, ...] = Field(default=(), max_length=MOST_VALUES, description="The kind of the department.")
    region: tuple[Text, ...] = Field(
        default=(),
        max_length=MOST_VALUES,
        description="A region's code: cameras there or in any region below it.",
    )
    camera: tuple[CameraNumber, ...] = Field(default=(), max_length=MOST_VALUES)
    q: Text | None = Field(default=None, description="Words, all of which stand in the camera's texts.")

    def which(self, reach: Reach) -> Which:
        """The same in the registry's words, of what is within `reach`."""
        return Which(
            departments=frozenset(self.department),
            sectors=frozenset(self.sector),
            regions=frozenset(self.region),
            cameras=frozenset(self.camera),
            q=self.q,
            reach=reach,
        )


class UptimePage(UptimeAsked, Paging):
    """Whose uptime is asked for, and, by camera, which page of it."""


class StateTime(Body):
    """How long streams were in one state."""

    state: SpellState = Field(description="A stream's state, or `unwatched`: they were to be watched, and nobody did.")
    seconds: float


class UptimeView(Body):
    """How long streams were live, of the time that they were to be watched."""

    key: str = Field(description="A camera's or department's number, a region's code (empty: none), a sector, a day.")
    name: str
    online_s: float = Field(description="How long they were live, in seconds, added up over the cameras.")
    watched_s: float = Field(description="How long they were to be watched: enabled, with a stream to detect on.")
    share: float | None = Field(description="`online_s` of `watched_s`, 0 to 1; null where nothing was to be watched.")
    by_state: tuple[StateTime, ...]


class UptimeListing(Body):
    """Uptime in a period."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    time_zone: str = Field(description="In which days begin.")
    items: tuple[UptimeView, ...]
    next: str | None = Field(description="By camera: the cursor of the next page; null on the last one.")


def view(found: Uptime) -> UptimeView:
    """An uptime as the API shows it."""
    return UptimeView(
        key=found.key,
        name=found.name,
        online_s=found.online_ms / 1000,
        watched_s=found.watched_ms / 1000,
        share=found.share,
        by_state=tuple(StateTime(state=state, seconds=much / 1000) for state, much in found.by_state.items()),
    )


@router.get("/uptime", responses=documented(Kind.BAD_INPUT))
def read_uptime(use: Use, who: Who, asked: Annotated[UptimePage, Query()]) -> UptimeListing:
    """Uptime by camera (a page at a time), or by department, region, sector or day (all there is).

    It is exact at any moment: what goes on counts up to the last word of the worker that watches. Time stays with the
    department that owned the camera then. By a grant there are the whole days since it began, unless it has history.
    """
    with use.database.read() as connection:
        now = server_time(connection)
        period = asked.period(use.days, now)
        with named_in_body("region"):
            page = uptimes(
                connection,
                use.days,
                now,
                asked.by,
                asked.order,
                period,
                asked.which(who.reach(connection, Right.LIST)),
                cursor=asked.cursor,
                limit=asked.limit,
            )
    return UptimeListing(
        from_day=date_of(period.first),
        to_day=date_of(period.last),
        time_zone=use.days.zone,
        items=tuple(view(one) for one in page.items),
        next=None if page.next is None else str(page.next),
    )


@router.get(
    "/uptime.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}, **documented(Kind.BAD_INPUT)},
)
def export_uptime(use: Use, who: Who, asked: Annotated[UptimeAsked, Query()]) -> StreamingResponse:
    """The same as CSV (UTF-8 with a byte order mark, so that spreadsheets read Chinese names), all of it that may be
    exported."""

    def which(connection: Transaction) -> Which:
        return asked.which(who.reach(connection, Right.EXPORT))

    with use.database.read() as connection:
        now = server_time(connection)
        period = asked.period(use.days, now)
        what = which(connection)
        check_may_export(what.reach)
        with named_in_body("region"):
            owners = owners_of_time(connection, use.days, now, period, what)
    with named_in_body("region"):
        text = uptime_csv(use.database, use.days, now, asked.by, asked.order, period, which)
    filters = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    name = f"uptime-by-{asked.by.value}-{date_of(period.first)}-{date_of(period.last)}.csv"
    who.looks(Act.EXPORT, "uptime", departments=owners, detail={"file": name, "filters": filters})
    return StreamingResponse(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
