"""What workers and lists ask of the registry: snapshots, logins, epochs, states, quarantine, pages."""

import pytest
from sqlalchemy import select

from core.box import Point
from core.camera import Camera, Login, Stream, StreamId, StreamRole
from core.errors import BadInput, Conflict, NotFound
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus
from core.zone import Polygon
from registry import (
    cameras,
    epochs,
    quarantine,
    rules,
    stream_secrets,
    stream_states,
    streams,
    version,
    workers,
    zones,
)
from registry.catalogue.filter import CameraFilter
from registry.catalogue.search import BEFORE_ALL
from registry.catalogue.summary import summary
from registry.db import Database
from registry.key_ring import ring_of
from registry.listing import get_listed, list_cameras
from registry.sealing_key import SealingKey
from registry.snapshot import snapshot
from registry.stream_states import SeenStatus
from registry.tables import camera_crash, camera_epoch, stream_secret
from registry.workers import WorkerId
from tests.support.builders import START, after
from tests.support.happenings import add_cameras

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
KEY = ring_of(SealingKey(bytes(range(32))))
LOGIN = Login("admin", "pa:ss@词", ("a token", "another"))


@pytest.fixture
def stream(database: Database) -> Stream:
    with database.write() as connection:
        camera = cameras.add(connection, name="gate")
        return streams.add(connection, camera.id, url="rtsp://10.0.0.1/a")


def a_status(stream: Stream, state: StreamState = StreamState.LIVE, reason: str = "") -> StreamStatus:
    return StreamStatus(stream.camera, stream.id, state, START, reason)


class TestSnapshot:
    def test_it_has_what_a_worker_needs_of_the_enabled_cameras(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            streams.add(connection, stream.camera, url="rtsp://10.0.0.1/b", role=StreamRole.LIVE)
            stream_secrets.put(connection, KEY, stream, LOGIN)
            zone = zones.add(connection, stream.camera, name="yard", polygon=TRIANGLE)
            first = rules.add(connection, stream.camera, name="people", labels=["person"], zone=zone.id)
            second = rules.add(connection, stream.camera, name="cars", labels=["car"])
            rules.add(connection, stream.camera, name="off", labels=["dog"], enabled=False)
        with database.read() as connection:
            found = snapshot(connection)
            assert found.version == version.current(connection)
            assert [one.camera for one in found.cameras] == [cameras.get(connection, stream.camera)]
        watched = found.cameras[0]
        assert (watched.stream, watched.rules, watched.quarantine) == (stream, (first, second), None)
        assert watched.sealed_login is not None
        assert stream_secrets.unseal(KEY, stream.camera, watched.sealed_login) == LOGIN

    def test_cameras_that_nobody_can_or_shall_watch_are_left_out(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            without_stream = cameras.add(connection, name="without stream")
            live_only = cameras.add(connection, name="live only")
            streams.add(connection, live_only.id, url="rtsp://h/", role=StreamRole.LIVE)
            disabled = cameras.add(connection, name="disabled", enabled=False)
            streams.add(connection, disabled.id, url="rtsp://h/")
            rules.add(connection, disabled.id, name="people", labels=["person"])
            removed = cameras.add(connection, name="removed")
            streams.add(connection, removed.id, url="rtsp://h/")
            cameras.remove(connection, removed.id, START)
        with database.read() as connection:
            found = {one.camera.id for one in snapshot(connection).cameras}
        assert found == {stream.camera}
        assert without_stream.id not in found

    def test_a_camera_in_quarantine_says_why(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            for _ in range(quarantine.MOST_CRASHES):
                quarantine.note_crash(connection, [stream.camera], reason="the worker died", at=START)
        with database.read() as connection:
            assert snapshot(connection).cameras[0].quarantine == "the worker died"


class TestSecrets:
    def test_a_login_comes_back_with_the_key_alone(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            stream_secrets.put(connection, KEY, stream, LOGIN)
        with database.read() as connection:
            assert stream_secrets.get(connection, KEY, stream) == LOGIN
            assert stream_secrets.with_login(connection, [stream.id, StreamId(99)]) == {stream.id}
            with pytest.raises(BadInput, match="cannot be opened with this sealing key") as caught:
                stream_secrets.get(connection, ring_of(SealingKey(bytes(32))), stream)
        assert LOGIN.password not in str(caught.value)

    def test_it_is_not_readable_in_the_database(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            stream_secrets.put(connection, KEY, stream, LOGIN)
            sealed = connection.scalars(select(stream_secret.c.sealed)).one()
        assert b"admin" not in sealed
        assert LOGIN.password.encode() not in sealed

    def test_it_opens_for_its_own_camera_only(self) -> None:
        sealed = stream_secrets.seal(KEY.current, CameraId(1), LOGIN)
        with pytest.raises(BadInput, match="camera 2"):
            stream_secrets.unseal(KEY, CameraId(2), sealed)

    @pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" + bytes(40)])
    def test_bytes_that_are_no_login_are_refused(self, broken: bytes) -> None:
        with pytest.raises(BadInput):
            stream_secrets.unseal(KEY, CameraId(1), broken)

    def test_a_new_login_replaces_the_old_one_and_none_forgets_it(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            stream_secrets.put(connection, KEY, stream, LOGIN)
            stream_secrets.put(connection, KEY, stream, Login("b", "c"))
            assert stream_secrets.get(connection, KEY, stream) == Login("b", "c")
            before = version.current(connection)
            stream_secrets.put(connection, KEY, stream, None)
            assert stream_secrets.get(connection, KEY, stream) is None
            assert version.current(connection) > before

    def test_it_goes_with_its_stream(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            stream_secrets.put(connection, KEY, stream, LOGIN)
            streams.remove(connection, stream.id)
            assert connection.execute(select(stream_secret)).all() == []


class TestWorkers:
    def test_a_worker_says_where_it_answers_and_that_it_lives(self, database: Database) -> None:
        with database.write() as connection:
            assert workers.newest(connection) is None
            worker = workers.register(connection, pid=42, at=START, port=5001, token="secret token")
            workers.beat(connection, worker.id, after(3))
            found = workers.newest(connection)
        assert found is not None
        assert (found.pid, found.started_at, found.heartbeat_at) == (42, START, after(3))
        assert (found.port, found.token) == (5001, "secret token")
        assert "secret" not in repr(found)

    def test_the_newest_is_the_one_that_registered_last(self, database: Database) -> None:
        with database.write() as connection:
            first = workers.register(connection, pid=1, at=after(9), port=5001, token="secret")
            second = workers.register(connection, pid=2, at=after(1), port=5002, token="secret")
            assert [one.id for one in workers.list_workers(connection)] == [first.id, second.id]
            found = workers.newest(connection)
            assert found is not None
            assert found.id == second.id
            workers.remove(connection, second.id)
            assert workers.register(connection, pid=3, at=START, port=5003, token="secret").id > second.id

    def test_a_forgotten_worker_cannot_beat(self, database: Database) -> None:
        with database.write() as connection, pytest.raises(NotFound, match="no worker 5"):
            workers.beat(connection, WorkerId(5), START)


class TestEpochs:
    def test_each_take_begins_the_next_epoch_and_ends_the_one_before(self, database: Database) -> None:
        with database.write() as connection:
            first, second = add_cameras(connection, 2)
            assert epochs.take(connection, WorkerId(1), [first], START) == {first: 1}
            assert epochs.take(connection, WorkerId(2), [first, second], after(5)) == {first: 2, second: 1}
            rows = connection.execute(select(camera_epoch).order_by(camera_epoch.c.camera, camera_epoch.c.epoch)).all()
        assert [tuple(row) for row in rows] == [
            (first, 1, 1, START, after(5)),
            (first, 2, 2, after(5), None),
            (second, 1, 2, after(5), None),
        ]

    def test_an_end_counts_once(self, database: Database) -> None:
        with database.write() as connection:
            camera = add_cameras(connection, 1)[0]
            epochs.take(connection, WorkerId(1), [camera], START)
            epochs.end(connection, [camera], after(5))
            epochs.end(connection, [camera], after(9))
            assert connection.scalars(select(camera_epoch.c.until_at)).all() == [after(5)]

    def test_a_camera_that_is_not_there_cannot_be_taken(self, database: Database) -> None:
        with database.write() as connection, pytest.raises(Conflict):
            epochs.take(connection, WorkerId(1), [CameraId(9)], START)


class TestStreamStates:
    def test_a_status_comes_back_as_it_was_said(self, database: Database, stream: Stream) -> None:
        status = StreamStatus(
            camera=stream.camera,
            stream=stream.id,
            state=StreamState.STALLED,
            since=after(1),
            reason="nothing came for 3 s",
            counters=StreamCounters(1, 2, 3, 4, 5, 6, {"late": 7}),
            codec="h264",
            width=640,
            height=360,
            fps=24.97,
            next_try_at=after(9),
        )
        with database.write() as connection:
            stream_states.put(connection, WorkerId(1), [status], after(2))
        with database.read() as connection:
            assert stream_states.of_cameras(connection, [stream.camera]) == {
                stream.camera: SeenStatus(status, after(2))
            }
            assert stream_states.list_states(connection).items == (SeenStatus(status, after(2)),)

    def test_a_newer_status_replaces_the_older_one(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            stream_states.put(connection, WorkerId(1), [a_status(stream, StreamState.CONNECTING)], START)
            stream_states.put(
                connection, WorkerId(1), [a_status(stream), a_status(stream, StreamState.STALLED)], after(1)
            )
            assert summary(connection).by_state == {StreamState.STALLED: 1}

    def test_a_status_of_a_stream_that_was_removed_is_left_out(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            streams.remove(connection, stream.id)
            stream_states.put(connection, WorkerId(1), [a_status(stream)], START)
            assert stream_states.list_states(connection).items == ()

    def test_a_camera_is_as_its_detect_stream_is(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            live = streams.add(connection, stream.camera, url="rtsp://h/", role=StreamRole.LIVE)
            stream_states.put(connection, WorkerId(1), [a_status(stream), a_status(live, StreamState.REFUSED)], START)
            found = stream_states.of_cameras(connection, [stream.camera])[stream.camera]
            assert found.status.stream == stream.id

    def test_lists_have_pages_and_a_filter(self, database: Database) -> None:
        with database.write() as connection:
            for number in add_cameras(connection, 5):
                one = streams.add(connection, number, url="rtsp://h/")
                state = StreamState.LIVE if number % 2 else StreamState.REFUSED
                stream_states.put(connection, WorkerId(1), [a_status(one, state)], START)
        with database.read() as connection:
            first = stream_states.list_states(connection, state=StreamState.LIVE, limit=2)
            last = stream_states.list_states(connection, state=StreamState.LIVE, limit=2, cursor=first.next)
        assert [one.status.camera for one in (*first.items, *last.items)] == [1, 3, 5]
        assert last.next is None


class TestQuarantine:
    def test_the_third_crash_puts_a_camera_into_quarantine(self, database: Database) -> None:
        with database.write() as connection:
            first, second = add_cameras(connection, 2)
            before = version.current(connection)
            assert quarantine.note_crash(connection, [first, second], reason="1", at=after(1)) == []
            assert quarantine.note_crash(connection, [first], reason="2", at=after(2)) == []
            assert version.current(connection) == before
            assert quarantine.note_crash(connection, [first], reason="3", at=after(3)) == [first]
            assert version.current(connection) > before
            assert quarantine.note_crash(connection, [first], reason="4", at=after(4)) == []
            rows = connection.execute(select(camera_crash).where(camera_crash.c.quarantined_at.is_not(None))).all()
            assert rows == [(first, 4, after(4), "4", after(3))]

    def test_a_released_camera_begins_anew(self, database: Database) -> None:
        with database.write() as connection:
            camera = add_cameras(connection, 1)[0]
            for _ in range(3):
                quarantine.note_crash(connection, [camera], reason="x", at=START)
            quarantine.release(connection, camera)
            assert connection.execute(select(camera_crash)).all() == []
            assert quarantine.note_crash(connection, [camera], reason="x", at=START) == []
            quarantine.release(connection, camera)
            with pytest.raises(NotFound):
                quarantine.release(connection, camera)

    def test_a_camera_that_was_removed_meanwhile_is_left_out(self, database: Database) -> None:
        with database.write() as connection:
            camera = add_cameras(connection, 1)[0]
            cameras.remove(connection, camera, START)
            assert quarantine.note_crash(connection, [camera, CameraId(99)], reason="x", at=START) == []


class TestListing:
    @pytest.fixture
    def named(self, database: Database) -> list[Camera]:
        names = ["北门 1号", "North Gate", "100% sure", "under_score", "underXscore", "南门 2号"]
        with database.write() as connection:
            return [cameras.add(connection, name=name) for name in names]

    def found(self, database: Database, q: str) -> list[str]:
        with database.read() as connection:
            return [item.camera.name for item in list_cameras(connection, CameraFilter(q=q)).items]

    def test_a_part_of_the_name_is_enough_in_any_script_and_case(self, database: Database, named: list[Camera]) -> None:
        assert self.found(database, "门") == ["北门 1号", "南门 2号"]
        assert self.found(database, "gate") == ["North Gate"]
        assert self.found(database, "nothing like it") == []

    def test_what_means_any_to_the_database_means_itself(self, database: Database, named: list[Camera]) -> None:
        assert self.found(database, "%") == ["100% sure"]
        assert self.found(database, "r_s") == ["under_score"]

    def test_pages_go_by_number_and_the_last_one_says_so(self, database: Database, named: list[Camera]) -> None:
        seen: list[Camera] = []
        cursor: CameraId | None = BEFORE_ALL
        with database.read() as connection:
            for expected in (4, 2):
                assert cursor is not None
                page = list_cameras(connection, cursor=cursor, limit=4)
                assert len(page.items) == expected
                seen += [item.camera for item in page.items]
                cursor = page.next
        assert seen == named
        assert cursor is None

    def test_a_page_that_holds_just_the_rest_is_the_last(self, database: Database, named: list[Camera]) -> None:
        with database.read() as connection:
            assert list_cameras(connection, limit=len(named)).next is None

    def test_an_item_has_department_streams_logins_and_state(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            live = streams.add(connection, stream.camera, url="rtsp://h/", role=StreamRole.LIVE)
            stream_secrets.put(connection, KEY, live, LOGIN)
            stream_states.put(connection, WorkerId(1), [a_status(stream)], after(1))
        with database.read() as connection:
            item = list_cameras(connection).items[0]
            assert get_listed(connection, stream.camera) == item
        assert (item.department_name, item.streams) == ("City", (stream, live))
        assert item.with_login == {live.id}
        assert item.status == SeenStatus(a_status(stream), after(1))

    def test_the_state_is_that_of_the_detect_stream(self, database: Database, stream: Stream) -> None:
        with database.write() as connection:
            live = streams.add(connection, stream.camera, url="rtsp://h/", role=StreamRole.LIVE)
            stream_states.put(connection, WorkerId(1), [a_status(stream), a_status(live, StreamState.REFUSED)], START)
        with database.read() as connection:
            assert len(list_cameras(connection, CameraFilter(states=frozenset({StreamState.LIVE}))).items) == 1
            assert list_cameras(connection, CameraFilter(states=frozenset({StreamState.REFUSED}))).items == ()

    def test_removed_cameras_are_not_listed(self, database: Database, named: list[Camera]) -> None:
        with database.write() as connection:
            cameras.remove(connection, named[0].id, START)
        with database.read() as connection:
            assert len(list_cameras(connection).items) == len(named) - 1
            with pytest.raises(NotFound):
                get_listed(connection, named[0].id)
