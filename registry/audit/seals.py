"""Seals: each row that waits gets the next place of the chain, some at a time."""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, text

from ..alone import be_alone
from ..db import Database, Engines, is_sqlite
from .chain import ROOT, Values, canonical, link
from .rows import read_rows
from .tables import audit_pruned, audit_seal, audit_unsealed

_log = logging.getLogger(__name__)

SEALING: Final = 0x5345_4153
"""Key of PostgreSQL's advisory lock: whoever has it is the city's one sealer."""
MOST_AT_ONCE: Final = 1_000
_FEWEST_AT_ONCE: Final = 50
_REMEMBERED: Final = 100
_LONG_S: Final = MappingProxyType({Engines.SQLITE: 0.02, Engines.POSTGRESQL: 0.25})
"""Transactions are to be shorter: no other one can write to SQLite meanwhile, and none may hold it over 50 ms."""

# Looked up one by one: joined, PostgreSQL may walk over all rows and seals to find the few that wait.
_WAITING: Final = text(
    "SELECT u.row FROM audit_unsealed u WHERE (SELECT min(s.place) FROM audit_seal s WHERE s.row = u.row) IS NULL "
    "AND (SELECT r.id FROM audit_row r WHERE r.id = u.row) IS NOT NULL ORDER BY u.row LIMIT :most"
)
_SEAL_ALL: Final = text(
    "INSERT INTO audit_seal (place, row, hash) "
    "SELECT * FROM unnest(CAST(:places AS bigint[]), CAST(:rows AS bigint[]), CAST(:hashes AS bytea[]))"
)


@dataclass(frozen=True, slots=True)
class End:
    """The last place of the chain, and its hash."""

    place: int
    hash: bytes


def end_of_chain(connection: Connection) -> End:
    """Where the chain ends; place 0 before its first one."""
    last = select(audit_seal.c.place, audit_seal.c.hash).order_by(audit_seal.c.place.desc()).limit(1)
    for found in (last, select(audit_pruned.c.place, audit_pruned.c.hash).where(audit_pruned.c.id == 1)):
        row = connection.execute(found).one_or_none()
        if row is not None:
            return End(row.place, bytes(row.hash))
    return End(0, ROOT)


class Sealing:
    """Seals what waits, in transactions that hold SQLite's writer for a few hundredths of a second. One thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_once = _FEWEST_AT_ONCE
        self._lasted: deque[float] = deque(maxlen=_REMEMBERED)
        self._known = End(0, ROOT)

    def seal_some(self) -> int | None:
        """Seal the next rows that wait; how many. None where another sealer was first. Raises `Unavailable`."""
        with self._database.read() as connection:
            end = end_of_chain(connection)
            self._check_goes_on(end)
            numbers = connection.scalars(_WAITING, {"most": self._at_once}).all()
            if not numbers:
                return 0
            rows, departments = read_rows(connection, numbers)
        seals = _seals(end, [rows[number] for number in numbers], departments)
        with self._database.write() as connection:
            began = perf_counter()
            be_alone(connection, SEALING)
            if end_of_chain(connection) != end:
                return None
            _add(connection, seals)
            connection.execute(delete(audit_unsealed).where(audit_unsealed.c.row.in_(numbers)))
        self._adapt(perf_counter() - began)
        self._known = End(seals[-1]["place"], seals[-1]["hash"])
        return len(seals)

    def seal_all(self) -> int:
        """Seal all rows that wait; how many. Raises `Unavailable`."""
        sealed = 0
        while (some := self.seal_some()) != 0:
            sealed += some or 0
        return sealed

    def _check_goes_on(self, end: End) -> None:
        """Say so where the chain ends before a place that was seen: what is sealed from here on hides that. The log is
        what whoever did it may not reach."""
        if end.place < self._known.place:
            _log.error(
                "the record ended at place %d (%s), and ends at place %d now: rows were removed from its end, or the "
                "database was set back",
                self._known.place,
                self._known.hash.hex(),
                end.place,
            )
        self._known = end

    @property
    def typical_s(self) -> float:
        """How long the last transactions held the writer, in seconds: the median."""
        return median(self._lasted) if self._lasted else 0.0

    def _adapt(self, lasted_s: float) -> None:
        self._lasted.append(lasted_s)
        long_s = _LONG_S[self._database.kind]
        if lasted_s > long_s:
            self._at_once = max(_FEWEST_AT_ONCE, self._at_once // 2)
        elif lasted_s < long_s / 2:
            self._at_once = min(MOST_AT_ONCE, self._at_once * 2)


def _add(connection: Connection, seals: Sequence[dict[str, Any]]) -> None:
    if is_sqlite(connection):
        connection.execute(insert(audit_seal), seals)
    else:
        columns = {f"{name}s" if name != "hash" else "hashes": [seal[name] for seal in seals] for name in seals[0]}
        connection.execute(_SEAL_ALL, columns)


def _seals(end: End, rows: Sequence[Values], departments: dict[Any, list[int]]) -> list[dict[str, Any]]:
    seals = []
    place, digest = end.place, end.hash
    for row in rows:
        place += 1
        digest = link(digest, place, canonical(row, departments.get(row[0], ())))
        seals.append({"place": place, "row": row[0], "hash": digest})
    return seals
