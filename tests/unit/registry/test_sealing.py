"""Small secrets are opened for their purpose and their owner alone, also those that earlier versions sealed."""

import pytest

from registry.key_ring import KeyRing, ring_of
from registry.sealing import Sealing, is_same
from registry.sealing_key import SealingKey

FORMER, CURRENT = SealingKey(bytes(range(32))), SealingKey(b"k" * 32)
LOGINS = Sealing("stream logins")
TEXT = b'["guard", "pass"]'
OF_AN_EARLIER_VERSION = bytes.fromhex(
    "0100000000000000000000000072f655c283593d90aa13db254d6e99f0f8c9cc5aa5a9ba113504c5208230aa850fe1699201f47fe4f312fd7d00"
)
"""Of owner 7, by the key `FORMER`."""


def test_what_was_sealed_long_ago_is_opened() -> None:
    opened = LOGINS.open(ring_of(CURRENT, FORMER), 7, OF_AN_EARLIER_VERSION)
    assert opened == (FORMER, b'["guard", "pass \\u95e8", "t"]')


@pytest.mark.parametrize(
    ("sealing", "keys", "owner"),
    [
        (Sealing("subscription secrets"), ring_of(FORMER), 7),
        (LOGINS, ring_of(CURRENT), 7),
        (LOGINS, ring_of(FORMER), 8),
    ],
)
def test_another_purpose_key_or_owner_opens_nothing(sealing: Sealing, keys: KeyRing, owner: int) -> None:
    assert sealing.open(keys, owner, LOGINS.seal(FORMER, 7, TEXT)) is None


@pytest.mark.parametrize("broken", [b"", b"\x01", OF_AN_EARLIER_VERSION[:-1], OF_AN_EARLIER_VERSION[:12]])
def test_what_is_not_whole_opens_nothing(broken: bytes) -> None:
    assert LOGINS.open(ring_of(FORMER), 7, broken) is None


def test_sealed_anew_it_is_known_again_and_two_alike_are_not_the_same() -> None:
    before, alike = (LOGINS.seal(FORMER, 7, TEXT) for _ in range(2))
    resealed = LOGINS.reseal(ring_of(CURRENT, FORMER), 7, before)
    assert resealed is not None
    after, by = resealed
    assert by is FORMER
    assert LOGINS.open(ring_of(CURRENT), 7, after) == (CURRENT, TEXT)
    assert is_same(before, after)
    assert not is_same(before, alike)
