"""Counting crossings of lines, by minute."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from core.crossing import Crossing
from core.ids import CameraId
from core.line import Direction, LineId
from core.rule import RuleId
from registry.db import is_sqlite

from ..directions import NUMBERS
from ..index import changes, words
from ..index.tables import label
from ..minutes import minute_of
from .table import flow_count


class FlowKey(NamedTuple):
    """What is counted together."""

    rule: RuleId
    camera: CameraId
    line: LineId
    minute: datetime
    """Its start."""
    direction: Direction
    label: str


def key_of(camera: CameraId, crossing: Crossing) -> FlowKey:
    """Where a crossing on `camera` is counted."""
    return FlowKey(crossing.rule, camera, crossing.line, minute_of(crossing.at), crossing.direction, crossing.label)


def add(connection: Connection, sums: Mapping[FlowKey, int]) -> None:
    """Add these numbers of crossings to what was counted before."""
    if not sums:
        return
    changes.lock(connection)  # Words are numbered by one at a time.
    labels = words.numbers(connection, label, {key.label for key in sums})
    rows = [
        {
            "camera": key.camera,
            "rule": key.rule,
            "minute": key.minute,
            "line": key.line,
            "direction": NUMBERS[key.direction],
            "label": labels[key.label],
            "count": count,
        }
        for key, count in sorted(sums.items())
    ]
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(flow_count)
    total = flow_count.c.count + statement.excluded.count
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(flow_count.primary_key), set_={"count": total}), rows
    )
