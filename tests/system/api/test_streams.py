from typing import Any

import pytest

from core.camera import Login, StreamId
from registry import stream_secrets, streams
from tests.system.api.conftest import City


def a_stream(city: City, url: str = "rtsp://viewer:secret@old.example/a") -> dict[str, Any]:
    answer = city.client.post("/api/v1/cameras/1/streams", json={"role": "record", "url": url})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def kept(city: City, stream: int) -> Login | None:
    with city.services.database.read() as connection:
        row = streams.get(connection, StreamId(stream))
        return stream_secrets.get(connection, city.services.sealing_key, row)


def password(city: City, stream: int) -> str | None:
    login = kept(city, stream)
    return login.password if login else None


def changed(city: City, stream: int, **fields: Any) -> dict[str, Any]:
    answer = city.client.patch(f"/api/v1/streams/{stream}", json=fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_new_path_on_the_same_camera_keeps_the_login(own_city: City) -> None:
    stream = a_stream(own_city)
    assert changed(own_city, stream["id"], url="rtsp://old.example/b")["has_login"]
    assert password(own_city, stream["id"]) == "secret"


@pytest.mark.parametrize("url", ["rtsp://new.example/a", "rtsp://old.example:8554/a", "rtsps://old.example/a"])
def test_a_login_does_not_follow_to_another_server(own_city: City, url: str) -> None:
    stream = a_stream(own_city)
    assert not changed(own_city, stream["id"], url=url)["has_login"]
    assert password(own_city, stream["id"]) is None


def test_a_new_login_replaces_the_old_one(own_city: City) -> None:
    stream = a_stream(own_city)
    assert changed(own_city, stream["id"], url="rtsp://viewer:other@old.example/a")["has_login"]
    assert password(own_city, stream["id"]) == "other"


def test_other_fields_leave_url_and_login_alone(own_city: City) -> None:
    stream = a_stream(own_city)
    fingerprint = ":".join(["AB"] * 32)
    told = changed(own_city, stream["id"], role="live", pinned_certificate=fingerprint)
    assert told == {**stream, "role": "live", "pinned_certificate": "ab" * 32}
    assert password(own_city, stream["id"]) == "secret"
    assert changed(own_city, stream["id"], pinned_certificate=None)["pinned_certificate"] is None


def test_a_token_in_the_query_is_sealed_and_not_told(own_city: City) -> None:
    stream = a_stream(own_city, "rtsp://old.example/a?channel=1&token=s3cr3t")
    assert (stream["url"], stream["has_login"]) == ("rtsp://old.example/a?channel=1&token=***", True)
    assert kept(own_city, stream["id"]) == Login("", "", ("s3cr3t",))
    with own_city.services.database.read() as connection:
        assert streams.get(connection, StreamId(stream["id"])).url == stream["url"]
    answer = own_city.client.patch(f"/api/v1/streams/{stream['id']}", json={"url": stream["url"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "url")


def test_tokens_go_with_their_url_and_the_login_stays(own_city: City) -> None:
    stream = a_stream(own_city, "rtsp://viewer:secret@old.example/a?token=s3cr3t")
    changed(own_city, stream["id"], url="rtsp://old.example/b?token=new&key=other")
    assert kept(own_city, stream["id"]) == Login("viewer", "secret", ("new", "other"))
    changed(own_city, stream["id"], url="rtsp://old.example/c")
    assert kept(own_city, stream["id"]) == Login("viewer", "secret")
    changed(own_city, stream["id"], url="rtsp://new.example/c?token=new")
    assert kept(own_city, stream["id"]) == Login("", "", ("new",))
    assert not changed(own_city, stream["id"], url="rtsp://new.example/d")["has_login"]


def test_a_second_stream_of_a_role_is_a_conflict(own_city: City) -> None:
    a_stream(own_city)
    body = {"role": "record", "url": "rtsp://x.example/"}
    assert own_city.client.post("/api/v1/cameras/1/streams", json=body).status_code == 409


def test_a_removed_stream_is_gone(own_city: City) -> None:
    stream = a_stream(own_city)
    assert own_city.client.delete(f"/api/v1/streams/{stream['id']}").status_code == 204
    assert own_city.client.delete(f"/api/v1/streams/{stream['id']}").status_code == 404
    assert [one["role"] for one in own_city.get("/cameras/1/streams").json()["items"]] == ["detect"]


@pytest.mark.parametrize("path", ["/cameras/99/streams", "/cameras/99/zones", "/cameras/99/rules"])
def test_parts_of_a_camera_that_is_not_there_are_not_found(city: City, path: str) -> None:
    assert city.get(path).status_code == 404
