"""The database itself: transactions, and what is said when it does not work."""

import sqlite3
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.errors import BadInput, Unavailable
from registry import cameras
from registry.db import Database, Engines, open_database
from sharp_eyes.migrate import upgrade
from tests.support.postgres import PostgresServer


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def add_and_fail() -> None:
        with database.write() as connection:
            cameras.add(connection, name="gate")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    with database.read() as connection:
        assert cameras.count(connection) == 0


def test_a_reader_cannot_write(database: Database) -> None:
    with (
        pytest.raises((DBAPIError, Unavailable), match=r"read-only|cannot be written|takes no changes"),
        database.read() as connection,
    ):
        connection.execute(text("UPDATE camera_counter SET last = 5"))
    with database.write() as connection:
        assert cameras.add(connection, name="gate").id == 1


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as reading:
        assert cameras.count(reading) == 0
        with database.write() as writing:
            cameras.add(writing, name="gate")
        assert cameras.count(reading) == 0
    with database.read() as reading:
        assert cameras.count(reading) == 1


class TestSqlite:
    def test_only_the_owner_can_read_its_files(self, sqlite_database: Database, tmp_path: Path) -> None:
        with sqlite_database.write() as connection:
            cameras.add(connection, name="gate")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("test.db*")}
        assert modes == dict.fromkeys(("test.db", "test.db-wal", "test.db-shm"), 0o600)

    def test_nothing_that_is_committed_is_lost_with_the_power(self, sqlite_database: Database) -> None:
        with sqlite_database.write() as connection:
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
            ]
        assert settings == ["wal", 2]

    def test_a_file_that_is_something_else_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("these are my notes, " * 100)
        with pytest.raises(BadInput, match=r"notes\.txt is no readable SQLite database"):
            open_database(f"sqlite:///{tmp_path}/notes.txt")
        assert (tmp_path / "notes.txt").read_text().startswith("these are my notes")

    def test_the_database_of_another_program_is_refused(self, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "theirs.db") as theirs:
            theirs.execute("CREATE TABLE photos (id INTEGER)")
        theirs.close()
        with pytest.raises(BadInput, match="another program"):
            open_database(f"sqlite:///{tmp_path}/theirs.db")

    def test_a_damaged_file_is_told_apart_from_one_that_is_away(self, tmp_path: Path) -> None:
        (tmp_path / "cut.db").write_bytes(b"SQLite format 3\x00" + bytes(200))
        with pytest.raises((BadInput, Unavailable), match=r"cut\.db"):
            open_database(f"sqlite:///{tmp_path}/cut.db")

    def test_a_folder_that_is_missing_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="No such file or directory") as caught:
            open_database(f"sqlite:///{tmp_path}/missing/test.db")
        assert str(tmp_path / "missing" / "test.db") in caught.value.message

    def test_a_full_disk_is_said_and_what_was_written_before_stays(self, sqlite_database: Database) -> None:
        with sqlite_database.write() as connection:
            before = cameras.add(connection, name="before")
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        def add_too_many() -> None:
            with sqlite_database.write() as connection:
                for number in range(5_000):
                    cameras.add(connection, name=f"camera {number}")

        with pytest.raises(Unavailable, match="the disk is full"):
            add_too_many()
        with sqlite_database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")
            assert cameras.count(connection) == 1
            assert cameras.add(connection, name="after").id == before.id + 1

    def test_a_lock_that_another_process_holds_is_said(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/test.db", wait_s=1)
        upgrade(database)
        other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(Unavailable, match="locked by another process"), database.write():
                pass
            with database.read() as connection:
                assert cameras.count(connection) == 0
        finally:
            other.close()
        with database.write() as connection:
            cameras.add(connection, name="gate")
        database.close()

    def test_a_writer_that_never_ends_makes_others_fail_in_time(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/test.db", wait_s=1)
        with database.write(), pytest.raises(Unavailable, match="became free in time"), database.write():
            pass
        database.close()


class TestPostgresql:
    def test_a_wrong_password_is_said_without_it(self, postgres_server: PostgresServer) -> None:
        url = postgres_server.url("postgres").replace(postgres_server.password, "wr0ng-s3cret")
        with pytest.raises(Unavailable, match="password authentication failed") as caught:
            open_database(url)
        assert "wr0ng-s3cret" not in f"{caught.value!r} {caught.value.message} {caught.value.__cause__}"

    def test_a_server_that_is_away_is_said_without_the_password(self) -> None:
        with pytest.raises(Unavailable, match="not available") as caught:
            open_database("postgresql://sharp:s3cret@127.0.0.1:1/sharp")
        assert "s3cret" not in str(caught.value)
        assert "127.0.0.1" in caught.value.message

    def test_a_database_that_is_missing_is_named(self, postgres_server: PostgresServer) -> None:
        with pytest.raises(Unavailable, match="nowhere"):
            open_database(postgres_server.url("nowhere"))

    def test_the_password_is_not_in_the_text_of_a_database(self, postgres_server: PostgresServer) -> None:
        database = open_database(postgres_server.url("postgres"))
        try:
            assert postgres_server.password not in repr(database)
            assert postgres_server.password not in database.place
        finally:
            database.close()

    def test_a_connection_that_was_cut_is_made_anew(self, postgres_server: PostgresServer) -> None:
        database = open_database(postgres_server.url("postgres"))
        cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sharp-eyes'")
        try:
            with pytest.raises(Unavailable), database.read() as connection:
                connection.execute(cut)
            with database.read() as connection:
                assert connection.execute(text("SELECT 1")).scalar() == 1
        finally:
            database.close()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:s3cret@host/db",
        "s3cret",
        "postgresql://user:s3cret@host:port/db",
        "postgresql+asyncpg://user:s3cret@host/db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_url_of_another_kind_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        open_database(url)
    assert caught.value.field == "database.url"
    assert "s3cret" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__} {caught.value.__context__}"


def test_a_glance_sees_what_was_committed_and_needs_no_transaction(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE registry_version SET version = 7")
    with database.glance() as connection:
        assert connection.exec_driver_sql("SELECT version FROM registry_version").scalar_one() == 7
        if database.kind is Engines.POSTGRESQL:
            info = connection.connection.driver_connection.info  # type: ignore[union-attr]
            assert info.transaction_status == TransactionStatus.IDLE


def test_who_writes_after_a_glance_has_a_transaction(database: Database) -> None:
    with database.glance() as connection:
        before = connection.exec_driver_sql("SELECT version FROM registry_version").scalar_one()
    with suppress(ZeroDivisionError), database.write() as connection:
        connection.exec_driver_sql("UPDATE registry_version SET version = 99")
        raise ZeroDivisionError
    with database.glance() as connection:
        assert connection.exec_driver_sql("SELECT version FROM registry_version").scalar_one() == before
