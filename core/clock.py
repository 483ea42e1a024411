"""Time as a dependency: who needs to know the time is handed a `Clock`."""

import time
from datetime import UTC, datetime
from threading import Event as Flag
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits. Any thread may call it."""

    def now(self) -> datetime:
        """The instant, in UTC. It may jump, backwards too, when the machine's clock is set."""

    def monotonic(self) -> float:
        """Seconds since some moment; never runs backwards."""

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        """Wait for `seconds`, or until `wake` is set. True if it was woken."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        if wake is None:
            time.sleep(seconds)
            return False
        return wake.wait(seconds)


def rfc3339(at: datetime) -> str:
    """An instant as answers and messages have it: by RFC 3339 in UTC, to the millisecond."""
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"
