"""The doctor, driven from outside: what it finds good and bad, and what it says to do."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
import trustme
from av.codec.hwaccel import hwdevices_available

from inference.processor import int8_instruction
from inference.providers import has
from inference.settings import Provider
from models.precision import Precision
from tests.support import gst_rtsp_server as gst
from tests.support.gst_rtsp_server import GstServer, start_gst_server
from tests.support.networks import in_floats
from tests.support.ports import free_port
from tests.support.program import PROGRAM, run_command
from tests.support.relay import answer_with

MODELS = Path(__file__).parents[2] / "models"
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
    networks = ["processor", "model", "model", "model", "provider", "file", "speed"]
    assert checks == [*networks, "decoding", "disk", "database", "outbox", "clock", "port"]
    assert [verdict for name, verdict, *_ in report.findings if name not in ("processor", "disk")] == ["good"] * 11
    assert not (tmp_path / "data").exists()


def test_what_computes_the_networks_is_told_with_what_the_others_would_need(tmp_path: Path) -> None:
    report = examine(tmp_path / "data")
    ((_, found, advice),) = report.of("provider")
    assert found.startswith("cpu computes nanodet-g-int8, as set. ")
    for provider in ("cuda", "openvino"):
        assert f"{provider} would need " in found or f"{provider} is in this build of ONNX Runtime" in found
    assert advice is None
    ((_, found, _),) = report.of("file")
    assert found.startswith("nanodet-g-int8 runs its int8 file")


@pytest.mark.parametrize("provider", [one for one in Provider if not has(one)])
def test_a_provider_that_does_not_work_is_doubtful_and_the_rest_goes_on_with_the_cpu(
    provider: Provider, tmp_path: Path
) -> None:
    report = examine(tmp_path / "data", SHARP_EYES_DETECTOR__PROVIDER=provider.value)
    ((verdict, found, advice),) = report.of("provider")
    assert (report.code, verdict) == (0, "doubtful")
    assert found.startswith(
        f"the CPU computes nanodet-g-int8: provider {provider} does not work here: this build of ONNX"
    )
    assert advice is not None
    assert f"onnxruntime-{'gpu[cuda,cudnn]' if provider is Provider.CUDA else 'openvino'} installed" in advice
    ((verdict, found, _),) = report.of("speed")
    assert verdict == "good"


def test_a_provider_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    environment = {"SHARP_EYES_DATA": str(tmp_path / "data"), "SHARP_EYES_DETECTOR__PROVIDER": "tensorrt"}
    done = run_command("doctor", environment=environment)
    assert done.returncode == 2
    assert "'cpu', 'cuda' or 'openvino'" in done.stderr


def test_the_file_that_runs_is_told_and_the_faster_one_that_is_not_here(tmp_path: Path) -> None:
    data, other = tmp_path / "data", Precision.INT8 if int8_instruction() is None else Precision.FLOAT
    files = {Precision.INT8: MODELS / "weights" / "nanodet-g-int8.onnx", Precision.FLOAT: tmp_path / "floats.onnx"}
    files[Precision.FLOAT].write_bytes(in_floats(files[Precision.INT8]))
    floats = files[Precision.FLOAT].read_bytes()
    text = (MODELS / "cards" / "nanodet-g-int8.toml").read_text(encoding="utf-8").replace('"nanodet-g-int8"', '"both"')
    text += f'[[accepted]]\nsha256 = "{sha256(floats).hexdigest()}"\nsize_bytes = {len(floats)}\nprecision = "float"\n'
    (tmp_path / "both.toml").write_text(text, encoding="utf-8")
    environment = {"SHARP_EYES_DATA": str(data)}
    added = run_command(
        "models", "add", str(files[other]), "--card", str(tmp_path / "both.toml"), environment=environment
    )
    assert added.returncode == 0, added.stderr

    report = examine(data, SHARP_EYES_DETECTOR__MODEL="both")
    ((verdict, found, advice),) = report.of("file")
    assert (report.code, verdict) == (0, "doubtful")
    assert found.startswith(f"model 'both' runs its {other} file; the ")
    assert advice == "sharp-eyes models pull both, or sharp-eyes models add FILE --card both"
    best = next(which for which in Precision if which is not other)
    added = run_command("models", "add", str(files[best]), "--card", "both", environment=environment)
    assert added.returncode == 0, added.stderr
    ((verdict, found, _),) = examine(data, SHARP_EYES_DETECTOR__MODEL="both").of("file")
    assert verdict == "good"
    assert found.startswith(f"both runs its {best} file: this processor ")


def test_each_device_that_ffmpeg_names_is_tried(tmp_path: Path) -> None:
    ((verdict, found, advice),) = examine(tmp_path / "data").of("decoding")
    assert (verdict, advice) == ("good", None)
    assert found.startswith("streams are decoded by the processor, as set; ")
    assert all(device in found for device in hwdevices_available())


def test_a_device_that_does_not_decode_is_doubtful(tmp_path: Path) -> None:
    report = examine(tmp_path / "data", SHARP_EYES_STREAMS__HARDWARE_DECODING="videotoolbox")
    ((verdict, found, advice),) = report.of("decoding")
    assert (report.code, verdict) == (0, "doubtful")
    assert found.startswith("streams are decoded by the processor, not by videotoolbox: ")
    assert "videotoolbox: FFmpeg here was built without it" in found
    assert advice == "install the device's driver, or set streams.hardware_decoding to off"


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


def test_plain_http_beyond_loopback_is_doubtful_and_a_certificate_that_is_missing_bad(tmp_path: Path) -> None:
    everywhere = {"SHARP_EYES_API__HOST": "0.0.0.0", "SHARP_EYES_API__PORT": "0"}  # noqa: S104 - examined, not opened
    without = [(verdict, found) for verdict, found, _ in examine(tmp_path, **everywhere).of("listening")]
    assert [verdict for verdict, _ in without] == ["doubtful", "doubtful"]
    assert "without TLS" in without[0][1]
    tls = {"SHARP_EYES_API__TLS_CERTIFICATE": "missing.pem", "SHARP_EYES_API__TLS_KEY": "key.pem"}
    (missing, *_) = examine(tmp_path, **everywhere, **tls).of("listening")
    assert missing[:2] == ("bad", "missing.pem cannot be read: No such file or directory")


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
