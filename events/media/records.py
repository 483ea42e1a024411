"""The media rows: what there is to see of each event, or why there is nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from core.ids import CameraId, EventId, event_camera
from registry.chunks import in_chunks
from registry.db import is_sqlite

from ..index import changes
from ..index.tables import event as event_table
from .table import MediaKind, MediaState, event_media

LEFT_OVER: Final = "the worker stopped before it was stored"
WAITED_TOO_LONG: Final = "the database was away for so long that the picture was not kept"
NO_PICTURE: Final = "no picture came: the stream was lost"
WAITS_FOR_STORE: Final = "it waits for the store"
GOING: Final = "it is being removed"
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A blob as it is stored: its key, its length in bytes, and what it shows."""

    key: str
    bytes: int
    seconds: float | None = None
    """How long a clip plays."""
    width: int | None = None
    height: int | None = None
    sha256: str | None = None
    """Of what is stored, in hexadecimal; None where it is not known, as of what earlier versions stored."""


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """One medium of one event."""

    event: EventId
    kind: MediaKind
    state: MediaState
    reason: str | None
    """Why there is nothing to see, where that is so."""
    blob: StoredBlob | None
    """Where it lies, once it is ready."""
    made_at: datetime
    """When it came to be in this state; UTC."""
    spooled_at: datetime | None = None
    """Since when it lies on its worker's disk, made, and waits for the store; UTC. Of pending ones alone."""
    is_going: bool = False
    """Whether it is being removed: then it is not shown any more, and has failed, for that reason."""


def mark_pending(connection: Connection, events: Collection[EventId], kind: MediaKind, at: datetime) -> None:
    """Say that a medium of each of these events is on its way. One that is there already stays as it is."""
    if not events:
        return
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(event_media).on_conflict_do_nothing()
    rows = [_row(event, kind, MediaState.PENDING, at) for event in events]
    connection.execute(statement, rows)


def mark_ready(connection: Connection, event: EventId, kind: MediaKind, blob: StoredBlob, at: datetime) -> None:
    """Say that a medium can be seen, and tell the event's followers. Raises `NotFound` where there is no such event.

    Said a second time of the same blob, it changes nothing and nobody is told.
    """
    changes.lock(connection)
    if blob.sha256 is not None and _is_ready(connection, event, kind, blob):
        return
    _tell(connection, event)
    _put(
        connection,
        _row(event, kind, MediaState.READY, at)
        | {
            "blob_key": blob.key,
            "bytes": blob.bytes,
            "seconds": blob.seconds,
            "width": blob.width,
            "height": blob.height,
            "sha256": blob.sha256,
        },
    )


def mark_spooled(connection: Connection, media: Collection[tuple[EventId, MediaKind]], at: datetime) -> None:
    """Say of media that are on their way that they are made and wait for the store: nobody gives them up.

    What is ready or has failed stays as it is, and events that are gone stay so. Nobody is told.
    """
    if not media:
        return
    changes.lock(connection)  # As all who change several rows: else two could each wait for the other.
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(event_media)
    waits = statement.on_conflict_do_update(
        index_elements=[event_media.c.event, event_media.c.kind],
        set_={"spooled_at": statement.excluded.spooled_at},
        where=(event_media.c.state == MediaState.PENDING.value) & event_media.c.spooled_at.is_(None),
    )
    events = {event for event, _ in media}
    existing = set(connection.scalars(select(event_table.c.id).where(event_table.c.id.in_(events))))
    rows = [
        _row(event, kind, MediaState.PENDING, at) | {"spooled_at": at} for event, kind in media if event in existing
    ]
    if rows:
        connection.execute(waits, rows)


def mark_failed(connection: Connection, event: EventId, kind: MediaKind, reason: str, at: datetime) -> None:
    """Say why there will be nothing to see, and tell the event's followers. Raises `NotFound` as `mark_ready` does."""
    _tell(connection, event)
    _put(connection, _row(event, kind, MediaState.FAILED, at) | {"reason": reason[:_LONGEST_REASON]})


def find(connection: Connection, event: EventId, kind: MediaKind) -> MediaRecord | None:
    """The row of that medium; None where it was never tried."""
    statement = select(event_media).where(event_media.c.event == event, event_media.c.kind == kind.value)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    if row.doomed_at is not None:
        return MediaRecord(event, kind, MediaState.FAILED, GOING, None, row.doomed_at, is_going=True)
    blob = None
    if row.blob_key is not None:
        blob = StoredBlob(row.blob_key, row.bytes, row.seconds, row.width, row.height, row.sha256)
    state = MediaState(row.state)
    spooled_at = row.spooled_at if state is MediaState.PENDING else None
    return MediaRecord(event, kind, state, row.reason, blob, row.made_at, spooled_at)


def count_originals(connection: Connection, before: datetime) -> int:
    """How many original clips there are that were recorded before that time (UTC)."""
    kept = event_media.c.kind == MediaKind.ORIGINAL.value, event_media.c.state == MediaState.READY.value
    statement = select(func.count()).select_from(event_media).where(*kept, event_media.c.made_at < before)
    return connection.execute(statement).scalar_one()


def give_up_older(
    connection: Connection, epochs: Mapping[CameraId, int], kinds: Collection[MediaKind], at: datetime
) -> list[EventId]:
    """Give up the media of `kinds` that epochs before these had begun on their cameras, and tell the followers.

    What is made and waits for the store is spared: it lies on a disk, and is sent from there. The events of which a
    medium was given up. Few media are on their way at any time, so that all of them are looked through, and nothing but
    them.
    """
    changes.lock(connection)
    is_pending = (
        event_media.c.state == MediaState.PENDING.value,
        event_media.c.kind.in_([kind.value for kind in kinds]),
        event_media.c.spooled_at.is_(None),
    )
    pending = {EventId(number) for number in connection.scalars(select(event_media.c.event).where(*is_pending))}
    told: list[tuple[EventId, int]] = []
    for chunk in in_chunks(sorted(one for one in pending if event_camera(one) in epochs)):
        made = select(event_table.c.id, event_table.c.epoch, event_table.c.version).where(event_table.c.id.in_(chunk))
        told += [
            (EventId(row.id), row.version)
            for row in connection.execute(made.order_by(event_table.c.id))
            if row.epoch < epochs[event_camera(EventId(row.id))]
        ]
    failed = {"state": MediaState.FAILED.value, "reason": LEFT_OVER, "made_at": at}
    for chunk in in_chunks(event for event, _ in told):
        connection.execute(update(event_media).where(event_media.c.event.in_(chunk), *is_pending).values(failed))
    changes.append_all(connection, told)
    return [event for event, _ in told]


def say_never_made(connection: Connection, media: Collection[tuple[EventId, MediaKind, str]], at: datetime) -> None:
    """Say of these media of events that are written in this transaction why they will not come. What is there stays."""
    if not media:
        return
    dialect = sqlite if is_sqlite(connection) else postgresql
    rows = [
        _row(event, kind, MediaState.FAILED, at) | {"reason": reason[:_LONGEST_REASON]} for event, kind, reason in media
    ]
    connection.execute(dialect.insert(event_media).on_conflict_do_nothing(), rows)


def _tell(connection: Connection, event: EventId) -> None:
    # The lock first, as whoever writes events does: else two transactions could each wait for the other.
    changes.lock(connection)
    version = connection.execute(select(event_table.c.version).where(event_table.c.id == event)).scalar_one_or_none()
    if version is None:
        raise NotFound(f"there is no event {event}")
    changes.append(connection, event, version)


def _is_ready(connection: Connection, event: EventId, kind: MediaKind, blob: StoredBlob) -> bool:
    there = select(event_media.c.event).where(
        event_media.c.event == event,
        event_media.c.kind == kind.value,
        event_media.c.state == MediaState.READY.value,
        event_media.c.blob_key == blob.key,
        event_media.c.sha256 == blob.sha256,
    )
    return connection.execute(there).first() is not None


def _row(event: EventId, kind: MediaKind, state: MediaState, at: datetime) -> dict[str, Any]:
    return {
        "event": event,
        "kind": kind.value,
        "state": state.value,
        "reason": None,
        "blob_key": None,
        "bytes": None,
        "seconds": None,
        "width": None,
        "height": None,
        "made_at": at,
        "sha256": None,
        "spooled_at": None,
    }


def _put(connection: Connection, row: dict[str, Any]) -> None:
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(event_media).values(row)
    renewed = {name: statement.excluded[name] for name in row if name not in ("event", "kind")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[event_media.c.event, event_media.c.kind], set_=renewed)
    )
