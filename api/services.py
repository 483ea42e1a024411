"""Everything the API needs from outside, handed over once by the program that starts it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from core.camera import Login
from core.clock import Clock
from events.alerts.settings import AlertSettings
from events.media.blobs import Blobs
from events.media.masked_clips import MaskedClips
from events.media.shown_snapshots import ShownSnapshots
from events.retention.settings import RetentionSettings
from events.tracks.settings import TrackLogSettings
from registry.access.passwords import Passwords
from registry.access.settings import AccessSettings
from registry.audit.looks import Looks
from registry.db import Database
from registry.imports.settings import ImportSettings
from registry.key_ring import KeyRing
from registry.uptime.days import Days
from registry.visibility import Visibility

from .probe_words import ProbeOrder, ProbeView
from .settings import ApiSettings

CheckAddress = Callable[[str], tuple[str, Login | None]]
"""Takes the secrets out of a stream's URL. Raises `BadInput` (field `url`) for a URL that no reader would open."""


class StreamProber(Protocol):
    """Looks at streams. Any thread."""

    def probe(self, order: ProbeOrder) -> ProbeView:
        """What is found within half a minute. Raises `Unavailable` where too many streams are being looked at."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with. Any thread may use each of these."""

    settings: ApiSettings
    database: Database
    sealing_key: KeyRing
    blobs: Blobs
    clips: MaskedClips
    """Started and stopped by who made it."""
    snapshots: ShownSnapshots
    clock: Clock
    data_folder: Path
    """Whose disk must have room."""
    check_address: CheckAddress
    hide_secrets: Callable[[str], str]
    """A text without the passwords and tokens that addresses in it may hold."""
    schema_fault: Callable[[], str | None]
    """What is wrong with the database's tables, in words; None where they are as this version needs them."""
    days: Days
    """The city's, by its time zone."""
    visibility: Visibility
    looks: Looks
    """Where looks go on record; started and stopped by who made it."""
    alerts: AlertSettings = field(default_factory=AlertSettings)
    access: AccessSettings = field(default_factory=AccessSettings)
    passwords: Passwords = field(default_factory=Passwords)
    """The one of this process: it bounds how many are hashed at once."""
    prober: StreamProber | None = None
    """Looks at streams before they are watched; None: nobody does."""
    imports: ImportSettings = field(default_factory=ImportSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    track_log_h: int = TrackLogSettings().track_log_h
    """For how many hours tracks are kept where no rule says anything."""
    labels: frozenset[str] | None = field(default=None)
    """What the active detector calls objects; None where that is not known, and rules may name anything."""


def services_of(request: HTTPConnection) -> Services:
    """The services of the app that got `request`."""
    services: Services = request.app.state.services
    return services


async def _asked_of(request: Request) -> Services:
    """The same for routes. A dependency that does not wait is `async`: the others each wait for a thread of their
    own."""
    return services_of(request)


Use = Annotated[Services, Depends(_asked_of)]
