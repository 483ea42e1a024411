"""When a rule watches: hours of some days of the week, by the clocks of a place."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import BadInput


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


ALL_DAYS = frozenset(Weekday)
_BY_NUMBER = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begin` to `end` (not included) on `days`, by the clocks of `time_zone`.

    Where `end` is not after `begin`, they end on the following day: 22:00 to 06:00 of Friday ends on Saturday morning,
    and 00:00 to 00:00 is the whole day. Raises `BadInput` for no days, a time with a zone of its own, or a time zone
    that is not known.
    """

    days: frozenset[Weekday] = ALL_DAYS
    begin: time = time(0, 0)
    end: time = time(0, 0)
    time_zone: str = "UTC"
    """A name of the IANA time zone database, `Asia/Shanghai` for example."""

    def __post_init__(self) -> None:
        if not self.days:
            raise BadInput("hours name no day; expected at least one, monday for example", field="days")
        for field, moment in (("begin", self.begin), ("end", self.end)):
            if moment.tzinfo is not None:
                raise BadInput(f"{field} of hours is {moment.isoformat()}; expected a time without a zone", field=field)
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput(
                f"there is no time zone {self.time_zone[:64]!r}; expected a name such as Asia/Shanghai",
                field="time_zone",
            ) from None

    def hold(self, at: datetime) -> bool:
        """Whether the instant `at` lies within them."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        moment = local.time()
        if self.begin < self.end:
            return self.begin <= moment < self.end and self._is_on(local)
        if moment >= self.begin:
            return self._is_on(local)
        return moment < self.end and self._is_on(local - timedelta(days=1))

    def _is_on(self, local: datetime) -> bool:
        return _BY_NUMBER[local.weekday()] in self.days
