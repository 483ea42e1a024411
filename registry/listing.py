"""Cameras as a list shows them: with department, streams and state, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.attention import Attention
from core.camera import Camera, CameraRecord, Stream, StreamId
from core.errors import NotFound
from core.ids import CameraId
from core.stream_state import StreamState

from . import attention, stream_secrets, stream_states, streams
from .camera_rows import record_of
from .page import Page
from .stream_states import SeenStatus
from .tables import camera, department


@dataclass(frozen=True, slots=True)
class ListedCamera:
    """A camera with what belongs to it."""

    record: CameraRecord
    department_name: str
    streams: tuple[Stream, ...]
    with_login: frozenset[StreamId]
    """Which of `streams` have a login."""
    status: SeenStatus | None
    """Of its detect stream; None before a worker has looked at it."""
    attention: Attention

    @property
    def camera(self) -> Camera:
        return self.record.camera


def list_cameras(
    connection: Connection,
    *,
    q: str | None = None,
    state: StreamState | None = None,
    cursor: CameraId | None = None,
    limit: int = 100,
) -> Page[ListedCamera, CameraId]:
    """Cameras by number, after `cursor`; `q` is a part of the name, `state` that of the detect stream."""
    statement = select(camera.c.id).where(camera.c.deleted_at.is_(None)).order_by(camera.c.id).limit(limit + 1)
    if q:
        statement = statement.where(camera.c.name.icontains(q, autoescape=True))
    if state is not None:
        statement = statement.where(camera.c.id.in_(stream_states.in_state(state)))
    if cursor is not None:
        statement = statement.where(camera.c.id > cursor)
    found = [CameraId(number) for number in connection.scalars(statement)]
    return Page(tuple(_listed(connection, found[:limit])), found[limit - 1] if len(found) > limit else None)


def get_listed(connection: Connection, number: CameraId) -> ListedCamera:
    """One camera as a list shows it. Raises `NotFound`."""
    found = _listed(connection, [number])
    if not found:
        raise NotFound(f"there is no camera {number}")
    return found[0]


def _listed(connection: Connection, numbers: Sequence[CameraId]) -> list[ListedCamera]:
    statement = (
        select(camera, department.c.name.label("department_name"))
        .join(department, department.c.id == camera.c.department)
        .where(camera.c.id.in_(numbers), camera.c.deleted_at.is_(None))
        .order_by(camera.c.id)
    )
    rows = connection.execute(statement).all()
    feeds: dict[CameraId, list[Stream]] = {number: [] for number in numbers}
    for feed in streams.of_cameras(connection, numbers):
        feeds[feed.camera].append(feed)
    logins = stream_secrets.with_login(connection, [feed.id for of_one in feeds.values() for feed in of_one])
    attentions = attention.of_cameras(connection, numbers)
    statuses = stream_states.of_cameras(connection, numbers)
    return [
        ListedCamera(
            record=record_of(row),
            department_name=row.department_name,
            streams=tuple(feeds[row.id]),
            with_login=logins.intersection(feed.id for feed in feeds[row.id]),
            status=statuses.get(row.id),
            attention=attentions.get(row.id, attention.USUAL),
        )
        for row in rows
    ]
