"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

LAST_INSTANT: Final = (datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) // _MICROSECOND
"""The last one that a cursor may name, in microseconds since 1970."""

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""A key that the database counts. SQLite counts only a column whose type is exactly INTEGER (64 bits there too)."""


class Instant(TypeDecorator[datetime]):
    """An instant as microseconds since 1970 UTC: exact, small, and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


def to_microseconds(at: datetime) -> int:
    """Microseconds from 1970 UTC to `at`, which must carry its zone."""
    return (at - EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The instant `value` microseconds after 1970 UTC."""
    return EPOCH + timedelta(microseconds=value)
