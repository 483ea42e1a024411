"""Streams: the feeds of a camera, at most one for each role."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.camera import Stream, StreamId, StreamRole
from core.errors import BadInput, NotFound
from core.ids import CameraId

from .cameras import get as get_camera
from .chunks import in_chunks
from .tables import camera as camera_table
from .tables import stream, stream_state
from .taken import conflict_if_taken
from .version import raise_version

LONGEST_URL: Final = 2048


def add(
    connection: Connection,
    camera: CameraId,
    *,
    url: str,
    role: StreamRole = StreamRole.DETECT,
    pinned_certificate: str | None = None,
) -> Stream:
    """A new stream; `url` must be without login (`stream_secrets.put` keeps that).

    Raises `NotFound` for an unknown camera, `Conflict` where the camera has a stream of that role.
    """
    get_camera(connection, camera)
    _check_url(url)
    values = {"camera": camera, "role": role.value, "url": url, "pinned_certificate": pinned_certificate}
    with conflict_if_taken(connection, f"camera {camera} has a stream for {role.value} already"):
        number = connection.execute(insert(stream).values(values).returning(stream.c.id)).scalar_one()
    raise_version(connection)
    return Stream(StreamId(number), camera, role, url, pinned_certificate)


def get(connection: Connection, number: StreamId) -> Stream:
    """The stream of that number. Raises `NotFound`, also when its camera was removed."""
    statement = select(stream).join(camera_table, camera_table.c.id == stream.c.camera)
    living = stream.c.id == number, camera_table.c.deleted_at.is_(None)
    row = connection.execute(statement.where(*living)).one_or_none()
    if row is None:
        raise NotFound(f"there is no stream {number}")
    return stream_of(row)


def change(connection: Connection, changed: Stream) -> Stream:
    """Give the stream of that number the role, URL and certificate of `changed`; it stays with its camera.

    Raises `NotFound`, and `Conflict` where the camera has another stream of that role.
    """
    before = get(connection, changed.id)
    _check_url(changed.url)
    with conflict_if_taken(connection, f"camera {before.camera} has a stream for {changed.role.value} already"):
        connection.execute(
            update(stream)
            .where(stream.c.id == changed.id)
            .values(role=changed.role.value, url=changed.url, pinned_certificate=changed.pinned_certificate)
        )
    raise_version(connection)
    return get(connection, changed.id)


def remove(connection: Connection, number: StreamId) -> None:
    """Remove a stream with its login and its state. Raises `NotFound`."""
    get(connection, number)
    connection.execute(delete(stream_state).where(stream_state.c.stream == number))
    connection.execute(delete(stream).where(stream.c.id == number))
    raise_version(connection)


def of_camera(connection: Connection, camera: CameraId) -> list[Stream]:
    """The streams of a camera. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera])


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> list[Stream]:
    """The streams of these cameras, by number."""
    return [
        stream_of(row)
        for chunk in in_chunks(cameras)
        for row in connection.execute(select(stream).where(stream.c.camera.in_(chunk)).order_by(stream.c.id))
    ]


def stream_of(row: Row[tuple[object, ...]]) -> Stream:
    """The stream in a row of the stream table."""
    role = StreamRole(row.role)
    return Stream(StreamId(row.id), CameraId(row.camera), role, row.url, row.pinned_certificate)


def _check_url(url: str) -> None:
    if len(url) > LONGEST_URL:
        raise BadInput(f"the URL has {len(url)} characters; at most {LONGEST_URL} are allowed", field="url")
    authority = url.partition("://")[2].split("/", 1)[0]
    if "@" in authority:
        raise BadInput("a stream's URL is kept without user name and password", field="url")
