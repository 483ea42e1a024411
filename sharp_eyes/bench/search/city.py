"""The city that is searched: made for the benchmark, or found where an earlier run left it."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Final

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, delete, func, insert, inspect, select

from core.errors import Conflict
from events.index.tables import event, event_change, event_detail, outage, outage_member
from registry.db import Database, Engines, open_database

from ...simulate import City
from ..made_city import Tell, make_city

DEPARTMENTS: Final = 60
DAYS: Final = 90
_made = Table(
    "bench_search",
    MetaData(),
    Column("city", Text, nullable=False),
    Column("newest", BigInteger, nullable=False),
)
"""One row: what the city in this database was made of, and its newest event."""
_OF_EVENTS: Final = (
    (event_detail, event_detail.c.event),
    (event_change, event_change.c.event),
    (outage_member, outage_member.c.event),
    (outage, outage.c.event),
)
_SWEEP: Final = "VACUUM event, event_detail, event_change, event_tally, camera_tally"
_AT_ONCE: Final = 2_000


def city_of(cameras: int, events: int, seed: int) -> City:
    """The city that is made; nothing is granted in it, so that it is known who sees what."""
    return City(cameras=cameras, departments=DEPARTMENTS, events=events, days=DAYS, seed=seed, grants=0, looks=0)


def make_or_find(url: str, city: City, tell: Tell) -> None:
    """See that the database at `url` has `city`.

    Raises `Conflict` where there is another one, or something else.
    """
    asked = json.dumps(asdict(city), sort_keys=True)
    with closing(open_database(url)) as database:
        found = _city_in(database)
    if found is not None and found != asked:
        raise Conflict(
            f"the city there was made of {found}, and {asked} is asked for",
            hint="ask for the same numbers, or name an empty place",
        )
    if found is not None:
        return
    make_city(url, city, tell)
    with closing(open_database(url)) as database, database.write() as connection:
        _made.create(connection)
        newest = select(func.coalesce(func.max(event.c.id), 0)).scalar_subquery()
        connection.execute(insert(_made).values(city=asked, newest=newest))


@contextmanager
def as_it_was(database: Database, tell: Tell) -> Iterator[None]:
    """Take away what an earlier run wrote and could not take away, and at the end what was written meanwhile."""
    _take_away(database, tell)
    yield
    _take_away(database, tell)


def _take_away(database: Database, tell: Tell) -> None:
    """Remove all that is newer than the city, piece by piece."""
    with database.read() as connection:
        newest = connection.execute(select(_made.c.newest)).scalar_one()
        left = connection.execute(select(func.count()).where(event.c.id > newest)).scalar_one()
    done = 0
    while True:
        tell("taking away what was written", done, max(left, done))
        with database.write() as connection:
            ids = select(event.c.id).where(event.c.id > newest).order_by(event.c.id).limit(_AT_ONCE)
            found = list(connection.scalars(ids))
            if not found:
                for table, number in _OF_EVENTS:
                    connection.execute(delete(table).where(number > newest))
                break
            connection.execute(delete(event).where(event.c.id.between(found[0], found[-1])))
        done += len(found)
    if database.kind is Engines.POSTGRESQL:
        # Rows that are gone stay where each search begins, which has to look at them: no city has such a newest end.
        with database.glance() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(_SWEEP)
            connection.exec_driver_sql("RESET statement_timeout")


def _city_in(database: Database) -> str | None:
    with database.read() as connection:
        if not inspect(connection).has_table(_made.name):
            return None
        return connection.execute(select(_made.c.city)).scalar_one_or_none()
