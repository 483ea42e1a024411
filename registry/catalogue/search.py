"""Finds the cameras that fit a filter: by walking where many fit, from the index that knows the fewest where few do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from core.camera import DepartmentId
from core.ids import LAST_CAMERA, CameraId

from .condition import Condition
from .conditions import conditions_of
from .filter import CameraFilter
from .reached import lowest
from .speech import speech_of
from .text_frequency import expected

BEFORE_ALL: Final = CameraId(0)
_STRIDE: Final = 2_000
"""So many cameras are walked over before an index is asked: where one in twenty fits, that fills a page."""
_FURTHER: Final = 10_000
"""If those let expect the rest of the page within so many more, it is walked on."""
_MOST: Final = 5_000
"""What an index has more of is found sooner by walking over all cameras: a step costs a tenth of a leap."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the cameras of a filter are read: `{begin} SELECT ... FROM {tables} WHERE {where}`, of the row `c`, in the
    order of `{number}`."""

    begin: str
    tables: str
    number: str
    where: str
    given: Mapping[str, Any]


def plan(connection: Connection, asked: CameraFilter) -> Plan | None:
    """How to read all cameras that fit `asked`; None where no camera can."""
    conditions = conditions_of(connection, asked)
    return None if conditions is None else plan_of(connection, conditions)


def camera_ids(
    connection: Connection, asked: CameraFilter, *, after: CameraId = BEFORE_ALL, limit: int = LAST_CAMERA
) -> list[CameraId]:
    """The numbers of the first `limit` cameras that fit `asked`, in their order, above `after`."""
    conditions = conditions_of(connection, asked)
    if conditions is None:
        return []
    after = CameraId(max(after, lowest(asked.reach) - 1))
    stride = max(_STRIDE, limit)
    begun = _walk(connection, conditions, after, stride, limit)
    found = begun.found
    missing = limit - len(found)
    if found and missing and not begun.is_all and (further := 2 * stride * missing // len(found)) <= _FURTHER:
        begun = _walk(connection, conditions, begun.until, max(further, _STRIDE), missing)
        found += begun.found
        missing = limit - len(found)
    if not missing or begun.is_all:
        return found
    return found + _read(connection, plan_of(connection, conditions), begun.until, LAST_CAMERA, missing)


def numbers_by_department(connection: Connection, asked: CameraFilter) -> dict[DepartmentId, int]:
    """How many cameras fit `asked`, of each department that has any."""
    how = plan(connection, asked)
    if how is None:
        return {}
    statement = text(
        f"{how.begin} SELECT c.department, count(*) AS number FROM {how.tables} "  # noqa: S608 - constant text
        f"WHERE {how.where} GROUP BY c.department"
    )
    return {DepartmentId(row.department): row.number for row in connection.execute(statement, how.given)}


@dataclass(frozen=True, slots=True)
class _Begun:
    found: list[CameraId]
    until: int
    """The last camera that was looked at."""
    is_all: bool
    """Whether there is none after it."""


_FIRST: Final = text(
    "SELECT max(id) AS last, count(*) AS number "
    "FROM (SELECT id FROM camera WHERE id > :after ORDER BY id LIMIT :stride) first"
)


def _walk(connection: Connection, conditions: Sequence[Condition], after: int, stride: int, limit: int) -> _Begun:
    first = connection.execute(_FIRST, {"after": after, "stride": stride}).one()
    if not first.number:
        return _Begun([], after, is_all=True)
    found = _read(connection, _walking(connection, conditions), after, first.last, limit)
    return _Begun(found, first.last, first.number < stride)


def _read(connection: Connection, how: Plan, after: int, until: int, limit: int) -> list[CameraId]:
    statement = text(
        f"{how.begin} SELECT c.id FROM {how.tables} "  # noqa: S608 - constant text
        f"WHERE {how.number} > :after AND {how.number} <= :until AND {how.where} ORDER BY {how.number} LIMIT :limit"
    )
    given = {**how.given, "after": after, "until": until, "limit": limit}
    return [CameraId(number) for number in connection.scalars(statement, given)]


def _walking(connection: Connection, conditions: Sequence[Condition]) -> Plan:
    where = " AND ".join(condition.where for condition in conditions)
    return Plan("", speech_of(connection).cameras, "c.id", where, _given(conditions))


def plan_of(
    connection: Connection, conditions: Sequence[Condition], estimates: Mapping[Condition, int] | None = None
) -> Plan:
    """How to read all cameras for which these hold; `estimates` as `estimated` told them, where that was asked."""
    fewest = _fewest(connection, conditions, estimated(connection, conditions) if estimates is None else estimates)
    if fewest is None:
        return _walking(connection, conditions)
    others = [one.where for one in conditions if one is not fewest or not one.is_exact]
    # To have them in order, SQLite would walk over all cameras, and merge the parts of a union.
    order = f"{speech_of(connection).plain}id"
    begin = f"WITH found AS MATERIALIZED (SELECT id FROM ({fewest.source}) few ORDER BY {order})"  # noqa: S608 - constant
    where = " AND ".join(("c.id = found.id", *others))
    return Plan(begin, speech_of(connection).found, "found.id", where, _given(conditions))


def estimated(connection: Connection, conditions: Sequence[Condition]) -> dict[Condition, int]:
    """How many cameras those of texts have, about, where the database is quick to tell."""
    if not speech_of(connection).estimates_texts:
        return {}
    return {one: expected(connection, one.words) for one in conditions if one.words and one.source is not None}


def _fewest(
    connection: Connection, conditions: Sequence[Condition], estimates: Mapping[Condition, int]
) -> Condition | None:
    """The condition whose source has the fewest cameras, unless even that has so many that walking is quicker."""
    able = [one for one in conditions if one.source is not None]
    counted = [one for one in able if one not in estimates]
    numbers = dict(estimates) | dict(zip(counted, _counts(connection, counted), strict=True))
    fewest = min(able, key=numbers.__getitem__, default=None)
    return fewest if fewest is not None and numbers[fewest] <= _MOST else None


def _counts(connection: Connection, conditions: Sequence[Condition]) -> list[int]:
    """How many cameras each source has, counted as far as it matters."""
    if not conditions:
        return []
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM ({one.source}) known LIMIT {_MOST + 1}) few)"  # noqa: S608 - constant
        for one in conditions
    )
    return list(connection.execute(text(f"SELECT {counts}"), _given(conditions)).one())


def _given(conditions: Sequence[Condition]) -> dict[str, Any]:
    return {name: value for one in conditions for name, value in one.given.items()}
