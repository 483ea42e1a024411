"""Hours in the numbers of the index hold where `Hours` do, and leaping from one to the next misses none."""

import random
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from core.hours import Hours, Weekday
from core.ids import CAMERA_BITS, EVENT_EPOCH, CameraId, EventId, event_id, event_time
from events.index.event_filter import Order
from events.index.local_hours import LocalHours

ZONES = ("UTC", "Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns")
NIGHT = Hours(begin=time(22, 0), end=time(6, 0), time_zone="Europe/Berlin")


def some_hours(rng: random.Random) -> Hours:
    begin, end = (time(rng.randrange(24), rng.choice([0, 30])) for _ in range(2))
    return Hours(frozenset(rng.sample(list(Weekday), rng.randint(1, 7))), begin, end, rng.choice(ZONES))


def some_ids(rng: random.Random) -> "np.typing.NDArray[np.int64]":
    """Of four years; many of them at a quarter of an hour, or a millisecond before."""
    quarters = [rng.randrange(4 * 365 * 96) * 900_000 - rng.choice([0, 1]) for _ in range(200)]
    moments = [rng.randrange(4 * 365 * 86_400_000) for _ in range(200)]
    return np.unique([(max(one, 0) << CAMERA_BITS) | 7 for one in (*quarters, *moments)])


@pytest.mark.parametrize("seed", range(25))
def test_they_hold_where_the_hours_of_a_rule_do(seed: int) -> None:
    rng = random.Random(seed)
    hours, ids = some_hours(rng), some_ids(rng)
    expected = [hours.hold(event_time(EventId(number))) for number in ids.tolist()]
    assert LocalHours(hours).hold(ids).tolist() == expected, hours


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("seed", range(25))
def test_leaping_from_stretch_to_stretch_passes_all_that_hold(seed: int, order: Order) -> None:
    rng = random.Random(seed)
    hours, ids = LocalHours(some_hours(rng)), some_ids(rng)
    passed = np.zeros(ids.shape, np.bool_)
    at, end = (ids[-1], ids[0]) if order is Order.NEWEST else (ids[0], ids[-1])
    stretch = hours.stretch(EventId(int(at)), order)
    while stretch is not None and (stretch.highest >= end if order is Order.NEWEST else stretch.lowest <= end):
        passed |= (ids >= stretch.lowest) & (ids <= stretch.highest)
        beyond = stretch.lowest - 1 if order is Order.NEWEST else stretch.highest + 1
        stretch = hours.stretch(EventId(beyond), order) if beyond >= 0 else None
    assert passed.tolist() == hours.hold(ids).tolist()


@pytest.mark.parametrize(
    ("day", "hours_long"), [((2026, 3, 28), 7), ((2026, 3, 29), 8), ((2026, 10, 24), 9), ((2026, 10, 25), 8)]
)
def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer(
    day: tuple[int, int, int], hours_long: int
) -> None:
    evening = event_id(datetime(*day, 20, 0, tzinfo=UTC), CameraId(1))
    first = LocalHours(NIGHT).stretch(evening, Order.OLDEST)
    length = timedelta(0)
    while first is not None and event_time(first.lowest) < datetime(*day, tzinfo=UTC) + timedelta(hours=36):
        length += event_time(first.highest) - event_time(first.lowest) + timedelta(milliseconds=1)
        first = LocalHours(NIGHT).stretch(EventId(first.highest + 1), Order.OLDEST)
    assert length == timedelta(hours=hours_long)


def test_there_is_nothing_before_the_first_of_the_hours() -> None:
    late = Hours(frozenset({Weekday.TUESDAY}))
    assert LocalHours(late).stretch(event_id(EVENT_EPOCH + timedelta(hours=5), CameraId(1)), Order.NEWEST) is None
