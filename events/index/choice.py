"""Which ways lead to the events of a search, and how much each is expected to cost."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from sqlalchemy import Connection, text

from core.camera import DepartmentId
from core.ids import LAST_EVENT, CameraId, EventId
from registry.camera_spans import spans_within
from registry.catalogue.ever_owned import ever_owned
from registry.db import is_sqlite
from registry.reach import Reach

from .ascending import NO_NUMBERS, Numbers, distinct
from .conditions import Condition
from .densities import Densities
from .filters import CLOCKS_DIFFER, LONG
from .reach_keys import (
    KeyGroup,
    KeyKind,
    keys_of_cameras,
    keys_of_numbers,
    keys_of_owners,
    keys_of_reach,
    keys_of_spans,
)
from .seek import JOINED, Along
from .wanted import Wanted
from .ways import Keys, LongOnes, OneKey, Way, besides, way_along
from .within_reach import WithinReach

MOST_KEYS: Final = 2_000
"""More keys than these are not asked one by one."""
_FEW_KEYS: Final = 8
"""Of no more single cameras than these all events are near at hand."""
_MOST_NAMED: Final = 250
"""Of more cameras than these the owners of all times are not looked up: to see whose an event is costs less."""
MOST_OWNED: Final = 5_000
"""Of no more single cameras than these it is asked who owned them ever."""
_LONG_SHARE: Final = 0.002
_LONG_US: Final = int(LONG.total_seconds()) * 1_000_000
_GUESSES: Final = {
    "zone": 0.3,
    "line": 0.3,
    "score": 0.5,
    "lasted_at_most_us": 0.7,
    "lasted_at_most_us_or_outage": 0.7,
}
_SHORT_US: Final = 15_000_000
_LASTING: Final = 1.5
"""Which part lasts for longer than that falls with this power of the time."""
_MEANT: Final = 0.1
_MEANT_WITHIN: Final = 0.3
"""Who sees a part of the city asks for places where that part is."""
_OPEN: Final = {
    embedded: text(
        f"SELECT {JOINED[embedded].format('id')} FROM event {'INDEXED BY ix_event_open' if embedded else ''} "  # noqa: S608
        "WHERE ended_at IS NULL AND id BETWEEN :lowest AND :highest"
    )
    for embedded in (True, False)
}


def ways_of(
    connection: Connection, wanted: Wanted, reach: Reach, known: Densities, more: Sequence[Condition] = ()
) -> list[Way]:
    """The ways to what is `wanted` within `reach`; `more` must hold too. None where nothing that is named is within
    reach; else there is at least the one past all events."""
    named = {
        "label": wanted.labels,
        "kind": wanted.kinds,
        "severity": wanted.severities,
        "department": wanted.departments,
    }
    all_of_them = (
        *(Condition(name, values) for name, values in named.items() if values is not None),
        *wanted.others,
        *more,
    )
    is_all, of_labels = reach.is_all, known.of_words(labels=wanted.labels)
    found: list[Way] = [OneKey(Along.ALL, (), all_of_them, 1.0, is_all)]
    for kind, values, share in (
        (KeyKind.LABEL, wanted.labels, of_labels),
        (KeyKind.KIND, wanted.kinds, known.of_words(kinds=wanted.kinds)),
        (KeyKind.SEVERITY, wanted.severities, known.of_words(severities=wanted.severities)),
    ):
        if values is not None and len(values) <= MOST_KEYS:
            groups = keys_of_numbers(kind, values)
            found.append(way_along(groups, None, besides(all_of_them, kind.value), share, is_within=is_all))
    if reach.cameras.size > _FEW_KEYS:  # fewer are asked by themselves, past nothing else
        found += _within(found, wanted, reach, all_of_them, known)
    for groups, share, is_within in _places(connection, wanted, reach, known):
        keys = sum(map(len, groups))
        if not keys:
            return []  # nothing that is asked for is within reach
        if keys > MOST_KEYS:
            continue
        # A span may hold events of when its camera belonged to another department.
        by_owner = all(group.kind is KeyKind.DEPARTMENT for group in groups)
        left = besides(all_of_them, "department") if by_owner else all_of_them
        found.append(way_along(groups, None, left, share, is_within=is_within))
        if wanted.labels is not None and keys * len(wanted.labels) <= MOST_KEYS:
            both = besides(left, "label")
            found.append(way_along(groups, wanted.labels, both, share * of_labels, is_within=is_within))
    if any(one.name == "lasted_us" and isinstance(one.value, int) and one.value > _LONG_US for one in wanted.others):
        found.append(LongOnes(NO_NUMBERS, all_of_them, _LONG_SHARE, reach, wanted.cameras))
    return found


def ways_to_earlier(
    connection: Connection, wanted: Wanted, reach: Reach, known: Densities, going_on: Condition, highest: EventId
) -> list[Way]:
    """The ways to what went on for long: besides the others that of the long ones, and of those that have not ended."""
    ways = ways_of(connection, wanted, reach, known, (going_on,))
    if not ways:
        return []
    told = connection.execute(_OPEN[is_sqlite(connection)], {"lowest": 0, "highest": highest}).scalar()
    open_ones = np.sort(np.fromstring(told or "", np.int64, sep=","))
    return [*ways, LongOnes(open_ones, ways[0].fitting, _LONG_SHARE, reach, wanted.cameras)]


def fit_share(wanted: Wanted, reach: Reach, known: Densities) -> float:
    """Which part of all events is expected to fit."""
    share = known.of_words(wanted.labels, wanted.kinds, wanted.severities)
    if wanted.departments is not None:
        share *= known.of_departments(wanted.departments)
    if wanted.cameras is not None:  # people ask for cameras that they see
        share *= known.of_cameras(wanted.cameras.size)
    elif not reach.is_all:
        share *= _of_reach(reach, known)
    if wanted.meant is not None:
        share *= _MEANT if reach.is_all else _MEANT_WITHIN
    if wanted.hours is not None:
        share *= wanted.hours.share
    for one in wanted.others:
        share *= _lasting(one.value) if one.name == "lasted_us" else _GUESSES.get(one.name, 1.0)
    return share


def _lasting(least: object) -> float:
    """Which part of all events is expected to have lasted for so many microseconds."""
    assert isinstance(least, int)  # noqa: S101 - the condition's own kind of value
    return 1.0 if least <= _SHORT_US else float((_SHORT_US / least) ** _LASTING)


def _within(
    past: Sequence[Way], wanted: Wanted, reach: Reach, fitting: tuple[Condition, ...], known: Densities
) -> Iterable[Way]:
    """Along the same keys, but past what is not within `reach`."""
    groups, labels = keys_of_owners(reach, wanted.departments), wanted.labels
    left = besides(fitting, "department") if labels is None else besides(fitting, "department", "label")
    share = known.of_departments(reach.departments)
    by_owner = way_along(groups, labels, left, share, is_within=True) if groups else None
    return [WithinReach(one, by_owner, reach) for one in past if isinstance(one, OneKey | Keys)]


def _single_of(connection: Connection, wanted: Wanted, reach: Reach) -> Numbers | None:
    """The single cameras within `reach` that can have events of the departments that are wanted; None: all may."""
    if wanted.departments is None or not _FEW_KEYS < reach.cameras.size <= MOST_OWNED:
        return None
    cameras = distinct(reach.cameras.astype(np.int64))
    return ever_owned(connection, cameras, [DepartmentId(one) for one in wanted.departments])


def _of_reach(reach: Reach, known: Densities, wanted: Wanted | None = None, single: Numbers | None = None) -> float:
    """Which part of all events is within `reach`: of all departments, or of those that are `wanted`; with all of its
    single cameras, or with `single` of them."""
    asked = None if wanted is None else wanted.departments
    departments = [one for one in reach.departments if asked is None or one in asked]
    cameras = reach.cameras.size if single is None else single.size
    return min(1.0, known.of_departments(departments) + known.of_cameras(cameras))


def _places(
    connection: Connection, wanted: Wanted, reach: Reach, known: Densities
) -> Iterable[tuple[list[KeyGroup], float, bool]]:
    """Keys of cameras and of departments, their share of all events, and whether all of it is within reach."""
    if wanted.cameras is not None:
        share = known.of_cameras(wanted.cameras.size)
        if reach.is_all:
            yield keys_of_cameras(wanted.cameras), share, True
        elif not reach.departments:
            yield keys_of_reach(reach, EventId(0), LAST_EVENT, cameras=wanted.cameras), share, True
        elif wanted.cameras.size <= _MOST_NAMED:
            named = {CameraId(one) for one in wanted.cameras.tolist()}
            found = spans_within(connection, reach, named, slack=CLOCKS_DIFFER)
            yield keys_of_spans(found.spans, EventId(0), LAST_EVENT), share, found.are_exact
    if not reach.is_all:
        single = _single_of(connection, wanted, reach)
        groups = keys_of_reach(reach, EventId(0), LAST_EVENT, departments=wanted.departments, cameras=single)
        yield groups, _of_reach(reach, known, wanted, single), True
    if wanted.departments is not None:
        groups = keys_of_numbers(KeyKind.DEPARTMENT, wanted.departments)
        yield groups, known.of_departments(wanted.departments), reach.is_all
