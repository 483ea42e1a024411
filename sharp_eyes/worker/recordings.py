"""The original clips of the events that are going on: each recorded by a thread of its own."""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock, Thread
from typing import BinaryIO, Final

from core.clock import Clock
from core.event import Event, Origin
from core.ids import CameraId
from events.media.clips import OriginalClips, Recorded
from events.media.ledger import MediaLedger
from events.media.table import MediaKind
from ingest.clips import ClipRecorder
from ingest.ring import Ring

BEFORE: Final = timedelta(seconds=5)
AFTER: Final = timedelta(seconds=5)
MOST: Final = 128
"""Clips recorded at once. Each is a thread that sleeps, two seconds of packets and an open file."""
MOST_OF_A_CAMERA: Final = 32
"""So that a crowd before one camera leaves the others their clips."""
TOO_MANY: Final = f"{MOST} clips were being recorded already"
TOO_MANY_OF_A_CAMERA: Final = f"{MOST_OF_A_CAMERA} clips of this camera were being recorded already"
NOT_READ: Final = "the camera was not read any more when the event was on record"

Key = tuple[CameraId, Origin]


class Recordings:
    """Begins a clip five seconds before its event, and ends it five after. Called by the event writer's thread."""

    def __init__(
        self, clips: OriginalClips, ledger: MediaLedger, ring_of: Callable[[CameraId], Ring | None], clock: Clock
    ) -> None:
        self._clips = clips
        self._ledger = ledger
        self._ring_of = ring_of
        self._clock = clock
        self._going_on: dict[Key, ClipRecorder] = {}
        self._threads: list[Thread] = []
        self._lock = Lock()

    @property
    def going_on(self) -> int:
        return len(self._going_on)

    def begin(self, event: Event) -> None:
        """Record the clip of `event`, which was committed for the first time."""
        ring = self._ring_of(event.camera)
        refused = NOT_READ if ring is None else self._start(event, ring)
        if refused is not None:
            self._ledger.give_up(event.id, MediaKind.ORIGINAL, refused)

    def _start(self, event: Event, ring: Ring) -> str | None:
        """Begin to record; else why not."""
        # Made here, since the ring forgets: the thread may have to wait for the database first.
        recorder = ClipRecorder(ring, event.started_at - BEFORE, self._clock)
        thread = Thread(target=self._record, args=(event, recorder), name=f"clip-{event.id}", daemon=True)
        with self._lock:
            refused = self._why_not(event.camera)
            if refused is None:
                try:
                    thread.start()
                except RuntimeError as error:
                    refused = str(error)  # The system grants no more threads.
                else:
                    self._threads.append(thread)
                    self._going_on[event.camera, event.origin] = recorder
        if refused is not None:
            recorder.close()
        return refused

    def _why_not(self, camera: CameraId) -> str | None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if len(self._threads) >= MOST:
            return TOO_MANY
        if sum(of == camera for of, _ in self._going_on) >= MOST_OF_A_CAMERA:
            return TOO_MANY_OF_A_CAMERA
        return None

    def end(self, event: Event) -> None:
        """`event` has ended: so does its clip, five seconds later."""
        if event.ended_at is None:
            return
        with self._lock:
            recorder = self._going_on.get((event.camera, event.origin))
        if recorder is not None:
            recorder.stop_at(event.ended_at + AFTER)

    def stop(self, timeout_s: float) -> None:
        """End all clips now, and wait until they are stored, for `timeout_s` seconds at most."""
        with self._lock:
            recorders, threads = list(self._going_on.values()), list(self._threads)
        for recorder in recorders:
            recorder.stop_at(self._clock.now())
        deadline = self._clock.monotonic() + timeout_s
        for thread in threads:
            thread.join(max(0.0, deadline - self._clock.monotonic()))

    def _record(self, event: Event, recorder: ClipRecorder) -> None:
        def write(sink: BinaryIO) -> Recorded:
            recorded = recorder.record(sink)
            return Recorded(recorded.seconds, recorded.width, recorded.height)

        try:
            self._clips.record(event.id, event.origin.epoch, write)
        finally:
            recorder.close()
            with self._lock:
                del self._going_on[event.camera, event.origin]
