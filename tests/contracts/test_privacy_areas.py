"""The registry keeps privacy areas, and tells everybody who shows pictures of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.box import Point
from core.camera import Camera
from core.errors import BadInput, Conflict, NotFound
from core.ids import CameraId
from core.privacy import MOST_PRIVACY_AREAS
from core.zone import Polygon
from registry import cameras, privacy_areas, streams, version
from registry.db import Database
from registry.snapshot import snapshot
from registry.tables import privacy_area
from tests.support.builders import START

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
SQUARE = Polygon((Point(0.1, 0.1), Point(0.9, 0.1), Point(0.9, 0.9), Point(0.1, 0.9)))
LATER = START + timedelta(seconds=1)


@pytest.fixture
def camera(database: Database) -> Camera:
    with database.write() as connection:
        return cameras.add(connection, name="北门 North gate")


def test_an_area_is_found_as_it_was_added(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        added = privacy_areas.add(connection, camera.id, name=" 窗户 ", polygon=TRIANGLE, at=START)
    assert (added.name, added.polygon, added.camera) == ("窗户", TRIANGLE, camera.id)
    with database.read() as connection:
        assert privacy_areas.get(connection, added.id) == added
        assert privacy_areas.of_camera(connection, camera.id) == [added]
        assert privacy_areas.polygons_of(connection, camera.id) == (TRIANGLE,)


def test_a_change_gives_another_name_and_shape_and_stays_with_the_camera(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        added = privacy_areas.add(connection, camera.id, name="window", polygon=TRIANGLE, at=START)
        changed = replace(added, name="house", polygon=SQUARE)
        assert privacy_areas.change(connection, replace(changed, camera=CameraId(77)), LATER) == changed
        assert privacy_areas.get(connection, added.id) == changed
        assert connection.scalars(select(privacy_area.c.changed_at)).all() == [LATER]


def test_names_are_taken_once_a_camera_and_free_after_removal(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        other = cameras.add(connection, name="other")
        first = privacy_areas.add(connection, camera.id, name="window", polygon=TRIANGLE, at=START)
        privacy_areas.add(connection, other.id, name="window", polygon=TRIANGLE, at=START)
        second = privacy_areas.add(connection, camera.id, name="house", polygon=TRIANGLE, at=START)
        with pytest.raises(Conflict, match="window"):
            privacy_areas.add(connection, camera.id, name="window", polygon=SQUARE, at=START)
        with pytest.raises(Conflict, match="window"):
            privacy_areas.change(connection, replace(second, name="window"), LATER)
        privacy_areas.remove(connection, first.id, LATER)
        again = privacy_areas.add(connection, camera.id, name="window", polygon=SQUARE, at=START)
        assert again.id not in (first.id, second.id)


def test_a_removed_area_is_gone(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        area = privacy_areas.add(connection, camera.id, name="window", polygon=TRIANGLE, at=START)
        privacy_areas.remove(connection, area.id, LATER)
        with pytest.raises(NotFound, match=f"no privacy area {area.id}"):
            privacy_areas.get(connection, area.id)
        with pytest.raises(NotFound, match=f"no privacy area {area.id}"):
            privacy_areas.remove(connection, area.id, LATER)
        assert privacy_areas.of_camera(connection, camera.id) == []
        assert privacy_areas.polygons_of(connection, camera.id) == ()


def test_a_camera_has_a_bounded_number_of_them(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        for number in range(MOST_PRIVACY_AREAS):
            last = privacy_areas.add(connection, camera.id, name=f"window {number}", polygon=TRIANGLE, at=START)
        with pytest.raises(Conflict, match=f"has {MOST_PRIVACY_AREAS} privacy areas"):
            privacy_areas.add(connection, camera.id, name="one more", polygon=TRIANGLE, at=START)
        privacy_areas.remove(connection, last.id, LATER)
        privacy_areas.add(connection, camera.id, name="one more", polygon=TRIANGLE, at=START)


def test_a_bad_name_is_refused(database: Database, camera: Camera) -> None:
    with database.write() as connection, pytest.raises(BadInput, match="a privacy area"):
        privacy_areas.add(connection, camera.id, name=" ", polygon=TRIANGLE, at=START)


def test_what_a_removed_camera_saw_stays_black(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        area = privacy_areas.add(connection, camera.id, name="window", polygon=TRIANGLE, at=START)
        cameras.remove(connection, camera.id, START)
        with pytest.raises(NotFound):
            privacy_areas.get(connection, area.id)
        with pytest.raises(NotFound):
            privacy_areas.of_camera(connection, camera.id)
        assert privacy_areas.polygons_of(connection, camera.id) == (TRIANGLE,)


def test_pictures_of_an_address_are_black_where_any_camera_that_has_it_says_so(
    database: Database, camera: Camera
) -> None:
    url = "rtsp://10.0.0.1/a"
    with database.write() as connection:
        other = cameras.add(connection, name="other")
        for one in (camera, other):
            streams.add(connection, one.id, url=url)
            privacy_areas.add(connection, one.id, name="window", polygon=TRIANGLE, at=START)
        gone = privacy_areas.add(connection, camera.id, name="gone", polygon=SQUARE, at=START)
        privacy_areas.add(connection, other.id, name="house", polygon=SQUARE, at=START)
        privacy_areas.remove(connection, gone.id, LATER)
        assert privacy_areas.polygons_at(connection, url) == (TRIANGLE, SQUARE)
        for spelling in ("rtsp://10.0.0.1:554/a", "RTSP://10.0.0.1/a/", "rtsp://10.0.0.1/%61"):
            assert privacy_areas.polygons_at(connection, spelling) == (TRIANGLE, SQUARE)
        for another in ("rtsp://10.0.0.1/b", "rtsp://10.0.0.1:555/a", "rtsp://10.0.0.1/a?channel=2"):
            assert privacy_areas.polygons_at(connection, another) == ()


def test_a_worker_hears_of_them_with_the_cameras_it_watches(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        other = cameras.add(connection, name="other")
        for one in (camera, other):
            streams.add(connection, one.id, url="rtsp://10.0.0.1/a")
        privacy_areas.add(connection, camera.id, name="window", polygon=TRIANGLE, at=START)
        privacy_areas.add(connection, camera.id, name="house", polygon=SQUARE, at=START)
        gone = privacy_areas.add(connection, other.id, name="window", polygon=TRIANGLE, at=START)
        privacy_areas.remove(connection, gone.id, LATER)
    with database.read() as connection:
        watched = {one.camera.id: one.privacy for one in snapshot(connection).cameras}
    assert watched == {camera.id: (TRIANGLE, SQUARE), other.id: ()}


def test_each_change_raises_the_version(database: Database, camera: Camera) -> None:
    with database.write() as connection:
        seen = [version.current(connection)]
        area = privacy_areas.add(connection, camera.id, name="window", polygon=TRIANGLE, at=START)
        seen.append(version.current(connection))
        privacy_areas.change(connection, replace(area, name="house"), LATER)
        seen.append(version.current(connection))
        privacy_areas.remove(connection, area.id, LATER)
        seen.append(version.current(connection))
    assert seen == sorted(set(seen))
