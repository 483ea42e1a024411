"""`/notices`: what is wrong with the system itself, and what was."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from core.access import Role
from events.notices.notice import Notice, NoticeId, NoticeKind
from events.notices.notices import list_notices

from .answers import Listing, Paging, listing
from .caller import Who
from .fields import Body, Instant
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["health"])


class NoticeState(StrEnum):
    """Which notices."""

    OPEN = "open"
    ALL = "all"


class NoticeQuery(Paging):
    """Which notices are asked for."""

    state: NoticeState = Field(default=NoticeState.OPEN, description="Those that go on, or those that are over, too.")


class NoticeView(Body):
    """A trouble of the system itself."""

    id: str = Field(description="Its number.")
    kind: NoticeKind
    subject: str = Field(description="What has it: a folder of a machine, a department, the address of a store.")
    detail: str = Field(description="In words, as of the last time that it was looked at.")
    began_at: Instant
    ended_at: Instant | None = Field(description="Null: it goes on.")


@router.get("/notices", responses=documented(Kind.BAD_INPUT))
def list_all(use: Use, who: Who, asked: Annotated[NoticeQuery, Query()]) -> Listing[NoticeView]:
    """Troubles of the system itself, the one that began last first: for city admins."""
    who.require_role(Role.CITY_ADMIN, to="see what is wrong with the system")
    cursor = None if asked.cursor is None else NoticeId(asked.cursor)
    with use.database.read() as connection:
        page = list_notices(connection, only_open=asked.state is NoticeState.OPEN, cursor=cursor, limit=asked.limit)
    return listing(page, _view)


def _view(found: Notice) -> NoticeView:
    return NoticeView(
        id=str(found.id),
        kind=found.kind,
        subject=found.subject,
        detail=found.detail,
        began_at=found.began_at,
        ended_at=found.ended_at,
    )
