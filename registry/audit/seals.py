"""Seals: each row that waits gets the next place of the chain, some at a time."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from ..alone import be_alone
from ..db import Database, Engines
from .chain import COLUMNS, ROOT, Values, by_row, canonical, link
from .tables import audit_pruned, audit_seal, audit_unsealed

SEALING: Final = 0x5345_4153
"""Key of PostgreSQL's advisory lock: whoever has it is the city's one sealer."""
MOST_AT_ONCE: Final = 1_000
_FEWEST_AT_ONCE: Final = 50
_REMEMBERED: Final = 100
_LONG_S: Final = MappingProxyType({Engines.SQLITE: 0.02, Engines.POSTGRESQL: 0.25})
"""Transactions are to be shorter: no other one can write to SQLite meanwhile, and none may hold it over 50 ms."""

_WAITING: Final = text(
    f"SELECT {', '.join(f'r.{name}' for name in COLUMNS)} FROM audit_unsealed u JOIN audit_row r ON r.id = u.row "  # noqa: S608
    "WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.row = u.row) ORDER BY u.row LIMIT :most"
)
_DEPARTMENTS: Final = text("SELECT row, department FROM audit_department WHERE row IN :rows").bindparams(
    bindparam("rows", expanding=True)
)


@dataclass(frozen=True, slots=True)
class End:
    """The last place of the chain, and its hash."""

    place: int
    hash: bytes


def end_of_chain(connection: Connection) -> End:
    """Where the chain ends; place 0 before its first one."""
    last = select(audit_seal.c.place, audit_seal.c.hash).order_by(audit_seal.c.place.desc()).limit(1)
    for found in (last, select(audit_pruned.c.place, audit_pruned.c.hash)):
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

    def seal_some(self) -> int | None:
        """Seal the next rows that wait; how many. None where another sealer was first. Raises `Unavailable`."""
        with self._database.read() as connection:
            end = end_of_chain(connection)
            rows: Sequence[Any] = connection.execute(_WAITING, {"most": self._at_once}).all()
            if not rows:
                return 0
            numbers = [row[0] for row in rows]
            departments = by_row(connection.execute(_DEPARTMENTS, {"rows": numbers}).all())
        seals = _seals(end, rows, departments)
        with self._database.write() as connection:
            began = perf_counter()
            be_alone(connection, SEALING)
            if end_of_chain(connection) != end:
                return None
            # With what it gives back PostgreSQL gets them in one statement, instead of one each.
            connection.execute(insert(audit_seal).returning(audit_seal.c.place), seals)
            connection.execute(delete(audit_unsealed).where(audit_unsealed.c.row.in_(numbers)))
        self._adapt(perf_counter() - began)
        return len(seals)

    def seal_all(self) -> int:
        """Seal all rows that wait; how many. Raises `Unavailable`."""
        sealed = 0
        while (some := self.seal_some()) != 0:
            sealed += some or 0
        return sealed

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


def _seals(end: End, rows: Sequence[Values], departments: dict[Any, list[int]]) -> list[dict[str, Any]]:
    seals = []
    place, digest = end.place, end.hash
    for row in rows:
        place += 1
        digest = link(digest, place, canonical(row, departments.get(row[0], ())))
        seals.append({"place": place, "row": row[0], "hash": digest})
    return seals
