"""Each filter of events finds what it means: in the list, in counts, in a file, and as it happens."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.system.api.searched_town import IN_JUNE, SearchedTown, searched_town

FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["school", "pump", "weir"]),
    ({"from": "2026-06-02T00:00:00Z"}, ["school", "pump"]),
    ({"to": "2026-06-02T15:30:00Z"}, ["weir"]),
    ({"from": "2026-06-02T15:31:00Z"}, ["school"]),
    ({"day": "saturday"}, ["school"]),
    ({"day": ["monday", "tuesday"]}, ["pump", "weir"]),
    ({"time_from": "22:00", "time_to": "06:00"}, ["school", "pump"]),
    ({"time_from": "08:00", "time_to": "10:00"}, ["weir"]),
    ({"time_from": "09:00", "time_to": "09:01"}, ["weir"]),
    ({"time_to": "06:00"}, ["school"]),
    ({"time_from": "23:30"}, ["pump"]),
    ({"day": "friday", "time_from": "22:00", "time_to": "06:00"}, ["school"]),
    ({"label": ["person", "car"]}, ["pump", "weir"]),
    ({"kind": "loitering"}, ["school"]),
    ({"severity": ["1", "4"]}, ["school", "weir"]),
    ({"department": "Water"}, ["pump", "weir"]),
    ({"department": "Pumps"}, ["pump"]),
    ({"sector": "water"}, ["weir"]),
    ({"sector": ["education", "community"]}, ["school", "pump"]),
    ({"camera": "the school"}, ["school"]),
    ({"zone": "the zone"}, ["weir"]),
    ({"line": "the line"}, ["pump"]),
    ({"region": "3101"}, ["pump", "weir"]),
    ({"region": "310104"}, ["weir"]),
    ({"q": "水闸"}, ["weir"]),
    ({"q": "school gate"}, ["school"]),
    ({"bbox": "121.4,31.1,121.45,31.3"}, ["weir"]),
    ({"bbox": "0,0,1,1"}, []),
    ({"near": "121.47,31.23,1000"}, ["pump"]),
    ({"polygon": "121.46,31.22;121.48,31.22;121.47,31.25"}, ["pump"]),
    ({"polygon": "121.4,31.1;121.5,31.1;121.5,31.15"}, []),
    ({"min_score": "0.5"}, ["school", "weir"]),
    ({"min_duration_s": "100"}, ["school", "pump"]),
    ({"max_duration_s": "120"}, ["pump", "weir"]),
    ({"min_duration_s": "6", "max_duration_s": "200", "label": ["car", "person"]}, ["pump"]),
]
OVERLAP = {"from": "2026-06-02T15:31:00Z", "overlap": "true"}
IDS = [" ".join(f"{name}={value}" for name, value in query.items()) or "none" for query, _ in FILTERS]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchedTown]:
    with searched_town(tmp_path_factory.mktemp("searched")) as found:
        yield found


def found(town: SearchedTown, query: dict[str, Any], **more: str) -> list[str]:
    answer = town.city.client.get("/api/v1/events", params={**town.query(query), **more})
    assert answer.status_code == 200, answer.text
    return town.named([one["id"] for one in answer.json()["items"]])


@pytest.mark.parametrize(("query", "expected"), [*FILTERS, (OVERLAP, ["school", "pump"])], ids=[*IDS, "overlap"])
def test_a_filter_finds_what_it_means_in_the_list_in_counts_and_in_a_file(
    town: SearchedTown, query: dict[str, Any], expected: list[str]
) -> None:
    assert found(town, query) == expected
    assert found(town, query, order="oldest") == expected[::-1]
    asked = town.query(query)
    facets = town.city.client.get("/api/v1/events/facets", params=asked).json()
    assert facets["total"] == {"count": len(expected), "at_least": False}
    if query != OVERLAP:  # what had started before lies in no bucket
        asked_to = {"to": "2026-06-10T00:00:00Z", **asked}
        buckets = town.city.client.get("/api/v1/events/histogram", params=asked_to).json()["buckets"]
        assert sum(one["count"] for one in buckets) == len(expected)
    taken = town.city.client.get("/api/v1/events.ndjson", params=asked).text.splitlines()
    assert town.named([json.loads(line)["id"] for line in taken]) == expected


@pytest.mark.parametrize("query", [{"label": "car"}, {"day": "saturday"}, {"region": "3101"}, {"min_duration_s": "6"}])
def test_a_filter_lets_through_what_it_means_as_it_happens(town: SearchedTown, query: dict[str, Any]) -> None:
    expected = found(town, query)
    told: list[str] = []
    with town.city.client.stream(
        "GET", "/api/v1/event-changes", params=town.query(query), headers={"Last-Event-ID": "0"}
    ) as answer:
        assert answer.status_code == 200, answer.read()
        for line in answer.iter_lines():
            if line.startswith("data: "):
                told.append(json.loads(line[6:])["id"])
            if line.startswith(":"):  # nothing came for a while: all that there was is told
                break
    assert town.named(told) == expected[::-1]


def test_following_takes_no_overlap(town: SearchedTown) -> None:
    answer = town.city.client.get("/api/v1/event-changes", params={"from": IN_JUNE, "overlap": "true"})
    assert (answer.status_code, answer.json()["field"]) == (422, "overlap")
