"""`/cameras/{id}/spells`: how a camera's stream was doing, span by span, with the reasons."""

from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from core.access import Right
from core.spell import Spell, SpellState
from registry import spells
from registry.columns import LAST_INSTANT, from_microseconds, to_microseconds
from registry.server_clock import server_time
from registry.sight import check_camera

from .answers import CameraInPath, Listing, Paging
from .caller import Who
from .days import AskedDays
from .fields import Body, Instant
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/cameras", tags=["uptime"])


class SpellsAsked(AskedDays, Paging):
    """Which days are asked for, and which page."""


class SpellView(Body):
    """A span in which a camera's stream was in one state."""

    state: SpellState = Field(description="A stream's state, or `unwatched`: it was to be watched, and nobody did.")
    reason: str = Field(
        description="What happened, for a person; empty for who may not change the camera: it may name its address."
    )
    from_at: Instant
    until_at: Instant | None = Field(description="null: it goes on.")


@router.get("/{camera}/spells", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_spells(use: Use, who: Who, camera: CameraInPath, asked: Annotated[SpellsAsked, Query()]) -> Listing[SpellView]:
    """The spans of these days, newest first; also of a camera that was removed. Kept for `history.spells_days`. Of the
    time before a grant began, or when the camera was somebody else's, there are none."""
    cursor = None if asked.cursor is None else from_microseconds(min(asked.cursor, LAST_INSTANT)).astimezone(UTC)
    with use.database.read() as connection:
        scope = who.scope(connection)
        owner = check_camera(connection, scope, camera, Right.LIST, missing=spells.never_was(camera))
        period = asked.period(use.days, server_time(connection))
        begin, end = use.days.start(period.first), use.days.start(period.last + 1)
        page = spells.timeline(
            connection, camera, begin, end, cursor=cursor, limit=asked.limit, reach=scope[Right.LIST]
        )
    manages = scope[Right.MANAGE].has_camera(camera, owner)
    return Listing(
        items=tuple(_view(one, tells_why=manages) for one in page.items),
        next=None if page.next is None else str(to_microseconds(page.next)),
    )


def _view(spell: Spell, *, tells_why: bool) -> SpellView:
    reason = spell.reason if tells_why else ""
    return SpellView(state=spell.state, reason=reason, from_at=spell.from_at, until_at=spell.until_at)
