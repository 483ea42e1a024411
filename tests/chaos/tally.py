"""Counts what became of the events, and how long nobody watched: from the database and the spools alone.

This stands beside the system and imports nothing of it: `python -m tests.chaos.tally DATABASE_URL DATA_FOLDER --quiet S
--since ISO --until ISO`. It goes by four facts:

- a rule book numbers the events of a camera's epoch 1, 2, 3 ...: a number that is neither stored, nor merged into an
  outage, nor fenced, nor on a worker's disk is an event that was lost;
- each epoch of a camera begins where the one before ended: else nobody, or two, held it;
- on each picture something moves again and again, with a known quiet time between: where longer passes from the end of
  an event to the start of the next, nobody watched;
- what the workers said they had made (`made.jsonl`, written while they ran) cannot be more than all of these.
"""

import argparse
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg

_EVENT_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = 2**62
_CAMERA_BITS = 22
Origin = tuple[int, int, int]
"""Camera, epoch, n."""


@dataclass(slots=True)
class Tally:
    """What was found."""

    stored: int = 0
    fenced: int = 0
    merged: int = 0
    """Lost streams that are members of an outage, beside the one that became its event."""
    spooled: int = 0
    """Events that still lie on a worker's disk."""
    made_at_least: int = 0
    """What the workers had told of, when they were last asked."""
    numbers_missing: int = 0
    """Events that were numbered and are nowhere, before the last one of their epoch that is known."""
    missing: list[Origin] = field(default_factory=list)
    stored_twice: int = 0
    open_without_worker: int = 0
    """Events without an end whose epoch has one."""
    epochs: int = 0
    epochs_apart: float = 0.0
    """The longest time between an epoch of a camera and the next, in seconds."""
    epochs_overlap: float = 0.0
    worst_gap_s: float = 0.0
    """The longest time without an event on a camera, less the quiet time between two."""
    worst_gap: str = ""
    gaps: dict[int, float] = field(default_factory=dict)
    """The longest gap of each camera, in seconds."""

    @property
    def adds_up(self) -> bool:
        """Whether every event is accounted for, once."""
        known = self.stored + self.fenced + self.merged + self.spooled
        return not (self.numbers_missing or self.stored_twice or self.spooled) and self.made_at_least <= known


def tally(
    database: str, data: Path, quiet_s: float, since: datetime, until: datetime, *, made: Path | None = None
) -> Tally:
    """Count. `since` and `until`: when all cameras were watched first, and when the ordeal was over; `made`: the file
    of what the workers said, where it does not lie in the data folder."""
    found = Tally()
    known: dict[tuple[int, int], set[int]] = defaultdict(set)
    with psycopg.connect(database) as connection:
        _events(connection, found, known)
        _epochs(connection, found, until)
        _gaps(connection, found, quiet_s, since, until)
    found.spooled = spooled(data)
    for (camera, epoch), numbers in known.items():
        lost = set(range(1, max(numbers) + 1)) - numbers
        found.numbers_missing += len(lost)
        found.missing += [(camera, epoch, n) for n in sorted(lost)][:20]
    found.made_at_least = _told(made or data / "made.jsonl")
    return found


def spooled(data: Path) -> int:
    """How many events lie on the workers' disks."""
    return sum(_rows(file) for file in data.glob("workers/*/spool.db"))


def _events(
    connection: "psycopg.Connection[tuple[int, ...]]", found: Tally, known: dict[tuple[int, int], set[int]]
) -> None:
    seen: set[Origin] = set()
    for id_, epoch, n, is_open in connection.execute("SELECT id, epoch, n, ended_at IS NULL FROM event"):
        origin = (id_ & ((1 << _CAMERA_BITS) - 1), epoch, n)
        found.stored += 1
        found.stored_twice += origin in seen
        seen.add(origin)
        known[origin[:2]].add(n)
        if is_open:
            ended = "SELECT 1 FROM camera_epoch WHERE camera = %s AND epoch = %s AND until_at IS NOT NULL"
            found.open_without_worker += connection.execute(ended, origin[:2]).fetchone() is not None
    for camera, epoch, n in connection.execute("SELECT camera, epoch, n FROM fenced_event"):
        found.fenced += 1
        known[camera, epoch].add(n)
    for camera, epoch, n in connection.execute("SELECT camera, epoch, n FROM outage_member"):
        found.merged += (camera, epoch, n) not in seen
        known[camera, epoch].add(n)


def _epochs(connection: "psycopg.Connection[tuple[int, ...]]", found: Tally, until: datetime) -> None:
    by_camera: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = f"SELECT camera, from_at, coalesce(until_at, {_NEVER}) FROM camera_epoch ORDER BY camera, epoch"  # noqa: S608
    for camera, from_at, until_at in connection.execute(rows):
        if _UNIX + timedelta(microseconds=from_at) <= until:
            by_camera[camera].append((from_at, until_at))
            found.epochs += 1
    for spans in by_camera.values():
        for (_, until_at), (from_at, _) in pairwise(spans):
            apart_s = (from_at - until_at) / 1e6
            found.epochs_apart = max(found.epochs_apart, apart_s)
            found.epochs_overlap = max(found.epochs_overlap, -apart_s)


def _gaps(
    connection: "psycopg.Connection[tuple[int, ...]]", found: Tally, quiet_s: float, since: datetime, until: datetime
) -> None:
    seen: dict[int, list[tuple[datetime, datetime]]] = {
        row[0]: [(since, since)] for row in connection.execute("SELECT id FROM camera")
    }
    for id_, last_seen_at in connection.execute("SELECT id, last_seen_at FROM event ORDER BY id"):
        started_at = _EVENT_EPOCH + timedelta(milliseconds=id_ >> _CAMERA_BITS)
        span = started_at, _UNIX + timedelta(microseconds=last_seen_at)
        if since <= started_at <= until:
            seen[id_ & ((1 << _CAMERA_BITS) - 1)].append(span)
    for camera, spans in seen.items():
        for before, after in pairwise([*_joined(spans), (until, until)]):
            gap_s = (after[0] - before[1]).total_seconds() - quiet_s
            found.gaps[camera] = round(max(found.gaps.get(camera, 0.0), gap_s), 1)
            if gap_s > found.worst_gap_s:
                found.worst_gap_s = round(gap_s, 1)
                found.worst_gap = f"camera {camera} from {before[1]:%H:%M:%S} to {after[0]:%H:%M:%S}"


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """`spans`, which come by their beginnings, without overlaps."""
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined


def _rows(spool: Path) -> int:
    with sqlite3.connect(f"{spool.as_uri()}?mode=ro", uri=True) as connection:
        # Those of SQLite itself count rows that were there once.
        own = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        tables = [name for (name,) in connection.execute(own)]
        return sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)  # noqa: S608


def _told(file: Path) -> int:
    """The sum of the highest number that each worker has told; each line is `{"worker": ..., "made": ...}`."""
    highest: dict[str, int] = defaultdict(int)
    for line in file.read_text().splitlines() if file.exists() else ():
        told = json.loads(line)
        highest[told["worker"]] = max(highest[told["worker"]], told["made"])
    return sum(highest.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("data", type=Path)
    parser.add_argument("--quiet", type=float, required=True)
    parser.add_argument("--since", type=datetime.fromisoformat, required=True)
    parser.add_argument("--until", type=datetime.fromisoformat, required=True)
    asked = parser.parse_args()
    found = tally(asked.database, asked.data, asked.quiet, asked.since, asked.until)
    print(json.dumps({**asdict(found), "adds_up": found.adds_up}, indent=2))


if __name__ == "__main__":
    main()
