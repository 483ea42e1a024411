from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import BadInput
from core.event import EndReason, Origin
from tests.support.builders import CAMERA, START, after, an_event


def test_the_camera_of_an_event_is_that_of_its_id() -> None:
    assert an_event().camera == CAMERA


def test_an_event_that_ended_says_why() -> None:
    with pytest.raises(BadInput, match="both ended_at and end_reason"):
        replace(an_event(), ended_at=after(2))


def test_an_event_that_goes_on_has_no_reason_to_have_ended() -> None:
    with pytest.raises(BadInput, match="both ended_at and end_reason"):
        replace(an_event(), end_reason=EndReason.LEFT)


def test_an_event_cannot_end_before_it_started() -> None:
    with pytest.raises(BadInput, match="before it started"):
        replace(an_event(), ended_at=START - timedelta(milliseconds=1), end_reason=EndReason.LEFT)


def test_an_event_may_end_in_the_moment_it_started() -> None:
    assert replace(an_event(), ended_at=START, end_reason=EndReason.LEFT).ended_at == START


def test_origins_are_ordered_by_epoch_then_count() -> None:
    assert sorted([Origin(2, 1), Origin(1, 9), Origin(1, 2)]) == [Origin(1, 2), Origin(1, 9), Origin(2, 1)]
