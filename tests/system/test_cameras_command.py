"""`sharp-eyes cameras`, as a user calls it."""

import json
import os
import signal
import subprocess
from contextlib import closing
from pathlib import Path
from threading import Event as Flag

import cv2
import numpy as np
import pytest

from api.probe_words import ProbeOrder
from core.attention import Attention
from core.box import Point
from core.camera import Stream, StreamId, StreamRole
from core.clock import SystemClock
from core.errors import BadInput
from core.ids import CameraId
from core.stream_state import StreamState
from core.zone import Polygon
from ingest.address import check_address
from registry import cameras, privacy_areas, streams
from registry.db import open_database
from sharp_eyes.camera_files import export_cameras, import_cameras
from sharp_eyes.cli.cameras import import_file
from sharp_eyes.preparation import prepare
from sharp_eyes.probes import look
from sharp_eyes.settings import Settings
from tests.support.footage import bikes
from tests.support.importing import SECRET, a_code, a_csv
from tests.support.ports import free_port
from tests.support.program import PROGRAM, run_command


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for the commands of this module."""
    return tmp_path_factory.mktemp("cameras") / "data"


def run(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_command("cameras", *arguments, environment={"SHARP_EYES_DATA": str(data), **environment})


def test_a_file_goes_in_and_comes_out_and_goes_in_again(data: Path, tmp_path: Path) -> None:
    file, report, out = tmp_path / "a.csv", tmp_path / "report.csv", tmp_path / "out.csv"
    rows = [{"name": f"=门{n}", "gb_code": a_code(n), "url": f"rtsp://ann:{SECRET}@10.0.0.{n}/a"} for n in range(1, 4)]
    file.write_bytes(a_csv(*rows, {"name": "bad", "gb_code": "1", "备注": "x"}))

    taken = run(data, "import", str(file), "--report", str(report))
    assert taken.returncode == 3
    assert "4 rows: 3 created, 0 changed, 0 unchanged, 1 refused" in taken.stdout
    assert "row 5: gb_code:" in taken.stderr
    assert "mean nothing here: 备注" in taken.stderr
    told = report.read_text(encoding="utf-8-sig")
    assert "2,created,1,'=门1" in told

    exported = run(data, "export", str(out))
    assert (exported.returncode, exported.stdout) == (0, f"3 cameras in {out}\n")
    again = run(data, "import", str(out))
    assert (again.returncode, again.stdout) == (0, "3 rows: 0 created, 0 changed, 3 unchanged, 0 refused\n")
    everything = taken.stdout + taken.stderr + told + out.read_text()
    assert SECRET not in everything


def test_ctrl_c_stops_after_the_batch_and_says_what_is_done(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(a_csv(*({"name": f"c{n}", "gb_code": a_code(n)} for n in range(1, 30_000))))
    process = subprocess.Popen(
        [str(PROGRAM), "cameras", "import", str(file), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SHARP_EYES_DATA": str(tmp_path / "data")},
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=60)
    assert process.returncode == 130
    sums = json.loads(out.splitlines()[-1])
    assert sums["interrupted"] is True
    assert 0 < sums["created"] < 29_999
    assert f"interrupted after {sums['created']:,} rows, which stay taken" in told
    database = open_database(f"sqlite:///{tmp_path}/data/sharp-eyes.db")
    with database.read() as connection:
        assert cameras.count(connection) == sums["created"]
    database.close()


def test_an_address_in_place_of_a_file_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput, match="an address was given where a file is read") as refused:
        import_file(Path(f"rtsp://ann:{SECRET}@10.0.0.1/"))
    assert SECRET not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    ("name", "department", "words"),
    [("missing.csv", None, "missing.csv cannot be read"), ("a.csv", "nobody", "there is no department 'nobody'")],
)
def test_a_file_that_cannot_be_taken_is_told(data: Path, name: str, department: str | None, words: str) -> None:
    (data.parent / "a.csv").write_bytes(a_csv({"name": "a"}))
    with pytest.raises(BadInput, match=words):
        import_cameras(
            Settings(data=data),
            data.parent / name,
            dry_run=True,
            department=department,
            report=None,
            note=lambda *_: None,
            stop=Flag(),
        )


def test_an_export_needs_a_format(data: Path) -> None:
    with pytest.raises(BadInput, match="says no format"):
        export_cameras(Settings(data=data), data / "cameras.txt", q=None, department=None, region=None)


def test_a_stream_is_looked_at_and_its_picture_masked(data: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.jpg"
    right = Polygon((Point(0.5, 0), Point(1, 0), Point(1, 1), Point(0.5, 1)))
    with closing(prepare(Settings(data=data))) as database, database.write() as connection:
        known = cameras.add(connection, name="with a privacy area")
        streams.add(connection, known.id, url=f"file://{bikes()}")
        privacy_areas.add(connection, known.id, name="houses", polygon=right, at=SystemClock().now())
    done = run(
        data,
        "probe",
        f"file://{bikes()}",
        "--json",
        "--picture",
        str(picture),
        SHARP_EYES_STREAMS__FILES=str(bikes().parent),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["state"], found["encoding"]["codec"], found["no_picture"]) == ("live", "h264", None)
    shown = cv2.imdecode(np.frombuffer(picture.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    half = shown.shape[1] // 2
    assert shown[:, half + 16 :].max() <= 12
    assert shown[:, : half - 16].max() > 100


def test_a_stream_that_is_not_there_is_diagnosed(tmp_path: Path) -> None:
    address, login = check_address(f"rtsp://ann:{SECRET}@127.0.0.1:{free_port()}/x")
    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, address)
    found = look(ProbeOrder(stream=stream, login=login, attention=Attention()), Settings(data=tmp_path))
    assert (found.state, found.hint) == (
        StreamState.REFUSED,
        "check the port, and whether RTSP is switched on at the camera",
    )
    assert SECRET not in found.model_dump_json()
