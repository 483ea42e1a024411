"""All events as columns, read once: what a straight scan goes over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from core.ids import CAMERA_BITS, EVENT_EPOCH
from registry.columns import to_microseconds
from registry.db import Database, Engines

Numbers = NDArray[np.int64]
Whether = NDArray[np.bool_]
_COLUMNS: Final = {
    "id": np.int64,
    "camera": np.int32,
    "department": np.int32,
    "label": np.int16,
    "kind": np.int16,
    "severity": np.int8,
    "zone": np.int32,
    "score": np.int32,
    "last_seen_at": np.int64,
    "ended_at": np.int64,
}
_NONE: Final = -1
"""Stands for what is null."""
_AT_ONCE: Final = 200_000
_EPOCH_US: Final = to_microseconds(EVENT_EPOCH)


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Arrays of one shape (events,), in the order of ids; what is null is -1."""

    id: Numbers
    ms: Numbers
    """When they started, in milliseconds since the beginning of 2024."""
    camera: NDArray[np.int32]
    department: NDArray[np.int32]
    label: NDArray[np.int16]
    kind: NDArray[np.int16]
    severity: NDArray[np.int8]
    zone: NDArray[np.int32]
    score: NDArray[np.int32]
    """In ten-thousandths."""
    until_us: Numbers
    """When they ended, or were last seen, in microseconds since the beginning of 2024."""
    is_open: Whether
    labels: dict[str, int]
    """The numbers of words."""
    kinds: dict[str, int]

    def __len__(self) -> int:
        return len(self.id)


def scan(database: Database, tell: Callable[[int], None]) -> Scan:
    """Read every event, by nothing but its table. `tell` hears how many were read."""
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in _COLUMNS}
    names = ", ".join(f"coalesce({name}, {_NONE})" for name in _COLUMNS)
    read = 0
    with database.read() as connection:
        if database.kind is Engines.POSTGRESQL:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        words = [
            {row.name: row.id for row in connection.execute(text(f"SELECT id, name FROM {table}"))}  # noqa: S608 - ours
            for table in ("label", "event_kind")
        ]
        statement = text(f"SELECT {names} FROM event ORDER BY id")  # noqa: S608 - our own names
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(statement)
        for some in rows.partitions(_AT_ONCE):
            block = np.array([tuple(row) for row in some], np.int64)
            for place, (name, kind) in enumerate(_COLUMNS.items()):
                parts[name].append(block[:, place].astype(kind))
            read += len(block)
            tell(read)
    columns: dict[str, Any] = {
        name: np.concatenate(part) if part else np.empty(0, _COLUMNS[name]) for name, part in parts.items()
    }
    ended_at, last_seen_at = columns.pop("ended_at"), columns.pop("last_seen_at")
    is_open = ended_at == _NONE
    return Scan(
        ms=columns["id"] >> CAMERA_BITS,
        until_us=np.where(is_open, last_seen_at, ended_at) - _EPOCH_US,
        is_open=is_open,
        labels=words[0],
        kinds=words[1],
        **columns,
    )
