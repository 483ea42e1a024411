"""Days of the city in requests: a period from one day to another."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from registry.uptime.asked import Period, period
from registry.uptime.days import Days, date_of

from .fields import Body

_WEEK: Final = timedelta(days=6)
_YEARS: Final = range(1970, 2094)


def _asked_day(text: Any) -> date:
    refusal = "is a day as 2026-05-01, in the city's time zone"
    if not isinstance(text, str) or len(text) != len("2026-05-01"):
        raise ValueError(refusal)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(refusal) from None
    if day.year not in _YEARS:
        raise ValueError("lies outside the years 1970 to 2093")
    return day


AskedDay = Annotated[
    date,
    BeforeValidator(_asked_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-05-01"]}),
]
"""A day in a request."""


class AskedDays(Body):
    """Which days are asked for."""

    from_day: AskedDay | None = Field(
        default=None, alias="from", description="The first day, in the city's time zone; else six days before the last."
    )
    to_day: AskedDay | None = Field(default=None, alias="to", description="The last day, included; else today.")

    def period(self, days: Days, now: datetime) -> Period:
        """The days that are meant. Raises `BadInput` where they are none, or too many."""
        last = self.to_day or date_of(days.of(now))
        return period(self.from_day or last - _WEEK, last)
