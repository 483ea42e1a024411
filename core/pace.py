"""Which frames of a stream are looked at, where not all are."""

from datetime import datetime, timedelta


class Pace:
    """Takes frames evenly at `fps` a second, in step with the frames' own times and without drift."""

    def __init__(self, fps: float) -> None:
        self._interval = timedelta(seconds=1 / fps)
        self._early = self._interval / 10
        """So much early is in time: where the stream has just the rate wanted, its jitter costs no frame."""
        self._due: datetime | None = None

    @property
    def next(self) -> datetime | None:
        """When the next frame is expected; None before the first."""
        return self._due

    def is_due(self, at: datetime) -> bool:
        """Whether a frame of the moment `at` would be taken. After a gap, or when time jumps back, it would."""
        return self._due is None or not -2 * self._interval <= at - self._due < -self._early

    def takes(self, at: datetime) -> bool:
        """Whether the frame of the moment `at` is due. After a gap, or when time jumps back, the step begins anew."""
        due = self._due
        if due is None or not -2 * self._interval <= at - due <= self._interval:
            self._due = at + self._interval
            return True
        if at < due - self._early:
            return False
        self._due = due + self._interval
        return True
