"""`/events/histogram`: how many events started when."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import Field

from core.access import Right
from core.ids import EVENT_EPOCH, LAST_EVENT, event_time
from events.tallies.histogram import Bucket, best_bucket, histogram
from registry.catalogue.filter import CameraFilter
from registry.catalogue.search import numbers_by_department
from registry.server_clock import server_time
from registry.uptime.days import Days

from .caller import Who
from .counting import record_count
from .event_query import EventQuery
from .fields import Body, Instant
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/events", tags=["events"])


class AskedBucket(StrEnum):
    """How long each bucket is; days begin in the city's time zone, weeks on Monday."""

    AUTO = "auto"
    MINUTE = "minute"
    FIVE_MINUTES = "five_minutes"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_DAYS_SHOWN: Final = {
    AskedBucket.MINUTE: 1,
    AskedBucket.FIVE_MINUTES: 3,
    AskedBucket.AUTO: 30,
    AskedBucket.HOUR: 30,
    AskedBucket.DAY: 30,
    AskedBucket.WEEK: 365,
    AskedBucket.MONTH: 3 * 365,
}
"""How many days, with today, where nobody says from when."""


class HistogramQuery(EventQuery):
    """Which events are counted, and how finely."""

    bucket: AskedBucket = Field(default=AskedBucket.AUTO, description="`auto`: the finest that gives a clear picture.")


class BucketView(Body):
    """How many events started in a while."""

    start: Instant
    end: Instant = Field(description="Not included.")
    count: int


class HistogramView(Body):
    """How many of the events that fit started when."""

    bucket: Bucket
    time_zone: str = Field(description="In which days begin.")
    from_at: Instant = Field(serialization_alias="from")
    to_at: Instant = Field(serialization_alias="to")
    at_least: bool = Field(description="Only the newest were counted: before `counted_to` there may be more.")
    counted_to: Instant | None
    buckets: tuple[BucketView, ...] = Field(description="Oldest first, without a gap; empty ones have 0.")


@router.get("/histogram", responses=documented(Kind.BAD_INPUT))
def count_over_time(request: Request, use: Use, who: Who, asked: Annotated[HistogramQuery, Query()]) -> HistogramView:
    """How many events that the caller may see started when. Without `to` until the end of today; without `from` the 30
    days until then, by the minute one, by five minutes three, by the week a year, by the month three."""
    wanted = asked.asked(use.days.zone)
    with use.database.read() as connection:
        reach = who.reach(connection, Right.EVENTS)
        from_at, to_at = _span(asked, use.days, server_time(connection))
        bucket = best_bucket(from_at, to_at) if asked.bucket is AskedBucket.AUTO else Bucket(asked.bucket.value)
        wanted = replace(wanted, from_at=from_at, to_at=to_at)
        found = histogram(connection, wanted, reach, bucket, ZoneInfo(use.days.zone))
        owners = set(reach.departments)
        if not reach.is_all and reach.cameras.size:
            # Whoever shares single cameras has this on record too.
            owners |= set(numbers_by_department(connection, CameraFilter(reach=reach)))
    record_count(request, who, "histogram", asked, owners)
    return HistogramView(
        bucket=found.bucket,
        time_zone=use.days.zone,
        from_at=from_at,
        to_at=to_at,
        at_least=found.at_least,
        counted_to=found.counted_to,
        buckets=tuple(BucketView(start=start, end=end, count=count) for start, end, count in found.buckets),
    )


def _span(asked: HistogramQuery, days: Days, now: datetime) -> tuple[datetime, datetime]:
    """From when until when: within the time that events can have. Where nobody says, in whole days, so that asking
    again gives the same buckets."""
    from_at = None if asked.from_at is None else _possible(asked.from_at)
    if asked.to_at is not None:
        to_at = _possible(asked.to_at)
    else:
        to_at = days.start(days.of(now if from_at is None else max(now, from_at)) + 1)
    if from_at is None:
        last = days.of(to_at - timedelta(milliseconds=1))
        from_at = _possible(days.start(last + 1 - _DAYS_SHOWN[asked.bucket]))
    return from_at, to_at


def _possible(at: datetime) -> datetime:
    return min(max(at, EVENT_EPOCH), event_time(LAST_EVENT))
