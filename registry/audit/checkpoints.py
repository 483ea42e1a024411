"""Signed checkpoints: one that is kept elsewhere proves what the record was then."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Row, insert, select

from core.errors import BadInput

from ..alone import be_alone
from ..columns import to_microseconds
from ..db import Database
from ..key_ring import KeyRing
from .seals import SEALING, end_of_chain
from .tables import audit_checkpoint

_log = logging.getLogger(__name__)

_PURPOSE: Final = "audit checkpoints"
_ID_BYTES: Final = 8
_SAID: Final = "checkpoint of the record: "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain's hash at a place, signed."""

    place: int
    hash: bytes
    at: datetime
    key_id: str
    """Of the key that signed it."""
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature covers."""
        return f"sharp-eyes audit checkpoint 1\n{self.place}\n{self.hash.hex()}\n{self.at.isoformat()}\n".encode()


class CheckpointKeys:
    """What signs checkpoints and knows those of this site. Ed25519 (RFC 8032), by keys derived from the site's own."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    @property
    def public_key(self) -> bytes:
        """32 bytes by which anybody can check what is signed now."""
        return _public(self._signer())

    def sign(self, place: int, digest: bytes, at: datetime) -> Checkpoint:
        """A checkpoint of that place, signed with the key in force."""
        draft = Checkpoint(place, digest, at, "", b"")
        number, signature = self.sign_text(draft.signed)
        return Checkpoint(place, digest, at, number, signature)

    def sign_text(self, text: bytes) -> tuple[str, bytes]:
        """The id of the key in force, and its signature of `text`."""
        signer = self._signer()
        return key_id(_public(signer)), signer.sign(text)

    def is_genuine(self, checkpoint: Checkpoint) -> bool:
        """Whether a key of this site signed it, the one in force or a former one."""
        return self.has_signed(checkpoint.signed, checkpoint.key_id, checkpoint.signature)

    def has_signed(self, text: bytes, number: str, signature: bytes) -> bool:
        """Whether `signature` of `text` is by the key `number` of this site, the one in force or a former one."""
        for seed in self._ring.derive_all(_PURPOSE):
            public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
            if key_id(public.public_bytes_raw()) == number:
                return _fits(public, text, signature)
        return False

    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._ring.derive(_PURPOSE))


def key_id(public_key: bytes) -> str:
    """What a key is called: the beginning of the SHA-256 of its public half, in hexadecimal digits."""
    return sha256(public_key).digest()[:_ID_BYTES].hex()


def newest(connection: Connection) -> Checkpoint | None:
    """The checkpoint of the highest place."""
    row = connection.execute(select(audit_checkpoint).order_by(audit_checkpoint.c.place.desc()).limit(1)).one_or_none()
    return None if row is None else checkpoint_of(row)


def all_of(connection: Connection) -> list[Checkpoint]:
    """All checkpoints, by place."""
    return [checkpoint_of(row) for row in connection.execute(select(audit_checkpoint).order_by("place"))]


def checkpoint_of(row: Row[Any]) -> Checkpoint:
    """A row of `audit_checkpoint`."""
    return Checkpoint(row.place, bytes(row.hash), row.at, row.key_id, bytes(row.signature))


def make_checkpoint(database: Database, keys: CheckpointKeys, at: datetime) -> Checkpoint | None:
    """Sign the end of the chain as it is now, and say so in the log; None while nothing is sealed.

    Where the end has a checkpoint already it is that one. Raises `Unavailable`.
    """
    with database.write() as connection:
        be_alone(connection, SEALING)
        end = end_of_chain(connection)
        if end.place == 0:
            return None
        known = newest(connection)
        if known is not None and known.place == end.place:
            return known
        made = keys.sign(end.place, end.hash, at)
        values = {
            "place": made.place,
            "hash": made.hash,
            "at": made.at,
            "key_id": made.key_id,
            "signature": made.signature,
        }
        connection.execute(insert(audit_checkpoint).values(values))
    _log.info("%s%s", _SAID, written(made, keys.public_key))
    return made


def written(checkpoint: Checkpoint, public_key: bytes | None = None) -> str:
    """One line of JSON, to be kept elsewhere; `read` reads it."""
    values = {
        "place": checkpoint.place,
        "hash": checkpoint.hash.hex(),
        "at": checkpoint.at.isoformat(),
        "key_id": checkpoint.key_id,
        "signature": checkpoint.signature.hex(),
    }
    if public_key is not None:
        values["public_key"] = public_key.hex()
    return json.dumps(values)


def read(text: str, place: str) -> list[Checkpoint]:
    """The checkpoints in `text`: lines as `written` makes them, and lines of our log that hold one; no others.

    `place` is where they come from, a file's name. Raises `BadInput` where there is none.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        values = _object(line)
        if values is None and _SAID in line:
            values = _object(line.partition(_SAID)[2])
        if values is not None and str(values.get("event", "")).startswith(_SAID):
            values = _object(values["event"].removeprefix(_SAID))
        if values is not None and "place" in values:
            found.append(_checkpoint(values, f"{place}, line {number}"))
    if not found:
        raise BadInput(f"{place} holds no checkpoint", hint="sharp-eyes audit checkpoint --out FILE makes one")
    return found


def _checkpoint(values: Mapping[str, Any], where: str) -> Checkpoint:
    try:
        found = Checkpoint(
            place=int(values["place"]),
            hash=bytes.fromhex(values["hash"]),
            at=datetime.fromisoformat(values["at"]),
            key_id=str(values["key_id"]),
            signature=bytes.fromhex(values["signature"]),
        )
        to_microseconds(found.at)
    except (KeyError, TypeError, ValueError):
        raise BadInput(f"{where}: this is no whole checkpoint", hint="copy the line as it was written") from None
    return found


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _public(signer: Ed25519PrivateKey) -> bytes:
    return signer.public_key().public_bytes_raw()


def _fits(public: Ed25519PublicKey, text: bytes, signature: bytes) -> bool:
    try:
        public.verify(signature, text)
    except InvalidSignature:
        return False
    return True
