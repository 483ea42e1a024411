"""Pages of the record, on both databases: filters and scopes find what plain Python finds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.camera import DepartmentId
from core.ids import CameraId
from registry.audit.entry import Act, Entry
from registry.audit.reading import ALL, Home, RecordFilter, list_record
from registry.db import Database
from tests.support.recording import RECORD_BEGAN_AT, an_entry, clear_record, record

ENTRIES = [
    *(an_entry(n, departments=frozenset(map(DepartmentId, range(1, n % 4 + 1)))) for n in range(60)),
    *(an_entry(n, actor=replace(an_entry().actor, kind="key"), act=Act.EXPORT) for n in range(60, 70)),
]
HOMES: list[Home] = [None, frozenset(), frozenset({DepartmentId(2)}), frozenset(map(DepartmentId, range(2, 200)))]
FILTERS = [
    ALL,
    RecordFilter(person=2),
    RecordFilter(key=1),
    RecordFilter(acts=frozenset({Act.SEARCH, Act.EXPORT})),
    RecordFilter(camera=CameraId(4), acts=frozenset({Act.LOOK_AT_CLIP})),
    RecordFilter(department=DepartmentId(3)),
    RecordFilter(object="17"),
    RecordFilter(from_at=RECORD_BEGAN_AT + timedelta(seconds=20), to_at=RECORD_BEGAN_AT + timedelta(seconds=40)),
]


@pytest.fixture(scope="module")
def database(shared_database: Database) -> Iterator[Database]:
    """A record of seventy rows."""
    clear_record(shared_database)
    record(shared_database, ENTRIES)
    yield shared_database
    clear_record(shared_database)


def fits(entry: Entry, asked: RecordFilter, home: Home) -> bool:
    return (
        (home is None or bool(home & entry.departments))
        and (asked.department is None or asked.department in entry.departments)
        and (home is None or asked.department is None or asked.department in home)
        and (asked.person is None or (entry.actor.kind, entry.actor.id) == ("person", asked.person))
        and (asked.key is None or (entry.actor.kind, entry.actor.id) == ("key", asked.key))
        and (not asked.acts or entry.act in asked.acts)
        and asked.camera in (None, entry.camera)
        and asked.object in (None, entry.object)
        and (asked.from_at is None or entry.at >= asked.from_at)
        and (asked.to_at is None or entry.at < asked.to_at)
    )


@pytest.mark.parametrize("home", HOMES, ids=["city", "nothing", "one", "many"])
@pytest.mark.parametrize("asked", FILTERS, ids=range(len(FILTERS)))
def test_pages_hold_what_fits(database: Database, asked: RecordFilter, home: Home) -> None:
    found: list[str] = []
    cursor = None
    while True:
        with database.read() as connection:
            page = list_record(connection, asked, home, cursor=cursor, limit=7)
        found += [row.object for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == [entry.object for entry in reversed(ENTRIES) if fits(entry, asked, home)]


def test_a_clock_that_was_set_back_hides_no_row(database: Database) -> None:
    late = [an_entry(number, at=RECORD_BEGAN_AT + timedelta(seconds=30), object="set back") for number in range(3)]
    record(database, late)
    with database.read() as connection:
        page = list_record(connection, RecordFilter(to_at=RECORD_BEGAN_AT + timedelta(seconds=31)), None, limit=3)
    assert [row.object for row in page.items] == ["set back"] * 3
