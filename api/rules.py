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
from registry.department_rules import DepartmentRule
from registry.sight import check_camera

from .answers import CameraInPath, DepartmentInPath, Listing, RuleInPath, named_in_body
from .caller import Who
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
def add_rule(use: Use, camera: CameraInPath, body: NewRule, once: FirstTime) -> RuleView:
    """Add a rule to the camera. A running worker applies it within a second or two."""
    check_labels(use, body.labels)
    with use.database.write() as connection:
        once.begin(connection)
        return once.keep(connection, view(body.save(partial(rules.add, connection, camera))))


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
def add_department_rule(use: Use, department: DepartmentInPath, body: NewRule, once: FirstTime) -> RuleView:
    """Add a rule for all cameras of the department, now and later. It has no zone and no line: those are a camera's."""
    check_labels(use, body.labels)
    with use.database.write() as connection:
        once.begin(connection)
        added = body.save_standing(partial(department_rules.add, connection, department))
        return once.keep(connection, view(added))


@router.patch("/rules/{rule}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_rule(use: Use, rule: RuleInPath, body: RuleChange) -> RuleView:
    """Change what is given of the rule. Its events that are going on end."""
    if body.labels is not MISSING:
        check_labels(use, body.labels)
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = rules.get(connection, rule)
        if isinstance(before, DepartmentRule):
            department_rules.check_places(given(body.zone, None), given(body.line, None))
            department_rules.check_kind(given(body.kind, before.rule.kind))
            standing = replace(before, rule=body.applied_to(before.rule, None, None))
            return view(department_rules.change(connection, standing))
        zone, line = before.zone, before.line
        if body.zone is not MISSING:
            with named_in_body("zone"):
                zone = None if body.zone is None else zones.get(connection, body.zone)
        if body.line is not MISSING:
            with named_in_body("line"):
                line = None if body.line is None else lines.get(connection, body.line)
        return view(rules.change(connection, body.applied_to(before, zone, line)))


@router.delete("/rules/{rule}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def remove_rule(use: Use, rule: RuleInPath) -> None:
    """Remove the rule. Its events stay; those that are going on end."""
    with use.database.write() as connection:
        rules.remove(connection, rule)
