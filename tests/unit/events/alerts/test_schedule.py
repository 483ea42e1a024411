"""When a delivery is tried again."""

from datetime import timedelta

import pytest

from events.alerts.schedule import asked_pause, next_try
from tests.support.builders import START, after

MIDDLE = 0.5
"""Neither longer nor shorter."""
DAY = timedelta(hours=24)


def pauses(give_up_after: timedelta) -> list[float]:
    """The pauses between tries that fail at once, in seconds."""
    found: list[float] = []
    now = START
    while (due := next_try(now, failures=len(found) + 1, give_up_at=START + give_up_after, luck=MIDDLE)) is not None:
        found.append((due - now).total_seconds())
        now = due
    return found


def test_pauses_grow_to_an_hour() -> None:
    assert pauses(DAY)[:8] == [5, 15, 60, 300, 900, 1800, 3600, 3600]


def test_it_is_tried_until_a_day_is_over_and_no_longer() -> None:
    assert sum(pauses(DAY)) == DAY.total_seconds()


def test_luck_spreads_tries_by_a_fifth() -> None:
    due = [next_try(START, failures=3, give_up_at=after(86_400), luck=luck) for luck in (0.0, 1.0)]
    assert due == [after(48), after(72)]


def test_a_receiver_that_asks_for_a_longer_pause_has_it() -> None:
    asked = timedelta(minutes=10)
    assert next_try(START, failures=1, give_up_at=after(86_400), asked=asked, luck=MIDDLE) == after(600)


def test_a_receiver_that_asks_for_a_shorter_pause_does_not_have_it() -> None:
    asked = timedelta(seconds=1)
    assert next_try(START, failures=4, give_up_at=after(86_400), asked=asked, luck=MIDDLE) == after(300)


def test_a_pause_past_the_end_leaves_a_last_try_at_the_end() -> None:
    asked = timedelta(hours=24)
    assert next_try(after(3_600), failures=9, give_up_at=after(86_400), asked=asked, luck=MIDDLE) == after(86_400)


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("120", timedelta(seconds=120)),
        (" 7 ", timedelta(seconds=7)),
        ("99999999999999999999", DAY),
        ("Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Fri, 01 Mar 2030 11:00:00 GMT", DAY),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("\u0661\u0662", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(text: str | None, pause: timedelta | None) -> None:
    assert asked_pause(text, START) == pause
