"""What holds whatever a detector tells."""

from hypothesis import given
from hypothesis import strategies as st

from core.box import Box
from core.detection import Detection
from core.track import Track
from inference.tracking import Tracker
from inference.tracking.followed import Followed
from inference.tracking.pairing import pair
from tests.support.builders import CAMERA, START, a_box, a_detection, after
from tests.support.following import follow


def _box(left: float, top: float, width: float, height: float) -> Box:
    return Box(left, top, left + width, top + height)


_SHARES = st.floats(0, 1)
_SIZES = st.one_of(st.just(0.0), st.floats(1e-9, 1), st.floats(0.05, 0.2))
BOXES = st.builds(_box, _SHARES, _SHARES, _SIZES, _SIZES)
_SCORES = st.one_of(st.sampled_from([0.3, 0.5, 0.8]), _SHARES)
"""Equal ones come often."""
DETECTIONS = st.builds(Detection, st.sampled_from(["car", "truck", "person"]), _SCORES, BOXES)
LOOKS = st.lists(st.lists(DETECTIONS, max_size=6), max_size=12)
STEPS = st.lists(st.sampled_from([0.0, 0.04, 0.2, 0.7, 2.0, 5.0, 100.0, -1.0, -10.0]), min_size=12, max_size=12)


def _go(looks: list[list[Detection]], steps: list[float], *, still_every: int = 0) -> list[list[Track]]:
    tracker, at_s, shown = Tracker(CAMERA), 0.0, []
    for index, (found, step) in enumerate(zip(looks, steps, strict=False)):
        at_s += step
        if still_every and index % still_every == still_every - 1:
            shown.append(tracker.still(after(at_s)))
        else:
            shown.append(tracker.update(after(at_s), found))
    return shown


@given(looks=LOOKS, steps=STEPS, still_every=st.integers(0, 3))
def test_numbers_rise_and_none_is_used_again(
    looks: list[list[Detection]], steps: list[float], still_every: int
) -> None:
    first_seen: dict[int, object] = {}
    for tracks in _go(looks, steps, still_every=still_every):
        shown = [track.number for track in tracks]
        assert shown == sorted(set(shown))
        new = [number for number in shown if number not in first_seen]
        assert new == list(range(len(first_seen) + 1, len(first_seen) + 1 + len(new)))
        for track in tracks:
            assert first_seen.setdefault(track.number, track.first_seen_at) == track.first_seen_at


@given(looks=LOOKS, steps=STEPS, data=st.data())
def test_the_order_of_detections_changes_nothing(
    looks: list[list[Detection]], steps: list[float], data: st.DataObject
) -> None:
    shuffled = [data.draw(st.permutations(found)) for found in looks]
    assert _go(looks, steps) == _go(shuffled, steps)


@given(looks=LOOKS, steps=STEPS)
def test_each_track_shows_a_detection_of_its_own(looks: list[list[Detection]], steps: list[float]) -> None:
    for found, tracks in zip(looks, _go(looks, steps), strict=False):
        left = [(detection.score, detection.box) for detection in found]
        for track in tracks:
            left.remove((track.score, track.box))


@given(looks=LOOKS, steps=STEPS, still_every=st.integers(0, 3))
def test_what_a_track_says_is_possible(looks: list[list[Detection]], steps: list[float], still_every: int) -> None:
    moved: dict[int, float] = {}
    for tracks in _go(looks, steps, still_every=still_every):
        for track in tracks:
            assert track.first_seen_at <= track.last_seen_at
            assert 0 <= track.smooth_score <= 1
            assert moved.get(track.number, 0) <= track.moved <= 3
            moved[track.number] = track.moved


@given(looks=LOOKS, pause_s=st.lists(st.floats(0.01, 1.0), max_size=5))
def test_a_picture_that_stands_shows_what_the_look_before_showed(
    looks: list[list[Detection]], pause_s: list[float]
) -> None:
    tracker = Tracker(CAMERA)
    shown = follow(looks, tracker=tracker)[-1:] or [[]]
    at_s = 0.2 * max(len(looks) - 1, 0)
    for seconds in pause_s:
        at_s += seconds
        again = tracker.still(after(at_s))
        assert [(t.number, t.label, t.box, t.score) for t in again] == [
            (t.number, t.label, t.box, t.score) for t in shown[0]
        ]


@given(
    objects=st.lists(DETECTIONS, max_size=8), detections=st.lists(DETECTIONS, max_size=8), along_its_way=st.booleans()
)
def test_no_pair_that_is_alike_enough_is_left_over(
    objects: list[Detection], detections: list[Detection], along_its_way: bool
) -> None:
    """Though each object is compared with its neighbours alone, not with all that was found."""
    followed = [Followed(found, START, 0.0) for found in objects]
    pairs, lonely, left = pair(followed, detections, along_its_way=along_its_way)
    assert len(pairs) + len(lonely) == len(followed)
    assert len(pairs) + len(left) == len(detections)
    assert not [
        (known, found) for known in lonely for found in left if pair([known], [found], along_its_way=along_its_way)[0]
    ]


def test_a_wide_box_is_found_beyond_narrow_ones() -> None:
    known = Followed(a_detection("car", 0.8, a_box(0.3, 0.5, 0.1, 0.3)), START, 0.0)
    narrow = [a_detection("car", 0.8, a_box(x, 0.1, 0.01, 0.01)) for x in (0.1, 0.9)]
    wide = a_detection("car", 0.8, a_box(0.44, 0.5, 0.3, 0.3))
    assert [found for _, found in pair([known], [*narrow, wide])[0]] == [wide]
