"""`/retention-rules`, `/retention`: how long what is kept, and what would go now."""

from collections.abc import Mapping
from threading import Lock
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from core.access import Role
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden, NotFound, Unavailable
from events.retention import rules
from events.retention.forecast import would_go
from events.retention.policy import Policy
from events.retention.rules import RetentionRule, RetentionRuleId
from registry import departments
from registry.access.department_tree import DepartmentTree
from registry.access.home import home_of, is_of_the_city
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .answers import Listing
from .caller import Caller, Who
from .changing import differences, note_change
from .fields import LAST_NUMBER, Body, DepartmentNumber
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .retention_views import (
    ForecastView,
    RetentionRuleView,
    RetentionView,
    RuleToPut,
    forecast_view,
    retention_view,
    rule_view,
)
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["retention"])

RuleInPath = Annotated[RetentionRuleId, Path(ge=1, le=LAST_NUMBER, description="The retention rule's number.")]
_TO: Final = "say how long things are kept"
_MOST_S: Final = 10.0
"""So long a dry run looks; what it has found by then is told."""
_looking = Lock()
"""One dry run at a time: it reads much."""


class AskedDepartment(Body):
    """Of which department."""

    department: DepartmentNumber | None = None


@router.get("/retention-rules")
def list_retention_rules(use: Use, who: Who) -> Listing[RetentionRuleView]:
    """The rules of the city, and those of departments that concern who asks: their own, those below and above."""
    with use.database.read() as connection:
        tree, names = DepartmentTree(connection), names_of(connection)
        found = [one for one in rules.list_rules(connection) if _concerns(one, who, tree)]
    return Listing(items=tuple(rule_view(one, names) for one in found))


@router.get("/retention-rules/{retention_rule}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_retention_rule(
    use: Use, who: Who, retention_rule: RuleInPath, response: Response, known: Known
) -> RetentionRuleView:
    """One rule."""
    with use.database.read() as connection:
        found = _seen(connection, who, retention_rule)
        names = names_of(connection)
    known.answer(response, found.revision)
    return rule_view(found, names)


@router.put("/retention-rules", responses=documented(Kind.STALE, Kind.BAD_INPUT))
def put_retention_rule(
    use: Use, who: Who, body: RuleToPut, response: Response, expected: Expected
) -> RetentionRuleView:
    """Make or change the rule about this department, kind and medium. A city admin may make any; a department's admin
    those of their own department and of those below it, up to `longest_days`."""
    who.require_role(Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, to=_TO)
    concerns = body.concerns()
    with use.database.write() as connection:
        _check_may(connection, use, who, concerns.department, body.days)
        before = rules.find(connection, concerns)
        expected.check("this retention rule", 0 if before is None else before.revision)
        after = rules.put(connection, concerns, body.days, use.clock.now())
        names = names_of(connection)
        shown = rule_view(after, names)
        concerned = set() if concerns.department is None else {concerns.department}
        if before is None:
            detail = body.model_dump(mode="json")
            who.changed(connection, Act.ADD, "retention_rule", after.id, departments=concerned, detail=detail)
        else:
            different = differences(rule_view(before, names), shown)
            different.pop("changed_at", None)
            note_change(connection, who, "retention_rule", after.id, different, departments=concerned)
    response.headers["ETag"] = tag(after.revision)
    return shown


@router.delete(
    "/retention-rules/{retention_rule}",
    status_code=204,
    responses=documented(Kind.NOT_FOUND, Kind.STALE, Kind.BAD_INPUT),
)
def remove_retention_rule(use: Use, who: Who, retention_rule: RuleInPath, expected: Expected) -> None:
    """Remove a rule: what is said farther out counts again, at last the settings."""
    who.require_role(Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, to=_TO)
    with use.database.write() as connection:
        before = _seen(connection, who, retention_rule)
        _check_may(connection, use, who, before.concerns.department, 1)
        expected.check(f"retention rule {retention_rule}", before.revision)
        rules.remove(connection, retention_rule)
        department = before.concerns.department
        detail = {"medium": before.concerns.medium, "kind": before.concerns.kind, "days": before.days}
        concerned = set() if department is None else {department}
        who.changed(connection, Act.REMOVE, "retention_rule", retention_rule, departments=concerned, detail=detail)


@router.get("/retention", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_retention(use: Use, who: Who, asked: Annotated[AskedDepartment, Query()]) -> RetentionView:
    """For how long things are kept in the end, of a department, or where no department says anything."""
    with use.database.read() as connection:
        policy = Policy(connection, use.retention, use.track_log_h)
        if asked.department is not None:
            _check_concerned(who, policy.tree, asked.department, below=False)
        names = names_of(connection)
    return retention_view(policy, asked.department, names, use.retention.longest_days)


@router.get("/retention:dry-run", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def what_would_go(use: Use, who: Who, asked: Annotated[AskedDepartment, Query()]) -> ForecastView:
    """What would go now, and what only holds keep; of a department with all below it, or of all of one's own. It looks
    for ten seconds at most: `is_whole` says whether that was enough."""
    who.require_role(Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, Role.AUDITOR, to="see what would be removed")
    with use.database.read() as connection:
        tree, names = DepartmentTree(connection), names_of(connection)
    if asked.department is not None:
        _check_concerned(who, tree, asked.department, below=True)
        wanted = tree.within(asked.department)
    else:
        wanted = home_of(who.principal, tree)
    if not _looking.acquire(blocking=False):
        raise Unavailable("another dry run is going on", hint="ask again in ten seconds")
    try:
        found = would_go(use.database, use.clock, use.retention, use.track_log_h, departments=wanted, most_s=_MOST_S)
    finally:
        _looking.release()
    return forecast_view(found, names)


def names_of(connection: Transaction) -> Mapping[DepartmentId, str]:
    """The names of all departments."""
    return {one.id: one.name for one in departments.list_departments(connection)}


def _concerns(rule: RetentionRule, who: Caller, tree: DepartmentTree) -> bool:
    department = rule.concerns.department
    if department is None or is_of_the_city(who.principal):
        return True
    own = who.principal.department
    return own is not None and (department in tree.within(own) or department in set(tree.with_above(own)))


def _seen(connection: Transaction, who: Caller, number: RetentionRuleId) -> RetentionRule:
    """The rule. Raises `NotFound`, also for one that is not the asker's to see, in the same words."""
    tree = DepartmentTree(connection)
    found = rules.get(connection, number)
    if not _concerns(found, who, tree):
        raise Hidden(
            f"there is no retention rule {number}",
            kind="retention_rule",
            number=str(number),
            department=found.concerns.department,
        )
    return found


def _check_concerned(who: Caller, tree: DepartmentTree, department: DepartmentId, *, below: bool) -> None:
    """Raises `NotFound` for a department that is not there, `Forbidden` for one that does not concern who asks."""
    if department not in tree.kinds:
        raise NotFound(f"there is no department {department}")
    own = who.principal.department
    above = set() if below or own is None else set(tree.with_above(own))
    if department not in home_of(who.principal, tree) | above:
        raise Forbidden(
            f"how long things of department {department} are kept is shown to its own people",
            kind="department",
            number=str(department),
            department=department,
        )


def _check_may(
    connection: Transaction, use: Services, who: Caller, department: DepartmentId | None, days: int | None
) -> None:
    """Raises `Forbidden` unless `who` may let that count for `department`."""
    if who.principal.role is Role.CITY_ADMIN:
        return
    if department is None or department not in home_of(who.principal, DepartmentTree(connection)):
        whose = "the city's rules" if department is None else f"rules of department {department}"
        raise Forbidden(
            f"only an admin of {'the city' if department is None else 'it, or of one above it,'} may change {whose}",
            kind="department",
            number="" if department is None else str(department),
            department=department,
        )
    longest = use.retention.longest_days
    if days is None or days > longest:
        raise Forbidden(
            f"a department's admin may let things be kept for {longest} days at most",
            kind="department",
            number=str(department),
            department=department,
            hint="a city admin may set a longer time",
        )
