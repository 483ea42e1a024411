"""`python -m tests.chaos.long_run --minutes 30`: eight cameras are watched while everything that Sharp Eyes stands on
is taken from it in turn, and its own processes are killed. Then `reckoning` and `tally` count, which know nothing of
it."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from minio import Minio

from tests.support.object_store import BUCKET
from tests.support.waiting import wait_for

from .beat import QUIET_S
from .long_city import LongCity, fill
from .reckoning import Reckoning, reckon
from .tally import Tally, tally

_BEATS = 5
"""So many of the cameras, the first ones, show something at known times: theirs are the gaps in watching."""
Deed = tuple[str, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class LongRun:
    """How it went."""

    tally: Tally
    reckoning: Reckoning
    worst_gap_s: float
    """The longest time for which nobody watched a camera that shows something at known times."""
    gaps: dict[int, float]
    moved_s: dict[str, float]
    """How many seconds after each deed began all cameras were live again, as the API says."""


def go_through(folder: Path, *, minutes: float, say: Callable[[str], None] = lambda _: None) -> LongRun:
    """Let the city go through all deeds, spread evenly over `minutes`."""
    with ExitStack() as stack:
        city = LongCity(stack, folder)
        city.start()
        say(f"{len(city.streams)} cameras are live: {', '.join(name for name, _ in city.streams)}")
        since, began = datetime.now(UTC), time.monotonic()
        moved: dict[str, float] = {}
        deeds = list(_deeds(city))
        with city.note_what_is_made():
            for number, (name, deed) in enumerate(deeds):
                _wait_until(began + 60 * minutes * (number + 0.5) / (len(deeds) + 1))
                say(name)
                done = time.monotonic()
                deed()
                wait_for(lambda: city.live() == len(city.streams), "all cameras are live again", 120)
                moved[name] = round(time.monotonic() - done, 1)
                say(f"  all live {moved[name]} s after it began")
            _wait_until(began + 60 * minutes)
            until = datetime.now(UTC)
        say("everything that waits may arrive now")
        city.quiesce()
        counted = tally(city.url, city.program.data, QUIET_S, since, until, made=city.made)
        at = city.store.at
        store = Minio(f"127.0.0.1:{at.port}", at.access_key, at.secret_key, secure=False)
        reckoned = reckon(city.url, city.received, store, BUCKET, 1)
        gaps = {camera: gap for camera, gap in counted.gaps.items() if camera <= _BEATS}
        return LongRun(counted, reckoned, max(gaps.values()), gaps, moved)


def _deeds(city: LongCity) -> Iterator[Deed]:
    def away(seconds: float, *ways: tuple[Callable[[], None], Callable[[], object]]) -> Callable[[], None]:
        def do() -> None:
            for stop, _ in ways:
                stop()
            time.sleep(seconds)
            for _, start in ways:
                start()

        return do

    def fill_the_disk() -> None:
        ballast = fill(city.disk)
        time.sleep(45)
        ballast.unlink()

    cameras = city.cameras.kill, city.cameras.start
    database = city.postgres.stop, city.postgres.start
    store = city.store.kill, city.store.start
    receiver = city.receiver.kill, city.receiver.start
    yield "the RTSP server is away for 5 s (killed, started)", away(5, cameras)
    yield "the worker is killed (SIGKILL)", lambda: city.kill("worker")
    yield "PostgreSQL is away for 10 s", away(10, database)
    yield "the S3 store is away for 90 s (killed, started)", away(90, store)
    yield "the receiver is away for 60 s (killed, started)", away(60, receiver)
    yield "the API is killed (SIGKILL)", lambda: city.kill("api")
    yield "the disk is full for 45 s", fill_the_disk
    yield "the alerts are killed (SIGKILL)", lambda: city.kill("alerts")
    yield "the S3 store and PostgreSQL are away at a time, for 20 s", away(20, store, database)
    yield "the worker is killed again", lambda: city.kill("worker")


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--folder", type=Path, help="kept afterwards; without it: a temporary one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sharp-eyes-long-run-") as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run = go_through(
            folder,
            minutes=asked.minutes,
            say=lambda text: print(f"{datetime.now(UTC):%H:%M:%S} {text}", flush=True),
        )
    adds_up = run.tally.adds_up and run.reckoning.adds_up
    print(json.dumps({**asdict(run), "adds_up": adds_up}, indent=2))
    return 0 if adds_up else 1


if __name__ == "__main__":
    sys.exit(main())
