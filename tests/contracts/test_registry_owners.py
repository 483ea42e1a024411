"""Departments and regions: two trees without circles, from which nothing is sawn off that somebody sits on."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.errors import BadInput, Conflict, NotFound
from core.gb_tables import GbEdition
from registry import cameras, department_rules, departments, regions
from registry.departments import Department, Sector
from registry.regions import Region
from tests.support.builders import START


class TestDepartments:
    def test_a_department_is_found_as_it_was_added(self, connection: Connection) -> None:
        added = departments.add(
            connection,
            name="教育局",
            kind=Sector.EDUCATION,
            parent=departments.DEFAULT,
            contact=" 李老师 ",
            gb_industry={GbEdition.E2016: "11", GbEdition.E2022: "12"},
        )
        assert departments.get(connection, added.id) == added
        assert (added.contact, added.revision, added.parent) == ("李老师", 1, departments.DEFAULT)

    def test_a_change_raises_the_revision_and_none_does_not(self, connection: Connection) -> None:
        added = departments.add(connection, name="Water")
        assert departments.change(connection, added).revision == 1
        changed = departments.change(connection, replace(added, name="Rivers", gb_industry={GbEdition.E2016: "54"}))
        assert changed.revision == 2
        assert departments.get(connection, added.id) == changed

    def test_no_department_lies_below_itself(self, connection: Connection) -> None:
        top = departments.add(connection, name="top")
        middle = departments.add(connection, name="middle", parent=top.id)
        bottom = departments.add(connection, name="bottom", parent=middle.id)
        for parent in (top, middle, bottom):
            with pytest.raises(Conflict, match="cannot be its parent"):
                departments.change(connection, replace(top, parent=parent.id))
        assert departments.change(connection, replace(bottom, parent=top.id)).parent == top.id

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            (Department(DepartmentId(0), "x", Sector.OTHER, DepartmentId(99)), "parent"),
            (Department(DepartmentId(0), "x", Sector.OTHER, contact="a\u202eb"), "contact"),
            (Department(DepartmentId(0), "x", Sector.OTHER, gb_industry={GbEdition.E2016: "13"}), "gb_industry.2016"),
            (Department(DepartmentId(0), "x", Sector.OTHER, gb_industry={GbEdition.E2022: "1"}), "gb_industry.2022"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_field(
        self, connection: Connection, wrong: Department, field: str
    ) -> None:
        right = departments.add(connection, name="right")
        with pytest.raises(BadInput) as caught:
            departments.change(connection, replace(wrong, id=right.id))
        assert caught.value.field == field

    def test_one_without_cameras_goes_with_its_rules(self, connection: Connection) -> None:
        added = departments.add(connection, name="Water")
        department_rules.add(connection, added.id, name="people", labels=["person"])
        departments.remove(connection, added.id)
        with pytest.raises(NotFound):
            departments.get(connection, added.id)

    def test_one_that_owns_or_owned_a_camera_stays_and_names_it(self, connection: Connection) -> None:
        water = departments.add(connection, name="Water")
        camera = cameras.add(connection, name="gate", department=water.id)
        with pytest.raises(Conflict, match=r"camera 1 \('gate'\) belongs to it"):
            departments.remove(connection, water.id)
        moved = cameras.change(connection, replace(camera, department=departments.DEFAULT), START)
        with pytest.raises(Conflict, match=r"camera 1 \('gate'\) belonged to it once"):
            departments.remove(connection, water.id)
        other = departments.add(connection, name="Other")
        cameras.change(connection, replace(moved, department=other.id), START.replace(hour=1))
        cameras.remove(connection, camera.id, START)
        with pytest.raises(Conflict, match="was removed and belongs to it"):
            departments.remove(connection, other.id)

    def test_one_with_others_below_it_stays_and_the_first_one_always(self, connection: Connection) -> None:
        top = departments.add(connection, name="top")
        departments.add(connection, name="bottom", parent=top.id)
        with pytest.raises(Conflict, match="'bottom'"):
            departments.remove(connection, top.id)
        with pytest.raises(Conflict, match="it stays"):
            departments.remove(connection, departments.DEFAULT)


class TestRegions:
    def test_a_region_is_registered_changed_and_left_alone(self, connection: Connection) -> None:
        assert regions.put(connection, Region("31", "上海")) == Region("31", "上海", None, 1)
        assert regions.put(connection, Region("31", " 上海 ")).revision == 1
        assert regions.put(connection, Region("31", "上海市")).revision == 2
        assert regions.get(connection, "31") == Region("31", "上海市", None, 2)

    def test_a_code_with_all_below_it_is_found_by_the_stored_parents(self, connection: Connection) -> None:
        for code, parent in (
            ("31", None),
            ("310104", "31"),
            ("310104003", "310104"),
            ("990001", "310104"),
            ("44", None),
        ):
            regions.put(connection, Region(code, code, parent))
        assert regions.below(connection, "31") == ["31", "310104", "310104003", "990001"]
        assert regions.below(connection, "990001") == ["990001"]
        with pytest.raises(NotFound):
            regions.below(connection, "32")

    def test_no_region_lies_in_itself(self, connection: Connection) -> None:
        regions.put(connection, Region("31", "a"))
        regions.put(connection, Region("3101", "b", "31"))
        for parent in ("31", "3101"):
            with pytest.raises(Conflict, match="cannot be its parent"):
                regions.put(connection, Region("31", "a", parent))

    @pytest.mark.parametrize(
        "code", ["", "3", "310", "31010", "3101041", "3101040031", "31010400300", "31010x", "３１"]
    )
    def test_a_code_of_another_length_is_refused(self, connection: Connection, code: str) -> None:
        with pytest.raises(BadInput, match="2, 4, 6, 8, 9 or 12 digits"):
            regions.put(connection, Region(code, "x"))

    def test_pages_hold_each_once_and_are_searched(self, connection: Connection) -> None:
        regions.put(connection, Region("31", "上海市"))
        for number in range(1, 6):
            regions.put(connection, Region(f"31010{number}", f"第{number}区 %", "31"))
        first = regions.list_regions(connection, parent="31", limit=3)
        second = regions.list_regions(connection, parent="31", limit=3, cursor=first.next)
        assert [one.code[-1] for one in (*first.items, *second.items)] == ["1", "2", "3", "4", "5"]
        assert second.next is None
        found = {q: [one.code for one in regions.list_regions(connection, q=q).items] for q in ("海", "310103", "_")}
        assert found == {"海": ["31"], "310103": ["310103"], "_": []}

    def test_one_with_cameras_or_regions_in_it_stays(self, connection: Connection) -> None:
        regions.put(connection, Region("31", "a"))
        regions.put(connection, Region("3101", "b", "31"))
        camera = cameras.add(connection, name="gate", facts=CameraFacts(region="3101"))
        cameras.remove(connection, camera.id, START)
        with pytest.raises(Conflict, match="3101"):
            regions.remove(connection, "31")
        with pytest.raises(Conflict, match="'gate'"):
            regions.remove(connection, "3101")
        regions.put(connection, Region("44", "c"))
        regions.remove(connection, "44")
        with pytest.raises(NotFound):
            regions.remove(connection, "44")
