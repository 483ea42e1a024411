"""Runs the benchmark over one city."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from core.errors import BadInput
from registry import departments
from registry.db import Database, Engines, open_database

from ..made_city import Tell
from ..registry.http import serve
from ..registry.oracle import Oracle as Cameras
from .askers import Asker, make_askers
from .beside import Written, writing
from .city import as_it_was, city_of, make_or_find
from .client import Client
from .counts import COUNTS, compare_counts, draw_counts, measure_counts
from .inserting import MOST_INSERTS, Inserts, measure_inserts
from .oracle import TIME_ZONE, Oracle
from .pages import compare_pages, draw_pages, measure_pages
from .scan import scan
from .shapes import SHAPES
from .stage import Figure, Stage

RUNS: Final = 120
SAMPLE: Final = 3
"""So many answers to each shape and asker are held against the scan."""
_INSERTED: Final = 20
"""One event is written at best for so many that are there."""
ALL_SHAPES: Final = (*SHAPES, *COUNTS)
_SEED: Final = 1
_SETTINGS: Final = {
    "SHARP_EYES_HISTORY__TIME_ZONE": TIME_ZONE,
    "SHARP_EYES_API__REQUESTS_PER_MINUTE": "1000000",  # the benchmark is a client that never thinks
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found."""

    engine: Engines
    cameras: int
    events: int
    """As many as there were before the benchmark wrote more."""
    shapes: list[Figure]
    compared: int
    """How many answers were held against a straight scan."""
    beside: Written
    inserts: Inserts
    is_kept: bool
    """Whether the city stays; what was written beside and at the end does not."""

    def values(self) -> dict[str, Any]:
        """For programs."""
        return {
            "engine": self.engine.value,
            "cameras": self.cameras,
            "events": self.events,
            "shapes": [figure.values() for figure in self.shapes],
            "compared": self.compared,
            "written_beside": self.beside.events,
            "written_beside_per_s": self.beside.per_s,
            "insert_per_s": self.inserts.per_s,
            "inserted": self.inserts.events,
            "insert_work_us": self.inserts.work_us,
        }


def bench_search(
    cameras: int,
    events: int,
    tell: Tell,
    *,
    url: str | None = None,
    data: Path | None = None,
    shapes: Sequence[str] = (),
    runs: int = RUNS,
) -> Found:
    """The figures of `shapes` (all without it), over a simulated city: in the PostgreSQL database at `url` or in a file
    in the folder `data`, where it stays and is used again; without both in a temporary file.

    Raises `BadInput` for a shape that there is not, `Conflict` where something else is there than the city that was
    asked for, `SharpEyesError` where an answer is wrong.
    """
    if strange := sorted(set(shapes) - set(ALL_SHAPES)):
        raise BadInput(f"there is no shape {strange[0]!r}; expected some of {', '.join(ALL_SHAPES)}", field="shapes")
    chosen = [name for name in ALL_SHAPES if not shapes or name in shapes]
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(TemporaryDirectory(prefix="sharp-eyes-bench-")))
        folder = temporary if data is None else data
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = url or f"sqlite:///{folder / 'city.db'}"
        make_or_find(url, city_of(cameras, events, _SEED), tell)
        database = stack.enter_context(closing(open_database(url)))
        is_kept = folder is not temporary or database.kind is Engines.POSTGRESQL
        if is_kept:
            stack.enter_context(as_it_was(database, tell))
        oracle = read_oracle(database, tell)
        askers = make_askers(database, _SEED)
        with _stage(database, url, folder, oracle, askers, runs, tell) as stage:
            pages = draw_pages(stage, [name for name in chosen if name in SHAPES])
            counts = draw_counts(stage, [name for name in chosen if name in COUNTS])
            compared = compare_pages(stage, pages) + compare_counts(stage, counts)
            with writing(url, temporary) as beside:
                figures = [*measure_pages(stage, pages), *measure_counts(stage, counts)]
        tell("writing as fast as can be", 0, 1)
        return Found(
            engine=database.kind,
            cameras=cameras,
            events=len(oracle.scan),
            shapes=figures,
            compared=compared,
            beside=beside,
            inserts=measure_inserts(database, _SEED, min(events // _INSERTED, MOST_INSERTS)),
            is_kept=is_kept,
        )


@contextmanager
def _stage(
    database: Database, url: str, folder: Path, oracle: Oracle, askers: Sequence[Asker], runs: int, tell: Tell
) -> Iterator[Stage]:
    with ExitStack() as stack:
        tell("starting the API", 0, 1)
        api = stack.enter_context(serve(url, folder, _SETTINGS))
        clients = {asker: stack.enter_context(closing(Client(api.port, asker.key))) for asker in askers}
        yield Stage(database, oracle, api, clients, min(SAMPLE, runs), runs, _SEED, tell)


def read_oracle(database: Database, tell: Tell) -> Oracle:
    """All that the oracle goes by, as it is now."""
    tell("reading all events", 0, 1)
    found = scan(database, lambda read: tell("reading all events", read, read))
    tell("reading all cameras", 0, 1)
    with database.read() as connection:
        known = departments.list_departments(connection)
    return Oracle(
        scan=found,
        cameras=Cameras.ask(database),
        parents={one.id: one.parent for one in known},
        sectors={one.id: one.kind.value for one in known},
    )
