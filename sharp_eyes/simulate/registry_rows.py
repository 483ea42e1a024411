"""Puts the regions, departments, cameras with all that is drawn on their pictures, rules and states of a simulated city
into the registry."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text

from core.camera import DepartmentId, StreamRole
from core.stream_state import StreamCounters, StreamState
from registry import cameras, departments, regions, tables, version
from registry.camera_rows import values_of
from registry.catalogue.text_index import POSTGRESQL_INDEX
from registry.chunks import in_chunks
from registry.db import is_sqlite
from registry.stream_states import counters_text

from .city import City
from .facts import EDITION, INDUSTRIES, facts_of, last_serials
from .histories import REASON, Histories
from .layout import Layout
from .regions import all_regions
from .words import OF_A_CAMERA, SECTOR_ORDER, SECTORS, STANDING, TEMPLATES, camera_name, department_name

_AT_ONCE: Final = 5_000
_ZONES: Final = tuple(
    json.dumps([[left, top], [left + 0.4, top], [left + 0.4, top + 0.45], [left, top + 0.45]])
    for left in (0.05, 0.3, 0.55)
    for top in (0.1, 0.5)
)

LINES: Final = ((0.1, 0.6, 0.9, 0.6), (0.5, 0.95, 0.5, 0.3), (0.2, 0.9, 0.8, 0.4))
"""Start x, start y, end x, end y: camera k has the k-th one, over and over."""
_EVERY: Final = 8
"""So many cameras, and one of them looks at somebody's windows."""
_WINDOWS: Final = (
    ("窗户 windows", "[[0.02,0.05],[0.2,0.08],[0.2,0.3],[0.02,0.27]]"),
    ("住宅 house", "[[0.72,0],[1,0],[1,0.38],[0.85,0.42],[0.72,0.3]]"),
)
"""Name and corners of a privacy area."""
_ROWS: Final = [template.row() for template in TEMPLATES]


def add_registry(
    connection: Connection,
    city: City,
    layout: Layout,
    histories: Histories,
    until: datetime,
    done: Callable[[int], None],
) -> list[int]:
    """Fill the empty registry. `done` hears how many cameras there are so far. The departments' numbers, in order.

    Camera k (from 1) has stream k, zone k, line k, and the rules 3k - 2 (in its zone), 3k - 1 (everywhere) and 3k (at
    its line). After those of all cameras come three rules of each department. Every eighth camera has a privacy area.
    """
    for region in all_regions():
        regions.put(connection, region)
    owners = _add_departments(connection, city)
    begins = city.begins(until)
    numbers = cameras.take_numbers(connection, city.cameras)
    states = histories.last_states()
    with _text_index_made_later(connection):
        for chunk in in_chunks(numbers, _AT_ONCE):
            for table, rows in {
                tables.camera: [_camera(number, layout, owners) for number in chunk],
                tables.stream: [_stream(number) for number in chunk],
                tables.zone: [_zone(number, layout) for number in chunk],
                tables.privacy_area: [_privacy_area(number, begins) for number in chunk if number % _EVERY == 0],
                tables.line: [_line(number, layout) for number in chunk],
                tables.rule: [row for number in chunk for row in _rules(number, layout)],
                tables.stream_state: [_state(number, *states[number - 1], until) for number in chunk],
                tables.camera_epoch: [
                    {"camera": number, "epoch": 1, "worker": 0, "from_at": begins, "until_at": until}
                    for number in chunk
                ],
            }.items():
                if rows:
                    connection.execute(insert(table), rows)
            done(chunk[-1])
    connection.execute(insert(tables.rule), _standing_rules(city, owners))
    serials = [{"prefix": prefix, "last": last} for prefix, last in last_serials(city.cameras, layout).items()]
    if serials:
        connection.execute(insert(tables.gb_counter), serials)
    if not is_sqlite(connection):
        for table in (tables.stream, tables.zone, tables.line, tables.rule):
            _count_on(connection, table)
    version.raise_version(connection)
    return [int(owner) for owner in owners]


def _add_departments(connection: Connection, city: City) -> list[DepartmentId]:
    """Each district's department lies below the city's one of its sector."""
    owners: list[DepartmentId] = []
    for number in range(city.departments):
        sector = SECTOR_ORDER[number % len(SECTOR_ORDER)]
        added = departments.add(
            connection,
            name=department_name(number),
            kind=sector,
            parent=owners[number % len(SECTOR_ORDER)] if number >= len(SECTOR_ORDER) else None,
            contact="值班室 Duty office",
            gb_industry={EDITION: INDUSTRIES[sector]},
        )
        owners.append(added.id)
    return owners


@contextmanager
def _text_index_made_later(connection: Connection) -> Iterator[None]:
    """PostgreSQL makes its index of texts three times as fast at once as camera by camera."""
    if is_sqlite(connection):
        yield
        return
    definition = connection.execute(
        text("SELECT pg_get_indexdef(CAST(:name AS regclass))"), {"name": POSTGRESQL_INDEX}
    ).scalar_one()
    connection.exec_driver_sql(f"DROP INDEX {POSTGRESQL_INDEX}")
    yield
    connection.exec_driver_sql(definition)


def _camera(number: int, layout: Layout, owners: list[DepartmentId]) -> dict[str, Any]:
    department = int(layout.department[number - 1])
    name = camera_name(number, SECTOR_ORDER[layout.sector[number - 1]])
    facts = facts_of(number, layout, department_name(department))
    return {"id": number, "department": owners[department], "enabled": False, **values_of(name, facts)}


def _stream(number: int) -> dict[str, Any]:
    url = f"rtsp://192.0.2.{number % 254 + 1}:554/simulated/{number}"
    return {"id": number, "camera": number, "role": StreamRole.DETECT.value, "url": url}


def _zone(number: int, layout: Layout) -> dict[str, Any]:
    name = SECTORS[SECTOR_ORDER[layout.sector[number - 1]]].zone
    return {"id": number, "camera": number, "name": name, "points": _ZONES[number % len(_ZONES)]}


def _privacy_area(number: int, begins: datetime) -> dict[str, Any]:
    name, points = _WINDOWS[number // _EVERY % len(_WINDOWS)]
    return {"camera": number, "name": name, "points": points, "changed_at": begins}


def _line(number: int, layout: Layout) -> dict[str, Any]:
    name = SECTORS[SECTOR_ORDER[layout.sector[number - 1]]].line
    start_x, start_y, end_x, end_y = LINES[number % len(LINES)]
    ends = {"start_x": start_x, "start_y": start_y, "end_x": end_x, "end_y": end_y}
    return {"id": number, "camera": number, "name": name, **ends}


def _rules(number: int, layout: Layout) -> Iterator[dict[str, Any]]:
    for slot in range(OF_A_CAMERA):
        yield {
            **_ROWS[OF_A_CAMERA * layout.sector[number - 1] + slot],
            "id": OF_A_CAMERA * (number - 1) + slot + 1,
            "camera": number,
            "zone": number if slot == 0 else None,
            "line": number if slot == 2 else None,
        }


def _standing_rules(city: City, owners: list[DepartmentId]) -> list[dict[str, Any]]:
    first = OF_A_CAMERA * city.cameras + 1
    return [
        {**template.row(), "id": first + len(STANDING) * place + slot, "department": owner}
        for place, owner in enumerate(owners)
        for slot, template in enumerate(STANDING)
    ]


def _state(number: int, state: str, since: datetime, until: datetime) -> dict[str, Any]:
    is_live = state == StreamState.LIVE
    return {
        "stream": number,
        "camera": number,
        "state": state,
        "since": since,
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
