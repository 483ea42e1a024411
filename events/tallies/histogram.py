"""How many events that fit a filter started when: from the tallies where they know it, else of the newest events."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

import numpy as np
from sqlalchemy import Connection

from core.errors import BadInput
from core.ids import CAMERA_BITS, event_time
from registry.reach import Reach

from ..index.checking import check
from ..index.event_filter import EventFilter
from .buckets import Bucket, best_bucket, edges
from .by_camera import at_most, enough_since, spans_meant, within_time
from .meant import first_ms, has_whole_departments, is_tallied, keys_of, names, stretch_of, stretches_of
from .newest import Newest
from .pieces import HOUR, HOUR_MS, Piece, Pieces, Stretch
from .straight import Step, count_steps
from .sums import MOST_STEPS, By, Keys, steps, sums

__all__ = ["Bucket", "Histogram", "best_bucket", "histogram"]

_MOST_ONE_BY_ONE: Final = 300_000
"""So many entries of an index are counted."""
_MOST_GONE_INTO: Final = 200_000
"""So many times an index is gone into: for each camera and bucket."""
_FINER_THAN_TALLIES: Final = frozenset({Bucket.MINUTE, Bucket.FIVE_MINUTES})


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many events started when."""

    bucket: Bucket
    buckets: tuple[tuple[datetime, datetime, int], ...]
    """Beginning, end (not included) and number of each, oldest first, without a gap. The first one begins, and the last
    one ends, where the filter does."""
    at_least: bool
    """Whether only the newest events were counted: before `counted_to` there may be more."""
    counted_to: datetime | None
    """Down to when all were counted, where that is not from the beginning on."""


def histogram(connection: Connection, asked: EventFilter, reach: Reach, bucket: Bucket, zone: tzinfo) -> Histogram:
    """How many events within `reach` that fit `asked` started in each bucket, by the clocks of `zone`.

    Exact where tallies know the conditions and not too much is to be added up, as `facets` says, and for few events of
    single cameras. Else the newest 10,000 that fit are counted. Raises `BadInput` where `asked` does not say from when
    until when, for more than 1,500 buckets, and as a search does.
    """
    check(asked)
    if asked.from_at is None or asked.to_at is None:
        raise BadInput("a histogram needs both ends of its time; say `from` and `to`", field="from")
    ends = edges(asked.from_at, asked.to_at, bucket, zone)
    stretches = [Stretch(first_ms(begin), first_ms(end), at) for at, (begin, end) in enumerate(pairwise(ends))]
    # What went on since before the beginning started in none of the buckets.
    asked = replace(asked, overlap=False)
    counts: Sequence[int] | None = [0] * len(stretches)
    at_least, counted_to = False, None
    if not reach.is_nothing:
        counts = _tallied(connection, asked, reach, stretches, bucket)
        if counts is None:
            counts = _of_cameras(connection, asked, reach, stretches)
        if counts is None:
            counts, counted_to = _of_newest(connection, asked, reach, stretches)
            at_least = counted_to is not None
    listed = tuple((begin, end, count) for (begin, end), count in zip(pairwise(ends), counts or (), strict=True))
    return Histogram(bucket, listed, at_least, counted_to)


def _tallied(
    connection: Connection, asked: EventFilter, reach: Reach, stretches: Sequence[Stretch], bucket: Bucket
) -> list[int] | None:
    """From the rows of departments; what is left at the ends of hours, or is finer than hours, is counted by itself."""
    if not (is_tallied(asked) and has_whole_departments(reach)):
        return None
    within = stretches_of(connection, asked)
    if within is None:
        return None
    parts = _parts(stretches, within)
    pieces = Pieces((), tuple(parts)) if bucket in _FINER_THAN_TALLIES else Pieces.of(parts)
    touched = {hour for one in pieces.ends for hour in range(one.first // HOUR_MS, -(-one.end // HOUR_MS))}
    hours = [Piece(HOUR, hour, hour, 0) for hour in sorted(touched)]
    if sum(count for _, count in sums(connection, By.BUCKET, hours, Keys())) > _MOST_ONE_BY_ONE:
        return None
    keys = keys_of(connection, asked, reach)
    if steps(By.BUCKET, pieces.whole, keys) > MOST_STEPS:
        return None
    counts = [0] * len(stretches)
    for at, count in sums(connection, By.BUCKET, pieces.whole, keys):
        counts[at] += count
    for at, count in count_steps(connection, [Step(*one.ids, one.bucket) for one in pieces.ends], keys):
        counts[at] += count
    return counts


def _parts(stretches: Sequence[Stretch], within: Sequence[Stretch]) -> list[Stretch]:
    """What of `stretches` lies in `within`; both are in order."""
    found: list[Stretch] = []
    at = 0
    for one in stretches:
        while at < len(within) and within[at].end <= one.first:
            at += 1
        nth = at
        while nth < len(within) and within[nth].first < one.end:
            part = Stretch(max(one.first, within[nth].first), min(one.end, within[nth].end), one.bucket)
            if part.first < part.end:
                found.append(part)
            nth += 1
    return found


def _of_cameras(
    connection: Connection, asked: EventFilter, reach: Reach, stretches: Sequence[Stretch]
) -> list[int] | None:
    """By the index of cameras, where there are few events."""
    spans = spans_meant(asked, reach)
    rows = None if spans is None else within_time(connection, spans, stretch_of(asked))
    if rows is None or len(rows) * len(stretches) > _MOST_GONE_INTO or at_most(connection, rows) > _MOST_ONE_BY_ONE:
        return None
    lows, highs = np.array([one.ids for one in stretches], np.int64).reshape(-1, 2).T
    first = np.maximum(rows[:, 1][:, None], lows[None, :])
    last = np.minimum(rows[:, 2][:, None], highs[None, :])
    of_row, of_bucket = np.nonzero(first <= last)
    columns = first[of_row, of_bucket], last[of_row, of_bucket], of_bucket, rows[of_row, 0]
    steps = [Step(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]
    counts = [0] * len(stretches)
    for at, count in count_steps(
        connection, steps, keys_of(connection, asked, reach).but(departments=None), by_camera=True
    ):
        counts[at] += count
    return counts


def _of_newest(
    connection: Connection, asked: EventFilter, reach: Reach, stretches: Sequence[Stretch]
) -> tuple[list[int], datetime | None]:
    """The newest ones, one by one; down to when, where there may be more."""
    since = enough_since(connection, asked, reach)
    found = Newest(connection, asked, reach, names(connection), since).found(asked)
    beginnings = np.array([one.first for one in stretches], np.int64)
    places = np.searchsorted(beginnings, found.ids >> CAMERA_BITS, side="right") - 1
    counts = np.bincount(places, minlength=len(stretches)).tolist() if stretches else []
    return counts, None if found.down_to is None else event_time(found.down_to)
