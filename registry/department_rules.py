"""Rules of departments: each applies to every camera of its department, now and later."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Unpack

from sqlalchemy import Connection, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, NotFound
from core.ids import CameraId
from core.rule import NEEDS, Rule, RuleId, RuleKind, Severity

from .departments import get as get_department
from .names import check_name
from .rule_rows import NO_CAMERA, NO_PLACES, rule_of, values_of
from .rule_terms import Terms, checked_labels, completed
from .tables import rule
from .taken import conflict_if_taken
from .version import raise_version

STREAM_LOST: Final = "Stream lost"
"""The name of the rule that a new department begins with."""
_UNSAVED: Final = RuleId(0)


@dataclass(frozen=True, slots=True)
class DepartmentRule:
    """A rule of a department. Raises `BadInput` for one with a zone or a line: those belong to one camera."""

    department: DepartmentId
    rule: Rule
    """On camera 0, which stands for none."""

    def __post_init__(self) -> None:
        check_places(self.rule.zone, self.rule.line)

    @property
    def id(self) -> RuleId:
        return self.rule.id

    def on(self, camera: CameraId) -> Rule:
        """The rule as it applies to one of the department's cameras."""
        return replace(self.rule, camera=camera)


def check_places(zone: object, line: object) -> None:
    """Raises `BadInput` where a department's rule is given a zone or a line, which belongs to one camera."""
    for field, place in (("zone", zone), ("line", line)):
        if place is not None:
            raise BadInput(
                f"a rule of a department has no {field}, since that belongs to one camera and the rule applies to all",
                field=field,
                hint="make it a rule of the camera",
            )


def check_kind(kind: RuleKind) -> None:
    """Raises `BadInput` for a kind that a department's rule cannot be of, since it needs a zone or a line."""
    for field in ("zone", "line"):
        if field in NEEDS[kind]:
            raise BadInput(
                f"a rule of the kind {kind.value} needs a {field}, which belongs to one camera; "
                "a rule of a department applies to all its cameras",
                field="kind",
                hint="make it a rule of the camera",
            )


def add(
    connection: Connection, department: DepartmentId, *, name: str, labels: Iterable[str] = (), **terms: Unpack[Terms]
) -> DepartmentRule:
    """A new rule. Durations are cut to milliseconds.

    Raises `NotFound` for an unknown department, `BadInput` for a kind that needs a zone or a line, or what
    `core.rule.Rule` refuses, `Conflict` for a name that the department's rules have taken.
    """
    get_department(connection, department)
    filled = completed(terms)
    check_kind(filled.get("kind", RuleKind.OBJECT_IN_ZONE))
    draft = Rule(_UNSAVED, NO_CAMERA, check_name(name, "a rule"), checked_labels(labels), **filled)
    with conflict_if_taken(connection, f"department {department} has a rule {draft.name!r} already"):
        statement = insert(rule).values(department=department, **values_of(draft)).returning(rule.c.id)
        number = RuleId(connection.execute(statement).scalar_one())
    raise_version(connection)
    return _get(connection, number)


def add_usual(connection: Connection, department: DepartmentId) -> None:
    """The rule that a new department begins with: a stream that is lost is an event. It can be changed and removed."""
    add(connection, department, name=STREAM_LOST, kind=RuleKind.STREAM_LOST, severity=Severity.MEDIUM)


def change(connection: Connection, changed: DepartmentRule) -> DepartmentRule:
    """Make the rule of that number what `changed` says; it stays with its department. Errors as for `add`."""
    before = _get(connection, changed.id)
    name = check_name(changed.rule.name, "a rule")
    with conflict_if_taken(connection, f"department {before.department} has a rule {name!r} already"):
        values = {**values_of(changed.rule), "name": name}
        connection.execute(update(rule).where(rule.c.id == changed.id).values(values))
    raise_version(connection)
    return _get(connection, changed.id)


def of_department(connection: Connection, department: DepartmentId) -> list[DepartmentRule]:
    """The rules of a department, by number. Raises `NotFound` for an unknown department."""
    get_department(connection, department)
    statement = select(rule).where(rule.c.department == department).order_by(rule.c.id)
    return [DepartmentRule(department, rule_of(row, NO_PLACES)) for row in connection.execute(statement)]


def _get(connection: Connection, number: RuleId) -> DepartmentRule:
    statement = select(rule).where(rule.c.id == number, rule.c.department.is_not(None))
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound(f"there is no rule {number} of a department")
    return DepartmentRule(DepartmentId(row.department), rule_of(row, NO_PLACES))
