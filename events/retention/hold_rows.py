"""Holds as rows of their table, and back."""

from typing import Any, assert_never

from sqlalchemy import Row

from core.camera import DepartmentId
from core.ids import CameraId, EventId

from .hold import Hold, HoldCamera, HoldDepartment, HoldEvent, HoldId, Holding, HoldSpan, Release


def hold_of(row: Row[tuple[object, ...]]) -> Hold:
    """The hold in a row of the table."""
    release = None
    if row.released_at is not None:
        release = Release(row.released_by or "", row.released_at, row.released_why or "")
    return Hold(
        id=HoldId(row.id),
        name=row.name,
        reason=row.reason,
        owner=None if row.department is None else DepartmentId(row.department),
        on=_on(row),
        made_by=row.made_by,
        made_at=row.made_at,
        release=release,
    )


def target_values(on: Holding) -> dict[str, Any]:
    """The columns that say what is held."""
    match on:
        case HoldEvent(event=event):
            return {"event": event}
        case HoldCamera(camera=camera, span=span):
            return {"camera": camera, "from_at": span.from_at, "until_at": span.until_at}
        case HoldDepartment(department=department, span=span):
            return {"on_department": department, "from_at": span.from_at, "until_at": span.until_at}
        case other:
            assert_never(other)


def _on(row: Row[tuple[object, ...]]) -> Holding:
    span = HoldSpan(row.from_at, row.until_at)
    if row.event is not None:
        return HoldEvent(EventId(row.event))
    if row.camera is not None:
        return HoldCamera(CameraId(row.camera), span)
    return HoldDepartment(DepartmentId(row.on_department), span)
