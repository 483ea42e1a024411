"""Time for grants: it never runs back, whatever becomes of the machine's clock."""

from datetime import datetime, timedelta
from threading import Lock

from core.clock import Clock


class Onward:
    """The latest moment there ever was, from where time goes on though the clock be set back. Any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._moment: datetime | None = None
        self._monotonic = 0.0

    def now(self, latest_at: datetime) -> datetime:
        """The moment: never before `latest_at`, which others have seen, nor before one that was told here."""
        with self._lock:
            monotonic = self._clock.monotonic()
            moment = max(self._clock.now(), latest_at)
            if self._moment is not None:
                moment = max(moment, self._moment + timedelta(seconds=monotonic - self._monotonic))
            self._moment, self._monotonic = moment, monotonic
            return moment
