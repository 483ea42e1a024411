"""Looks survive being packed, as finely as rules ask; what is no part of the log is refused."""

import contextlib
import zlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.box import Box
from core.errors import BadInput
from core.track import Track, Velocity
from events.tracks.codec import MOST_LOOKS, PLACE, ROUGH, SMOOTH, Part, looks_of
from tests.support.builders import CAMERA, a_box, a_track, after

Looks = list[tuple[float, list[Track]]]

_EDGES = st.integers(-200, 1200).map(lambda edge: edge / PLACE)
_SIDES = st.integers(0, 1000).map(lambda side: side / PLACE)
_SCORES = st.integers(0, ROUGH).map(lambda score: score / ROUGH)
_SMOOTH = st.integers(0, SMOOTH).map(lambda smooth: smooth / SMOOTH)
_SPEEDS = st.integers(-9_000, 9_000).map(lambda speed: speed / ROUGH)
_SECONDS = st.integers(-5_000_000, 90_000_000).map(lambda microseconds: microseconds / 1_000_000)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    left, top, width, height = draw(_EDGES), draw(_EDGES), draw(_SIDES), draw(_SIDES)
    return Track(
        camera=CAMERA,
        number=draw(st.integers(1, 1 << 40)),
        label=draw(st.sampled_from(["person", "car", "自行车", ""])),
        score=draw(_SCORES),
        box=Box(left, top, left + width, top + height),
        first_seen_at=after(draw(_SECONDS)),
        last_seen_at=after(draw(_SECONDS)),
        smooth_score=draw(_SMOOTH),
        velocity=Velocity(draw(_SPEEDS), draw(_SPEEDS)),
        moved=draw(_SMOOTH),
        is_stationary=draw(st.booleans()),
    )


def _packed(looks: Looks) -> bytes:
    part = Part()
    for second, shown in looks:
        part.add(after(second), shown)
    return part.packed()


def _rounded(track: Track) -> tuple[object, ...]:
    """All that is kept of a track, in the parts in which it is kept."""
    box, speed = track.box, track.velocity
    edges = (box.left, box.top, box.right, box.bottom)
    return (
        *(track.camera, track.number, track.label, track.first_seen_at, track.last_seen_at, track.is_stationary),
        *(round(edge * PLACE) for edge in edges),
        *(round(share * SMOOTH) for share in (track.smooth_score, track.moved)),
        *(round(share * ROUGH) for share in (track.score, speed.x, speed.y)),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_SECONDS, st.lists(tracks(), max_size=4, unique_by=lambda track: track.number)), max_size=12))
def test_what_is_packed_comes_back(looks: Looks) -> None:
    back = list(looks_of(_packed(looks), CAMERA, run=3))
    assert [(look.at, look.run) for look in back] == [(after(second), 3) for second, _ in looks]
    for look, (_, shown) in zip(back, looks, strict=True):
        assert {_rounded(track) for track in look.tracks} == {_rounded(track) for track in shown}


def test_tracks_of_a_look_come_back_by_number() -> None:
    (look,) = looks_of(_packed([(0, [a_track(3), a_track(1), a_track(2)])]), CAMERA, 1)
    assert [track.number for track in look.tracks] == [1, 2, 3]


def test_no_share_is_off_by_more_than_half_a_part() -> None:
    box = Box(0.12345, 0.23456, 0.34567, 0.45678)
    given = a_track(box=box, score=0.87654, smooth_score=0.76543, moved=0.65432, velocity=Velocity(0.5432, -4.321))
    (look,) = looks_of(_packed([(0, [given])]), CAMERA, 1)
    (track,) = look.tracks
    assert track.score == pytest.approx(0.87654, abs=0.0026)
    assert track.smooth_score == pytest.approx(0.76543, abs=0.0011)
    assert track.moved == pytest.approx(0.65432, abs=0.0011)
    assert (track.velocity.x, track.velocity.y) == pytest.approx((0.5432, -4.321), abs=0.0026)
    for found, was in zip(track.box.pixels(1, 1), box.pixels(1, 1), strict=True):
        assert found == pytest.approx(was, abs=0.00051)


def test_a_minute_in_which_nobody_was_seen_takes_less_than_a_hundred_bytes() -> None:
    assert len(_packed([(number / 5, []) for number in range(300)])) < 100


def test_what_stands_still_takes_next_to_nothing() -> None:
    parked = [a_track(number, "car", is_stationary=True) for number in range(1, 11)]
    assert len(_packed([(number / 5, parked) for number in range(300)])) < 1_000


def test_a_part_is_full_before_it_is_too_large_to_be_read() -> None:
    part = Part()
    crowd = [a_track(number) for number in range(1, 1_001)]
    looks = 0
    while not part.is_full:
        part.add(after(looks / 5), crowd)
        looks += 1
    assert sum(len(look.tracks) for look in looks_of(part.packed(), CAMERA, 1)) == looks * 1_000
    many = Part()
    while not many.is_full:
        many.add(after(0), [])
    assert many.looks == MOST_LOOKS == len(list(looks_of(many.packed(), CAMERA, 1)))


SOME = _packed([(n / 5, [a_track(k, score=0.5 + n / 50, box=a_box(n / 20, k / 9)) for k in (1, 2)]) for n in range(9)])


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x01", b"\x02" + SOME[1:], SOME + b"x", SOME[:1] + b"no zlib"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="track log"):
        looks_of(data, CAMERA, 1)


@pytest.mark.parametrize("length", range(0, len(SOME), 7))
def test_bytes_that_break_off_are_refused(length: int) -> None:
    with pytest.raises(BadInput):
        looks_of(SOME[:length], CAMERA, 1)


def test_bytes_that_would_fill_the_memory_are_refused() -> None:
    bomb = b"\x01" + zlib.compress(bytes(200_000_000), 9)
    with pytest.raises(BadInput):
        looks_of(bomb, CAMERA, 1)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_changed_bytes_are_refused_or_read_but_nothing_worse(data: st.DataObject) -> None:
    body = bytearray(zlib.decompress(SOME[1:]))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=4)):
        body[place] = data.draw(st.integers(0, 255))
    try:
        for look in looks_of(b"\x01" + zlib.compress(bytes(body)), CAMERA, 1):
            assert all(track.first_seen_at - look.at < timedelta(days=4_000_000) for track in look.tracks)
    except BadInput:
        pass


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read_but_nothing_worse(body: bytes) -> None:
    for data in (body, b"\x01" + zlib.compress(body)):
        with contextlib.suppress(BadInput):
            list(looks_of(data, CAMERA, 1))
