"""Which sealing keys there are, and what hangs on each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from events.alerts.secret_rotation import secrets_by_key
from events.media.records import count_originals
from registry.db import Database
from registry.key_ring import KeyRing
from registry.key_rotation import logins_by_key

from .settings import Settings


@dataclass(frozen=True, slots=True)
class SecretsStatus:
    """The keys by their ids, and how many logins and secrets of subscriptions each has sealed."""

    source: str
    """Where the key in force comes from."""
    current: tuple[str, int]
    former: dict[str, int]
    unknown: dict[str, int]
    """Of keys that are not at hand: nobody can open what they have sealed."""
    subscriptions: dict[str, int]
    """Secrets of subscriptions, by key."""
    unmarked: int
    """Logins that an earlier version stored."""
    older_originals: int | None
    """Original clips from before the key in force was made, which former keys open; None where that is not known."""


def secrets_status(settings: Settings, database: Database, keys: KeyRing) -> SecretsStatus:
    """What stands in `database`, seen with `keys`. Raises `Unavailable` where the database is away."""
    made_at = None
    if settings.key is None:
        made_at = datetime.fromtimestamp(settings.sealing_key_file.stat().st_mtime, UTC)
    with database.read() as connection:
        logins = logins_by_key(connection)
        secrets = secrets_by_key(connection)
        originals = None if made_at is None else count_originals(connection, made_at)
    current, *former = (key.id for key in keys.keys)
    return SecretsStatus(
        source="SHARP_EYES_KEY" if settings.key is not None else str(settings.sealing_key_file),
        current=(current, logins.get(current, 0)),
        former={key: logins.get(key, 0) for key in former},
        unknown={key: logins.get(key, 0) for key in {**logins, **secrets} if key and key not in (current, *former)},
        subscriptions=secrets,
        unmarked=logins.get("", 0),
        older_originals=originals,
    )
