"""Databases that were filled in an older form, and are brought to the newest one."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from core.ids import CameraId, EventId
from core.rule import RuleKind, Severity
from events.index.search import get as get_event
from events.index.tables import SEARCH_INDEXES
from events.tallies.recount import difference
from events.tallies.table import camera_tally, event_tally
from registry import rules, zones
from registry.catalogue.text_index import is_ours
from registry.db import Database
from registry.tables import rule as rule_table
from sharp_eyes.migrate import all_tables, configuration, upgrade
from tests.support.databases import empty_database, migrated_template, postgres_server

__all__ = ["empty_database", "migrated_template", "postgres_server"]

_EVENT = EventId(20971520000001)
"""5,000 s after events begin, on camera 1."""
_FIRST_FORM = (
    "INSERT INTO camera (id, name, department, enabled) VALUES (1, 'North gate', 1, true)",
    "UPDATE camera_counter SET last = 1",
    "INSERT INTO zone (camera, name, points) VALUES (1, 'crossing', '[[0,0],[1,0],[1,1]]')",
    "INSERT INTO rule (camera, name, kind, labels, zone, min_duration_ms, min_score, severity, enabled)"
    " VALUES (1, 'people', 'object_in_zone', '[\"person\"]', 1, 2500, 0.55, 2, false)",
    "INSERT INTO rule (camera, name, kind, labels, min_duration_ms, min_score, severity, enabled)"
    " VALUES (1, 'gone', 'object_in_zone', '[\"car\"]', 1000, 0.4, 4, true)",
    "DELETE FROM rule WHERE name = 'gone'",
    "INSERT INTO label (name) VALUES ('person')",
    "INSERT INTO event_kind (name) VALUES ('object_in_zone')",
    "INSERT INTO rule_name (name) VALUES ('people')",
    "INSERT INTO event (id, epoch, n, version, camera, department, label, kind, severity, zone, rule, rule_name, track,"
    " score, box_left, box_top, box_right, box_bottom, last_seen_at)"
    " VALUES (20971520000001, 1, 1, 3, 1, 1, 1, 1, 2, 1, 1, 1, 7, 8125, 1000, 2000, 3000, 4000, 1800000000000000)",
)


@pytest.fixture
def filled(empty_database: Database) -> Database:
    """A database of the first form with a camera, a zone, a rule, the gap of a removed rule, and an open event."""
    with empty_database.write() as connection:
        command.upgrade(configuration(connection), "0001")
        for statement in _FIRST_FORM:
            connection.execute(text(statement))
    upgrade(empty_database)
    return empty_database


def test_a_filled_one_gets_exactly_the_tables_of_the_code(filled: Database) -> None:
    with filled.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, all_tables()) == []


def test_cameras_zones_and_rules_stay_as_they_were(filled: Database) -> None:
    with filled.read() as connection:
        (rule,) = rules.of_camera(connection, CameraId(1))
        (zone,) = zones.of_camera(connection, CameraId(1))
    assert rule.zone == zone
    assert (rule.id, rule.name, rule.kind) == (1, "people", RuleKind.OBJECT_IN_ZONE)
    assert rule.labels == {"person"}
    assert (rule.min_duration.total_seconds(), rule.min_score, rule.severity) == (2.5, 0.55, Severity.HIGH)
    assert not rule.enabled


def test_events_stay_as_they_were(filled: Database) -> None:
    with filled.read() as connection:
        event = get_event(connection, _EVENT).event
    assert (event.version, event.track, event.score, event.ended_at) == (3, 7, 0.8125, None)
    assert event.box is not None
    assert (event.box.left, event.box.bottom) == (0.1, 0.4)


def test_events_keep_their_indexes(filled: Database) -> None:
    with filled.write() as connection:
        found = {index["name"] for index in inspect(connection).get_indexes("event")}
    assert found == {index.name for index in SEARCH_INDEXES} | {"ix_event_open"}


def test_events_that_were_there_are_counted(filled: Database) -> None:
    with filled.read() as connection:
        assert connection.scalar(select(func.sum(event_tally.c["count"]))) == 12
        assert connection.scalar(select(func.sum(camera_tally.c["count"]))) == 1
        assert difference(connection) == []


def test_the_number_of_a_removed_rule_is_not_given_out_again(filled: Database) -> None:
    with filled.write() as connection:
        assert rules.add(connection, CameraId(1), name="new", labels=["car"]).id == 3


def test_not_even_where_no_rule_was_left(empty_database: Database) -> None:
    with empty_database.write() as connection:
        command.upgrade(configuration(connection), "0001")
        for statement in _FIRST_FORM:
            connection.execute(text(statement))
        connection.execute(text("DELETE FROM rule"))
    upgrade(empty_database)
    with empty_database.write() as connection:
        assert rules.add(connection, CameraId(1), name="new", labels=["car"]).id == 3


def test_a_rule_of_nobody_or_of_two_is_refused_by_the_database_itself(filled: Database) -> None:
    for owners in ({"camera": None, "department": None}, {"camera": 1, "department": 1}):
        with pytest.raises(IntegrityError, match="ck_rule_owner"), filled.write() as connection:
            connection.execute(update(rule_table).where(rule_table.c.id == 1).values(owners))
