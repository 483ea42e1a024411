"""Sealing what former keys sealed with the key in force, while everything goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, func, select, update

from core.camera import StreamId
from core.errors import BadInput
from core.ids import CameraId

from . import stream_secrets
from .db import Database
from .key_ring import KeyRing
from .tables import stream, stream_secret

_BATCH: Final = 200
"""Logins in one transaction."""


@dataclass(slots=True)
class Resealed:
    """What became of the logins that were not known to be sealed with the key in force."""

    from_former: int = 0
    """Logins that a former key had sealed."""
    marked: int = 0
    """Logins of the key in force, beside which that was not written yet."""
    unopened: list[CameraId] = field(default_factory=list)
    """Cameras whose login no key opens; it stays as it is."""


@dataclass(frozen=True, slots=True)
class _SealedLogin:
    stream: StreamId
    camera: CameraId
    sealed: bytes


def reseal_logins(database: Database, keys: KeyRing, report: Callable[[int], None] = lambda _: None) -> Resealed:
    """Seal every login with the key in force, in short transactions; `report` is told how many are done.

    Killed at any moment and called again, it goes on where it was. Workers that watch go on: the registry's version
    stays. A login that changes meanwhile is left to who changes it. Raises `Unavailable` where the database is away.
    """
    done = Resealed()
    for batch in _batches(database, keys.current.id):
        changed = []
        for login in batch:
            try:
                sealed, opened_by = stream_secrets.reseal(keys, login.camera, login.sealed)
            except BadInput:
                done.unopened.append(login.camera)
                continue
            if opened_by.id == keys.current.id:
                done.marked += 1
            else:
                done.from_former += 1
            changed.append((login, sealed))
        with database.write() as connection:
            for login, sealed in changed:
                _replace(connection, login, sealed, keys.current.id)
        report(done.from_former + done.marked)
    return done


def logins_by_key(connection: Connection) -> dict[str, int]:
    """How many logins are sealed with the key of which id; those under "" were stored by an earlier version."""
    counted = select(stream_secret.c.key_id, func.count().label("number")).group_by(stream_secret.c.key_id)
    return {row.key_id: row.number for row in connection.execute(counted)}


def _batches(database: Database, current: str) -> Iterator[list[_SealedLogin]]:
    """The logins that are not marked as sealed with the key `current`, by number of stream."""
    after = 0
    while True:
        statement = (
            select(stream_secret.c.stream, stream.c.camera, stream_secret.c.sealed)
            .join(stream, stream.c.id == stream_secret.c.stream)
            .where(stream_secret.c.key_id != current, stream_secret.c.stream > after)
            .order_by(stream_secret.c.stream)
            .limit(_BATCH)
        )
        with database.read() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            return
        yield [_SealedLogin(StreamId(row.stream), CameraId(row.camera), row.sealed) for row in rows]
        after = rows[-1].stream


def _replace(connection: Connection, login: _SealedLogin, sealed: bytes, key_id: str) -> None:
    as_read = stream_secret.c.stream == login.stream, stream_secret.c.sealed == login.sealed
    connection.execute(update(stream_secret).where(*as_read).values(sealed=sealed, key_id=key_id))
