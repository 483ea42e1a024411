"""Within a reach the catalogue finds, lists, draws and counts exactly the cameras that a straight scan finds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest
from sqlalchemy import select, text

from core.camera import DepartmentId, StreamId
from core.ids import CameraId, EventId
from core.stream_state import StreamState
from registry import departments, regions, stream_states
from registry.catalogue.areas import Box
from registry.catalogue.filter import ALL, CameraFilter
from registry.catalogue.points import points
from registry.catalogue.search import camera_ids, numbers_by_department
from registry.catalogue.summary import summary
from registry.db import Database, Engines, open_database
from registry.departments import Sector
from registry.exports.reading import Allowed, exported
from registry.listing import list_cameras
from registry.reach import NOTHING, Reach
from registry.regions import Region
from registry.spans import CameraSpan
from registry.tables import camera, stream, stream_state
from sharp_eyes.migrate import upgrade
from tests.support.builders import START
from tests.support.postgres import PostgresServer

CAMERAS = 6_500
"""So many that a walk does not come to their end, and single ones are too many for a list."""
FIRST = 1_000
STATES = (StreamState.LIVE, StreamState.STALLED, StreamState.REFUSED)
REGIONS = ("31", "3101", "42", None)
ENDED = EventId(5)


@dataclass(frozen=True, slots=True)
class Town:
    database: Database
    owners: dict[CameraId, DepartmentId]
    """Of all cameras, removed ones too."""

    def scanned(self, asked: CameraFilter, reach: Reach) -> list[CameraId]:
        with self.database.read() as connection:
            found = camera_ids(connection, asked)
        return [number for number in found if reach.has_camera(number, self.owners[number])]


def furnish(database: Database) -> Town:
    rows = [
        {
            "id": FIRST + n,
            "name": f"Camera {n}",
            # Department 2 has half of them, 4 a hundredth.
            "department": 2 if n % 2 else 3 if n % 100 else 4,
            "enabled": n % 5 != 0,
            "region": REGIONS[n % 4],
            "longitude": 114 + n / 10_000,
            "latitude": 30.0,
            "deleted_at": START if n % 50 == 7 else None,
            "search_text": f"camera {n}",
        }
        for n in range(CAMERAS)
    ]
    feeds = [{"id": row["id"], "camera": row["id"], "role": "detect", "url": f"rtsp://h/{row['id']}"} for row in rows]
    told = {"since": START, "seen_at": START, "reason": "", "counters": "{}"}
    states = [
        {"stream": row["id"], "camera": row["id"], "state": STATES[n % 3].value, **told}
        for n, row in enumerate(rows)
        if row["deleted_at"] is None and n % 3
    ]
    with database.write() as connection:
        for code, parent in (("31", None), ("3101", "31"), ("42", None)):
            regions.put(connection, Region(code, f"Region {code}", parent))
        for name, kind in (("Water", Sector.WATER), ("Schools", Sector.EDUCATION), ("Dams", Sector.WATER)):
            departments.add(connection, name=name, kind=kind)
        connection.execute(camera.insert(), rows)
        connection.execute(stream.insert(), feeds)
        connection.execute(stream_state.insert(), states)
        connection.execute(text("UPDATE camera_counter SET last = 100000"))
        owners = {row.id: row.department for row in connection.execute(select(camera.c.id, camera.c.department))}
    return Town(database, owners)


@pytest.fixture(scope="module", params=list(Engines), ids=[kind.value for kind in Engines])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Some thousand cameras, to be looked at only."""
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


def a_reach(random: Random, town: Town) -> Reach:
    """Some departments, some single cameras, some that were within reach once."""
    numbers = sorted(town.owners)
    size = random.choice((0, 1, 20, 600, 6_000))
    begin = random.randrange(len(numbers))
    together = numbers[begin : begin + size]
    single = random.choice((together, random.sample(numbers, size)))
    once = [CameraSpan(number, highest=ENDED) for number in random.sample(numbers, random.choice((0, 30)))]
    spans = [CameraSpan(number, EventId(random.choice((0, 10)))) for number in single] + once
    owned = {DepartmentId(number): EventId(7) for number in random.sample((2, 3, 4, 77), random.choice((0, 1, 2)))}
    return Reach(departments=owned, spans=spans)


FILTERS = (
    ALL,
    CameraFilter(removed=True),
    CameraFilter(enabled=False),
    CameraFilter(departments=frozenset({DepartmentId(4)})),
    CameraFilter(sectors=frozenset({Sector.WATER})),
    CameraFilter(region="31"),
    CameraFilter(states=frozenset({StreamState.STALLED})),
    CameraFilter(q="50"),
    CameraFilter(q="era 99"),
    CameraFilter(box=Box(114.2, 29, 114.21, 31)),
    CameraFilter(q="4", region="42", enabled=True),
)


@pytest.mark.parametrize("seed", range(4))
def test_a_search_finds_what_a_straight_scan_finds(town: Town, seed: int) -> None:
    random = Random(seed)
    for asked in FILTERS:
        reach = a_reach(random, town)
        expected = town.scanned(asked, reach)
        after = CameraId(random.choice((0, *town.owners)))
        limit = random.choice((1, 50, 700, 7_000))
        with town.database.read() as connection:
            within = replace(asked, reach=reach)
            assert camera_ids(connection, within) == expected, (asked, seed)
            page = camera_ids(connection, within, after=after, limit=limit)
            counted = numbers_by_department(connection, within)
            drawn = points(connection, within)
        assert page == [number for number in expected if number > after][:limit], (asked, seed)
        assert counted == Counter(town.owners[number] for number in expected)
        assert drawn.ids == expected


def test_pages_of_a_list_hold_what_is_within_reach(town: Town) -> None:
    reach = Reach(departments={DepartmentId(4): EventId(0)}, spans=[CameraSpan(CameraId(FIRST + 1))])
    found, cursor = list[CameraId](), CameraId(0)
    with town.database.read() as connection:
        while True:
            page = list_cameras(connection, CameraFilter(reach=reach), cursor=cursor, limit=30)
            found += [item.camera.id for item in page.items]
            if page.next is None:
                break
            cursor = page.next
    assert found == town.scanned(ALL, reach)


@pytest.mark.parametrize("seed", range(6))
def test_the_summary_counts_what_is_within_reach(town: Town, seed: int) -> None:
    reach = a_reach(Random(seed), town)
    expected = town.scanned(ALL, reach)
    online = set(town.scanned(CameraFilter(enabled=True, states=frozenset({StreamState.LIVE})), reach))
    below = set(town.scanned(CameraFilter(region="31"), reach))
    enabled = set(town.scanned(CameraFilter(enabled=True), reach))
    states = {one: len(town.scanned(CameraFilter(enabled=True, states=frozenset({one})), reach)) for one in StreamState}
    with town.database.read() as connection:
        found = summary(connection, reach=reach)
    assert (found.all.registered, found.all.enabled, found.all.online) == (len(expected), len(enabled), len(online))
    assert found.by_state == {state: number for state, number in states.items() if number}
    owned = Counter(town.owners[number] for number in expected)
    assert {one.id: one.tally.registered for one in found.by_department if one.tally.registered} == owned
    known = {1, 2, 3, 4} & set(reach.departments)
    assert {one.id for one in found.by_department} == set(owned) | known
    by_region = {one.code: one.tally.registered for one in found.by_region}
    assert by_region.get("31", 0) == len(below)
    assert 0 not in by_region.values()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("state", [None, StreamState.STALLED])
def test_states_are_told_of_streams_within_reach(town: Town, seed: int, state: StreamState | None) -> None:
    reach = a_reach(Random(seed), town)
    with town.database.read() as connection:
        all_states = stream_states.list_states(connection, state=state, limit=10_000).items
        first = stream_states.list_states(connection, state=state, limit=100, reach=reach)
        rest = stream_states.list_states(
            connection, state=state, cursor=first.next or StreamId(FIRST + CAMERAS), limit=10_000, reach=reach
        )
    expected = [one.status.stream for one in all_states if reach.has_camera(*_owned(town, one.status.camera))]
    assert [one.status.stream for one in (*first.items, *rest.items)] == expected
    assert len(first.items) == min(100, len(expected))


def test_an_export_holds_what_may_leave_and_addresses_of_those_that_may_be_changed(town: Town) -> None:
    reach = Reach(departments={DepartmentId(4): EventId(0)})
    changed = Reach(spans=[CameraSpan(CameraId(FIRST + 100)), CameraSpan(CameraId(FIRST + 1))])
    pieces = exported(town.database, ALL, str, lambda _: Allowed(reach, changed))
    found = {one.record.camera.id: bool(one.urls) for piece in pieces for one in piece}
    assert sorted(found) == town.scanned(ALL, reach)
    assert [number for number, has_url in found.items() if has_url] == [FIRST + 100]


def test_an_export_stops_where_the_right_to_it_ends(town: Town) -> None:
    everything = Reach(departments={DepartmentId(number): EventId(0) for number in (2, 3, 4)})
    turns = iter([everything, everything])
    pieces = exported(town.database, ALL, str, lambda _: Allowed(next(turns, NOTHING), NOTHING))
    assert [len(piece) for piece in pieces] == [500, 500]


def test_within_nothing_no_camera_is_found_drawn_or_counted(town: Town) -> None:
    once = Reach(spans=[CameraSpan(CameraId(FIRST), highest=ENDED)])
    for reach in (NOTHING, once):
        within = CameraFilter(reach=reach)
        with town.database.read() as connection:
            assert camera_ids(connection, within) == []
            assert points(connection, within).ids == []
            assert numbers_by_department(connection, within) == {}
            assert stream_states.list_states(connection, reach=reach).items == ()
            found = summary(connection, reach=reach)
        assert (found.all.registered, found.by_state, found.by_department, found.by_region) == (0, {}, (), ())


def _owned(town: Town, number: CameraId) -> tuple[CameraId, DepartmentId]:
    return number, town.owners[number]
