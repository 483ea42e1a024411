"""Who takes, sees and releases which holds."""

from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import Connection

from core.access import Principal, Right, Role
from core.camera import DepartmentId
from core.errors import Forbidden
from registry.access.department_tree import DepartmentTree
from registry.access.home import home_of, is_of_the_city
from registry.sight import check_camera
from registry.visibility import Scope

from ..index.sight import check_event
from .hold import Hold, HoldCamera, HoldDepartment, HoldEvent, Holding
from .holds import Concerned, owner_of

_ADMINS = (Role.DEPARTMENT_ADMIN, Role.CITY_ADMIN)
_READERS = (*_ADMINS, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class HoldPowers:
    """What somebody may do with holds."""

    concerned: Concerned | None
    """Whom those concern that they see; None: they see all."""
    may_take: bool
    own: DepartmentId | None
    """Whose hold it is that they take; None: the city's."""

    @property
    def home(self) -> frozenset[DepartmentId] | None:
        """The departments of which they are told how much a hold covers; None: of all."""
        return None if self.concerned is None else self.concerned.departments

    def may_release(self, hold: Hold) -> bool:
        """Whether they may end `hold`, one that they see."""
        if not self.may_take:
            return False
        return self.concerned is None or hold.owner in self.concerned.departments

    def check_may_take(self) -> None:
        """Raises `Forbidden` for whoever only reads."""
        if not self.may_take:
            raise Forbidden("only an admin may take or release holds; ask one of your department", kind="hold")

    def check_may_release(self, hold: Hold) -> None:
        """Raises `Forbidden` where `hold` is not theirs to release."""
        self.check_may_take()
        if not self.may_release(hold):
            whose = (
                "the city's: only a city admin" if hold.owner is None else "another department's: only an admin of it"
            )
            raise Forbidden(f"hold {hold.id} is {whose} may release it", kind="hold", number=str(hold.id))

    def check_may_hold(self, connection: Connection, scope: Scope, on: Holding) -> None:
        """Raises `NotFound` where there is no such thing, `Hidden` in the same words where they may not see it, and
        `Forbidden` where it is another's: nobody keeps what is another department's."""
        self.check_may_take()
        match on:
            case HoldEvent(event=event):
                owner = check_event(connection, scope, event).department
                what = "event", str(event)
            case HoldCamera(camera=camera):
                owner = check_camera(connection, scope, camera, Right.LIST)
                what = "camera", str(camera)
            case HoldDepartment(department=department):
                # Departments are no secret: all who are signed in may list them.
                owner = owner_of(connection, on)
                what = "department", str(department)
            case other:
                assert_never(other)
        if self.concerned is not None and owner not in self.concerned.departments:
            kind, number = what
            raise Forbidden(
                f"{kind} {number} is another department's: only an admin of it, or of the city, may hold it",
                kind=kind,
                number=number,
                department=owner,
            )


def hold_powers_of(connection: Connection, principal: Principal) -> HoldPowers:
    """What `principal`, a person or a program, may do: admins take holds on what is theirs and see those that concern
    them, auditors see them.

    Raises `Forbidden` for everybody else.
    """
    if principal.role not in _READERS:
        raise Forbidden("only admins and auditors look at holds", kind="hold")
    concerned, own = None, None
    if not is_of_the_city(principal):
        tree = DepartmentTree(connection)
        home = home_of(principal, tree)
        above = frozenset(one for number in home for one in tree.with_above(number)) - home
        concerned, own = Concerned(home, above), principal.department
    return HoldPowers(concerned, principal.role in _ADMINS, own)
