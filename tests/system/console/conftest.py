"""The operators' page in a real browser, over a real server and database: what its tests share."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import pytest
from playwright.sync_api import Browser

from api.page import BUILT_CONSOLE
from core.access import Role
from core.camera import StreamId
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus
from events.media.table import MediaKind
from registry import stream_states
from registry.access import people, sessions
from registry.access.people import Person
from registry.workers import WorkerId
from tests.support.browser import Visit, a_browser, a_visit
from tests.support.footage import make_clip, moving_square
from tests.system.api.conftest import EVENTS, SETTINGS, City, a_city, a_worker

from .searched_city import a_searched_city

SINCE = datetime(2026, 5, 1, 7, 0, tzinfo=UTC)
NO_FACES = "the face finder failed, so no picture was kept"
WRONG_PASSWORD = "camera-3.example refused the login (401): check user name and password"
PATIENT = SETTINGS.model_copy(update={"worker_silence_s": 300})
"""The tests' workers are heard from once, however long a busy machine takes for the rest."""
PLAYED = EVENTS - 1
"""The newest event of the city: it has a snapshot and a clip."""
FAILED = EVENTS - 2

Visiting = Callable[..., Visit]
"""`visiting(city)` opens a page as a city admin, `visiting(city, person)` as somebody, `visiting(city, None)` as a
stranger; `language`, `width` and `height` as `a_visit` takes them."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.fixture(scope="session")
def console() -> Path:
    if not (BUILT_CONSOLE / "index.html").is_file():
        told = "the console is not built: uv sync --reinstall-package sharp-eyes"
        if "CI" in os.environ:
            pytest.fail(told)
        pytest.skip(told)
    return BUILT_CONSOLE


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_clip(tmp_path_factory.mktemp("clip") / "clip.mp4").read_bytes()


def picture(number: int) -> bytes:
    return cv2.imencode(".jpg", moving_square(320, 180, number))[1].tobytes()


def say(city: City, camera: int, state: StreamState, reason: str, counters: StreamCounters | None = None) -> None:
    """Let the worker say how the camera's one stream is doing."""
    status = StreamStatus(CameraId(camera), StreamId(camera), state, SINCE, reason, counters or StreamCounters())
    with city.services.database.write() as connection:
        stream_states.put(connection, WorkerId(1), [status], city.services.clock.now())


def furnish(city: City, clip: bytes) -> None:
    """What a worker would have left: states of the streams, and media of the newest events."""
    say(city, 1, StreamState.LIVE, "pictures arrive", StreamCounters(looked_at=5000, dropped={"overtaken": 7}))
    say(city, 3, StreamState.UNAUTHORISED, WRONG_PASSWORD)
    city.keep(city.events[PLAYED], MediaKind.SNAPSHOT, picture(1))
    city.keep(city.events[PLAYED], MediaKind.ORIGINAL, clip)
    city.fail(city.events[FAILED], MediaKind.SNAPSHOT, NO_FACES)
    city.fail(city.events[FAILED], MediaKind.ORIGINAL, "the disk is full")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, console: Path, clip: bytes) -> Iterator[City]:
    """A city to look at, with a worker that has a picture of camera 1."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(console, folder / "console")
    with a_city(folder, PATIENT) as found, a_worker(found, {CameraId(1): picture(0)}):
        furnish(found, clip)
        yield found


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    """A city whose many events are searched, and stay as they are."""
    with a_searched_city(tmp_path_factory.mktemp("searched"), console, PATIENT) as found:
        yield found


@pytest.fixture
def own_city(tmp_path: Path, console: Path, clip: bytes) -> Iterator[City]:
    """A city to change, without a worker."""
    shutil.copytree(console, tmp_path / "console")
    with a_city(tmp_path, PATIENT) as found:
        furnish(found, clip)
        yield found


def a_city_admin(city: City) -> Person:
    """The city admin as whom pages are opened unless a test says otherwise."""
    login = "city.admin"
    with city.services.database.write() as connection:
        return people.find_by_login(connection, login) or people.add(
            connection,
            login=login,
            name="City Admin",
            role=Role.CITY_ADMIN,
            department=None,
            at=city.services.clock.now(),
        )


def session_of(city: City, person: Person) -> str:
    """Sign somebody in without a password: the token for the cookie."""
    with city.services.database.write() as connection:
        at, settings = city.services.clock.now(), city.services.access
        return sessions.begin(connection, person, at, address="127.0.0.1", agent="a test", settings=settings)[1]


_AN_ADMIN = object()


@pytest.fixture
def visiting(browser: Browser) -> Iterator[Visiting]:
    """Opens pages whose faults fail the test at its end."""
    with ExitStack() as stack:

        def visit(city: City, person: Person | object | None = _AN_ADMIN, **how: Any) -> Visit:
            found = a_city_admin(city) if person is _AN_ADMIN else person
            session = session_of(city, found) if isinstance(found, Person) else None
            return stack.enter_context(a_visit(browser, city.server.url, session=session, **how))

        yield visit
