"""The grants of a simulated city: what its departments share with one another, in each state that a grant can be in."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, insert

from core.access import Principal, Role
from registry.access.grant import GrantState, SubjectKind, with_included
from registry.access.tables import access_grant

from .city import City
from .layout import Layout
from .people import CityPeople
from .people_words import PURPOSES, REFUSED, REVOKED, SHARED
from .regions import district_code
from .words import DISTRICTS, SECTOR_ORDER

_SUBJECTS: Final = {
    SubjectKind.CAMERA: 0.66,
    SubjectKind.DEPARTMENT: 0.26,
    SubjectKind.REGION: 0.04,
    SubjectKind.SECTOR: 0.04,
}
_STATES: Final = {
    GrantState.APPROVED: 0.6,
    GrantState.EXPIRED: 0.14,
    GrantState.REFUSED: 0.1,
    GrantState.REVOKED: 0.08,
    GrantState.REQUESTED: 0.08,
}
_ASKED: Final = timedelta(days=80)
_RECENTLY: Final = timedelta(days=4)
_SECONDS: Final = 86_400
_WITH_HISTORY, _ENDLESS, _LATER = 0.3, 0.4, 0.05


def add_grants(
    connection: Connection, city: City, layout: Layout, owners: Sequence[int], people: CityPeople, until: datetime
) -> None:
    """Put the grants into the registry; where there is but one department, nobody is there to share anything with."""
    if len(owners) < 2 or not city.grant_count:
        return
    rng = np.random.default_rng([city.seed, 5])
    end = until.replace(microsecond=0)
    # One of each state first: a small city has them all too.
    states = [
        *_STATES,
        *(list(_STATES)[place] for place in rng.choice(len(_STATES), city.grant_count, p=_shares(_STATES))),
    ]
    rows = []
    for state in states[: city.grant_count]:
        subject, owner = _subject(rng, layout, owners)
        receiver = _receiver(rng, owner, len(owners), subject)
        theirs = people.of_department[receiver]
        one = theirs[int(rng.integers(1, len(theirs)))]
        to, asked_by = _to(rng, owners[receiver], one, theirs)
        decider = people.city_admins[int(rng.integers(2))] if owner is None else people.of_department[owner][0]
        rows.append(
            {
                "owner": None if owner is None else owners[owner],
                "rights": json.dumps(sorted(with_included(SHARED[int(rng.integers(len(SHARED)))]))),
                "history": bool(rng.random() < _WITH_HISTORY),
                "purpose": PURPOSES[int(rng.integers(len(PURPOSES)))],
                "state": state.value,
                "asked_by": asked_by.person,
                **subject,
                **to,
                **_course(rng, state, decider, end),
            }
        )
    connection.execute(insert(access_grant), rows)


def _shares(of: dict[Any, float]) -> list[float]:
    return list(of.values())


def _subject(rng: np.random.Generator, layout: Layout, owners: Sequence[int]) -> tuple[dict[str, Any], int | None]:
    """What a grant is on, and the place of the department that grants; None: the city."""
    nothing: dict[str, Any] = dict.fromkeys(("on_department", "on_sector", "on_region", "on_camera"))
    match list(_SUBJECTS)[int(rng.choice(len(_SUBJECTS), p=_shares(_SUBJECTS)))]:
        case SubjectKind.CAMERA:
            place = int(rng.integers(len(layout.department)))
            return nothing | {"on_camera": place + 1}, int(layout.department[place])
        case SubjectKind.DEPARTMENT:
            owner = int(rng.integers(len(owners)))
            return nothing | {"on_department": owners[owner]}, owner
        case SubjectKind.REGION:
            return nothing | {"on_region": district_code(int(rng.integers(len(DISTRICTS))))}, None
        case SubjectKind.SECTOR:
            sector = int(rng.integers(min(len(owners), len(SECTOR_ORDER))))
            return nothing | {"on_sector": SECTOR_ORDER[sector].value}, None


def _receiver(rng: np.random.Generator, owner: int | None, departments: int, subject: dict[str, Any]) -> int:
    """The place of a department to which the grant adds something: neither the owner nor the one above it, nor one of
    the sector."""
    while True:
        found = int(rng.integers(departments))
        sector = SECTOR_ORDER[found % len(SECTOR_ORDER)].value
        if owner is not None and departments > len(SECTOR_ORDER) and found == owner % len(SECTOR_ORDER):
            continue
        if found != owner and subject["on_sector"] != sector:
            return found


def _to(
    rng: np.random.Generator, department: int, one: Principal, theirs: Sequence[Principal]
) -> tuple[dict[str, Any], Principal]:
    """To whom, and who asked for it."""
    nobody: dict[str, Any] = dict.fromkeys(("to_department", "to_role", "to_person"))
    match int(rng.integers(3)):
        case 0:
            return nobody | {"to_person": one.person}, one
        case 1:
            role = Role.OPERATOR if rng.random() < 0.5 else Role.VIEWER
            return nobody | {"to_department": department, "to_role": role.value}, theirs[0]
        case _:
            return nobody | {"to_department": department}, theirs[int(rng.integers(2))]


def _course(rng: np.random.Generator, state: GrantState, decider: Principal, end: datetime) -> dict[str, Any]:
    """What became of it until now."""

    def some(most: timedelta) -> timedelta:
        return timedelta(seconds=int(rng.integers(60, max(61, int(most.total_seconds())))))

    is_new = state is GrantState.REQUESTED
    asked_at = end - (some(_RECENTLY) if is_new else _RECENTLY + some(_ASKED - _RECENTLY))
    decided_at = asked_at + some(timedelta(days=2))
    ended_at = decided_at + some(end - decided_at)
    until_at = None if rng.random() < _ENDLESS else end + timedelta(days=int(rng.integers(1, 300)))
    course: dict[str, Any] = {
        "asked_at": asked_at,
        "from_at": end + timedelta(days=2) if rng.random() < _LATER else asked_at,
        "until_at": until_at,
        "decided_by": None if is_new else decider.person,
        "decided_at": None if is_new else decided_at,
        "decided_why": REFUSED[int(rng.integers(len(REFUSED)))] if state is GrantState.REFUSED else None,
        "ended_by": None,
        "ended_at": None,
        "ended_why": None,
        "revision": 1 if is_new else 2,
    }
    if state is GrantState.REVOKED:
        why = REVOKED[int(rng.integers(len(REVOKED)))]
        course |= {"ended_by": decider.person, "ended_at": ended_at, "ended_why": why, "revision": 3}
    if state is GrantState.EXPIRED:
        course |= {"from_at": asked_at, "until_at": ended_at, "ended_at": ended_at, "revision": 3}
    return course
