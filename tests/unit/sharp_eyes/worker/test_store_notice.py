"""A store that is away becomes a notice, and one that is there ends it, whoever began it."""

from pathlib import Path

from core.errors import Unavailable
from events.media.absence import Absence
from events.notices.notice import NoticeKind
from events.notices.notices import list_notices, open_notice
from registry.db import Database
from sharp_eyes.settings import Settings
from sharp_eyes.worker.store_notice import StoreNotice
from tests.support.builders import FakeClock
from tests.support.databases import sqlite_database

__all__ = ["sqlite_database"]


def notices(database: Database) -> list[tuple[str, bool]]:
    """What was said of the store, oldest first, and whether it goes on."""
    with database.read() as connection:
        found = list_notices(connection, only_open=False).items
    return [(one.detail, one.ended_at is None) for one in reversed(found)]


def test_it_is_open_while_the_store_is_away(tmp_path: Path, sqlite_database: Database) -> None:
    clock = FakeClock()
    absence = Absence(clock, StoreNotice(sqlite_database, Settings(data=tmp_path)))
    absence.is_away("no answer")
    clock.advance(31)
    absence.is_away("no answer")
    assert notices(sqlite_database) == [("no answer", True)]
    absence.is_back()
    absence.is_back()
    assert notices(sqlite_database) == [("no answer", False)]


def test_one_that_a_worker_left_behind_ends_when_the_store_works(tmp_path: Path, sqlite_database: Database) -> None:
    settings = Settings(data=tmp_path)
    with sqlite_database.write() as connection:
        open_notice(connection, NoticeKind.STORE_AWAY, str(settings.blobs_folder), "of a worker that is gone")
        open_notice(connection, NoticeKind.STORE_AWAY, "s3.exmaple/eyes", "of a name that is put right in the settings")
        open_notice(connection, NoticeKind.DISK_FULL, "a disk", "of something else")
    Absence(FakeClock(), StoreNotice(sqlite_database, settings)).is_back()
    assert notices(sqlite_database) == [
        ("of a worker that is gone", False),
        ("of a name that is put right in the settings", False),
        ("of something else", True),
    ]


def test_that_it_is_back_is_told_again_where_it_could_not_be() -> None:
    told: list[str | None] = []

    def tell(why: str | None) -> None:
        told.append(why)
        if len(told) < 3:
            raise Unavailable("the database is away")

    absence = Absence(FakeClock(), tell)
    for _ in range(5):
        absence.is_back()
    assert told == [None, None, None]
