"""Lists of cameras show what the registry says now, though most of it is kept from before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from core.attention import Attention, Sensitivity
from core.camera import Login, StreamId
from core.camera_facts import CameraFacts
from core.ids import CameraId
from core.stream_state import StreamState, StreamStatus
from registry import attention, cameras, departments, stream_secrets, stream_states, streams
from registry.catalogue.filter import CameraFilter
from registry.db import Database
from registry.departments import DEFAULT
from registry.kept_cameras import KeptCameras
from registry.key_ring import ring_of
from registry.listing import ListedCamera, list_cameras
from registry.sealing_key import SealingKey
from registry.workers import WorkerId
from tests.support.builders import START, after
from tests.support.happenings import add_cameras

KEY = ring_of(SealingKey(bytes(range(32))))
FIRST, SECOND = CameraId(1), CameraId(2)
STREAM = StreamId(1)
Change = Callable[[Connection], object]


class GivenUp(Exception):
    """Ends a transaction."""


@pytest.fixture
def kept(database: Database) -> KeptCameras:
    """It has listed three cameras; the first has a stream."""
    with database.write() as connection:
        assert add_cameras(connection, 3)[:2] == [FIRST, SECOND]
        assert streams.add(connection, FIRST, url="rtsp://10.0.0.1/a").id == STREAM
    kept = KeptCameras()
    assert len(shown(database, kept)) == 3
    return kept


def shown(database: Database, kept: KeptCameras, asked: CameraFilter | None = None) -> tuple[ListedCamera, ...]:
    """What is listed, which is what is listed without anything kept."""
    with database.read() as connection:
        found = kept.list_cameras(connection, asked or CameraFilter())
        assert found == list_cameras(connection, asked or CameraFilter())
    return found.items


def _changed(connection: Connection, **fields: object) -> None:
    camera = cameras.get(connection, FIRST)
    cameras.change(connection, replace(camera, **fields), START)  # type: ignore[arg-type]  # any of its fields


CHANGES: dict[str, Change] = {
    "name": lambda connection: _changed(connection, name="another"),
    "switched off": lambda connection: _changed(connection, enabled=False),
    "facts": lambda connection: cameras.change(
        connection, cameras.get(connection, FIRST), START, facts=CameraFacts(address="Quay 3")
    ),
    "its department's name": lambda connection: departments.change(
        connection, replace(departments.get(connection, DEFAULT), name="Renamed")
    ),
    "stream": lambda connection: streams.change(
        connection, replace(streams.get(connection, STREAM), url="rtsp://10.0.0.2/b")
    ),
    "login": lambda connection: stream_secrets.put(
        connection, KEY, streams.get(connection, STREAM), Login("admin", "secret", ())
    ),
    "attention": lambda connection: attention.put(connection, FIRST, Attention(Sensitivity.HIGH)),
    "removed": lambda connection: cameras.remove(connection, FIRST, START),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_listed_at_once(database: Database, kept: KeptCameras, change: Change) -> None:
    before = shown(database, kept)
    with database.write() as connection:
        change(connection)
    after_it = shown(database, kept)
    assert after_it != before
    assert after_it[-2:] == before[-2:] or after_it[-1].department_name == "Renamed"


def test_how_a_camera_is_doing_is_listed_at_once(database: Database, kept: KeptCameras) -> None:
    with database.write() as connection:
        status = StreamStatus(FIRST, STREAM, StreamState.LIVE, START, "")
        stream_states.put(connection, WorkerId(1), [status], after(1))
    assert [one.status and one.status.status for one in shown(database, kept)] == [status, None, None]


def test_a_camera_that_is_back_is_listed_again(database: Database, kept: KeptCameras) -> None:
    with database.write() as connection:
        cameras.remove(connection, FIRST, START)
    assert [one.camera.id for one in shown(database, kept, CameraFilter(removed=True))] == [FIRST]
    with database.write() as connection:
        cameras.restore(connection, FIRST)
    assert len(shown(database, kept)) == 3
    assert shown(database, kept, CameraFilter(removed=True)) == ()


def test_what_a_change_sees_of_itself_is_not_kept(database: Database, kept: KeptCameras) -> None:
    try:
        with database.write() as connection:
            _changed(connection, name="never")
            assert kept.list_cameras(connection).items[0].camera.name == "never"
            raise GivenUp
    except GivenUp:
        pass
    with database.write() as connection:  # gives the same version to something else
        departments.add(connection, name="Aside")
    assert shown(database, kept)[0].camera.name != "never"


def test_what_was_read_before_a_change_is_not_kept_after_it(database: Database, kept: KeptCameras) -> None:
    with database.read() as before:
        assert len(kept.list_cameras(before).items) == 3
        with database.write() as connection:
            _changed(connection, name="another")
        assert shown(database, kept)[0].camera.name == "another"
        assert kept.list_cameras(before).items[0].camera.name != "another"
    assert shown(database, kept)[0].camera.name == "another"
