"""Reading the record: who may read which rows, filters, pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, exists, func, select, union_all

from core.access import Principal, Role
from core.camera import DepartmentId
from core.ids import CameraId

from ..access.department_tree import DepartmentTree
from ..page import Page
from ..tables import camera, department
from .entry import Act, Outcome
from .tables import audit_department, audit_row, audit_seal

READERS: Final = (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, Role.AUDITOR)
"""The roles that read the record."""
Home = frozenset[DepartmentId] | None
"""Whose rows somebody reads; None: all there are."""

_OF_THE_CITY: Final = (Role.CITY_ADMIN, Role.AUDITOR)
_LONGEST_WALK: Final = 10_000
"""Rows that are looked at for one page. Where few of them fit, the page is short, and the next one goes on there."""
_MOST_SEEKS: Final = 100
_CLOCK_SLACK: Final = timedelta(hours=1)
"""How far a clock may have been set: rows stand in the order in which they were written, not of their times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which rows are asked for: all that is given must hold."""

    from_at: datetime | None = None
    to_at: datetime | None = None
    """Before this moment."""
    acts: frozenset[Act] = frozenset()
    outcome: Outcome | None = None
    person: int | None = None
    key: int | None = None
    department: DepartmentId | None = None
    """Whose cameras, events or people it touched."""
    camera: CameraId | None = None
    object_kind: str | None = None
    object: str | None = None


ALL: Final = RecordFilter()


@dataclass(frozen=True, slots=True)
class NamedNumber:
    """Something with its name as it is now; empty where it is there no more."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row as somebody may read it."""

    id: int
    at: datetime
    act: str
    outcome: str
    actor_kind: str
    actor: int | None
    actor_name: str
    actor_role: str | None
    actor_department: NamedNumber | None
    address: str
    object_kind: str
    object: str
    camera: NamedNumber | None
    departments: tuple[NamedNumber, ...]
    purpose: str
    detail: dict[str, Any]
    sealed: bool


def home_of(connection: Connection, principal: Principal) -> Home:
    """Whose rows `principal` reads: of its department and all below it, or of the whole city."""
    if principal.department is not None:
        return DepartmentTree(connection).within(principal.department)
    return None if principal.role in _OF_THE_CITY else frozenset()


def list_record(
    connection: Connection, asked: RecordFilter, home: Home, *, cursor: int | None = None, limit: int = 100
) -> Page[RecordRow, int]:
    """The rows of `home` that fit `asked`, the one that was written last first, before the row `cursor`."""
    walk = _Walk(connection, asked, home, cursor, limit)
    if walk.is_nothing:
        return Page((), None)
    found = walk.found()
    following = found[limit - 1] if len(found) > limit else walk.end()
    return Page(tuple(_rows(connection, found[:limit], home)), following)


class _Walk:
    """Goes back from row to row along the index that leaves fewest, and looks at the rest of the question there."""

    def __init__(self, connection: Connection, asked: RecordFilter, home: Home, cursor: int | None, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        departments = home
        if asked.department is not None:
            departments = frozenset({asked.department}) if home is None else home & {asked.department}
        self.is_nothing = departments is not None and not departments
        low, high = _stretch(connection, asked)
        if self.is_nothing:
            return
        along, self._rest = _plan(asked, departments)
        self._length = limit + 1
        if self._rest:
            self._length = max(self._length, _LONGEST_WALK // len(along))
        seeks = []
        for one in along:
            number = one.number
            bounds = [] if cursor is None else [number < cursor]
            bounds += [] if low is None else [number >= low]
            bounds += [] if high is None else [number <= high]
            seek = select(number.label("id")).where(*one.keys, *bounds).order_by(number.desc()).limit(self._length)
            seeks.append(seek)
        self._walked = _merged(seeks, self._length)

    def found(self) -> list[int]:
        """The first rows that fit, at most one more than asked for."""
        statement = select(self._walked.c.id)
        if self._rest:
            joined = self._walked.join(audit_row, audit_row.c.id == self._walked.c.id)
            statement = select(audit_row.c.id).select_from(joined).where(*self._rest)
        return list(self._connection.scalars(statement.order_by(self._walked.c.id.desc()).limit(self._limit + 1)))

    def end(self) -> int | None:
        """The row where it stopped on the way; None where there is nothing beyond."""
        if not self._rest:
            return None
        last = self._connection.execute(select(func.count(), func.min(self._walked.c.id))).one()
        return last[1] if last[0] == self._length else None


@dataclass(frozen=True, slots=True)
class _Along:
    """A stretch of an index whose keys are followed by the rows' numbers."""

    number: ColumnElement[int]
    keys: tuple[ColumnElement[bool], ...] = ()


def _plan(
    asked: RecordFilter, departments: frozenset[DepartmentId] | None
) -> tuple[list[_Along], list[ColumnElement[bool]]]:
    """What to walk along, and what else must hold."""
    row = audit_row.c
    actors = [("person", asked.person), ("key", asked.key)]
    of_actor = [(row.actor_kind == kind) & (row.actor == number) for kind, number in actors if number is not None]
    of_camera = [] if asked.camera is None else [row.camera == asked.camera]
    of_acts = [row.act.in_(sorted(asked.acts))] if asked.acts else []
    of_departments: list[ColumnElement[bool]] = []
    if departments is not None:
        # A row has few departments: they are read and compared. SQLite would look for each of `departments` instead.
        one_of = (audit_department.c.department + 0).in_(sorted(departments))
        of_departments = [exists().where(audit_department.c.row == row.id, one_of)]
    rest: list[ColumnElement[bool]] = []
    rest += [] if asked.from_at is None else [row.at >= asked.from_at]
    rest += [] if asked.to_at is None else [row.at < asked.to_at]
    rest += [] if asked.outcome is None else [row.outcome == asked.outcome.value]
    rest += [] if asked.object_kind is None else [row.object_kind == asked.object_kind]
    rest += [] if asked.object is None else [row.object == asked.object]
    if of_actor:
        return [_Along(row.id, (of_actor[0],))], [*of_actor[1:], *of_camera, *of_acts, *of_departments, *rest]
    if of_camera:
        return [_Along(row.id, (of_camera[0],))], [*of_acts, *of_departments, *rest]
    if departments is not None and len(departments) <= _MOST_SEEKS:
        touched = audit_department.c
        return [_Along(touched.row, (touched.department == one,)) for one in sorted(departments)], [*of_acts, *rest]
    if asked.acts:
        return [_Along(row.id, (row.act == act.value,)) for act in sorted(asked.acts)], [*of_departments, *rest]
    return [_Along(row.id)], [*of_departments, *rest]


def _merged(seeks: Sequence[Select[Any]], length: int) -> Subquery:
    """The first rows of all seeks; one that several find stands there once."""
    if len(seeks) == 1:
        return seeks[0].subquery("walked")
    parts = [select(seek.subquery().c.id) for seek in seeks]
    together = union_all(*parts).subquery()
    return select(together.c.id).distinct().order_by(together.c.id.desc()).limit(length).subquery("walked")


def _stretch(connection: Connection, asked: RecordFilter) -> tuple[int | None, int | None]:
    """The lowest and the highest number that a row of the time asked for can have; None: any.

    Rows that are older by more than the clock may have been set back were written before, younger ones after.
    """
    low = high = None
    at = audit_row.c.at
    if asked.from_at is not None:
        older = select(audit_row.c.id).where(at < asked.from_at - _CLOCK_SLACK).order_by(at.desc()).limit(1)
        low = connection.execute(older).scalar()
    if asked.to_at is not None:
        younger = select(audit_row.c.id).where(at >= asked.to_at + _CLOCK_SLACK).order_by(at).limit(1)
        high = connection.execute(younger).scalar()
    return low, high


def _rows(connection: Connection, numbers: Sequence[int], home: Home) -> list[RecordRow]:
    if not numbers:
        return []
    joined = audit_row.join(audit_seal, audit_seal.c.row == audit_row.c.id, isouter=True)
    statement = select(audit_row, audit_seal.c.place).select_from(joined).where(audit_row.c.id.in_(numbers))
    rows = connection.execute(statement.order_by(audit_row.c.id.desc())).all()
    touched = select(audit_department).where(audit_department.c.row.in_(numbers))
    if home is not None:
        touched = touched.where(audit_department.c.department.in_(sorted(home)))
    departments: dict[int, list[int]] = {}
    for one in connection.execute(touched.order_by(audit_department.c.department)):
        departments.setdefault(one.row, []).append(one.department)
    owners = {number for found in departments.values() for number in found}
    owners |= {row.actor_department for row in rows if row.actor_department is not None}
    names = _names(connection, department.c.id, department.c.name, owners)
    cameras = _names(connection, camera.c.id, camera.c.name, {row.camera for row in rows if row.camera is not None})
    return [_row(row, departments.get(row.id, ()), names, cameras, home) for row in rows]


def _names(
    connection: Connection, number: ColumnElement[int], name: ColumnElement[str], wanted: set[int]
) -> dict[int, str]:
    found = connection.execute(select(number, name).where(number.in_(sorted(wanted))))
    return {row[0]: row[1] for row in found}


def _row(
    row: Row[Any], departments: Sequence[int], names: dict[int, str], cameras: dict[int, str], home: Home
) -> RecordRow:
    def named(number: int | None, known: dict[int, str]) -> NamedNumber | None:
        return None if number is None else NamedNumber(number, known.get(number, ""))

    as_it_is = {one.name: getattr(row, one.name) for one in fields(RecordRow) if one.name not in _MADE}
    return RecordRow(
        **as_it_is,
        actor_department=named(row.actor_department, names),
        camera=named(row.camera, cameras),
        departments=tuple(NamedNumber(number, names.get(number, "")) for number in departments),
        detail=_detail(row.detail, home),
        sealed=row.place is not None,
    )


_MADE: Final = frozenset({"actor_department", "camera", "departments", "detail", "sealed"})


def _detail(text: str, home: Home) -> dict[str, Any]:
    """The detail without what others' events it showed: `shown` names them by department."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    if not isinstance(found, dict):
        return {"unreadable": text}
    shown = found.get("shown")
    if home is not None and isinstance(shown, dict):
        own = {str(number) for number in home}
        found["shown"] = {number: ids for number, ids in shown.items() if number in own}
    return found
