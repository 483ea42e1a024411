from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.hours import ALL_DAYS, Hours, Weekday

BERLIN = ZoneInfo("Europe/Berlin")
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made UTC
CLOCK_TIMES = st.times()
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
DAYS = st.frozensets(st.sampled_from(list(Weekday)), min_size=1)


def in_berlin(day: int, hour: int, minute: int = 0, *, month: int = 3, fold: int = 0) -> datetime:
    """A moment of 2026 by the clocks of Berlin, as an instant."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold).astimezone(UTC)


def friday(begin: int, end: int) -> Hours:
    return Hours(frozenset({Weekday.FRIDAY}), time(begin), time(end), "Europe/Berlin")


@given(INSTANTS, CLOCK_TIMES, ZONES)
def test_from_a_moment_to_the_same_is_the_whole_day(at: datetime, moment: time, zone: str) -> None:
    assert Hours(ALL_DAYS, moment, moment, zone).hold(at)


@given(INSTANTS, CLOCK_TIMES, CLOCK_TIMES, ZONES)
def test_hours_and_what_is_left_of_the_day_never_hold_both_and_one_always_does(
    at: datetime, begin: time, end: time, zone: str
) -> None:
    if begin != end:
        assert Hours(ALL_DAYS, begin, end, zone).hold(at) != Hours(ALL_DAYS, end, begin, zone).hold(at)


@given(INSTANTS, DAYS, CLOCK_TIMES, CLOCK_TIMES, ZONES)
def test_hours_of_some_days_and_of_the_others_make_up_those_of_all(
    at: datetime, days: frozenset[Weekday], begin: time, end: time, zone: str
) -> None:
    others = ALL_DAYS - days
    held = [Hours(part, begin, end, zone).hold(at) for part in (days, others) if part]
    assert any(held) == Hours(ALL_DAYS, begin, end, zone).hold(at)
    assert sum(held) <= 1


@given(INSTANTS, DAYS, CLOCK_TIMES, CLOCK_TIMES)
def test_where_clocks_are_never_changed_a_week_later_is_the_same(
    at: datetime, days: frozenset[Weekday], begin: time, end: time
) -> None:
    hours = Hours(days, begin, end, "Asia/Shanghai")
    assert hours.hold(at) == hours.hold(at + timedelta(days=7))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "holds"),
    [(6, 21, 59, False), (6, 22, 0, True), (7, 5, 59, True), (7, 6, 0, False), (6, 5, 0, False), (7, 22, 0, False)],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(day: int, hour: int, minute: int, holds: bool) -> None:
    assert friday(22, 6).hold(in_berlin(day, hour, minute)) is holds  # 6 March 2026 is a Friday


def test_the_end_does_not_belong_to_them() -> None:
    assert not friday(8, 17).hold(in_berlin(6, 17))
    assert friday(8, 17).hold(in_berlin(6, 17) - timedelta(microseconds=1))


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    hours = Hours(begin=time(22), end=time(6), time_zone="Europe/Berlin")
    begins, ends = in_berlin(28, 22), in_berlin(29, 6)
    assert ends - begins == timedelta(hours=7)
    assert all(hours.hold(begins + timedelta(minutes=minute)) for minute in range(7 * 60))
    assert not hours.hold(begins - timedelta(minutes=1))
    assert not hours.hold(ends)


def test_an_hour_that_the_clocks_show_twice_holds_twice() -> None:
    hours = Hours(begin=time(2), end=time(3), time_zone="Europe/Berlin")
    first, second = in_berlin(25, 2, 30, month=10), in_berlin(25, 2, 30, month=10, fold=1)
    assert second - first == timedelta(hours=1)
    assert hours.hold(first)
    assert hours.hold(second)


def test_an_hour_that_the_clocks_skip_never_holds() -> None:
    hours = Hours(begin=time(2), end=time(3), time_zone="Europe/Berlin")
    midnight = in_berlin(29, 0)
    assert not any(hours.hold(midnight + timedelta(minutes=minute)) for minute in range(23 * 60))


def test_the_clocks_are_those_of_the_place() -> None:
    hours = Hours(begin=time(8), end=time(9), time_zone="Asia/Shanghai")
    assert hours.hold(datetime(2026, 3, 6, 0, 30, tzinfo=UTC))
    assert not hours.hold(datetime(2026, 3, 6, 8, 30, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Asia/Shanghai\0", "/usr/share/zoneinfo/UTC"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(BadInput, match="there is no time zone") as refused:
        Hours(time_zone=zone)
    assert refused.value.field == "time_zone"


def test_no_days_are_refused() -> None:
    with pytest.raises(BadInput, match="name no day") as refused:
        Hours(days=frozenset())
    assert refused.value.field == "days"


@pytest.mark.parametrize("field", ["begin", "end"])
def test_a_time_with_a_zone_of_its_own_is_refused(field: str) -> None:
    with pytest.raises(BadInput, match="without a zone") as refused:
        Hours(**{field: time(8, tzinfo=UTC)})  # type: ignore[arg-type]
    assert refused.value.field == field
