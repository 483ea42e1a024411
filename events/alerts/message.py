"""What a receiver is sent: CloudEvents 1.0 in JSON (https://cloudevents.io), as one structured message."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.clock import rfc3339

from ..index.event_facts import event_facts
from ..index.stored import StoredEvent
from ..notices.notice import Notice, NoticeMoment
from .picture_links import PictureLink
from .subscription import Moment, Subscription

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
MOST_LISTED: Final = 100
"""Events in one message; `count` says how many there were."""
_EVENT: Final = "event"
_NOTICE: Final = "notice"
_TYPE: Final = "city.sharpeyes"


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
    return _envelope(message_id, source, f"{_EVENT}.{one.moment.value}", at, data, subject=f"camera/{event.camera}")


def group_message(
    message_id: str, source: str, some: Subscription, listed: Sequence[Told], count: int, at: datetime
) -> bytes:
    """What happened in a group: `count` moments, of which `listed`, at most `MOST_LISTED`, are told one by one."""
    events = [{**_facts(one), "moment": one.moment.value} for one in listed]
    data = {"subscription": _named(some), "group_by": some.grouping.value, "count": count, "events": events}
    return _envelope(message_id, source, f"{_EVENT}.group", at, data, subject=f"subscription/{some.id}")


def notice_message(message_id: str, source: str, some: Subscription, one: Notice, moment: NoticeMoment) -> bytes:
    """That something is wrong with the system itself, or is not any more."""
    at = one.began_at if moment is NoticeMoment.OPENED else one.ended_at or one.began_at
    told = {
        "id": str(one.id),
        "kind": one.kind.value,
        "subject": one.subject,
        "detail": one.detail,
        "began_at": rfc3339(one.began_at),
        "ended_at": None if one.ended_at is None else rfc3339(one.ended_at),
    }
    data = {"notice": told, "subscription": _named(some)}
    return _envelope(message_id, source, f"{_NOTICE}.{moment.value}", at, data, subject=f"notice/{one.id}")


def trial_message(message_id: str, source: str, some: Subscription, at: datetime) -> bytes:
    """That nothing happened, and the receiver can be reached."""
    data = {"subscription": _named(some)}
    return _envelope(message_id, source, f"{_EVENT}.test", at, data, subject=f"subscription/{some.id}")


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
