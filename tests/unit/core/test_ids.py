from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.ids import (
    EVENT_EPOCH,
    LAST_CAMERA,
    LAST_EVENT,
    CameraId,
    camera_id,
    event_camera,
    event_id,
    event_time,
    first_event_id,
    next_millisecond,
)

CAMERAS = st.integers(1, LAST_CAMERA).map(CameraId)
MILLISECONDS = st.integers(0, LAST_EVENT >> 22)


def moment(milliseconds: int) -> datetime:
    return EVENT_EPOCH + timedelta(milliseconds=milliseconds)


@given(MILLISECONDS, CAMERAS)
def test_an_id_gives_back_its_millisecond_and_its_camera(milliseconds: int, camera: CameraId) -> None:
    event = event_id(moment(milliseconds), camera)
    assert (event_time(event), event_camera(event)) == (moment(milliseconds), camera)


@given(MILLISECONDS, MILLISECONDS, CAMERAS, CAMERAS)
def test_ids_are_ordered_by_time_whatever_their_cameras(
    first: int, second: int, one: CameraId, other: CameraId
) -> None:
    if first < second:
        assert event_id(moment(first), one) < event_id(moment(second), other)


def test_parts_of_a_millisecond_are_cut_off() -> None:
    at = moment(5) + timedelta(microseconds=999)
    assert event_id(at, CameraId(1)) == event_id(moment(5), CameraId(1))


@given(st.integers(0, (LAST_EVENT >> 22) - 1), CAMERAS)
def test_the_next_millisecond_is_one_later_on_the_same_camera(milliseconds: int, camera: CameraId) -> None:
    following = next_millisecond(event_id(moment(milliseconds), camera))
    assert (event_time(following), event_camera(following)) == (moment(milliseconds + 1), camera)


def test_the_first_id_of_a_moment_is_below_those_of_all_cameras() -> None:
    assert first_event_id(moment(7)) < event_id(moment(7), CameraId(1))
    assert first_event_id(moment(7)) > event_id(moment(6), LAST_CAMERA)


@pytest.mark.parametrize(
    "at", [EVENT_EPOCH - timedelta(milliseconds=1), datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)]
)
def test_a_moment_that_no_id_can_hold_is_refused(at: datetime) -> None:
    with pytest.raises(BadInput, match="between 2024-01-01 and 2093"):
        first_event_id(at)


def test_ids_fit_a_signed_64_bit_integer_to_the_last() -> None:
    assert event_id(moment(LAST_EVENT >> 22), LAST_CAMERA) <= LAST_EVENT


@pytest.mark.parametrize("number", [1, LAST_CAMERA])
def test_numbers_of_cameras_are_taken(number: int) -> None:
    assert camera_id(number) == number


@pytest.mark.parametrize("number", [-1, 0, LAST_CAMERA + 1])
def test_numbers_that_are_no_cameras_are_refused(number: int) -> None:
    with pytest.raises(BadInput, match=f"1 to 4194303, not {number}"):
        camera_id(number)
