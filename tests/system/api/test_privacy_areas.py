"""Privacy areas over HTTP: added, changed, removed, and black in whatever the API shows of a camera."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import cv2
import httpx2
import numpy as np
import pytest

from core.box import Point
from core.frame import Picture
from core.ids import CameraId, EventId
from core.privacy import MOST_PRIVACY_AREAS
from core.zone import Polygon
from events.alerts import picture_links
from events.media.blackout import areas_mark
from events.media.table import MediaKind
from registry import cameras
from tests.support.subscribing import a_subscription
from tests.support.waiting import wait_for
from tests.system.api.conftest import CLIP, PICTURE, SETTINGS, City, a_city, a_worker

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
RIGHT_HALF: list[list[float]] = [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]
RIGHT_MARK = areas_mark((Polygon(tuple(Point(x, y) for x, y in RIGHT_HALF)),))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Each test takes another camera of it."""
    with a_city(tmp_path_factory.mktemp("city"), SETTINGS) as found:
        yield found


def added(city: City, camera: int, **fields: Any) -> dict[str, Any]:
    answer = city.client.post(f"/api/v1/cameras/{camera}/privacy-areas", json=fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def event_of(city: City, camera: int) -> EventId:
    """The newest event of the camera."""
    return EventId(int(city.get("/events", camera=camera, limit=1).json()["items"][0]["id"]))


def halves(answer: httpx2.Response) -> tuple[Picture, Picture]:
    """Left and right of a picture, without what lies next to the middle."""
    assert answer.status_code == 200, answer.text
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[:, :72], np.uint8), np.asarray(picture[:, 88:], np.uint8)


def assert_right_is_black(answer: httpx2.Response) -> None:
    left, right = halves(answer)
    assert right.max() <= 12
    assert left.min() > 180


def test_an_area_is_added_changed_and_removed(city: City) -> None:
    area = added(city, 1, name="window", points=SQUARE)
    assert area == {"id": area["id"], "camera": 1, "name": "window", "points": SQUARE}
    path = f"/api/v1/privacy-areas/{area['id']}"
    assert city.client.patch(path, json={"name": "house"}).json() == {**area, "name": "house"}
    assert city.client.patch(path, json={"points": SQUARE[:3]}).json()["points"] == SQUARE[:3]
    assert [one["name"] for one in city.get("/cameras/1/privacy-areas").json()["items"]] == ["house"]
    assert city.client.delete(path).status_code == 204
    assert city.get("/cameras/1/privacy-areas").json()["items"] == []
    for answer in (city.client.delete(path), city.client.patch(path, json={"name": "x"})):
        assert (answer.status_code, answer.json()["detail"]) == (404, f"there is no privacy area {area['id']}")


@pytest.mark.parametrize("points", [SQUARE[:2], [[0, 0], [1, 1], [1, 0], [0, 1]], [[0, 0], [1, 0], [1.1, 1]], "all"])
def test_corners_that_make_no_polygon_are_refused(city: City, points: Any) -> None:
    body = json.dumps({"name": "bad", "points": points}).encode()
    answer = city.client.post(
        "/api/v1/cameras/1/privacy-areas", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"].startswith("points")
    assert city.get("/cameras/1/privacy-areas").json()["items"] == []


def test_a_name_is_taken_once_and_a_camera_has_so_many_at_most(city: City) -> None:
    for number in range(MOST_PRIVACY_AREAS):
        added(city, 2, name=f"window {number}", points=SQUARE)
    path = "/api/v1/cameras/2/privacy-areas"
    for name in ("window 0", "another"):
        answer = city.client.post(path, json={"name": name, "points": SQUARE})
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_snapshot_of_before_is_black_there_with_another_etag(city: City) -> None:
    event = event_of(city, 3)
    city.keep(event, MediaKind.SNAPSHOT, PICTURE)
    url = f"/api/v1/events/{event}/snapshot"
    before = city.client.get(url)
    assert before.content == PICTURE

    area = added(city, 3, name="house", points=RIGHT_HALF)
    after = city.client.get(url, headers={"If-None-Match": before.headers["etag"]})
    assert_right_is_black(after)
    assert after.headers["etag"].endswith(f'-{RIGHT_MARK}"')
    assert city.client.get(url, headers={"If-None-Match": after.headers["etag"]}).status_code == 304
    part = city.client.get(url, headers={"Range": "bytes=10-", "If-Range": after.headers["etag"]})
    assert (part.status_code, part.content) == (206, after.content[10:])
    head = city.client.head(url)
    assert (head.headers["content-length"], head.content) == (str(len(after.content)), b"")

    city.client.patch(f"/api/v1/privacy-areas/{area['id']}", json={"points": SQUARE})
    reshaped = city.client.get(url)
    assert reshaped.headers["etag"] not in (before.headers["etag"], after.headers["etag"])
    assert halves(reshaped)[0].min() <= 12
    assert city.client.delete(f"/api/v1/privacy-areas/{area['id']}").status_code == 204
    assert city.client.get(url).content == PICTURE


def test_a_snapshot_of_a_removed_camera_stays_black_there(city: City) -> None:
    event = event_of(city, 4)
    city.keep(event, MediaKind.SNAPSHOT, PICTURE)
    added(city, 4, name="house", points=RIGHT_HALF)
    with city.services.database.write() as connection:
        cameras.remove(connection, CameraId(4), city.services.clock.now())
    assert_right_is_black(city.client.get(f"/api/v1/events/{event}/snapshot"))


def test_a_snapshot_that_cannot_be_blacked_out_is_not_shown(city: City) -> None:
    event = event_of(city, 5)
    city.keep(event, MediaKind.SNAPSHOT, b"\xff\xd8 half a picture")
    added(city, 5, name="house", points=RIGHT_HALF)
    answer = city.client.get(f"/api/v1/events/{event}/snapshot")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "the privacy areas could not be blacked out" in answer.json()["detail"]


def test_the_picture_of_an_alert_is_black_there(city: City) -> None:
    event = event_of(city, 6)
    city.keep(event, MediaKind.SNAPSHOT, PICTURE)
    now = city.services.clock.now()
    with city.services.database.write() as connection:
        some = a_subscription(connection, "desk", at=now)
    link = picture_links.link(
        city.services.sealing_key, "https://eyes.example", event, some.id, now, timedelta(minutes=10)
    )
    url = f"/api/v1/alert-pictures/{link.url.rpartition('/')[2]}"
    with httpx2.Client(base_url=city.server.url, trust_env=False, timeout=20) as stranger:
        before = stranger.get(url)
        assert before.content == PICTURE
        added(city, 6, name="house", points=RIGHT_HALF)
        after = stranger.get(url)
    assert_right_is_black(after)
    assert after.headers["etag"] != before.headers["etag"]


def test_the_latest_picture_is_black_there_whatever_its_worker_knows(city: City) -> None:
    with a_worker(city, {CameraId(7): PICTURE, CameraId(8): b"no picture"}, watches=(7, 8)):
        assert city.get("/cameras/7/latest").content == PICTURE
        for camera in (7, 8):
            added(city, camera, name="house", points=RIGHT_HALF)
        assert_right_is_black(city.get("/cameras/7/latest"))
        assert city.get("/cameras/8/latest").status_code == 503


def test_a_masked_clip_of_before_is_not_shown_but_made_again(city: City) -> None:
    city.renderer.may_go_on.set()
    event = event_of(city, 9)
    city.keep(event, MediaKind.ORIGINAL, CLIP)
    url = f"/api/v1/events/{event}/clip"
    wait_for(lambda: city.client.get(url).status_code == 200, "the clip is made")
    before = city.client.get(url)
    area = added(city, 9, name="house", points=RIGHT_HALF)
    assert city.client.get(url, headers={"If-None-Match": before.headers["etag"]}).status_code == 202
    wait_for(lambda: city.client.get(url).status_code == 200, "the clip is made again")
    after = city.client.get(url)
    assert after.headers["etag"] == before.headers["etag"].removesuffix('"') + f'-{RIGHT_MARK}"'
    assert city.client.delete(f"/api/v1/privacy-areas/{area['id']}").status_code == 204
    assert city.client.get(url).status_code == 202
