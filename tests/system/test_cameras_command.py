"""`sharp-eyes cameras`, as a user calls it."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

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

    dry = run(data, "import", str(file), "--dry-run")
    assert dry.returncode == 3
    assert "4 rows: 3 would be created, 0 would be changed, 0 unchanged, 1 refused" in dry.stdout
    assert "row 5: gb_code:" in dry.stderr
    assert "mean nothing here: 备注" in dry.stderr

    taken = run(data, "import", str(file), "--json", "--report", str(report))
    assert taken.returncode == 3
    lines = [json.loads(line) for line in taken.stdout.splitlines()]
    assert [line.get("verdict") for line in lines] == ["created", "created", "created", "refused", None]
    assert lines[-1]["created"] == 3
    told = report.read_text(encoding="utf-8-sig")
    assert "2,created,1,'=门1" in told

    exported = run(data, "export", str(out))
    assert (exported.returncode, exported.stdout) == (0, f"3 cameras in {out}\n")
    again = run(data, "import", str(out))
    assert (again.returncode, again.stdout) == (0, "3 rows: 0 created, 0 changed, 3 unchanged, 0 refused\n")
    everything = dry.stdout + dry.stderr + taken.stdout + taken.stderr + told + out.read_text()
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
    out_again = tmp_path / "out.csv"
    assert run(tmp_path / "data", "export", str(out_again)).stdout == f"{sums['created']:,} cameras in {out_again}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "/nowhere/a.csv"), "/nowhere/a.csv cannot be read"),
        (("import", f"rtsp://ann:{SECRET}@10.0.0.1/"), "an address was given where a file is read"),
        (("import", "{file}", "--department", "nobody"), "there is no department 'nobody'"),
        (("export", "cameras.txt"), "says no format"),
        (("probe", f"http://ann:{SECRET}@10.0.0.1/"), "http is no scheme of a stream"),
    ],
)
def test_what_cannot_be_done_is_said(data: Path, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(a_csv({"name": "a"}))
    done = run(data, *(one.format(file=file) for one in arguments))
    assert done.returncode == 2
    assert words in done.stderr
    assert SECRET not in done.stderr


def test_a_stream_is_looked_at_and_its_picture_masked(data: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.jpg"
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
    assert picture.read_bytes()[:2] == b"\xff\xd8"


def test_a_stream_that_is_not_there_is_diagnosed(data: Path) -> None:
    done = run(data, "probe", f"rtsp://ann:{SECRET}@127.0.0.1:{free_port()}/x")
    assert done.returncode == 1
    assert "refused" in done.stdout
    assert "check the port" in done.stdout
    assert SECRET not in done.stdout + done.stderr
