"""A record to try things on: entries, sealed rows, checkpoints."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from core.access import Role
from core.camera import DepartmentId
from core.ids import CameraId
from registry.audit.checkpoints import CheckpointKeys
from registry.audit.entry import Act, Actor, Entry, put_all
from registry.audit.seals import Sealing
from registry.audit.tables import (
    audit_checkpoint,
    audit_department,
    audit_pruned,
    audit_row,
    audit_seal,
    audit_unsealed,
)
from registry.db import Database
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey

RECORD_BEGAN_AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
RECORD_KEYS = CheckpointKeys(ring_of(SealingKey(b"k" * 32)))


def an_entry(n: int = 0, **other: Any) -> Entry:
    """The `n`th act of a record: one each second, by three people in turn, at ten cameras of two departments."""
    entry = Entry(
        at=RECORD_BEGAN_AT + timedelta(seconds=n),
        act=Act.LOOK_AT_CLIP if n % 2 else Act.SEARCH,
        actor=Actor("person", n % 3 + 1, f"Person {n % 3 + 1}", Role.OPERATOR, DepartmentId(2)),
        address="192.0.2.7",
        object_kind="event",
        object=str(n),
        camera=CameraId(n % 10 + 1),
        departments=frozenset({DepartmentId(n % 2 + 1)}),
        purpose="what for",
        detail={"n": n},
    )
    return replace(entry, **other)


def clear_record(database: Database) -> None:
    """Leave nothing of it."""
    with database.write() as connection:
        for table in (audit_row, audit_department, audit_seal, audit_unsealed, audit_checkpoint, audit_pruned):
            connection.execute(delete(table))


def record(database: Database, entries: Iterable[Entry]) -> list[int]:
    """Put entries on record; the numbers of their rows."""
    with database.write() as connection:
        return put_all(connection, list(entries))


def sealed_record(database: Database, rows: int) -> list[int]:
    """Put so many acts on record, and seal them; the numbers of their rows."""
    numbers = record(database, map(an_entry, range(rows)))
    Sealing(database).seal_all()
    return numbers
