"""Cameras that are meant by text are looked up before a search begins where there are few of them."""

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import Connection

from events.index.event_filter import EventFilter
from events.index.filters import resolve
from events.index.search import search
from events.index.sifter import Sifter
from registry import cameras
from registry.catalogue import meant
from registry.catalogue.condition import Condition
from registry.db import Database, Engines
from registry.reach import EVERYTHING
from tests.support.builders import after, an_event
from tests.support.happenings import write

AT_LAKE = EventFilter(q="lake")


def of_texts(number: int) -> object:
    def estimated(_: Connection, conditions: Sequence[Condition]) -> Mapping[Condition, int]:
        return {one: number for one in conditions if one.words}

    return estimated


def knows(database: Database) -> bool:
    """Whether a search for cameras at the lake begins with knowing them."""
    with database.read() as connection:
        wanted = resolve(connection, AT_LAKE)
        assert wanted is not None
        sifter = Sifter(connection, wanted, EVERYTHING)
        return sifter.wanted.cameras is not None and sifter.wanted.meant is None


@pytest.mark.parametrize(("number", "is_known"), [(0, True), (1_000, True), (1_001, False)])
def test_few_are_looked_up_at_once_and_many_as_they_are_met(
    database: Database, monkeypatch: pytest.MonkeyPatch, number: int, is_known: bool
) -> None:
    with database.write() as connection:
        here = [cameras.add(connection, name=f"lake {n}").id for n in range(3)]
        there = [cameras.add(connection, name=f"hill {n}").id for n in range(3)]
    ids = write(database, [an_event(n, camera=(here + there)[n % 6], at=after(n)) for n in range(60)])
    monkeypatch.setattr(meant, "estimated", of_texts(number))
    assert knows(database) == is_known
    with database.read() as connection:
        found = search(connection, AT_LAKE, limit=100).items
    assert [one.event.id for one in found] == [one for one in reversed(ids) if one % 2**22 in here]


def test_postgresql_tells_by_a_sample_how_many_there_are(database: Database) -> None:
    with database.write() as connection:
        cameras.add(connection, name="lake")
    assert knows(database) == (database.kind is Engines.POSTGRESQL)
