"""Logins of streams: sealed, bound to their camera, never in clear in the database."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from core.camera import Login, Stream, StreamId
from core.errors import BadInput
from core.ids import CameraId

from .chunks import in_chunks
from .key_ring import KeyRing
from .sealing import Sealing, is_same
from .sealing_key import SealingKey
from .tables import stream_secret
from .version import raise_version

_SEALING: Final = Sealing("stream logins")


def put(connection: Connection, keys: KeyRing, stream: Stream, login: Login | None) -> None:
    """Keep the login of `stream`, in place of an earlier one; None forgets it."""
    connection.execute(delete(stream_secret).where(stream_secret.c.stream == stream.id))
    if login is not None:
        connection.execute(insert(stream_secret).values(sealed_row(keys, stream.camera, stream.id, login)))
    raise_version(connection)


def get(connection: Connection, keys: KeyRing, stream: Stream) -> Login | None:
    """The login of `stream`, if it has one. Raises `BadInput` where none of `keys` opens it."""
    statement = select(stream_secret.c.sealed).where(stream_secret.c.stream == stream.id)
    sealed = connection.execute(statement).scalar_one_or_none()
    return None if sealed is None else unseal(keys, stream.camera, sealed)


def with_login(connection: Connection, streams: Sequence[StreamId]) -> frozenset[StreamId]:
    """Which of these streams have a login."""
    return frozenset(
        StreamId(number)
        for chunk in in_chunks(streams)
        for number in connection.scalars(select(stream_secret.c.stream).where(stream_secret.c.stream.in_(chunk)))
    )


def sealed_row(keys: KeyRing, camera: CameraId, stream: StreamId, login: Login) -> dict[str, Any]:
    """The row of the table `stream_secret` for the login of that stream, which is of `camera`."""
    key = keys.current
    return {"stream": stream, "sealed": seal(key, camera, login), "key_id": key.id}


def seal(key: SealingKey, camera: CameraId, login: Login) -> bytes:
    """`login`, readable only with `key`, and only as a login of `camera`."""
    return _SEALING.seal(key, camera, json.dumps([login.user, login.password, *login.tokens]).encode())


def unseal(keys: KeyRing, camera: CameraId, sealed: bytes) -> Login:
    """The login in `sealed`. Raises `BadInput` where none of `keys`, or another camera, is what it was sealed with."""
    opened = _SEALING.open(keys, camera, sealed)
    if opened is None:
        raise _unopened(camera)
    user, password, *tokens = json.loads(opened[1])
    return Login(user, password, tuple(tokens))


def reseal(keys: KeyRing, camera: CameraId, sealed: bytes) -> tuple[bytes, SealingKey]:
    """The same login sealed with the key in force, and the key that opened it. `same_login` knows it again.
    Raises as `unseal` does."""
    resealed = _SEALING.reseal(keys, camera, sealed)
    if resealed is None:
        raise _unopened(camera)
    return resealed


def same_login(one: bytes | None, other: bytes | None) -> bool:
    """Whether two sealed logins of a camera are the same one, whatever keys they are sealed with."""
    return is_same(one, other)


def _unopened(camera: CameraId) -> BadInput:
    return BadInput(
        f"the login of camera {camera} cannot be opened with this sealing key",
        hint="restore keys/sealing.key from the backup that belongs to this database, or set the login anew",
    )
