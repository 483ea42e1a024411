"""Looks at media: on record before the first byte, and once however many ranges are read."""

from fastapi import Request

from core.camera import DepartmentId
from core.ids import CameraId
from registry.access.unmasking import UnmaskingId
from registry.audit.entry import Act
from registry.audit.recent import RecentLooks

from .caller import Caller


def look(
    request: Request,
    who: Caller,
    act: Act,
    kind: str,
    number: int,
    *,
    camera: CameraId,
    department: DepartmentId,
    purpose: str = "",
    unmasking: UnmaskingId | None = None,
) -> None:
    """Put on record that `who` looks at something of `camera`, unless that was done within five minutes, or the
    headers alone are asked for. `department` is whose it is; `unmasking` by which an original is looked at, and
    `purpose` what for.

    Raises `Unavailable` where it cannot be recorded: then it may not be shown.
    """
    if request.method == "HEAD":
        return
    recent: RecentLooks = request.app.state.recent_looks
    one = who.principal.kind, who.principal.id, act, number, unmasking
    detail = {} if unmasking is None else {"unmasking": unmasking}

    def record() -> None:
        who.looks(act, kind, number, camera=camera, departments={department}, purpose=purpose, detail=detail)

    recent.once(one, record)
