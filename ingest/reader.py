"""Reads one stream for as long as it is wanted, whatever happens to it."""

import logging
import threading
import traceback
from collections.abc import Callable
from datetime import datetime

from core.camera import Login, Stream
from core.clock import Clock
from core.stream_state import StreamState, StreamStatus

from .address import file_path, hide_secrets
from .backoff import Backoff
from .connection import Connection
from .decoder import DecodeMark
from .faults import StreamFault
from .lookout import HandOut, Watching
from .opening import open_source
from .report import Report
from .ring import Ring
from .settings import ReaderSettings

_log = logging.getLogger(__name__)

_STOP_WAIT_S = 1.0


class Reader:
    """One daemon thread that opens a stream, decodes it, and tries again when it breaks.

    `on_frame` is called in that thread with each whole picture that `watching` asks for, in the order they are to be
    shown, and whether it is worth waiting a little for those who look; else it must return quickly (put it where the
    newest wins). `on_status` is called with each change of state at once, with counters once a second.
    Packets go into `ring`. `login` stands apart from the stream's address and appears in no text.
    """

    def __init__(
        self,
        stream: Stream,
        login: Login | None,
        settings: ReaderSettings,
        clock: Clock,
        *,
        ring: Ring,
        on_frame: HandOut,
        on_status: Callable[[StreamStatus], None],
        mark: DecodeMark,
        watching: Watching | None = None,
    ) -> None:
        self._stream = stream
        self._login = login
        self._settings = settings
        self._clock = clock
        self._ring = ring
        self._on_frame = on_frame
        self._mark = mark
        self._watching = watching or Watching()
        self._connection: Connection | None = None
        self._report = Report(stream, clock, on_status)
        self._backoff = Backoff(settings)
        self._stop = threading.Event()
        self._connections = 0
        self._thread = threading.Thread(target=self._run, name=f"reader-{stream.camera}-{stream.id}", daemon=True)

    @property
    def status(self) -> StreamStatus:
        """The stream's state now. Any thread may ask."""
        return self._report.status

    def start(self) -> None:
        self._thread.start()

    def attend(self, until: datetime) -> None:
        """Decode the whole stream until then at least: an object lives before the camera. Any thread may ask."""
        connection = self._connection
        if connection is not None:
            connection.decoding.attend(until)

    def request_stop(self) -> None:
        """Ask the thread to end, without waiting: to stop many readers at a time, ask all, then `stop` each."""
        self._stop.set()

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs, also when it was left behind by `stop`."""
        return self._thread.is_alive()

    def stop(self, wait_s: float = _STOP_WAIT_S) -> None:
        """Stop reading; returns within about `wait_s` seconds. Nothing is handed out or told after that.

        A call into FFmpeg cannot be broken off from outside: where one is waiting for a silent camera, the thread is
        left behind. It ends at its own time limit; as a daemon it keeps no process alive.
        """
        self.request_stop()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(wait_s)
        self._report.silence()

    def _run(self) -> None:
        self._report.trying()
        while not self._stop.is_set():
            fault = self._attempt()
            if self._stop.is_set():
                break
            if fault is None:
                self._report.enter(StreamState.FINISHED, "the file was read to its end")
                return
            self._wait(fault)
        self._report.enter(StreamState.STOPPED, "not read any more")

    def _wait(self, fault: StreamFault) -> None:
        # A wrong password is not repeated every second: cameras lock the account after a few.
        locks = fault.state is StreamState.UNAUTHORISED
        wait_s = self._backoff.longest_wait_s() if locks else self._backoff.wait_s()
        reason = fault.message if fault.hint is None else f"{fault.message} ({fault.hint})"
        self._report.enter(fault.state, reason, next_try_in_s=wait_s)
        if not self._clock.sleep(wait_s, self._stop):
            self._report.trying()

    def _attempt(self) -> StreamFault | None:
        """Read until something breaks, and say what; None where a file was read to its end."""
        try:
            self._read()
        except StreamFault as fault:
            return fault
        except Exception as error:
            # One stream's fault must not end its thread for good, whatever it was.
            _log.error(
                "camera %d, stream %d: %s",
                self._stream.camera,
                self._stream.id,
                hide_secrets("".join(traceback.format_exception(error))),
            )
            return StreamFault(StreamState.UNREADABLE, f"an error inside the reader: {type(error).__name__}")
        return None

    def _read(self) -> None:
        source = open_source(self._stream, self._login, self._settings, self._connections + 1)
        connection = Connection(
            self._stream.camera,
            source,
            self._settings,
            self._clock,
            self._ring,
            self._report,
            self._watching,
            self._on_frame,
            self._mark,
            self._stop,
            is_file=file_path(self._stream.url) is not None,
        )
        self._connection = connection
        try:
            connection.read()
        finally:
            self._connection = None
            self._connections = connection.number
            self._backoff.settled(connection.live_s)
            self._ring.end()
            source.close()
