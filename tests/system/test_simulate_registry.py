"""The registry and the histories of a simulated city are such as real ones."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.camera_facts import check_facts
from core.gb_code import GbCode
from core.ids import CameraId
from core.stream_state import StreamState
from registry import departments, regions
from registry.camera_sites import check_site
from registry.catalogue.filter import CameraFilter
from registry.catalogue.search import camera_ids
from registry.catalogue.summary import summary
from registry.db import Database, open_database
from registry.departments import Department
from registry.listing import ListedCamera, list_cameras
from registry.tables import stream_state
from registry.uptime.counting import milliseconds
from registry.uptime.days import Days
from registry.uptime_tables import stream_spell, uptime_day, uptime_sum
from sharp_eyes.simulate import City, fill

UNTIL = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)
CAMERAS = 400


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('town')}/city.db"
    fill(url, City(cameras=CAMERAS, departments=30, events=0, days=20, seed=5), until=UNTIL)
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture(scope="module")
def listed(town: Database) -> tuple[ListedCamera, ...]:
    with town.read() as connection:
        return list_cameras(connection, limit=CAMERAS).items


def test_all_that_is_on_record_is_what_the_registry_takes(town: Database, listed: tuple[ListedCamera, ...]) -> None:
    with town.read() as connection:
        for item in listed:
            assert check_facts(item.record.facts) == item.record.facts
        for item in listed[:60]:
            check_site(connection, item.camera.id, item.record.facts)


def test_codes_are_different_and_of_the_owners_industry(town: Database, listed: tuple[ListedCamera, ...]) -> None:
    with town.read() as connection:
        owners: dict[int, Department] = {one.id: one for one in departments.list_departments(connection)}
    codes = [item.record.facts.gb_code for item in listed if item.record.facts.gb_code]
    assert CAMERAS * 0.95 < len(codes) == len(set(codes)) < CAMERAS
    for item in listed:
        if item.record.facts.gb_code:
            assert (
                GbCode.parse(item.record.facts.gb_code).industry in owners[item.camera.department].gb_industry.values()
            )


def test_districts_have_departments_below_those_of_the_city(town: Database) -> None:
    with town.read() as connection:
        found = departments.list_departments(connection)
    parents = {one.id: one for one in found}
    below = [one for one in found if one.parent is not None]
    assert len(below) == 20
    assert all(one.parent is not None and parents[one.parent].kind is one.kind for one in below)


def test_regions_are_a_tree_and_each_camera_stands_in_a_street(
    town: Database, listed: tuple[ListedCamera, ...]
) -> None:
    with town.read() as connection:
        assert len(regions.below(connection, "98")) == 1 + 1 + 8 + 8 * 12
        assert len(camera_ids(connection, CameraFilter(region="98"))) == CAMERAS
        (top,) = summary(connection).by_region
    assert (top.code, top.tally.registered) == ("98", CAMERAS)
    assert {len(item.record.facts.region or "") for item in listed} == {9}


def test_recorders_have_sixteen_cameras_of_one_department_at_most(listed: tuple[ListedCamera, ...]) -> None:
    owners: defaultdict[str | None, list[int]] = defaultdict(list)
    for item in listed:
        owners[item.record.facts.uplink].append(item.camera.department)
    assert None not in owners
    assert all(len(of_one) <= 16 and len(set(of_one)) == 1 for of_one in owners.values())


def test_its_cameras_are_found_by_words_of_both_languages(town: Database) -> None:
    with town.read() as connection:
        for q in ("校门", "school gate", "长江路", "river street", "EDU-0", "示例视讯"):
            assert camera_ids(connection, CameraFilter(q=q)), q


def test_spells_fill_the_month_and_end_in_the_state_that_is_told(town: Database) -> None:
    spells: defaultdict[int, list[tuple[datetime, datetime, str]]] = defaultdict(list)
    with town.read() as connection:
        for row in connection.execute(select(stream_spell).order_by(stream_spell.c.camera, stream_spell.c.from_at)):
            spells[row.camera].append((row.from_at, row.until_at, row.state))
        states = {row.camera: (row.since, row.state) for row in connection.execute(select(stream_state))}
    assert len(spells) == CAMERAS
    for camera, spans in spells.items():
        assert spans[0][0] == UNTIL - timedelta(days=30)
        assert spans[-1][1] == UNTIL
        assert all(one[1] == other[0] and one[2] != other[2] for one, other in itertools.pairwise(spans))
        assert all(from_at < until_at for from_at, until_at, _ in spans)
        assert states[CameraId(camera)] == (spans[-1][0], spans[-1][2])


def test_uptime_is_the_sum_of_the_spells(town: Database, listed: tuple[ListedCamera, ...]) -> None:
    owners = {item.camera.id: (item.camera.department, item.record.facts.region) for item in listed}
    by_day, by_owner = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    days = Days(UTC)
    with town.read() as connection:
        for row in connection.execute(select(stream_spell)):
            for day, begin, end in days.split(row.from_at, row.until_at):
                by_day[day, row.camera, *owners[row.camera], row.state] += milliseconds(begin, end)
                by_owner[day, *owners[row.camera], row.state] += milliseconds(begin, end)
        assert {tuple(row[:5]): row[5] for row in connection.execute(select(uptime_day))} == by_day
        assert {tuple(row[:4]): row[4] for row in connection.execute(select(uptime_sum))} == by_owner
    live = sum(much for key, much in by_day.items() if key[-1] == StreamState.LIVE)
    assert 0.85 < live / by_day.total() < 0.99
