"""Bad input from outside, all at once: each gets its own clear message, and nothing else suffers."""

import json
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from threading import Thread

import pytest

from tests.support import gst_rtsp_server as gst
from tests.support.footage import bikes, make_clip
from tests.support.gst_rtsp_server import start_gst_server
from tests.support.ports import free_port
from tests.support.program import PROGRAM, Running, run_command
from tests.support.relay import answer_with
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for
from tests.unit.ingest.test_pictures import a_cmyk_jpeg

needs_gst = pytest.mark.skipif(gst.missing() is not None, reason=f"no live server: {gst.missing()}")
LOGIN = ("ann", "s3cret")


class Canary(ThreadingHTTPServer):
    """A web server that nothing may ever ask for anything; `asked` has what was."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sing)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/bait.ts"


class _Sing(BaseHTTPRequestHandler):
    server: Canary

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it so
        """Says nothing."""


class _Redirect(StreamRequestHandler):
    """A camera that sends its viewers elsewhere."""

    server: "Redirecting"

    def handle(self) -> None:
        lines: list[bytes] = []
        while line := self.rfile.readline():
            lines.append(line.strip())
            if lines[-1]:
                continue
            number = next(line for line in lines if line.lower().startswith(b"cseq"))
            status = b"200 OK\r\nPublic: OPTIONS, DESCRIBE" if lines[0].startswith(b"OPTIONS") else self.server.answer
            self.wfile.write(b"RTSP/1.0 " + status + b"\r\n" + number + b"\r\n\r\n")
            lines.clear()


class Redirecting(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, location: str) -> None:
        super().__init__(("127.0.0.1", 0), _Redirect)
        self.answer = b"302 Found\r\nLocation: " + location.encode()


@contextmanager
def serving(server: TCPServer) -> Iterator[int]:
    """The server's port."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    server = Canary()
    with serving(server):
        yield server


@dataclass(frozen=True)
class Bad:
    """A stream that cannot be read: what the program must say of it."""

    url: str
    state: str
    says: str


@needs_gst
def test_bad_streams_are_told_apart_and_the_good_one_goes_on(
    tmp_path: Path, street_server: RtspServer, canary: Canary
) -> None:
    with ExitStack() as stack:
        login = f"{LOGIN[0]}:{LOGIN[1]}"
        camera = stack.enter_context(start_gst_server({"h264": gst.H264, "sound": gst.SOUND}, login=LOGIN))
        noise = stack.enter_context(answer_with(random.Random(1).randbytes(4000)))
        cut_off = stack.enter_context(
            answer_with(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 500\r\n\r\nv=0\r\no=")
        )
        to_web = stack.enter_context(serving(Redirecting(canary.url)))
        to_file = stack.enter_context(serving(Redirecting("file:///etc/passwd")))
        refused = free_port()
        bad = {
            "unreachable": Bad("rtsp://no-such-camera.invalid/1", "unreachable", "host name of no-such-camera.invalid"),
            "refused": Bad(f"rtsp://127.0.0.1:{refused}/1", "refused", "nobody listens there"),
            "wrong password": Bad(f"rtsp://ann:wrong@127.0.0.1:{camera.port}/h264", "unauthorised", "does not accept"),
            "no password": Bad(f"rtsp://127.0.0.1:{camera.port}/h264", "unauthorised", "none is set"),
            "no such path": Bad(f"rtsp://{login}@127.0.0.1:{camera.port}/none", "not_found", "no stream of this path"),
            "sound alone": Bad(f"rtsp://{login}@127.0.0.1:{camera.port}/sound", "no_video", "no video on this path"),
            "a web page": Bad(f"rtsp://127.0.0.1:{canary.server_port}/1", "unreadable", "HTTP, not RTSP"),
            "noise": Bad(f"rtsp://127.0.0.1:{noise}/1", "unreadable", "something that is not RTSP"),
            "cut off": Bad(f"rtsp://127.0.0.1:{cut_off}/1", "unreadable", "cannot be understood"),
            "sent to a web page": Bad(f"rtsp://127.0.0.1:{to_web}/1", "unreadable", "cannot be understood"),
            "sent to a file": Bad(f"rtsp://127.0.0.1:{to_file}/1", "unreadable", "cannot be understood"),
        }
        city = Running(tmp_path / "data").start()
        stack.callback(city.stop)
        good = city.add_camera("good", street_server.url(bikes().name))
        numbers = {name: city.add_camera(name, one.url) for name, one in bad.items()}
        told = {
            name: wait_for(partial(told_of, city, number), f"what keeps {name} from being read", 40)
            for name, number in numbers.items()
        }
        for name, one in bad.items():
            assert told[name][0] == one.state, (name, told[name])
            assert one.says in told[name][1], (name, told[name])
        assert "s3cret" not in json.dumps(told)
        wait_for(lambda: city.events(), "the good camera makes events", 40)
        status = city.camera(good)["status"]
        assert (status["state"], status["counters"]["connections"]) == ("live", 1)
        assert city.get("/readyz")["status"] == "ready"
    # RTSP was tried on the web page's port, which http.server cannot read: nothing else came there.
    assert canary.asked == []
    assert "Traceback" not in city.log.read_text()


def told_of(city: Running, number: int) -> tuple[str, str] | None:
    """State and reason of a camera's stream, once there is an outcome."""
    status = city.camera(number)["status"]
    return (status["state"], status["reason"]) if status and status["state"] != "connecting" else None


def test_no_clip_makes_the_program_read_anything_else(tmp_path: Path, canary: Canary) -> None:
    clip = make_clip(tmp_path / "secret.mp4", frames=5)
    texts = {
        "hls.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{canary.url}\n#EXT-X-ENDLIST\n",
        "local.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{clip.name}\n#EXT-X-ENDLIST\n",
        "concat.ffconcat": f"ffconcat version 1.0\nfile '{clip}'\n",
        "stream.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        done = run_command("analyze", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (2, ""), name
        assert f"{tmp_path / name} is no video that can be read" in done.stderr
    assert canary.asked == []


def test_what_looks_like_a_protocol_is_the_name_of_a_file() -> None:
    names = ("concat:a|b", "subfile,,start,0,end,0,,:a", "data:video/mp4;base64,AAAA", "pipe:0")
    done = run_command("detect", *names, "--json")
    assert [json.loads(line)["error"] for line in done.stdout.splitlines()] == [f"there is no file {x}" for x in names]
    done = run_command("analyze", names[0])
    assert (done.returncode, done.stderr) == (2, f"sharp-eyes: there is no file {names[0]}\n")


def test_an_address_is_no_file_and_is_not_repeated() -> None:
    for command in ("analyze", "detect"):
        done = run_command(command, "rtsp://ann:s3cret@127.0.0.1/1")
        assert (done.returncode, done.stdout) == (2, "")
        assert "an address was given where a file is read" in done.stderr
        assert "doctor --stream" in done.stderr
        assert "s3cret" not in done.stderr


def test_a_cmyk_picture_is_looked_at_and_odd_names_are_told_as_json(tmp_path: Path) -> None:
    (tmp_path / "print.jpg").write_bytes(a_cmyk_jpeg(255, 0, 0, 255))
    odd = os.fsencode(tmp_path) + b"/\xff\xe5\x90\x8d.jpg"
    Path(os.fsdecode(odd)).write_bytes(a_cmyk_jpeg(255, 0, 0, 255))
    done = subprocess.run(
        [PROGRAM, "detect", tmp_path / "print.jpg", odd, "/dev/zero", "x" * 5000, "--json"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    first, second, endless, long = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["width"], first["height"], first["detections"]) == (8, 8, [])
    assert os.fsencode(second["path"]) == odd
    assert second["width"] == 8
    assert "which is the most that is read" in endless["error"]
    assert "File name too long" in long["error"]
    assert (done.returncode, done.stderr) == (1, b"")


CONFIGS: dict[str, tuple[str | bytes, str]] = {
    "an unknown key": (
        "[api]\nport = 8080\nprot = 1\n",
        ":3: api.prot: found an unknown key; known here: allowed_hosts",
    ),
    "an unknown table": (
        "[apy]\nport = 8080\n",
        ":1: apy: found an unknown key; known here: access, alerts, api, blobs, data",
    ),
    "a value out of bounds": ("[api]\nport = 70000\n", ":2: api.port: found 70000; input should be less than or equal"),
    "a value of another kind": ('[streams]\nread_timeout_s = "soon"\n', ":2: streams.read_timeout_s: found 'soon'"),
    "no toml": ("[api]\nport = = 1\n", ":2: the file: found text that is no TOML"),
    "not utf-8": (b'data = "\xff"\n', ": the file: found byte 0xff at 8; expected text in UTF-8"),
    "huge": ("#" * 2_000_000, ": the file: found more than 1048576 bytes"),
    "deep": ("a = " + "[" * 5000, ": the file: found text that is no TOML"),
    "another host": ('[api]\nhost = "the town hall"\n', ":2: api.host: found 'the town hall'; "),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_each_bad_config_is_refused_at_its_place_and_nothing_is_begun(name: str, tmp_path: Path) -> None:
    text, says = CONFIGS[name]
    file = tmp_path / "bad.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    data = {"SHARP_EYES_DATA": str(tmp_path / "data")}
    command = ("run",) if name == "an unknown key" else ("config", "check")
    done = run_command(*command, "--config", str(file), environment=data)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert f"{file}{says}" in done.stderr
    assert len(done.stderr) < 1000
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_a_missing_file_and_mistyped_variables_are_told(tmp_path: Path) -> None:
    folder = run_command("config", "check", "--config", str(tmp_path))
    missing = run_command("config", "check", "--config", str(tmp_path / "none.toml"), "--json")
    mistyped = run_command(
        "config", "check", "--json", environment={"SHARP_EYES_DATABSE": "x", "SHARP_EYES_API__PROT": "1"}
    )
    assert [done.returncode for done in (folder, missing, mistyped)] == [2, 2, 2]
    assert folder.stderr == f"{tmp_path}: the file: found Is a directory; expected a file that can be read\n"
    assert json.loads(missing.stdout)["found"] == "nothing"
    told = [json.loads(line) for line in mistyped.stdout.splitlines()]
    assert [(one["where"], one["key"]) for one in told] == [
        ("environment variable SHARP_EYES_API__PROT", "api.prot"),
        ("environment variable SHARP_EYES_DATABSE", "databse"),
    ]


def test_output_that_finds_no_room_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([PROGRAM, "config", "show"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"sharp-eyes: No space left on device\n")
