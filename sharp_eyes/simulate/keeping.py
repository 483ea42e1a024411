"""What a simulated city keeps for how long, what it holds, and what was wrong with its storage."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from core.camera import DepartmentId
from core.ids import CameraId
from core.rule import RuleKind
from events.notices.notice import NoticeKind
from events.notices.notices import close_notice, open_notice
from events.retention import holds, quotas, rules
from events.retention.hold import HoldCamera, HoldDepartment, HoldSpan
from events.retention.medium import Medium
from events.retention.rules import Concerns
from registry.tables import camera

from .people import CityPeople

_DEPARTMENTS: Final = 6
_MADE_AGO: Final = timedelta(days=25)
_DAY: Final = timedelta(days=1)
_QUOTA: Final = 50_000_000_000
_CITY: Final = ((Medium.ORIGINAL, None, 60), (Medium.SNAPSHOT, RuleKind.MOTION, 30))
_OF_DEPARTMENTS: Final = ((Medium.SNAPSHOT, None, 180), (Medium.ORIGINAL, RuleKind.INTRUSION, 365))
_TROUBLES: Final = (
    (NoticeKind.STORE_AWAY, "https://store.example/sharp-eyes", "no answer within 10 s", 20, timedelta(minutes=7)),
    (NoticeKind.DISK_FULL, "machine-1: /srv/sharp-eyes/blobs", "1 % of the disk is free", 9, timedelta(hours=5)),
)
"""Each with how many days ago it began, and how long it lasted."""


def add_keeping(connection: Connection, owners: Sequence[int], people: CityPeople, until: datetime) -> None:
    """Put rules, quotas, holds and notices of the past into the database. Nothing of it is open, and little is held:
    what is simulated may be removed."""
    at = until - _MADE_AGO
    for medium, kind, days in _CITY:
        rules.put(connection, Concerns(medium, None, kind), days, at)
    for place, owner in enumerate(owners[:_DEPARTMENTS]):
        department = DepartmentId(owner)
        if place % 2 == 0:
            for medium, kind, days in _OF_DEPARTMENTS[: 1 + place % 4 // 2]:
                rules.put(connection, Concerns(medium, department, kind), days, at)
        else:
            quotas.put(connection, department, _QUOTA, at)
    _add_holds(connection, owners, people, until)
    for trouble, subject, detail, days_ago, lasted in _TROUBLES:
        began_at = until - days_ago * _DAY
        open_notice(connection, trouble, subject, detail, at=began_at)
        close_notice(connection, trouble, subject, at=began_at + lasted)


def _add_holds(connection: Connection, owners: Sequence[int], people: CityPeople, until: datetime) -> None:
    span = HoldSpan(until - 12 * _DAY, until - 11 * _DAY)
    city_admin, at = people.city_admins[0], until - 10 * _DAY
    by_owner = select(camera.c.department, func.min(camera.c.id)).where(camera.c.department.in_(owners[:_DEPARTMENTS]))
    first = {row[0]: CameraId(row[1]) for row in connection.execute(by_owner.group_by(camera.c.department))}
    for place, owner in enumerate(owners[:_DEPARTMENTS]):
        if owner not in first:
            continue
        admin, department = people.of_department[place][0], DepartmentId(owner)
        on = HoldCamera(first[owner], span)
        if place == 0:
            holds.take(connection, on, name="2026-114", reason="法院调取", owner=None, by=city_admin.name, at=at)
        elif place == 1:
            name, why = "Accident at the gate", "the insurer asked for it"
            taken = holds.take(connection, on, name=name, reason=why, owner=department, by=admin.name, at=at)
            holds.release(connection, taken.id, why="the case is closed", by=admin.name, at=at + 3 * _DAY)
        elif place == 2:
            of_all = HoldDepartment(department, HoldSpan(until - 12 * _DAY, until - 12 * _DAY + timedelta(hours=2)))
            name, why = "Outage of the 12th", "an inquiry is going on"
            holds.take(connection, of_all, name=name, reason=why, owner=department, by=admin.name, at=at)
