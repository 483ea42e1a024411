"""Facets and histograms say what the list has, and nothing of what is hidden."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.access import Right, Role
from core.ids import CameraId
from registry.uptime.days import Days
from tests.support import builders
from tests.system.api.conftest import EVENTS, SETTINGS, City, a_city
from tests.system.api.two_departments import TwoDepartments, two_departments


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDepartments]:
    with two_departments(tmp_path_factory.mktemp("two")) as found:
        yield found


def counted(facet: dict[str, Any]) -> dict[Any, int]:
    assert facet["at_least"] is False
    assert [one["count"] for one in facet["counts"]] == sorted((one["count"] for one in facet["counts"]), reverse=True)
    return {one["value"]: one["count"] for one in facet["counts"]}


def listed(city: City, of: str, **query: Any) -> dict[Any, int]:
    """How often each value of `of` stands in the list."""
    found = city.get("/events", limit=1000, **query).json()["items"]
    return dict(Counter(one[of]["id"] if isinstance(one[of], dict) else one[of] for one in found))


FILTER = {"label": ["person", "car"], "severity": [1, 2, 3], "camera": [1, 2, 3, 5], "min_score": 0.3}


def test_each_facet_counts_what_the_list_has_without_its_own_filter(city: City) -> None:
    found = city.get("/events/facets", **FILTER).json()
    facets = {"label": "labels", "kind": "kinds", "severity": "severities", "camera": "cameras"}
    for name, facet in facets.items():
        others = {key: value for key, value in FILTER.items() if key != name}
        assert counted(found[facet]) == listed(city, name, **others), name
    assert counted(found["departments"]) == listed(city, "department", **FILTER)
    assert found["total"] == {"count": sum(listed(city, "kind", **FILTER).values()), "at_least": False}
    assert len(counted(found["labels"])) > 2
    assert found["counted_to"] is None


def test_departments_and_cameras_are_told_by_name(city: City) -> None:
    found = city.get("/events/facets", camera=3).json()
    assert {one["name"] for one in found["departments"]["counts"]} == {"City"}
    assert {(one["value"], one["name"]) for one in found["cameras"]["counts"]} >= {(3, "Camera 3"), (4, "Camera 4")}


@pytest.mark.parametrize("bucket", ["minute", "five_minutes", "hour", "day", "week", "month"])
def test_buckets_follow_each_other_without_a_gap_and_hold_every_event_once(city: City, bucket: str) -> None:
    span = {"from_": "2026-05-01T07:10:30Z", "to": "2026-05-01T10:00:00Z"}
    found = city.get("/events/histogram", bucket=bucket, **span).json()
    assert (found["bucket"], found["time_zone"], found["at_least"]) == (bucket, "UTC", False)
    buckets = found["buckets"]
    assert all(one["end"] == after["start"] for one, after in pairwise(buckets))
    assert sum(one["count"] for one in buckets) == len(city.get("/events", limit=1000, **span).json()["items"]) == 240
    for one in buckets[:: max(1, len(buckets) // 7)]:
        inside = {"from_": max(one["start"], found["from"]), "to": min(one["end"], found["to"])}
        assert one["count"] == len(city.get("/events", limit=1000, **inside).json()["items"])


def test_the_bucket_is_chosen_by_the_time_asked_for(city: City) -> None:
    def chosen(to: str) -> str:
        answer = city.get("/events/histogram", from_="2026-05-01T00:00:00Z", to=to)
        return str(answer.json()["bucket"])

    lengths = ["minute", "five_minutes", "hour", "day", "week", "month"]
    found = [
        lengths.index(chosen(to)) for to in ("2026-05-01T00:30:00Z", "2026-05-03T00:00:00Z", "2028-05-01T00:00:00Z")
    ]
    assert found == sorted(set(found))


def test_without_a_time_the_last_thirty_days_are_told_with_today(city: City) -> None:
    found = city.get("/events/histogram").json()
    from_at, to_at = (datetime.fromisoformat(found[name]) for name in ("from", "to"))
    assert to_at - from_at == timedelta(days=30)
    assert to_at - timedelta(days=1, minutes=5) < city.services.clock.now() < to_at
    assert len(found["buckets"]) >= 30
    [minutes] = [city.get("/events/histogram", bucket="minute").json()]
    assert len(minutes["buckets"]) == 24 * 60


def test_days_are_as_long_as_the_citys_clocks_make_them(tmp_path: Path) -> None:
    with a_city(tmp_path, SETTINGS, days=Days(ZoneInfo("Europe/Berlin"))) as city:
        moments = [
            datetime(2026, 3, 28, 22, 59, tzinfo=UTC),
            datetime(2026, 3, 28, 23, 1, tzinfo=UTC),  # the clocks go forward on the day that has just begun
            datetime(2026, 3, 29, 21, 59, tzinfo=UTC),
            datetime(2026, 3, 29, 22, 1, tzinfo=UTC),
            datetime(2026, 10, 25, 22, 59, tzinfo=UTC),  # they go back: the 25th hour of that day
        ]
        city.write(*(builders.an_event(900 + n, camera=CameraId(1), at=at) for n, at in enumerate(moments)))

        def days(from_: str, to: str) -> list[tuple[float, int]]:
            found = city.get("/events/histogram", bucket="day", from_=from_, to=to).json()["buckets"]
            lengths = [datetime.fromisoformat(one["end"]) - datetime.fromisoformat(one["start"]) for one in found]
            return [(long / timedelta(hours=1), one["count"]) for long, one in zip(lengths, found, strict=True)]

        spring = days("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z")
        assert spring == [(24, 1), (23, 2), (24, 1)]
        assert days("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z") == [(25, 1), (24, 0)]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("facets", {"label": "a\0"}, "label[0]"),
        ("facets", {"limit": "5"}, "limit"),
        ("facets", {"polygon": "1,2;3"}, "polygon"),
        ("facets", {"from": "2026-05-02T00:00:00Z", "to": "2026-05-01T00:00:00Z"}, "from"),
        ("histogram", {"bucket": "year"}, "bucket"),
        ("histogram", {"bucket": "minute", "from": "2026-01-01T00:00:00Z"}, "bucket"),
        ("histogram", {"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T00:00:00Z", "bucket": "day"}, "bucket"),
        ("histogram", {"order": "oldest"}, "order"),
    ],
)
def test_what_cannot_be_counted_is_named(city: City, path: str, query: dict[str, str], field: str) -> None:
    answer = city.client.get(f"/api/v1/events/{path}", params=query)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


@pytest.mark.parametrize("query", [{"to": "1970-01-01T00:00:00Z"}, {"from": "9999-12-31T00:00:00Z"}])
def test_a_time_that_no_event_can_have_has_none(city: City, query: dict[str, str]) -> None:
    answer = city.client.get("/api/v1/events/histogram", params=query)
    assert answer.status_code == 200, answer.text
    assert sum(one["count"] for one in answer.json()["buckets"]) == 0


def test_what_is_hidden_is_not_counted_and_not_named(town: TwoDepartments) -> None:
    may = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    with town.client(Role.VIEWER, town.water.department) as client:
        for asked in ({}, {"camera": town.rail.camera}, {"department": town.rail.department}):
            count = 0 if asked else 1
            answer = client.get("/events/facets", params=asked)
            assert answer.json()["total"] == {"count": count, "at_least": False}
            assert "Rail" not in answer.text
            buckets = client.get("/events/histogram", params={**may, **asked}).json()["buckets"]
            assert sum(one["count"] for one in buckets) == count
    with town.client(Role.AUDITOR, None) as client:
        assert client.get("/events/facets").json()["total"]["count"] == 0
    with town.client(Role.CITY_ADMIN, None) as client:
        assert client.get("/events/facets").json()["total"]["count"] == EVENTS + 2


def test_a_grant_counts_from_when_it_is_given(tmp_path: Path) -> None:
    with two_departments(tmp_path) as own_town, own_town.client(Role.VIEWER, own_town.water.department) as client:
        own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS, history=False)
        assert client.get("/events/facets").json()["total"]["count"] == 1
        own_town.write(own_town.rail, 30)
        found = client.get("/events/facets").json()
        assert found["total"]["count"] == 2
        assert {one["name"]: one["count"] for one in found["departments"]["counts"]} == {"Water": 1, "Rail": 1}


def test_counts_are_on_record_once_in_five_minutes_for_each_filter(town: TwoDepartments) -> None:
    client, key = town.client_and_key(Role.VIEWER, town.water.department)
    with client:
        for query in ({"label": "car"}, {"label": "car"}, {"label": "bus"}, {"label": "car"}):
            client.get("/events/facets", params=query)
            client.get("/events/histogram", params={"bucket": "day", **query})
    rows = town.recorded("search", key)
    assert [(row["detail"]["counted"], row["detail"]["filters"]) for row in rows] == [
        ("facets", {"label": ["car"]}),
        ("histogram", {"bucket": "day", "label": ["car"]}),
        ("facets", {"label": ["bus"]}),
        ("histogram", {"bucket": "day", "label": ["bus"]}),
    ]
    assert all(row["departments"] == {town.water.department} for row in rows)


def test_who_shares_a_single_camera_has_counts_of_it_on_record(tmp_path: Path) -> None:
    with two_departments(tmp_path) as own_town:
        own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS, on_camera=True)
        client, key = own_town.client_and_key(Role.VIEWER, own_town.water.department)
        with client:
            assert client.get("/events/facets").json()["total"]["count"] == 2
            assert client.get("/events/histogram", params={"bucket": "week"}).status_code == 200
        owners = {own_town.water.department, own_town.rail.department}
        assert [row["departments"] for row in own_town.recorded("search", key)] == [owners, owners]
