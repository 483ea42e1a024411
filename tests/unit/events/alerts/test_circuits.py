"""When a receiver is left alone."""

from datetime import timedelta

from events.alerts.circuits import FAILURES, UNTRIED, Circuit, shut_for
from tests.support.builders import START, after


def after_failures(count: int) -> Circuit:
    circuit = UNTRIED
    for _ in range(count):
        circuit = circuit.after_failure(START, is_trial=circuit.is_broken)
    return circuit


def test_four_failures_in_a_row_shut_nothing() -> None:
    assert not after_failures(FAILURES - 1).is_shut(START)


def test_the_fifth_shuts_it_for_half_a_minute() -> None:
    circuit = after_failures(FAILURES)
    assert circuit.is_shut(after(29.9))
    assert not circuit.is_shut(after(30))


def test_each_trial_that_fails_doubles_the_time_up_to_a_quarter_of_an_hour() -> None:
    minutes = [shut_for(FAILURES + more) / timedelta(minutes=1) for more in range(8)]
    assert minutes == [0.5, 1, 2, 4, 8, 15, 15, 15]
    assert shut_for(10_000) == timedelta(minutes=15)


def test_those_on_their_way_when_it_was_shut_make_it_no_worse() -> None:
    circuit = after_failures(FAILURES)
    assert circuit.after_failure(after(1), is_trial=False) == circuit
    assert circuit.after_failure(after(31), is_trial=True).is_shut(after(31 + 59))
