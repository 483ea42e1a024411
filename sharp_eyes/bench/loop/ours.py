"""Our loop, put together of the worker's own parts: readers, scheduler, detector, tracker, rules."""

from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from core.attention import Attention, IdleDecoding, Sensitivity
from core.camera import Stream, StreamId, StreamRole
from core.clock import SystemClock
from core.drop_reason import DropReason
from core.frame import Frame
from core.ids import CameraId
from inference.scheduler import Scheduler
from inference.watch import Look, Watch
from ingest.lookout import Watching
from ingest.reader import Reader
from ingest.ring import Ring

from ...openings import make_loop_detector, open_objects_model
from ...rules_file import street_rule
from ...settings import Settings
from ...worker.readers import ATTENTIVE
from .task import Task


class _NoMark:
    def begin(self) -> None: ...

    def end(self) -> None: ...


def _p95_ms(latencies: list[float]) -> float | None:
    return round(sorted(latencies)[int(len(latencies) * 0.95)] * 1000, 1) if latencies else None


class Ours:
    """What `sharp-eyes worker` does up to the events, without the database and the media."""

    def __init__(self) -> None:
        self._settings = Settings()
        self._model = open_objects_model(self._settings)
        self._clock = SystemClock()
        self._readers: list[Reader] = []
        self._scheduler: Scheduler | None = None
        self._lock = Lock()
        self._looks: list[tuple[int, float, float]] = []
        """Camera, seconds from its picture's arrival, and from its decoding, until it was tracked."""
        self._decoded: dict[CameraId, tuple[datetime, float]] = {}
        self._overtaken_before = 0

    def start(self, task: Task) -> None:
        settings = self._settings
        self._scheduler = Scheduler(
            lambda: make_loop_detector(self._model, settings), self._clock, self._looked, settings.looking
        )
        attention = Attention(Sensitivity(task.sensitivity), idle=IdleDecoding(task.idle))
        cameras = [CameraId(number) for number in range(1, len(task.clips) + 1)]
        for camera in cameras:
            self._scheduler.add(
                camera, Watch(camera, [street_rule(camera)], 1, tracking=settings.tracking, life=settings.events)
            )
        self._scheduler.start()
        self._readers = [
            self._reader(camera, clip, Watching(task.detect_fps, attention), self._scheduler)
            for camera, clip in zip(cameras, task.clips, strict=True)
        ]
        for number, reader in enumerate(self._readers):
            reader.start()
            if number < len(self._readers) - 1:
                self._clock.sleep(0.01)  # cameras do not send all at the same moment

    def counted(self) -> dict[str, Any]:
        assert self._scheduler is not None  # noqa: S101 - it was started
        with self._lock:
            looks, self._looks = self._looks, []
        overtaken = self._scheduler.dropped()[DropReason.OVERTAKEN]
        fresh, self._overtaken_before = overtaken - self._overtaken_before, overtaken
        return {
            "looks": len(looks),
            "looks_by_camera": [
                sum(camera == number for camera, *_ in looks) for number in range(1, len(self._readers) + 1)
            ],
            "overtaken": fresh,
            "p95_ms": _p95_ms([since_decoding for *_, since_decoding in looks]),
            "arrival_p95_ms": _p95_ms([since_arrival for _, since_arrival, _ in looks]),
            "live": sum(reader.status.state.value == "live" for reader in self._readers),
        }

    def stop(self) -> None:
        for reader in self._readers:
            reader.request_stop()
        for reader in self._readers:
            reader.stop()
        if self._scheduler is not None:
            self._scheduler.stop()
        self._readers, self._overtaken_before = [], 0

    def _looked(self, look: Look) -> None:
        at, decoded = self._decoded[look.frame.camera]
        if not look.is_carried_on and at == look.frame.at:
            with self._lock:
                self._looks.append((look.frame.camera, look.latency_s, self._clock.monotonic() - decoded))
        if any(not track.is_stationary for track in look.tracks):
            self._readers[look.frame.camera - 1].attend(look.frame.at + ATTENTIVE)

    def _reader(self, camera: CameraId, clip: str, watching: Watching, scheduler: Scheduler) -> Reader:
        is_file = "://" not in clip
        url = Path(clip).as_uri() if is_file else clip

        def shown(frame: Frame, waits: bool) -> None:
            self._decoded[frame.camera] = frame.at, self._clock.monotonic()
            scheduler.offer(frame, waits)

        settings = self._settings.streams.model_copy(update={"files": Path(clip).parent if is_file else None})
        return Reader(
            Stream(StreamId(int(camera)), camera, StreamRole.DETECT, url),
            None,
            settings,
            self._clock,
            ring=Ring(),
            on_frame=shown,
            on_status=lambda status: None,
            mark=_NoMark(),
            watching=watching,
        )
