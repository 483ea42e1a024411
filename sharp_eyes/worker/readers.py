"""The readers of the cameras that are watched: begun and ended, each with its ring and its mark."""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.camera import StreamId
from core.clock import Clock
from core.drop_reason import DropReason
from core.errors import SharpEyesError
from core.ids import CameraId
from core.stream_state import StreamState, StreamStatus
from inference.watch import Look
from ingest.reader import Reader
from ingest.ring import Ring
from registry.snapshot import WatchedCamera

from .decoding_marks import DecodingMark, DecodingMarks
from .status_board import StatusBoard

_log = logging.getLogger(__name__)

ATTENTIVE: Final = timedelta(seconds=3)
"""For so long after an object that moves was seen its camera's stream is decoded in full: it may be hidden for a while.
"""
_PATIENCE_S: Final = 1.0
"""How long readers that were asked to end are waited for, all together."""

MakeReader = Callable[[WatchedCamera, Ring, DecodingMark], Reader]


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """A camera that is being read."""

    stream: StreamId
    reader: Reader
    ring: Ring
    mark: DecodingMark


def _not_due(reading: _Reading) -> int:
    return reading.reader.status.counters.dropped.get(DropReason.NOT_DUE.value, 0)


class Readers:
    """At most one reader a camera. One thread calls it; any thread may ask for rings."""

    def __init__(self, board: StatusBoard, marks: DecodingMarks, clock: Clock, make_reader: MakeReader) -> None:
        self._board = board
        self._marks = marks
        self._clock = clock
        self._make_reader = make_reader
        self._reading: dict[CameraId, _Reading] = {}
        self._not_due_before = 0
        """Of readers that were ended."""
        self._left_behind: list[_Reading] = []
        """Asked to end, but still inside a call that cannot be broken off. Their marks stay theirs until they are."""

    @property
    def ring_bytes(self) -> int:
        """Bytes that all rings hold."""
        return sum(reading.ring.bytes for reading in list(self._reading.values()))

    def ring(self, camera: CameraId) -> Ring | None:
        """The newest packets of `camera`; None if it is not read."""
        reading = self._reading.get(camera)
        return None if reading is None else reading.ring

    def dropped(self) -> Counter[DropReason]:
        """Pictures that were decoded and that nobody needed to look at, since the start."""
        not_due = self._not_due_before + sum(_not_due(reading) for reading in list(self._reading.values()))
        return Counter({DropReason.NOT_DUE: not_due})

    def attend(self, look: Look) -> None:
        """Decode the camera's whole stream for a while, if something that moves was seen. Any thread may call it."""
        reading = self._reading.get(look.frame.camera)
        if reading is not None and any(not track.is_stationary for track in look.tracks):
            reading.reader.attend(look.frame.at + ATTENTIVE)

    def watch(self, camera: CameraId, until: datetime) -> None:
        """Read and decode the camera's whole stream until then at least: somebody looks. Any thread may call it."""
        reading = self._reading.get(camera)
        if reading is not None:
            reading.reader.attend(until)

    def is_reading(self, camera: CameraId) -> bool:
        return camera in self._reading

    def begin(self, camera: WatchedCamera) -> None:
        """Read `camera` from now on. What keeps it from being read harms it alone, and becomes its state."""
        number = camera.camera.id
        if camera.quarantine is not None:
            self._say(camera, StreamState.QUARANTINED, camera.quarantine)
            return
        ring = Ring()
        mark = None
        try:
            mark = self._marks.of(number)
            reader = self._make_reader(camera, ring, mark)
            reader.start()
        except (SharpEyesError, RuntimeError) as error:
            # A login that the key does not open; a thread that the system does not grant.
            self._say(camera, StreamState.REFUSED, str(error))
            if mark is not None:
                self._marks.give_back(mark)
            return
        self._reading[number] = _Reading(camera.stream.id, reader, ring, mark)

    def end(self, cameras: Collection[WatchedCamera]) -> None:
        """Read these cameras no more. However many they are, and however silent, that takes a second at most."""
        ended = [reading for camera in cameras if (reading := self._reading.pop(camera.camera.id, None)) is not None]
        for reading in ended:
            reading.reader.request_stop()
        deadline = self._clock.monotonic() + _PATIENCE_S
        self._not_due_before += sum(_not_due(reading) for reading in ended)
        for reading in ended:
            reading.reader.stop(max(0.0, deadline - self._clock.monotonic()))
        self._left_behind += ended
        self.tidy()
        for camera in cameras:
            self._board.forget(camera.stream.id)

    def tidy(self) -> None:
        """Take the marks of readers that have come to their end meanwhile."""
        still_there = []
        for reading in self._left_behind:
            if reading.reader.is_alive:
                still_there.append(reading)
            else:
                self._marks.give_back(reading.mark)
        self._left_behind = still_there

    def _say(self, camera: WatchedCamera, state: StreamState, reason: str) -> None:
        known = self._board.of(camera.stream.id)
        if known is not None and (known.state, known.reason) == (state, reason):
            return  # So that its "since" stays, and the log short.
        _log.error("camera %d is not read: %s", camera.camera.id, reason)
        self._board.put(StreamStatus(camera.camera.id, camera.stream.id, state, self._clock.now(), reason))
