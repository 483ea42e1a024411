"""`sharp-eyes run`: an API process, worker processes and the alerts, each started again when it ends.

Several processes, since a decoder that takes the worker down must not end the API, and neither the loop nor what waits
for receivers of alerts must share an interpreter with HTTP. A child reads its standard input, which is the supervisor's
pipe: when the supervisor is gone, however it went, the pipe ends and the child stops.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import IO

from core.clock import Clock

_log = logging.getLogger(__name__)

CRASH_SIGNALS = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE})
"""Ends that a decoder can bring about. SIGKILL comes from people and the kernel, and says nothing of a camera."""

_BACKOFF_FIRST_S = 1.0
_BACKOFF_LIMIT_S = 30.0
_STEADY_S = 30.0
_STOP_S = 15.0
SUPERVISED = "SHARP_EYES_SUPERVISED"
"""Set for a child: it stops when its standard input ends."""


@dataclass(slots=True)
class Child:
    """One kind of process that is kept running."""

    name: str
    command: Sequence[str]
    on_crash: Callable[[signal.Signals], None] = lambda _: None
    """Called when it was ended by one of `CRASH_SIGNALS`, before it is started again."""
    process: "subprocess.Popen[bytes] | None" = None
    backoff_s: float = _BACKOFF_FIRST_S
    started: float = 0.0
    due: float = 0.0


class Supervisor:
    """Keeps children running until it is told to stop."""

    def __init__(
        self,
        children: Sequence[Child],
        clock: Clock,
        *,
        environment: Mapping[str, str] | None = None,
        log: IO[bytes] | None = None,
        stop_s: float = _STOP_S,
    ) -> None:
        """`environment` is added to ours for the children; what they log goes to `log`, else to our standard error.

        Children that have not ended `stop_s` seconds after they were asked to are killed.
        """
        self._children = children
        self._clock = clock
        self._log = log
        self._stop_s = stop_s
        self._environment = {**os.environ, **(environment or {}), SUPERVISED: "1"}

    def run(self, stop: Flag) -> None:
        """Start the children and keep them running until `stop` is set; then end them, kindly first."""
        try:
            while not stop.is_set():
                for child in self._children:
                    self._look_after(child)
                self._clock.sleep(0.2, stop)
        finally:
            self._end_all()

    def _look_after(self, child: Child) -> None:
        now = self._clock.monotonic()
        if child.process is None:
            if now >= child.due:
                self._start(child)
            return
        status = child.process.poll()
        if status is None:
            if now - child.started > _STEADY_S:
                child.backoff_s = _BACKOFF_FIRST_S
            return
        _log.error("the %s ended (%s); it starts again in %.0f s", child.name, _how(status), child.backoff_s)
        self._reap(child)
        self._put_off(child)
        if -status in CRASH_SIGNALS:
            try:
                child.on_crash(signal.Signals(-status))
            except Exception:
                _log.exception("the crash of the %s could not be recorded", child.name)

    def _put_off(self, child: Child) -> None:
        child.due = self._clock.monotonic() + child.backoff_s
        child.backoff_s = min(child.backoff_s * 2, _BACKOFF_LIMIT_S)

    def _start(self, child: Child) -> None:
        try:
            child.process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                child.command, stdin=subprocess.PIPE, stdout=self._log, stderr=self._log, env=self._environment
            )
        except OSError as error:
            # No memory, no process to be had: that may pass, and the other child must go on meanwhile.
            _log.error("the %s cannot be started (%s); again in %.0f s", child.name, error.strerror, child.backoff_s)
            self._put_off(child)
            return
        child.started = self._clock.monotonic()
        _log.info("started the %s as process %d", child.name, child.process.pid)

    def _reap(self, child: Child) -> None:
        process, child.process = child.process, None
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _end_all(self) -> None:
        running = [(child, process) for child in self._children if (process := child.process) is not None]
        for _, process in running:
            process.terminate()
        deadline = self._clock.monotonic() + self._stop_s
        for child, process in running:
            try:
                process.wait(max(0.0, deadline - self._clock.monotonic()))
            except subprocess.TimeoutExpired:
                _log.error("the %s did not stop within %.0f s and is killed", child.name, self._stop_s)
                process.kill()
                process.wait()
            self._reap(child)


def stop_with_supervisor(stop: Callable[[], None]) -> None:
    """In a child: call `stop` when the supervisor is gone. Does nothing for a process that nobody supervises."""
    if os.environ.pop(SUPERVISED, None) is None:
        return

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        stop()

    Thread(target=wait, name="supervisor-watch", daemon=True).start()


def part(name: str, config: Path | None) -> list[str]:
    """The command line of `sharp-eyes NAME`, run by this same interpreter."""
    return [sys.executable, "-m", "sharp_eyes", name, *(["--config", str(config)] if config else [])]


def _how(status: int) -> str:
    if status >= 0:
        return f"exit {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
