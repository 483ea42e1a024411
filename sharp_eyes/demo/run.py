"""Runs the demo: an RTSP server, a registry with a few cameras, and the whole system on them."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from core.clock import Clock
from core.errors import Unavailable
from registry.db import Database

from ..preparation import prepare
from ..run import run_all
from ..settings import Settings
from ..worker.slots import alone_in
from .city import PLAY_ON, Sight, furnish, look
from .door import Door, open_door
from .footage import check_clip, street_clip
from .ports import free_port
from .rtsp_server import lay_out, serve_clips

_FIRST_FRAME_S = 90.0
_LOOK_EVERY_S = 0.5
_LOG_LINES = 8


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo is to show."""

    cameras: int
    video: Path | None
    data: Path | None
    """Where to keep what happens; None: a temporary folder."""
    seconds: float | None
    """How long to go on after the first frame; None: until it is stopped."""


def run_demo(
    demo: Demo,
    settings: Settings,
    config: Path | None,
    stop: Flag,
    clock: Clock,
    on_sight: Callable[[Sight, Door, float | None], None],
) -> tuple[Sight, Door]:
    """The last sight of the city, and how the console is entered. `on_sight` is called twice a second.

    Raises `BadInput` for a clip that cannot be shown, `NotFound` where the demo's parts are not installed,
    `Unavailable` where no picture came in 90 s.
    """
    if demo.video is not None:
        check_clip(demo.video, settings.streams)
    with ExitStack() as stack:
        folder = demo.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sharp-eyes-demo-")))
        settings = settings.model_copy(update={"data": folder, "database": None})
        database = stack.enter_context(_opened(settings))
        with alone_in(settings.data):
            # Not while another demo runs in this folder: its cameras are shown by its own server.
            name = lay_out(demo.video or street_clip(), folder / "footage")
            server = stack.enter_context(serve_clips(folder / "footage", folder / "rtsp-server.log", clock))
            furnish(database, demo.cameras, f"{server}/{name}{PLAY_ON}")
        port = free_port(settings.api.host, settings.api.port)
        host = f"[{settings.api.host}]" if ":" in settings.api.host else settings.api.host
        # Before it runs: with nobody there it would print a link into its log, by which anybody becomes the city admin.
        door = open_door(database, f"http://{host}:{port}/", clock)
        log = folder / "sharp-eyes.log"
        stack.enter_context(_running(settings, config, port, log))
        return _watch(demo, database, door, log, stop, clock, on_sight), door


def _watch(
    demo: Demo,
    database: Database,
    door: Door,
    log: Path,
    stop: Flag,
    clock: Clock,
    on_sight: Callable[[Sight, Door, float | None], None],
) -> Sight:
    began = clock.monotonic()
    first_frame: float | None = None
    while True:
        sight = look(database)
        now = clock.monotonic()
        if first_frame is None and sight.frames:
            first_frame = now
        if first_frame is None and now - began > _FIRST_FRAME_S:
            raise Unavailable(
                f"no camera has shown a picture within {_FIRST_FRAME_S:.0f} s", hint=f"its log ends: {_end_of(log)}"
            )
        left = None if demo.seconds is None else demo.seconds - (now - first_frame if first_frame else 0)
        on_sight(sight, door, left)
        if stop.is_set() or (left is not None and left <= 0):
            return sight
        clock.sleep(_LOOK_EVERY_S, stop)


def _end_of(log: Path) -> str:
    """The last lines of the log, which goes with the folder."""
    return "\n  ".join(log.read_text(errors="replace").splitlines()[-_LOG_LINES:])


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = prepare(settings)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _running(settings: Settings, config: Path | None, port: int, log: Path) -> Iterator[None]:
    """The whole system, as `sharp-eyes run` runs it, until the context ends."""
    stop = Flag()
    environment = {
        "SHARP_EYES_DATA": str(settings.data),
        "SHARP_EYES_DATABASE": settings.database_url,
        "SHARP_EYES_API__PORT": str(port),
    }
    with log.open("ab") as output:
        thread = Thread(
            target=run_all,
            args=(settings, config, stop),
            kwargs={"environment": environment, "log": output},
            name="supervisor",
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
