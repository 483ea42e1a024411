"""The worker's clock tells the database's time, however wrong the machine's is, and runs evenly."""

from datetime import timedelta
from itertools import pairwise

from sharp_eyes.worker.database_clock import DatabaseClock
from tests.support.builders import START, FakeClock, after


def anchored(machine: FakeClock, told_s: float = 0.0, trip_s: float = 0.0) -> DatabaseClock:
    """A clock that the database told the time `told_s` after the start, by a question that took `trip_s`."""
    clock = DatabaseClock(machine)
    asked = machine.monotonic()
    machine.advance(trip_s)
    clock.anchor(after(told_s), asked, machine.monotonic())
    return clock


def test_it_tells_the_databases_time_though_the_machine_is_an_hour_off() -> None:
    machine = FakeClock(START - timedelta(hours=1))
    clock = anchored(machine)
    machine.advance(10)
    assert clock.now() == after(10)


def test_a_machine_whose_clock_is_set_back_is_not_noticed() -> None:
    machine = FakeClock()
    clock = anchored(machine)
    machine.advance(1)
    machine.set(START - timedelta(days=300))
    machine.advance(1)
    assert clock.now() == after(2)


def test_the_database_told_the_time_in_the_middle_of_the_question() -> None:
    assert anchored(FakeClock(), told_s=50, trip_s=2).now() == after(51)


def test_a_small_error_is_made_good_little_by_little_and_time_never_runs_backwards() -> None:
    machine = FakeClock()
    clock = anchored(machine)
    now = machine.monotonic()
    off = clock.anchor(after(-0.5), now, now)
    assert off == timedelta(seconds=-0.5)
    shown = [clock.now()]
    for _ in range(60):
        machine.advance(1)
        shown.append(clock.now())
    assert all(timedelta(seconds=0.97) < later - earlier for earlier, later in pairwise(shown))
    assert shown[-1] == after(59.5)


def test_a_large_error_is_a_step() -> None:
    machine = FakeClock()
    clock = anchored(machine)
    now = machine.monotonic()
    clock.anchor(after(-3600), now, now)
    assert clock.now() == after(-3600)


def test_what_a_slow_answer_may_explain_is_no_error() -> None:
    machine = FakeClock()
    clock = anchored(machine)
    asked = machine.monotonic()
    machine.advance(2)
    clock.anchor(after(1.9), asked, machine.monotonic())  # by the middle it should be 1
    machine.advance(30)
    assert clock.now() == after(32)


def test_corrections_do_not_add_up_when_they_are_told_again() -> None:
    machine = FakeClock()
    clock = anchored(machine)
    for _ in range(40):
        now = machine.monotonic()
        clock.anchor(after((now - 0.0) + 0.3), now, now)
        machine.advance(1.5)
    assert abs(clock.now() - after(machine.monotonic() + 0.3)) < timedelta(milliseconds=1)
