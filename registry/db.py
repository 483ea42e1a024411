"""The database: one URL, one `MetaData`, connections for reading and for writing.

SQLite (a file, the default) and PostgreSQL are spoken to by the same code. Whatever keeps the database from working
now (away, locked, full) surfaces as `core.errors.Unavailable`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import BadInput, Unavailable

from . import sqlite_file
from .db_errors import translate
from .idle_ping import ping_where_idle
from .sqlite_writer import SqliteWriter
from .turns import NoTurn

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of Sharp Eyes: registry, event index and media."""

_WAIT_S: Final = 15
_STATEMENT_LIMIT_S: Final = 60
_CONNECTIONS: Final = 12
_READING: Final = "sharp_eyes_reading"


class Engines(StrEnum):
    """The databases that Sharp Eyes runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Database:
    """An opened database. Any thread may call it; a `Connection` belongs to the thread that asked for it."""

    def __init__(
        self, kind: Engines, place: str, reading: Engine, writing: Engine, writer: SqliteWriter | None = None
    ) -> None:
        """Made by `open_database`."""
        self.kind = kind
        self._writer = writer
        """SQLite has one writer at a time."""
        self.place = place
        """The URL, with the password hidden."""
        self._reading = reading
        self._writing = writing
        self._by_itself = None if kind is Engines.SQLITE else writing.execution_options(isolation_level="AUTOCOMMIT")

    def __repr__(self) -> str:
        return f"Database({self.place!r})"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, and cannot change it."""
        with _waiting_for(self.place), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """A connection for a statement by itself, on PostgreSQL without a transaction around it: its beginning and its
        end are a way to the server and back each."""
        if self._by_itself is None:
            with self.read() as connection:
                yield connection
            return
        with _waiting_for(self.place), self._by_itself.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, hasty: bool = False) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back when the block raises. `hasty` where somebody
        waits for the commit: SQLite's log is then written back by another one, if there is any.

        Keep it short, and never ask for a second one inside: SQLite has one writer at a time. Raises `Unavailable`
        where the lock cannot be had in time, the disk is full or the server is away.
        """
        turn = self._writer.turn(hasty=hasty) if self._writer else nullcontext()
        with _waiting_for(self.place), turn, self._writing.begin() as connection:
            yield connection

    @contextmanager
    def write_at_once(self) -> Iterator[Connection]:
        """The same, `hasty`, for what is one statement on PostgreSQL: there it is a transaction by itself, without a
        way to the server for its beginning and one for its end."""
        if self._by_itself is None:
            with self.write(hasty=True) as connection:
                yield connection
            return
        with _waiting_for(self.place), self._by_itself.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._reading.dispose()
        self._writing.dispose()


def open_database(url: str, *, wait_s: int = _WAIT_S) -> Database:
    """Open `sqlite:////path/to/file` or `postgresql://user:password@host/database`; a missing SQLite file is made.

    `wait_s` is how long a connection, a lock or a silent server is waited for before `Unavailable`, in seconds.

    Raises `BadInput` for a URL of another kind or a file that is no database of ours, `Unavailable` where it cannot
    be reached. The tables are made by `sharp_eyes.migrate.upgrade`.
    """
    parsed = _parsed(url)
    place = parsed.set(query={}).render_as_string(hide_password=True)  # options may hold a password too
    match parsed.get_backend_name():
        case "sqlite":
            database = _open_sqlite(parsed, place, wait_s)
        case "postgresql":
            database = _open_postgresql(parsed, place, wait_s)
        case other:
            raise BadInput(
                f"database URL begins with {other!r}; expected sqlite or postgresql",
                field="database.url",
                hint="sqlite:////var/lib/sharp-eyes/sharp-eyes.db, or postgresql://user:password@host/database",
            )
    try:
        with database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
    except ProgrammingError as error:
        database.close()
        raise BadInput(f"the database URL cannot be used: {str(error.orig).strip()}", field="database.url") from None
    except BaseException:
        database.close()
        raise
    return database


def is_sqlite(connection: Connection) -> bool:
    """Whether `connection` speaks to SQLite; else it is PostgreSQL."""
    return connection.dialect.name == "sqlite"


def is_reading(connection: Connection) -> bool:
    """Whether `connection` is one of `Database.read()`: what it sees was committed, and is one state."""
    return bool(connection.get_execution_options().get(_READING))


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL, which need not be there; None for another database. Raises as `open_database` does."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != Engines.SQLITE.value or not parsed.database:
        return None
    return Path(parsed.database).absolute()


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # The text itself may hold a password, and so may what the parser says about it.
        raise BadInput(
            "the database URL cannot be read",
            field="database.url",
            hint="write %40 for @, %2F for / and %3A for : inside a password",
        ) from None


def _open_sqlite(url: URL, place: str, wait_s: int) -> Database:
    path = sqlite_file.prepare(url)
    url = URL.create("sqlite+pysqlite", database=str(path))
    arguments = {"timeout": wait_s, "isolation_level": None, "check_same_thread": False}
    reading = create_engine(
        url,
        connect_args=arguments,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=wait_s,
        pool_use_lifo=True,
        hide_parameters=True,
        execution_options={_READING: True},
    )
    # One connection: the threads of this process queue for it, instead of polling SQLite's lock.
    writing = create_engine(
        url, connect_args=arguments, pool_size=1, max_overflow=0, pool_timeout=wait_s, hide_parameters=True
    )
    writer = SqliteWriter(wait_s)
    sqlite_file.tune_to_write(writing, writer)
    sqlite_file.tune_to_read(reading)
    for engine in (reading, writing):
        event.listen(engine, "handle_error", translate(place))
    return Database(Engines.SQLITE, place, reading, writing, writer)


def _open_postgresql(url: URL, place: str, wait_s: int) -> Database:
    if url.get_driver_name() not in ("psycopg", "psycopg2"):
        raise BadInput(
            f"the database driver is {url.get_driver_name()!r}; expected psycopg",
            field="database.url",
            hint="write postgresql://user:password@host/database",
        )
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": wait_s,
            "application_name": "sharp-eyes",
            # A dead peer is noticed, and a forgotten transaction does not hold locks for ever. Keys are read in the
            # order of their index: the planner would rather read more by another one, and sort that.
            "options": f"-c statement_timeout={_STATEMENT_LIMIT_S}s -c lock_timeout={wait_s}s "
            f"-c idle_in_transaction_session_timeout={_STATEMENT_LIMIT_S}s -c timezone=UTC "
            "-c enable_incremental_sort=off",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            # So is what was sent and is not acknowledged: the system alone would try for a quarter of an hour.
            "tcp_user_timeout": 1_000 * wait_s,
        },
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=wait_s,
        pool_use_lifo=True,
        hide_parameters=True,
    )
    ping_where_idle(engine)
    event.listen(engine, "handle_error", translate(place))
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True, **{_READING: True})
    return Database(Engines.POSTGRESQL, place, reading, engine)


@contextmanager
def _waiting_for(place: str) -> Iterator[None]:
    try:
        yield
    except (PoolTimeout, NoTurn):
        raise Unavailable(
            f"no connection to the database {place} became free in time",
            hint="something holds its transactions open for too long",
            told="no connection to the database became free in time",
        ) from None
