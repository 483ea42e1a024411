"""The databases go the way that a search chose: along its index, and no other one."""

from threading import get_ident
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, event, text

from core.ids import LAST_EVENT, EventId
from events.index.camera_table import table_of
from events.index.choice import ways_to_earlier
from events.index.conditions import Condition
from events.index.densities import densities
from events.index.event_filter import EventFilter, Order
from events.index.filters import resolve
from events.index.keyed import walk_keys
from events.index.reach_keys import KeyGroup, KeyKind
from events.index.seek import Along, Asked, walk
from events.index.stretch import Stretch
from registry import regions
from registry.catalogue.meant import MeantCameras, SoughtCameras
from registry.db import Database, is_sqlite
from registry.reach import EVERYTHING
from registry.regions import Region

INDEXES = {
    Along.LABEL: "ix_event_label_id",
    Along.KIND: "ix_event_kind_id",
    Along.SEVERITY: "ix_event_severity_id",
    Along.CAMERA: "ix_event_camera_id",
    Along.CAMERA_AND_LABEL: "ix_event_camera_label_id",
    Along.DEPARTMENT: "ix_event_department_id",
    Along.DEPARTMENT_AND_LABEL: "ix_event_department_label_id",
    Along.LONG: "ix_event_lasting",
}


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("along", list(INDEXES))
def test_a_walk_goes_along_its_own_index(connection: Connection, along: Along, order: Order) -> None:
    def go() -> None:
        asked = Asked(Stretch(EventId(1 << 60), LAST_EVENT), 50, order, with_departments=True)
        walk(connection, along, [1] * len(along.value), (Condition("score", 1),), asked)

    assert INDEXES[along] in last_plan(connection, go)


def test_what_has_not_ended_is_found_by_its_index(connection: Connection) -> None:
    wanted = resolve(connection, EventFilter())
    assert wanted is not None
    known = densities(connection)

    def go() -> None:
        ways_to_earlier(connection, wanted, EVERYTHING, known, Condition("going_on_at", 0), LAST_EVENT)

    assert "ix_event_open" in last_plan(connection, go)


@pytest.mark.parametrize("order", list(Order))
def test_cameras_of_others_are_passed_by_without_a_look_at_their_rows(connection: Connection, order: Order) -> None:
    table = table_of(np.array([7], np.int32), embedded=is_sqlite(connection))

    def go() -> None:
        asked = Asked(Stretch(EventId(1 << 60), LAST_EVENT), 50, order, with_departments=False)
        walk(connection, Along.LABEL, [1], (Condition("camera_table", table),), asked)

    plan = last_plan(connection, go)
    assert "ix_event_label_id" in plan
    assert ("COVERING INDEX" if is_sqlite(connection) else "Index Only Scan") in plan


@pytest.mark.parametrize("with_rows", [False, True], ids=["ids", "rows"])
@pytest.mark.parametrize("labels", [None, (1, 2)], ids=["keys", "with labels"])
@pytest.mark.parametrize(
    ("kind", "column"),
    [(KeyKind.CAMERA, "camera"), (KeyKind.CAMERA_FOR_A_TIME, "camera"), (KeyKind.DEPARTMENT, "department")],
)
def test_many_keys_are_asked_by_their_own_index(
    connection: Connection, kind: KeyKind, column: str, labels: tuple[int, ...] | None, with_rows: bool
) -> None:
    fitting = (Condition("kind", (1,)),) if with_rows else ()
    rows = np.arange(1, 300, dtype=np.int64)
    if kind is not KeyKind.CAMERA:
        rows = np.stack([rows, np.zeros_like(rows), np.full_like(rows, LAST_EVENT)], axis=1)
    asked = Asked(Stretch(EventId(1 << 60), LAST_EVENT), 50, Order.NEWEST, with_departments=False)

    def go() -> None:
        walk_keys(connection, [KeyGroup(kind, rows)], labels, fitting, asked)

    plan = last_plan(connection, go)
    assert f"ix_event_{column}_id" in plan if labels is None else f"ix_event_{column}_label_id" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("order", list(Order))
def test_what_is_asked_of_lasting_events_stands_in_their_index(connection: Connection, order: Order) -> None:
    asked_of_them = [Condition(name, (1,)) for name in ("label", "kind", "severity", "department")]
    asked_of_them += [Condition("going_on_at", 0), Condition("lasted_us", 1)]

    def go() -> None:
        asked = Asked(Stretch(EventId(1 << 60), LAST_EVENT), 50, order, with_departments=True)
        walk(connection, Along.LONG, (), asked_of_them, asked)

    plan = last_plan(connection, go)
    assert "ix_event_lasting" in plan
    assert ("COVERING INDEX" if is_sqlite(connection) else "Index Only Scan") in plan


def test_sqlite_finds_few_cameras_by_their_index_though_they_are_to_be_in_order(sqlite_database: Database) -> None:
    meant = MeantCameras.of(region="31")
    assert meant is not None
    with sqlite_database.write() as connection:
        regions.put(connection, Region("31", "Shanghai", None))
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = 'camera'")
        for index, numbers in (("ix_camera_region_id", "100000 50000 1"), ("ix_camera_catalogue", "100000 1")):
            values = f"('camera', '{index}', '{numbers}')"
            connection.exec_driver_sql(f"INSERT INTO sqlite_stat1 VALUES {values}")  # noqa: S608 - constant text
        connection.exec_driver_sql("ANALYZE sqlite_schema")
        plan = last_plan(connection, SoughtCameras(connection, meant, EVERYTHING).all)
    assert "ix_camera_region" in plan


def last_plan(connection: Connection, go: Any) -> str:
    """How the last statement of `go` is answered. Of tables without rows PostgreSQL would read all and
    sort it."""
    said: list[tuple[str, Any]] = []
    here = get_ident()

    def hear(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if get_ident() == here:  # Others may follow what earlier tests have left.
            said.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        go()
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    statement, parameters = said[-1]
    embedded = is_sqlite(connection)
    if not embedded:
        for other in ("seqscan", "bitmapscan", "sort"):
            connection.execute(text(f"SET LOCAL enable_{other} = off"))
    explain = "EXPLAIN QUERY PLAN" if embedded else "EXPLAIN"
    return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
