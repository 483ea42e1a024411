"""What every change of a camera asks first, and what a change leaves on record."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from core.access import Right
from core.camera import DepartmentId
from core.errors import Forbidden
from core.ids import CameraId
from registry.audit.entry import Act
from registry.idempotency import Transaction
from registry.sight import check_camera

from .caller import Caller

_NOT_ITS_OWN: Final = frozenset({"id", "camera", "revision", "status", "streams"})
"""Fields of an answer that no change of what it shows is meant for."""
_LONGEST: Final = 300


def check_change(connection: Transaction, who: Caller, camera: CameraId, *, missing: str | None = None) -> DepartmentId:
    """The department of a camera that `who` may change. Raises as `check_camera` does, in the words of `missing`."""
    return check_camera(connection, who.scope(connection), camera, Right.MANAGE, missing=missing)


def check_change_somewhere(connection: Transaction, who: Caller, *, to: str) -> None:
    """Raises `Forbidden` unless `who` may change all cameras of some department; `to` says what for."""
    reach = who.reach(connection, Right.MANAGE)
    if not (reach.is_all or reach.departments):
        raise Forbidden(f"you may not {to}: there is no department whose cameras you may change")


def note_change(
    connection: Transaction,
    who: Caller,
    kind: str,
    number: object,
    changed: Mapping[str, list[Any]],
    *,
    camera: CameraId | None = None,
    departments: Iterable[DepartmentId] = (),
) -> None:
    """Put a change on record, in its own transaction; nothing where nothing is different."""
    if changed:
        detail = {"changed": dict(changed)}
        who.changed(connection, Act.CHANGE, kind, number, camera=camera, departments=departments, detail=detail)


def differences(before: BaseModel, after: BaseModel) -> dict[str, list[Any]]:
    """The fields in which two answers about the same thing differ, each with the value before and after."""
    old, new = (one.model_dump(mode="json", by_alias=True, exclude=set(_NOT_ITS_OWN)) for one in (before, after))
    return {name: [_short(old[name]), _short(new[name])] for name in new if old[name] != new[name]}


def _short(value: Any) -> Any:
    """`value`, or the beginning of its text where that is long: the record tells what was done, and keeps no copies."""
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
