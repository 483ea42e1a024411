"""The scope that roles, city defaults and grants make together is what the rules say, one thing at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from core.access import Right
from core.camera import DepartmentId
from core.ids import CameraId, event_id
from registry.db import Database, Engines
from registry.person_sight import sight_of
from registry.viewers import viewers_of
from registry.visibility import EventFacts, work_out
from registry.way import Who, WhoKind
from tests.support.cities_at_random import RandomCity, a_random_city, principal, store
from tests.support.sight import LOOKERS, OneWhoAsks, may_see_camera, may_see_event

SEEDS = st.integers(0, 2**32)
AS_IT_IS = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], print_blob=True
)
CITIES = {Engines.SQLITE: 60, Engines.POSTGRESQL: 12}
"""How many are tried. Each has some seven people, looked at in five moments, with 24 events and some cameras: of
questions who may see what, by which right, that makes over 300,000."""


class _NothingStays(Exception):
    """Rolls a transaction back."""


@contextmanager
def stored(database: Database, city: RandomCity) -> Iterator[Connection]:
    try:
        with database.write() as connection:
            store(connection, city)
            yield connection
            raise _NothingStays
    except _NothingStays:
        pass


def compared(connection: Connection, city: RandomCity, random: Random) -> int:
    """Compare scopes with the rules, in both directions; how many questions these were."""
    world, questions = city.world, 0
    events = [(random.choice(list(world.cameras)), at) for at in city.moments(random, 24)]
    facts = EventFacts(world.event_facts)
    for at in city.moments(random, 5):
        for asks in city.people.values():
            scope = work_out(connection, principal(asks), facts, 1, at)
            for right in Right:
                reach = scope[right]
                for number, one in world.cameras.items():
                    expected = may_see_camera(world, asks, right, number, at)
                    found = reach.has_camera(CameraId(number), DepartmentId(one.owner))
                    assert found is expected, f"camera {number} by {right} for {asks} at {at}"
                for number, started_at in events:
                    expected = may_see_event(world, asks, right, number, started_at, at)
                    event = event_id(started_at, CameraId(number))
                    owner = DepartmentId(world.cameras[number].owner_at(started_at))
                    found = bool(reach.has_event(event, CameraId(number), owner))
                    assert found is expected, f"event of {started_at} on {number} by {right} for {asks} at {at}"
                    questions += 1
            assert scope.ends_at is None or scope.ends_at > at
    return questions


class TestScope:
    def _check(self, database: Database, cities: int) -> None:
        counted = 0

        @settings(AS_IT_IS, max_examples=cities)
        @given(seed=SEEDS)
        def check(seed: int) -> None:
            nonlocal counted
            random = Random(seed)
            city = a_random_city(random)
            with stored(database, city) as connection:
                counted += compared(connection, city, random)

        check()
        assert counted > 1_000 * cities

    def test_no_principal_sees_more_or_less_than_the_rules_say(self, shared_database: Database) -> None:
        self._check(shared_database, CITIES[shared_database.kind])


class TestViewers:
    @staticmethod
    def is_meant(who: Who, asks: OneWhoAsks) -> bool:
        match who.kind:
            case WhoKind.EVERYBODY:
                return asks.role in LOOKERS
            case WhoKind.CITY:
                return asks.department is None and asks.role is who.role
            case WhoKind.PERSON:
                return asks.is_person and asks.number == who.person
            case WhoKind.ROLE:
                return asks.department == who.department and asks.role is who.role
            case WhoKind.DEPARTMENT:
                return asks.department == who.department and asks.role in LOOKERS

    def test_they_are_those_whose_scope_has_the_camera(self, shared_database: Database) -> None:
        @settings(AS_IT_IS, max_examples=CITIES[shared_database.kind] // 2)
        @given(seed=SEEDS)
        def check(seed: int) -> None:
            random = Random(seed)
            city = a_random_city(random)
            facts = EventFacts(city.world.event_facts)
            with stored(shared_database, city) as connection:
                for at in city.moments(random, 2):
                    scopes = {
                        number: work_out(connection, principal(asks), facts, 1, at)
                        for number, asks in city.people.items()
                    }
                    for number, one in city.world.cameras.items():
                        viewers = list(viewers_of(connection, CameraId(number), facts, at))
                        for asks in city.people.values():
                            told = {right for who, way in viewers if self.is_meant(who, asks) for right in way.rights}
                            owner = DepartmentId(one.owner)
                            reached = {
                                right
                                for right in Right
                                if scopes[asks.number][right].has_camera(CameraId(number), owner)
                            }
                            assert told == reached, f"camera {number} for {asks} at {at}"

        check()


class TestSightOfAPerson:
    def test_it_tells_of_a_way_by_each_right_that_reaches_a_camera(self, shared_database: Database) -> None:
        @settings(AS_IT_IS, max_examples=CITIES[shared_database.kind] // 2)
        @given(seed=SEEDS)
        def check(seed: int) -> None:
            random = Random(seed)
            city = a_random_city(random)
            facts = EventFacts(city.world.event_facts)
            with stored(shared_database, city) as connection:
                for at in city.moments(random, 2):
                    for asks in city.people.values():
                        ways = list(sight_of(connection, principal(asks), facts, at))
                        told = {right for way, _, cameras in ways if cameras for right in way.rights}
                        seen = {
                            right
                            for right in Right
                            if any(may_see_camera(city.world, asks, right, number, at) for number in city.world.cameras)
                        }
                        assert told == seen, f"{asks} at {at}"

        check()
