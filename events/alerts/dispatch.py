"""All that matches and sends, fitted together: what the process `sharp-eyes alerts` runs."""

import ssl

from core.clock import Clock
from registry.db import Database
from registry.key_ring import KeyRing
from registry.visibility import Visibility

from .desk import Desk
from .keeping import Keeping
from .matcher import Matcher
from .preparing import Preparing
from .sending import Sending
from .settings import AlertSettings
from .targets import Resolver

AGENT = "sharp-eyes"
"""What receivers see as `User-Agent`."""
_FINISH_S = 2.0
"""What is on its way when it is told to stop may take so long."""
_WRITE_S = 1.0


class Dispatch:
    """Matches events with subscriptions and sends what comes of it. Several may run on one database."""

    def __init__(
        self,
        database: Database,
        visibility: Visibility,
        keys: KeyRing,
        clock: Clock,
        settings: AlertSettings,
        *,
        agent: str = AGENT,
        trust: ssl.SSLContext | None = None,
        ask: Resolver | None = None,
    ) -> None:
        """`trust`: whose certificates are believed; without it those of the system."""
        self._desk = Desk(database, Preparing(visibility, keys, settings), clock, settings)
        self._sending = Sending(settings, clock, self._desk.put, agent=agent, trust=trust, ask=ask)
        self._matcher = Matcher(database, visibility, clock, self._desk.wake)
        self._keeping = Keeping(database, clock, settings)

    def start(self) -> None:
        """Begin."""
        self._sending.start()
        self._desk.start(self._sending)
        self._matcher.start()
        self._keeping.start()

    def stop(self) -> None:
        """Be over within five seconds: what is not sent by then is given back, for the next to send."""
        self._desk.claim_no_more()
        self._matcher.stop(_WRITE_S)
        self._sending.stop(_FINISH_S)
        self._desk.stop(_WRITE_S)
        self._keeping.stop(_WRITE_S)
