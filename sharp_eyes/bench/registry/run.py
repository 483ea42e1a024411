"""Runs the parts of the benchmark over one registry."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from registry.db import open_database

from ...simulate import City
from ...simulate.switching import switch_on
from ..made_city import Tell, make_city
from .catalogue import catalogue
from .http import serve
from .importing import importing
from .leases import leased
from .oracle import Oracle
from .overview import overview
from .points import map_points
from .stage import Figure, Part, Stage

PARTS: Final[dict[str, Part]] = {
    "catalogue": catalogue,
    "overview": overview,
    "points": map_points,
    "import": importing,
    "leases": leased,
}
"""By their names on the command line, in the order in which they run."""
RUNS: Final = 120
_DEPARTMENTS: Final = 90
_SEED: Final = 1


def bench_registry(
    cameras: int, url: str | None, parts: Sequence[str], tell: Tell, *, runs: int = RUNS
) -> list[Figure]:
    """The figures of `parts`, over a simulated city of so many cameras: in a temporary SQLite file, or in the empty
    PostgreSQL database at `url`, where it stays.

    Raises `Conflict` where that database is not empty, `SharpEyesError` where an answer is wrong.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sharp-eyes-bench-")))
        url = url or f"sqlite:///{folder / 'city.db'}"

        city = City(cameras=cameras, departments=_DEPARTMENTS, events=0, days=1, seed=_SEED, grants=0, looks=0)
        make_city(url, city, tell)
        database = open_database(url)
        stack.callback(database.close)
        switch_on(database)  # nobody watches them here, and a city's cameras are on
        stage = Stage(
            database=database,
            url=url,
            folder=folder,
            api=stack.enter_context(serve(url, folder)),
            oracle=cache(partial(Oracle.ask, database)),
            runs=runs,
            seed=_SEED,
            tell=tell,
        )
        return [figure for part in parts for figure in PARTS[part](stage)]
