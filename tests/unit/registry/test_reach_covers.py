"""Whether one reach has all that another one has: as asking each event says."""

from itertools import product

import pytest

from core.camera import DepartmentId
from core.ids import CameraId, EventId
from registry.reach import EVERYTHING, NOTHING, Reach
from registry.spans import CameraSpan


def departments(**lowest: int) -> Reach:
    return Reach(departments={DepartmentId(int(name[1:])): EventId(since) for name, since in lowest.items()})


def spans(*of: tuple[int, int, int]) -> Reach:
    return Reach(spans=[CameraSpan(CameraId(camera), EventId(low), EventId(high)) for camera, low, high in of])


REACHES = [
    NOTHING,
    EVERYTHING,
    departments(d1=0),
    departments(d1=5),
    departments(d1=0, d2=3),
    spans((1, 0, 9)),
    spans((1, 2, 4)),
    spans((1, 0, 2), (1, 5, 9)),
    spans((1, 5, 7)),
    spans((2, 0, 9)),
    spans((1, 0, 9), (2, 0, 9)),
    spans((1, 0, 3), (2, 4, 9)),
]
EVENTS = list(product(range(11), (1, 2), (1, 2, 3)))


def has(reach: Reach) -> set[tuple[int, int, int]]:
    return {
        (event, camera, department)
        for event, camera, department in EVENTS
        if reach.has_event(EventId(event), CameraId(camera), DepartmentId(department))
    }


@pytest.mark.parametrize("wide", REACHES)
@pytest.mark.parametrize("narrow", REACHES)
def test_a_reach_covers_another_if_it_has_each_of_its_events(wide: Reach, narrow: Reach) -> None:
    assert wide.covers(narrow) is (has(narrow) <= has(wide) and (wide.is_all or not narrow.is_all))


def test_departments_that_took_the_place_of_cameras_are_not_said_to_cover_them() -> None:
    assert not departments(d1=0).covers(spans((1, 0, 9)))
