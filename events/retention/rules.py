"""Rules of how long what is kept: for the city or a department, for all kinds of events or one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NewType

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, NotFound
from core.rule import RuleKind
from registry import departments

from .medium import Medium
from .tables import department_quota, media_usage, retention_mark, retention_rule

RetentionRuleId = NewType("RetentionRuleId", int)
LONGEST_DAYS: Final = 36_600


@dataclass(frozen=True, slots=True)
class Concerns:
    """What a rule is about: there is at most one for each."""

    medium: Medium
    department: DepartmentId | None = None
    """With all below it; None: the city."""
    kind: RuleKind | None = None
    """None: events of all kinds."""

    def __post_init__(self) -> None:
        if self.medium is Medium.TRACK and self.kind is not None:
            raise BadInput(
                "tracks are kept for all kinds of events alike", field="kind", hint="leave kind away for tracks"
            )

    @property
    def key(self) -> str:
        """`department/kind/medium`, with nothing for none."""
        return f"{self.department or ''}/{self.kind or ''}/{self.medium}"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """For how many days something is kept."""

    id: RetentionRuleId
    concerns: Concerns
    days: int | None
    """None: for ever."""
    revision: int
    """Counts its changes: what an `ETag` shows."""
    changed_at: datetime


def list_rules(connection: Connection) -> list[RetentionRule]:
    """All rules: the city's first, then by department."""
    columns = retention_rule.c
    listed = select(retention_rule).order_by(
        columns.department.nulls_first(), columns.medium, columns.kind.nulls_first()
    )
    return [_rule(row) for row in connection.execute(listed)]


def get(connection: Connection, number: RetentionRuleId) -> RetentionRule:
    """The rule of that number. Raises `NotFound`."""
    row = connection.execute(select(retention_rule).where(retention_rule.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no retention rule {number}")
    return _rule(row)


def find(connection: Connection, concerns: Concerns) -> RetentionRule | None:
    """The rule about just this, if there is one."""
    row = connection.execute(select(retention_rule).where(retention_rule.c.key == concerns.key)).one_or_none()
    return None if row is None else _rule(row)


def put(connection: Connection, concerns: Concerns, days: int | None, at: datetime) -> RetentionRule:
    """Let `days` count from now on, in place of what counted before. Where nothing is different nothing happens.

    Raises `BadInput` for days outside 1 to 36,600, and for a department that does not exist.
    """
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise BadInput(
            f"something is kept for 1 to {LONGEST_DAYS} days, or for ever, not for {days} days", field="days"
        )
    if concerns.department is not None:
        try:
            departments.check_exists(connection, concerns.department)
        except NotFound as missing:
            raise BadInput(missing.message, field="department") from None
    before = find(connection, concerns)
    if before is None:
        values: dict[str, Any] = {"key": concerns.key, "department": concerns.department, "kind": concerns.kind}
        values |= {"medium": concerns.medium, "days": days, "revision": 1, "changed_at": at}
        number = connection.execute(insert(retention_rule).values(values).returning(retention_rule.c.id)).scalar_one()
        return RetentionRule(RetentionRuleId(number), concerns, days, 1, at)
    if before.days == days:
        return before
    after = replace(before, days=days, revision=before.revision + 1, changed_at=at)
    changed: dict[str, Any] = {"days": days, "revision": after.revision, "changed_at": at}
    connection.execute(update(retention_rule).where(retention_rule.c.id == before.id).values(changed))
    return after


def remove(connection: Connection, number: RetentionRuleId) -> None:
    """Remove a rule: what counts farther out counts again. Raises `NotFound`."""
    if not connection.execute(delete(retention_rule).where(retention_rule.c.id == number)).rowcount:
        raise NotFound(f"there is no retention rule {number}")


def forget_department(connection: Connection, department: DepartmentId) -> None:
    """Forget what is said of a department that is being removed, in that transaction."""
    for table in (retention_rule, retention_mark, department_quota, media_usage):
        connection.execute(delete(table).where(table.c.department == department))


def _rule(row: Row[Any]) -> RetentionRule:
    concerns = Concerns(
        Medium(row.medium),
        None if row.department is None else DepartmentId(row.department),
        None if row.kind is None else RuleKind(row.kind),
    )
    return RetentionRule(RetentionRuleId(row.id), concerns, row.days, row.revision, row.changed_at)
