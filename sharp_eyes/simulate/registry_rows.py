"""Puts the departments, cameras, streams, zones, rules and states of a simulated city into the registry."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Table, func, insert, select

from core.camera import StreamRole
from core.rule import RuleKind
from core.stream_state import StreamCounters, StreamState
from registry import cameras, departments, tables, version
from registry.chunks import in_chunks
from registry.db import is_sqlite
from registry.stream_states import counters_text

from .city import City
from .layout import Layout
from .words import SECTOR_ORDER, SECTORS, TEMPLATES, camera_name, department_name

REASON: Final = "simulated"
_AT_ONCE: Final = 5_000
_STATES: Final = {
    StreamState.LIVE: 0.93,
    StreamState.UNREACHABLE: 0.04,
    StreamState.STALLED: 0.02,
    StreamState.UNAUTHORISED: 0.01,
}
_ZONES: Final = tuple(
    json.dumps([[left, top], [left + 0.4, top], [left + 0.4, top + 0.45], [left, top + 0.45]])
    for left in (0.05, 0.3, 0.55)
    for top in (0.1, 0.5)
)


def add_registry(
    connection: Connection, city: City, layout: Layout, until: datetime, done: Callable[[int], None]
) -> list[int]:
    """Fill the empty registry. `done` hears how many cameras there are so far. The departments' numbers, in order.

    Camera k (from 1) has stream k, zone k, and the rules 2k - 1 (in its zone) and 2k (everywhere).
    """
    owners = [
        departments.add(connection, name=department_name(number), kind=SECTOR_ORDER[number % len(SECTOR_ORDER)]).id
        for number in range(city.departments)
    ]
    begins = city.begins(until)
    numbers = cameras.take_numbers(connection, city.cameras)
    states = _states(city)
    for chunk in in_chunks(numbers, _AT_ONCE):
        for table, rows in {
            tables.camera: [_camera(number, layout, owners) for number in chunk],
            tables.stream: [_stream(number) for number in chunk],
            tables.zone: [_zone(number, layout) for number in chunk],
            tables.rule: [row for number in chunk for row in _rules(number, layout)],
            tables.stream_state: [_state(number, states[number - 1], begins, until) for number in chunk],
            tables.camera_epoch: [
                {"camera": number, "epoch": 1, "worker": 0, "from_at": begins, "until_at": until} for number in chunk
            ],
        }.items():
            connection.execute(insert(table), rows)
        done(chunk[-1])
    if not is_sqlite(connection):
        for table in (tables.stream, tables.zone, tables.rule):
            _count_on(connection, table)
    version.raise_version(connection)
    return [int(owner) for owner in owners]


def _camera(number: int, layout: Layout, owners: list[Any]) -> dict[str, Any]:
    place = number - 1
    return {
        "id": number,
        "name": camera_name(number, SECTOR_ORDER[layout.sector[place]]),
        "department": owners[layout.department[place]],
        "enabled": False,
        "longitude": float(layout.longitude[place]),
        "latitude": float(layout.latitude[place]),
    }


def _stream(number: int) -> dict[str, Any]:
    url = f"rtsp://192.0.2.{number % 254 + 1}:554/simulated/{number}"
    return {"id": number, "camera": number, "role": StreamRole.DETECT.value, "url": url}


def _zone(number: int, layout: Layout) -> dict[str, Any]:
    name = SECTORS[SECTOR_ORDER[layout.sector[number - 1]]].zone
    return {"id": number, "camera": number, "name": name, "points": _ZONES[number % len(_ZONES)]}


def _rules(number: int, layout: Layout) -> Iterator[dict[str, Any]]:
    for slot in (0, 1):
        template = TEMPLATES[2 * layout.sector[number - 1] + slot]
        yield {
            "id": 2 * number - 1 + slot,
            "camera": number,
            "name": template.name,
            "kind": RuleKind.OBJECT_IN_ZONE.value,
            "labels": json.dumps(sorted(template.labels)),
            "zone": number if slot == 0 else None,
            "min_duration_ms": 1000 * template.min_duration_s,
            "min_score": 0.4,
            "severity": template.severity.value,
            "enabled": True,
            "min_size": 0.0,
            "min_path": 0.0,
            "hours": "[]",
            "cool_down_ms": 0,
            "once_per_track": False,
        }


def _states(city: City) -> list[str]:
    rng = np.random.default_rng([city.seed, 2])
    return [
        str(state) for state in rng.choice([state.value for state in _STATES], city.cameras, p=list(_STATES.values()))
    ]


def _state(number: int, state: str, begins: datetime, until: datetime) -> dict[str, Any]:
    is_live = state == StreamState.LIVE
    return {
        "stream": number,
        "camera": number,
        "state": state,
        "since": begins + (until - begins) * ((number * 7919) % 1000 / 1000),
        "reason": REASON,
        "codec": "h264" if is_live else None,
        "width": 640 if is_live else None,
        "height": 360 if is_live else None,
        "fps": 5.0 if is_live else None,
        "next_try_at": None,
        "counters": counters_text(StreamCounters()),
        "seen_at": until,
    }


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL count on after the numbers that were given here."""
    sequence = func.pg_get_serial_sequence(table.name, "id")
    connection.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))
