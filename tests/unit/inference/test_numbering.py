from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.ids import event_camera, event_time
from inference.numbering import Numbering
from tests.support.builders import CAMERA, after


def test_an_id_tells_when_its_event_started() -> None:
    event, _ = Numbering(CAMERA, 1).number(after(0.125))
    assert (event_time(event), event_camera(event)) == (after(0.125), CAMERA)


def test_a_taken_millisecond_gives_way_to_the_next_free_one() -> None:
    book = Numbering(CAMERA, 1)
    times = [event_time(book.number(after(seconds))[0]) for seconds in (0, 0.001, 0, 0)]
    assert times == [after(0), after(0.001), after(0.002), after(0.003)]


@given(st.lists(st.integers(0, 50), max_size=120))
def test_no_id_is_given_twice_however_time_runs(milliseconds: list[int]) -> None:
    book = Numbering(CAMERA, 1)
    given_ids = [book.number(after(moment / 1000))[0] for moment in milliseconds]
    assert len(set(given_ids)) == len(given_ids)


def test_no_id_is_given_twice_though_old_ones_are_forgotten() -> None:
    book = Numbering(CAMERA, 1)
    forth = [book.number(after(second))[0] for second in range(5000)]
    back = [book.number(after(second))[0] for second in range(5000)]
    assert len(set(forth + back)) == 10_000


def test_origins_count_up_within_their_epoch() -> None:
    book = Numbering(CAMERA, epoch=4, first_n=9)
    origins = [book.number(after(0))[1] for _ in "123"]
    assert [(origin.epoch, origin.n) for origin in origins] == [(4, 9), (4, 10), (4, 11)]


def test_a_time_that_no_id_can_hold_is_refused_and_takes_no_number() -> None:
    book = Numbering(CAMERA, 1)
    with pytest.raises(BadInput, match="2024"):
        book.number(datetime(1970, 1, 1, tzinfo=UTC))
    assert book.next_n == 1
