"""Requests over HTTP that are sent twice, and act once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from api.app import api_server
from core.access import Right, Role
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.idempotency_table import idempotency
from registry.key_ring import ring_of
from registry.sealing_key import SealingKey
from tests.system.api.asking import a_client, as_role, grant
from tests.system.api.conftest import City
from tests.system.api.registering import a_camera, a_key, send


class TestSentTwice:
    def test_a_repetition_makes_nothing_and_gets_the_same_answer(self, city: City) -> None:
        body = {"name": "once", "streams": [{"url": "rtsp://ann:hunter2@10.0.0.1/a"}]}
        key = a_key()
        first, second = (send(city, "POST", "/cameras", body, Idempotency_Key=key) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert second.json() == first.json()
        for header in ("location", "etag", "content-type"):
            assert second.headers[header] == first.headers[header]
        assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
        assert len(city.get("/cameras", q="once").json()["items"]) == 1
        with city.services.database.read() as connection:
            assert "hunter2" not in str(connection.execute(select(idempotency)).all())

    def test_a_repetition_is_known_after_the_sealing_key_was_changed(self, city: City) -> None:
        key, body = a_key(), {"name": "before and after the rotation"}
        first = send(city, "POST", "/cameras", body, Idempotency_Key=key)
        keys = ring_of(SealingKey(b"n" * 32), city.services.sealing_key.current)
        services = replace(city.services, sealing_key=keys)
        with api_server(services) as server, a_client(server, city.key) as client:
            second = send(replace(city, client=client), "POST", "/cameras", body, Idempotency_Key=key)
        assert (second.status_code, second.json()) == (201, first.json())

    def test_another_request_under_the_key_is_refused(self, city: City) -> None:
        key = a_key()
        assert send(city, "POST", "/departments", {"name": "first"}, Idempotency_Key=key).status_code == 201
        for path, body in (("/departments", {"name": "second"}), ("/cameras", {"name": "first"})):
            answer = send(city, "POST", path, body, Idempotency_Key=key)
            assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")

    def test_a_request_that_failed_may_be_corrected_under_its_key(self, city: City) -> None:
        key = a_key()
        assert send(city, "POST", "/cameras", {"name": "Camera 1"}, Idempotency_Key=key).status_code == 409
        assert send(city, "POST", "/cameras", {"name": "Camera one"}, Idempotency_Key=key).status_code == 201

    @pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a blank in it", "\u00e9" * 20])
    def test_a_key_of_bad_form_is_refused(self, city: City, key: str) -> None:
        headers = [(b"Idempotency-Key", key.encode("latin-1"))]
        answer = city.client.post("/api/v1/departments", json={"name": "never"}, headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")

    def test_whatever_is_made_is_made_once(self, city: City) -> None:
        send(city, "PUT", "/regions/31", {"name": "上海市"})
        camera = a_camera(city)["id"]
        corners = [[0, 0], [1, 0], [1, 1]]
        for path, body in {
            "/departments": {"name": "made once"},
            f"/cameras/{camera}/streams": {"url": "rtsp://10.0.0.1/a"},
            f"/cameras/{camera}/zones": {"name": "yard", "points": corners},
            f"/cameras/{camera}/privacy-areas": {"name": "window", "points": corners},
            f"/cameras/{camera}/lines": {"name": "kerb", "start": [0, 0], "end": [1, 1]},
            f"/cameras/{camera}/rules": {"name": "people", "labels": ["person"]},
            "/departments/1/rules": {"name": "people everywhere", "labels": ["person"]},
            "/gb-codes": {"region": "31", "industry": "11"},
        }.items():
            key = a_key()
            first, second = (send(city, "POST", path, body, Idempotency_Key=key) for _ in range(2))
            assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json()), path
            assert second.headers["idempotency-replayed"] == "true"

    def test_a_key_is_of_who_sent_it(self, city: City) -> None:
        key, body = a_key(), {"name": "of two"}
        other = as_role(city, Role.CITY_ADMIN)
        assert send(city, "POST", "/cameras", body, Idempotency_Key=key).status_code == 201
        theirs = send(other, "POST", "/cameras", body, Idempotency_Key=key)
        assert (theirs.status_code, "idempotency-replayed" in theirs.headers) == (409, False)
        another = send(other, "POST", "/cameras", {"name": "of the other"}, Idempotency_Key=key)
        assert (another.status_code, another.json()["name"]) == (201, "of the other")

    def test_who_may_not_any_more_gets_no_answer_of_before(self, city: City) -> None:
        department = send(city, "POST", "/departments", {"name": "for a while"}).json()["id"]
        number = grant(city, department, Right.MANAGE, department=1)
        asker, key = as_role(city, Role.OPERATOR, department), a_key()
        body = {"name": "by grant", "department": 1}
        assert send(asker, "POST", "/cameras", body, Idempotency_Key=key).status_code == 201
        with city.services.database.write() as connection:
            connection.execute(update(access_grant).where(access_grant.c.id == number).values(state="revoked"))
            raise_access_version(connection)
        assert send(asker, "POST", "/cameras", body, Idempotency_Key=key).status_code == 403

    def test_of_many_at_once_one_is_made(self, city: City) -> None:
        key = a_key()
        with ThreadPoolExecutor(6) as pool:
            answers = list(
                pool.map(lambda _: send(city, "POST", "/cameras", {"name": "rush"}, Idempotency_Key=key), range(12))
            )
        assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
        assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
