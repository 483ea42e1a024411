"""A grant as the API shows it: on what, to whom, how far it has come, and what one may do about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from pydantic import Field

from core.access import PersonId, Principal, Right, Role
from registry.access.department_tree import DepartmentTree
from registry.access.grant import (
    Ending,
    Grant,
    GrantState,
    OnCamera,
    OnDepartment,
    OnRegion,
    OnSector,
    Receiver,
    Subject,
    SubjectKind,
    ToDepartment,
    ToPerson,
)
from registry.access.grant_names import GrantNames
from registry.access.grant_powers import why_not_approve, why_not_refuse, why_not_revoke
from registry.departments import Sector

from .answers import Named
from .fields import Body, Instant
from .regions import NamedRegion


class OnView(Body):
    """What a grant is on; one of the four is set."""

    kind: SubjectKind
    department: Named | None = Field(default=None, description="What belongs to it or to one below it.")
    sector: Sector | None = Field(default=None, description="What belongs to departments of this kind.")
    region: NamedRegion | None = Field(default=None, description="Cameras in it or in one below it.")
    camera: Named | None = Field(
        default=None, description="Its name is empty where it belongs to somebody else by now."
    )


class ToView(Body):
    """To whom a grant is: a department, a role of it, or a person."""

    department: Named | None = Field(default=None, description="Those of this department, not of those below it.")
    role: Role | None = Field(default=None, description="Those of the department who have it; null: all of them.")
    person: Named | None = None


class DecisionView(Body):
    """Who decided, when, and why."""

    by: Named | None = Field(description="Null: nobody did, its time is over.")
    at: Instant
    why: str


class PowersView(Body):
    """What who asks may do about the grant now."""

    approve: bool
    refuse: bool
    revoke: bool


class GrantView(Body):
    """Rights on cameras for somebody."""

    id: int
    owner: Named | None = Field(description="Who grants: only what belongs to it or to one below. Null: the city.")
    on: OnView
    to: ToView
    rights: tuple[Right, ...] = Field(description="With what each brings along.")
    from_: Instant = Field(alias="from", description="When it begins, once it is approved.")
    until: Instant | None = Field(description="When it ends; null: when it is revoked.")
    history: bool = Field(description="Also what happened before it began.")
    purpose: str
    state: GrantState
    asked_by: Named
    asked_at: Instant
    decided: DecisionView | None = Field(description="How it was approved or refused; null: it was not yet.")
    ended: DecisionView | None = Field(description="How it was revoked or expired; null: it was not.")
    may: PowersView
    revision: int = Field(description="Counts its changes.")


def grant_view(grant: Grant, names: GrantNames, by: Principal, tree: DepartmentTree, now: datetime) -> GrantView:
    """`grant` as `by` is shown it."""
    owner = None if grant.owner is None else Named(id=grant.owner, name=names.departments[grant.owner])
    is_over = grant.until_at is not None and grant.until_at <= now
    is_open = grant.state is GrantState.REQUESTED
    return GrantView.model_validate(
        {
            "id": grant.id,
            "owner": owner,
            "on": on_view(grant.on, names),
            "to": to_view(grant.to, names),
            "rights": tuple(right for right in Right if right in grant.rights),
            "from": grant.from_at,
            "until": grant.until_at,
            "history": grant.history,
            "purpose": grant.purpose,
            "state": grant.state,
            "asked_by": Named(id=grant.asked_by, name=names.people[grant.asked_by]),
            "asked_at": grant.asked_at,
            "decided": _decision(grant.decided, names.people),
            "ended": _decision(grant.ended, names.people),
            "may": PowersView(
                approve=is_open and not is_over and why_not_approve(by, grant, tree) is None,
                refuse=is_open and why_not_refuse(by, grant, tree) is None,
                revoke=grant.state is GrantState.APPROVED and why_not_revoke(by, grant, tree) is None,
            ),
            "revision": grant.revision,
        }
    )


def on_view(on: Subject, names: GrantNames) -> OnView:
    """What a grant is on."""
    match on:
        case OnDepartment(department=number):
            return OnView(kind=on.kind, department=Named(id=number, name=names.departments[number]))
        case OnSector(sector=sector):
            return OnView(kind=on.kind, sector=sector)
        case OnRegion(region=code):
            return OnView(kind=on.kind, region=NamedRegion(code=code, name=names.regions[code]))
        case OnCamera(camera=camera):
            return OnView(kind=on.kind, camera=Named(id=camera, name=names.cameras.get(camera, "")))
        case other:
            assert_never(other)


def to_view(to: Receiver, names: GrantNames) -> ToView:
    """To whom a grant is."""
    match to:
        case ToDepartment(department=number, role=role):
            return ToView(department=Named(id=number, name=names.departments[number]), role=role)
        case ToPerson(person=person):
            return ToView(person=Named(id=person, name=names.people[person]))
        case other:
            assert_never(other)


def _decision(ending: Ending | None, people: Mapping[PersonId, str]) -> DecisionView | None:
    if ending is None:
        return None
    by = None if ending.by is None else Named(id=ending.by, name=people[ending.by])
    return DecisionView(by=by, at=ending.at, why=ending.why)
