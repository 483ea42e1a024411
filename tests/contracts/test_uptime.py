"""Uptime: what is added up is what the spells tell, whatever the zone, whenever it is counted."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event as Flag
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, insert, select, update

from core.camera import Camera, DepartmentId, Stream
from core.errors import BadInput, Unavailable
from core.ids import CameraId
from core.spell import NotWatched
from core.stream_state import StreamState, StreamStatus
from registry import cameras, stream_states, streams, workers
from registry.db import Database
from registry.departments import Sector
from registry.server_clock import server_time
from registry.tables import camera, department, former_owner, region, stream_state
from registry.uptime import asked
from registry.uptime.answers import by_camera, grouped, worst_first
from registry.uptime.asked import By, Period, Uptime, Which, period
from registry.uptime.counting import count, milliseconds, prune, tidy
from registry.uptime.days import Days, date_of, number
from registry.uptime.settings import HistorySettings
from registry.uptime_tables import stream_spell, uptime_day, uptime_sum
from registry.workers import WorkerId
from tests.support.builders import FakeClock

LIVE, REFUSED = StreamState.LIVE, StreamState.REFUSED
UNWATCHED = NotWatched.UNWATCHED
SLOT = timedelta(minutes=15)
"""All midnights of these zones lie between two of them."""
CITY, WATER = DepartmentId(1), DepartmentId(10_002)
ANY = Which()
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/Havana", "Asia/Kolkata", "Pacific/Chatham")
BEGIN = datetime(2025, 10, 24, 12, 0, tzinfo=UTC)
"""Two days before Berlin's clocks go back, nine before Havana's."""
ONE_DAY = timedelta(days=1)


@dataclass
class Place:
    """Two cameras of two departments, and one worker."""

    connection: Connection
    days: Days
    streams: list[Stream]
    worker: WorkerId
    now: datetime = BEGIN
    truth: dict[CameraId, list[tuple[datetime, str | None]]] = field(default_factory=dict)
    """What each camera's state was from when on, as an onlooker would note it."""
    owners: dict[CameraId, list[tuple[datetime, int]]] = field(default_factory=dict)

    def say(self, place: int, state: StreamState) -> None:
        stream = self.streams[place]
        status = StreamStatus(stream.camera, stream.id, state, self.now, state.value)
        stream_states.put(self.connection, self.worker, [status], self.now)
        self._note(stream, state.value)

    def unwatch(self, place: int) -> None:
        stream_states.unwatch(self.connection, [self.streams[place].camera], self.now, "its worker died")
        self._note(self.streams[place], UNWATCHED.value)

    def forget(self, place: int) -> None:
        stream_states.forget(self.connection, [self.streams[place].camera], self.now)
        self._note(self.streams[place], None)

    def move(self, place: int, owner: DepartmentId) -> None:
        number = self.streams[place].camera
        before = cameras.get(self.connection, number)
        moments = select(former_owner.c.until_at).where(former_owner.c.camera == number)
        if self.now in self.connection.scalars(moments).all():
            return
        cameras.change(self.connection, Camera(number, before.name, owner, True), self.now)
        self.owners.setdefault(number, [(BEGIN, CITY)]).append((self.now, owner))

    def tick(self, slots: int) -> None:
        """Time passes, and the worker is heard of."""
        self.now += slots * SLOT
        workers.beat(self.connection, self.worker, self.now)

    def count(self) -> None:
        place = None
        while (place := count(self.connection, self.days, self.now, after=place, limit=3)) is not None:
            pass

    def expected(self, zone: ZoneInfo) -> Counter[tuple[CameraId, date, int, str]]:
        """Milliseconds by camera, date, owner, state: slot by slot."""
        sums: Counter[tuple[CameraId, date, int, str]] = Counter()
        for camera_number, turns in self.truth.items():
            at = turns[0][0]
            while at < self.now:
                state = [said for since, said in turns if since <= at][-1]
                owner = [who for since, who in self.owners.get(camera_number, [(BEGIN, CITY)]) if since <= at][-1]
                if state is not None:
                    sums[camera_number, at.astimezone(zone).date(), owner, state] += milliseconds(at, at + SLOT)
                at += SLOT
        return sums

    def _note(self, stream: Stream, state: str | None) -> None:
        self.truth.setdefault(stream.camera, []).append((self.now, state))


def furnish(connection: Connection, zone: str = "UTC") -> Place:
    connection.execute(insert(department).values(id=WATER, name="Water", kind=Sector.WATER.value))
    feeds = [
        streams.add(connection, cameras.add(connection, name=name).id, url="rtsp://10.0.0.1/a")
        for name in ("gate", "yard")
    ]
    worker = workers.register(connection, pid=1, at=BEGIN, port=1, token="token").id
    return Place(connection, Days(ZoneInfo(zone)), feeds, worker)


@pytest.fixture
def place(connection: Connection) -> Place:
    return furnish(connection)


def hours(found: Uptime) -> dict[str, float]:
    return {state.value: much / 3_600_000 for state, much in found.by_state.items()}


def dates(first: date, last: date) -> Period:
    return period(first, last)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["live", "live", "refused", "unwatch", "forget", "move", "count"]),
        st.integers(0, 1),
        st.integers(0, 200),
    ),
    min_size=1,
    max_size=14,
)


@given(acts=ACTS, zone=st.sampled_from(ZONES), first=st.integers(-1, 9), length=st.integers(1, 6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_what_an_onlooker_would_have_noted(
    sqlite_database: Database, acts: list[tuple[str, int, int]], zone: str, first: int, length: int
) -> None:
    with sqlite_database.write() as connection:
        if not workers.list_workers(connection):
            furnish(connection)
        for table in (stream_spell, uptime_day, uptime_sum, former_owner, stream_state):
            connection.execute(delete(table))
        connection.execute(update(camera).values(department=CITY))
        worker = workers.list_workers(connection)[0].id
        feeds = streams.of_cameras(connection, [CameraId(1), CameraId(2)])
        city = Place(connection, Days(ZoneInfo(zone)), feeds, worker)
        for act, which, slots in acts:
            match act:
                case "live":
                    city.say(which, LIVE)
                case "refused":
                    city.say(which, REFUSED)
                case "unwatch":
                    city.unwatch(which)
                case "forget":
                    city.forget(which)
                case "move":
                    city.move(which, WATER if slots % 2 else CITY)
                case _:
                    city.count()
            city.tick(slots)
        begin = date(2025, 10, 24) + first * ONE_DAY
        asked_for = dates(begin, begin + (length - 1) * ONE_DAY)
        truth = {
            key: much
            for key, much in city.expected(ZoneInfo(zone)).items()
            if asked_for.first <= number(key[1]) <= asked_for.last
        }
        for by, place_in_key in ((By.CAMERA, 0), (By.DAY, 1), (By.DEPARTMENT, 2)):
            wanted: Counter[tuple[str, str]] = Counter()
            for key, much in truth.items():
                wanted[str(key[place_in_key]), key[3]] += much
            found = grouped(connection, city.days, city.now, by, asked_for, ANY)
            assert {(one.key, state.value): much for one in found for state, much in one.by_state.items()} == wanted
        of_water = Which(departments=frozenset({WATER}))
        mine = sum(much for key, much in truth.items() if key[2] == WATER)
        found = grouped(connection, city.days, city.now, By.CAMERA, asked_for, of_water)
        assert sum(one.watched_ms for one in found) == mine


class TestDays:
    def test_days_are_as_long_as_clocks_make_them(self) -> None:
        days = Days(ZoneInfo("Europe/Berlin"))
        spring, autumn = number(date(2026, 3, 29)), number(date(2026, 10, 25))
        assert days.start(spring + 1) - days.start(spring) == timedelta(hours=23)
        assert days.start(autumn + 1) - days.start(autumn) == timedelta(hours=25)

    @pytest.mark.parametrize(
        ("zone", "day"), [("America/Havana", date(2026, 3, 8)), ("America/Sao_Paulo", date(2018, 2, 17))]
    )
    def test_a_midnight_that_clocks_skip_or_repeat_divides_two_days(self, zone: str, day: date) -> None:
        days = Days(ZoneInfo(zone))
        for minute in range(-24 * 60, 72 * 60, 7):
            at = days.start(number(day)) + timedelta(minutes=minute)
            found = days.of(at)
            assert days.start(found) <= at < days.start(found + 1)
            assert date_of(found) == at.astimezone(ZoneInfo(zone)).date()

    def test_more_than_a_year_is_refused(self) -> None:
        with pytest.raises(BadInput, match="at most 366"):
            dates(date(2025, 1, 1), date(2026, 1, 2))
        with pytest.raises(BadInput, match="exchange them"):
            dates(date(2026, 1, 2), date(2026, 1, 1))


class TestUptime:
    WHOLE = Period(number(date(2025, 10, 24)), number(date(2025, 10, 30)))

    def test_a_silent_worker_has_not_watched_since_its_last_word(self, place: Place) -> None:
        place.say(0, LIVE)
        place.tick(4)
        place.now += timedelta(hours=2)
        (found,) = grouped(place.connection, place.days, place.now, By.DEPARTMENT, self.WHOLE, ANY)
        assert hours(found) == {"live": 1, "unwatched": 2}
        assert found.share == pytest.approx(1 / 3)

    @pytest.mark.parametrize("goes_on", [True, False])
    def test_a_clock_that_is_set_back_over_what_is_counted_makes_no_time_twice(
        self, place: Place, goes_on: bool
    ) -> None:
        place.say(0, LIVE)
        place.tick(4 * 40)
        place.count()  # up to midnight, 36 h after the beginning
        place.now -= timedelta(hours=30)
        if not goes_on:
            place.forget(0)
        place.tick(4 * 6)
        place.say(0, REFUSED)
        place.tick(4 * 34)
        place.forget(0)
        place.count()
        (found,) = grouped(place.connection, place.days, place.now, By.DEPARTMENT, self.WHOLE, ANY)
        assert hours(found) == {"live": 36, "refused": 14}

    def test_it_is_told_by_sector_and_by_region_with_all_below(self, place: Place) -> None:
        connection = place.connection
        for code, parent in (("51", None), ("5101", "51"), ("44", None)):
            connection.execute(insert(region).values(code=code, name=f"region {code}", parent=parent))
        for one, code in zip(place.streams, ("5101", "44"), strict=True):
            connection.execute(update(camera).where(camera.c.id == one.camera).values(region=code))
        place.move(1, WATER)
        place.say(0, LIVE)
        place.say(1, REFUSED)
        place.tick(8)

        def told(by: By, which: Which = ANY) -> dict[str, dict[str, float]]:
            found = grouped(connection, place.days, place.now, by, self.WHOLE, which)
            return {one.key: hours(one) for one in found}

        for _ in ("not counted", "counted"):
            assert told(By.SECTOR) == {"other": {"live": 2}, "water": {"refused": 2}}
            assert told(By.REGION) == {"5101": {"live": 2}, "44": {"refused": 2}}
            assert told(By.REGION, Which(regions=frozenset({"51"}))) == {"5101": {"live": 2}}
            assert told(By.DAY, Which(sectors=frozenset({Sector.WATER}))) == {"2025-10-24": {"refused": 2}}
            assert told(By.DAY, Which(cameras=frozenset({place.streams[0].camera}))) == {"2025-10-24": {"live": 2}}
            place.forget(0)
            place.forget(1)
            place.count()
        assert connection.execute(select(stream_spell).where(stream_spell.c.counted_to.is_not(None))).all() == []

    def test_the_worst_cameras_come_first_page_by_page(self, place: Place) -> None:
        connection = place.connection
        for name, live in (("third", 5), ("fourth", 2), ("never", 0)):
            one = streams.add(connection, cameras.add(connection, name=name).id, url="rtsp://10.0.0.1/a")
            place.streams.append(one)
            if live:
                place.say(len(place.streams) - 1, LIVE)
                place.tick(live)
                place.say(len(place.streams) - 1, REFUSED)
                place.tick(10 - live)
                place.forget(len(place.streams) - 1)
        place.say(0, REFUSED)
        place.say(1, LIVE)
        place.tick(10)
        seen: list[str] = []
        cursor = None
        for _ in range(3):
            page = worst_first(connection, place.days, place.now, self.WHOLE, ANY, cursor=cursor, limit=2)
            seen += [one.name for one in page.items]
            cursor = page.next
        assert seen == ["gate", "fourth", "third", "yard", "never"]
        assert cursor is None
        by_number = by_camera(connection, place.days, place.now, self.WHOLE, ANY, limit=3)
        assert [one.name for one in by_number.items] == ["gate", "yard", "third"]
        assert by_number.items[2].share == 0.5
        assert by_number.next == place.streams[2].camera

    def test_what_a_removed_camera_was_like_stays(self, place: Place) -> None:
        place.say(0, LIVE)
        place.tick(4)
        place.forget(0)
        cameras.remove(place.connection, place.streams[0].camera, place.now)
        found = grouped(place.connection, place.days, place.now, By.CAMERA, self.WHOLE, ANY)
        assert [(one.name, hours(one)) for one in found] == [("gate", {"live": 1}), ("yard", {})]

    def test_old_spells_and_days_are_removed_and_sums_of_young_days_stay(self, place: Place) -> None:
        place.say(0, LIVE)
        place.tick(4)
        place.say(0, REFUSED)
        place.tick(4 * 24 * 20)
        place.say(0, LIVE)
        place.count()
        kept = HistorySettings(spells_days=10, uptime_days=15)
        while prune(place.connection, place.days, kept, place.now, limit=2):
            pass
        oldest = place.days.of(place.now) - 15
        assert set(place.connection.scalars(select(uptime_day.c.day))) == set(range(oldest, oldest + 16))
        assert set(place.connection.scalars(select(uptime_sum.c.day))) == set(range(oldest, oldest + 16))
        left = place.connection.execute(select(stream_spell.c.state).order_by(stream_spell.c.from_at))
        assert left.scalars().all() == ["refused", "live"]


def test_two_workers_that_tidy_up_at_once_count_nothing_twice(database: Database) -> None:
    with database.write() as connection:
        place = furnish(connection)
        begun = server_time(connection) - timedelta(days=3)
        place.now = begun
        for hours_on in range(60):
            place.say(0, (LIVE, REFUSED)[hours_on % 2])
            place.say(1, LIVE)
            place.now = begun + timedelta(hours=hours_on + 1)
        place.unwatch(0)
        place.forget(1)
        cameras.change(connection, Camera(place.streams[0].camera, "gate", CITY, False), place.now)
    days, kept = Days(ZoneInfo("Asia/Shanghai")), HistorySettings()
    threads = [Thread(target=tidy, args=(database, days, kept, FakeClock(), Flag())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        sums = select(uptime_day.c.state, func.sum(uptime_day.c.milliseconds)).group_by(uptime_day.c.state)
        told = {state: int(much) / 3_600_000 for state, much in connection.execute(sums)}
        assert told["live"] == 90
        assert told["refused"] == 30
        uncounted = select(func.count()).where(stream_spell.c.counted_to.is_not(None))
        assert connection.execute(uncounted).scalar_one() == 0


def test_tidying_up_goes_on_where_it_was_broken_off(database: Database) -> None:
    with database.write() as connection:
        place = furnish(connection)
        place.now = server_time(connection) - timedelta(days=2)
        place.say(0, LIVE)
        place.now += timedelta(hours=1)
        place.say(0, REFUSED)
    days, stop = Days(UTC), Flag()
    stop.set()
    tidy(database, days, HistorySettings(), FakeClock(), stop)
    with suppress(Unavailable), database.write() as connection:
        count(connection, days, server_time(connection), limit=100)
        raise Unavailable("the database went away in the middle")
    with database.read() as connection:
        assert connection.execute(select(uptime_day)).all() == []
    tidy(database, days, HistorySettings(), FakeClock(), Flag())
    with database.read() as connection:
        assert sum(connection.scalars(select(uptime_sum.c.milliseconds))) == 3_600_000


def test_nobody_is_missed_where_there_is_nothing_to_watch(database: Database) -> None:
    with database.write() as connection:
        place = furnish(connection)
        place.now = server_time(connection)
        place.unwatch(0)
        place.unwatch(1)
        streams.remove(connection, place.streams[0].id)
    tidy(database, Days(UTC), HistorySettings(), FakeClock(), Flag())
    with database.read() as connection:
        going_on = connection.scalars(select(stream_spell.c.camera).where(stream_spell.c.until_at.is_(None)))
        assert going_on.all() == [place.streams[1].camera]


def test_a_zone_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="Asia/Shanghai for example"):
        HistorySettings(time_zone="Asia/Peking")
    assert asked.MOST_DAYS == 366
