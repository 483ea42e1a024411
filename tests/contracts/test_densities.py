"""What is expected of a city's events is read by one of all who ask."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any, Final

import pytest
from sqlalchemy import event

from events.index import densities as asked
from events.index.densities import Densities, densities
from registry.db import Database

_ASKING: Final = 6


class SlowReading:
    """Tallies are read in no less than a fifth of a second, and it is counted how often."""

    def __init__(self, database: Database) -> None:
        self.reads = 0
        self.is_reading = threading.Event()
        with database.read() as connection:
            event.listen(connection.engine, "before_cursor_execute", self._before)

    def _before(self, _1: Any, _2: Any, statement: str, _3: Any, _4: Any, _5: Any) -> None:
        if "t.label > " in statement:
            self.reads += 1
            self.is_reading.set()
            sleep(0.2)


def ask(database: Database) -> Densities:
    with database.read() as connection:
        return densities(connection)


def test_those_who_ask_at_once_wait_for_the_one_who_reads(database: Database) -> None:
    slow = SlowReading(database)
    together = threading.Barrier(_ASKING)

    def ask_together() -> Densities:
        together.wait(10)
        return ask(database)

    with ThreadPoolExecutor(_ASKING) as pool:
        found = [one.result() for one in [pool.submit(ask_together) for _ in range(_ASKING)]]
    assert slow.reads == 1
    assert all(one is found[0] for one in found)


def test_while_one_reads_anew_the_others_go_by_what_was_known(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask(database)
    monkeypatch.setattr(asked, "_KEPT_S", 0.0)
    slow = SlowReading(database)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(ask, database)
        assert slow.is_reading.wait(10)
        assert ask(database) is before
        assert reading.result() is not before
    assert slow.reads == 1
