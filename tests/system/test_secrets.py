"""Passwords of cameras, the sealing key and the worker's token: looked for wherever the program leaves a trace."""

import base64
import os
import random
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support import gst_rtsp_server as gst
from tests.support.footage import bikes
from tests.support.gst_rtsp_server import start_gst_server
from tests.support.ports import free_port
from tests.support.program import Running, run_command
from tests.support.relay import answer_with
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(gst.missing() is not None, reason=f"no live server: {gst.missing()}")

USER = "ann"
RIGHT = "R1ght/S3cr@t:#?"
PASSWORDS = {
    "right": RIGHT,
    "wrong": "Wr0ng&S3cr%21=",
    "long": "L0ng" + "z9" * 55,
    "refused": "Ref0sed S3cr*t",
    "garbage": "G4rbage~S3cret",
    "missing": "M1ssing;S3cret",
}
TOKENS = ("T0ken-in-query", "T0ken-in-path", "T0ken.of.wrong", "Authbasic-T0ken")
UNKNOWN = ("N0t-a-scheme", "T00-long-S3cret", "Bad-p0rt-S3cret", "Unkn0wn-field", "N0-json-S3cret", "Header-S3cret")
GIVEN_KEY = "a1b2" * 16
"""A sealing key of the environment."""
WORKER_HEADER = "X-Worker-Token"
_ENDLESS = ("/event-changes", "/live")


@dataclass
class Traces:
    """What the program left: each place with its bytes."""

    found: dict[str, bytes] = field(default_factory=dict)

    def put(self, place: str, content: bytes) -> None:
        self.found[place] = self.found.get(place, b"") + content + b"\n"

    def with_any(self, needles: set[bytes]) -> list[tuple[str, bytes]]:
        """Where one of `needles` stands, and which."""
        return [(place, needle) for place, text in self.found.items() for needle in needles if needle in text]


@dataclass
class Story:
    """A city that was through everything, and its traces."""

    traces: Traces
    cameras: dict[str, int]
    states: dict[str, str]
    token: str
    keys: list[bytes]
    """The sealing key, and the one that was rotated away."""
    rendered: bool
    modes: dict[str, int]
    """Who may read what of the data folder, by name."""


def forms_of(secret: str) -> set[bytes]:
    """How a secret may stand in a text."""
    written = {secret, quote(secret), quote(secret, safe=""), quote(secret, safe="!$&'()*,;="), repr(secret)[1:-1]}
    encoded = {
        base64.b64encode(text.encode()) for text in (f"{USER}:{secret}", f"{USER}:{quote(secret, safe='')}", secret)
    }
    return {text.encode() for text in written} | encoded


def descendants(process: int) -> list[int]:
    """The processes that `process` has started, and theirs."""
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def look_at_processes(city: Running, traces: Traces) -> int:
    """Note command lines and environments; the number of processes."""
    assert city.process is not None
    processes = [city.process.pid, *descendants(city.process.pid)]
    for process in processes:
        with suppress(FileNotFoundError, ProcessLookupError):
            for part in ("cmdline", "environ"):
                traces.put(f"{part} of a process", Path(f"/proc/{process}/{part}").read_bytes())
    return len(processes)


def address(port: int, password: str, path: str = "h264") -> str:
    return f"rtsp://{USER}:{quote(password, safe='')}@127.0.0.1:{port}/{path}"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, street_server: RtspServer) -> Iterator[Story]:
    """Cameras with secrets of every kind, registered, watched, crashed over; and requests that fail with secrets."""
    folder = tmp_path_factory.mktemp("secrets")
    with ExitStack() as stack:
        camera = stack.enter_context(start_gst_server({"h264": gst.H264}, login=(USER, RIGHT)))
        garbage = stack.enter_context(answer_with(random.Random(1).randbytes(4000)))
        city = Running(folder / "data", environment={"SHARP_EYES_API__HEARTBEAT_S": "1"}).start()
        stack.callback(city.stop)
        urls = {
            "street": f"{street_server.url(bikes().name)}&token={TOKENS[0]}",
            "right": address(camera.port, RIGHT),
            "wrong": address(camera.port, PASSWORDS["wrong"], f"h264?sign={TOKENS[2]}"),
            "long": address(camera.port, PASSWORDS["long"]),
            "refused": address(free_port(), PASSWORDS["refused"], f"user=a&password={TOKENS[1]}"),
            "garbage": address(garbage, PASSWORDS["garbage"], f"1?authbasic={TOKENS[3]}"),
            "missing": address(camera.port, PASSWORDS["missing"], "nothing"),
        }
        traces = Traces()
        numbers = {name: city.add_camera(name, url) for name, url in urls.items()}
        ask_for_trouble(city, traces, numbers)
        settled = {name: wait_for(partial(settled_state, city, n), name, 40) for name, n in numbers.items()}
        rendered = play_a_clip(city, traces)
        token = str(worker_row(city)[0])
        walk_all_routes(city, traces)
        worker = wait_for(lambda: city.child("worker"), "the worker runs")
        os.kill(worker, signal.SIGABRT)
        wait_for(lambda: city.child("worker") not in (None, worker), "the worker is started again", 20)
        latest = f"/api/v1/cameras/{numbers['right']}/latest"
        wait_for(lambda: city.ask("GET", latest)[0] == 200, "it watches again", 40)
        walk_all_routes(city, traces)
        look_at_processes(city, traces)
        modes = note_files(city, traces)
        tell_by_commands(city, traces, urls)
        city.stop()
        traces.put("the log", city.log.read_bytes())
        sealing_keys = [path.read_bytes() for path in (city.data / "keys").rglob("*.key")]
        yield Story(traces, numbers, settled, token, sealing_keys, rendered, modes)


def settled_state(city: Running, number: int) -> str | None:
    state = city.state(number)
    return None if state == "connecting" else state


def ask_for_trouble(city: Running, traces: Traces, numbers: dict[str, int]) -> None:
    """Requests that are refused, each with a secret in it."""
    cameras = "/api/v1/cameras"
    for body in (
        f'{{"name": "a", "streams": [{{"url": "http://{USER}:{UNKNOWN[0]}@h/"}}]}}',
        f'{{"name": "a", "streams": [{{"url": "rtsp://{USER}:{UNKNOWN[1] * 20}@h/"}}]}}',
        f'{{"name": "a", "streams": [{{"url": "rtsp://{USER}:{UNKNOWN[2]}@h:99999/"}}]}}',
        f'{{"name": "a", "streams": [{{"url": "rtsp://{USER}:{UNKNOWN[2]}@localhost:{city.port}/"}}]}}',
        f'{{"name": "a", "gb_code": "rtsp://{USER}:{UNKNOWN[2]}@h/", "extra": {{"{UNKNOWN[3]}": 1e999}}}}',
        f'{{"name": "a", "gb_code": "rtsp://{USER}:{UNKNOWN[2]}@h/"}}',
        f'{{"name": "a", "password": "{UNKNOWN[3]}", "streams": "{UNKNOWN[3]}"}}',
        f'{{"name": "a", "streams": [{{"url": "rtsp://{USER}:{UNKNOWN[4]}@h/"',
    ):
        status, answer = city.ask("POST", cameras, body.encode())
        assert status in (400, 422), answer
        traces.put("refusals", answer)
    status, answer = city.ask("PATCH", "/api/v1/streams/2", f'{{"url": "rtsp://a:{UNKNOWN[0]}@[::1/"}}'.encode())
    assert status == 422
    traces.put("refusals", answer)
    line = HTTPConnection("127.0.0.1", city.port, timeout=10)
    secret = {"Authorization": f"Basic {UNKNOWN[5]}", "Cookie": UNKNOWN[5], WORKER_HEADER: UNKNOWN[5]}
    for path, headers in ((cameras, {**secret, "Host": "evil.example"}), ("/api/v1/nothing", secret)):
        line.request("GET", path, headers=headers)
        traces.put("refusals", line.getresponse().read())
    line.close()
    assert city.camera(numbers["right"])["streams"][0]["has_login"]


def play_a_clip(city: Running, traces: Traces) -> bool:
    """Ask for a clip, and look at the process that makes it. Whether one was seen at work."""
    before = look_at_processes(city, traces)
    event = wait_for(
        lambda: next((one for one in city.events() if one["media"]["clip"]["state"] == "ready"), None),
        "an event with a clip",
        60,
    )
    seen = before

    def is_made() -> bool:
        nonlocal seen
        status, _ = city.ask("GET", f"/api/v1/events/{event['id']}/clip")
        seen = max(seen, look_at_processes(city, traces))
        return status == 200

    wait_for(is_made, "the clip is made", 180)
    return seen > before


def walk_all_routes(city: Running, traces: Traces) -> None:
    """Every route that answers GET, and the first of those whose answers do not end by themselves."""
    listed = city.get("/api/v1/openapi.json")
    event = city.events()[0]["id"]
    paths = [path for path, methods in listed["paths"].items() if "get" in methods]
    for path in ("/", "/api/v1/openapi.json", *paths):
        numbers = [event] if "{event}" in path else [1, 2, 3, 4, 5, 6, 7, 99]
        for number in numbers if "{" in path else [""]:
            named = re.sub(r"\{\w+\}", str(number), path)
            answer = first_of(city, named) if path.endswith(_ENDLESS) else city.ask("GET", named)[1]
            traces.put(f"GET {path}", answer)


def first_of(city: Running, path: str) -> bytes:
    """What comes first of an answer without an end; nothing where nothing comes."""
    line = HTTPConnection("127.0.0.1", city.port, timeout=3)
    told = b""
    with suppress(HTTPException, TimeoutError):
        line.request("GET", path, headers={"Last-Event-ID": "0", "Authorization": f"Bearer {city.key}"})
        answer = line.getresponse()
        told += answer.read1(65536)
        told += answer.read1(65536)
    line.close()
    return told


def note_files(city: Running, traces: Traces) -> dict[str, int]:
    """Note the files of the data folder, but for the key itself; the modes of those that hold secrets."""
    modes = {"data": city.data.stat().st_mode & 0o777}
    for path in sorted(city.data.rglob("*")):
        if path.name in ("keys", "sealing.key", "blobs") or path.name.startswith("sharp-eyes.db"):
            modes[path.name] = path.stat().st_mode & 0o777
        if path.is_file() and path.name != "sealing.key":
            traces.put(str(path.relative_to(city.data)), path.read_bytes())
    return modes


def tell_by_commands(city: Running, traces: Traces, urls: dict[str, str]) -> None:
    """Commands that are given addresses with secrets, rightly and wrongly."""
    data = {"SHARP_EYES_DATA": str(city.data), "SHARP_EYES_API__PORT": str(city.port)}
    secret = PASSWORDS["refused"].replace(" ", "%20")
    database = f"postgresql://{USER}:{secret}@127.0.0.1:{free_port()}/city?password={UNKNOWN[2]}"
    mirror = {"SHARP_EYES_MODELS__MIRROR": f"http://{USER}:{secret}@127.0.0.1:{free_port()}/?token={TOKENS[0]}"}
    for arguments, environment in (
        (("doctor", "--json", "--stream", urls["refused"]), {**data, "SHARP_EYES_DATABASE": database}),
        (("run",), {**data, "SHARP_EYES_DATABASE": database}),
        (("config", "show"), {**data, **mirror, "SHARP_EYES_DATABASE": database}),
        (("config", "check"), {**data, "SHARP_EYES_STREAMS": urls["wrong"], "SHARP_EYES_DATABASE": database}),
        (("models", "pull", "yolox-nano-416"), {**data, **mirror}),
        (("analyze", urls["right"]), data),
        (("detect", urls["right"], "--json"), data),
        (("secrets", "rotate"), data),
        (("secrets", "status"), data),
        (("run",), {**data, "SHARP_EYES_KEY": GIVEN_KEY[:-1]}),
        (("config", "show"), {**data, "SHARP_EYES_KEY": GIVEN_KEY, "SHARP_EYES_FORMER_KEYS": GIVEN_KEY}),
    ):
        done = run_command(*arguments, environment=environment)
        assert "Traceback" not in done.stderr, done.stderr
        traces.put(f"sharp-eyes {arguments[0]}", (done.stdout + done.stderr).encode())


def worker_row(city: Running) -> tuple[object, ...]:
    database = sqlite3.connect(f"file:{city.data / 'sharp-eyes.db'}?mode=ro", uri=True)
    try:
        row: tuple[object, ...] = database.execute("SELECT token FROM worker ORDER BY id DESC").fetchone()
        return row
    finally:
        database.close()


def test_the_secrets_were_in_use(story: Story) -> None:
    # Else it would be no wonder that they are nowhere.
    assert story.states == {
        "street": "live",
        "right": "live",
        "wrong": "unauthorised",
        "long": "unauthorised",
        "refused": "refused",
        "garbage": "unreadable",
        "missing": "not_found",
    }
    assert story.rendered
    assert b"token=***" in story.traces.found["GET /api/v1/cameras"]
    assert b"camera" in story.traces.found["GET /api/v1/event-changes"]
    assert {"the log", "sharp-eyes.db", "sharp-eyes.db-wal", "environ of a process"} <= story.traces.found.keys()
    assert b"SIGABRT" in story.traces.found["the log"]


def test_no_password_and_no_token_of_a_camera_stands_anywhere(story: Story) -> None:
    needles = {form for secret in (*PASSWORDS.values(), *TOKENS, *UNKNOWN) for form in forms_of(secret)}
    assert story.traces.with_any(needles) == []


def test_no_process_has_the_address_of_a_camera_on_its_command_line_or_in_its_environment(story: Story) -> None:
    for place in ("cmdline of a process", "environ of a process"):
        assert b"rtsp://" not in story.traces.found[place]


def test_the_sealing_key_stands_in_its_file_alone(story: Story) -> None:
    assert len(story.keys) == 2
    forms = {GIVEN_KEY[:-1].encode()}
    for key in story.keys:
        forms |= {key, key.hex().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key)}
        forms.add(repr(key)[2:-1].encode())
    assert story.traces.with_any(forms) == []


def test_a_rotation_seals_the_logins_anew_while_the_city_is_watched(story: Story) -> None:
    assert re.search(rb"[1-9]\d* logins were sealed", story.traces.found["sharp-eyes secrets"])
    assert re.search(rb"former key +\w+: 0 logins\n", story.traces.found["sharp-eyes secrets"])
    assert b"cannot be opened" not in story.traces.found["the log"]


def test_the_workers_token_stands_in_the_database_alone(story: Story) -> None:
    places = {place for place, _ in story.traces.with_any({story.token.encode()})}
    assert places
    assert places <= {"sharp-eyes.db", "sharp-eyes.db-wal"}


def test_files_with_secrets_are_their_owners_alone(story: Story) -> None:
    assert {"data", "blobs", "keys", "sealing.key", "sharp-eyes.db", "sharp-eyes.db-wal"} <= story.modes.keys()
    assert {name: oct(mode) for name, mode in story.modes.items() if mode & 0o077} == {}
