"""Buckets: time in equal parts by the clocks of a place."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from core.errors import BadInput

MOST_BUCKETS: Final = 1_500
_CLEAR: Final = 130
"""So many are still told apart in a picture."""


class Bucket(StrEnum):
    """How long a bucket is. Days begin at midnight of a place, weeks on Monday, months on the first."""

    MINUTE = "minute"
    FIVE_MINUTES = "five_minutes"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_LENGTHS: Final = {
    Bucket.MINUTE: timedelta(minutes=1),
    Bucket.FIVE_MINUTES: timedelta(minutes=5),
    Bucket.HOUR: timedelta(hours=1),
    Bucket.DAY: timedelta(days=1),
    Bucket.WEEK: timedelta(days=7),
    Bucket.MONTH: timedelta(days=31),
}
_BY_THE_CLOCK: Final = frozenset({Bucket.MINUTE, Bucket.FIVE_MINUTES, Bucket.HOUR})


def best_bucket(from_at: datetime, to_at: datetime) -> Bucket:
    """The finest bucket that gives a clear picture: about 130 at most, except where months are more."""
    return next((one for one in Bucket if (to_at - from_at) / _LENGTHS[one] <= _CLEAR), Bucket.MONTH)


def edges(from_at: datetime, to_at: datetime, bucket: Bucket, zone: tzinfo) -> list[datetime]:
    """Where buckets begin and end, in UTC, oldest first: `from_at`, all beginnings in between, `to_at`.

    Raises `BadInput` for more than 1,500 buckets.
    """
    if (to_at - from_at) / _LENGTHS[bucket] > MOST_BUCKETS:
        fit = [one for one in Bucket if (to_at - from_at) / _LENGTHS[one] <= MOST_BUCKETS]
        raise BadInput(
            f"{bucket.value!r} from {from_at.isoformat()} to {to_at.isoformat()} is more than {MOST_BUCKETS} buckets",
            field="bucket",
            hint=f"choose {' or '.join(one.value for one in fit)}, or less time" if fit else "choose less time",
        )
    found = [from_at.astimezone(UTC)]
    for beginning in _beginnings(from_at, bucket, zone):
        if beginning >= to_at:
            break
        if beginning > found[-1]:
            found.append(beginning)
    if to_at > found[-1]:
        found.append(to_at.astimezone(UTC))
    return found


def _beginnings(from_at: datetime, bucket: Bucket, zone: tzinfo) -> Iterator[datetime]:
    """When buckets begin, from the one on that holds `from_at`."""
    local = from_at.astimezone(zone)
    if bucket in _BY_THE_CLOCK:
        length = _LENGTHS[bucket]
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % length
        at = from_at.astimezone(UTC) - into
        while True:
            yield at
            at += length
    day = local.date()
    if bucket is Bucket.WEEK:
        day -= timedelta(days=day.weekday())
    elif bucket is Bucket.MONTH:
        day = day.replace(day=1)
    while True:
        yield datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        day += _LENGTHS[bucket]
        if bucket is Bucket.MONTH:
            day = day.replace(day=1)
