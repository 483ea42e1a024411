"""Who follows with a filter hears of what fits now, also when cameras are changed meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.access import Role
from core.ids import CameraId, EventId
from core.rule import Severity
from registry import cameras
from tests.support.waiting import wait_for
from tests.system.api.conftest import CITY_BEGAN_AT, EVENTS, City, an_event
from tests.system.api.test_follow_scope import Heard, following
from tests.system.api.two_departments import two_departments


@contextmanager
def following_with(city: City, **query: Any) -> Iterator[Heard]:
    path = str(city.client.build_request("GET", "/api/v1/event-changes", params=query).url)
    with following(city.client, path) as heard:
        yield heard


def write(city: City, n: int, **changed: Any) -> EventId:
    [written] = city.write(replace(an_event(EVENTS + n, camera=changed.pop("camera", None)), **changed))
    return written


def test_what_fits_is_told_and_the_rest_is_not(own_city: City) -> None:
    with following_with(own_city, label=["dog", "cat"], severity=1) as heard:
        write(own_city, 1, label="dog", severity=Severity.LOW)
        write(own_city, 2, label="horse", severity=Severity.EMERGENCY)
        fits = write(own_city, 3, label="cat", severity=Severity.EMERGENCY)
        heard.has(fits)
        assert heard.events == [str(fits)]
        assert len(heard.seqs) == 2  # where it began, and the one that was told


def test_a_version_that_fits_is_told_and_one_that_fits_no_more_is_not(own_city: City) -> None:
    with following_with(own_city, max_duration_s=10) as heard:
        event = an_event(EVENTS + 1)
        own_city.write(event)
        heard.has(event.id)
        later = replace(event, version=2, last_seen_at=event.started_at.replace(year=2027))
        own_city.write(later)
        after = write(own_city, 2)
        heard.has(after)
        assert heard.events == [str(event.id), str(after)]


def test_a_camera_that_is_called_otherwise_fits_by_its_new_name(own_city: City) -> None:
    numbers = iter(range(1, 1000))

    def is_told(heard: Heard, camera: int) -> bool:
        asked, later = write(own_city, next(numbers), camera=camera), write(own_city, next(numbers), camera=9)
        heard.has(later)
        return str(asked) in heard.events

    def call(camera: int, name: str) -> None:
        with own_city.services.database.write() as connection:
            known = cameras.get(connection, CameraId(camera))
            cameras.change(connection, replace(known, name=name), CITY_BEGAN_AT)

    call(9, "harbour east")
    with following_with(own_city, q="harbour") as heard:
        assert not is_told(heard, 3)
        call(3, "harbour west")
        wait_for(lambda: is_told(heard, 3), "the new name is followed", 10)
        call(3, "a street")
        wait_for(lambda: not is_told(heard, 3), "the name of now is followed", 10)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"lable": "car"}, "lable"),
        ({"limit": "1"}, "limit"),
        ({"order": "oldest"}, "order"),
        ({"bbox": "1"}, "bbox"),
        ({"q": " "}, "q"),
        ({"polygon": "1,2;3,4"}, "polygon"),
        ({"severity": "9"}, "severity[0]"),
    ],
)
def test_what_cannot_be_followed_is_named(city: City, query: dict[str, str], field: str) -> None:
    answer = city.client.get("/api/v1/event-changes", params=query)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


def test_a_filter_shows_nothing_that_is_hidden_and_goes_on_record(tmp_path: Path) -> None:
    with two_departments(tmp_path) as town:
        client, key = town.client_and_key(Role.VIEWER, town.water.department)
        both = f"camera={town.water.camera}&camera={town.rail.camera}"
        with client, following(client, f"/event-changes?{both}") as heard:
            town.write(town.rail, 30)
            shown = town.write(town.water, 31)
            heard.has(shown)
            assert heard.events == [str(shown)]
        [begun] = town.recorded("follow_begun", key)
        assert begun["detail"]["filters"] == {"camera": [town.water.camera, town.rail.camera]}
