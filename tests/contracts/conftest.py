"""Contracts of the database run over SQLite and a real PostgreSQL."""

from tests.support.databases import (
    connection,
    database,
    empty_database,
    migrated_template,
    postgres_server,
    shared_database,
    sqlite_database,
)

__all__ = [
    "connection",
    "database",
    "empty_database",
    "migrated_template",
    "postgres_server",
    "shared_database",
    "sqlite_database",
]
