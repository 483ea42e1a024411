"""The track log: who was seen where on each camera in the last days, minute by minute. No pictures.

A row holds a minute of a camera, in parts: each worker that watched it during the minute has at least one of its own,
which it writes again, grown, until the minute is over.
"""

import logging
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import BadInput
from core.ids import CameraId
from registry.db import Database, is_sqlite

from ..minutes import MINUTE, minute_of
from .codec import looks_of
from .look import LoggedLook
from .table import track_chunk

_log = logging.getLogger(__name__)

_FRAME: Final = struct.Struct(">IIII")
"""Before each part: run, number, looks, bytes."""
_AT_ONCE: Final = 16
"""Rows read at once: some hundred kB at most, and a transaction of milliseconds."""


@dataclass(frozen=True, slots=True)
class PackedPart:
    """Looks at one camera within one minute, as `Part.packed` made them."""

    camera: CameraId
    minute: datetime
    """Its start."""
    run: int
    """The lease epoch of who looked."""
    number: int
    """Counts the parts of that run. Written again under the same number, a part takes its own place."""
    looks: int
    data: bytes = field(repr=False)


def write_parts(connection: Connection, parts: Sequence[PackedPart]) -> None:
    """Put these parts where they belong. What others wrote for the same minute stays."""
    rows: defaultdict[tuple[CameraId, datetime], dict[tuple[int, int], PackedPart]] = defaultdict(dict)
    for part in parts:
        rows[part.camera, part.minute][part.run, part.number] = part
    merged = [_row(key, _parts_there(connection, key) | new) for key, new in rows.items()]
    if not merged:
        return
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(track_chunk)
    renewed = {name: statement.excluded[name] for name in ("looks", "data")}
    keys = [track_chunk.c.camera, track_chunk.c.minute]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=renewed), merged)


def read_looks(database: Database, camera: CameraId, from_at: datetime, to_at: datetime) -> Iterator[LoggedLook]:
    """The looks at `camera` from `from_at` up to `to_at` (not included), in order, read bit by bit.

    A part that cannot be read is left out, and told in the log. Raises `Unavailable` where the database is away.
    """
    minute = minute_of(from_at)
    while minute < to_at:
        there = track_chunk.c.camera == camera, track_chunk.c.minute >= minute, track_chunk.c.minute < to_at
        statement = select(track_chunk).where(*there).order_by(track_chunk.c.minute).limit(_AT_ONCE)
        with database.read() as connection:
            rows = connection.execute(statement).all()
        for row in rows:
            for part in _readable(camera, row.minute, row.data):
                yield from (look for look in part if from_at <= look.at < to_at)
        if len(rows) < _AT_ONCE:
            return
        minute = rows[-1].minute + MINUTE


def count_looks(connection: Connection, camera: CameraId, from_at: datetime, to_at: datetime) -> int:
    """How many looks the minutes from `from_at` to `to_at` hold: those of the first and the last one all."""
    there = track_chunk.c.camera == camera, track_chunk.c.minute >= minute_of(from_at), track_chunk.c.minute < to_at
    return int(connection.execute(select(func.coalesce(func.sum(track_chunk.c.looks), 0)).where(*there)).scalar_one())


def _row(key: tuple[CameraId, datetime], parts: Mapping[tuple[int, int], PackedPart]) -> dict[str, object]:
    """The row of a minute with these parts, in the order in which they came to be."""
    ordered = [parts[place] for place in sorted(parts)]
    frames = (_FRAME.pack(part.run, part.number, part.looks, len(part.data)) + part.data for part in ordered)
    return {
        "camera": key[0],
        "minute": key[1],
        "looks": sum(part.looks for part in ordered),
        "data": b"".join(frames),
    }


def _parts_there(connection: Connection, key: tuple[CameraId, datetime]) -> dict[tuple[int, int], PackedPart]:
    statement = select(track_chunk.c.data).where(track_chunk.c.camera == key[0], track_chunk.c.minute == key[1])
    data = connection.execute(statement.with_for_update()).scalar_one_or_none()
    if data is None:
        return {}
    try:
        return {(part.run, part.number): part for part in _split(*key, data)}
    except BadInput as error:
        _log.warning("what the track log has of camera %d at %s is overwritten: %s", *key, error.message)
        return {}


def _split(camera: CameraId, minute: datetime, data: bytes) -> Iterator[PackedPart]:
    """The parts in the data of a row. Raises `BadInput` where they are cut off."""
    place = 0
    while place < len(data):
        if place + _FRAME.size > len(data):
            raise BadInput("a minute of the track log breaks off in the head of a part", field="data")
        run, number, looks, length = _FRAME.unpack_from(data, place)
        place += _FRAME.size
        if place + length > len(data):
            raise BadInput("a minute of the track log breaks off inside a part", field="data")
        yield PackedPart(camera, minute, run, number, looks, data[place : place + length])
        place += length


def _readable(camera: CameraId, minute: datetime, data: bytes) -> Iterator[Iterator[LoggedLook]]:
    parts = _split(camera, minute, data)
    while True:
        try:
            part = next(parts, None)
            if part is None:
                return
            looks = looks_of(part.data, camera, part.run)
        except BadInput as error:
            _log.warning("camera %d at %s: %s; it is left out", camera, minute, error.message)
            continue
        yield looks
