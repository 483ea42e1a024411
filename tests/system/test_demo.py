"""The demo, as a newcomer runs it."""

import json
import re
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.footage import make_clip
from tests.support.program import PROGRAM, run_command
from tests.support.waiting import wait_for

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


def test_one_signs_in_with_what_the_demo_tells() -> None:
    demo = subprocess.Popen(
        [PROGRAM, "demo", "--cameras", "1", "--seconds", "60"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stderr is not None
        told = re.search(r"at (http\S+/): sign in as (\S+) with (\S+)", demo.stderr.readline())
        assert told is not None
        console, login, password = told.groups()
        address = urlsplit(console)

        def sign_in(password: str) -> int | None:
            connection = HTTPConnection(str(address.hostname), address.port, timeout=10)
            try:
                body = json.dumps({"login": login, "password": password})
                connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
                return connection.getresponse().status
            except OSError:
                return None
            finally:
                connection.close()

        assert wait_for(lambda: sign_in(password), "the console answers", 60) == 201
        assert sign_in(password[::-1]) == 401
    finally:
        demo.terminate()
        demo.wait(30)


def test_a_clip_that_the_demo_cannot_show_is_refused_at_once(tmp_path: Path) -> None:
    odd = make_clip(tmp_path / "odd.avi", codec="mpeg4")
    text = tmp_path / "text.mp4"
    text.write_text("no clip")
    for clip, said in ((odd, "mpeg4"), (text, str(text))):
        done = run_command("demo", "--seconds", "5", "--video", str(clip), timeout_s=30)
        assert done.returncode == 2
        assert said in done.stderr
