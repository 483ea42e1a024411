"""The doctor, driven from outside: what it finds good and bad, and what it says to do."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.support import gst_rtsp_server as gst
from tests.support.gst_rtsp_server import GstServer, start_gst_server
from tests.support.ports import free_port
from tests.support.program import PROGRAM, run_command
from tests.support.relay import answer_with

LOGIN = ("ann", "s3cret/@:")
IN_ADDRESS = "ann:s3cret%2F%40%3A"

needs_gst = pytest.mark.skipif(gst.missing() is not None, reason=f"no live server: {gst.missing()}")


@dataclass(frozen=True)
class Report:
    """What the doctor said: exit code, and verdict, finding and advice by what was checked."""

    code: int
    findings: tuple[tuple[str, str, str, str | None], ...]

    def of(self, check: str) -> list[tuple[str, str, str | None]]:
        return [(verdict, found, advice) for name, verdict, found, advice in self.findings if name == check]


def examine(data: Path, *arguments: str, **environment: str) -> Report:
    done = run_command(
        "doctor",
        "--json",
        *arguments,
        environment={"SHARP_EYES_DATA": str(data), "SHARP_EYES_API__PORT": str(free_port()), **environment},
    )
    assert done.stderr == ""
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(one.keys() == {"check", "verdict", "found", "advice"} for one in told)
    return Report(done.returncode, tuple((one["check"], one["verdict"], one["found"], one["advice"]) for one in told))


@pytest.fixture(scope="module")
def camera() -> Iterator[GstServer]:
    with start_gst_server({"h264": gst.H264}, login=LOGIN) as server:
        yield server


def test_a_sound_installation_is_good_and_nothing_is_changed_by_looking(tmp_path: Path) -> None:
    report = examine(tmp_path / "data")
    assert report.code == 0
    checks = [name for name, *_ in report.findings]
    assert checks == ["processor", "model", "model", "model", "speed", "disk", "database", "clock", "port"]
    assert [verdict for name, verdict, *_ in report.findings if name not in ("processor", "disk")] == ["good"] * 7
    assert not (tmp_path / "data").exists()


def test_a_database_that_is_there_is_looked_at(tmp_path: Path) -> None:
    data = tmp_path / "data"
    filled = run_command("simulate", "--data", str(data), "--cameras", "3", "--departments", "1", "--events", "10")
    assert filled.returncode == 0, filled.stderr
    ((verdict, found, advice),) = examine(data).of("database")
    assert (verdict, found, advice) == ("good", f"sqlite:///{data}/sharp-eyes.db", None)


def test_what_is_broken_is_bad_with_what_to_do_and_the_rest_is_looked_at_all_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "sharp-eyes.db").write_text("this is no database at all, but long enough to be one" * 50)
    (data / "models" / "bad.toml").write_text("labels = [")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        report = examine(data, SHARP_EYES_API__PORT=port, SHARP_EYES_DETECTOR__MODEL="yolox-nano-416")
    assert report.code == 1
    assert ("bad", f"bad: {data}/models/bad.toml is not TOML: Invalid value (at end of document)") in [
        (verdict, found) for verdict, found, _ in report.of("model")
    ]
    assert any(
        verdict == "bad" and "not fetched" in found and advice == "sharp-eyes models pull yolox-nano-416"
        for verdict, found, advice in report.of("model")
    )
    assert report.of("database")[0][0] == "bad"
    assert "no readable SQLite database" in report.of("database")[0][1]
    assert report.of("port")[0][:2] == ("doubtful", f"127.0.0.1:{port} is in use")
    assert report.of("clock")[0][0] == "good"


def test_a_data_folder_that_is_a_file_and_a_key_that_others_may_read_are_bad(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ((verdict, found, advice),) = examine(tmp_path / "file").of("disk")
    assert (verdict, found, advice) == ("bad", f"{tmp_path}/file is no folder", "name another folder with `data`")

    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True)
    (data / "keys" / "sealing.key").write_bytes(b"k" * 32)
    (data / "keys" / "sealing.key").chmod(0o644)
    (data / "sharp-eyes.db").touch()
    ((verdict, found, advice),) = examine(data).of("database")
    assert verdict == "bad"
    assert "may be read by others" in found
    assert advice == f"chmod 600 {data}/keys/sealing.key"


def test_a_database_server_that_is_away_is_bad_without_its_password(tmp_path: Path) -> None:
    for url, says in (
        (f"postgresql://ann:s3cret@127.0.0.1:{free_port()}/city?password=s3cret", "Connection refused"),
        ("postgresql://ann:s3cret@127.0.0.1:1/city?pasword=s3cret", 'invalid connection option "pasword"'),
    ):
        report = examine(tmp_path / "data", SHARP_EYES_DATABASE=url)
        ((verdict, found, _),) = report.of("database")
        assert (report.code, verdict) == (1, "bad")
        assert says in found
        assert "s3cret" not in str(report)


@needs_gst
def test_a_live_stream_is_good(camera: GstServer, tmp_path: Path) -> None:
    url = camera.url("h264").replace("rtsp://", f"rtsp://{IN_ADDRESS}@")
    report = examine(tmp_path / "data", "--stream", f"{url}?token=s3cret")
    ((verdict, found, _),) = report.of("stream")
    assert (report.code, verdict) == (0, "good")
    assert found.startswith(f"{camera.url('h264')}?token=***: h264 320x240, ")
    assert "a key frame every" in found


@needs_gst
@pytest.mark.parametrize(
    ("login", "path", "says"),
    [
        ("ann:wr0ng@", "h264", "unauthorised: "),
        (f"{IN_ADDRESS}@", "nothing", "not_found: "),
    ],
)
def test_a_stream_that_a_camera_does_not_give_is_bad(
    camera: GstServer, tmp_path: Path, login: str, path: str, says: str
) -> None:
    report = examine(tmp_path / "data", "--stream", camera.url(path).replace("rtsp://", f"rtsp://{login}"))
    ((verdict, found, _),) = report.of("stream")
    assert (report.code, verdict) == (1, "bad")
    assert says in found
    assert "wr0ng" not in str(report)
    assert "s3cret" not in str(report)


def test_what_is_no_camera_is_bad_also_for_a_person(tmp_path: Path) -> None:
    with answer_with(b"HTTP/1.1 400 Bad Request\r\n\r\n") as web:
        address = f"rtsp://ann:s3cret@127.0.0.1:{web}/1"
        done = run_command("doctor", "--stream", address, environment={"SHARP_EYES_DATA": str(tmp_path / "data")})
    assert done.returncode == 1
    told = next(line for line in done.stdout.splitlines() if " stream " in line)
    assert told.startswith("bad ")
    assert f"rtsp://127.0.0.1:{web}/1: unreadable: 127.0.0.1:{web} answers with HTTP, not RTSP" in told
    assert "s3cret" not in done.stdout + done.stderr


def test_an_address_can_be_given_where_nobody_else_sees_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "doctor", "--json", "--stream", "-"],
        input=f"rtsp://ann:s3cret@127.0.0.1:{free_port()}/1\n",
        env={**os.environ, "SHARP_EYES_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, told["check"]) == (1, "stream")
    assert "nobody listens there" in told["found"]
    assert "s3cret" not in done.stdout + done.stderr


@needs_gst
def test_a_certificate_that_is_not_the_pinned_one_is_bad(tmp_path: Path) -> None:
    pem = tmp_path / "camera.pem"
    trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with start_gst_server({"h264": gst.H264}, certificate=pem) as camera:
        report = examine(tmp_path / "data", "--stream", camera.url("h264"), "--certificate", "é" * 64)
    ((verdict, found, _),) = report.of("stream")
    assert verdict == "bad"
    assert "untrusted: " in found
    assert "which is not the pinned one" in found


def test_an_address_that_nobody_would_open_is_bad_with_an_example(tmp_path: Path) -> None:
    report = examine(tmp_path / "data", "--stream", "http://ann:s3cret@camera/1")
    ((verdict, found, advice),) = report.of("stream")
    assert (report.code, verdict) == (1, "bad")
    assert "http is no scheme of a stream" in found
    assert advice == "write it like rtsp://user:password@camera.example:554/path"
