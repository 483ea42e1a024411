"""An event as the API shows it."""

from enum import StrEnum

from pydantic import Field

from core.event import EndReason
from core.rule import RuleKind, Severity
from events.index.stored import Medium, StoredEvent
from events.media.table import MediaKind, MediaState

from .answers import Named
from .fields import Body, EventNumber, Instant


class ShownState(StrEnum):
    """Whether a medium of an event can be seen."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class SnapshotView(Body):
    """The masked picture of an event."""

    state: ShownState
    reason: str | None = Field(description="Why there is none, where it failed.")
    url: str | None = Field(description="Where it can be asked for; null while there is nothing to ask for.")


class ClipView(SnapshotView):
    """The masked clip of an event; it is made when it is asked for first."""

    seconds: float | None = Field(description="How long it plays.")


class MediaView(Body):
    """What there is to see of an event."""

    snapshot: SnapshotView
    clip: ClipView


class AlarmView(Body):
    """The event's kind in the numbers of GB/T 28181."""

    method: int
    type: int


class EventView(Body):
    """What happened on one camera, from a start to an end, by a rule."""

    id: EventNumber
    version: int = Field(description="Grows with each change of the event.")
    camera: Named
    department: Named = Field(description="Who owned the camera when the event started.")
    rule: Named = Field(description="The rule, by its name at that time.")
    kind: RuleKind
    alarm: AlarmView
    label: str = Field(description="What the detector saw.", examples=["person"])
    severity: Severity = Field(description="1 is the most, 4 the least urgent.")
    zone: Named | None
    track: int = Field(description="The number of the object's track on this camera.")
    score: float = Field(description="The best score while it lasted, 0 to 1.")
    box: tuple[float, float, float, float] = Field(
        description="Left, top, right, bottom where the object scored best, in shares of the picture."
    )
    started_at: Instant
    last_seen_at: Instant
    ended_at: Instant | None = Field(description="null while it is going on.")
    end_reason: EndReason | None
    media: MediaView


def view(stored: StoredEvent) -> EventView:
    """`stored` as the API shows it."""
    event = stored.event
    method, alarm = event.kind.alarm_code
    zone = None if event.zone is None else Named(id=event.zone, name=stored.zone_name or "")
    return EventView(
        id=event.id,
        version=event.version,
        camera=Named(id=event.camera, name=stored.camera_name),
        department=Named(id=stored.department, name=stored.department_name),
        rule=Named(id=event.rule, name=event.rule_name),
        kind=event.kind,
        alarm=AlarmView(method=method, type=alarm),
        label=event.label,
        severity=event.severity,
        zone=zone,
        track=event.track,
        score=event.score,
        box=(event.box.left, event.box.top, event.box.right, event.box.bottom),
        started_at=event.started_at,
        last_seen_at=event.last_seen_at,
        ended_at=event.ended_at,
        end_reason=event.end_reason,
        media=_media(stored),
    )


def _media(stored: StoredEvent) -> MediaView:
    at = f"/api/v1/events/{stored.event.id}"
    snapshot = stored.medium(MediaKind.SNAPSHOT)
    original, masked = stored.medium(MediaKind.ORIGINAL), stored.medium(MediaKind.MASKED_CLIP)
    # The masked clip is made from the original when it is asked for, so an original that is there is as good, and a
    # masked clip that failed can be asked for again.
    clip = masked if masked is not None and masked.state is not MediaState.PENDING else original
    seconds = next((medium.seconds for medium in (masked, original) if medium and medium.seconds is not None), None)
    return MediaView(
        snapshot=SnapshotView(state=_state(snapshot), reason=_reason(snapshot), url=_url(snapshot, f"{at}/snapshot")),
        clip=ClipView(state=_state(clip), reason=_reason(clip), url=_url(original, f"{at}/clip"), seconds=seconds),
    )


def _state(medium: Medium | None) -> ShownState:
    return ShownState.NONE if medium is None else ShownState(medium.state.value)


def _reason(medium: Medium | None) -> str | None:
    return None if medium is None else medium.reason


def _url(medium: Medium | None, url: str) -> str | None:
    return url if medium is not None and medium.state is MediaState.READY else None
