"""Brings a database to the form that this program works with."""

import logging
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from core.clock import Clock, SystemClock
from core.errors import Conflict, Unavailable
from registry.db import Database, is_sqlite, metadata
from registry.sqlite_file import mark_as_ours

_log = logging.getLogger(__name__)

_HOLD_UP_MS: Final = 800
"""How long others may have to wait because we wait for a table. Shorter than `deadlock_timeout` (1 s): of two that wait
for each other it is we who give up."""
_AGAIN_S: Final = 1.0
_MOST_TRIES: Final = 70
_HELD: Final = ("55P03", "40P01")
"""What PostgreSQL says of a lock that was not to be had, and of two that waited for each other."""
_SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x5368_4579_0002
_TABLES: Final = (
    "registry.tables",
    "registry.uptime_tables",
    "registry.idempotency_table",
    "registry.import_tables",
    "registry.access.tables",
    "registry.audit.tables",
    "events.index.tables",
    "events.media.table",
    "events.flows.table",
    "events.tracks.table",
    "events.tallies.table",
    "events.alerts.tables",
    "events.notices.table",
    "events.retention.tables",
)


def upgrade(database: Database, clock: Clock | None = None) -> bool:
    """Make or change the tables, in one transaction: afterwards all is done, or nothing. Whether there were none.

    Two processes that start at once do it one after the other. Where a long transaction of somebody else holds a table
    on PostgreSQL, the change lets go of all it holds within a second, so that the city need not wait for both, and is
    tried again for two minutes by `clock`. Raises `Conflict` where the database was made by a newer program,
    `Unavailable` where the tables stay in use.
    """
    clock = clock or SystemClock()
    tries = 0
    while pending(database):
        try:
            return _upgrade(database)
        except Unavailable as error:
            tries += 1
            if getattr(error.__cause__, "sqlstate", None) not in _HELD or tries == _MOST_TRIES:
                raise
        _log.warning("the tables cannot be changed while a long transaction uses them; again in %.0f s", _AGAIN_S)
        clock.sleep(_AGAIN_S)
    return False


def pending(database: Database) -> bool:
    """Whether `upgrade` would change anything. Raises `Conflict` like `upgrade`."""
    return form_of(database) != newest_form()


def form_of(database: Database) -> str | None:
    """The form of the tables, as the number of its last step; None where there are none. Raises `Conflict`."""
    with database.read() as connection:
        return _refuse_newer(connection, database.place)


def newest_form() -> str | None:
    """The form that this program works with."""
    return _forms()[0]


def knows_form(form: str) -> bool:
    """Whether this program can bring tables of this form to its own."""
    return form in _forms()[1]


@cache
def _forms() -> tuple[str | None, frozenset[str]]:
    """The newest form, and all there are: the steps are loaded for it, and who asks for health asks each second."""
    scripts = ScriptDirectory(_SCRIPTS)
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())


def _upgrade(database: Database) -> bool:
    with database.write() as connection:
        if is_sqlite(connection):
            mark_as_ours(connection)
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # A new index on many events takes its time.
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # Who upgrades already may take minutes.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            # Behind us in the queue for a table stand all who only want to read it.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_HOLD_UP_MS}ms'")
        config = configuration(connection)
        found = _refuse_newer(connection, database.place)
        command.upgrade(config, "head")
        return found is None


def all_tables() -> MetaData:
    """The metadata with every table in it."""
    for module in _TABLES:
        import_module(module)
    return metadata


def configuration(connection: Connection) -> Config:
    """What Alembic's commands need to work on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection, place: str) -> str | None:
    """The step that the database has reached, None before the first one."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and not knows_form(found):
        raise Conflict(
            f"the database {place} is of form {found}, which this version of Sharp Eyes does not know",
            hint="it was used by a newer version: run that one, or restore the backup made before the upgrade",
        )
    return found
