import logging

import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict
from starlette.testclient import TestClient

from api.problems import CatchTheRest, Kind, answer_with_problems, kind_of
from core.errors import BadInput, Conflict, NotFound, SharpEyesError, Unavailable


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int


@pytest.fixture
def client() -> TestClient:
    app = FastAPI(redirect_slashes=False)
    answer_with_problems(app)
    app.add_middleware(CatchTheRest)

    @app.get("/fail/{how}")
    def fail(how: str) -> None:
        raise {
            "input": BadInput("zone 3 is none", field="zone", hint="name another"),
            "missing": NotFound("there is no zone 3"),
            "taken": Conflict("the name is taken"),
            "away": Unavailable("the disk is full"),
            "ours": SharpEyesError("sealed with hunter2"),
            "any": RuntimeError("postgresql://user:hunter2@host"),
        }[how]

    @app.post("/things")
    def add(thing: Thing, n: int = Query(default=1, le=5)) -> None:
        del thing, n

    return TestClient(app)


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("input", 422, "bad_input"),
        ("missing", 404, "not_found"),
        ("taken", 409, "conflict"),
        ("away", 503, "unavailable"),
        ("ours", 500, "internal_error"),
        ("any", 500, "internal_error"),
    ],
)
def test_each_error_has_its_number_and_code(client: TestClient, how: str, status: int, code: str) -> None:
    answer = client.get(f"/fail/{how}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["code"], answer.json()["type"]) == (status, code, "about:blank")


def test_a_subclass_is_answered_like_its_parent() -> None:
    class SealBroken(BadInput):
        pass

    assert kind_of(SealBroken("broken")) is Kind.BAD_INPUT


def test_field_and_hint_are_told_where_there_are_some(client: TestClient) -> None:
    told = client.get("/fail/input").json()
    assert (told["detail"], told["field"], told["hint"]) == ("zone 3 is none", "zone", "name another")
    assert {"field", "hint", "errors"}.isdisjoint(client.get("/fail/missing").json())


@pytest.mark.parametrize("how", ["ours", "any"])
def test_what_nobody_foresaw_is_logged_under_an_id_and_not_told(
    client: TestClient, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "api.problems"):
        answer = client.get(f"/fail/{how}")
    number = answer.json()["detail"].rsplit(" ", 1)[1]
    assert "hunter2" not in answer.text
    assert [number in record.getMessage() for record in caplog.records] == [True]


def test_every_fault_of_a_body_is_named(client: TestClient) -> None:
    told = client.post("/things?n=9", json={"size": "big", "colour": 1}).json()
    assert [fault["field"] for fault in told["errors"]] == ["n", "name", "size", "colour"]
    assert told["field"] == "n"
    assert "name: is required" in told["detail"]


def test_a_made_up_field_with_a_strange_name_is_not_repeated(client: TestClient) -> None:
    answer = client.post("/things", json={"name": "a", "size": 1, "rtsp://u:hunter2@h": 1})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"size": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_a_problem_too(client: TestClient, body: bytes) -> None:
    answer = client.post("/things", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("bad_request", "bad_input")


def test_paths_and_methods_that_are_not_there_are_problems(client: TestClient) -> None:
    assert client.get("/nothing").json()["code"] == "not_found"
    answer = client.put("/things")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "method_not_allowed", "POST")
