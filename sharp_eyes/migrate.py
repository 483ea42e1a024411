"""Brings a database to the form that this program works with."""

from importlib import import_module
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from core.errors import Conflict
from registry.db import Database, is_sqlite, metadata
from registry.sqlite_file import mark_as_ours

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x5368_4579_0002
_TABLES: Final = (
    "registry.tables",
    "registry.uptime_tables",
    "registry.idempotency_table",
    "registry.import_tables",
    "events.index.tables",
    "events.media.table",
    "events.flows.table",
    "events.tracks.table",
)


def upgrade(database: Database) -> bool:
    """Make or change the tables, in one transaction: afterwards all is done, or nothing. Whether there were none.

    Two processes that start at once do it one after the other. Raises `Conflict` where the database was made by a newer
    program.
    """
    with database.write() as connection:
        if is_sqlite(connection):
            mark_as_ours(connection)
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # A new index on many events takes its time.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = configuration(connection)
        found = _refuse_newer(connection, config, database.place)
        command.upgrade(config, "head")
        return found is None


def pending(database: Database) -> bool:
    """Whether `upgrade` would change anything. Raises `Conflict` like `upgrade`."""
    with database.read() as connection:
        config = configuration(connection)
        found = _refuse_newer(connection, config, database.place)
        return found != ScriptDirectory.from_config(config).get_current_head()


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


def _refuse_newer(connection: Connection, config: Config, place: str) -> str | None:
    """The step that the database has reached, None before the first one."""
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise Conflict(
            f"the database {place} is of form {found}, which this version of Sharp Eyes does not know",
            hint="it was used by a newer version: run that one, or restore the backup made before the upgrade",
        )
    return found
