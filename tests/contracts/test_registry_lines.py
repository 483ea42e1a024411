"""The registry keeps lines, and how closely a camera is watched."""

from dataclasses import replace

import pytest

from core.attention import Attention, IdleDecoding, Sensitivity
from core.box import Point
from core.camera import Camera
from core.errors import BadInput, Conflict, NotFound
from core.ids import CameraId
from core.line import LineId
from core.rule import RuleKind
from core.zone import Polygon
from registry import attention, cameras, lines, rules, version
from registry.db import Database
from registry.listing import get_listed
from tests.support.builders import START

WEST, EAST, SOUTH = Point(0.1, 0.5), Point(0.9, 0.5), Point(0.5, 0.95)
TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
CLOSELY = Attention(Sensitivity.HIGH, (TRIANGLE, TRIANGLE), IdleDecoding.ALL, 2.5)


@pytest.fixture
def camera(database: Database) -> Camera:
    with database.write() as connection:
        return cameras.add(connection, name="北门 North gate")


class TestLines:
    def test_a_line_is_found_as_it_was_added(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            added = lines.add(connection, camera.id, name=" 停止线 ", start=WEST, end=EAST)
        assert (added.name, added.start, added.end) == ("停止线", WEST, EAST)
        with database.read() as connection:
            assert lines.get(connection, added.id) == added
            assert lines.of_camera(connection, camera.id) == [added]

    def test_a_change_gives_another_name_and_other_ends_and_stays_with_the_camera(
        self, database: Database, camera: Camera
    ) -> None:
        with database.write() as connection:
            added = lines.add(connection, camera.id, name="stop", start=WEST, end=EAST)
            changed = replace(added, name="kerb", start=EAST, end=SOUTH)
            assert lines.change(connection, replace(changed, camera=CameraId(77))) == changed
            assert lines.get(connection, added.id) == changed

    def test_names_are_taken_once_a_camera_and_free_after_removal(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            other = cameras.add(connection, name="other")
            first = lines.add(connection, camera.id, name="stop", start=WEST, end=EAST)
            lines.add(connection, other.id, name="stop", start=WEST, end=EAST)
            second = lines.add(connection, camera.id, name="kerb", start=WEST, end=EAST)
            with pytest.raises(Conflict, match="stop"):
                lines.add(connection, camera.id, name="stop", start=EAST, end=WEST)
            with pytest.raises(Conflict, match="stop"):
                lines.change(connection, replace(second, name="stop"))
            lines.remove(connection, first.id, START)
            assert lines.add(connection, camera.id, name="stop", start=EAST, end=WEST).id not in (first.id, second.id)

    def test_a_line_that_a_rule_watches_is_not_removed(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            line = lines.add(connection, camera.id, name="stop", start=WEST, end=EAST)
            rule = rules.add(
                connection, camera.id, name="over it", labels=["car"], kind=RuleKind.LINE_CROSSED, line=line.id
            )
            with pytest.raises(Conflict, match="over it"):
                lines.remove(connection, line.id, START)
            rules.remove(connection, rule.id)
            lines.remove(connection, line.id, START)
            for ask in (lambda: lines.get(connection, line.id), lambda: lines.remove(connection, line.id, START)):
                with pytest.raises(NotFound, match=f"no line {line.id}"):
                    ask()
            assert lines.of_camera(connection, camera.id) == []

    def test_ends_outside_the_picture_or_at_one_place_are_refused(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            for start, end, field in (
                (Point(-0.1, 0), EAST, "start"),
                (WEST, Point(0, 1.2), "end"),
                (WEST, WEST, "end"),
            ):
                with pytest.raises(BadInput) as caught:
                    lines.add(connection, camera.id, name="stop", start=start, end=end)
                assert caught.value.field == field

    def test_lines_of_a_removed_camera_are_gone(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            line = lines.add(connection, camera.id, name="stop", start=WEST, end=EAST)
            cameras.remove(connection, camera.id, START)
            for ask in (lambda: lines.get(connection, line.id), lambda: lines.of_camera(connection, camera.id)):
                with pytest.raises(NotFound):
                    ask()

    def test_each_change_raises_the_version(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            seen = [version.current(connection)]
            line = lines.add(connection, camera.id, name="stop", start=WEST, end=EAST)
            seen.append(version.current(connection))
            lines.change(connection, replace(line, name="kerb"))
            seen.append(version.current(connection))
            lines.remove(connection, LineId(line.id), START)
            seen.append(version.current(connection))
        assert seen == sorted(set(seen))


class TestAttention:
    def test_a_camera_is_watched_in_the_usual_way_until_somebody_says_otherwise(
        self, database: Database, camera: Camera
    ) -> None:
        with database.write() as connection:
            assert attention.get(connection, camera.id) == Attention()
            attention.put(connection, camera.id, CLOSELY)
        with database.read() as connection:
            assert attention.get(connection, camera.id) == CLOSELY
            assert get_listed(connection, camera.id).attention == CLOSELY

    def test_the_last_word_counts_and_other_cameras_keep_theirs(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            other = cameras.add(connection, name="other")
            attention.put(connection, other.id, CLOSELY)
            attention.put(connection, camera.id, CLOSELY)
            attention.put(connection, camera.id, replace(CLOSELY, ignored=(), idle_look_s=60))
            assert attention.get(connection, camera.id) == replace(CLOSELY, ignored=(), idle_look_s=60)
            attention.put(connection, camera.id, Attention())
            assert attention.of_cameras(connection, [camera.id, other.id]) == {other.id: CLOSELY}
            assert get_listed(connection, camera.id).attention == Attention()

    def test_each_change_raises_the_version(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            before = version.current(connection)
            attention.put(connection, camera.id, CLOSELY)
            assert version.current(connection) > before

    def test_a_camera_that_is_not_there_is_not_found(self, database: Database, camera: Camera) -> None:
        with database.write() as connection:
            attention.put(connection, camera.id, CLOSELY)
            cameras.remove(connection, camera.id, START)
            with pytest.raises(NotFound):
                attention.get(connection, camera.id)
            with pytest.raises(NotFound):
                attention.put(connection, camera.id, CLOSELY)
