"""A look goes on record once in five minutes."""

import threading

import pytest

from core.errors import Unavailable
from registry.audit.recent import SAME_LOOK_FOR, RecentLooks
from tests.support.builders import FakeClock


def test_the_same_look_is_recorded_again_after_five_minutes_only() -> None:
    clock, recorded = FakeClock(), list[str]()
    looks = RecentLooks(clock)
    for _ in range(3):
        looks.once("a clip", lambda: recorded.append("a clip"))
    looks.once("another clip", lambda: recorded.append("another clip"))
    assert recorded == ["a clip", "another clip"]
    clock.advance(SAME_LOOK_FOR.total_seconds() - 1)
    looks.once("a clip", lambda: recorded.append("too early"))
    clock.advance(1)
    looks.once("a clip", lambda: recorded.append("a clip"))
    assert recorded == ["a clip", "another clip", "a clip"]


def test_reading_on_does_not_make_a_look_longer() -> None:
    clock, recorded = FakeClock(), list[int]()
    looks = RecentLooks(clock)
    for minute in range(11):
        looks.once("a clip", lambda minute=minute: recorded.append(minute))  # type: ignore[misc]
        clock.advance(60)
    assert recorded == [0, 5, 10]


def test_what_could_not_be_recorded_is_not_remembered() -> None:
    looks, recorded = RecentLooks(FakeClock()), list[str]()

    def fail() -> None:
        raise Unavailable("the database is away")

    with pytest.raises(Unavailable):
        looks.once("a clip", fail)
    looks.once("a clip", lambda: recorded.append("a clip"))
    assert recorded == ["a clip"]


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    looks, recorded = RecentLooks(FakeClock(), most=2), list[int]()
    for number in (1, 2, 3, 1):
        looks.once(number, lambda number=number: recorded.append(number))  # type: ignore[misc]
    assert recorded == [1, 2, 3, 1]


def test_who_asks_at_the_same_time_waits_for_the_one_record() -> None:
    looks, recorded = RecentLooks(FakeClock()), list[str]()
    may_go_on, begun = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        assert may_go_on.wait(10)
        recorded.append("a clip")

    shown: list[list[str]] = []

    def other() -> None:
        looks.once("a clip", lambda: recorded.append("again"))
        shown.append(list(recorded))

    first = threading.Thread(target=looks.once, args=("a clip", slowly))
    first.start()
    assert begun.wait(10)
    second = threading.Thread(target=other)
    second.start()
    may_go_on.set()
    first.join(10)
    second.join(10)
    assert shown == [["a clip"]]
