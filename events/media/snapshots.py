"""Snapshots: one masked picture of each event, made in a thread that gives way to the others."""

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from core.errors import SharpEyesError
from core.frame import Picture
from core.ids import CameraId, EventId, event_camera

from .blackout import Areas
from .blobs import delete_quietly
from .drafts import Drafts, Outcomes
from .keys import blob_key
from .masking import Masker
from .records import StoredBlob
from .table import MediaKind

_log = logging.getLogger(__name__)

SNAPSHOT_SIDE: Final = 1280
"""Snapshots are at most so many pixels wide and high."""
LATEST_SIDE: Final = 640
TOO_BUSY: Final = "the masker was too busy"
MOST_WAITING: Final = 16
"""Jobs that may wait. Each holds a decoded picture, so this bounds memory."""
_MOST_REFUSED: Final = 10_000
"""Events whose refusal waits to be written down, while the database is away."""
_QUALITY: Final = 85
_NICENESS: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    event: EventId
    epoch: int
    picture: Callable[[], Picture]


class SnapshotTaker:
    """Masks and stores one picture of each event handed to it, and writes down whether that worked.

    What fails, at any step, leaves no picture and a reason. The latest picture of a camera is masked here too, so that
    one masker is shared by all who need it.
    """

    def __init__(
        self,
        masker: Masker,
        blobs: Drafts,
        ledger: Outcomes,
        *,
        areas_of: Callable[[CameraId], Areas],
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """`areas_of` gives a camera's privacy areas as they are now, in any thread. It raises where they are not known:
        then there is no picture."""
        self._areas_of = areas_of
        self._masker = masker
        self._masking = threading.Lock()
        self._blobs = blobs
        self._ledger = ledger
        self._most_waiting = most_waiting
        self._wake = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._announced: list[EventId] = []
        self._refused: list[tuple[EventId, str]] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)
        self.stored = 0
        self.failed = 0
        """Events that have no picture, with a reason in their row."""
        self.unrecorded = 0
        """Events whose outcome could not even be written down."""

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Make what waits, then end; what is not made within `timeout_s` seconds is given up at the next start."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            _log.warning("%d snapshots were not made before the stop", len(self._waiting))

    def take(self, event: EventId, epoch: int, picture: Callable[[], Picture]) -> None:
        """Make the snapshot of `event`, which is stored, from `picture`. Any thread; never blocks.

        `picture` is called once, in the taker's thread. Where too many wait already, this event gets no picture.
        """
        with self._wake:
            if len(self._waiting) < self._most_waiting:
                self._waiting.append(_Job(event, epoch, picture))
                self._announced.append(event)
                self._wake.notify()
                return
        self.go_without(event, TOO_BUSY)

    def go_without(self, event: EventId, reason: str) -> None:
        """Write down why `event`, which is stored, gets no picture. Any thread; never blocks."""
        with self._wake:
            if len(self._refused) < _MOST_REFUSED:
                self._refused.append((event, reason))
            else:
                self.unrecorded += 1
            self._wake.notify()

    def mask_jpeg(self, camera: CameraId, picture: Picture) -> bytes:
        """`picture` of `camera` as a masked JPEG of at most 640 pixels a side. Any thread. Raises `MaskingFailed`."""
        return self._masked_jpeg(camera, picture, LATEST_SIDE)[0]

    def _run(self) -> None:
        # Linux gives every thread a niceness of its own; making snapshots must not slow down looking at cameras.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while self._wait_for_work():
            try:
                self._work()
            except Exception:
                # One event's row that cannot be written must not leave all later events without pictures.
                _log.exception("a snapshot could not be made, and that could not be written down")

    def _work(self) -> None:
        with self._wake:
            announced, self._announced = self._announced, []
            refused, self._refused = self._refused, []
            job = self._waiting.popleft() if self._waiting else None
        self._ledger.announce(announced, MediaKind.SNAPSHOT)
        self._refuse(refused)
        if job is not None:
            self._make(job)

    def _wait_for_work(self) -> bool:
        with self._wake:
            self._wake.wait_for(lambda: self._waiting or self._refused or self._stopping)
            return bool(self._waiting or self._refused)

    def _refuse(self, refused: Sequence[tuple[EventId, str]]) -> None:
        for number, (event, reason) in enumerate(refused):
            if not self._fail(event, reason):
                # The database is away: the others wait, as far as there is room.
                with self._wake:
                    self._refused = [*refused[number + 1 :], *self._refused]
                return

    def _make(self, job: _Job) -> None:
        key = blob_key(job.event, job.epoch, MediaKind.SNAPSHOT)
        try:
            jpeg, width, height = self._masked_jpeg(event_camera(job.event), job.picture(), SNAPSHOT_SIDE)
            with self._blobs.writer(key) as sink:
                sink.write(jpeg)
            self._ledger.keep(job.event, MediaKind.SNAPSHOT, StoredBlob(key, len(jpeg), width=width, height=height))
            self.stored += 1
        except SharpEyesError as error:
            _log.warning("event %d gets no snapshot: %s", job.event, error.message)
            self._give_up(job.event, key, error.outside)
        except Exception:
            _log.exception("event %d gets no snapshot", job.event)
            self._give_up(job.event, key, "the snapshot could not be made; the worker's log says why")

    def _give_up(self, event: EventId, key: str, reason: str) -> None:
        delete_quietly(self._blobs, key)
        self._fail(event, reason)

    def _fail(self, event: EventId, reason: str) -> bool:
        written_down = self._ledger.give_up(event, MediaKind.SNAPSHOT, reason)
        if written_down:
            self.failed += 1
        else:
            self.unrecorded += 1
        return written_down

    def _masked_jpeg(self, camera: CameraId, picture: Picture, longest: int) -> tuple[bytes, int, int]:
        small = _shrunk(picture, longest)
        with self._masking:
            masked = self._masker.mask(small, self._areas_of(camera)).picture
        return _jpeg(masked)


def masked_jpeg(masker: Masker, picture: Picture, longest: int, areas: Areas = ()) -> tuple[bytes, int, int]:
    """The masked JPEG of `picture`, at most `longest` pixels wide and high, and its width and height.

    `areas` are black. It is shrunk first: blocks are measured in pixels that are shown. Raises `MaskingFailed`.
    """
    return _jpeg(masker.mask(_shrunk(picture, longest), areas).picture)


def _jpeg(masked: Picture) -> tuple[bytes, int, int]:
    done, jpeg = cv2.imencode(".jpg", masked, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise RuntimeError(f"OpenCV cannot write a JPEG of {masked.shape}")
    height, width = masked.shape[:2]
    return jpeg.tobytes(), width, height


def _shrunk(picture: Picture, longest: int) -> Picture:
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
