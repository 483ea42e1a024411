from datetime import timedelta

import pytest

from tests.system.api.conftest import CITY_BEGAN_AT, EVENTS, City


def test_pages_hold_every_event_once_newest_first(city: City) -> None:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        answer = city.get("/events", limit=37, **({"cursor": cursor} if cursor else {})).json()
        seen += [int(event["id"]) for event in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == sorted(city.events, reverse=True)


def test_an_event_is_told_in_the_words_of_the_contract(city: City) -> None:
    event = city.get(f"/events/{city.events[5]}").json()
    assert event == {
        "id": str(city.events[5]),
        "version": 1,
        "camera": {"id": 6, "name": "Camera 6"},
        "department": {"id": 1, "name": event["department"]["name"]},
        "rule": {"id": 1, "name": "anything"},
        "kind": "object_in_zone",
        "alarm": {"method": 5, "type": 2},
        "label": "car",
        "severity": 2,
        "zone": None,
        "line": None,
        "direction": None,
        "track": 5,
        "score": 0.05,
        "box": [0.45, 0.4, 0.55, 0.6],
        "count": None,
        "course": None,
        "started_at": "2026-05-01T08:02:30.000Z",
        "last_seen_at": "2026-05-01T08:02:35.000Z",
        "ended_at": "2026-05-01T08:02:35.000Z",
        "end_reason": "left",
        "held": False,
        "media": {
            "snapshot": {"state": "none", "reason": None, "url": None},
            "clip": {"state": "none", "reason": None, "url": None, "seconds": None},
        },
    }


def test_filters_of_different_things_must_all_hold(city: City) -> None:
    query = {"label": ["person", "car"], "camera": [1, 2, 3], "severity": [1, 2], "min_score": 0.5, "limit": 1000}
    found = city.get("/events", **query).json()["items"]
    assert found
    for event in found:
        assert event["label"] in ("person", "car")
        assert event["camera"]["id"] in (1, 2, 3)
        assert event["severity"] in (1, 2)
        assert event["score"] >= 0.5


def test_from_is_included_and_to_is_not(city: City) -> None:
    from_at, to_at = CITY_BEGAN_AT + timedelta(seconds=300), CITY_BEGAN_AT + timedelta(seconds=600)
    found = city.get("/events", from_=from_at.isoformat(), to=to_at.isoformat()).json()["items"]
    assert [int(event["id"]) for event in reversed(found)] == city.events[10:20]


def test_an_offset_in_the_time_is_understood(city: City) -> None:
    found = city.get("/events", from_="2026-05-01T16:00:00+08:00", to="2026-05-01T16:01:00+08:00").json()["items"]
    assert len(found) == 2


def test_labels_that_were_never_seen_find_nothing(city: City) -> None:
    assert city.get("/events", label="elephant").json() == {"items": [], "next": None, "searched_to": None}


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"cursor": "abc"}, "cursor", "no cursor of this list"),
        ({"cursor": "-1"}, "cursor", "no cursor of this list"),
        ({"cursor": "9" * 30}, "cursor", "no cursor of this list"),
        ({"from": "2026-05-01T08:00:00"}, "from", "must name its zone"),
        ({"from": "2026-05-01"}, "from", "must name its zone"),
        ({"from": "1767225600"}, "from", "RFC 3339"),
        ({"from": "yesterday"}, "from", "RFC 3339"),
        ({"from": "0001-01-01T00:00:00+14:00"}, "from", "years 1 to 9999"),
        ({"from": "2026-05-02T00:00:00Z", "to": "2026-05-01T00:00:00Z"}, "from", "`from` lies after `to`"),
        ({"overlap": "perhaps"}, "overlap", "boolean"),
        ({"overlap": "true"}, "overlap", "from"),
        ({"day": "fun"}, "day[0]", "monday"),
        ({"time_from": "8"}, "time_from", "22:30"),
        ({"time_from": "24:00"}, "time_from", "22:30"),
        ({"time_to": "08:00:00"}, "time_to", "22:30"),
        ({"time_to": "٠٨:٠٠"}, "time_to", "22:30"),
        ({"department": "0"}, "department[0]", "greater than or equal to 1"),
        ({"sector": "army"}, "sector[0]", "education"),
        ({"zone": "x"}, "zone[0]", "integer"),
        ({"line": "-1"}, "line[0]", "greater than or equal to 1"),
        ({"region": "3x"}, "region", "region"),
        ({"region": "3\0"}, "region", "NUL"),
        ({"q": " "}, "q", ""),
        ({"q": "x" * 600}, "q", "512"),
        ({"bbox": "1,2,3"}, "bbox", "west,south,east,north"),
        ({"bbox": "9,1,2,3"}, "bbox", "lies east of"),
        ({"bbox": "nan,1,2,3"}, "bbox", "west"),
        ({"near": "1,2"}, "near", "longitude,latitude,radius_m"),
        ({"near": "1,2,1e9"}, "near", "at most 100000"),
        ({"near": "181,2,5"}, "near", "180"),
        ({"polygon": "1,2;3,4;5"}, "polygon", "longitude,latitude;"),
        ({"polygon": "1,2;3,4"}, "polygon", "3"),
        ({"polygon": "1,2;3,4;5,95"}, "polygon", "90"),
        ({"polygon": "1,2;3,4;nan,5"}, "polygon", ""),
        ({"polygon": ";".join(["1,2"] * 101)}, "polygon", "100"),
        ({"polygon": "1,2;" * 2000}, "polygon", "5000"),
        ({"min_duration_s": "-1"}, "min_duration_s", "greater than or equal to 0"),
        ({"max_duration_s": "inf"}, "max_duration_s", "finite"),
        ({"min_duration_s": "9", "max_duration_s": "1"}, "min_duration_s", "more than max_duration_s"),
        ({"order": "best"}, "order", "newest"),
        ({"bucket": "day"}, "bucket", "there is no such field or filter"),
        ({"camera": "0"}, "camera[0]", "greater than or equal to 1"),
        ({"camera": "4194304"}, "camera[0]", "less than or equal to 4194303"),
        ({"camera": "9" * 5000}, "camera[0]", "integer"),
        ({"severity": "5"}, "severity[0]", "1, 2, 3 or 4"),
        ({"kind": "left_object"}, "kind[0]", "object_in_zone"),
        ({"label": "a\0b"}, "label[0]", "NUL"),
        ({"min_score": "1.5"}, "min_score", "less than or equal to 1"),
        ({"min_score": "nan"}, "min_score", ""),
        ({"limit": "0"}, "limit", "greater than or equal to 1"),
        ({"limit": "100000"}, "limit", "less than or equal to 1000"),
        ({"lable": "person"}, "lable", "there is no such field or filter"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(city: City, query: dict[str, str], field: str, words: str) -> None:
    answer = city.client.get("/api/v1/events", params=query)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["field"]) == ("bad_input", field)
    assert words in answer.json()["detail"]


def test_an_inverted_time_with_the_same_moment_is_an_empty_search(city: City) -> None:
    moment = "2026-05-01T08:00:00Z"
    assert city.get("/events", from_=moment, to=moment).json()["items"] == []


@pytest.mark.parametrize("event", ["1", "9223372036854775807"])
def test_an_event_that_is_not_there_is_not_found(city: City, event: str) -> None:
    answer = city.get(f"/events/{event}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("event", ["9223372036854775808", "-1", "1e5", "0x10", "٣", "1.0", "abc", "%00", "9" * 4000])
def test_what_is_no_number_of_an_event_is_refused(city: City, event: str) -> None:
    assert city.get(f"/events/{event}").status_code == 422


def test_the_whole_city_is_one_page_if_asked(city: City) -> None:
    assert len(city.get("/events", limit=1000).json()["items"]) == EVENTS
