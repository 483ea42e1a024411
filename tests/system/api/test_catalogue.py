"""The catalogue over HTTP: filters, map points, the overview."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.camera_facts import CameraFacts
from registry import cameras, departments, regions
from registry.departments import Sector
from registry.regions import Region
from registry.tables import stream_state

from .conftest import CAMERAS, SETTINGS, City, a_city

_AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city of ten cameras, and three more that have places, regions and an owner of their own."""
    with a_city(tmp_path_factory.mktemp("catalogue"), SETTINGS) as city:
        with city.services.database.write() as connection:
            for code, parent in (("31", None), ("3101", "31"), ("310104", "3101")):
                regions.put(connection, Region(code, f"Region {code}", parent))
            water = departments.add(connection, name="水务局", kind=Sector.WATER).id
            for name, facts in (
                ("水库大坝", CameraFacts(region="310104", longitude=121.44, latitude=31.19, address="东湖路 18 号")),
                ("泵站", CameraFacts(region="3101", longitude=121.5, latitude=31.25)),
                ("gone", CameraFacts(longitude=121.44, latitude=31.19)),
            ):
                number = cameras.add(connection, name=name, department=water, facts=facts).id
            cameras.remove(connection, number, _AT)
            state = {"stream": 1, "camera": 1, "state": "live", "since": _AT, "seen_at": _AT}
            connection.execute(stream_state.insert().values(**state, reason="", counters="{}"))
        yield city


def names(city: City, **query: Any) -> list[str]:
    answer = city.get("/cameras", **query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "大坝 东湖"}, ["水库大坝"]),
        ({"sector": "water"}, ["水库大坝", "泵站"]),
        ({"sector": ["water", "health"], "region": "310104"}, ["水库大坝"]),
        ({"department": 3, "enabled": "true"}, ["水库大坝", "泵站"]),
        ({"region": "31"}, ["水库大坝", "泵站"]),
        ({"bbox": "121.4,31.1,121.45,31.2"}, ["水库大坝"]),
        ({"near": "121.5,31.25,200"}, ["泵站"]),
        ({"state": "live"}, ["Camera 1"]),
        ({"removed": "true"}, ["gone"]),
        ({"gb_code": "31"}, []),
        ({"q": "camera", "limit": 1}, ["Camera 1"]),
    ],
)
def test_filters_can_be_combined(town: City, query: dict[str, Any], expected: list[str]) -> None:
    assert names(town, **query) == expected


@pytest.mark.parametrize("path", ["/cameras", "/camera-points"])
@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ({"q": "  "}, "q", "no words"),
        ({"q": "x" * 201}, "q", "201 characters"),
        ({"q": "a b c d e f g h i"}, "q", "9 words"),
        ({"region": "3x"}, "region", "2, 4, 6, 8, 9 or 12 digits"),
        ({"bbox": "114.4,30.5,114.2,30.7"}, "bbox", "lies east of 114.2"),
        ({"bbox": "114.2,30.7,114.4,30.5"}, "bbox", "lies north of 30.5"),
        ({"bbox": "30.5,114.2,30.7,114.4"}, "bbox", "south is 114.2"),
        ({"bbox": "1,2,3"}, "bbox", "west,south,east,north"),
        ({"bbox": "nan,30,115,31"}, "bbox", "west is nan"),
        ({"near": "30.6,114.3,100"}, "near", "seem swapped"),
        ({"near": "114.3,30.6,100001"}, "near", "at most 100000"),
        ({"near": "114.3,30.6,inf"}, "near", "radius is inf"),
        ({"near": "114.3,30.6"}, "near", "longitude,latitude,radius_m"),
        ({"gb_code": "31a"}, "gb_code", "1 to 20 digits"),
        ({"gb_code": ""}, "gb_code", "1 to 20 digits"),
        ({"state": "asleep"}, "state[0]", "live"),
        ({"sector": "army"}, "sector[0]", "education"),
        ({"department": 0}, "department[0]", "greater than or equal to 1"),
        ({"colour": "red"}, "colour", "no such field or filter"),
    ],
)
def test_a_bad_filter_is_named_with_what_was_expected(
    town: City, path: str, query: dict[str, Any], field: str, told: str
) -> None:
    answer = town.get(path, **query)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
    assert told in answer.json()["detail"]


def test_points_are_columns_packed_only_for_who_can_unpack(town: City) -> None:
    found = town.get("/camera-points", sector="water").json()
    assert (found["units_a_degree"], found["id"]) == (100_000, [CAMERAS + 1, CAMERAS + 2])
    assert (found["longitude"], found["latitude"]) == ([12_144_000, 12_150_000], [3_119_000, 3_125_000])
    assert [found["states"][place] for place in found["state"]] == [None, None]
    plain = town.client.get("/api/v1/camera-points", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"


def test_points_that_are_known_already_are_not_sent_again_until_one_is_different(town: City) -> None:
    first = town.get("/camera-points")
    again = town.client.get("/api/v1/camera-points", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = town.client.get(
        "/api/v1/camera-points", params={"region": "310104"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert other.status_code == 200


def test_the_overview_counts_by_department_sector_and_region(town: City) -> None:
    found = town.get("/overview").json()
    assert (found["cameras"], found["enabled"], found["online"]) == (CAMERAS + 2, CAMERAS + 2, 1)
    water = {"registered": 2, "enabled": 2, "online": 0}
    assert found["by_department"][-1] == {"id": 3, "name": "水务局", "kind": "water", **water}
    assert {"sector": "water", **water} in found["by_sector"]
    assert found["by_region"] == [{"code": "31", "name": "Region 31", **water}]
    below = town.get("/overview", region="3101").json()["by_region"]
    assert below == [{"code": "310104", "name": "Region 310104", "registered": 1, "enabled": 1, "online": 0}]


def test_an_overview_of_a_region_that_is_none_is_refused(town: City) -> None:
    assert town.get("/overview", region="99").status_code == 404
    refused = town.get("/overview", region="x")
    assert (refused.status_code, refused.json()["field"]) == (422, "region")
