"""What there is of a database."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from registry.db import Database, open_database, sqlite_path

from ..migrate import form_of, newest_form
from ..settings import Settings
from .rows import count_rows

_TOLD: Final = {"camera": "cameras", "event": "events"}


class DatabaseState(BaseModel):
    """The database that the settings name."""

    model_config = ConfigDict(frozen=True)

    place: str
    """Its URL, with the password hidden."""
    form: str | None
    """Of its tables; None where there are none."""
    newest: str | None
    """The form that this program works with."""
    bytes: int | None
    rows: dict[str, int]
    """How many cameras, with those that were removed, and events there are."""


def database_state(settings: Settings) -> DatabaseState:
    """Look at the database; one that is not there yet is not made. Raises `BadInput`, `Conflict` or `Unavailable`."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        return DatabaseState(place=f"sqlite:///{path}", form=None, newest=newest_form(), bytes=None, rows={})
    database = open_database(settings.database_url)
    try:
        form = form_of(database)
        return DatabaseState(
            place=database.place,
            form=form,
            newest=newest_form(),
            bytes=path.stat().st_size if path is not None else _size(database),
            rows={} if form is None else _rows(database),
        )
    finally:
        database.close()


def _size(database: Database) -> int:
    with database.read() as connection:
        size: int = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        return size


def _rows(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {_TOLD[name]: number for name, number in count_rows(connection, _TOLD).items()}
