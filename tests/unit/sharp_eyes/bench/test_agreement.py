"""When two loops count as saying the same."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core.detection import Detection
from core.frame import Frame
from sharp_eyes.bench.loop.agreement import detections_agree, events_agree
from tests.support.builders import a_box, a_detection, after, an_event
from tests.support.footage import make_clip


class Saying:
    """A detector that says the same of each frame."""

    def __init__(self, *found: Detection) -> None:
        self._found = list(found)

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        return [list(self._found) for _ in frames]


def test_events_are_matched_one_to_one() -> None:
    ours = [an_event(1, at=after(0)), an_event(2, at=after(0.3)), an_event(3, at=after(9))]
    theirs = [an_event(1, at=after(0.4)), an_event(2, at=after(20))]
    found = events_agree(ours, theirs)
    assert found.matched == 1
    assert found.recall == 0.5
    assert found.precision == pytest.approx(1 / 3)


def test_as_many_events_are_matched_as_can_be() -> None:
    # The first of ours fits both of theirs, the second the first alone: who takes what is near first finds one only.
    ours = [an_event(1, at=after(0.5)), an_event(2, at=after(0.0))]
    theirs = [an_event(1, at=after(0.4)), an_event(2, at=after(0.9))]
    assert events_agree(ours, theirs).matched == 2


def test_events_of_other_labels_do_not_agree() -> None:
    assert events_agree([an_event(label="car")], [an_event(label="person")]).matched == 0


def test_where_there_are_no_events_nobody_says_how_many_were_found() -> None:
    found = events_agree([], [])
    assert (found.recall, found.precision) == (None, None)


@pytest.mark.parametrize(
    ("other", "found_again", "strictly"),
    [
        (a_detection(score=0.5), 1.0, 1.0),
        (a_detection(score=0.35), 1.0, 0.0),  # below the threshold, but nearly
        (a_detection(score=0.25), 0.0, 0.0),
        (a_detection("dog", score=0.5), 0.0, 0.0),
        (a_detection(score=0.5, box=a_box(0.9)), 0.0, 0.0),
    ],
)
def test_a_detection_is_found_again_by_label_place_and_score(
    tmp_path: Path, other: Detection, found_again: float, strictly: float
) -> None:
    clip = make_clip(tmp_path / "clip.ts", frames=10)
    agreement = detections_agree(clip, Saying(a_detection(score=0.5)), Saying(other), fps=5)
    assert agreement.found_again == found_again
    assert agreement.strictly == strictly
