import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from core.errors import Unavailable
from core.live_part import LiveKind, LivePart
from ingest.codec_names import codec_name
from ingest.live import LiveOriginal
from ingest.ring import Ring
from tests.support.filmed_camera import FilmedCamera
from tests.support.footage import bikes, decoded, make_clip


@pytest.fixture
def camera() -> FilmedCamera:
    """A street: H.264 with B-frames, and a key frame every 2.4 s."""
    filmed = FilmedCamera(bikes())
    filmed.ring.begin(filmed.parameters)
    return filmed


def looked_at(camera: FilmedCamera) -> LiveOriginal:
    return LiveOriginal(lambda: camera.ring, camera.clock, lambda: None)


def all_of(view: LiveOriginal) -> list[LivePart]:
    """What is there, without waiting for more."""
    parts: list[LivePart] = []
    nothing = 0
    while nothing < 3:  # a new connection is joined in one turn, and read in the next
        part = view.next(0)
        nothing = nothing + 1 if part is None else 0
        parts += [] if part is None else [part]
    return parts


def film(parts: list[LivePart]) -> bytes:
    return b"".join(part.data for part in parts if part.kind is LiveKind.FRAGMENT)


def keys_of(camera: FilmedCamera) -> list[int]:
    return [place for place, packet in enumerate(camera.packets) if packet.is_key]


def test_it_begins_with_the_newest_key_frame(camera: FilmedCamera) -> None:
    second = keys_of(camera)[1]
    camera.play(0, second + 20)
    parts = all_of(looked_at(camera))
    assert [part.kind for part in parts[:2]] == [LiveKind.BEGIN, LiveKind.FRAGMENT]
    begin = json.loads(parts[0].data)
    assert begin["codecs"].startswith("avc1.")
    assert (begin["width"], begin["height"]) == (640, 272)
    assert len(decoded(film(parts))) == 19  # the newest is whole once the next one has come


def test_the_moment_of_its_beginning_is_that_of_the_key_frame(camera: FilmedCamera) -> None:
    second = keys_of(camera)[1]
    camera.play(0, second + 20)
    parts = all_of(looked_at(camera))
    begin = datetime.fromisoformat(json.loads(parts[0].data)["at"])
    with av.open(io.BytesIO(film(parts)), "r") as container:
        first = next(container.decode(video=0)).time
    assert first is not None
    shown_at = begin + timedelta(seconds=first)
    assert abs((shown_at - camera.packets[second].at).total_seconds()) < 0.002


@pytest.mark.parametrize("start", range(0, 60, 7))
def test_it_plays_from_wherever_it_is_joined(camera: FilmedCamera, start: int) -> None:
    camera.play(0, start + 1)
    view = looked_at(camera)
    parts = all_of(view)
    camera.play(start + 1, start + 60)
    parts += all_of(view)
    pictures = decoded(film(parts))
    first = max(place for place in keys_of(camera) if place <= start)
    assert len(pictures) == start + 60 - first - 1
    times = [picture.time or 0 for picture in pictures]
    assert times == sorted(times)


def test_each_packet_is_sent_on_as_soon_as_the_next_has_come(camera: FilmedCamera) -> None:
    camera.play(0, 1)
    view = looked_at(camera)
    all_of(view)
    for place in range(1, 30):
        camera.play(place, place + 1)
        assert len(all_of(view)) == 1


def test_who_is_too_slow_goes_on_at_a_newer_key_frame(camera: FilmedCamera) -> None:
    first, _, third = keys_of(camera)[:3]
    camera.play(0, first + 1)
    view = looked_at(camera)
    parts = all_of(view)
    camera.play(first + 1, third + 10)
    camera.clock.set(camera.packets[third].at + timedelta(seconds=1))
    parts += all_of(view)
    assert view.lost > 0
    late = camera.clock.now() - timedelta(seconds=3)
    fresh = [packet for packet in camera.packets[: third + 10] if packet.at >= late]
    assert len(decoded(film(parts))) <= len(fresh) + 1
    assert all(picture.width == 640 for picture in decoded(film(parts)))


def test_another_connection_begins_another_film(camera: FilmedCamera) -> None:
    camera.play(0, 30)
    view = looked_at(camera)
    before = all_of(view)
    camera.ring.end()
    all_of(view)
    camera.ring.begin(replace(camera.parameters, connection=2))
    all_of(view)
    for packet in camera.packets[:20]:
        camera.ring.put(replace(packet, connection=2))
    after = all_of(view)
    assert [part.kind for part in (before[0], after[0])] == [LiveKind.BEGIN, LiveKind.BEGIN]
    assert len(decoded(film(after))) == 19


def test_it_ends_when_nobody_reads_the_camera_any_more(camera: FilmedCamera) -> None:
    rings: list[Ring] = [camera.ring]
    camera.play(0, 10)
    view = LiveOriginal(lambda: rings[0] if rings else None, camera.clock, lambda: None)
    all_of(view)
    rings.clear()
    camera.ring.end()
    all_of(view)
    assert view.has_ended


def test_looking_asks_for_attention(camera: FilmedCamera) -> None:
    asked: list[int] = []
    view = LiveOriginal(lambda: camera.ring, camera.clock, lambda: asked.append(1))
    view.next(0)
    view.next(0)
    assert len(asked) == 2


def test_nothing_is_followed_once_it_is_closed(camera: FilmedCamera) -> None:
    camera.play(0, 10)
    view = looked_at(camera)
    all_of(view)
    view.close()
    camera.play(10, 20)
    assert all_of(view) == []


def test_a_codec_that_no_browser_plays_is_refused(camera: FilmedCamera) -> None:
    camera.ring.begin(replace(camera.parameters, codec="mpeg4"))
    with pytest.raises(Unavailable, match="mpeg4, which no browser plays"):
        looked_at(camera)


def test_one_that_turns_into_another_codec_says_so_and_ends(camera: FilmedCamera) -> None:
    view = looked_at(camera)
    camera.ring.begin(replace(camera.parameters, codec="mjpeg"))
    camera.play(0, 3)
    parts = all_of(view)
    assert [part.kind for part in parts] == [LiveKind.END]
    assert view.has_ended


def test_h265_is_named_as_browsers_ask_for_it(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "h265.mp4", codec="libx265", frames=10)
    camera = FilmedCamera(clip)
    camera.ring.begin(camera.parameters)
    camera.play()
    begin = json.loads(all_of(looked_at(camera))[0].data)
    assert begin["codecs"].startswith("hev1.1.6.L")


@pytest.mark.parametrize(
    ("codec", "sequence", "name"),
    [
        ("h264", "6764001facd9", "avc1.64001f"),
        ("h264", "6742c01ed9", "avc1.42c01e"),
        ("hevc", "420101016000000300b0000003000003005da0", "hev1.1.6.L93.B0"),
    ],
)
def test_names_are_those_of_rfc_6381(codec: str, sequence: str, name: str) -> None:
    assert codec_name(codec, b"\0\0\0\1" + bytes.fromhex(sequence)) == name


def test_a_stream_without_parameter_sets_has_no_name() -> None:
    with pytest.raises(Unavailable, match="has not said"):
        codec_name("h264", b"")
