"""The registry keeps cameras, streams, zones, rules and departments, and says clearly what cannot be."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from core.box import Point
from core.camera import Camera, DepartmentId, StreamId, StreamRole
from core.errors import BadInput, Conflict, NotFound
from core.ids import LAST_CAMERA, CameraId
from core.rule import RuleId, Severity
from core.zone import Polygon, ZoneId
from registry import cameras, departments, rules, streams, version, zones
from registry.db import Database
from registry.tables import camera_counter, stream_state
from tests.support.builders import START, after

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
SQUARE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1), Point(0, 1)))


@pytest.fixture
def camera(database: Database) -> Camera:
    with database.write() as connection:
        return cameras.add(connection, name="北门 North gate")


class TestCameras:
    def test_a_camera_is_found_as_it_was_added(self, database: Database, camera: Camera) -> None:
        with database.read() as connection:
            assert cameras.get(connection, camera.id) == camera
            assert cameras.count(connection) == 1
        assert camera == Camera(CameraId(1), "北门 North gate", departments.DEFAULT, enabled=True)

    def test_a_change_gives_it_another_name_department_and_state(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            water = departments.add(connection, name="水务局", kind=departments.Sector.WATER)
            changed = replace(camera, name="South gate", department=water.id, enabled=False)
            assert cameras.change(connection, changed, START) == changed
            assert cameras.get(connection, camera.id) == changed

    def test_a_number_is_never_given_out_twice(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            cameras.remove(connection, camera.id, START)
            assert cameras.add(connection, name=camera.name).id == camera.id + 1

    def test_there_is_no_camera_after_the_last_number(self, database: Database) -> None:
        with database.write() as connection:
            connection.execute(camera_counter.update().values(last=LAST_CAMERA - 1))
        with database.write() as connection:
            assert cameras.add(connection, name="the last one").id == LAST_CAMERA
        with database.write() as connection, pytest.raises(Conflict, match="all 4194303"):
            cameras.add(connection, name="one more")

    def test_a_removed_camera_is_gone_with_all_that_was_on_it(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            stream = streams.add(connection, camera.id, url="rtsp://10.0.0.1/a")
            zone = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
            rule = rules.add(connection, camera.id, name="people", labels=["person"], zone=zone.id)
            cameras.remove(connection, camera.id, START)
        with database.read() as connection:
            for ask in (
                lambda: cameras.get(connection, camera.id),
                lambda: streams.get(connection, stream.id),
                lambda: zones.get(connection, zone.id),
                lambda: rules.get(connection, rule.id),
                lambda: streams.of_camera(connection, camera.id),
            ):
                with pytest.raises(NotFound):
                    ask()
            assert cameras.count(connection) == 0
            assert connection.execute(select(stream_state)).all() == []

    def test_a_department_gives_a_name_once(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            with pytest.raises(Conflict, match="北门 North gate"):
                cameras.add(connection, name=" 北门 North gate ")
            # The transaction goes on, and another department may use the name.
            other = departments.add(connection, name="Other")
            assert cameras.add(connection, name=camera.name, department=other.id).department == other.id
            with pytest.raises(Conflict):
                cameras.change(connection, replace(camera, department=other.id), START)

    def test_a_camera_needs_a_department_that_exists(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            with pytest.raises(NotFound, match="no department 77"):
                cameras.add(connection, name="lost", department=DepartmentId(77))
            with pytest.raises(NotFound, match="no department 77"):
                cameras.change(connection, replace(camera, department=DepartmentId(77)), START)


class TestStreams:
    def test_a_stream_is_found_as_it_was_added(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            added = streams.add(
                connection, camera.id, url="rtsps://h:322/x", role=StreamRole.LIVE, pinned_certificate="ab" * 32
            )
        with database.read() as connection:
            assert streams.get(connection, added.id) == added
            assert streams.of_camera(connection, camera.id) == [added]

    def test_a_camera_has_one_stream_of_each_role(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            streams.add(connection, camera.id, url="rtsp://h/1")
            live = streams.add(connection, camera.id, url="rtsp://h/2", role=StreamRole.LIVE)
            with pytest.raises(Conflict, match="detect"):
                streams.add(connection, camera.id, url="rtsp://h/3")
            with pytest.raises(Conflict, match="detect"):
                streams.change(connection, replace(live, role=StreamRole.DETECT))

    def test_a_change_stays_with_the_camera(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            added = streams.add(connection, camera.id, url="rtsp://h/1", pinned_certificate="cd" * 32)
            changed = replace(added, url="rtsp://h/2", role=StreamRole.RECORD, pinned_certificate=None)
            assert streams.change(connection, replace(changed, camera=CameraId(5))) == changed

    @pytest.mark.parametrize("url", ["rtsp://admin:secret@h/1", "rtsp://admin@h/1", "rtsp://" + "h" * 2048])
    def test_a_url_with_a_login_or_without_end_is_refused(self, database: Database, camera: Camera, url: str) -> None:
        with database.write() as connection, pytest.raises(BadInput) as caught:
            streams.add(connection, camera.id, url=url)
        assert "secret" not in caught.value.message

    def test_an_at_sign_in_the_path_is_no_login(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            assert streams.add(connection, camera.id, url="rtsp://h/a@b").url == "rtsp://h/a@b"


class TestZones:
    def test_a_zone_is_found_as_it_was_added(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            added = zones.add(connection, camera.id, name="Hof", polygon=TRIANGLE)
        with database.read() as connection:
            assert zones.get(connection, added.id) == added
            assert zones.of_camera(connection, camera.id) == [added]

    def test_a_change_gives_another_name_and_polygon(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            added = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
            changed = replace(added, name="court", polygon=SQUARE)
            assert zones.change(connection, changed) == changed

    def test_names_of_zones_are_taken_once_a_camera_and_free_after_removal(
        self, database: Database, camera: Camera
    ) -> None:
        with database.write() as connection:
            other = cameras.add(connection, name="other")
            first = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
            zones.add(connection, other.id, name="yard", polygon=TRIANGLE)
            with pytest.raises(Conflict, match="yard"):
                zones.add(connection, camera.id, name="yard", polygon=SQUARE)
            zones.remove(connection, first.id, START)
            assert zones.add(connection, camera.id, name="yard", polygon=SQUARE).id != first.id

    def test_a_zone_that_a_rule_looks_at_is_not_removed(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            zone = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
            rule = rules.add(connection, camera.id, name="people", labels=["person"], zone=zone.id)
            with pytest.raises(Conflict, match="people"):
                zones.remove(connection, zone.id, START)
            rules.remove(connection, rule.id)
            zones.remove(connection, zone.id, START)
            with pytest.raises(NotFound):
                zones.get(connection, zone.id)


class TestRules:
    def test_a_rule_is_found_as_it_was_added(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            zone = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
            added = rules.add(
                connection,
                camera.id,
                name="占道停车",
                labels=["truck", "car"],
                zone=zone.id,
                min_duration=timedelta(seconds=2.5),
                min_score=0.55,
                severity=Severity.HIGH,
                enabled=False,
            )
        assert (added.labels, added.zone, added.min_duration) == (
            frozenset({"car", "truck"}),
            zone,
            timedelta(seconds=2.5),
        )
        assert (added.min_score, added.severity, added.enabled) == (0.55, Severity.HIGH, False)
        with database.read() as connection:
            assert rules.get(connection, added.id) == added
            assert rules.of_camera(connection, camera.id) == [added]

    def test_a_change_replaces_what_the_rule_says(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            zone = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
            added = rules.add(connection, camera.id, name="people", labels=["person"], zone=zone.id)
            changed = replace(added, name="dogs", labels=frozenset({"dog"}), zone=None, enabled=False)
            assert rules.change(connection, changed) == changed

    def test_a_rule_looks_at_zones_of_its_own_camera_only(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            other = cameras.add(connection, name="other")
            theirs = zones.add(connection, other.id, name="yard", polygon=TRIANGLE)
            ours = rules.add(connection, camera.id, name="people", labels=["person"])
            with pytest.raises(BadInput, match="has no zone") as caught:
                rules.add(connection, camera.id, name="more", labels=["person"], zone=theirs.id)
            assert caught.value.field == "zone"
            with pytest.raises(BadInput, match="has no zone"):
                rules.change(connection, replace(ours, zone=theirs))

    def test_a_name_is_taken_once_a_camera(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            rules.add(connection, camera.id, name="people", labels=["person"])
            other = rules.add(connection, camera.id, name="cars", labels=["car"])
            with pytest.raises(Conflict, match="people"):
                rules.add(connection, camera.id, name="people", labels=["car"])
            with pytest.raises(Conflict, match="people"):
                rules.change(connection, replace(other, name="people"))

    @pytest.mark.parametrize("labels", [[], [""], ["per\u202eson"]])
    def test_labels_must_be_names(self, database: Database, camera: Camera, labels: Sequence[str]) -> None:
        with database.write() as connection, pytest.raises(BadInput) as caught:
            rules.add(connection, camera.id, name="people", labels=labels)
        assert caught.value.field == "labels"


MISSING: dict[str, Callable[[Connection], object]] = {
    "camera get": lambda c: cameras.get(c, CameraId(9)),
    "camera change": lambda c: cameras.change(c, Camera(CameraId(9), "x", departments.DEFAULT), START),
    "camera remove": lambda c: cameras.remove(c, CameraId(9), START),
    "stream add": lambda c: streams.add(c, CameraId(9), url="rtsp://h/"),
    "stream get": lambda c: streams.get(c, StreamId(9)),
    "stream remove": lambda c: streams.remove(c, StreamId(9)),
    "streams of": lambda c: streams.of_camera(c, CameraId(9)),
    "zone add": lambda c: zones.add(c, CameraId(9), name="x", polygon=TRIANGLE),
    "zone get": lambda c: zones.get(c, ZoneId(9)),
    "zone remove": lambda c: zones.remove(c, ZoneId(9), START),
    "zones of": lambda c: zones.of_camera(c, CameraId(9)),
    "rule add": lambda c: rules.add(c, CameraId(9), name="x", labels=["person"]),
    "rule get": lambda c: rules.get(c, RuleId(9)),
    "rule remove": lambda c: rules.remove(c, RuleId(9)),
    "rules of": lambda c: rules.of_camera(c, CameraId(9)),
    "department get": lambda c: departments.get(c, DepartmentId(9)),
}


@pytest.mark.parametrize("ask", MISSING.values(), ids=MISSING.keys())
def test_what_does_not_exist_is_not_found(database: Database, ask: Callable[[Connection], object]) -> None:
    with database.write() as connection, pytest.raises(NotFound, match="9"):
        ask(connection)


def test_departments_are_listed_with_their_kinds(database: Database) -> None:
    with database.write() as connection:
        added = departments.add(connection, name="水务局", kind=departments.Sector.WATER)
        with pytest.raises(Conflict, match="水务局"):
            departments.add(connection, name="水务局")
    with database.read() as connection:
        first, second = departments.list_departments(connection)
    assert (first.id, first.name, second) == (departments.DEFAULT, "City", added)


def test_each_change_raises_the_version(database: Database) -> None:
    seen = []

    def changed(connection: Connection) -> None:
        seen.append(version.current(connection))

    with database.write() as connection:
        changed(connection)
        departments.add(connection, name="Water")
        changed(connection)
        camera = cameras.add(connection, name="gate")
        changed(connection)
        cameras.change(connection, replace(camera, enabled=False), after(1))
        changed(connection)
        stream = streams.add(connection, camera.id, url="rtsp://h/")
        changed(connection)
        streams.change(connection, replace(stream, url="rtsp://i/"))
        changed(connection)
        streams.remove(connection, stream.id)
        changed(connection)
        zone = zones.add(connection, camera.id, name="yard", polygon=TRIANGLE)
        changed(connection)
        zones.change(connection, replace(zone, polygon=SQUARE))
        changed(connection)
        rule = rules.add(connection, camera.id, name="people", labels=["person"])
        changed(connection)
        rules.change(connection, replace(rule, enabled=False))
        changed(connection)
        rules.remove(connection, rule.id)
        changed(connection)
        zones.remove(connection, zone.id, START)
        changed(connection)
        cameras.remove(connection, camera.id, START)
        changed(connection)
    assert seen == sorted(set(seen))
