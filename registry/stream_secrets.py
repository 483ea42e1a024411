"""Logins of streams: sealed with AES-GCM, bound to their camera, never in clear in the database."""

import json
import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select

from core.camera import Login, Stream, StreamId
from core.errors import BadInput
from core.ids import CameraId

from .chunks import in_chunks
from .sealing_key import SealingKey
from .tables import stream_secret
from .version import raise_version

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_PURPOSE: Final = "stream logins"


def put(connection: Connection, key: SealingKey, stream: Stream, login: Login | None) -> None:
    """Keep the login of `stream`, in place of an earlier one; None forgets it."""
    connection.execute(delete(stream_secret).where(stream_secret.c.stream == stream.id))
    if login is not None:
        sealed = seal(key, stream.camera, login)
        connection.execute(insert(stream_secret).values(stream=stream.id, sealed=sealed))
    raise_version(connection)


def get(connection: Connection, key: SealingKey, stream: Stream) -> Login | None:
    """The login of `stream`, if it has one. Raises `BadInput` where `key` does not open it."""
    statement = select(stream_secret.c.sealed).where(stream_secret.c.stream == stream.id)
    sealed = connection.execute(statement).scalar_one_or_none()
    return None if sealed is None else unseal(key, stream.camera, sealed)


def with_login(connection: Connection, streams: Sequence[StreamId]) -> frozenset[StreamId]:
    """Which of these streams have a login."""
    return frozenset(
        StreamId(number)
        for chunk in in_chunks(streams)
        for number in connection.scalars(select(stream_secret.c.stream).where(stream_secret.c.stream.in_(chunk)))
    )


def seal(key: SealingKey, camera: CameraId, login: Login) -> bytes:
    """`login`, readable only with `key`, and only as a login of `camera`."""
    nonce = os.urandom(_NONCE_BYTES)
    text = json.dumps([login.user, login.password, *login.tokens]).encode()
    return _FORMAT + nonce + AESGCM(key.derive(_PURPOSE)).encrypt(nonce, text, _bound_to(camera))


def unseal(key: SealingKey, camera: CameraId, sealed: bytes) -> Login:
    """The login in `sealed`. Raises `BadInput` where `key` or `camera` is not the one it was sealed with."""
    body = sealed.removeprefix(_FORMAT)
    try:
        text = AESGCM(key.derive(_PURPOSE)).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _bound_to(camera))
    except (InvalidTag, ValueError):
        raise BadInput(
            f"the login of camera {camera} cannot be opened with this sealing key",
            hint="restore keys/sealing.key from the backup that belongs to this database, or set the login anew",
        ) from None
    user, password, *tokens = json.loads(text)
    return Login(user, password, tuple(tokens))


def _bound_to(camera: CameraId) -> bytes:
    return camera.to_bytes(4, "big")
