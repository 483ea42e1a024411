from typing import Any

import pytest

from registry.snapshot import snapshot
from tests.system.api.conftest import City
from tests.system.api.test_zones_and_rules import SQUARE, added, changed

USUAL = {"sensitivity": "normal", "ignored": [], "idle": "auto", "idle_look_s": 1.0}
CLOSELY = {"sensitivity": "high", "ignored": [SQUARE, SQUARE[:3]], "idle": "all", "idle_look_s": 0.5}


def test_a_camera_is_watched_in_the_usual_way_unless_it_says_otherwise(own_city: City) -> None:
    assert own_city.get("/cameras/1").json()["attention"] == USUAL
    camera = added(own_city, "/cameras", name="closely watched", attention=CLOSELY)
    assert camera["attention"] == CLOSELY
    assert own_city.get(f"/cameras/{camera['id']}").json()["attention"] == CLOSELY
    listed = {one["id"]: one["attention"] for one in own_city.get("/cameras").json()["items"]}
    assert (listed[camera["id"]], listed[1]) == (CLOSELY, USUAL)


def test_what_is_left_out_of_a_change_stays(own_city: City) -> None:
    assert changed(own_city, "/cameras/1", attention=CLOSELY)["attention"] == CLOSELY
    after = changed(own_city, "/cameras/1", attention={"sensitivity": "off"})
    assert after["attention"] == {**CLOSELY, "sensitivity": "off"}
    assert changed(own_city, "/cameras/1", name="renamed")["attention"] == after["attention"]
    assert changed(own_city, "/cameras/1", attention={"ignored": []})["attention"]["ignored"] == []
    with own_city.services.database.read() as connection:
        watched = snapshot(connection).cameras[0]
    assert (watched.attention.sensitivity, watched.attention.idle_look_s) == ("off", 0.5)


@pytest.mark.parametrize(
    ("attention", "field"),
    [
        ({"sensitivity": "extreme"}, "attention.sensitivity"),
        ({"idle_look_s": 0.1}, "attention.idle_look_s"),
        ({"ignored": [SQUARE] * 17}, "attention.ignored"),
        ({"ignored": [SQUARE, [[0, 0], [1, 1], [1, 0], [0, 1]]]}, "attention.ignored[1]"),
        ({"idle": None}, "attention.idle"),
        ({"fps": 5}, "attention.fps"),
        (None, "attention"),
    ],
)
def test_nonsense_is_refused_with_its_place(city: City, attention: Any, field: str) -> None:
    for answer in (
        city.client.post("/api/v1/cameras", json={"name": "another", "attention": attention}),
        city.client.patch("/api/v1/cameras/1", json={"attention": attention}),
    ):
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert city.get("/cameras/1").json()["attention"] == USUAL
