"""Turns come in the order in which they were asked for."""

from threading import Event, Thread

import pytest

from registry.turns import NoTurn, Turns


def test_the_one_who_came_first_is_next() -> None:
    turns, order = Turns(), list[int]()
    asked = [Event() for _ in range(5)]
    threads = []
    with turns.turn(5):
        for number in range(5):

            def wait(number: int = number) -> None:
                asked[number].set()
                with turns.turn(5):
                    order.append(number)

            threads.append(Thread(target=wait))
            threads[-1].start()
            asked[number].wait(5)
            # It has said that it asks; now it stands in line.
            while turns.waiting <= number:
                pass
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3, 4]


def test_who_comes_again_at_once_goes_to_the_end_of_the_line() -> None:
    turns, served = Turns(), Event()
    with turns.turn(5):
        other = Thread(target=lambda: _serve(turns, served))
        other.start()
        while turns.waiting == 0:
            pass
    with turns.turn(5):
        assert served.is_set()
    other.join(5)


def test_who_waits_too_long_is_told_and_leaves_the_line() -> None:
    turns = Turns()
    with turns.turn(5):
        with pytest.raises(NoTurn), turns.turn(0.01):
            pass
        assert turns.waiting == 0
    with turns.turn(0.01):
        pass


def test_a_turn_that_ends_badly_is_passed_on() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(5):
        raise ZeroDivisionError
    with turns.turn(0.01):
        pass


def _serve(turns: Turns, served: Event) -> None:
    with turns.turn(5):
        served.set()
