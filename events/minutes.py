"""Minutes, by which flows are counted and tracks are logged."""

from datetime import datetime, timedelta
from typing import Final

from registry.columns import from_microseconds, to_microseconds

MINUTE: Final = timedelta(minutes=1)
_MICROSECONDS: Final = 60_000_000


def minute_of(at: datetime) -> datetime:
    """The start of the minute in which `at` lies; UTC."""
    moment = to_microseconds(at)
    return from_microseconds(moment - moment % _MICROSECONDS)
