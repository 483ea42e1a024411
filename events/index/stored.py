"""Events as they are read back: with the names of what they refer to, and what there is to see of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, select

from core.box import Box
from core.camera import DepartmentId
from core.event import EndReason, Event, Origin
from core.ids import EventId, event_time
from core.rule import RuleId, RuleKind, Severity
from core.zone import ZoneId
from registry.chunks import in_chunks
from registry.tables import camera, department, zone

from ..media.table import MediaKind, MediaState, event_media
from .details import Detail, read_details
from .tables import event, event_kind, label, rule_name
from .write import SHARE


@dataclass(frozen=True, slots=True)
class Medium:
    """One of the things that show an event."""

    kind: MediaKind
    state: MediaState
    reason: str | None
    """Why it failed, where it did."""
    seconds: float | None
    """How long a clip plays."""
    bytes: int | None
    width: int | None
    height: int | None
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event in its newest version, with names as they are now (its rule's as it was then)."""

    event: Event
    camera_name: str
    department: DepartmentId
    """The owner of the camera when the event started."""
    department_name: str
    zone_name: str | None
    line_name: str | None
    media: tuple[Medium, ...]

    def medium(self, kind: MediaKind) -> Medium | None:
        """What there is of that kind."""
        for medium in self.media:  # no generator: this is asked three times of each event on a page
            if medium.kind is kind:
                return medium
        return None


_NO_DETAIL: Final = Detail()
_EVENTS: Final = (
    select(
        event,
        label.c.name.label("label_text"),
        event_kind.c.name.label("kind_text"),
        rule_name.c.name.label("rule_text"),
        camera.c.name.label("camera_text"),
        department.c.name.label("department_text"),
        zone.c.name.label("zone_text"),
    )
    .join(label, label.c.id == event.c.label)
    .join(event_kind, event_kind.c.id == event.c.kind)
    .join(rule_name, rule_name.c.id == event.c.rule_name)
    .join(camera, camera.c.id == event.c.camera)
    .join(department, department.c.id == event.c.department)
    .outerjoin(zone, zone.c.id == event.c.zone)
)


def read_events(connection: Connection, ids: Sequence[EventId]) -> list[StoredEvent]:
    """The events of these ids that exist, in the order of `ids`."""
    found: dict[EventId, StoredEvent] = {}
    for chunk in in_chunks(dict.fromkeys(ids)):
        media, details = _media(connection, chunk), read_details(connection, chunk)
        rows = connection.execute(_EVENTS.where(event.c.id.in_(chunk)))
        found |= {
            (id_ := EventId(row.id)): _stored(row, details.get(id_, _NO_DETAIL), tuple(media[id_])) for row in rows
        }
    return [found[one] for one in ids if one in found]


def _media(connection: Connection, ids: Sequence[EventId]) -> defaultdict[EventId, list[Medium]]:
    media: defaultdict[EventId, list[Medium]] = defaultdict(list)
    statement = select(event_media).where(event_media.c.event.in_(ids)).order_by(event_media.c.kind)
    for row in connection.execute(statement):
        media[EventId(row.event)].append(
            Medium(
                kind=MediaKind(row.kind),
                state=MediaState(row.state),
                reason=row.reason,
                seconds=row.seconds,
                bytes=row.bytes,
                width=row.width,
                height=row.height,
                made_at=row.made_at,
            )
        )
    return media


def _stored(row: Row[tuple[object, ...]], detail: Detail, media: tuple[Medium, ...]) -> StoredEvent:
    id_ = EventId(row.id)
    return StoredEvent(
        event=Event(
            id=id_,
            origin=Origin(row.epoch, row.n),
            version=row.version,
            rule=RuleId(row.rule),
            rule_name=row.rule_text,
            kind=RuleKind(row.kind_text),
            label=row.label_text,
            severity=Severity(row.severity),
            zone=None if row.zone is None else ZoneId(row.zone),
            track=row.track,
            score=None if row.score is None else row.score / SHARE,
            box=_box(row),
            started_at=event_time(id_),
            last_seen_at=row.last_seen_at,
            ended_at=row.ended_at,
            end_reason=EndReason(row.end_reason) if row.end_reason else None,
            line=detail.line,
            direction=detail.direction,
            count=detail.count,
            course=detail.course,
        ),
        camera_name=row.camera_text,
        department=DepartmentId(row.department),
        department_name=row.department_text,
        zone_name=row.zone_text,
        line_name=detail.line_name,
        media=media,
    )


def _box(row: Row[tuple[object, ...]]) -> Box | None:
    if row.box_left is None:
        return None
    return Box(row.box_left / SHARE, row.box_top / SHARE, row.box_right / SHARE, row.box_bottom / SHARE)
