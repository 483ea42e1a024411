"""What must stand before any process starts: the data folder, the sealing key, the tables."""

from core.errors import BadInput, SharpEyesError, Unavailable
from registry import department_rules, departments, key_ring
from registry.db import Database, open_database
from registry.key_ring import KeyRing, ring_of
from registry.sealing_key import parse

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
    open_keys(settings)
    database = open_database(settings.database_url)
    try:
        if upgrade(database):
            with database.write() as connection:
                department_rules.add_usual(connection, departments.DEFAULT)
    except BaseException:
        database.close()
        raise
    return database


def open_keys(settings: Settings) -> KeyRing:
    """The sealing keys: of the environment, else of the files, where the first one is made.

    Raises `BadInput` for what is no key, `Unavailable` where the file cannot be read or made.
    """
    if settings.key is None:
        if settings.former_keys is not None:
            raise BadInput(
                "former_keys is set, and key is not",
                field="former_keys",
                hint="without SHARP_EYES_KEY the keys are files: put former ones into the folder former/ beside them",
            )
        return key_ring.open_files(settings.sealing_key_file)
    current = parse(settings.key.get_secret_value(), "SHARP_EYES_KEY")
    former = settings.former_keys.get_secret_value() if settings.former_keys else ""
    return ring_of(current, *(parse(one, "SHARP_EYES_FORMER_KEYS") for one in former.split(",") if one.strip()))


def schema_fault(database: Database) -> str | None:
    """What is wrong with the tables, in words; None where they are as this version needs them."""
    try:
        return "its tables are of an older version" if pending(database) else None
    except SharpEyesError as error:
        return error.message
