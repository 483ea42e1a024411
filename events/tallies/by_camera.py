"""Facets of some cameras, for as long as each is within reach: whole days from `camera_tally`, the ends from events."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select, text

from core.ids import CAMERA_BITS, EventId, event_time
from core.rule import Severity
from registry.db import is_sqlite
from registry.reach import Reach
from registry.spans import Spans

from ..index import words
from ..index.event_filter import EventFilter
from ..index.tables import event, label
from ..number_lists import listed
from .facet import MOST_CAMERAS, Facets, added, facet
from .meant import Names, stretch_of
from .newest import MOST_COUNTED, Newest
from .pieces import Stretch
from .straight import Groups, counts_by, groups_on, under
from .sums import Keys

Rows = NDArray[np.int64]
"""Camera, and a first and a last number: shape (spans, 3)."""
MOST_SPANS: Final = 2_000
_MOST_DAYS: Final = 50_000
"""Of all cameras together."""
_MOST_AT_ENDS: Final = 100_000
"""Events of days that are not whole."""
_MOST_ONE_BY_ONE: Final = 20_000
_DAY: Final = 86_400_000 << CAMERA_BITS
"""As ids count."""
_SPANS: Final = (
    "unnest(CAST(:cameras AS integer[]), CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) s(camera, low, high)"
)
_CAMERA, _LOW, _HIGH = (f"json_extract(s.value, '$[{place}]')" for place in range(3))
_STATEMENTS: Final = {
    (True, "days"): text(f"""
        SELECT t.camera, t.label, sum(t.count) FROM json_each(:spans) s CROSS JOIN camera_tally t
        WHERE t.camera = {_CAMERA} AND t.day BETWEEN {_LOW} AND {_HIGH} GROUP BY 1, 2
    """),  # noqa: S608 - constant text
    (True, "events"): text(f"""
        SELECT e.camera, e.label, count(*) FROM json_each(:spans) s CROSS JOIN event e
        WHERE e.camera = {_CAMERA} AND e.id BETWEEN {_LOW} AND {_HIGH} GROUP BY 1, 2
    """),  # noqa: S608 - constant text
    (False, "days"): text(f"""
        SELECT s.camera, t.label, CAST(sum(t.count) AS bigint) FROM {_SPANS} CROSS JOIN LATERAL (
            SELECT t.label, sum(t.count) AS count FROM camera_tally t
            WHERE t.camera = s.camera AND t.day BETWEEN s.low AND s.high GROUP BY t.label
        ) t GROUP BY 1, 2
    """),  # noqa: S608 - constant text
    (False, "events"): text(f"""
        SELECT s.camera, e.label, CAST(sum(e.count) AS bigint) FROM {_SPANS} CROSS JOIN LATERAL (
            SELECT e.label, count(*) AS count FROM event e
            WHERE e.camera = s.camera AND e.id BETWEEN s.low AND s.high GROUP BY e.label
        ) e GROUP BY 1, 2
    """),  # noqa: S608 - constant text
}


class _OfCamera(NamedTuple):
    camera: int
    label: int
    events: int


def facets_by_camera(
    connection: Connection, asked: EventFilter, reach: Reach, newest: Newest, names: Names
) -> Facets | None:
    """The facets where `asked` names cameras or who asks sees single ones, and all other conditions are on time and
    label. What `camera_tally` does not know is counted by `newest`. None: another way must be found."""
    meant = spans_meant(asked, reach)
    if meant is None:
        return None
    counted = None if reach.is_all else count_by_camera(connection, _all_spans(reach), asked)
    knows_all = counted is not None
    if counted is None and asked.cameras:
        counted = count_by_camera(connection, meant, asked)
    if counted is None:
        return None
    of_these = [one for one in counted if not asked.cameras or one.camera in asked.cameras]
    fits = [one for one in counted if not asked.labels or names.labels.get(one.label) in asked.labels]
    known = _groups(connection, asked, meant)
    return Facets(
        total=sum(one.events for one in of_these if not asked.labels or names.labels.get(one.label) in asked.labels),
        at_least=False,
        counted_to=None,
        labels=facet(added((one.label, one.events) for one in of_these), names.labels.get),
        kinds=newest.kinds() if known is None else facet(counts_by(known, "kind"), names.kinds.get),
        severities=newest.severities() if known is None else facet(counts_by(known, "severity"), Severity),
        departments=newest.departments() if known is None else facet(counts_by(known, "department"), int),
        cameras=facet(added((one.camera, one.events) for one in fits), int, most=MOST_CAMERAS)
        if knows_all
        else newest.cameras(),
    )


def spans_meant(asked: EventFilter, reach: Reach) -> Spans | None:
    """The cameras that `asked` names, if it does, for as long as they are within `reach`. None where neither is about
    single cameras, or there are other conditions than on time and label."""
    plain = replace(asked, from_at=None, to_at=None, labels=frozenset(), cameras=frozenset())
    if plain != EventFilter() or reach.departments or (reach.is_all and not asked.cameras):
        return None
    named = np.array(sorted(asked.cameras), np.int32)
    if reach.is_all:
        return Spans.going_on(named, EventId(0))
    found = _all_spans(reach)
    if not asked.cameras:
        return found
    is_named = np.isin(found.cameras, named)
    return Spans(found.cameras[is_named], found.lowest[is_named], found.highest[is_named])


def count_by_camera(connection: Connection, spans: Spans, asked: EventFilter) -> list[_OfCamera] | None:
    """How many events of each camera and label there are within `spans` and the time that `asked` names; None where
    there are too many spans, days or events for that."""
    rows = within_time(connection, spans, stretch_of(asked))
    if rows is None:
        return None
    whole, ends = _days_and_ends(rows)
    if at_most(connection, ends) > _MOST_AT_ENDS:
        return None
    return [*_counted(connection, "days", whole), *_counted(connection, "events", ends)]


def within_time(connection: Connection, spans: Spans, stretch: Stretch) -> Rows | None:
    """`spans` as far as there are events, and they lie in `stretch`: camera, lowest and highest id, shape (spans, 3).
    None where there are too many, or too many days in them."""
    if spans.cameras.size > MOST_SPANS:
        return None
    first, last = (connection.scalar(select(edge(event.c.id))) for edge in (func.min, func.max))
    if first is None or last is None or stretch.first >= stretch.end:
        return np.empty((0, 3), np.int64)
    from_id, to_id = stretch.ids
    lows = np.maximum(spans.lowest, max(first, from_id))
    highs = np.minimum(spans.highest, min(last, to_id))
    rows = np.stack([spans.cameras.astype(np.int64), lows, highs], axis=1)[lows <= highs]
    return rows if (rows[:, 2] // _DAY - rows[:, 1] // _DAY + 1).sum() <= _MOST_DAYS else None


def at_most(connection: Connection, rows: Rows) -> int:
    """How many events there are on the days that `rows` touch."""
    touched = np.stack([rows[:, 0], rows[:, 1] // _DAY, rows[:, 2] // _DAY], axis=1)
    return sum(row.events for row in _counted(connection, "days", touched))


def _groups(connection: Connection, asked: EventFilter, spans: Spans) -> Groups | None:
    """The events on these cameras, where they are few."""
    rows = within_time(connection, spans, stretch_of(asked))
    if rows is None or at_most(connection, rows) > _MOST_ONE_BY_ONE:
        return None
    labels = words.known(connection, label, asked.labels).values() if asked.labels else None
    return under(groups_on(connection, rows), Keys(labels=None if labels is None else tuple(labels)))


def enough_since(connection: Connection, asked: EventFilter, reach: Reach) -> datetime | None:
    """The beginning of a day from which on single cameras have more events than are counted one by one; None where that
    is not known. It spares a search the older ones of busy cameras."""
    meant = spans_meant(asked, reach)
    rows = None if meant is None else within_time(connection, meant, stretch_of(asked))
    if rows is None or not rows.size:
        return None
    first_day, last_day = int(rows[:, 1].min()) // _DAY, int(rows[:, 2].max()) // _DAY
    days = 1
    while last_day - days >= first_day:
        lows = np.maximum(rows[:, 1], (last_day - days) * _DAY)
        later = np.stack([rows[:, 0], lows, rows[:, 2]], axis=1)[lows <= rows[:, 2]]
        if at_most(connection, later) > MOST_COUNTED:
            return event_time(EventId((last_day - days) * _DAY))
        days *= 2
    return None


def _all_spans(reach: Reach) -> Spans:
    return Spans(reach.cameras, reach.lowest, reach.highest)


def _days_and_ends(rows: Rows) -> tuple[Rows, Rows]:
    """The days that are whole, numbered, and the ids that are left."""
    cameras, lows, highs = rows.T
    first, end = -(-lows // _DAY), (highs - _DAY + 1) // _DAY + 1
    has_whole = first < end
    whole = np.stack([cameras, first, end - 1], axis=1)[has_whole]
    before = np.stack([cameras, lows, np.where(has_whole, first * _DAY - 1, highs)], axis=1)
    after = np.stack([cameras, np.where(has_whole, end * _DAY, highs + 1), highs], axis=1)
    ends = np.concatenate([before, after])
    return whole, ends[ends[:, 1] <= ends[:, 2]]


def _counted(connection: Connection, what: str, spans: Rows) -> Iterable[_OfCamera]:
    if not spans.size:
        return []
    embedded = is_sqlite(connection)
    if embedded:
        given = {"spans": json.dumps(spans.tolist())}
    else:
        columns = zip(("cameras", "lows", "highs"), spans.T.tolist(), strict=True)
        given = {name: listed(numbers, embedded=False) for name, numbers in columns}
    return [_OfCamera(*row) for row in connection.execute(_STATEMENTS[embedded, what], given)]
