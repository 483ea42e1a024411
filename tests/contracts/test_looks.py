"""Looks are on record before anything is shown, many in one transaction; refusals follow."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from core.errors import Unavailable
from registry.audit.entry import Act, Outcome
from registry.audit.looks import GroupedLooks
from registry.audit.tables import audit_row
from registry.db import Database, Engines, open_database
from tests.support.postgres import PostgresServer
from tests.support.recording import an_entry
from tests.support.waiting import wait_for

THREADS: Final = 16
ROOT: Final = Path(__file__).parents[2]
_WRITER: Final = """
import sys, threading
from itertools import count
from registry.audit.looks import GroupedLooks
from registry.db import open_database
from tests.support.recording import an_entry

looks = GroupedLooks(open_database(sys.stdin.readline().strip()))
looks.start()

def look(thread):
    for n in count():
        name = f"{thread}.{n}"
        looks.record(an_entry(object=name))
        sys.stdout.write(name + "\\n")
        sys.stdout.flush()

for thread in range(8):
    threading.Thread(target=look, args=(thread,)).start()
"""
"""Says the name of each look once it is on record."""


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest, sqlite_database: Database, tmp_path: Path) -> Iterator[str]:
    """A database with all tables that several programs open."""
    if request.param is Engines.SQLITE:
        yield f"sqlite:///{tmp_path}/test.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.make_database(request.getfixturevalue("migrated_template"))
    yield made
    server.drop_database(made)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    found = open_database(url)
    yield found
    found.close()


@pytest.fixture
def looks(database: Database) -> Iterator[GroupedLooks]:
    found = GroupedLooks(database, most_refusals=5)
    found.start()
    yield found
    found.stop(10)


@contextmanager
def out_of_reach(url: str) -> Iterator[None]:
    """As long as this lasts nobody else can write the record."""
    other = open_database(url)
    try:
        with other.write() as connection:
            if other.kind is Engines.POSTGRESQL:
                connection.exec_driver_sql("LOCK TABLE audit_row IN EXCLUSIVE MODE")
            yield
    finally:
        other.close()


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(select(audit_row.c.object).order_by(audit_row.c.id)))


def test_a_look_is_on_record_once_it_may_be_shown(database: Database, looks: GroupedLooks) -> None:
    looks.record(an_entry(object="17"))
    assert names(database) == ["17"]


def test_looks_that_wait_together_are_committed_together(url: str, database: Database, looks: GroupedLooks) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        with out_of_reach(url):
            asked = [pool.submit(looks.record, an_entry(n)) for n in range(THREADS)]
            wait_for(lambda: looks.waiting == THREADS, "all wait", 10)
        for one in asked:
            one.result(10)
    assert looks.counts.recorded == THREADS
    assert looks.counts.groups <= 2
    assert looks.counts.waited_s > 0
    assert len(names(database)) == THREADS


def test_many_threads_lose_no_look(database: Database, looks: GroupedLooks) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda n: looks.record(an_entry(n)), range(THREADS * 20)))
    assert sorted(map(int, names(database))) == list(range(THREADS * 20))


def test_a_look_that_cannot_be_recorded_is_refused(url: str, database: Database) -> None:
    impatient = open_database(url, wait_s=1)
    looks = GroupedLooks(impatient)
    looks.start()
    with out_of_reach(url), pytest.raises(Unavailable, match="nothing is shown"):
        looks.record(an_entry(1))
    assert names(database) == []
    looks.record(an_entry(2))
    assert names(database) == ["2"]
    looks.stop(10)
    impatient.close()


def test_what_is_shown_is_made_ready_while_the_look_goes_on_record(url: str, database: Database) -> None:
    impatient = open_database(url, wait_s=1)
    looks = GroupedLooks(impatient)
    looks.start()
    with looks.recording(an_entry(object="17")):
        wait_for(lambda: names(database) == ["17"], "it goes on record meanwhile", 10)
    made_ready = []
    with out_of_reach(url), pytest.raises(Unavailable, match="nothing is shown"), looks.recording(an_entry(1)):
        made_ready.append(True)
    assert made_ready
    assert names(database) == ["17"]
    looks.stop(10)
    impatient.close()


def test_one_look_that_no_database_takes_spoils_no_other(url: str, database: Database, looks: GroupedLooks) -> None:
    entries = [an_entry(n, camera=2**70 if n < 2 else 1) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        with out_of_reach(url):
            asked = [pool.submit(looks.record, entry) for entry in entries]
            wait_for(lambda: looks.waiting == 6, "all wait", 10)
        assert [one.exception(10) is None for one in asked] == [False, False, True, True, True, True]
    assert sorted(names(database)) == ["2", "3", "4", "5"]


def test_nothing_is_recorded_before_the_start_and_after_the_stop(database: Database) -> None:
    looks = GroupedLooks(database)
    with pytest.raises(Unavailable):
        looks.record(an_entry(1))
    looks.start()
    looks.stop(10)
    with pytest.raises(Unavailable):
        looks.record(an_entry(1))
    assert names(database) == []


def test_a_refusal_waits_for_nobody_and_goes_on_record(url: str, database: Database, looks: GroupedLooks) -> None:
    with out_of_reach(url):
        looks.submit(an_entry(1, act=Act.REFUSAL, outcome=Outcome.REFUSED))
        assert names(database) == []
    wait_for(lambda: names(database) == ["1"], "the refusal is on record", 10)
    assert looks.counts.dropped == 0


def test_refusals_beyond_the_room_are_counted_and_told_once(
    url: str, looks: GroupedLooks, caplog: pytest.LogCaptureFixture
) -> None:
    with out_of_reach(url):
        for n in range(20):
            looks.submit(an_entry(n))
        assert looks.counts.dropped >= 10
    assert len([message for message in caplog.messages if "faster" in message]) == 1


def test_refusals_that_wait_are_written_at_the_stop(database: Database) -> None:
    looks = GroupedLooks(database)
    looks.start()
    for n in range(100):
        looks.submit(an_entry(n))
    looks.stop(10)
    assert len(names(database)) == 100


def test_killed_in_the_midst_of_groups_it_has_every_look_that_was_shown(url: str, database: Database) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _WRITER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdin is not None
    assert program.stdout is not None
    print(url, file=program.stdin, flush=True)
    shown = [program.stdout.readline().strip() for _ in range(200)]
    os.kill(program.pid, signal.SIGKILL)
    shown += program.stdout.read().splitlines(keepends=True)[:-1]
    program.wait()
    assert len(shown) >= 199
    assert {name.strip() for name in shown} <= set(names(database))
