from typing import Any

import pytest

from tests.system.api.conftest import City
from tests.system.api.test_zones_and_rules import added, changed


def test_a_line_is_added_changed_and_removed(own_city: City) -> None:
    line = added(own_city, "/cameras/1/lines", name="stop line", start=[0.1, 0.5], end=[0.9, 0.5])
    assert line == {"id": line["id"], "camera": 1, "name": "stop line", "start": [0.1, 0.5], "end": [0.9, 0.5]}
    assert own_city.get("/cameras/1/lines").json()["items"] == [line]
    assert changed(own_city, f"/lines/{line['id']}", end=[0.9, 0.7]) == {**line, "end": [0.9, 0.7]}
    assert changed(own_city, f"/lines/{line['id']}", name="kerb")["end"] == [0.9, 0.7]
    assert own_city.client.delete(f"/api/v1/lines/{line['id']}").status_code == 204
    assert own_city.get("/cameras/1/lines").json()["items"] == []
    assert own_city.client.delete(f"/api/v1/lines/{line['id']}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"start": [0.5, 0.5], "end": [0.5, 0.505]}, "end"),
        ({"start": [0.5, -0.1], "end": [0.5, 0.5]}, "start[1]"),
        ({"start": [0.5, 0.1], "end": [0.5]}, "end[1]"),
        ({"start": [0.5, 0.1]}, "end"),
        ({"start": [0.5, 0.1], "end": None}, "end"),
    ],
)
def test_ends_that_make_no_line_are_refused(city: City, fields: dict[str, Any], field: str) -> None:
    answer = city.client.post("/api/v1/cameras/1/lines", json={"name": "bad", **fields})
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


def test_a_line_that_a_rule_watches_stays_and_names_are_taken_once(own_city: City) -> None:
    line = added(own_city, "/cameras/1/lines", name="stop", start=[0, 0.5], end=[1, 0.5])
    again = own_city.client.post("/api/v1/cameras/1/lines", json={"name": "stop", "start": [0, 0], "end": [1, 1]})
    assert again.status_code == 409
    rule = added(
        own_city, "/cameras/1/rules", name="over", kind="line_crossed", labels=["car"], line=line["id"], direction=None
    )
    answer = own_city.client.delete(f"/api/v1/lines/{line['id']}")
    assert answer.status_code == 409
    assert "over" in answer.json()["detail"]
    assert own_city.client.delete(f"/api/v1/rules/{rule['id']}").status_code == 204
    assert own_city.client.delete(f"/api/v1/lines/{line['id']}").status_code == 204
