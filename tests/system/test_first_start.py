"""The first start prints a link to become the first city admin, and no start does once there is somebody."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from core.access import Role
from core.clock import SystemClock
from registry.access import invitations
from registry.access.invitations import Invitation
from registry.db import open_database
from sharp_eyes.api_process import run_api
from sharp_eyes.preparation import prepare
from sharp_eyes.settings import Settings
from tests.support.people import a_person
from tests.support.ports import free_port
from tests.support.program import PROGRAM
from tests.support.waiting import wait_for

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/#/welcome\?token=(\S+)")


@contextmanager
def an_api(settings: Settings) -> Iterator[None]:
    """The API process's own work, in a thread."""
    stop = Flag()
    thread = Thread(target=run_api, args=(settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"data": tmp_path / "data", "api": {"port": 0}})


def look(settings: Settings, token: str) -> Invitation | None:
    database = open_database(settings.database_url)
    with database.read() as connection:
        found = invitations.look(connection, token, SystemClock().now())
    database.close()
    return found


def printed(settings: Settings, capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Port and token of the link that a start prints on standard output; nothing else prints the token."""
    told, logged = "", ""

    def found() -> re.Match[str] | None:
        nonlocal told, logged
        now = capfd.readouterr()
        told, logged = told + now.out, logged + now.err
        return LINK.search(told)

    with an_api(settings):
        port, token = wait_for(found, "a link").groups()
    found()
    assert told.count(token) == 1
    assert token not in logged
    return port, token


def test_each_start_prints_a_fresh_link_while_nobody_is_set_up(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    port, first = printed(settings, capfd)
    assert int(port) > 0
    found = look(settings, first)
    assert found is not None
    assert found.is_first
    _, second = printed(settings, capfd)
    assert look(settings, first) is None
    assert look(settings, second) is not None


def test_no_start_prints_one_once_there_is_somebody(
    settings: Settings, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    database = prepare(settings)
    with database.write() as connection:
        a_person(connection, role=Role.CITY_ADMIN, kept=None)
    database.close()
    with caplog.at_level("INFO"), an_api(settings):
        wait_for(lambda: "the console is at" in caplog.text, "the API serves")
    assert "welcome" not in capfd.readouterr().out


def test_the_whole_program_prints_it_on_standard_output(tmp_path: Path) -> None:
    port = free_port()
    environment = {"SHARP_EYES_DATA": str(tmp_path / "data"), "SHARP_EYES_API__PORT": str(port)}
    out, log = tmp_path / "out", tmp_path / "log"
    with out.open("wb") as told, log.open("wb") as logged:
        running = subprocess.Popen([PROGRAM, "run"], stdout=told, stderr=logged, env={**os.environ, **environment})
    try:
        found = wait_for(lambda: LINK.search(out.read_text()), "a link")
        assert int(found[1]) == port
    finally:
        running.terminate()
        running.wait(30)
    assert found[2] not in log.read_text()
