"""A city under the eyes of a worker's own parts. Its cameras show nothing by themselves: a test hands in frames."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.camera import Camera, DepartmentId, Stream, StreamId, StreamRole
from core.clock import SystemClock
from core.event import Event
from core.ids import CameraId
from core.rule import Rule
from inference.scheduler import Scheduler, SchedulerSettings
from inference.watch import Look, Watch
from ingest.reader import Reader
from ingest.ring import Ring
from ingest.settings import ReaderSettings
from registry.snapshot import WatchedCamera
from sharp_eyes.worker.city import City
from sharp_eyes.worker.decoding_marks import DecodingMark, DecodingMarks
from sharp_eyes.worker.known_areas import KnownAreas
from sharp_eyes.worker.readers import Readers
from sharp_eyes.worker.status_board import StatusBoard
from tests.support.builders import FakeClock, a_frame, a_rule, after
from tests.support.scheduling import OpenDetector
from tests.support.waiting import wait_for

OPENS_FOR_S = 1.5
"""How long a reader stays inside FFmpeg when its camera is silent."""
NOWHERE = "file:///there/is/no/such/clip.mp4"


def a_camera(
    number: int,
    *,
    url: str = NOWHERE,
    rules: Sequence[Rule] | None = None,
    sealed_login: bytes | None = None,
    quarantine: str | None = None,
) -> WatchedCamera:
    """A camera to be watched; without `rules`, for people anywhere, at once."""
    camera = CameraId(number)
    if rules is None:
        rules = (a_rule(number, camera=camera, min_duration_s=0),)
    stream = Stream(StreamId(number), camera, StreamRole.DETECT, url)
    return WatchedCamera(
        Camera(camera, f"camera {number}", DepartmentId(1)), stream, sealed_login, tuple(rules), quarantine
    )


class Town:
    """The parts, and what came out of them."""

    def __init__(self, folder: Path, open_login: Callable[[WatchedCamera], None]) -> None:
        self.clock = FakeClock()
        self.looks: list[Look] = []
        self.events: list[Event] = []
        self.pictures_gone: list[CameraId] = []
        self.scheduler = Scheduler(OpenDetector, self.clock, self._looked, SchedulerSettings(threads=1))
        self.areas = KnownAreas()
        self.board = StatusBoard(self.scheduler.counters, self.clock)
        self.marks = DecodingMarks(folder / "marks")
        self._open_login = open_login
        # The readers' patience is measured in real time, since their threads are real.
        self.readers = Readers(self.board, self.marks, SystemClock(), self._make_reader)
        self.city = City(
            self.scheduler,
            self.readers,
            self.board,
            self.clock,
            make_watch=self.make_watch,
            on_events=self.events.extend,
            on_pictures_gone=self.pictures_gone.append,
            areas=self.areas,
        )

    @staticmethod
    def make_watch(camera: CameraId, rules: Sequence[Rule], epoch: int) -> Watch:
        return Watch(camera, rules, epoch)

    def watch(self, *cameras: WatchedCamera) -> None:
        """Watch exactly these, in their first epoch."""
        self.city.apply(cameras, {camera.camera.id: 1 for camera in cameras})

    def show(self, number: int, second: float) -> None:
        """Show the camera a person, and wait until it was looked at."""
        seen = len(self.looks)
        self.scheduler.offer(a_frame(after(second), camera=CameraId(number)))
        wait_for(lambda: len(self.looks) > seen, "a look")

    def begin_event(self, number: int) -> None:
        """Show somebody for long enough."""
        for second in range(3):
            self.show(number, float(second))
        assert [event for event in self.events if event.camera == number and event.ended_at is None]

    def ends(self, number: int) -> list[str]:
        """Why events of the camera ended."""
        return [event.end_reason.value for event in self.events if event.camera == number and event.end_reason]

    def state(self, number: int) -> str | None:
        status = self.board.of(StreamId(number))
        return None if status is None else status.state.value

    def _looked(self, look: Look) -> None:
        self.events += look.events
        self.looks.append(look)

    def _make_reader(self, camera: WatchedCamera, ring: Ring, mark: DecodingMark) -> Reader:
        self._open_login(camera)
        settings = ReaderSettings(open_timeout_s=OPENS_FOR_S, read_timeout_s=0.5, first_wait_s=30)
        return Reader(
            camera.stream,
            None,
            settings,
            SystemClock(),
            ring=ring,
            on_frame=lambda frame, waits: None,
            on_status=self.board.put,
            mark=mark,
        )


@contextmanager
def a_town(folder: Path, open_login: Callable[[WatchedCamera], None] = lambda camera: None) -> Iterator[Town]:
    """A town whose scheduler runs; `open_login` may refuse a camera."""
    town = Town(folder, open_login)
    town.scheduler.start()
    try:
        yield town
    finally:
        town.city.close()
        town.scheduler.stop()


@contextmanager
def silent_camera() -> Iterator[str]:
    """The address of a camera that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"rtsp://127.0.0.1:{listener.getsockname()[1]}/silence"
