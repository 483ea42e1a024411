"""What is said to ask for grants, to find them, and to decide on them."""

from typing import Annotated

from pydantic import Field

from core.access import Right, Role
from core.errors import BadInput
from registry.access.grant import (
    GrantState,
    OnCamera,
    OnDepartment,
    OnRegion,
    OnSector,
    Receiver,
    Subject,
    ToDepartment,
    ToPerson,
)
from registry.access.grant_asking import LONGEST_PURPOSE, SHORTEST_PURPOSE, Wish
from registry.access.grants import GrantFilter
from registry.departments import Sector

from .access_fields import PersonNumber
from .fields import AskedInstant, Body, CameraNumber, Cursor, DepartmentNumber, Text
from .regions import RegionCode


class OnBody(Body):
    """What a grant is to be on: exactly one of the four."""

    department: DepartmentNumber | None = Field(default=None, description="What belongs to it or to one below it.")
    sector: Sector | None = Field(default=None, description="What belongs to departments of this kind.")
    region: RegionCode | None = Field(default=None, description="Cameras in it or in one below it.")
    camera: CameraNumber | None = None

    def subject(self) -> Subject:
        """What is named. Raises `BadInput` unless it is one thing."""
        named: list[Subject] = []
        if self.department is not None:
            named.append(OnDepartment(self.department))
        if self.sector is not None:
            named.append(OnSector(self.sector))
        if self.region is not None:
            named.append(OnRegion(self.region))
        if self.camera is not None:
            named.append(OnCamera(self.camera))
        if len(named) != 1:
            raise BadInput(
                f"a grant is on one department, sector, region or camera; {len(named)} are named", field="on"
            )
        return named[0]


class ToBody(Body):
    """To whom: a department, a role of it, or a person."""

    department: DepartmentNumber | None = Field(default=None, description="Those of it, not of those below it.")
    role: Role | None = Field(default=None, description="Only those of the department who have it.")
    person: PersonNumber | None = None

    def receiver(self) -> Receiver:
        """Who is named. Raises `BadInput` unless it is one."""
        if self.department is not None and self.person is None:
            return ToDepartment(self.department, self.role)
        if self.person is None or self.department is not None:
            raise BadInput("a grant is to a department or to a person: one of both", field="to")
        if self.role is not None:
            raise BadInput("a person is named without a role", field="to.role")
        return ToPerson(self.person)


class NewGrant(Body):
    """A grant that is asked for."""

    owner: DepartmentNumber | None = Field(
        default=None,
        description="Who is to grant it. Null: whom the department or camera belongs to; for a sector or a region, the "
        "city.",
    )
    on: OnBody
    to: ToBody
    rights: Annotated[tuple[Right, ...], Field(max_length=len(Right), examples=[["media", "live"]])]
    from_: AskedInstant | None = Field(default=None, alias="from", description="When it begins; null: now.")
    until: AskedInstant | None = Field(default=None, description="When it ends; null: when it is revoked.")
    history: bool = Field(default=False, description="Also what happened before it begins.")
    purpose: Text = Field(
        description=f"What for: {SHORTEST_PURPOSE} to {LONGEST_PURPOSE} characters.", examples=["渡口施工期间共同值守"]
    )

    def wish(self) -> Wish:
        """What is asked for. Raises `BadInput` for a subject or receiver that is none."""
        return Wish(
            owner=self.owner,
            on=self.on.subject(),
            to=self.to.receiver(),
            rights=frozenset(self.rights),
            from_at=self.from_,
            until_at=self.until,
            history=self.history,
            purpose=self.purpose,
        )


class Agreement(Body):
    """Why a grant is approved, where something is to be said."""

    why: Text = ""


class Reason(Body):
    """Why a grant is refused or revoked."""

    why: Text = Field(description="Who asked for the grant reads it.")


class GrantQuery(Body):
    """Which grants are asked for."""

    state: GrantState | None = None
    owner: DepartmentNumber | None = Field(default=None, description="Who grants.")
    to_department: DepartmentNumber | None = Field(default=None, description="Made to it, or to a role of it.")
    person: PersonNumber | None = Field(default=None, description="Made to this person by number.")
    camera: CameraNumber | None = Field(default=None, description="On this camera by number.")
    limit: int = Field(default=100, ge=1, le=1000, description="Most items in the page.")
    cursor: Cursor | None = Field(default=None, description="`next` of the page before; without it, the first page.")

    def filter(self) -> GrantFilter:
        """What is asked for, but for the page."""
        return GrantFilter(self.state, self.owner, self.to_department, self.person, self.camera)
