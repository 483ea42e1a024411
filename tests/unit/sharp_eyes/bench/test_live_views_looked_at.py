"""What the benchmark of live views makes of what it is shown."""

import struct
from typing import Any

import numpy as np
import pytest

from core.errors import SharpEyesError
from sharp_eyes.bench.live.clock import HEIGHT, NUMBERS, WIDTH, Reading, picture, read
from sharp_eyes.bench.live.fragments import Pieces, grey_of_jpeg
from sharp_eyes.bench.live.looked import Looked
from sharp_eyes.bench.live.rtp import Packets, description, units
from sharp_eyes.bench.live.run import is_right
from sharp_eyes.bench.live.viewers import Rendition

START = b"\x00\x00\x00\x01"
SPS, PPS = b"\x67\x42\xc0\x1e\x11", b"\x68\xce\x3c\x80"
WELL: dict[str, Any] = {
    "pictures": 9, "torn": 0, "backwards": 0, "missing": 0, "area_white": 9, "area_black": 0,
}  # fmt: skip


NOW = 20_000.0
"""Past the moment when the time in the picture begins anew."""


def shown(number: int, at: float = NOW) -> "np.ndarray[Any, Any]":
    return picture(number, at)[:HEIGHT]


def test_a_picture_tells_its_number_and_its_age() -> None:
    assert read(shown(NUMBERS + 1234), NOW + 0.25) == Reading(1234, 250, covered_is_white=True, covered_is_black=False)
    assert read(shown(1, at=16_777.0), 16_778.0) == Reading(1, 1_000, covered_is_white=True, covered_is_black=False)


def test_a_smaller_picture_is_read_as_well() -> None:
    found = read(shown(77)[::2, ::2], NOW)
    assert found is not None
    assert found.number == 77


def test_a_torn_picture_is_not_read() -> None:
    one, other = shown(0b0000_0000), shown(0b1111_1110)
    one[HEIGHT // 2 : HEIGHT * 5 // 8] = other[HEIGHT // 2 : HEIGHT * 5 // 8]
    assert read(one, NOW) is None


def test_what_lies_in_the_privacy_area_is_told() -> None:
    made = shown(1)
    open_, made[int(HEIGHT * 0.8) :, WIDTH // 2 :] = read(made, NOW), 16
    covered = read(made, NOW)
    made[-20:, -40:] = 235
    partly = read(made, NOW)
    assert open_ is not None
    assert (open_.covered_is_white, open_.covered_is_black) == (True, False)
    assert covered is not None
    assert (covered.covered_is_white, covered.covered_is_black) == (False, True)
    assert partly is not None
    assert (partly.covered_is_white, partly.covered_is_black) == (False, False)


def test_pictures_that_are_missing_or_come_again_are_counted() -> None:
    looked = Looked(began=NOW)
    for number in (NUMBERS - 2, NUMBERS - 1, 0, 3, 3, 2, 5):
        looked.add(shown(number), NOW)
    assert (looked.shown, looked.missing, looked.backwards, looked.torn) == (7, 2 + 2, 2, 0)
    assert looked.first_ms == looked.current_ms


def test_a_view_is_current_with_its_first_new_picture_and_measured_once_it_has_caught_up() -> None:
    looked = Looked(began=NOW)
    looked.add(shown(1, at=NOW - 1.5), NOW + 0.25)
    assert (looked.first_ms, looked.current_ms) == (250, None)
    looked.add(shown(2, at=NOW - 1), NOW + 0.5)
    looked.add(shown(3, at=NOW), NOW + 1.5)
    assert (looked.first_ms, looked.current_ms) == (250, 500)
    assert (looked.ages_ms, looked.fps) == ([], None)
    looked.add(shown(4, at=NOW + 1.5), NOW + 1.75)
    looked.add(shown(5, at=NOW + 1.5), NOW + 2)
    assert (looked.ages_ms, looked.lasted_s, looked.fps) == ([250, 500], 0.5, 4)


@pytest.mark.parametrize(
    ("rendition", "changed", "is_so"),
    [
        (Rendition.ORIGINAL, {}, True),
        (Rendition.ORIGINAL, {"missing": 1}, False),
        (Rendition.ORIGINAL, {"torn": 1}, False),
        (Rendition.ORIGINAL, {"backwards": 1}, False),
        (Rendition.ORIGINAL, {"area_white": 8}, False),
        (Rendition.MASKED, {"area_black": 9, "area_white": 0, "missing": 40}, True),
        (Rendition.MASKED, {"area_black": 8, "area_white": 0}, False),
        (Rendition.MASKED, {"area_black": 9, "backwards": 1}, False),
    ],
)
def test_what_came_is_right_or_not(rendition: Rendition, changed: dict[str, int], is_so: bool) -> None:
    assert is_right(rendition, WELL | changed) is is_so


def test_a_picture_goes_in_packets_that_make_it_again() -> None:
    large = b"\x65" + bytes(range(1, 256)) * 20
    sent = Packets().of(START + SPS + START + PPS + START + large, 1.0)
    payloads, markers = [], []
    while sent:
        (size,) = struct.unpack_from("!H", sent, 2)
        markers.append(sent[5] >> 7)
        payloads.append(sent[16 : 4 + size])
        sent = sent[4 + size :]
    assert payloads[:2] == [SPS, PPS]
    assert bytes([payloads[2][0] & 0xE0 | payloads[2][1] & 31]) + b"".join(part[2:] for part in payloads[2:]) == large
    assert [part[1] >> 6 for part in payloads[2:]] == [2, 0, 0, 1]
    assert markers == [0] * (len(markers) - 1) + [1]


def test_the_description_has_the_parameter_sets() -> None:
    told = description(START + SPS + START + PPS + START + b"\x65\x01").decode()
    assert "profile-level-id=42c01e" in told
    assert "sprop-parameter-sets=Z0LAHhE=,aM48gA==" in told


def test_units_are_parted_at_their_start_codes() -> None:
    assert units(START + SPS + START[1:] + PPS) == [SPS, PPS.rstrip(b"\x00")]


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (b"\x00\x00\x00", "ends within a box"),
        (struct.pack("!I4s", 100, b"moof"), "100 bytes of 8"),
        (struct.pack("!I4s", 8, b"mdat"), "before the header"),
        (struct.pack("!I4s", 8, b"moov"), "no H.264"),
    ],
)
def test_a_piece_that_is_none_is_refused(piece: bytes, words: str) -> None:
    with pytest.raises(SharpEyesError, match=words):
        Pieces().decode(piece)


def test_what_is_no_jpeg_is_refused() -> None:
    with pytest.raises(SharpEyesError, match="cannot be decoded"):
        grey_of_jpeg(b"no picture")
