"""The picture of an alert, by the link in its message: for whom has it, for minutes, and as long as it may be seen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx2
import pytest

from core.access import Right
from core.camera import DepartmentId
from core.ids import EventId, event_camera
from events.alerts import picture_links, subscriptions
from events.alerts.subscription import Subscription, SubscriptionId
from events.media.table import MediaKind
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from tests.support.subscribing import a_subscription
from tests.system.api.asking import grant
from tests.system.api.conftest import PICTURE, SETTINGS, City, a_city
from tests.system.api.recorded import newest, rows_since
from tests.system.api.signing import add_department, refusal

KEY = b"k" * 32
"""The city's."""
TEN_MINUTES = timedelta(minutes=10)
NOTHING = (404, "not_found", "there is no such picture, or not any more")


@dataclass
class Sight:
    """A city in which rail has a grant on the pictures of department 1, and subscribes to its events."""

    city: City
    rail: DepartmentId
    grant: int
    event: EventId
    """With a snapshot."""
    stranger: httpx2.Client

    def subscribe(self, name: str, department: DepartmentId | None = None) -> Subscription:
        with self.city.services.database.write() as connection:
            at = self.city.services.clock.now()
            return a_subscription(connection, name, department=department or self.rail, at=at)

    def token(
        self,
        number: SubscriptionId,
        *,
        event: EventId | None = None,
        at: datetime | None = None,
        key: bytes = b"k" * 32,
    ) -> str:
        """As a message made at `at` has it."""
        at = at or self.city.services.clock.now()
        ring = ring_of(SealingKey(key))
        made = picture_links.link(ring, "https://eyes.example", event or self.event, number, at, TEN_MINUTES)
        return made.url.rpartition("/")[2]

    def look(self, token: str, method: str = "GET") -> httpx2.Response:
        """Who asks is nobody that the city knows."""
        return self.stranger.request(method, f"/api/v1/alert-pictures/{token}")


def with_history(city: City, number: int) -> int:
    """Let a grant reach what was before it, too."""
    with city.services.database.write() as connection:
        connection.execute(access_grant.update().where(access_grant.c.id == number).values(history=True))
        raise_access_version(connection)
    return number


@pytest.fixture(scope="module")
def sight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sight]:
    with a_city(tmp_path_factory.mktemp("city"), SETTINGS) as city:
        rail = add_department(city, "Rail")
        event = city.events[-1]
        city.keep(event, MediaKind.SNAPSHOT, PICTURE)
        number = with_history(city, grant(city, rail, Right.MEDIA, department=1))
        with httpx2.Client(base_url=city.server.url, trust_env=False, timeout=20, verify=False) as stranger:
            yield Sight(city, rail, number, event, stranger)


def test_the_masked_picture_is_shown_to_whom_has_the_link(sight: Sight) -> None:
    token = sight.token(sight.subscribe("whole").id)
    answer = sight.look(token)
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/jpeg", PICTURE)
    assert answer.headers["Cache-Control"] == "no-store"
    head = sight.look(token, "HEAD")
    assert (head.status_code, head.content) == (200, b"")


def test_who_looks_is_on_record_as_the_subscription_once_in_five_minutes(sight: Sight) -> None:
    some, since = sight.subscribe("on record"), newest(sight.city)
    token = sight.token(some.id)
    sight.look(token, "HEAD")
    assert rows_since(sight.city, since) == []
    sight.look(token)
    sight.look(token)
    [row] = rows_since(sight.city, since)
    assert (row.act, row.kind, row.object) == ("look_at_snapshot", "event", str(sight.event))
    assert (row.actor, row.departments) == ("program None", {1, sight.rail})
    assert row.detail == {"subscription": some.id}


def test_whatever_is_wrong_the_answer_is_the_same(sight: Sight) -> None:
    good = sight.subscribe("good")
    token, now = sight.token(good.id), sight.city.services.clock.now()
    paused, removed, plain = (sight.subscribe(name) for name in ("paused", "removed", "plain"))
    own = sight.subscribe("without a grant", add_department(sight.city, "Without"))
    facts = sight.subscribe("facts alone", add_department(sight.city, "Facts"))
    with_history(sight.city, grant(sight.city, facts.department, Right.EVENTS, camera=event_camera(sight.event)))
    with sight.city.services.database.write() as connection:
        subscriptions.pause(connection, paused.id, now)
        subscriptions.remove(connection, removed.id, now)
        subscriptions.change(connection, replace(plain, with_picture=False), now)
    since = newest(sight.city)
    bad = {
        "nonsense": "nonsense",
        "cut short": token[:-1],
        "changed": token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        "of another site": sight.token(good.id, key=b"x" * 32),
        "over": sight.token(good.id, at=now - TEN_MINUTES),
        "of one that never was": sight.token(SubscriptionId(99_999)),
        "paused": sight.token(paused.id),
        "removed": sight.token(removed.id),
        "without pictures": sight.token(plain.id),
        "whose department may not see it": sight.token(own.id),
        "whose department may see the facts alone": sight.token(facts.id),
        "of an event that never was": sight.token(good.id, event=EventId(7)),
        "of an event without a picture": sight.token(good.id, event=sight.city.events[0]),
    }
    answers = {name: sight.look(one) for name, one in bad.items()}
    assert {name: refusal(answer) for name, answer in answers.items()} == dict.fromkeys(bad, NOTHING)
    assert len({answer.text for answer in answers.values()}) == 1
    assert len({tuple(sorted(answer.headers.keys())) for answer in answers.values()}) == 1
    assert rows_since(sight.city, since) == []
    assert sight.look(token).status_code == 200


def test_a_link_of_another_subscription_is_asked_for_its_own_department(sight: Sight) -> None:
    own = sight.subscribe("of the owner", DepartmentId(1))
    mine, theirs = sight.token(sight.subscribe("of rail").id), sight.token(own.id)
    assert sight.look(theirs).status_code == 200
    assert sight.look(mine[:27] + theirs[27:]).status_code == 404


def test_a_grant_that_ends_takes_the_picture_along(sight: Sight) -> None:
    token = sight.token(sight.subscribe("by grant").id)
    assert sight.look(token).status_code == 200

    def put(state: str) -> None:
        with sight.city.services.database.write() as connection:
            connection.execute(access_grant.update().where(access_grant.c.id == sight.grant).values(state=state))
            raise_access_version(connection)

    put("revoked")
    assert refusal(sight.look(token)) == NOTHING
    put("approved")
    assert sight.look(token).status_code == 200
