"""Counting all over again: after a bulk load, and where somebody doubts the tallies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, text

from core.ids import CAMERA_BITS, LAST_EVENT
from registry.db import is_sqlite

from .table import camera_tally, event_tally

TRIGGERS: Final = ("event_tally_added", "event_tally_changed", "event_tally_gone")
"""Those of the table `event` that keep the tallies."""
_DAY_MS: Final = 86_400_000
_PART_MS: Final = 10 * _DAY_MS
_LAST_PART: Final = (LAST_EVENT >> CAMERA_BITS) // _PART_MS
_KEY: Final = "grain, start, department, label, kind, severity"
_GRAINS: Final = (("fine", 1), ("daily", 24), ("tens", 240))
_SUMMED: Final = "CAST(sum(events) AS bigint)"
# Each from the one before: what is to be put in order gets less and less.
_COUNTED: Final = f"""
    WITH fine AS MATERIALIZED (
        SELECT (id >> {CAMERA_BITS}) / 3600000 AS start, department, label, kind, severity, count(*) AS events
        FROM event WHERE id BETWEEN :lowest AND :highest GROUP BY 1, 2, 3, 4, 5
    ), daily AS MATERIALIZED (
        SELECT start / 24 AS start, department, label, kind, severity, {_SUMMED} AS events
        FROM fine GROUP BY 1, 2, 3, 4, 5
    ), tens AS MATERIALIZED (
        SELECT start / 10 AS start, department, label, kind, severity, {_SUMMED} AS events
        FROM daily GROUP BY 1, 2, 3, 4, 5
    )
    """ + " UNION ALL ".join(  # noqa: S608 - constant text
    f"""
    SELECT {grain} AS grain, start, department, label, kind, severity, events AS counted FROM {name}
    UNION ALL SELECT {grain}, start, department, 0, kind, severity, {_SUMMED} FROM {name} GROUP BY 2, 3, 5, 6
    UNION ALL SELECT {grain}, start, 0, label, kind, severity, {_SUMMED} FROM {name} GROUP BY 2, 4, 5, 6
    UNION ALL SELECT {grain}, start, 0, 0, kind, severity, {_SUMMED} FROM {name} GROUP BY 2, 5, 6
    """  # noqa: S608 - constant text
    for name, grain in _GRAINS
)
_COUNTED_BY_CAMERA: Final = f"""
    SELECT camera, (id >> {CAMERA_BITS}) / {_DAY_MS} AS day, label, count(*) AS counted
    FROM event WHERE id BETWEEN :lowest AND :highest GROUP BY 1, 2, 3
"""  # noqa: S608 - constant text
_FILLS: Final = {
    event_tally: text(f"INSERT INTO event_tally ({_KEY}, count) {_COUNTED}"),
    camera_tally: text(f"INSERT INTO camera_tally (camera, day, label, count) {_COUNTED_BY_CAMERA} ORDER BY 1, 2, 3"),
}
_COMPARED: Final = """
    SELECT {key}, CAST(sum(kept) AS bigint) AS kept, CAST(sum(counted) AS bigint) AS counted FROM (
        SELECT {key}, count AS kept, 0 AS counted FROM {table} WHERE {of_the_parts}
        UNION ALL SELECT {key}, 0, counted FROM ({counted}) fresh
    ) both_ways GROUP BY {key} HAVING sum(kept) <> sum(counted) ORDER BY {key}
"""
_DIFFERENCES: Final = {
    event_tally.name: text(
        _COMPARED.format(
            key=_KEY,
            table=event_tally.name,
            counted=_COUNTED,
            of_the_parts="grain = 240 AND start BETWEEN :first AND :last "
            "OR grain = 24 AND start BETWEEN 10 * :first AND 10 * :last + 9 "
            "OR grain = 1 AND start BETWEEN 240 * :first AND 240 * :last + 239",
        )
    ),
    camera_tally.name: text(
        _COMPARED.format(
            key="camera, day, label",
            table=camera_tally.name,
            counted=_COUNTED_BY_CAMERA,
            of_the_parts="day BETWEEN :first * 10 AND :last * 10 + 9",
        )
    ),
}
_PARTS: Final = text(f"""
    WITH RECURSIVE seen(part) AS (
        SELECT (SELECT min(id) >> {CAMERA_BITS} FROM event) / {_PART_MS}
        UNION ALL
        SELECT (SELECT min(id) >> {CAMERA_BITS} FROM event
            WHERE id >= (CAST(seen.part + 1 AS bigint) * {_PART_MS}) << {CAMERA_BITS}) / {_PART_MS}
        FROM seen WHERE seen.part < {_LAST_PART}
    )
    SELECT part FROM seen WHERE part IS NOT NULL
    UNION SELECT start * grain / 240 FROM event_tally
    UNION SELECT day / 10 FROM camera_tally
    ORDER BY 1
""")  # noqa: S608 - constant text


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of a tally that is not what there is."""

    table: str
    key: tuple[int, ...]
    """Its primary key, in the order of the table."""
    kept: int
    """What the tally says; 0 where it has no row."""
    counted: int
    """How many events there are."""


def recount(connection: Connection) -> None:
    """Count all events anew, in this transaction; on PostgreSQL nobody writes events until it ends.

    Ten million take the better part of a minute: for a database that nobody uses yet. `put_right` is for one in use.
    """
    if not is_sqlite(connection):
        connection.exec_driver_sql("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")
    for table, filled in _FILLS.items():
        connection.execute(delete(table))
        connection.execute(filled, _ids_of(0, _LAST_PART))


def parts(connection: Connection) -> list[int]:
    """The stretches of ten days that have events, or tallies, numbered from `EVENT_EPOCH` on; in order."""
    return [int(part) for part in connection.scalars(_PARTS)]


def difference(connection: Connection, part: int | None = None) -> list[Difference]:
    """The rows of tallies that differ from a count of the events: of ten days, or of all."""
    first, last = (0, _LAST_PART) if part is None else (part, part)
    given = {"first": first, "last": last, **_ids_of(first, last)}
    return [
        Difference(table, tuple(row[:-2]), int(row.kept), int(row.counted))
        for table, statement in _DIFFERENCES.items()
        for row in connection.execute(statement, given)
    ]


def put_right(connection: Connection, part: int) -> int:
    """Correct the tallies of ten days; how many rows were wrong.

    Others may write meanwhile: a row is changed by what it lacks, which stays the same whoever counts on it.
    """
    wrong = difference(connection, part)
    for table in (event_tally, camera_tally):
        names = [column.name for column in table.primary_key]
        key = ", ".join(names)
        rows = [
            dict(zip(names, one.key, strict=True)) | {"lacking": one.counted - one.kept}
            for one in wrong
            if one.table == table.name
        ]
        if rows:
            values = ", ".join(f":{name}" for name in names)
            corrected = f"""INSERT INTO {table.name} ({key}, count) VALUES ({values}, :lacking)
                ON CONFLICT ({key}) DO UPDATE SET count = {table.name}.count + excluded.count"""  # noqa: S608 - ours
            connection.execute(text(corrected), rows)
            of_one = " AND ".join(f"{name} = :{name}" for name in names)
            connection.execute(text(f"DELETE FROM {table.name} WHERE {of_one} AND count = 0"), rows)  # noqa: S608 - ours
    return len(wrong)


@contextmanager
def paused(connection: Connection) -> Iterator[None]:
    """Within it events that are written, changed or removed are not counted; `recount` must follow.

    Part of one transaction: where the block raises it must be rolled back, which lets the triggers run again.
    """
    if is_sqlite(connection):
        kept = connection.execute(
            text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event' ORDER BY name")
        ).all()
        ours = [row for row in kept if row.name in TRIGGERS]
        for row in ours:
            connection.exec_driver_sql(f"DROP TRIGGER {row.name}")
        yield
        for row in ours:
            connection.exec_driver_sql(row.sql)
        return
    for name in TRIGGERS:
        connection.exec_driver_sql(f"ALTER TABLE event DISABLE TRIGGER {name}")
    yield
    for name in TRIGGERS:
        connection.exec_driver_sql(f"ALTER TABLE event ENABLE TRIGGER {name}")


def _ids_of(first: int, last: int) -> dict[str, int]:
    """The lowest and the highest id of these stretches."""
    return {
        "lowest": (first * _PART_MS) << CAMERA_BITS,
        "highest": min(((last + 1) * _PART_MS << CAMERA_BITS) - 1, LAST_EVENT),
    }
