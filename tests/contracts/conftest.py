"""Contracts of the database run over SQLite and a real PostgreSQL."""

from tests.support.databases import (
    database,
    empty_database,
    migrated_template,
    postgres_server,
    sqlite_database,
)

__all__ = ["database", "empty_database", "migrated_template", "postgres_server", "sqlite_database"]
