"""Children are kept running, and none outlives its supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from core.clock import SystemClock
from sharp_eyes.supervisor import Child, Supervisor
from tests.support.waiting import wait_for

APPEND_PID = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); "


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def supervise(*children: Child, stop_s: float = 15) -> tuple[Thread, Flag]:
    stop = Flag()
    thread = Thread(target=Supervisor(children, SystemClock(), stop_s=stop_s).run, args=(stop,))
    thread.start()
    return thread, stop


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    seen = tmp_path / "pids"
    child = Child("sleeper", [sys.executable, "-c", APPEND_PID + "time.sleep(60)", str(seen)])
    thread, stop = supervise(child)
    try:
        wait_for(lambda: len(pids(seen)) == 1, "one began")
        os.kill(pids(seen)[0], signal.SIGKILL)
        wait_for(lambda: len(pids(seen)) == 2, "two began")
    finally:
        stop.set()
        thread.join()
    assert child.process is None


def test_a_crash_is_told_and_a_plain_kill_is_not(tmp_path: Path) -> None:
    told: list[signal.Signals] = []
    seen = tmp_path / "pids"
    child = Child("crasher", [sys.executable, "-c", APPEND_PID + "time.sleep(60)", str(seen)], told.append)
    thread, stop = supervise(child)
    try:
        wait_for(lambda: len(pids(seen)) == 1, "one began")
        os.kill(pids(seen)[0], signal.SIGKILL)
        wait_for(lambda: len(pids(seen)) == 2, "two began")
        assert told == []
        os.kill(pids(seen)[1], signal.SIGSEGV)
        wait_for(lambda: told == [signal.SIGSEGV], "the crash is told")
    finally:
        stop.set()
        thread.join()


def test_a_child_ended_by_a_signal_without_a_name_is_started_again(tmp_path: Path) -> None:
    seen = tmp_path / "pids"
    child = Child("sleeper", [sys.executable, "-c", APPEND_PID + "time.sleep(60)", str(seen)])
    thread, stop = supervise(child)
    try:
        wait_for(lambda: len(pids(seen)) == 1, "one began")
        os.kill(pids(seen)[0], signal.SIGRTMIN + 3)
        wait_for(lambda: len(pids(seen)) == 2, "two began")
    finally:
        stop.set()
        thread.join()


def test_a_child_that_cannot_be_started_does_not_keep_the_other_from_running(tmp_path: Path) -> None:
    seen = tmp_path / "pids"
    missing = Child("missing", [str(tmp_path / "no-such-program")])
    child = Child("sleeper", [sys.executable, "-c", APPEND_PID + "time.sleep(60)", str(seen)])
    thread, stop = supervise(missing, child)
    try:
        wait_for(lambda: len(pids(seen)) == 1, "the other began")
        wait_for(lambda: missing.backoff_s >= 4, "it is tried again and again")
        assert thread.is_alive()
    finally:
        stop.set()
        thread.join()


def test_a_child_that_fails_at_once_is_started_more_and_more_seldom(tmp_path: Path) -> None:
    seen = tmp_path / "pids"
    child = Child("failing", [sys.executable, "-c", APPEND_PID + "sys.exit(1)", str(seen)])
    thread, stop = supervise(child)
    try:
        wait_for(lambda: len(pids(seen)) == 2, "it was started again")
        second = time.monotonic()
        wait_for(lambda: len(pids(seen)) == 3, "and again")
        assert time.monotonic() - second > 1.8
    finally:
        stop.set()
        thread.join()


def test_a_child_that_does_not_stop_is_killed_in_the_end(tmp_path: Path) -> None:
    seen = tmp_path / "pids"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + APPEND_PID + "time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", deaf, str(seen)])
    thread, stop = supervise(child, stop_s=0.5)
    wait_for(lambda: len(pids(seen)) == 1, "it began")
    stop.set()
    thread.join(10)
    assert not Path(f"/proc/{pids(seen)[0]}").exists()


CHILD = """
import os, sys, time
from sharp_eyes.supervisor import stop_with_supervisor
open(sys.argv[1], 'a').write(f'{os.getpid()}')
stop_with_supervisor(lambda: os._exit(0))
time.sleep(60)
"""
SUPERVISOR = """
import sys, threading
from core.clock import SystemClock
from sharp_eyes.supervisor import Child, Supervisor
Supervisor([Child('child', [sys.executable, '-c', *sys.argv[1:]])], SystemClock()).run(threading.Event())
"""


def test_a_child_stops_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    seen = tmp_path / "pids"
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR, CHILD, str(seen)])
    wait_for(lambda: len(pids(seen)) == 1, "one began")
    process.kill()
    process.wait()
    wait_for(lambda: not Path(f"/proc/{pids(seen)[0]}").exists(), "the child is gone")
