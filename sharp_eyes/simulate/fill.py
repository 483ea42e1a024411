"""Fills an empty database with a simulated city: all of it, or nothing."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.engine import make_url

from core.access import Role
from core.errors import Conflict, Unavailable
from events.index import words
from events.index.tables import event, event_kind, label, rule_name
from registry import tables
from registry.access.tables import access_state, person
from registry.access.version import raise_access_version
from registry.db import Database, Engines, open_database

from ..migrate import upgrade
from .city import City
from .grants import add_grants
from .histories import make_histories
from .keeping import add_keeping
from .layout import Layout, lay_out
from .load import Heard, TableRows, load_into_postgresql, load_into_sqlite, of_events, of_histories
from .people import add_people
from .record import add_record
from .registry_rows import add_registry
from .subscriptions import add_subscriptions
from .traffic import Traffic
from .words import TEMPLATES

_LATEST_LOCK_S: Final = 5


class Stage(StrEnum):
    """What is being made."""

    CAMERAS = "cameras"
    HISTORIES = "days of histories"
    EVENTS = "events"
    INDEXES = "indexes"
    TALLIES = "tallies"
    RECORD = "rows on record"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made."""

    cameras: int
    departments: int
    events: int
    people: int
    admin: str
    """What a city admin signs in with, once invited."""


Report = Callable[[Progress], None]


def fill(url: str, city: City, *, until: datetime, zone: tzinfo = UTC, report: Report = lambda _: None) -> Filled:
    """Put `city` into the empty database at `url`; its events lie in the days before `until`, and days of uptime begin
    at midnight in `zone`.

    `report` is called every fraction of a second; what it raises (KeyboardInterrupt likewise) ends the work and leaves
    the database as it was. Followers of the changes are told nothing: these events are not news.

    Raises `Conflict` where the database has cameras, events or people already, or another process has it open.
    """
    city.begins(until)
    database = open_database(url)
    try:
        _refuse_filled(database)
        if database.kind is Engines.POSTGRESQL:
            return _fill_postgresql(database, city, until, zone, report)
    finally:
        database.close()
    return _fill_sqlite(Path(make_url(url).database or ""), city, until, zone, report)


def _fill_postgresql(database: Database, city: City, until: datetime, zone: tzinfo, report: Report) -> Filled:
    upgrade(database)
    with database.write() as connection:
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        # Without cameras there are none but those that departments begin with, whose numbers are needed.
        connection.execute(delete(tables.rule))
        prepared = _prepare(connection, city, until, zone, report)
        load_into_postgresql(connection, prepared.parts, _steps(Stage.INDEXES, report), _steps(Stage.TALLIES, report))
        prepared.add_record(connection)
        return _filled(connection, city)


def _fill_sqlite(path: Path, city: City, until: datetime, zone: tzinfo, report: Report) -> Filled:
    """Make the city in a file of its own, without any safety, and put that file in the place of the empty one."""
    draft = path.with_name(f".{path.name}.simulated")
    _remove(draft)
    try:
        database = open_database(f"sqlite:///{draft}")
        try:
            upgrade(database)
            with database.write() as connection:
                prepared = _prepare(connection, city, until, zone, report)
        finally:
            database.close()
        load_into_sqlite(draft, prepared.parts, _steps(Stage.INDEXES, report), _steps(Stage.TALLIES, report))
        database = open_database(f"sqlite:///{draft}")
        try:
            with database.write() as connection:
                prepared.add_record(connection)
                filled = _filled(connection, city)
        finally:
            database.close()
        _retire(path)
        draft.replace(path)
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the simulated city cannot be written to {draft}: {error}") from error
    finally:
        _remove(draft)
    return filled


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is left to do once registry and word tables are filled."""

    parts: Sequence[TableRows]
    """The histories and the traffic."""
    add_record: Callable[[Connection], None]
    """To be done last: the record tells of the events."""


def _prepare(connection: Connection, city: City, until: datetime, zone: tzinfo, report: Report) -> _Prepared:
    """Fill registry and word tables."""
    layout: Layout = lay_out(city)
    histories = make_histories(city, until)
    report(Progress(Stage.CAMERAS, 0, city.cameras))
    owners = add_registry(
        connection, city, layout, histories, until, lambda done: report(Progress(Stage.CAMERAS, done, city.cameras))
    )
    people = add_people(connection, city, owners, until)
    add_grants(connection, city, layout, owners, people, until)
    add_subscriptions(connection, owners, people, until)
    add_keeping(connection, owners, people, until)
    raise_access_version(connection)
    connection.execute(update(access_state).values(latest_at=until))  # the tables were made at a moment of their own
    days = histories.days(layout, owners, zone)
    traffic = Traffic(
        city,
        layout,
        until,
        departments=owners,
        label_numbers=words.numbers(connection, label, {one for rule in TEMPLATES for one in rule.labels}),
        name_numbers=words.numbers(connection, rule_name, {rule.name for rule in TEMPLATES}),
        kind_numbers=words.numbers(connection, event_kind, {rule.kind.value for rule in TEMPLATES}),
    )
    parts = [
        of_histories(histories.spells(), days, _days(histories.day_count(zone), report)),
        of_events(traffic.batches(), _events(city, report)),
    ]
    return _Prepared(parts, lambda later: add_record(later, city, layout, owners, people, until, _looks(city, report)))


def _refuse_filled(database: Database) -> None:
    """Raises `Conflict` unless the database is new or has only its first department."""
    with database.read() as connection:
        if not connection.dialect.has_table(connection, event.name):
            return
        found = {
            "departments of its own": connection.scalar(select(func.count()).select_from(tables.department)) != 1,
            "cameras": connection.scalar(select(tables.camera.c.id).limit(1)) is not None,
            "events": connection.scalar(select(event.c.id).limit(1)) is not None,
            "people": connection.scalar(select(person.c.id).limit(1)) is not None,
        }
    if there := [what for what, is_there in found.items() if is_there]:
        raise Conflict(
            f"the database {database.place} has {' and '.join(there)} already; a city is put into an empty one only",
            hint="name another data folder with --data",
        )


def _retire(path: Path) -> None:
    """Remove the empty database at `path`. Raises `Conflict` while another process has it open."""
    connection = sqlite3.connect(path, timeout=_LATEST_LOCK_S, isolation_level=None)
    try:
        # Leaving the write-ahead log needs the file to itself, and takes the log away.
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise Conflict(
            f"the database {path} is in use by another process ({error})", hint="stop Sharp Eyes on this folder first"
        ) from error
    finally:
        connection.close()


def _remove(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _events(city: City, report: Report) -> Callable[[int], None]:
    return lambda done: report(Progress(Stage.EVENTS, done, city.events))


def _looks(city: City, report: Report) -> Callable[[int], None]:
    return lambda done: report(Progress(Stage.RECORD, done, city.look_count))


def _days(total: int, report: Report) -> Callable[[int], None]:
    return lambda done: report(Progress(Stage.HISTORIES, done, total))


def _steps(stage: Stage, report: Report) -> Heard:
    return lambda done, total: report(Progress(stage, done, total))


def _filled(connection: Connection, city: City) -> Filled:
    made = connection.scalar(select(func.count()).select_from(event)) or 0
    people = connection.scalar(select(func.count()).select_from(person)) or 0
    first = select(person.c.login).where(person.c.role == Role.CITY_ADMIN.value).order_by(person.c.id).limit(1)
    return Filled(city.cameras, city.departments, made, people, connection.execute(first).scalar_one())
