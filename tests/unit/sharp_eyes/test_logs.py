"""What stands in the log: no secret, however it got there, and no local variable."""

import json
import os
import pty
import subprocess
import sys
from typing import Any

SECRET = "hunter2"
PROGRAM = """
import logging, threading, warnings, structlog
from sharp_eyes.logs import configure_logging

configure_logging()
log = logging.getLogger("part")

def open_stream():
    password = "only a variable, " + "hun" + "ter2"
    raise OSError("cannot open rtsp://ann:" + "hun" + "ter2@camera/1?token=" + "hun" + "ter2")

def die():
    open_stream()

try:
    open_stream()
except OSError as error:
    log.exception("it failed")
    log.error("it failed: %s", error)
    structlog.get_logger("other").error("it failed", cause=error, of=["http://a:" + "hun" + "ter2@b"], exc_info=True)
warnings.warn("http://a:" + "hun" + "ter2@b", stacklevel=1)
thread = threading.Thread(target=die, name="reader-17")
thread.start()
thread.join()
"""


def run_in_pipe() -> str:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout + done.stderr


def run_on_terminal() -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        told = b""
        try:
            while part := os.read(ours, 65536):
                told += part
        except OSError:
            pass  # how the end of a terminal is told
        os.close(ours)
    assert process.returncode == 0
    return told.decode()


def test_no_secret_and_no_local_variable_stands_in_the_log() -> None:
    records: list[dict[str, Any]] = [json.loads(line) for line in run_in_pipe().splitlines()]
    assert SECRET not in json.dumps(records)
    assert [record["event"].split(":")[0] for record in records[:4]] == ["it failed"] * 3 + ["<string>"]
    assert "cannot open rtsp://***@camera/1?token=***" in records[0]["exception"]
    assert "rtsp://***@camera" in records[2]["cause"]


def test_a_thread_that_dies_is_told_with_its_name_and_without_its_secrets() -> None:
    death = json.loads(run_in_pipe().splitlines()[-1])
    assert (death["level"], death["event"]) == ("critical", "thread reader-17 died")
    assert "cannot open rtsp://***@camera" in death["exception"]


def test_a_terminal_is_told_no_more() -> None:
    told = run_on_terminal()
    assert "cannot open rtsp://***@camera" in told
    assert "reader-17 died" in told
    assert SECRET not in told
    assert "only a variable" not in told
