"""The demo, as a newcomer runs it."""

import json
from pathlib import Path

from tests.support.footage import make_clip
from tests.support.program import run_command

STREET = {"person", "car", "bicycle", "truck", "bus"}


def test_the_demo_shows_live_cameras_and_events_and_ends_with_one_line_of_json() -> None:
    done = run_command("demo", "--seconds", "15", "--cameras", "3", "--json", timeout_s=170)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert [camera["state"] for camera in told["cameras"]] == ["live"] * 3
    for camera in told["cameras"]:
        assert camera["frames"] > 100
        assert 0 <= camera["frames"] - camera["looked_at"] - sum(camera["dropped"].values()) <= 2
        assert camera["looked_at"] > 20
    assert told["events"] == sum(told["events_by_label"].values()) > 0
    assert STREET & set(told["events_by_label"])
    assert told["console"].startswith("http://127.0.0.1:")


def test_a_clip_that_the_demo_cannot_show_is_refused_at_once(tmp_path: Path) -> None:
    odd = make_clip(tmp_path / "odd.avi", codec="mpeg4")
    text = tmp_path / "text.mp4"
    text.write_text("no clip")
    for clip, said in ((odd, "mpeg4"), (text, str(text))):
        done = run_command("demo", "--seconds", "5", "--video", str(clip), timeout_s=30)
        assert done.returncode == 2
        assert said in done.stderr
