"""What a worker knows to be black in the pictures of its cameras."""

from dataclasses import replace

import pytest

from core.box import Point
from core.ids import CameraId
from core.zone import Polygon
from events.media.masking import MaskingFailed

from .town import Town, a_camera

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))


def test_it_follows_the_registry_without_touching_the_stream(town: Town) -> None:
    town.watch(a_camera(1))
    assert town.areas.of(CameraId(1)) == ()
    ring = town.readers.ring(CameraId(1))
    town.watch(replace(a_camera(1), privacy=(TRIANGLE,)))
    assert town.areas.of(CameraId(1)) == (TRIANGLE,)
    assert town.readers.ring(CameraId(1)) is ring


def test_those_of_a_camera_that_went_elsewhere_are_still_known(town: Town) -> None:
    town.watch(replace(a_camera(1), privacy=(TRIANGLE,)))
    town.watch()
    assert town.areas.of(CameraId(1)) == (TRIANGLE,)


def test_those_of_a_camera_that_was_never_watched_are_not_guessed(town: Town) -> None:
    with pytest.raises(MaskingFailed, match="nobody knows the privacy areas of camera 2"):
        town.areas.of(CameraId(2))
