"""`/cameras/{id}/rules`, `/departments/{id}/rules` and `/rules/{id}`: what makes an event."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from fastapi import APIRouter
from pydantic import MISSING

from core.access import Right
from core.errors import BadInput, Hidden
from core.rule import Rule
from registry import cameras, department_rules, lines, rules, version, zones
from registry.audit.entry import Act
from registry.department_rules import DepartmentRule
from registry.idempotency import Transaction
from registry.rule_sight import check_rule_change
from registry.sight import check_camera, check_department

from .answers import CameraInPath, DepartmentInPath, Listing, RuleInPath
from .caller import Who
from .changing import check_change, differences, note_change
from .fields import given
from .idempotency import FirstTime
from .problems import Kind, documented
from .rule_bodies import NewRule, RuleChange, RuleView, view
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["rules"])


def check_labels(services: Services, labels: Collection[str]) -> None:
    """Raises `BadInput` for a label that the active detector does not know: the rule would never make an event."""
    if services.labels is None:
        return
    if unknown := sorted(set(labels) - services.labels):
        raise BadInput(
            f"the active detector knows no {', '.join(map(repr, unknown[:5]))}; "
            f"expected some of {', '.join(sorted(services.labels))}",
            field="labels",
        )


@router.get("/cameras/{camera}/rules", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_rules(use: Use, who: Who, camera: CameraInPath) -> Listing[RuleView]:
    """The rules that apply to the camera: its own, then those of its department."""
    with use.database.read() as connection:
        check_camera(connection, who.scope(connection), camera, Right.LIST)
        owner = cameras.get(connection, camera).department
        own, standing = rules.of_camera(connection, camera), department_rules.of_department(connection, owner)
    found: list[Rule | DepartmentRule] = [*own, *standing]
    return Listing(items=tuple(view(rule) for rule in found))


@router.post(
    "/cameras/{camera}/rules", status_code=201, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)
)
def add_rule(use: Use, who: Who, camera: CameraInPath, body: NewRule, once: FirstTime) -> RuleView:
    """Add a rule to the camera. A running worker applies it within a second or two."""
    check_labels(use, body.labels)
    with use.database.write() as connection:
        owner = check_change(connection, who, camera)
        once.begin(connection)
        added = view(body.save(partial(rules.add, connection, camera)))
        detail = {"name": added.name, "kind": added.kind.value}
        who.changed(connection, Act.ADD, "rule", added.id, camera=camera, departments={owner}, detail=detail)
        return once.keep(connection, added)


@router.get("/departments/{department}/rules", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_department_rules(use: Use, who: Who, department: DepartmentInPath) -> Listing[RuleView]:
    """The rules that apply to each of the department's cameras."""
    with use.database.read() as connection:
        found = department_rules.of_department(connection, department)
        reach = who.reach(connection, Right.LIST)
    if not reach.has_department(department):
        told = f"there is no department {department}"
        raise Hidden(told, kind="department", number=str(department), department=department)
    return Listing(items=tuple(view(rule) for rule in found))


@router.post(
    "/departments/{department}/rules",
    status_code=201,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT),
)
def add_department_rule(use: Use, who: Who, department: DepartmentInPath, body: NewRule, once: FirstTime) -> RuleView:
    """Add a rule for all cameras of the department, now and later. It has no zone and no line: those are a camera's."""
    check_labels(use, body.labels)
    with use.database.write() as connection:
        check_department(who.scope(connection), department, Right.MANAGE, to="add rules to")
        once.begin(connection)
        added = view(body.save_standing(partial(department_rules.add, connection, department)))
        detail = {"name": added.name, "kind": added.kind.value}
        who.changed(connection, Act.ADD, "rule", added.id, departments={department}, detail=detail)
        return once.keep(connection, added)


@router.patch("/rules/{rule}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_rule(use: Use, who: Who, rule: RuleInPath, body: RuleChange) -> RuleView:
    """Change what is given of the rule. Its events that are going on end."""
    if body.labels is not MISSING:
        check_labels(use, body.labels)
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = rules.get(connection, rule)
        owner = check_rule_change(connection, who.scope(connection), before, Right.MANAGE)
        camera = None if isinstance(before, DepartmentRule) else before.camera
        after = view(_changed(connection, before, body))
        changed = differences(view(before), after)
        note_change(connection, who, "rule", rule, changed, camera=camera, departments={owner})
    return after


@router.delete("/rules/{rule}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def remove_rule(use: Use, who: Who, rule: RuleInPath) -> None:
    """Remove the rule. Its events stay; those that are going on end."""
    with use.database.write() as connection:
        before = rules.get(connection, rule)
        owner = check_rule_change(connection, who.scope(connection), before, Right.MANAGE)
        shown = view(before)
        rules.remove(connection, rule)
        detail = {"name": shown.name, "kind": shown.kind.value}
        who.changed(connection, Act.REMOVE, "rule", rule, camera=shown.camera, departments={owner}, detail=detail)


def _changed(connection: Transaction, before: Rule | DepartmentRule, body: RuleChange) -> Rule | DepartmentRule:
    if isinstance(before, DepartmentRule):
        department_rules.check_places(given(body.zone, None), given(body.line, None))
        department_rules.check_kind(given(body.kind, before.rule.kind))
        standing = replace(before, rule=body.applied_to(before.rule, None, None))
        return department_rules.change(connection, standing)
    zone, line = before.zone, before.line
    if body.zone is not MISSING:
        zone = rules.place_of("zone", zones.get, connection, before.camera, body.zone)
    if body.line is not MISSING:
        line = rules.place_of("line", lines.get, connection, before.camera, body.line)
    return rules.change(connection, body.applied_to(before, zone, line))
