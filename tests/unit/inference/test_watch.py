from dataclasses import replace

import pytest

from core.box import Box
from core.frame import Frame
from core.motion import STILL, Motion
from inference.watch import Watch
from tests.support.builders import CAMERA, a_detection, a_frame, after

MOVING = Motion(0.1, Box(0, 0, 0.5, 0.5))


def _frame(at_s: float, motion: Motion | None) -> Frame:
    return replace(a_frame(after(at_s)), motion=motion)


@pytest.mark.parametrize(("motion", "is_shown"), [(STILL, True), (MOVING, False), (None, False)])
def test_what_stands_is_shown_though_overlooked_only_where_the_gate_saw_no_motion(
    motion: Motion | None, is_shown: bool
) -> None:
    watch = Watch(CAMERA, [], epoch=1)
    for step in range(30):
        watch.look(_frame(0.2 * step, MOVING), [a_detection()])
    assert bool(watch.look(_frame(6, motion), []).tracks) is is_shown
