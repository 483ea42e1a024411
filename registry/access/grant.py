"""A grant: rights on somebody's cameras, for somebody, from when until when, what for."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType, TypeAlias

from sqlalchemy import Row

from core.access import INCLUDED, PersonId, Right, Role
from core.camera import DepartmentId
from core.ids import CameraId

from ..departments import Sector

GrantId = NewType("GrantId", int)


class GrantState(StrEnum):
    """How far a grant has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    """In force from its beginning until its end."""
    REFUSED = "refused"
    REVOKED = "revoked"
    EXPIRED = "expired"
    """Its time is over, which a clock that is set back does not undo."""


class SubjectKind(StrEnum):
    """What a grant can be on."""

    DEPARTMENT = "department"
    SECTOR = "sector"
    REGION = "region"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class OnDepartment:
    """What belongs to a department or to one below it."""

    kind: ClassVar = SubjectKind.DEPARTMENT
    department: DepartmentId


@dataclass(frozen=True, slots=True)
class OnSector:
    """What belongs to departments of a kind."""

    kind: ClassVar = SubjectKind.SECTOR
    sector: Sector


@dataclass(frozen=True, slots=True)
class OnRegion:
    """Cameras in a region or in one below it."""

    kind: ClassVar = SubjectKind.REGION
    region: str


@dataclass(frozen=True, slots=True)
class OnCamera:
    """One camera."""

    kind: ClassVar = SubjectKind.CAMERA
    camera: CameraId


Subject: TypeAlias = OnDepartment | OnSector | OnRegion | OnCamera


@dataclass(frozen=True, slots=True)
class ToDepartment:
    """Everybody of one department (not of those below it), or all who have a role there."""

    department: DepartmentId
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class ToPerson:
    """One person."""

    person: PersonId


Receiver: TypeAlias = ToDepartment | ToPerson


@dataclass(frozen=True, slots=True)
class Ending:
    """Who decided on a grant or ended it, when, and why. Nobody ends one whose time is over."""

    by: PersonId | None
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights on cameras for somebody."""

    id: GrantId
    owner: DepartmentId | None
    """Only what belongs to this department or to one below it; None: granted by the city, whoever owns it."""
    on: Subject
    to: Receiver
    rights: frozenset[Right]
    """With what each brings along."""
    from_at: datetime
    until_at: datetime | None
    history: bool
    """Also what happened before it began."""
    purpose: str
    state: GrantState
    asked_by: PersonId
    asked_at: datetime
    decided: Ending | None
    ended: Ending | None
    revision: int

    @property
    def since(self) -> datetime | None:
        """From when on events are within it; None: all there are. No earlier than it was approved."""
        if self.history:
            return None
        return self.from_at if self.decided is None else max(self.from_at, self.decided.at)


def with_included(rights: Iterable[Right]) -> frozenset[Right]:
    """`rights` with what each brings along."""
    return frozenset(found for right in rights for found in INCLUDED[right])


def grant_of(row: Row[tuple[object, ...]]) -> Grant:
    """A row of `access_grant` as a grant."""
    return Grant(
        id=GrantId(row.id),
        owner=row.owner,
        on=_subject(row),
        to=ToPerson(row.to_person)
        if row.to_person is not None
        else ToDepartment(row.to_department, None if row.to_role is None else Role(row.to_role)),
        rights=frozenset(map(Right, json.loads(row.rights))),
        from_at=row.from_at,
        until_at=row.until_at,
        history=row.history,
        purpose=row.purpose,
        state=GrantState(row.state),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided=None if row.decided_at is None else Ending(row.decided_by, row.decided_at, row.decided_why or ""),
        ended=None if row.ended_at is None else Ending(row.ended_by, row.ended_at, row.ended_why or ""),
        revision=row.revision,
    )


def _subject(row: Row[tuple[object, ...]]) -> Subject:
    if row.on_department is not None:
        return OnDepartment(row.on_department)
    if row.on_sector is not None:
        return OnSector(Sector(row.on_sector))
    if row.on_region is not None:
        return OnRegion(row.on_region)
    return OnCamera(row.on_camera)
