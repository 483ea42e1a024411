"""Links to the masked snapshot of an alert: good for some minutes, for who has them.

A token is, in base64url without padding: the event (8 bytes), the subscription (4), the second at which it is over (8),
big-endian, and their HMAC-SHA256 by a key for this purpose alone. It is no right: who shows the picture asks again
whether the subscription's department may see it.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from core.ids import EventId
from registry.key_ring import KeyRing

from .subscription import SubscriptionId

PATH: Final = "/api/v1/alert-pictures/"
_PURPOSE: Final = "alert picture links"
_FACTS: Final = struct.Struct(">QIQ")
_LENGTH: Final = _FACTS.size + sha256().digest_size
_CHARACTERS: Final = -(-_LENGTH * 4 // 3)


@dataclass(frozen=True, slots=True)
class PictureLink:
    """Where the picture of an event is found, and until when."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Pictured:
    """What a token was made for."""

    event: EventId
    subscription: SubscriptionId


def link(
    keys: KeyRing, public_url: str, event: EventId, subscription: SubscriptionId, at: datetime, lasts: timedelta
) -> PictureLink:
    """A link made at `at`, good for about `lasts` (to whole seconds); `public_url` is where receivers reach the API."""
    seconds = int((at + lasts).timestamp())
    facts = _FACTS.pack(event, subscription, seconds)
    token = _text(facts + _tag(keys.derive(_PURPOSE), facts))
    return PictureLink(f"{public_url}{PATH}{token}", datetime.fromtimestamp(seconds, UTC))


def read(keys: KeyRing, token: str, at: datetime) -> Pictured | None:
    """What `token` was made for; None where it is none of ours, changed in any way, or over at `at`."""
    if len(token) != _CHARACTERS:
        return None
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    if _text(whole) != token:  # its last character has bits that mean nothing
        return None
    facts, tag = whole[: _FACTS.size], whole[_FACTS.size :]
    if not any(hmac.compare_digest(tag, _tag(key, facts)) for key in keys.derive_all(_PURPOSE)):
        return None
    event, subscription, seconds = _FACTS.unpack(facts)
    if at.timestamp() >= seconds:
        return None
    return Pictured(EventId(event), SubscriptionId(subscription))


def _text(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


def _tag(key: bytes, facts: bytes) -> bytes:
    return hmac.digest(key, facts, sha256)
