"""Passwords as they are kept: argon2id hashes, and never too many at work at once."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from .few_at_once import FewAtOnce

MEMORY_KIB: Final = 47_104
"""46 MiB, gone through once, by one thread: the first of the choices that OWASP's cheat sheet names (2025), which count
as equally strong. It takes 53 ms of a core of the machine that the figures are from (two passes: 88, three: 115; twice
that on the clock while others work beside it), so sixty sign-ins a minute take a twentieth of one core."""
_PASSES: Final = 1
_LANES: Final = 1
_AT_ONCE: Final = 2
"""So many hashes take two cores and 92 MiB, and leave room for what looks are asked for meanwhile."""
_WAITING: Final = 16


def normal_form(password: str) -> str:
    """`password` as it is measured and hashed (NFKC): keyboards and systems write the same characters differently."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Hashes passwords and compares them. Any thread: a few at once, some more wait, the rest is turned away."""

    def __init__(self, turns: FewAtOnce | None = None) -> None:
        self._turns = turns or FewAtOnce(_AT_ONCE, _WAITING)
        self._hasher = PasswordHasher(
            time_cost=_PASSES, memory_cost=MEMORY_KIB, parallelism=_LANES, hash_len=32, salt_len=16, type=Type.ID
        )
        self._nobodys = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        """What is kept of `password`. Raises `TooMany`."""
        with self._turns.turn("sign in"):
            return self._hasher.hash(_bytes(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether `kept` was made of `password`. None, where there is no such person or no password: no, after as long
        as it takes for others. Raises `TooMany`."""
        with self._turns.turn("sign in"):
            try:
                self._hasher.verify(kept or self._nobodys, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def needs_rehash(self, kept: str) -> bool:
        """Whether `kept` was made with other costs than today's: then hash the password anew while it is at hand."""
        return self._hasher.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    # Half a character, as JSON can carry it, is no password of anybody, and no reason to fail either.
    return normal_form(password).encode("utf-8", "surrogatepass")
