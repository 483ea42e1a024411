"""`/cameras/{id}/rules` and `/rules/{id}`: what makes an event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import MISSING, Field

from core.errors import BadInput
from core.rule import Rule, RuleKind, Severity
from registry import rules, version, zones

from .answers import CameraInPath, Listing, RuleInPath, named_in_body
from .fields import Body, CameraNumber, RuleNumber, Text, ZoneNumber, given
from .problems import Kind, documented
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["rules"])

Labels = Annotated[
    tuple[Text, ...],
    Field(
        min_length=1,
        max_length=200,
        description="Objects of which kinds it watches for, as the active detector calls them.",
        examples=[["person", "bicycle"]],
    ),
]
Seconds = Annotated[
    float, Field(ge=0, le=86_400, description="How long the object must be there, in seconds (to the millisecond).")
]
Score = Annotated[float, Field(ge=0, le=1, description="How sure the detector must be.")]
Urgency = Annotated[Severity, Field(description="How urgent its events are: 1 is the most, 4 the least urgent.")]
Place = Annotated[ZoneNumber, Field(description="The zone in which the object must stand; null: anywhere.")]


class NewRule(Body):
    """A rule to be added."""

    name: Text = Field(examples=["people at the gate"])
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    labels: Labels
    zone: Place | None = None
    min_duration_s: Seconds = 1.0
    min_score: Score = 0.4
    severity: Urgency = Severity.LOW
    enabled: bool = True

    def save(self, add: Callable[..., Rule]) -> Rule:
        """Hand the rule to `add`: `registry.rules.add` on a connection and a camera."""
        with named_in_body("zone"):
            return add(
                name=self.name,
                labels=self.labels,
                kind=self.kind,
                zone=self.zone,
                min_duration=timedelta(seconds=self.min_duration_s),
                min_score=self.min_score,
                severity=self.severity,
                enabled=self.enabled,
            )


class RuleChange(Body):
    """What is to be changed of a rule; what is left out stays."""

    name: Text | MISSING = MISSING
    kind: RuleKind | MISSING = MISSING
    labels: Labels | MISSING = MISSING
    zone: Place | MISSING | None = MISSING
    min_duration_s: Seconds | MISSING = MISSING
    min_score: Score | MISSING = MISSING
    severity: Urgency | MISSING = MISSING
    enabled: bool | MISSING = MISSING


class RuleView(Body):
    """What makes an event on one camera."""

    id: RuleNumber
    camera: CameraNumber
    name: str
    kind: RuleKind
    labels: tuple[str, ...]
    zone: ZoneNumber | None
    min_duration_s: float
    min_score: float
    severity: Severity
    enabled: bool


def view(rule: Rule) -> RuleView:
    """`rule` as the API shows it."""
    return RuleView(
        id=rule.id,
        camera=rule.camera,
        name=rule.name,
        kind=rule.kind,
        labels=tuple(sorted(rule.labels)),
        zone=None if rule.zone is None else rule.zone.id,
        min_duration_s=rule.min_duration.total_seconds(),
        min_score=rule.min_score,
        severity=rule.severity,
        enabled=rule.enabled,
    )


def check_labels(services: Services, labels: Labels) -> None:
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
def list_rules(use: Use, camera: CameraInPath) -> Listing[RuleView]:
    """The camera's rules."""
    with use.database.read() as connection:
        found = rules.of_camera(connection, camera)
    return Listing(items=tuple(view(rule) for rule in found))


@router.post(
    "/cameras/{camera}/rules", status_code=201, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)
)
def add_rule(use: Use, camera: CameraInPath, body: NewRule) -> RuleView:
    """Add a rule to the camera. A running worker applies it within a second or two."""
    check_labels(use, body.labels)
    with use.database.write() as connection:
        if body.zone is not None:
            with named_in_body("zone"):
                zones.get(connection, body.zone)
        return view(body.save(partial(rules.add, connection, camera)))


@router.patch("/rules/{rule}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_rule(use: Use, rule: RuleInPath, body: RuleChange) -> RuleView:
    """Change what is given of the rule. Its events that are going on end."""
    labels = None if body.labels is MISSING else body.labels
    if labels is not None:
        check_labels(use, labels)
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = rules.get(connection, rule)
        zone = before.zone
        if body.zone is not MISSING:
            with named_in_body("zone"):
                zone = None if body.zone is None else zones.get(connection, body.zone)
        changed = replace(
            before,
            name=given(body.name, before.name),
            kind=given(body.kind, before.kind),
            labels=before.labels if labels is None else frozenset(labels),
            zone=zone,
            min_duration=timedelta(seconds=given(body.min_duration_s, before.min_duration.total_seconds())),
            min_score=given(body.min_score, before.min_score),
            severity=given(body.severity, before.severity),
            enabled=given(body.enabled, before.enabled),
        )
        return view(rules.change(connection, changed))


@router.delete("/rules/{rule}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def remove_rule(use: Use, rule: RuleInPath) -> None:
    """Remove the rule. Its events stay; those that are going on end."""
    with use.database.write() as connection:
        rules.remove(connection, rule)
