"""A simulated city is put into an empty database, all of it or nothing."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, inspect, select, text

from core.errors import BadInput, Conflict
from core.ids import CameraId
from core.line import Direction
from core.rule import RuleKind, Severity, Subject
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.tables import IS_LONG, SEARCH_INDEXES, event
from events.tallies.recount import difference
from events.tallies.table import camera_tally
from registry import cameras, department_rules, departments, privacy_areas, rules, streams, zones
from registry.db import Database, Engines, open_database
from registry.departments import Sector
from registry.listing import list_cameras
from registry.snapshot import snapshot
from sharp_eyes.migrate import all_tables, upgrade
from sharp_eyes.simulate import City, Progress, Stage, fill
from sharp_eyes.simulate.load import INDEXES
from sharp_eyes.simulate.words import STANDING
from tests.support.builders import an_event
from tests.support.databases import migrated_template, postgres_server
from tests.support.happenings import write
from tests.support.postgres import PostgresServer

__all__ = ["migrated_template", "postgres_server"]

UNTIL = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)
TOWN = City(cameras=120, departments=12, events=3_000, days=20, seed=5)


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is not there yet (SQLite), or empty (PostgreSQL)."""
    if request.param is Engines.SQLITE:
        yield f"sqlite:///{tmp_path}/city.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.make_database()
    yield made
    server.drop_database(made)


@pytest.fixture
def own_town(url: str) -> Iterator[Database]:
    """A town to change: a test's own."""
    fill(url, TOWN, until=UNTIL)
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture(scope="module", params=list(Engines), ids=[kind.value for kind in Engines])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A town to look at."""
    server: PostgresServer | None = None
    if request.param is Engines.SQLITE:
        url = f"sqlite:///{tmp_path_factory.mktemp('town')}/city.db"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.make_database()
    fill(url, TOWN, until=UNTIL)
    database = open_database(url)
    yield database
    database.close()
    if server is not None:
        server.drop_database(url)


def content(url: str) -> dict[str, list[tuple[object, ...]]]:
    database = open_database(url)
    try:
        with database.read() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in all_tables().sorted_tables
                if table.name != "access_state"  # it says when the tables were made
            }
    finally:
        database.close()


def test_it_has_what_was_asked_for(town: Database) -> None:
    with town.read() as connection:
        assert cameras.count(connection) == 120
        found = departments.list_departments(connection)
        assert len(found) == 12 + 1
        assert {one.kind for one in found} == set(Sector)
        assert any(not one.name.isascii() for one in found)
        assert len(connection.execute(select(event.c.id)).all()) == 3_000


def test_no_worker_will_ever_pull_its_cameras(town: Database) -> None:
    with town.read() as connection:
        assert snapshot(connection).cameras == ()
        items = list_cameras(connection, limit=200).items
    assert len(items) == 120
    assert all(not item.camera.enabled for item in items)
    assert all(stream.url.startswith("rtsp://192.0.2.") for item in items for stream in item.streams)
    assert all(item.status is not None and item.status.status.reason == "simulated" for item in items)


def test_its_events_are_such_as_the_rules_of_their_cameras_make(town: Database) -> None:
    with town.read() as connection:
        items = search(connection, EventFilter(), limit=1_000).items
        by_number = {rule.id: rule for rule in rules.of_cameras(connection, list({one.event.camera for one in items}))}
        standing = {
            rule.id: rule
            for owner in departments.list_departments(connection)
            for rule in department_rules.of_department(connection, owner.id)
        }
        owners = {item.camera.id: item.camera.department for item in list_cameras(connection, limit=200).items}
    for item in items:
        if item.event.rule in standing:
            assert standing[item.event.rule].department == item.department
            rule = standing[item.event.rule].on(item.event.camera)
        else:
            rule = by_number[item.event.rule]
        assert rule.camera == item.event.camera
        assert item.event.kind is rule.kind
        assert item.event.label in (rule.labels or {"stream", "motion"})
        assert item.event.line == (rule.line.id if rule.line else None)
        assert item.line_name == (rule.line.name if rule.line else None)
        assert (item.event.rule_name, item.event.severity) == (rule.name, rule.severity)
        assert item.event.zone == (rule.zone.id if rule.zone else None)
        assert item.department == owners[item.event.camera]
        assert item.event.last_seen_at <= UNTIL
        assert item.media == ()


def test_every_eighth_camera_has_a_privacy_area(town: Database) -> None:
    with town.read() as connection:
        found = privacy_areas.of_cameras(connection, [CameraId(number) for number in range(1, 121)])
    assert [area.camera for area in found] == list(range(8, 121, 8))
    assert len({area.name for area in found}) == 2


def test_its_events_are_of_many_kinds_and_tell_what_is_fitting(town: Database) -> None:
    with town.read() as connection:
        items = search(connection, EventFilter(from_at=UNTIL - timedelta(days=6)), limit=1_000).items
    assert {item.event.kind for item in items} == set(RuleKind)
    for one in (item.event for item in items):
        subject = one.kind.subject
        assert (one.track is None) == (one.course is None) == (subject is not Subject.TRACK)
        assert (one.score is None) == (subject in (Subject.PICTURE, Subject.STREAM))
        assert (one.box is None) == (subject is Subject.STREAM)
        assert (one.count is None) == (subject is not Subject.CROWD)
        assert (one.direction is None) == (one.kind is not RuleKind.LINE_CROSSED)
        assert one.box is None or 0 <= one.box.left < one.box.right <= 1 > one.box.top >= 0


def test_its_objects_cross_their_lines_the_way_that_is_told(town: Database) -> None:
    with town.read() as connection:
        crossed = search(connection, EventFilter(kinds=frozenset({RuleKind.LINE_CROSSED})), limit=1_000).items
        by_number = {
            rule.id: rule for rule in rules.of_cameras(connection, list({one.event.camera for one in crossed}))
        }
    ways = set()
    for one in (item.event for item in crossed if item.event.course is not None):
        assert one.course is not None
        rule = by_number[one.rule]
        assert rule.line is not None
        from_right, to_right = (rule.line.side(one.course.path[place].foot) > 0 for place in (0, -1))
        assert (from_right, to_right) == (
            one.direction is Direction.RIGHT_TO_LEFT,
            one.direction is not Direction.RIGHT_TO_LEFT,
        )
        assert rule.direction in (None, one.direction)
        ways.add(one.direction)
    assert ways == set(Direction)


def test_its_events_lie_in_the_days_before_and_follow_the_day(town: Database) -> None:
    with town.read() as connection:
        started = [one.event.started_at for one in search(connection, EventFilter(), limit=1_000).items]
        assert search(connection, EventFilter(from_at=UNTIL)).items == ()
        assert search(connection, EventFilter(to_at=TOWN.begins(UNTIL))).items == ()
    by_local_hour = Counter((at.hour + 8) % 24 for at in started)
    assert sum(by_local_hour[hour] for hour in (7, 8, 17, 18)) > 4 * sum(by_local_hour[hour] for hour in (1, 2, 3, 4))


def test_some_labels_are_frequent_and_most_are_rare(town: Database) -> None:
    with town.read() as connection:
        labels = Counter(one.event.label for one in search(connection, EventFilter(), limit=1_000).items)
    frequent = labels.most_common()
    assert frequent[0][0] == "person"
    assert frequent[0][1] > 20 * frequent[-1][1]


def test_what_is_added_afterwards_gets_numbers_of_its_own(own_town: Database) -> None:
    with own_town.write() as connection:
        camera = cameras.add(connection, name="a real one")
        stream = streams.add(connection, camera.id, url="rtsp://h/")
        zone = zones.add(
            connection, camera.id, name="yard", polygon=zones.of_camera(connection, CameraId(1))[0].polygon
        )
        rule = rules.add(connection, camera.id, name="people", labels=["person"], zone=zone.id)
    assert (camera.id, stream.id, zone.id, rule.id) == (121, 121, 121, 120 * 3 + 12 * len(STANDING) + 1)
    assert write(own_town, [an_event(camera=camera.id, at=UNTIL)]) == [an_event(camera=camera.id, at=UNTIL).id]


def test_its_indexes_are_all_back(town: Database) -> None:
    with town.write() as connection:
        found = {index["name"]: index.get("dialect_options", {}) for index in inspect(connection).get_indexes("event")}
    assert set(found) >= {index.name for index in SEARCH_INDEXES}
    some_rows = {name for name, options in found.items() if any(option.endswith("_where") for option in options)}
    assert some_rows == {"ix_event_open", "ix_event_long", "ix_event_lasting"}


def test_its_events_are_counted(town: Database) -> None:
    with town.read() as connection:
        assert difference(connection) == []
        assert connection.scalar(select(func.sum(camera_tally.c.count))) == 3_000


def test_what_is_added_afterwards_is_counted_too(own_town: Database) -> None:
    with own_town.read() as connection:
        [pattern] = search(connection, EventFilter(), limit=1).items
    with own_town.write() as connection:
        connection.execute(delete(event).where(event.c.id == pattern.event.id))
        assert connection.scalar(select(func.sum(camera_tally.c.count))) == 2_999
        assert difference(connection) == []


def test_few_events_are_emergencies_and_few_go_on_for_hours(town: Database) -> None:
    with town.read() as connection:
        for condition in (event.c.severity == Severity.EMERGENCY.value, text(IS_LONG)):
            found = connection.execute(select(func.count()).select_from(event).where(condition)).scalar_one()
            assert 0 < found < 30


def test_the_same_city_is_the_same_on_every_database(postgres_server: PostgresServer, tmp_path: Path) -> None:
    first, second = f"sqlite:///{tmp_path}/first.db", postgres_server.make_database()
    third = f"sqlite:///{tmp_path}/third.db"
    for url in (first, second):
        fill(url, TOWN, until=UNTIL)
    fill(third, City(cameras=120, departments=12, events=3_000, days=20, seed=6), until=UNTIL)
    assert content(first) == content(second)
    assert content(first)["event"] != content(third)["event"]
    assert content(first)["event_detail"]
    postgres_server.drop_database(second)


def test_progress_is_told_from_nothing_to_all(url: str) -> None:
    told: list[Progress] = []
    fill(url, TOWN, until=UNTIL, report=told.append)
    for stage, total in (
        (Stage.CAMERAS, 120),
        (Stage.EVENTS, 3_000),
        (Stage.INDEXES, len(INDEXES)),
        (Stage.TALLIES, 1),
    ):
        done = [one.done for one in told if one.stage is stage]
        assert (done[0], done[-1]) == (0, total)
        assert done == sorted(done)
        assert {one.total for one in told if one.stage is stage} == {total}


@pytest.mark.parametrize("stage", list(Stage))
def test_an_interruption_leaves_the_database_as_it_was(url: str, stage: Stage, tmp_path: Path) -> None:
    database = open_database(url)
    upgrade(database)
    database.close()
    before = content(url)

    def interrupt(progress: Progress) -> None:
        if progress.stage is stage and progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(url, TOWN, until=UNTIL, report=interrupt)
    assert content(url) == before
    assert {path.name for path in tmp_path.iterdir()} <= {"city.db", "city.db-wal", "city.db-shm"}
    assert fill(url, TOWN, until=UNTIL).events == 3_000


def test_a_database_that_has_something_is_refused_and_keeps_it(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    with database.write() as connection:
        cameras.add(connection, name="a real one")
    database.close()
    with pytest.raises(Conflict, match="has cameras already"):
        fill(url, TOWN, until=UNTIL)
    assert len(content(url)["camera"]) == 1


def test_a_file_that_is_in_use_is_not_replaced(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/city.db"
    database = open_database(url)
    upgrade(database)
    other = sqlite3.connect(tmp_path / "city.db")
    other.execute("SELECT * FROM camera").fetchall()
    try:
        with pytest.raises(Conflict, match="in use by another process"):
            fill(url, City(cameras=1, departments=1, events=1, days=1), until=UNTIL)
    finally:
        other.close()
        database.close()
    assert content(url)["camera"] == []


@pytest.mark.parametrize("field", ["cameras", "departments", "events", "days"])
def test_a_city_of_no_size_is_refused(field: str) -> None:
    with pytest.raises(BadInput) as caught:
        City(**{field: -1})
    assert caught.value.field == field


def test_a_city_without_events_or_with_one_camera_is_a_city_too(tmp_path: Path) -> None:
    filled = fill(f"sqlite:///{tmp_path}/city.db", City(cameras=1, departments=3, events=500, days=1), until=UNTIL)
    assert (filled.cameras, filled.events) == (1, 500)
    assert fill(f"sqlite:///{tmp_path}/quiet.db", City(cameras=2, departments=1, events=0), until=UNTIL).events == 0


def test_events_before_their_time_are_refused() -> None:
    with pytest.raises(BadInput, match="where events begin"):
        fill("sqlite:////nowhere/city.db", City(days=90), until=datetime(2024, 2, 1, tzinfo=UTC))
