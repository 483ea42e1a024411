"""A stretch is so long that as many events are expected in it as are needed, by day and by night, in either order."""

import pytest

from core.ids import CAMERA_BITS, LAST_CAMERA, LAST_EVENT, EventId
from events.index.event_filter import Order
from events.index.lengths import Lengths
from events.index.rhythm import Rhythm
from events.index.stretch import Stretch
from tests.support.expecting import a_city

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
ALL = Stretch(EventId(0), LAST_EVENT)
FIRST, LAST = EventId(10 * DAY_MS << CAMERA_BITS), EventId(100 * DAY_MS << CAMERA_BITS)
KNOWN = a_city(FIRST, LAST, a_day=24_000.0, cameras=100, rhythm=Rhythm.of([1] * 12 + [9] * 12))


def hours(stretch: Stretch) -> float:
    return ((stretch.highest >> CAMERA_BITS) - (stretch.lowest >> CAMERA_BITS)) / HOUR_MS


@pytest.mark.parametrize("order", list(Order))
def test_it_begins_where_there_are_events_and_is_shorter_where_there_are_many(order: Order) -> None:
    lengths = Lengths(KNOWN, order)
    stretch = lengths.first(ALL, 1.0, 3_600)
    if order is Order.NEWEST:  # from the last midnight back: 1,800 events an hour
        assert stretch.highest == LAST_EVENT
        assert LAST - stretch.lowest == pytest.approx(2 * HOUR_MS << CAMERA_BITS, rel=1e-3)
        assert stretch.lowest & LAST_CAMERA == 0
    else:  # from the first midnight on: 200
        assert stretch.lowest == 0
        assert (stretch.highest - FIRST) / (HOUR_MS << CAMERA_BITS) == pytest.approx(12 + 1_200 / 1_800, rel=1e-3)
        assert stretch.highest & LAST_CAMERA == LAST_CAMERA
    assert lengths.expected(stretch, 1.0) == pytest.approx(3_600, rel=0.01)


@pytest.mark.parametrize("order", list(Order))
def test_of_a_tenth_of_the_events_it_is_ten_times_as_long(order: Order) -> None:
    lengths, left = Lengths(KNOWN, order), Stretch(FIRST, LAST)
    assert hours(lengths.first(left, 0.1, 24_000)) == pytest.approx(10 * 24, rel=0.01)


@pytest.mark.parametrize("order", list(Order))
def test_the_rest_is_taken_whole_where_it_is_expected_to_have_no_more(order: Order) -> None:
    left = Stretch(EventId(40 * DAY_MS << CAMERA_BITS), EventId(41 * DAY_MS << CAMERA_BITS))
    assert Lengths(KNOWN, order).first(left, 1.0, 30_000) == left
    assert Lengths(KNOWN, order).first(ALL, 1.0, 1e9) == ALL


@pytest.mark.parametrize("order", list(Order))
def test_it_is_never_nothing(order: Order) -> None:
    stretch = Lengths(KNOWN, order).first(Stretch(FIRST, LAST), 1.0, 0.0)
    assert stretch.lowest <= stretch.highest
    assert stretch.first(order) == (LAST if order is Order.NEWEST else FIRST)


def test_where_far_fewer_were_met_the_next_is_longer_and_where_far_more_were_shorter() -> None:
    left = Stretch(FIRST, LAST)
    usual = hours(Lengths(KNOWN, Order.NEWEST).first(left, 1.0, 24_000))
    quiet, busy, as_usual = (Lengths(KNOWN, Order.NEWEST) for _ in range(3))
    a_day = [Stretch(EventId(LAST - (DAY_MS << CAMERA_BITS)), LAST)]
    quiet.found(0, a_day, 1 / 24)
    busy.found(24_000, a_day, 1 / 240)
    as_usual.found(300, a_day, 1 / 24)
    assert hours(quiet.first(left, 1.0, 24_000)) == pytest.approx(8 * usual, rel=0.01)
    assert hours(busy.first(left, 1.0, 24_000)) < 0.1 * usual
    assert hours(as_usual.first(left, 1.0, 24_000)) == usual


def test_what_came_since_teaches_nothing_of_what_was_before() -> None:
    left, lengths = Stretch(FIRST, LAST), Lengths(KNOWN, Order.NEWEST)
    usual = hours(lengths.first(left, 1.0, 24_000))
    lengths.found(24_000, [Stretch(LAST, LAST_EVENT)], 1.0)
    assert hours(lengths.first(left, 1.0, 24_000)) == usual
