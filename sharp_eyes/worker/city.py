"""The cameras that this worker watches, kept equal to the registry."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.camera import Login
from core.clock import Clock
from core.errors import SharpEyesError
from core.event import EndReason, Event
from core.ids import CameraId
from core.rule import Rule
from core.stream_state import StreamState, StreamStatus
from inference.scheduler import Scheduler
from inference.watch import Watch
from ingest.reader import Reader
from ingest.ring import Ring
from registry.sealing_key import SealingKey
from registry.snapshot import WatchedCamera
from registry.stream_secrets import unseal

from .decoding_marks import DecodingMark, DecodingMarks
from .status_board import StatusBoard

_log = logging.getLogger(__name__)

_OUTAGE_S = 5.0
"""A stream that was not live for so long ends the events that were going on: nobody can say what became of them."""

MakeReader = Callable[[WatchedCamera, Ring, DecodingMark], Reader]
MakeWatch = Callable[[CameraId, Sequence[Rule], int], Watch]


@dataclass(slots=True)
class _Watched:
    """One camera that is being watched."""

    camera: WatchedCamera
    ring: Ring
    reader: Reader | None = None
    mark: DecodingMark | None = None
    not_live_since: float | None = None
    outage_told: bool = False


class City:
    """Starts and stops readers, and hands rules to the watches. One thread calls it."""

    def __init__(
        self,
        scheduler: Scheduler,
        board: StatusBoard,
        marks: DecodingMarks,
        clock: Clock,
        *,
        make_reader: MakeReader,
        make_watch: MakeWatch,
        on_events: Callable[[Sequence[Event]], None],
        on_gone: Callable[[CameraId], None],
    ) -> None:
        self._scheduler = scheduler
        self._board = board
        self._marks = marks
        self._clock = clock
        self._make_reader = make_reader
        self._make_watch = make_watch
        self._on_events = on_events
        self._on_gone = on_gone
        self._watched: dict[CameraId, _Watched] = {}

    @property
    def cameras(self) -> list[CameraId]:
        """The cameras that are watched now."""
        return list(self._watched)

    @property
    def ring_bytes(self) -> int:
        """Bytes that all rings hold."""
        return sum(watched.ring.bytes for watched in list(self._watched.values()))

    def ring(self, camera: CameraId) -> Ring | None:
        """The newest packets of `camera`; None if it is not watched. Any thread."""
        watched = self._watched.get(camera)
        return None if watched is None else watched.ring

    def missing(self, cameras: Sequence[WatchedCamera]) -> list[CameraId]:
        """Which of `cameras` are not watched yet: they need an epoch before `apply`."""
        return [camera.camera.id for camera in cameras if camera.camera.id not in self._watched]

    def apply(self, cameras: Sequence[WatchedCamera], epochs: Mapping[CameraId, int]) -> None:
        """Watch exactly `cameras`; `epochs` has those of the ones that are new."""
        wanted = {camera.camera.id: camera for camera in cameras}
        for gone in self._watched.keys() - wanted.keys():
            self._remove(gone, EndReason.RULE_CHANGED)
        for number, camera in wanted.items():
            if number in self._watched:
                self._change(self._watched[number], camera)
            else:
                self._add(camera, epochs[number])

    def look_after(self) -> None:
        """End the events of streams that have been away for a while. To be called each second."""
        now = self._clock.monotonic()
        for number, watched in self._watched.items():
            status = self._board.of(watched.camera.stream.id)
            if status is None or status.state is StreamState.LIVE:
                watched.not_live_since, watched.outage_told = None, False
                continue
            if watched.not_live_since is None:
                watched.not_live_since = now
            lost = now - watched.not_live_since >= _OUTAGE_S or status.state is StreamState.FINISHED
            if lost and not watched.outage_told:
                watched.outage_told = True
                self._on_events(self._scheduler.change(number, lambda watch: watch.close(EndReason.STREAM_ENDED)))

    def close(self) -> None:
        """Stop all readers and end all events, as at a stop in good order."""
        for watched in self._watched.values():
            if watched.reader is not None:
                watched.reader.request_stop()
        for number in list(self._watched):
            self._remove(number, EndReason.STOPPED)

    def _add(self, camera: WatchedCamera, epoch: int) -> None:
        number = camera.camera.id
        self._scheduler.add(number, self._make_watch(number, camera.rules, epoch))
        self._watched[number] = watched = _Watched(camera, Ring())
        self._read(watched)

    def _change(self, watched: _Watched, camera: WatchedCamera) -> None:
        before, watched.camera = watched.camera, camera
        if before.rules != camera.rules:
            number = camera.camera.id
            self._on_events(self._scheduler.change(number, lambda watch: watch.replace(camera.rules)))
        if (before.stream, before.sealed_login, before.quarantine) != (
            camera.stream,
            camera.sealed_login,
            camera.quarantine,
        ):
            self._unread(watched, before)
            self._read(watched)

    def _remove(self, number: CameraId, reason: EndReason) -> None:
        watched = self._watched[number]
        self._unread(watched, watched.camera)
        self._on_events(self._scheduler.remove(number).close(reason))
        del self._watched[number]
        self._on_gone(number)

    def _read(self, watched: _Watched) -> None:
        camera = watched.camera
        if camera.quarantine is not None:
            self._say(camera, StreamState.QUARANTINED, camera.quarantine, self._clock.now())
            return
        watched.ring = Ring()
        watched.mark = self._marks.of(camera.camera.id)
        try:
            watched.reader = self._make_reader(camera, watched.ring, watched.mark)
        except SharpEyesError as error:
            # A login that the key does not open, say: it harms this camera alone.
            _log.error("camera %d cannot be read: %s", camera.camera.id, error.message)
            self._say(camera, StreamState.REFUSED, error.message, self._clock.now())
            return
        watched.reader.start()

    def _unread(self, watched: _Watched, camera: WatchedCamera) -> None:
        if watched.reader is not None:
            watched.reader.stop()
            watched.reader = None
        if watched.mark is not None:
            self._marks.give_back(watched.mark)
            watched.mark = None
        self._board.forget(camera.stream.id)

    def _say(self, camera: WatchedCamera, state: StreamState, reason: str, now: datetime) -> None:
        self._board.put(StreamStatus(camera.camera.id, camera.stream.id, state, now, reason))


def unsealed(key: SealingKey, camera: WatchedCamera) -> Login | None:
    """The login of the camera's stream. Raises `BadInput` where the key does not open it."""
    return None if camera.sealed_login is None else unseal(key, camera.camera.id, camera.sealed_login)
