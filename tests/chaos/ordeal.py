"""What is done to the city, one thing after the other."""

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support import false_clock
from tests.support.waiting import wait_for

from .beat import QUIET_S
from .city import City, founded
from .tally import Tally, spooled, tally

_AWAY_S = 12.0
"""For how long a worker is frozen or cut off: longer than its lease of 5 s, and than its cameras need to move."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the ordeal went."""

    tally: Tally
    moved_s: dict[str, float]
    """How many seconds after each deed all cameras were live again, as the API says."""
    spread: list[int]
    """Cameras by worker at the end."""


def go_through(
    folder: Path, *, minutes: float, streams: int, workers: int, say: Callable[[str], None] = lambda _: None
) -> Outcome:
    """Let a city of `streams` cameras go through all deeds, spread evenly over `minutes`."""
    with founded(folder, workers) as city:
        city.start(streams)
        wait_for(lambda: max(shares := city.by_worker() or [streams]) - min(shares) <= 1, "all have their share", 120)
        wait_for(lambda: city.live() == streams, f"all {streams} cameras are live", 60)
        since = datetime.now(UTC)
        began = time.monotonic()
        say(f"{streams} cameras are live on {workers} workers: {city.by_worker()}")
        moved: dict[str, float] = {}
        deeds = list(_deeds(city))
        with city.note_what_is_made():
            for number, (name, deed) in enumerate(deeds):
                _wait_until(began + 60 * minutes * (number + 0.5) / (len(deeds) + 1))
                say(name)
                done = time.monotonic()
                deed()
                moved[name] = _settled(city, streams, done)
                say(f"  all live {moved[name]:.1f} s after it began; {city.by_worker()}")
            _wait_until(began + 60 * minutes)
            until = datetime.now(UTC)
            spread = city.by_worker()
        for worker in city.workers:
            worker.end()
        # What could not be written before the stop is on disk, and comes first at the next start.
        city.workers[0].start()
        wait_for(lambda: spooled(city.data) == 0, "the spools are empty", 60)
        city.workers[0].end()
        return Outcome(tally(city.url, city.data, QUIET_S, since, until), moved, spread)


def _deeds(city: City) -> Iterator[tuple[str, Callable[[], None]]]:
    first, second, third = city.workers[:3]

    def kill() -> None:
        first.send(signal.SIGKILL)
        wait_for(lambda: len(city.by_worker()) == len(city.workers) - 1, "the API misses the killed worker", 30)

    def freeze() -> None:
        second.send(signal.SIGSTOP)
        time.sleep(_AWAY_S)
        second.send(signal.SIGCONT)

    def cut_off() -> None:
        third.relay.go_down()
        time.sleep(_AWAY_S)
        third.relay.come_up()

    def restart_database() -> None:
        city.postgres.stop()
        time.sleep(4)
        assert city.postgres.start()

    def restart_cameras() -> None:
        city.cameras.kill()
        time.sleep(3)
        city.cameras.start()

    yield "a worker is killed (SIGKILL)", kill
    yield "it starts again", first.start
    yield f"a worker is frozen for {_AWAY_S:.0f} s (SIGSTOP, SIGCONT)", freeze
    yield "the database is away for 4 s (restart)", restart_database
    yield "the RTSP server is away for 3 s (killed, started)", restart_cameras
    yield f"a worker is cut off from the database for {_AWAY_S:.0f} s", cut_off
    if not false_clock.is_missing():
        yield "the clock of a worker is set back an hour", lambda: third.set_clock("-3600s")


def _settled(city: City, streams: int, since: float) -> float:
    # A silent worker's cameras still count as live until others have them.
    wait_for(
        lambda: sum(city.by_worker()) == streams == city.live(), f"all {streams} cameras are held, and live again", 90
    )
    return round(time.monotonic() - since, 1)


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
