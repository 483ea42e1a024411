"""Locks that others wait for, held until a transaction ends, however the process fares that holds them."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, func, literal, select

from .db import is_sqlite

_MOST_IDLE: Final = "5s"
"""A process that was frozen, or cut off, in the midst of a transaction keeps the others waiting no longer than this."""


def be_alone(connection: Connection, key: int) -> None:
    """Be the only one who has the lock `key`, until this transaction ends. SQLite has one writer at a time anyway."""
    if not is_sqlite(connection):
        connection.execute(select(given_up_when_idle(connection), func.pg_advisory_xact_lock(key)))


def given_up_when_idle(connection: Connection) -> ColumnElement[str]:
    """Part of a statement: from it on PostgreSQL gives this transaction up when nothing comes for 5 s."""
    if is_sqlite(connection):
        return literal("")
    return func.set_config("idle_in_transaction_session_timeout", _MOST_IDLE, True)
