"""Searches of events, as they go on record: what was asked for, and which events were shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from core.ids import CameraId
from events.index.stored import StoredEvent
from registry.audit.entry import Act

from .caller import Caller


def search_on_record(
    who: Caller, filters: Mapping[str, Any], found: Sequence[StoredEvent], *, camera: CameraId | None = None
) -> AbstractContextManager[None]:
    """Put a search on record while what it `found` is written, by the end of the block: whose events these are, by
    department. `camera` is that of the one event that was asked for. Without `with` nothing is recorded.

    Raises `Unavailable` where it cannot be recorded.
    """
    shown: defaultdict[int, list[str]] = defaultdict(list)
    for one in found:
        shown[one.department].append(str(one.id))
    number = filters.get("event", "")
    detail = {"filters": dict(filters), "shown": {str(owner): ids for owner, ids in shown.items()}}
    owners = {one.department for one in found}
    return who.looking(Act.SEARCH, "event", number, camera=camera, departments=owners, detail=detail)
