from threading import Event as Flag

from core.clock import SystemClock


def test_a_sleep_that_is_woken_says_so() -> None:
    flag = Flag()
    flag.set()
    assert SystemClock().sleep(60, flag) is True


def test_a_sleep_that_nobody_wakes_says_so() -> None:
    assert SystemClock().sleep(0, Flag()) is False


def test_the_time_of_day_is_utc() -> None:
    offset = SystemClock().now().utcoffset()
    assert offset is not None
    assert not offset
