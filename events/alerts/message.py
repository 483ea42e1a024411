"""What a receiver is sent: CloudEvents 1.0 in JSON (https://cloudevents.io), as one structured message."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.clock import rfc3339

from ..index.event_facts import event_facts
from ..index.stored import StoredEvent
from .picture_links import PictureLink
from .subscription import Moment, Subscription

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
MOST_LISTED: Final = 100
"""Events in one message; `count` says how many there were."""
_TYPE: Final = "city.sharpeyes.event"


@dataclass(frozen=True, slots=True)
class Told:
    """A moment of an event, as it is told."""

    stored: StoredEvent
    moment: Moment
    picture: PictureLink | str
    """Where its masked snapshot is found; else why it is not."""


def event_message(message_id: str, source: str, some: Subscription, one: Told) -> bytes:
    """That an event started, or ended."""
    event = one.stored.event
    at = event.started_at if one.moment is Moment.STARTED else event.ended_at or event.last_seen_at
    data = {**_facts(one), "subscription": _named(some)}
    return _envelope(message_id, source, one.moment.value, at, data, subject=f"camera/{event.camera}")


def group_message(
    message_id: str, source: str, some: Subscription, listed: Sequence[Told], count: int, at: datetime
) -> bytes:
    """What happened in a group: `count` moments, of which `listed`, at most `MOST_LISTED`, are told one by one."""
    events = [{**_facts(one), "moment": one.moment.value} for one in listed]
    data = {"subscription": _named(some), "group_by": some.grouping.value, "count": count, "events": events}
    return _envelope(message_id, source, "group", at, data, subject=f"subscription/{some.id}")


def trial_message(message_id: str, source: str, some: Subscription, at: datetime) -> bytes:
    """That nothing happened, and the receiver can be reached."""
    data = {"subscription": _named(some)}
    return _envelope(message_id, source, "test", at, data, subject=f"subscription/{some.id}")


def _envelope(message_id: str, source: str, kind: str, at: datetime, data: dict[str, Any], *, subject: str) -> bytes:
    message = {
        "specversion": "1.0",
        "id": message_id,
        "source": source,
        "type": f"{_TYPE}.{kind}",
        "subject": subject,
        "time": rfc3339(at),
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _facts(one: Told) -> dict[str, Any]:
    if isinstance(one.picture, str):
        return {**event_facts(one.stored), "picture": None, "no_picture": one.picture}
    picture = {"url": one.picture.url, "expires_at": rfc3339(one.picture.expires_at)}
    return {**event_facts(one.stored), "picture": picture, "no_picture": None}


def _named(some: Subscription) -> dict[str, Any]:
    return {"id": some.id, "name": some.name}
