"""The threads that empty an outbox: they give way to all others."""

import logging
import os
import threading
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError

from .outbox import Outbox, Sending

_log = logging.getLogger(__name__)

THREADS: Final = 2
"""So that a long clip keeps no picture waiting."""
_NICENESS: Final = 10
_RETRY_FIRST_S: Final = 0.5
_RETRY_LIMIT_S: Final = 10.0
_LOOK_S: Final = 5.0
"""How often it is looked for what was put off."""


class MediaSender:
    """Sends what is in an outbox as soon as it is there, and tries again where the store or the database is away."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock
        self._stopping = threading.Event()
        self._give_up_at = float("inf")
        self._threads = [
            threading.Thread(target=self._run, name=f"media-sender-{number}", daemon=True) for number in range(THREADS)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float) -> None:
        """Send what can be sent within `timeout_s` seconds, then end. The rest is sent after the next start."""
        self._give_up_at = self._clock.monotonic() + timeout_s
        self._stopping.set()
        self._outbox.wake(THREADS)
        for thread in self._threads:
            thread.join(max(0.0, self._give_up_at - self._clock.monotonic()))
        if left := self._outbox.total.media:
            _log.warning("%d media wait in the outbox for the next start", left)

    def _run(self) -> None:
        # Linux gives every thread a niceness of its own; sending must not slow down looking at cameras.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        retry_s = _RETRY_FIRST_S
        while not self._is_over():
            match self._step():
                case Sending.DONE:
                    retry_s = _RETRY_FIRST_S
                case Sending.NOTHING:
                    if self._stopping.is_set():
                        return
                    self._outbox.wait_for_work(_LOOK_S)
                case Sending.FAILED:
                    if self._stopping.is_set():
                        return
                    self._clock.sleep(retry_s, self._stopping)
                    retry_s = min(2 * retry_s, _RETRY_LIMIT_S)

    def _is_over(self) -> bool:
        return self._stopping.is_set() and self._clock.monotonic() >= self._give_up_at

    def _step(self) -> Sending:
        try:
            return self._outbox.send_next()
        except SharpEyesError as error:
            _log.warning("what is in the outbox cannot be sent: %s", error.message)
        except Exception:
            # One medium that cannot be sent must not keep back all the others.
            _log.exception("a medium could not be sent")
        return Sending.FAILED
