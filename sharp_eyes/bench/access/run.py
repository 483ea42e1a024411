"""Runs the parts of the benchmark over one city."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from registry.db import open_database

from ...simulate import City
from ..made_city import Tell, make_city
from .reads_beside_sign_ins import reads_beside_sign_ins
from .record import record
from .scope_worked_out import scope_worked_out
from .search_cost import search_cost
from .stage import Figure, Part, Stage

PARTS: Final[dict[str, Part]] = {
    "search": search_cost,
    "scope": scope_worked_out,
    "record": record,  # before the API seals and signs with a key of its own
    "reads": reads_beside_sign_ins,
}
"""By their names on the command line, in the order in which they run."""
RUNS: Final = 200
_DEPARTMENTS: Final = 90
_DAYS: Final = 90
_SEED: Final = 1


def bench_access(
    cameras: int, events: int, url: str | None, parts: Sequence[str], tell: Tell, *, runs: int = RUNS
) -> list[Figure]:
    """The figures of `parts`, over a simulated city of so many cameras and events: in a temporary SQLite file, or in
    the empty PostgreSQL database at `url`, where it stays.

    Raises `Conflict` where that database is not empty, `SharpEyesError` where an answer is wrong.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sharp-eyes-bench-")))
        url = url or f"sqlite:///{folder / 'city.db'}"

        city = City(cameras=cameras, departments=_DEPARTMENTS, events=events, days=_DAYS, seed=_SEED, grants=0, looks=0)
        make_city(url, city, tell)
        database = open_database(url)
        stack.callback(database.close)
        stage = Stage(database=database, url=url, runs=runs, seed=_SEED, tell=tell, rows=events)
        return [figure for part in parts for figure in PARTS[part](stage)]
