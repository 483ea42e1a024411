"""Counts of events, as they go on record: a page asks for them again and again while somebody looks at it."""

import json
from collections.abc import Iterable
from hashlib import sha256

from fastapi import Request

from core.camera import DepartmentId
from registry.audit.entry import Act
from registry.audit.recent import RecentLooks

from .caller import Caller
from .event_query import EventQuery


def record_count(
    request: Request, who: Caller, counted: str, asked: EventQuery, departments: Iterable[DepartmentId]
) -> None:
    """Put on record that `who` had the events counted that `asked` names, unless that was done within five minutes from
    the same address, and no other department's events were. `counted` says in what way; `departments` are those whose
    events were.

    Raises `Unavailable` where it cannot be recorded.
    """
    recent: RecentLooks = request.app.state.recent_looks
    filters, owners = asked.filters(), sorted(departments)
    # Filters may be long, and what is remembered of a look should not be.
    told = sha256(json.dumps([filters, owners], sort_keys=True).encode()).digest()
    one = who.principal.kind, who.principal.id, who.address, counted, told
    detail = {"filters": filters, "counted": counted}
    recent.once(one, lambda: who.looks(Act.SEARCH, "event", departments=owners, detail=detail))
