"""The simulated city that benchmarks stand on."""

import os
from collections.abc import Callable

from core.clock import SystemClock

from ..database.settled import settle
from ..simulate import City, Progress, fill

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""


def make_city(url: str, city: City, tell: Tell) -> None:
    """Fill the empty database at `url` with `city`, and return once it is settled and its pages are on the disk, as far
    as that is in the hands of this machine: else they are written back while something is measured, and whoever commits
    waits for a quarter of a second. PostgreSQL writes its own only for a user that may say so (`pg_checkpoint`).

    Raises `Conflict` where that database is not empty.
    """

    def report(done: Progress) -> None:
        tell(f"making a city: {done.stage.value}", done.done, done.total)

    fill(url, city, until=SystemClock().now(), report=report)
    tell("settling the city, and writing it to the disk", 0, 1)
    settle(url)
    os.sync()
