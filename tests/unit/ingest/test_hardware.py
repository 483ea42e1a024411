"""Decoding on hardware: what does not work is said, and the processor does it."""

import logging
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.hwaccel import hwdevices_available

from core.camera import Stream, StreamId, StreamRole
from core.ids import CameraId
from ingest.hardware import decoder_on, device_for, make_decoder, try_device, try_devices
from ingest.opening import open_source
from ingest.settings import HardwareDecoding, ReaderSettings
from tests.support.footage import make_clip

ABSENT = HardwareDecoding.VIDEOTOOLBOX
"""Apple's: no FFmpeg for Linux has it."""


@pytest.mark.parametrize(
    ("codec", "form"), [("libx264", "mp4"), ("libx264", "ts"), ("libx265", "mp4"), ("mpeg4", "avi"), ("mjpeg", "avi")]
)
def test_a_second_decoder_gives_the_same_pictures(codec: str, form: str, tmp_path: Path) -> None:
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    clip = make_clip(tmp_path / f"clip.{form}", frames=20, gop=10, codec=codec, pixel_format=pixels)
    with av.open(str(clip), "r") as container:
        video = container.streams.video[0]
        packets = [packet for packet in container.demux(video) if packet.size]
        both = []
        own = video.codec_context
        for decoder in (own, make_decoder(own.name, own.extradata or b"")):
            decoder.thread_count = 1
            both.append([picture for packet in [*packets, None] for picture in decoder.decode(packet)])
    assert [len(pictures) for pictures in both] == [20, 20]
    for one, other in zip(*both, strict=True):
        assert (one.pts, one.key_frame, one.format.name) == (other.pts, other.key_frame, other.format.name)
        assert np.array_equal(one.to_ndarray(), other.to_ndarray())


def test_every_device_that_ffmpeg_names_is_tried_and_says_what_is_wrong() -> None:
    trials = try_devices()
    assert [trial.device for trial in trials] == hwdevices_available()
    for trial in trials:
        assert trial.fault is None or "(" in trial.fault or "decodes no H.264" in trial.fault


def test_a_device_that_ffmpeg_was_built_without_is_named_with_those_it_has() -> None:
    fault = try_device(ABSENT).fault
    assert fault == f"FFmpeg here was built without it; it has {', '.join(hwdevices_available())}"


def test_a_device_that_does_not_work_is_replaced_by_the_processor_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    device_for.cache_clear()
    with av.open(str(make_clip(tmp_path / "clip.mp4")), "r") as container:
        software = container.streams.video[0].codec_context
        with caplog.at_level(logging.WARNING):
            for wanted in (ABSENT, ABSENT, HardwareDecoding.OFF):
                assert decoder_on(software, software.extradata or b"", wanted) is software
            assert decoder_on(software, b"", ABSENT) is not software
    (told,) = caplog.messages
    assert told.startswith("streams are decoded by the processor, not by videotoolbox: videotoolbox: FFmpeg here was ")


def test_auto_takes_a_device_that_works_or_tells_of_all_why_not(caplog: pytest.LogCaptureFixture) -> None:
    device_for.cache_clear()
    working = [trial.device for trial in try_devices() if trial.fault is None]
    with caplog.at_level(logging.WARNING):
        assert device_for(HardwareDecoding.AUTO) == next(iter(working), None)
    if not working:
        assert all(f"{device}: " in caplog.text for device in hwdevices_available())


@pytest.mark.parametrize(("codec", "device"), [("mpeg4", "qsv"), ("libx264", "drm")])
def test_a_codec_that_a_device_does_not_decode_is_left_to_the_processor(
    codec: str, device: str, tmp_path: Path
) -> None:
    with av.open(str(make_clip(tmp_path / "clip.avi", codec=codec)), "r") as container:
        name = container.streams.video[0].codec_context.name
        with pytest.raises(NotImplementedError):
            make_decoder(name, b"", device)


@pytest.mark.parametrize("wanted", HardwareDecoding)
def test_a_stream_is_opened_whatever_the_setting_is(wanted: HardwareDecoding, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", frames=10)
    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, f"file://{clip}", None)
    source = open_source(stream, None, ReaderSettings(hardware_decoding=wanted, files=tmp_path), 1)
    try:
        pictures = [picture for packet in source.packets() for picture in source.decoder.decode(packet)]
        pictures += source.decoder.decode(None)
    finally:
        source.close()
    assert [(picture.width, picture.height) for picture in pictures] == [(320, 240)] * 10
