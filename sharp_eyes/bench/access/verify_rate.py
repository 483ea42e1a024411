"""How long it takes to seal and to check the record."""

from datetime import datetime, timedelta
from time import perf_counter
from typing import Final

from core.access import MACHINE
from core.camera import DepartmentId
from core.clock import Clock
from core.errors import SharpEyesError
from core.ids import CameraId
from registry.audit.checkpoints import CheckpointKeys, make_checkpoint
from registry.audit.entry import Act, Actor, Entry, put_all
from registry.audit.seals import Sealing
from registry.audit.verify import verify
from registry.chunks import in_chunks
from registry.db import Database

from ..made_city import Tell
from .stage import Figure

ROWS: Final = 1_000_000
GOAL_S: Final = 60.0
_AT_ONCE: Final = 5_000
_CAMERAS: Final = 1_000
_DEPARTMENTS: Final = 20


def verify_rate(
    database: Database, keys: CheckpointKeys, clock: Clock, tell: Tell, *, rows: int = ROWS
) -> list[Figure]:
    """Put so many rows on record, seal and check them; the times are those of a million rows.

    Raises `SharpEyesError` where the check finds anything but all of them, whole.
    """
    now = clock.now()
    for numbers in in_chunks(range(rows), _AT_ONCE):
        tell("putting rows on record", numbers[0], rows)
        entries = [_entry(now - timedelta(seconds=rows - n), n) for n in numbers]
        with database.write() as connection:
            put_all(connection, entries)
    sealing = Sealing(database)
    sealed, began = 0, perf_counter()
    while some := sealing.seal_some():
        sealed += some
        tell("sealing", sealed, rows)
    sealing_s = perf_counter() - began
    make_checkpoint(database, keys, now)
    began = perf_counter()
    verdict = verify(database, keys, now, report=lambda done, of: tell("checking", done, of))
    checking_s = perf_counter() - began
    if not verdict.is_whole or verdict.rows < rows:
        raise SharpEyesError(
            f"{verdict.rows} rows were checked, and {verdict.faults[:3]} found; expected {rows}, whole"
        )
    return [
        _figure("sealing a million rows", sealing_s, sealed),
        _figure("checking a million rows", checking_s, verdict.rows, GOAL_S),
    ]


def _figure(name: str, seconds: float, rows: int, goal_s: float | None = None) -> Figure:
    million_s = seconds * 1_000_000 / rows
    values = {"rows": rows, "s_a_million": round(million_s, 1), "rows_per_s": round(rows / seconds)}
    if goal_s is None:
        return Figure(name, values)
    return Figure(name, values, f"at most {goal_s:g} s", million_s <= goal_s)


def _entry(at: datetime, n: int) -> Entry:
    return Entry(
        at=at,
        act=Act.LOOK_AT_CLIP if n % 3 else Act.SEARCH,
        actor=Actor.of(MACHINE),
        address="192.0.2.7",
        object_kind="event",
        object=str(n),
        camera=CameraId(n % _CAMERAS + 1),
        departments=frozenset({DepartmentId(n % _DEPARTMENTS + 1)}),
        purpose="a benchmark",
        detail={"n": n},
    )
