"""The city that is searched: made for the benchmark, or found where an earlier run left it."""

import json
from dataclasses import asdict
from typing import Final

from sqlalchemy import Column, Connection, MetaData, Table, Text, insert, inspect, select

from core.clock import SystemClock
from core.errors import Conflict
from registry.db import open_database

from ...simulate import City, Progress, fill
from .stage import Tell

DEPARTMENTS: Final = 60
DAYS: Final = 90
_made = Table("bench_search", MetaData(), Column("city", Text, nullable=False))
"""One row: what the city in this database was made of."""


def city_of(cameras: int, events: int, seed: int) -> City:
    """The city that is made; nothing is granted in it, so that it is known who sees what."""
    return City(cameras=cameras, departments=DEPARTMENTS, events=events, days=DAYS, seed=seed, grants=0, looks=0)


def make_or_find(url: str, city: City, tell: Tell) -> bool:
    """See that the database at `url` has `city`. Whether it was there already.

    Raises `Conflict` where there is another one, or something else.
    """
    found = _found(url)
    asked = json.dumps(asdict(city), sort_keys=True)
    if found is not None:
        if found != asked:
            raise Conflict(
                f"the city there was made of {found}, and {asked} is asked for",
                hint="ask for the same numbers, or name an empty place",
            )
        return True

    def report(done: Progress) -> None:
        tell(f"making a city: {done.stage.value}", done.done, done.total)

    fill(url, city, until=SystemClock().now(), report=report)
    database = open_database(url)
    try:
        with database.write() as connection:
            _made.create(connection)
            connection.execute(insert(_made), {"city": asked})
    finally:
        database.close()
    return False


def _found(url: str) -> str | None:
    database = open_database(url)
    try:
        with database.read() as connection:
            return _read(connection)
    finally:
        database.close()


def _read(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_made.name):
        return None
    return connection.execute(select(_made.c.city)).scalar_one_or_none()
