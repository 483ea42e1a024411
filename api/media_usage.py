"""`/media-usage`, `/departments/{id}/quota`: how many pictures and clips departments have, and may have."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from core.access import Role
from events.retention import quotas, usage
from events.retention.medium import Medium
from events.retention.quotas import FEWEST_BYTES, MOST_BYTES
from registry.access.department_tree import DepartmentTree
from registry.access.home import home_of
from registry.audit.entry import Act

from .answers import DepartmentInPath, Listing, Named
from .caller import Who
from .changing import note_change
from .fields import Body, Instant
from .preconditions import Expected, tag
from .problems import Kind, documented
from .retention import names_of
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["retention"])

_TO = "say how many bytes a department may have"


class QuotaToPut(Body):
    """How many bytes of pictures and clips a department may have."""

    bytes: Annotated[int, Field(ge=FEWEST_BYTES, le=MOST_BYTES, strict=True)]


class QuotaView(Body):
    """How many bytes of pictures and clips a department may have, without those below it."""

    department: Named
    bytes: int
    revision: int = Field(description="Counts its changes; its `ETag`.")
    changed_at: Instant


class MediumUsageView(Body):
    """What there was of one medium."""

    medium: Medium
    count: int
    bytes: int
    held_bytes: int = Field(description="Of those that a hold is on.")


class UsageView(Body):
    """What a department had when it was counted last."""

    department: Named
    media: tuple[MediumUsageView, ...]
    bytes: int | None = Field(description="Of all media; null: nothing was counted yet.")
    held_bytes: int | None
    quota_bytes: int | None = Field(description="What it may have; null: any number.")
    is_own_quota: bool = Field(description="false: the quota is that of the settings.")
    counted_at: Instant | None = Field(description="null: nothing was counted yet.")


@router.get("/media-usage")
def list_media_usage(use: Use, who: Who) -> Listing[UsageView]:
    """How many pictures and clips one's own departments have, by department, as counted about once an hour."""
    with use.database.read() as connection:
        home = home_of(who.principal, DepartmentTree(connection))
        names = names_of(connection)
        counted = [one for one in usage.list_usage(connection) if one.department in home]
        own = {one.department: one.bytes for one in quotas.list_quotas(connection)}
    items = []
    for department in sorted(home):
        media = [one for one in counted if one.department == department]
        items.append(
            UsageView(
                department=Named(id=department, name=names[department]),
                media=tuple(
                    MediumUsageView(medium=one.medium, count=one.count, bytes=one.bytes, held_bytes=one.held_bytes)
                    for one in media
                ),
                bytes=sum(one.bytes for one in media) if media else None,
                held_bytes=sum(one.held_bytes for one in media) if media else None,
                quota_bytes=own.get(department, use.retention.quota_bytes),
                is_own_quota=department in own,
                counted_at=min((one.counted_at for one in media), default=None),
            )
        )
    return Listing(items=tuple(items))


@router.put("/departments/{department}/quota", responses=documented(Kind.NOT_FOUND, Kind.STALE, Kind.BAD_INPUT))
def put_quota(
    use: Use, who: Who, department: DepartmentInPath, body: QuotaToPut, response: Response, expected: Expected
) -> QuotaView:
    """Let a department have so many bytes of pictures and clips: past that its oldest go that no hold is on."""
    who.require_role(Role.CITY_ADMIN, to=_TO)
    with use.database.write() as connection:
        before = quotas.find(connection, department)
        expected.check(f"the quota of department {department}", 0 if before is None else before.revision)
        after = quotas.put(connection, department, body.bytes, use.clock.now())
        names = names_of(connection)
        if before is None:
            detail = {"bytes": after.bytes}
            who.changed(connection, Act.ADD, "quota", department, departments={department}, detail=detail)
        elif before.bytes != after.bytes:
            different = {"bytes": [before.bytes, after.bytes]}
            note_change(connection, who, "quota", department, different, departments={department})
    response.headers["ETag"] = tag(after.revision)
    return QuotaView(
        department=Named(id=department, name=names[department]),
        bytes=after.bytes,
        revision=after.revision,
        changed_at=after.changed_at,
    )


@router.delete(
    "/departments/{department}/quota",
    status_code=204,
    responses=documented(Kind.NOT_FOUND, Kind.STALE, Kind.BAD_INPUT),
)
def remove_quota(use: Use, who: Who, department: DepartmentInPath, expected: Expected) -> None:
    """Take a department's quota away: that of the settings counts, if there is one."""
    who.require_role(Role.CITY_ADMIN, to=_TO)
    with use.database.write() as connection:
        before = quotas.find(connection, department)
        expected.check(f"the quota of department {department}", 0 if before is None else before.revision)
        quotas.remove(connection, department)
        detail = {"bytes": None if before is None else before.bytes}
        who.changed(connection, Act.REMOVE, "quota", department, departments={department}, detail=detail)
