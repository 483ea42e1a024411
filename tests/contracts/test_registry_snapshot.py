"""The snapshot gives each camera the rules of its department too, and how closely it is watched."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, event

from core.attention import Attention, Sensitivity
from core.box import Point
from core.camera import DepartmentId
from core.ids import CameraId
from core.rule import Rule, RuleKind
from registry import attention, cameras, department_rules, departments, lines, rules, streams
from registry.db import Database
from registry.snapshot import WatchedCamera, snapshot
from tests.support.builders import after


def watched_camera(connection: Connection, name: str, department: DepartmentId = departments.DEFAULT) -> CameraId:
    camera = cameras.add(connection, name=name, department=department).id
    streams.add(connection, camera, url=f"rtsp://h/{name}")
    return camera


def seen(database: Database) -> dict[CameraId, WatchedCamera]:
    with database.read() as connection:
        return {one.camera.id: one for one in snapshot(connection).cameras}


def names(database: Database, camera: CameraId) -> list[str]:
    return [rule.name for rule in seen(database)[camera].rules]


@pytest.fixture
def water(database: Database) -> DepartmentId:
    with database.write() as connection:
        return departments.add(connection, name="Water").id


def test_a_rule_of_a_department_applies_to_each_of_its_cameras(database: Database, water: DepartmentId) -> None:
    with database.write() as connection:
        first, second = (watched_camera(connection, name, water) for name in ("a", "b"))
        elsewhere = watched_camera(connection, "c")
        own = rules.add(connection, first, name="cars", labels=["car"])
        standing = department_rules.add(connection, water, name="people", labels=["person"])
        department_rules.add(connection, water, name="off", labels=["dog"], enabled=False)
    found = seen(database)
    assert found[first].rules == (own, replace(standing.rule, camera=first))
    assert found[second].rules == (replace(standing.rule, camera=second),)
    assert found[elsewhere].rules == ()


def test_a_camera_that_comes_later_has_it_too(database: Database, water: DepartmentId) -> None:
    with database.write() as connection:
        department_rules.add(connection, water, name="people", labels=["person"])
        late = watched_camera(connection, "late", water)
    assert names(database, late) == ["people"]


def test_a_camera_that_moves_is_watched_by_the_rules_of_its_new_department(
    database: Database, water: DepartmentId
) -> None:
    with database.write() as connection:
        camera = watched_camera(connection, "gate")
        rules.add(connection, camera, name="own", labels=["car"])
        department_rules.add(connection, departments.DEFAULT, name="before", labels=["person"])
        department_rules.add(connection, water, name="after", labels=["person"])
    assert names(database, camera) == ["own", "before"]
    with database.read() as connection:
        version = snapshot(connection).version
    with database.write() as connection:
        cameras.change(connection, replace(cameras.get(connection, camera), department=water), after(1))
    assert names(database, camera) == ["own", "after"]
    with database.read() as connection:
        assert snapshot(connection).version > version


def test_rules_come_with_their_lines_in_the_order_of_their_numbers(database: Database) -> None:
    with database.write() as connection:
        camera = watched_camera(connection, "gate")
        standing = department_rules.add(connection, departments.DEFAULT, name="first", labels=["person"])
        line = lines.add(connection, camera, name="stop", start=Point(0, 0.5), end=Point(1, 0.5))
        crossed = rules.add(connection, camera, name="x", labels=["car"], kind=RuleKind.LINE_CROSSED, line=line.id)
    found = seen(database)[camera].rules
    assert found == (standing.on(camera), crossed)
    assert found[1].line == line


def test_each_camera_says_how_closely_it_is_watched(database: Database) -> None:
    with database.write() as connection:
        usual, close = watched_camera(connection, "a"), watched_camera(connection, "b")
        attention.put(connection, close, Attention(Sensitivity.OFF, idle_look_s=0.5))
    found = seen(database)
    assert found[usual].attention == Attention()
    assert found[close].attention == Attention(Sensitivity.OFF, idle_look_s=0.5)


def test_it_asks_as_often_for_fifty_cameras_as_for_one(database: Database, water: DepartmentId) -> None:
    def asked() -> int:
        statements: list[str] = []
        with database.read() as connection:

            def note(*given: object) -> None:
                statements.append(str(given[2]))

            event.listen(connection, "before_cursor_execute", note)
            found = snapshot(connection)
        assert all(isinstance(rule, Rule) for one in found.cameras for rule in one.rules)
        return len(statements)

    with database.write() as connection:
        watched_camera(connection, "first", water)
        department_rules.add(connection, water, name="0", labels=["person"])
    once = asked()
    with database.write() as connection:
        for number in range(49):
            camera = watched_camera(connection, str(number), water)
            rules.add(connection, camera, name="own", labels=["car"])
            department_rules.add(connection, water, name=str(number + 1), labels=["person"])
    assert asked() == once <= 9
