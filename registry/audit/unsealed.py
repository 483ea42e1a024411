"""Rows without a seal: those that wait for one, and those that should not be there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, text

from ..columns import to_microseconds
from ..db import Database
from .faults import Fault, FaultKind
from .pruned import pruned_to
from .tables import audit_row, audit_unsealed

PATIENCE: Final = timedelta(seconds=60)
"""What waits for longer is a fault."""
_STEP: Final = 20_000
_LOWEST: Final = -(2**63)
"""The database counts rows from 1; who puts one in past the program may give it any number."""
_END: Final = text(
    "SELECT max(id) FROM (SELECT id FROM audit_row WHERE id >= :first ORDER BY id LIMIT :most) AS stretch"
)
# The bounds stand there twice: PostgreSQL would read all seals for each stretch.
_WITHOUT: Final = text(
    "SELECT r.id, r.at, u.row, s.place FROM audit_row r LEFT JOIN audit_unsealed u ON u.row = r.id "
    "LEFT JOIN audit_seal s ON s.row = r.id AND s.row >= :first AND s.row <= :upto "
    "WHERE r.id >= :first AND r.id <= :upto AND (s.place IS NULL OR s.place <= :begins_after) ORDER BY r.id"
)
_GONE: Final = text(
    "SELECT u.row FROM audit_unsealed u LEFT JOIN audit_row r ON r.id = u.row WHERE r.id IS NULL ORDER BY u.row"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait for their seal."""

    rows: int
    oldest_at: datetime | None


def waiting(connection: Connection) -> Waiting:
    """How many rows wait for their seal, and since when the oldest does."""
    joined = audit_unsealed.join(audit_row, audit_row.c.id == audit_unsealed.c.row)
    row = connection.execute(select(func.count(), func.min(audit_row.c.at)).select_from(joined)).one()
    return Waiting(*row)


def unsealed_faults(database: Database, now: datetime) -> Iterator[list[Fault]]:
    """Rows that have no place in the chain as it begins now, and wait for none, or for more than a minute; and rows
    that were removed before their seal.

    A fault list for each stretch of rows. Raises `Unavailable`.
    """
    first, late, left = _LOWEST, to_microseconds(now - PATIENCE), 0
    while True:
        with database.read() as connection:
            begins_after = pruned_to(connection).place
            upto = connection.execute(_END, {"first": first, "most": _STEP}).scalar_one()
            if upto is None:
                break
            asked = {"first": first, "upto": upto, "begins_after": begins_after}
            rows = connection.execute(_WITHOUT, asked).all()
        left += sum(1 for row in rows if row.place is not None and row.place > 0)
        yield [
            _fault(row.id, row.place, waits=row.row is not None)
            for row in rows
            if (row.place is None and (row.row is None or row.at < late)) or (row.place is not None and row.place <= 0)
        ]
        first = upto + 1
    if left:
        words = (
            f"{left} rows are still there from before place {begins_after}, up to which was pruned, and nothing proves "
            "them: pruning goes on, or was interrupted and is to be repeated, or they were put in past the program"
        )
        yield [Fault(FaultKind.PRUNED, begins_after, None, words)]
    with database.read() as connection:
        gone = connection.scalars(_GONE).all()
    yield [Fault(FaultKind.REMOVED, None, row, f"row {row} was removed before it was sealed") for row in gone]


def _fault(row: int, place: int | None, *, waits: bool) -> Fault:
    if place is not None:
        words = f"row {row} has a seal at place {place}, where the chain has none: it was put in past the program"
        return Fault(FaultKind.INSERTED, place, row, words)
    if waits:
        words = f"row {row} waits for its seal since more than {PATIENCE.seconds} s"
        return Fault(FaultKind.UNSEALED, None, row, words)
    words = f"row {row} has no seal and waits for none: it was put in past the program, or its seal was removed"
    return Fault(FaultKind.INSERTED, None, row, words)
