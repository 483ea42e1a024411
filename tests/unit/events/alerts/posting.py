"""Letters to real receivers, sent by the real sender, without a database."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import Queue
from typing import Any

from core.clock import SystemClock
from events.alerts.claiming import Claimed
from events.alerts.deliveries import DeliveryId, DeliveryKind
from events.alerts.outcomes import Outcome
from events.alerts.preparing import Letter
from events.alerts.sending import Sending
from events.alerts.settings import AlertSettings
from events.alerts.subscription import Moment, SubscriptionId, origin_of
from events.alerts.targets import Resolver
from tests.support.slowness import SLOWNESS

SOON_S = 20.0 * SLOWNESS
SECRET = b"s" * 32


class Post:
    """Sends, and keeps what became of it."""

    def __init__(self, sending: Sending, outcomes: "Queue[Outcome]") -> None:
        self.sending = sending
        self.outcomes = outcomes

    def send(self, url: str, count: int = 1, *, send_by: float = float("inf")) -> None:
        self.sending.send([a_letter(url, number, send_by=send_by) for number in range(1, count + 1)])

    def next(self) -> Outcome:
        return self.outcomes.get(timeout=SOON_S)

    def sent(self, url: str) -> Outcome:
        """What became of one letter."""
        self.send(url)
        return self.next()


@contextmanager
def a_post(
    *,
    allowed: Sequence[str] = ("127.0.0.1",),
    trust: ssl.SSLContext | None = None,
    ask: Resolver | None = None,
    timeout_s: float = 15.0,
    **more: Any,
) -> Iterator[Post]:
    """`more`: further settings."""
    outcomes: Queue[Outcome] = Queue()
    settings = AlertSettings(allowed_targets=tuple(allowed), timeout_s=timeout_s, **more)
    sending = Sending(settings, SystemClock(), outcomes.put, agent="sharp-eyes/test", trust=trust, ask=ask)
    sending.start()
    try:
        yield Post(sending, outcomes)
    finally:
        sending.stop(0.1)


def a_letter(url: str, number: int = 1, *, send_by: float = float("inf")) -> Letter:
    claimed = Claimed(
        id=DeliveryId(number),
        subscription=SubscriptionId(1),
        kind=DeliveryKind.EVENT,
        event=None,
        moment=Moment.STARTED,
        message_id=f"{number}.1.1",
        made_at=datetime.now(UTC),
        attempts=0,
    )
    return Letter(claimed, url, origin_of(url), b'{"n":1}', (SECRET,), send_by)
