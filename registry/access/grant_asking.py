"""Asking for a grant: what is asked is checked, and kept until somebody decides."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from sqlalchemy import Connection, insert, select

from core.access import Principal, Right, Role
from core.camera import DepartmentId
from core.errors import BadInput, Forbidden
from core.wording import check_text

from .. import regions
from ..tables import camera
from .department_tree import DepartmentTree
from .grant import (
    Grant,
    GrantState,
    OnCamera,
    OnDepartment,
    OnRegion,
    OnSector,
    Receiver,
    Subject,
    ToDepartment,
    ToPerson,
    grant_of,
    with_included,
)
from .grant_powers import RECEIVING, is_admin_of, may_ask_for
from .grants import receiver
from .home import home_of, rights_at_home
from .tables import access_grant
from .version import access_now, raise_access_version

SHORTEST_PURPOSE: Final = 3
LONGEST_PURPOSE: Final = 500
LONGEST: Final = timedelta(days=5 * 365 + 2)
"""Five years, with the days that leap years have."""
_LATE: Final = timedelta(minutes=1)
"""What it may take until a grant from now on arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A grant that is asked for."""

    on: Subject
    to: Receiver
    rights: frozenset[Right]
    purpose: str
    owner: DepartmentId | None = None
    """None: whom the department or camera belongs to; for a sector or a region, the city."""
    from_at: datetime | None = None
    """None: now."""
    until_at: datetime | None = None
    """None: for as long as nobody revokes it."""
    history: bool = False


def ask(connection: Connection, by: Principal, wish: Wish, at: datetime) -> Grant:
    """Ask for a grant. Whether `by` may know of the camera that it names is checked by who calls this.

    Raises `BadInput` with the field for what cannot be: an unknown department, region, camera or person, nothing asked
    for, nothing added to what the receiver has anyway, a time that is over; `Forbidden` where it is not for `by` to
    ask.
    """
    raise_access_version(connection)  # first, as a lock: what is looked at here is not removed meanwhile
    now = max(at, access_now(connection).latest_at)
    tree = DepartmentTree(connection)
    owner = _owner(connection, wish, tree)
    receivers = _receivers(connection, by, wish.to, tree)
    home = receivers[0].department
    if not (may_ask_for(by, wish.to, home, tree) or is_admin_of(by, owner, tree)):
        raise Forbidden(
            "you may not ask for this grant: ask for yourself, or as an operator or admin of the department that is to "
            "receive it, or as an admin of the one that is to grant it",
            kind="grant",
            department=owner,
        )
    rights = with_included(wish.rights)
    if not rights:
        raise BadInput("no right is asked for", field="rights", hint=f"one or more of {', '.join(Right)}")
    if _adds_nothing(_owned(connection, wish, owner, tree), receivers, rights, tree):
        raise BadInput(
            "it would add nothing: whoever is to receive it has these rights there by role",
            field="rights",
            hint="rights on one's own cameras come with roles, but for unmasked",
        )
    from_at, until_at = _time(wish, at, now)
    values = {
        "owner": owner,
        "rights": json.dumps(sorted(rights)),
        "from_at": from_at,
        "until_at": until_at,
        "history": wish.history,
        "purpose": _purpose(wish.purpose),
        "state": GrantState.REQUESTED.value,
        "asked_by": by.person,
        "asked_at": now,
        **_columns_on(wish.on),
        **_columns_to(wish.to),
    }
    return grant_of(connection.execute(insert(access_grant).values(values).returning(*access_grant.c)).one())


def _owner(connection: Connection, wish: Wish, tree: DepartmentTree) -> DepartmentId | None:
    """Who grants. What is granted must be there, and its own."""
    if wish.owner is not None and wish.owner not in tree.kinds:
        raise BadInput(f"there is no department {wish.owner}", field="owner")
    match wish.on:
        case OnDepartment(department=number):
            if number not in tree.kinds:
                raise BadInput(f"there is no department {number}", field="on.department")
            belongs, what = number, f"department {number}"
        case OnCamera(camera=one):
            living = select(camera.c.department).where(camera.c.id == one, camera.c.deleted_at.is_(None))
            found = connection.execute(living).scalar_one_or_none()
            if found is None:
                raise BadInput(f"there is no camera {one}", field="on.camera")
            belongs, what = DepartmentId(found), f"camera {one}"
        case OnRegion(region=code):
            if regions.find(connection, code) is None:
                raise BadInput(f"there is no region {code}", field="on.region")
            return wish.owner
        case OnSector():
            return wish.owner
        case other:
            assert_never(other)
    if wish.owner is not None and belongs not in tree.within(wish.owner):
        raise BadInput(
            f"{what} belongs neither to department {wish.owner} nor to one below it",
            field="owner",
            hint="leave the owner out: then it is whom the department or camera belongs to",
        )
    return belongs if wish.owner is None else wish.owner


def _receivers(connection: Connection, by: Principal, to: Receiver, tree: DepartmentTree) -> list[Principal]:
    """One of each kind that would receive."""
    match to:
        case ToDepartment(department=number, role=role):
            if number not in tree.kinds:
                raise BadInput(f"there is no department {number}", field="to.department")
            if role is not None and role not in RECEIVING:
                raise BadInput(
                    f"a grant is to the role {', '.join(sorted(RECEIVING))}, not {role.value}",
                    field="to.role",
                    hint="auditors see no pictures, and city admins belong to no department",
                )
            roles = RECEIVING if role is None else {role}
            return [Principal(by.kind, 0, "", one, number) for one in sorted(roles)]
        case ToPerson(person=number):
            found = receiver(connection, number)
            is_known = found is not None and (
                found.person == by.person or by.role is Role.CITY_ADMIN or found.department in home_of(by, tree)
            )
            if found is None or not is_known:
                raise BadInput(f"there is no person {number} whom you could name", field="to.person")
            if found.role is Role.AUDITOR:
                raise BadInput(f"person {number} is an auditor, who sees no pictures", field="to.person")
            return [found]
        case other:
            assert_never(other)


def _owned(
    connection: Connection, wish: Wish, owner: DepartmentId | None, tree: DepartmentTree
) -> frozenset[DepartmentId] | None:
    """The departments among whose cameras it reaches; None: those of the whole city."""
    match wish.on:
        case OnDepartment(department=number):
            return tree.within(number)
        case OnCamera(camera=one):
            return frozenset(connection.scalars(select(camera.c.department).where(camera.c.id == one)))
        case OnSector(sector=sector):
            found = tree.of_sector(sector)
            return found if owner is None else found & tree.within(owner)
        case OnRegion():
            return None if owner is None else tree.within(owner)
        case other:
            assert_never(other)


def _adds_nothing(
    owned: frozenset[DepartmentId] | None, receivers: list[Principal], rights: frozenset[Right], tree: DepartmentTree
) -> bool:
    if not owned:
        return False
    for one in receivers:
        if not owned <= home_of(one, tree):
            return False
        if any(not rights <= rights_at_home(one.role, number, tree) for number in owned):
            return False
    return True


def _time(wish: Wish, at: datetime, now: datetime) -> tuple[datetime, datetime | None]:
    """From when until when. `at` is the clock's time, `now` the latest there ever was: no grant ends before that."""
    from_at = now if wish.from_at is None else wish.from_at
    if from_at < at - _LATE:
        raise BadInput(
            "it cannot begin in the past",
            field="from",
            hint="leave it out to begin now; `history` reaches what happened before",
        )
    if from_at > now + LONGEST:
        raise BadInput("it cannot begin later than in five years", field="from")
    if wish.until_at is not None:
        if wish.until_at <= max(from_at, now):
            raise BadInput(
                "it would be over before it begins", field="until", hint="name a time after its beginning and after now"
            )
        if wish.until_at > from_at + LONGEST:
            raise BadInput(
                "a grant until a certain day lasts five years at most",
                field="until",
                hint="leave `until` out where it is to last until it is revoked",
            )
    return from_at, wish.until_at


def _purpose(text: str) -> str:
    purpose = check_text(text, "the purpose", field="purpose", longest=LONGEST_PURPOSE)
    if len(purpose) < SHORTEST_PURPOSE:
        raise BadInput(
            f"the purpose has {len(purpose)} characters; at least {SHORTEST_PURPOSE} are expected",
            field="purpose",
            hint="say what the pictures are for: who approves goes by it",
        )
    return purpose


def _columns_on(on: Subject) -> dict[str, Any]:
    match on:
        case OnDepartment(department=number):
            return {"on_department": number}
        case OnSector(sector=sector):
            return {"on_sector": sector.value}
        case OnRegion(region=code):
            return {"on_region": code}
        case OnCamera(camera=one):
            return {"on_camera": one}
        case other:
            assert_never(other)


def _columns_to(to: Receiver) -> dict[str, Any]:
    match to:
        case ToDepartment(department=number, role=role):
            return {"to_department": number, "to_role": None if role is None else role.value}
        case ToPerson(person=one):
            return {"to_person": one}
        case other:
            assert_never(other)
