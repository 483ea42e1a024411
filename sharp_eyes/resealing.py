"""Sealing everything that former keys sealed, and that can be sealed anew, with the key in force."""

from collections.abc import Callable
from dataclasses import dataclass

from events.alerts.secret_rotation import ResealedSecrets, reseal_secrets
from registry.db import Database
from registry.key_ring import KeyRing
from registry.key_rotation import Resealed, reseal_logins


@dataclass(frozen=True, slots=True)
class Resealing:
    """What became of the cameras' logins and of the secrets of subscriptions."""

    logins: Resealed
    secrets: ResealedSecrets

    @property
    def from_former(self) -> int:
        """How many former keys had sealed."""
        return self.logins.from_former + self.secrets.sealed

    @property
    def unopened(self) -> int:
        """How many no key opens."""
        return len(self.logins.unopened) + len(self.secrets.unopened)


def reseal(database: Database, keys: KeyRing, report: Callable[[int], None]) -> Resealing:
    """Seal all of it with the key in force; `report` is told how many are done. Killed at any moment and called again,
    it goes on where it was. Raises `Unavailable` where the database is away."""
    logins = reseal_logins(database, keys, report)
    done = logins.from_former + logins.marked
    return Resealing(logins, reseal_secrets(database, keys, lambda more: report(done + more)))
