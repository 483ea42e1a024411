"""What a message says: a CloudEvent, with the facts as the API tells them, and a picture where there may be one."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.event_json import event_json
from core.course import Course, PathPoint
from core.event import EndReason
from core.ids import EventId
from core.line import Direction
from core.rule import RuleKind
from events.alerts import picture_links
from events.alerts.subscription import Moment
from events.index.stored import read_events
from events.media import records
from events.media.table import MediaKind
from registry.db import Database
from registry.visibility import EventFacts
from tests.support.alerting import Office, an_office
from tests.support.builders import START, a_box, after, an_event
from tests.support.sharing import neighbours

CITY = "https://eyes.city.example"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return an_office(sqlite_database, cameras=1, public_url=CITY)


def message(office: Office) -> dict[str, Any]:
    """The one message that is sent now."""
    office.match()
    [letter] = office.deliver()
    found: dict[str, Any] = json.loads(letter.body)
    return found


def test_it_is_a_cloud_event(office: Office) -> None:
    some = office.subscribe(name="门")
    [number] = office.happen(an_event(1, camera=office.cameras[0]))
    found = message(office)
    data = found.pop("data")
    assert found == {
        "specversion": "1.0",
        "id": f"{number}.1.{some.id}",
        "source": CITY,
        "type": "city.sharpeyes.event.started",
        "subject": f"camera/{office.cameras[0]}",
        "time": "2026-03-01T12:00:00.000Z",
        "datacontenttype": "application/json",
    }
    assert data["subscription"] == {"id": some.id, "name": "门"}


def test_the_end_of_an_event_is_told_with_its_own_time(office: Office) -> None:
    office.subscribe(moments=frozenset({Moment.ENDED}))
    office.happen(an_event(1, camera=office.cameras[0], end_reason=EndReason.LEFT))
    found = message(office)
    assert (found["type"], found["time"]) == ("city.sharpeyes.event.ended", "2026-03-01T12:00:02.000Z")


def test_facts_are_those_that_the_api_tells(office: Office) -> None:
    course = Course((PathPoint(START, a_box().foot), PathPoint(after(1), a_box().foot)), 0.1, 90.0, 0.5)
    plain = an_event(1, camera=office.cameras[0])
    rich = replace(
        an_event(2, camera=office.cameras[0], at=after(3), end_reason=EndReason.LEFT),
        kind=RuleKind.LINE_CROSSED,
        direction=Direction.LEFT_TO_RIGHT,
        count=3,
        course=course,
    )
    office.subscribe()
    numbers = office.happen(plain, rich)
    office.match()
    told = {one["id"]: one for one in (json.loads(letter.body)["data"] for letter in office.deliver())}
    with office.database.read() as connection:
        shown = [json.loads(event_json(stored)) for stored in read_events(connection, numbers)]
    assert len(shown) == len(told) == 2
    for one in shown:
        beside = {"subscription", "picture", "no_picture"}
        assert {name: fact for name, fact in told[one["id"]].items() if name not in beside} == {
            name: fact for name, fact in one.items() if name not in ("media", "held")
        }


def test_a_picture_that_is_being_made_is_linked_for_ten_minutes(office: Office) -> None:
    some = office.subscribe()
    [number] = office.happen(an_event(1, camera=office.cameras[0]))
    begin_snapshot(office, number)
    picture = message(office)["data"]["picture"]
    token = picture["url"].removeprefix(f"{CITY}{picture_links.PATH}")
    found = picture_links.read(office.keys, token, START + timedelta(minutes=9))
    assert found == picture_links.Pictured(number, some.id)
    assert picture["expires_at"] == "2026-03-01T12:10:00.000Z"


def test_where_there_is_no_picture_it_says_why(office: Office) -> None:
    office.subscribe()
    office.happen(an_event(1, camera=office.cameras[0]))
    data = message(office)["data"]
    assert (data["picture"], data["no_picture"]) == (None, "there is none yet")


def test_who_asks_for_no_pictures_gets_none(office: Office) -> None:
    office.subscribe(with_picture=False)
    [number] = office.happen(an_event(1, camera=office.cameras[0]))
    begin_snapshot(office, number)
    assert message(office)["data"]["no_picture"] == "the subscription asks for no pictures"


def test_a_department_that_sees_facts_alone_gets_no_picture(sqlite_database: Database) -> None:
    office = an_office(sqlite_database, public_url=CITY, facts=EventFacts.CITY)
    with sqlite_database.write() as connection:
        city = neighbours(connection)
    office.subscribe(department=city.rail)
    [number] = office.happen(an_event(1, camera=city.weir))
    begin_snapshot(office, number)
    assert message(office)["data"]["no_picture"] == "the department may not see pictures of this event"


def test_without_an_address_of_this_city_there_are_no_links(sqlite_database: Database) -> None:
    office = an_office(sqlite_database, cameras=1)
    office.subscribe()
    office.happen(an_event(1, camera=office.cameras[0]))
    found = message(office)
    assert found["source"] == "sharp-eyes"
    assert "alerts.public_url" in found["data"]["no_picture"]


def begin_snapshot(office: Office, number: EventId) -> None:
    with office.database.write() as connection:
        records.mark_pending(connection, [number], MediaKind.SNAPSHOT, START)
