"""The catalogue finds cameras by what is asked of them, lists, draws and counts them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text, update

from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.errors import NotFound
from core.ids import CameraId
from core.stream_state import StreamState
from registry import cameras, departments, regions, streams
from registry.catalogue.areas import Around, Box
from registry.catalogue.filter import ALL, CameraFilter
from registry.catalogue.points import STATES, points
from registry.catalogue.search import camera_ids
from registry.catalogue.summary import Tally, summary
from registry.db import Database, Engines, open_database
from registry.departments import Sector
from registry.listing import list_cameras
from registry.regions import Region
from registry.tables import camera as camera_table
from registry.tables import stream_state
from sharp_eyes.migrate import upgrade
from tests.support.builders import START
from tests.support.postgres import PostgresServer

GATE = CameraFacts(
    address="东湖路 18 号",
    own_id="EDU-0017",
    gb_code="31010400111320000017",
    manufacturer="Ｅxample Vision",
    model='X-"12"',
    management_unit="Straße & Söhne",
    region="310104",
    longitude=114.30,
    latitude=30.60,
)


@dataclass(frozen=True, slots=True)
class Town:
    database: Database
    numbers: dict[str, CameraId]
    water: DepartmentId
    schools: DepartmentId

    def found(self, asked: CameraFilter) -> list[str]:
        names = {number: name for name, number in self.numbers.items()}
        with self.database.read() as connection:
            return [names[number] for number in camera_ids(connection, asked)]


def furnish(database: Database) -> Town:
    with database.write() as connection:
        for code, parent in (
            ("31", None),
            ("3101", "31"),
            ("310104", "3101"),
            ("310104003", "310104"),
            ("42", None),
            ("4201", "42"),
        ):
            regions.put(connection, Region(code, f"Region {code}", parent))
        water = departments.add(connection, name="Water", kind=Sector.WATER).id
        schools = departments.add(connection, name="Schools", kind=Sector.EDUCATION).id
        numbers = {
            name: cameras.add(connection, name=name, department=owner, enabled=enabled, facts=facts).id
            for name, owner, enabled, facts in (
                ("校门1号", schools, True, GATE),
                ("North Gate", schools, True, CameraFacts(region="310104003", longitude=114.301, latitude=30.60)),
                ("水库大坝", water, True, CameraFacts(region="3101", longitude=114.5, latitude=30.9)),
                ("dam 100%", water, False, CameraFacts(region="42", gb_code="42010000111320000001")),
                ("gone", water, True, CameraFacts(region="42", address="东湖路 99 号")),
                ("nowhere", departments.DEFAULT, True, CameraFacts()),
            )
        }
        feeds = {name: streams.add(connection, number, url="rtsp://h/a").id for name, number in numbers.items()}
        cameras.remove(connection, numbers["gone"], START)
        for name, state, worker in (
            ("校门1号", StreamState.LIVE, 1),
            ("North Gate", StreamState.LIVE, 0),
            ("水库大坝", StreamState.STALLED, 1),
            ("dam 100%", StreamState.LIVE, None),
        ):
            row = {"stream": feeds[name], "camera": numbers[name], "state": state.value, "worker": worker}
            told = {"since": START, "seen_at": START, "reason": "", "counters": "{}"}
            connection.execute(stream_state.insert().values(**row, **told))
    return Town(database, numbers, water, schools)


@pytest.fixture(scope="module", params=list(Engines), ids=[kind.value for kind in Engines])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Six cameras, to be looked at only."""
    if request.param is Engines.SQLITE:
        database = open_database(f"sqlite:///{tmp_path_factory.mktemp('town')}/town.db")
        upgrade(database)
        yield furnish(database)
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.make_database(request.getfixturevalue("migrated_template"))
    database = open_database(url)
    yield furnish(database)
    database.close()
    server.drop_database(url)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (CameraFilter(q="校门"), ["校门1号"]),
        (CameraFilter(q="门"), ["校门1号"]),
        (CameraFilter(q="東湖"), []),
        (CameraFilter(q="东湖路"), ["校门1号"]),
        (CameraFilter(q="湖路1"), []),
        (CameraFilter(q="GATE north"), ["North Gate"]),
        (CameraFilter(q="gate dam"), []),
        (CameraFilter(q="０１７"), ["校门1号"]),
        (CameraFilter(q="edu-00"), ["校门1号"]),
        (CameraFilter(q="example vision"), ["校门1号"]),
        (CameraFilter(q='"12"'), ["校门1号"]),
        (CameraFilter(q="STRASSE"), ["校门1号"]),
        (CameraFilter(q="&"), ["校门1号"]),
        (CameraFilter(q='"'), ["校门1号"]),
        (CameraFilter(q="* NEAR( OR NOT"), []),
        (CameraFilter(q="100%"), ["dam 100%"]),
        (CameraFilter(q="%"), ["dam 100%"]),
        (CameraFilter(q="da am"), ["dam 100%"]),
        (CameraFilter(q="dm"), []),
        (CameraFilter(sectors=frozenset({Sector.WATER})), ["水库大坝", "dam 100%"]),
        (CameraFilter(sectors=frozenset({Sector.VENUE})), []),
        (CameraFilter(departments=frozenset({DepartmentId(77)})), []),
        (CameraFilter(region="31"), ["校门1号", "North Gate", "水库大坝"]),
        (CameraFilter(region="310104"), ["校门1号", "North Gate"]),
        (CameraFilter(region="99"), []),
        (CameraFilter(states=frozenset({StreamState.LIVE})), ["校门1号", "dam 100%"]),
        (CameraFilter(states=frozenset({StreamState.STALLED, StreamState.REFUSED})), ["水库大坝"]),
        (CameraFilter(enabled=False), ["dam 100%"]),
        (CameraFilter(removed=True), ["gone"]),
        (CameraFilter(removed=True, q="东湖"), ["gone"]),
        (CameraFilter(box=Box(114.30, 30.5, 114.30, 30.7)), ["校门1号"]),
        (CameraFilter(around=Around.parse("114.3,30.6,50")), ["校门1号"]),
        (CameraFilter(around=Around.parse("114.3,30.6,100")), ["校门1号", "North Gate"]),
        (CameraFilter(around=Around.parse("114.3003,30.6003,45")), ["校门1号"]),
        (CameraFilter(around=Around.parse("114.3003,30.6003,40")), []),  # in the corner of the box around it
        (CameraFilter(gb_prefix="310104"), ["校门1号"]),
        (CameraFilter(gb_prefix="42010000111320000001"), ["dam 100%"]),
        (CameraFilter(q="1", region="42", enabled=False, sectors=frozenset({Sector.WATER})), ["dam 100%"]),
    ],
)
def test_a_filter_finds_what_fits_and_nothing_else(town: Town, asked: CameraFilter, expected: list[str]) -> None:
    assert town.found(asked) == expected


def test_of_departments_any_fits_and_with_a_sector_only_those_of_it(town: Town) -> None:
    both = frozenset({town.water, town.schools})
    assert town.found(CameraFilter(departments=both)) == ["校门1号", "North Gate", "水库大坝", "dam 100%"]
    asked = CameraFilter(departments=both, sectors=frozenset({Sector.EDUCATION}))
    assert town.found(asked) == ["校门1号", "North Gate"]


def test_pages_go_on_after_the_last_one_of_the_page_before(town: Town) -> None:
    with town.database.read() as connection:
        first = list_cameras(connection, CameraFilter(region="31"), limit=2)
        assert first.next is not None
        second = list_cameras(connection, CameraFilter(region="31"), cursor=first.next, limit=2)
    assert [item.camera.name for item in first.items] == ["校门1号", "North Gate"]
    assert [item.camera.name for item in second.items] == ["水库大坝"]
    assert second.next is None


def test_removed_cameras_are_listed_where_they_are_asked_for(town: Town) -> None:
    with town.database.read() as connection:
        assert [item.camera.name for item in list_cameras(connection, CameraFilter(removed=True)).items] == ["gone"]


def test_points_are_the_cameras_with_a_place_in_whole_numbers(town: Town) -> None:
    with town.database.read() as connection:
        found = points(connection, ALL)
        assert points(connection, CameraFilter(region="99")).ids == []
    assert found.ids == [town.numbers[name] for name in ("校门1号", "North Gate", "水库大坝")]
    assert found.longitudes == [11_430_000, 11_430_100, 11_450_000]
    assert found.latitudes == [3_060_000, 3_060_000, 3_090_000]
    assert [STATES[place] for place in found.states] == [StreamState.LIVE, None, StreamState.STALLED]


def test_the_summary_counts_by_department_sector_state_and_region(town: Town) -> None:
    with town.database.read() as connection:
        found = summary(connection)
        below = summary(connection, within="3101")
        with pytest.raises(NotFound, match="no region 99"):
            summary(connection, within="99")
    assert found.all == Tally(5, 4, 1)
    assert found.by_state == {StreamState.LIVE: 1, StreamState.STALLED: 1}
    assert {one.name: one.tally for one in found.by_department} == {
        "City": Tally(1, 1, 0),
        "Water": Tally(2, 1, 0),
        "Schools": Tally(2, 2, 1),
    }
    assert found.by_sector[Sector.WATER] == Tally(2, 1, 0)
    assert {one.code: one.tally for one in found.by_region} == {"31": Tally(3, 3, 1), "42": Tally(1, 0, 0)}
    assert {one.code: one.tally for one in below.by_region} == {"310104": Tally(2, 2, 1)}


def test_a_change_is_found_within_its_own_transaction_and_not_after_a_rollback(database: Database) -> None:
    with database.write() as connection:
        number = cameras.add(connection, name="北门").id
        assert camera_ids(connection, CameraFilter(q="北门")) == [number]
    with database.write() as connection:
        kept = connection.begin_nested()
        connection.execute(update(camera_table).values(search_text="南门"))
        assert camera_ids(connection, CameraFilter(q="北门")) == []
        assert camera_ids(connection, CameraFilter(q="南门")) == [number]
        kept.rollback()
    with database.read() as connection:
        assert camera_ids(connection, CameraFilter(q="北门")) == [number]
        assert camera_ids(connection, CameraFilter(q="南门")) == []


def test_few_among_many_are_found_by_every_index_beyond_where_a_walk_begins(database: Database) -> None:
    """The first stride of a walk fits nothing here, so that the indexes are asked."""
    with database.write() as connection:
        regions.put(connection, Region("310104", "here", None))
        owner = departments.add(connection, name="Water", kind=Sector.WATER).id
        filler = [
            {"id": number, "name": f"c{number}", "department": 1, "enabled": True, "search_text": f"c{number}"}
            for number in range(1, 2_501)
        ]
        connection.execute(camera_table.insert(), filler)
        connection.execute(text("UPDATE camera_counter SET last = 2500"))
        facts = CameraFacts(region="310104", gb_code="31010400111320000017", longitude=114.3, latitude=30.6)
        number = cameras.add(connection, name="水库大坝", department=owner, facts=facts).id
        feed = streams.add(connection, number, url="rtsp://h/a")
        row = {"stream": feed.id, "camera": number, "state": "stalled", "since": START, "seen_at": START}
        connection.execute(stream_state.insert().values(**row, reason="", counters="{}"))
    one_each = (
        CameraFilter(q="大坝"),
        CameraFilter(q="水库大坝"),
        CameraFilter(departments=frozenset({owner})),
        CameraFilter(region="310104"),
        CameraFilter(states=frozenset({StreamState.STALLED})),
        CameraFilter(gb_prefix="31"),
        CameraFilter(box=Box(114, 30, 115, 31)),
        CameraFilter(around=Around.parse("114.3,30.6,10")),
        CameraFilter(q="大坝", region="310104", states=frozenset({StreamState.STALLED})),
    )
    with database.read() as connection:
        for asked in one_each:
            assert camera_ids(connection, asked, limit=10) == [number], asked
        assert len(camera_ids(connection, CameraFilter(q="c", enabled=True))) == 2_500
        fitting = [one for one in range(1, 2_501) if "50" in str(one)]
        for limit in (len([one for one in fitting if one <= 2_000]) + 5, len(fitting) - 1, len(fitting) + 1, 1_000):
            assert camera_ids(connection, CameraFilter(q="50"), limit=limit) == fitting[:limit]
