"""Logins of streams: sealed with AES-GCM, bound to their camera, never in clear in the database.

Layout: a format byte, a nonce of 12 bytes, cipher text with its tag. Beside it stands the id of the key.
"""

import json
import os
from collections.abc import Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select

from core.camera import Login, Stream, StreamId
from core.errors import BadInput
from core.ids import CameraId

from .chunks import in_chunks
from .key_ring import KeyRing
from .sealing_key import SealingKey
from .tables import stream_secret
from .version import raise_version

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_FORMAT) + _NONCE_BYTES
_PURPOSE: Final = "stream logins"


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
    text = json.dumps([login.user, login.password, *login.tokens]).encode()
    return _sealed(key, camera, os.urandom(_NONCE_BYTES), text)


def unseal(keys: KeyRing, camera: CameraId, sealed: bytes) -> Login:
    """The login in `sealed`. Raises `BadInput` where none of `keys`, or another camera, is what it was sealed with."""
    _, text = _opened(keys, camera, sealed)
    user, password, *tokens = json.loads(text)
    return Login(user, password, tuple(tokens))


def reseal(keys: KeyRing, camera: CameraId, sealed: bytes) -> tuple[bytes, SealingKey]:
    """The same login sealed with the key in force, and the key that opened it. Raises as `unseal` does.

    It keeps its nonce (under another key that is a new one), so that `same_login` knows it again.
    """
    opened_by, text = _opened(keys, camera, sealed)
    return _sealed(keys.current, camera, sealed[len(_FORMAT) : _HEAD_BYTES], text), opened_by


def same_login(one: bytes | None, other: bytes | None) -> bool:
    """Whether two sealed logins of a camera are the same one, whatever keys they are sealed with."""
    return (one and one[:_HEAD_BYTES]) == (other and other[:_HEAD_BYTES])


def _sealed(key: SealingKey, camera: CameraId, nonce: bytes, text: bytes) -> bytes:
    return _FORMAT + nonce + AESGCM(key.derive(_PURPOSE)).encrypt(nonce, text, _bound_to(camera))


def _opened(keys: KeyRing, camera: CameraId, sealed: bytes) -> tuple[SealingKey, bytes]:
    """The key that opens `sealed`, and what is in it."""
    for key in keys.keys:
        try:
            cipher = AESGCM(key.derive(_PURPOSE))
            return key, cipher.decrypt(sealed[len(_FORMAT) : _HEAD_BYTES], sealed[_HEAD_BYTES:], _bound_to(camera))
        except (InvalidTag, ValueError):
            continue
    raise BadInput(
        f"the login of camera {camera} cannot be opened with this sealing key",
        hint="restore keys/sealing.key from the backup that belongs to this database, or set the login anew",
    )


def _bound_to(camera: CameraId) -> bytes:
    return camera.to_bytes(4, "big")
