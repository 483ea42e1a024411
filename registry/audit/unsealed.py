"""Rows without a seal: those that wait for one, and those that should not be there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, text

from ..columns import to_microseconds
from ..db import Database
from .faults import Fault, FaultKind
from .tables import audit_row, audit_unsealed

PATIENCE: Final = timedelta(seconds=60)
"""What waits for longer is a fault."""
_STEP: Final = 20_000
_END: Final = text(
    "SELECT max(id) FROM (SELECT id FROM audit_row WHERE id > :after ORDER BY id LIMIT :most) AS stretch"
)
_WITHOUT: Final = text(
    "SELECT r.id, r.at, u.row FROM audit_row r LEFT JOIN audit_unsealed u ON u.row = r.id "
    "WHERE r.id > :after AND r.id <= :upto AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.row = r.id) ORDER BY r.id"
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
    """Rows without a seal that wait for none, or for more than a minute; and rows that were removed before their seal.

    A fault list for each stretch of rows. Raises `Unavailable`.
    """
    after, late = 0, to_microseconds(now - PATIENCE)
    while True:
        with database.read() as connection:
            upto = connection.execute(_END, {"after": after, "most": _STEP}).scalar_one()
            if upto is None:
                break
            rows = connection.execute(_WITHOUT, {"after": after, "upto": upto}).all()
        yield [_fault(number, waits is not None) for number, at, waits in rows if waits is None or at < late]
        after = upto
    with database.read() as connection:
        gone = connection.scalars(_GONE).all()
    yield [Fault(FaultKind.REMOVED, None, row, f"row {row} was removed before it was sealed") for row in gone]


def _fault(row: int, waits: bool) -> Fault:
    if waits:
        words = f"row {row} waits for its seal since more than {PATIENCE.seconds} s"
        return Fault(FaultKind.UNSEALED, None, row, words)
    words = f"row {row} has no seal and waits for none: it was put in past the program, or its seal was removed"
    return Fault(FaultKind.INSERTED, None, row, words)
