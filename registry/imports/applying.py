"""Writing what a batch of rows decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from core.camera import StreamId, StreamRole
from core.ids import CameraId

from ..access.version import raise_access_version
from ..camera_rows import values_of
from ..cameras import take_numbers
from ..key_ring import KeyRing
from ..stream_secrets import sealed_row
from ..tables import camera, former_owner, stream, stream_secret
from ..version import raise_version
from .planning import Plan
from .verdicts import Refusal, Verdict, VerdictKind, refused

_B: Final = "b_"
"""Begins the names of parameters, which must not be those of columns."""


def apply(connection: Connection, keys: KeyRing, plans: Sequence[Plan], at: datetime) -> list[Verdict]:
    """Write `plans` in their order, in the transaction of `connection`; the verdict of each.

    The registry's version is raised once, and only where something changed; that of access where a camera is new, or
    has another department or region. Where another transaction took a name or a code at this very moment, the row that
    wanted it is refused, and no other.
    """
    due = [plan for plan in plans if plan.verdict.kind is not VerdictKind.UNCHANGED]
    if not due:
        return [plan.verdict for plan in plans]
    raise_version(connection)  # the row of the version is the lock: changes come one after the other
    numbers = iter(take_numbers(connection, sum(plan.before is None for plan in due)))
    if any(_decides_sight(plan) for plan in due):
        raise_access_version(connection)
    made = [_numbered(plan, CameraId(next(numbers))) if plan.before is None else plan for plan in due]
    verdicts = {plan.row: plan.verdict for plan in [*plans, *made]}
    for plan in _not_written(connection, keys, made, at):
        expected = "a name, an own id and a code that no other camera of the department has"
        hint = "another camera has one of them; it was given it at this moment, or the row moves its camera"
        verdicts[plan.row] = refused(plan.row, plan.camera.name, Refusal(None, None, expected, hint))
    return [verdicts[plan.row] for plan in plans]


def _decides_sight(plan: Plan) -> bool:
    """Whether scopes are worked out from what `plan` writes."""
    if plan.before is None:
        return plan.facts.region is not None
    before = plan.before.camera.department, plan.before.facts.region
    return before != (plan.camera.department, plan.facts.region)


def _numbered(plan: Plan, number: CameraId) -> Plan:
    return replace(plan, camera=replace(plan.camera, id=number))


def _not_written(connection: Connection, keys: KeyRing, plans: Sequence[Plan], at: datetime) -> list[Plan]:
    """Write all of `plans` at once; where that breaks a constraint, one by one. Those that could not be written."""
    savepoint = connection.begin_nested()
    try:
        _write(connection, keys, plans, at)
    except IntegrityError:
        savepoint.rollback()
        if len(plans) == 1:
            return list(plans)
        return [plan for one in plans for plan in _not_written(connection, keys, [one], at)]
    savepoint.commit()
    return []


def _write(connection: Connection, keys: KeyRing, plans: Sequence[Plan], at: datetime) -> None:
    changed = [plan for plan in plans if plan.before is not None]
    if moved := [plan for plan in changed if plan.before and plan.before.camera.department != plan.camera.department]:
        connection.execute(insert(former_owner), [_former(plan, at) for plan in moved])
    if changed:
        values = [_values(plan) for plan in changed]
        names = [name for name in values[0] if name != "id"]
        statement = (
            update(camera)
            .where(camera.c.id == bindparam(f"{_B}id"))
            .values({name: bindparam(f"{_B}{name}") for name in names} | {"revision": camera.c.revision + 1})
        )
        connection.execute(statement, [{f"{_B}{name}": value for name, value in row.items()} for row in values])
    if made := [plan for plan in plans if plan.before is None]:
        connection.execute(insert(camera), [_values(plan) for plan in made])
    _write_streams(connection, keys, plans)


def _values(plan: Plan) -> dict[str, Any]:
    own = {"id": plan.camera.id, "department": plan.camera.department, "enabled": plan.camera.enabled}
    return own | values_of(plan.camera.name, plan.facts)


def _former(plan: Plan, at: datetime) -> dict[str, Any]:
    assert plan.before is not None  # noqa: S101 - only what was there has moved
    return {"camera": plan.camera.id, "until_at": at, "department": plan.before.camera.department}


def _write_streams(connection: Connection, keys: KeyRing, plans: Sequence[Plan]) -> None:
    planned = [(plan.camera.id, one) for plan in plans for one in plan.streams]
    numbers: dict[tuple[CameraId, StreamRole], int] = {}
    new = [(number, one) for number, one in planned if one.before is None]
    if new:
        rows = [{"camera": number, "role": one.role.value, "url": one.url} for number, one in new]
        statement = insert(stream).returning(stream.c.id, stream.c.camera, stream.c.role)
        for row in connection.execute(statement, rows):
            numbers[CameraId(row.camera), StreamRole(row.role)] = row.id
    moved = [(one.before, one.url) for _, one in planned if one.before is not None and one.before.url != one.url]
    if moved:
        statement_of_urls = update(stream).where(stream.c.id == bindparam(f"{_B}id")).values(url=bindparam(f"{_B}url"))
        connection.execute(statement_of_urls, [{f"{_B}id": before.id, f"{_B}url": url} for before, url in moved])
    sealed = []
    for number, one in planned:
        if one.login == one.login_before:
            continue
        own = numbers[number, one.role] if one.before is None else one.before.id
        if one.login_before is not None:
            connection.execute(delete(stream_secret).where(stream_secret.c.stream == own))
        if one.login is not None:
            sealed.append(sealed_row(keys, number, StreamId(own), one.login))
    if sealed:
        connection.execute(insert(stream_secret), sealed)
