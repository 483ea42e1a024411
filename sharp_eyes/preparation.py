"""What must stand before any process starts: the data folder, the sealing key, the tables."""

from core.errors import SharpEyesError, Unavailable
from registry import department_rules, departments, sealing_key
from registry.db import Database, open_database

from .migrate import pending, upgrade
from .settings import Settings


def prepare(settings: Settings) -> Database:
    """Make what is missing, and open the database. Harmless to repeat, and for two processes at once.

    Raises `Unavailable` where the data folder cannot be made or the database is away, `BadInput` where what is there
    is not ours.
    """
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"the data folder {settings.data} cannot be made: {error.strerror}",
            hint="name another folder with `data` in sharp-eyes.toml, or SHARP_EYES_DATA",
        ) from None
    sealing_key.load_or_create(settings.sealing_key_file)
    database = open_database(settings.database_url)
    try:
        if upgrade(database):
            with database.write() as connection:
                department_rules.add_usual(connection, departments.DEFAULT)
    except BaseException:
        database.close()
        raise
    return database


def schema_fault(database: Database) -> str | None:
    """What is wrong with the tables, in words; None where they are as this version needs them."""
    try:
        return "its tables are of an older version" if pending(database) else None
    except SharpEyesError as error:
        return error.message
