"""The registry keeps rules of all kinds with all they say, on cameras and on departments."""

from dataclasses import dataclass, replace
from datetime import time, timedelta

import pytest

from core.box import Point
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from core.hours import Hours, Weekday
from core.ids import CameraId
from core.line import Direction, Line, LineId
from core.rule import NEEDS, Rule, RuleId, RuleKind, Severity
from core.zone import Polygon, Zone, ZoneId
from registry import cameras, department_rules, departments, lines, rules, version, zones
from registry.db import Database
from registry.department_rules import DepartmentRule
from registry.rule_terms import Terms
from tests.support.builders import START

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
NIGHT = Hours(frozenset({Weekday.FRIDAY, Weekday.MONDAY}), time(22), time(6, 30, 15), "Asia/Shanghai")
WITHOUT_PLACE = [kind for kind in RuleKind if not {"zone", "line"} & set(NEEDS[kind])]


@dataclass(frozen=True)
class Site:
    """A camera with a zone and a line, and its department."""

    camera: CameraId
    zone: Zone
    line: Line
    department: DepartmentId


@pytest.fixture
def site(database: Database) -> Site:
    with database.write() as connection:
        owner = departments.add(connection, name="Water").id
        camera = cameras.add(connection, name="gate", department=owner).id
        zone = zones.add(connection, camera, name="yard", polygon=TRIANGLE)
        line = lines.add(connection, camera, name="stop", start=Point(0.1, 0.5), end=Point(0.9, 0.5))
        return Site(camera, zone, line, owner)


def needed(kind: RuleKind) -> Terms:
    """What a rule of this kind cannot do without, but for labels and places."""
    terms: Terms = {"kind": kind}
    if "min_speed" in NEEDS[kind]:
        terms["min_speed"] = 0.5
    if "min_count" in NEEDS[kind]:
        terms["min_count"] = 5
    return terms


def labels_of(kind: RuleKind) -> tuple[str, ...]:
    return ("person",) if "labels" in NEEDS[kind] else ()


class TestOfACamera:
    @pytest.mark.parametrize("kind", list(RuleKind))
    def test_a_rule_of_each_kind_is_kept_with_its_usual_duration(
        self, database: Database, site: Site, kind: RuleKind
    ) -> None:
        with database.write() as connection:
            added = rules.add(
                connection,
                site.camera,
                name="one",
                labels=labels_of(kind),
                zone=site.zone.id if "zone" in NEEDS[kind] else None,
                line=site.line.id if "line" in NEEDS[kind] else None,
                **needed(kind),
            )
        assert (added.kind, added.min_duration) == (kind, kind.usual_duration)
        assert added.zone == (site.zone if "zone" in NEEDS[kind] else None)
        assert added.line == (site.line if "line" in NEEDS[kind] else None)
        with database.read() as connection:
            assert rules.get(connection, added.id) == added
            assert rules.of_cameras(connection, [site.camera]) == [added]

    def test_every_field_comes_back_as_it_was_said(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            added = rules.add(
                connection,
                site.camera,
                name="夜间越线",
                labels=["truck", "car"],
                kind=RuleKind.LINE_CROSSED,
                zone=site.zone.id,
                line=site.line.id,
                direction=Direction.RIGHT_TO_LEFT,
                min_duration=timedelta(seconds=0.25),
                min_score=0.55,
                min_size=0.01,
                min_path=1.5,
                hours=(NIGHT, Hours()),
                cool_down=timedelta(minutes=2),
                once_per_track=True,
                severity=Severity.EMERGENCY,
                enabled=False,
            )
        expected = Rule(
            id=added.id,
            camera=site.camera,
            name="夜间越线",
            labels=frozenset({"car", "truck"}),
            kind=RuleKind.LINE_CROSSED,
            zone=site.zone,
            line=site.line,
            direction=Direction.RIGHT_TO_LEFT,
            min_duration=timedelta(seconds=0.25),
            min_score=0.55,
            min_size=0.01,
            min_path=1.5,
            hours=(NIGHT, Hours()),
            cool_down=timedelta(minutes=2),
            once_per_track=True,
            severity=Severity.EMERGENCY,
            enabled=False,
        )
        with database.read() as connection:
            assert rules.get(connection, added.id) == expected

    def test_a_change_may_make_it_another_kind(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            added = rules.add(connection, site.camera, name="people", labels=["person"], zone=site.zone.id)
            crowd = replace(added, kind=RuleKind.CROWDING, min_count=9, hours=(NIGHT,))
            assert rules.change(connection, crowd) == crowd
            assert rules.get(connection, added.id) == crowd

    def test_it_watches_lines_of_its_own_camera_only(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            other = cameras.add(connection, name="other").id
            ours = rules.add(
                connection, site.camera, name="over", labels=["car"], kind=RuleKind.LINE_CROSSED, line=site.line.id
            )
            with pytest.raises(BadInput, match="has no line") as caught:
                rules.add(connection, other, name="over", labels=["car"], kind=RuleKind.LINE_CROSSED, line=site.line.id)
            assert caught.value.field == "line"
            theirs = lines.add(connection, other, name="stop", start=Point(0, 0), end=Point(1, 1))
            with pytest.raises(BadInput, match="has no line") as caught:
                rules.change(connection, replace(ours, line=theirs))
            assert caught.value.field == "line"

    def test_a_zone_or_line_that_is_not_there_is_told_by_its_field(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            with pytest.raises(BadInput, match="no zone 99") as caught:
                rules.add(connection, site.camera, name="x", labels=["car"], zone=ZoneId(99))
            assert caught.value.field == "zone"
            with pytest.raises(BadInput, match="no line 99") as caught:
                rules.add(connection, site.camera, name="x", labels=["car"], line=LineId(99))
            assert caught.value.field == "line"

    def test_what_the_kind_needs_or_does_not_take_is_told_by_its_field(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            with pytest.raises(BadInput, match="has no min_count") as caught:
                rules.add(connection, site.camera, name="x", labels=["person"], kind=RuleKind.CROWDING)
            assert caught.value.field == "min_count"
            with pytest.raises(BadInput, match="means nothing for the kind motion") as caught:
                rules.add(connection, site.camera, name="x", labels=["person"], kind=RuleKind.MOTION)
            assert caught.value.field == "labels"


class TestOfADepartment:
    @pytest.mark.parametrize("kind", WITHOUT_PLACE)
    def test_a_rule_of_each_kind_without_a_place_is_kept(self, database: Database, site: Site, kind: RuleKind) -> None:
        terms = needed(kind)
        terms["hours"] = (NIGHT,)
        with database.write() as connection:
            added = department_rules.add(connection, site.department, name="one", labels=labels_of(kind), **terms)
        assert (added.department, added.rule.kind, added.rule.camera) == (site.department, kind, 0)
        assert (added.rule.min_duration, added.rule.hours) == (kind.usual_duration, (NIGHT,))
        with database.read() as connection:
            assert rules.get(connection, added.id) == added
            assert department_rules.of_department(connection, site.department) == [added]
            assert department_rules.of_department(connection, departments.DEFAULT) == []
            assert rules.of_camera(connection, site.camera) == []

    def test_kinds_that_need_a_place_are_refused_with_the_reason(self, database: Database, site: Site) -> None:
        refused = set(RuleKind) - set(WITHOUT_PLACE)
        assert refused == {RuleKind.INTRUSION, RuleKind.LINE_CROSSED, RuleKind.WRONG_WAY, RuleKind.FLOW}
        with database.write() as connection:
            for kind in refused:
                with pytest.raises(BadInput, match=r"needs a (zone|line), which belongs to one camera") as caught:
                    department_rules.add(connection, site.department, name="x", labels=["car"], kind=kind)
                assert caught.value.field == "kind"

    def test_it_has_no_zone_and_no_line(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            added = department_rules.add(connection, site.department, name="x", labels=["car"])
        with pytest.raises(BadInput, match="belongs to one camera") as caught:
            DepartmentRule(site.department, replace(added.rule, zone=site.zone))
        assert caught.value.field == "zone"
        with pytest.raises(BadInput) as caught:
            department_rules.check_places(None, site.line.id)
        assert caught.value.field == "line"

    def test_a_name_is_taken_once_a_department_and_once_a_camera(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            department_rules.add(connection, site.department, name="people", labels=["person"])
            other = department_rules.add(connection, site.department, name="cars", labels=["car"])
            department_rules.add(connection, departments.DEFAULT, name="people", labels=["person"])
            rules.add(connection, site.camera, name="people", labels=["person"])
            with pytest.raises(Conflict, match=rf"department {site.department} has a rule 'people'"):
                department_rules.add(connection, site.department, name="people", labels=["person"])
            with pytest.raises(Conflict, match="people"):
                department_rules.change(connection, replace(other, rule=replace(other.rule, name="people")))

    def test_it_is_changed_and_removed_and_stays_with_its_department(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            added = department_rules.add(connection, site.department, name="people", labels=["person"])
            changed = replace(added, rule=replace(added.rule, name="crowd", kind=RuleKind.CROWDING, min_count=4))
            moved = replace(changed, department=departments.DEFAULT)
            assert department_rules.change(connection, moved) == changed
            assert rules.get(connection, added.id) == changed
            rules.remove(connection, added.id)
            with pytest.raises(NotFound):
                rules.get(connection, added.id)

    def test_neither_sort_is_changed_as_the_other(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            standing = department_rules.add(connection, site.department, name="people", labels=["person"])
            own = rules.add(connection, site.camera, name="people", labels=["person"])
            with pytest.raises(NotFound, match="of a camera"):
                rules.change(connection, standing.on(site.camera))
            with pytest.raises(NotFound, match="of a department"):
                department_rules.change(connection, DepartmentRule(site.department, own))

    def test_it_outlives_the_cameras(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            added = department_rules.add(connection, site.department, name="people", labels=["person"])
            cameras.remove(connection, site.camera, START)
            assert rules.get(connection, added.id) == added

    def test_an_unknown_department_is_not_found(self, database: Database) -> None:
        with database.write() as connection:
            with pytest.raises(NotFound, match="77"):
                department_rules.add(connection, DepartmentId(77), name="x", labels=["car"])
            with pytest.raises(NotFound, match="77"):
                department_rules.of_department(connection, DepartmentId(77))

    def test_each_change_raises_the_version(self, database: Database, site: Site) -> None:
        with database.write() as connection:
            seen = [version.current(connection)]
            added = department_rules.add(connection, site.department, name="people", labels=["person"])
            seen.append(version.current(connection))
            department_rules.change(connection, replace(added, rule=replace(added.rule, enabled=False)))
            seen.append(version.current(connection))
            rules.remove(connection, RuleId(added.id))
            seen.append(version.current(connection))
        assert seen == sorted(set(seen))
