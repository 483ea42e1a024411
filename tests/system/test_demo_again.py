"""The demo where it is not alone: a folder that another one uses or has used, a port that is taken, Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.program import PROGRAM, run_command
from tests.support.waiting import wait_for


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def demo(tmp_path: Path, taken_port: int) -> Iterator["subprocess.Popen[str]"]:
    """A demo with one camera, in a session of its own as a terminal gives it, until it is told to stop."""
    process = subprocess.Popen(
        [str(PROGRAM), "demo", "--data", str(tmp_path / "city"), "--cameras", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "SHARP_EYES_API__PORT": str(taken_port)},
    )
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def members(session: int) -> list[int]:
    """The processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name_and_rest = stat.read_text().rpartition(")")[2].split()
            if int(name_and_rest[3]) == session and name_and_rest[0] != "Z":
                found.append(int(stat.parent.name))
    return found


def test_a_demo_is_not_disturbed_by_another_and_ends_at_ctrl_c(
    demo: "subprocess.Popen[str]", tmp_path: Path, taken_port: int
) -> None:
    folder = tmp_path / "city"
    log = folder / "sharp-eyes.log"
    wait_for(lambda: log.exists() and "is ready" in log.read_text(), "its worker is ready", 60)

    second = run_command("demo", "--data", str(folder), "--seconds", "1", "--json")
    assert second.returncode == 1
    assert "another worker" in second.stderr

    os.killpg(demo.pid, signal.SIGINT)  # As the terminal does: to all of them.
    told, errors = demo.communicate(timeout=40)
    assert demo.returncode == 0, errors
    (line,) = told.splitlines()
    console = json.loads(line)["console"]
    assert console.startswith("http://127.0.0.1:")
    assert f":{taken_port}/" not in console
    assert "Traceback" not in errors + log.read_text()
    assert "token=" not in log.read_text()
    assert members(demo.pid) == []

    third = run_command("demo", "--data", str(folder), "--cameras", "1", "--seconds", "1", "--json")
    assert third.returncode == 0, third.stderr
    assert [camera["state"] for camera in json.loads(third.stdout)["cameras"]] == ["live"]
