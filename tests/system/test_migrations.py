"""The steps that make the database, against the tables that the code expects."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from core.errors import Conflict
from registry import cameras, departments
from registry.catalogue.text_index import is_ours
from registry.db import Database, open_database
from sharp_eyes.migrate import all_tables, pending, upgrade
from tests.support.databases import empty_database, migrated_template, postgres_server

__all__ = ["empty_database", "migrated_template", "postgres_server"]

_INDEXED_IN_PART = (
    "event",
    "event_media",
    "camera",
    "zone",
    "line",
    "privacy_area",
    "camera_epoch",
    "stream_spell",
    "subscription",
    "delivery",
    "legal_hold",
    "system_notice",
)


def test_the_steps_make_exactly_the_tables_of_the_code(empty_database: Database) -> None:
    upgrade(empty_database)
    with empty_database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, all_tables()) == []


def test_indexes_over_some_rows_only_keep_their_condition(empty_database: Database) -> None:
    upgrade(empty_database)
    with empty_database.write() as connection:  # SQLite's PRAGMAs see old tables on other connections.
        partial = {
            index["name"]
            for table in _INDEXED_IN_PART
            for index in inspect(connection).get_indexes(table)
            if any(option.endswith("_where") for option in index.get("dialect_options", {}))
        }
    assert partial == {
        "ix_event_open",
        "ix_event_long",
        "ix_event_lasting",
        "uq_subscription_department_name_living",
        "ix_delivery_due",
        "ix_delivery_ended",
        "uq_camera_department_name_living",
        "uq_zone_camera_name_living",
        "uq_line_camera_name_living",
        "uq_privacy_area_camera_name_living",
        "ix_event_media_pending",
        "ix_event_media_doomed",
        "ix_event_media_masked_clip",
        "ix_legal_hold_in_force",
        "uq_system_notice_kind_subject_open",
        "uq_camera_gb_code_living",
        "uq_camera_department_own_id_living",
        "uq_camera_epoch_camera_open",
        "ix_camera_epoch_worker_open",
        "uq_stream_spell_camera_open",
        "ix_stream_spell_uncounted",
    }


def test_an_empty_database_has_steps_pending_and_an_upgraded_one_has_none(empty_database: Database) -> None:
    assert pending(empty_database)
    upgrade(empty_database)
    assert not pending(empty_database)


def test_upgrading_again_changes_nothing(empty_database: Database) -> None:
    upgrade(empty_database)
    with empty_database.write() as connection:
        added = cameras.add(connection, name="North gate")
    upgrade(empty_database)
    with empty_database.read() as connection:
        assert cameras.get(connection, added.id) == added


def test_the_first_department_is_there_and_the_next_gets_another_number(empty_database: Database) -> None:
    upgrade(empty_database)
    with empty_database.write() as connection:
        assert departments.get(connection, departments.DEFAULT).name == "City"
        assert departments.add(connection, name="Water").id == 2


def test_two_that_upgrade_at_once_do_it_once(empty_database: Database) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            upgrade(empty_database)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with empty_database.read() as connection:
        assert len(departments.list_departments(connection)) == 1


def test_a_database_of_a_newer_program_is_refused(empty_database: Database) -> None:
    upgrade(empty_database)
    with empty_database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match=r"9999.*does not know") as caught:
        upgrade(empty_database)
    assert "newer version" in (caught.value.hint or "")
    with pytest.raises(Conflict):
        pending(empty_database)


def test_an_upgraded_file_is_known_as_ours_by_its_header(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/ours.db")
    upgrade(database)
    database.close()
    header = (tmp_path / "ours.db").read_bytes()[:100]
    assert header[68:72] == b"ShEy"
