"""Cameras as a list shows them: with department, streams and state, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection, select

from core.attention import Attention
from core.camera import Camera, CameraRecord, Stream, StreamId
from core.errors import NotFound
from core.ids import CameraId

from . import attention, stream_secrets, stream_states, streams
from .camera_rows import record_of
from .catalogue.filter import ALL, CameraFilter
from .catalogue.search import BEFORE_ALL, camera_ids
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
    connection: Connection, asked: CameraFilter = ALL, *, cursor: CameraId = BEFORE_ALL, limit: int = 100
) -> Page[ListedCamera, CameraId]:
    """The cameras that fit `asked`, by number, after `cursor`."""
    return page_of(connection, asked, cursor, limit, partial(standing, connection, removed=asked.removed))


def page_of(
    connection: Connection,
    asked: CameraFilter,
    cursor: CameraId,
    limit: int,
    read: Callable[[Sequence[CameraId]], Sequence[ListedCamera]],
) -> Page[ListedCamera, CameraId]:
    """`list_cameras`, where `read` says what the registry has of cameras."""
    found = camera_ids(connection, asked, after=cursor, limit=limit + 1)
    items = _with_states(connection, read(found[:limit]))
    return Page(tuple(items), found[limit - 1] if len(found) > limit else None)


def get_listed(connection: Connection, number: CameraId) -> ListedCamera:
    """One camera as a list shows it. Raises `NotFound`."""
    found = _with_states(connection, standing(connection, [number]))
    if not found:
        raise NotFound(f"there is no camera {number}")
    return found[0]


def _with_states(connection: Connection, cameras: Sequence[ListedCamera]) -> list[ListedCamera]:
    statuses = stream_states.of_cameras(connection, [one.camera.id for one in cameras])
    return [replace(one, status=statuses.get(one.camera.id)) for one in cameras]


def standing(
    connection: Connection, numbers: Sequence[CameraId], *, removed: bool | None = False
) -> list[ListedCamera]:
    """Those of these cameras that are there, by number, as they are in the registry: without how they are doing. None
    of it changes unless the registry's version does."""
    statement = (
        select(camera, department.c.name.label("department_name"))
        .join(department, department.c.id == camera.c.department)
        .where(camera.c.id.in_(numbers))
        .order_by(camera.c.id)
    )
    if removed is not None:
        statement = statement.where(camera.c.deleted_at.is_not(None) if removed else camera.c.deleted_at.is_(None))
    rows = connection.execute(statement).all()
    feeds: dict[CameraId, list[Stream]] = {number: [] for number in numbers}
    for feed in streams.of_cameras(connection, numbers):
        feeds[feed.camera].append(feed)
    logins = stream_secrets.with_login(connection, [feed.id for of_one in feeds.values() for feed in of_one])
    attentions = attention.of_cameras(connection, numbers)
    return [
        ListedCamera(
            record=record_of(row),
            department_name=row.department_name,
            streams=tuple(feeds[row.id]),
            with_login=logins.intersection(feed.id for feed in feeds[row.id]),
            status=None,
            attention=attentions.get(row.id, attention.USUAL),
        )
        for row in rows
    ]
