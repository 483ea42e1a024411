"""Numbers of cameras and events.

An event's id carries when it started and on which camera (`milliseconds since 2024-01-01 UTC << 22 | camera`), so that
ids are unique, ordered by time, and serve as the cursor of the search. It fits a signed 64-bit integer until 2093.
JSON carries it as a string, since JavaScript's numbers end at 2**53.
"""

from datetime import UTC, datetime, timedelta
from typing import NewType

from .errors import BadInput

CameraId = NewType("CameraId", int)
EventId = NewType("EventId", int)

CAMERA_BITS = 22
LAST_CAMERA = CameraId((1 << CAMERA_BITS) - 1)
"""The highest number of a camera; 0 stands for none."""
EVENT_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
LAST_EVENT = EventId((1 << 63) - 1)

_MILLISECOND = timedelta(milliseconds=1)


def camera_id(number: int) -> CameraId:
    """`number` as a camera's id. Raises `BadInput` outside 1 to 4,194,303."""
    if not 1 <= number <= LAST_CAMERA:
        raise BadInput(f"a camera's number is 1 to {LAST_CAMERA}, not {number}", field="camera")
    return CameraId(number)


def first_event_id(at: datetime) -> EventId:
    """The smallest id that an event started at `at` (or later) can have. Raises `BadInput` outside 2024 to 2093."""
    milliseconds = (at - EVENT_EPOCH) // _MILLISECOND
    if not 0 <= milliseconds <= LAST_EVENT >> CAMERA_BITS:
        raise BadInput(f"events lie between 2024-01-01 and 2093, not at {at.isoformat()}", field="at")
    return EventId(milliseconds << CAMERA_BITS)


def event_id(started_at: datetime, camera: CameraId) -> EventId:
    """The id of an event on `camera` that started at `started_at` (cut to milliseconds)."""
    return EventId(first_event_id(started_at) | camera)


def next_millisecond(event: EventId) -> EventId:
    """The id a millisecond later on the same camera: where an event goes whose own id is taken."""
    return EventId(event + (1 << CAMERA_BITS))


def event_time(event: EventId) -> datetime:
    """When the event of this id started, to the millisecond."""
    return EVENT_EPOCH + (event >> CAMERA_BITS) * _MILLISECOND


def event_camera(event: EventId) -> CameraId:
    """The camera on which the event of this id happened."""
    return CameraId(event & LAST_CAMERA)
