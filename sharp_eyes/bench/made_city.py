"""The simulated city that benchmarks stand on."""

import os
from collections.abc import Callable

from core.clock import SystemClock

from ..simulate import City, Progress, fill

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""


def make_city(url: str, city: City, tell: Tell) -> None:
    """Fill the empty database at `url` with `city`, and return once its pages are on the disk: else the system writes
    them back while something is measured, and whoever commits waits for a quarter of a second.

    Raises `Conflict` where that database is not empty.
    """

    def report(done: Progress) -> None:
        tell(f"making a city: {done.stage.value}", done.done, done.total)

    fill(url, city, until=SystemClock().now(), report=report)
    tell("writing the city to the disk", 0, 1)
    os.sync()
