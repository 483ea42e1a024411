from contextlib import ExitStack
from socket import create_connection

import httpx2
import pytest
from starlette.testclient import TestClient

from api.trial_words import TrialOrder
from api.worker_port import TOKEN_HEADER, create_worker_app, worker_server
from core.errors import BadInput, Unavailable
from core.ids import CameraId
from tests.support.builders import START, a_rule, after
from tests.support.rule_desk import ACCOUNT, TRIED, FakeDesk

TOKEN = "s3cret"


@pytest.fixture
def client() -> TestClient:
    pictures = {CameraId(1): b"jpeg"}
    return TestClient(create_worker_app(TOKEN, pictures.get, lambda: b"up 1\n", FakeDesk()))


@pytest.mark.parametrize(
    "headers", [{}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "s3cre"}, {TOKEN_HEADER: "s3cret "[:-1] + "x"}]
)
@pytest.mark.parametrize("path", ["/latest/1", "/metrics", "/account/1", "/nothing"])
def test_nothing_is_answered_without_the_token(client: TestClient, headers: dict[str, str], path: str) -> None:
    assert client.get(path, headers=headers).status_code == 401


def test_the_latest_picture_is_served(client: TestClient) -> None:
    answer = client.get("/latest/1", headers={TOKEN_HEADER: TOKEN})
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"jpeg", "image/jpeg")


def test_a_camera_without_a_picture_yet_has_no_content(client: TestClient) -> None:
    assert client.get("/latest/2", headers={TOKEN_HEADER: TOKEN}).status_code == 204


@pytest.mark.parametrize("camera", ["0", "4194304", "99999999999999999999"])
def test_numbers_that_no_camera_has_are_not_found(client: TestClient, camera: str) -> None:
    assert client.get(f"/latest/{camera}", headers={TOKEN_HEADER: TOKEN}).status_code == 404


def test_metrics_are_served_as_they_are(client: TestClient) -> None:
    assert client.get("/metrics", headers={TOKEN_HEADER: TOKEN}).content == b"up 1\n"


def no_picture(camera: CameraId) -> None:
    return None


ORDER = TrialOrder(rule=a_rule(), from_at=START, to_at=after(60))


def test_an_account_is_served_of_one_camera_or_of_all(client: TestClient) -> None:
    for path, status in (("/account/1", 200), ("/account/1?camera=7", 200), ("/account/2", 204)):
        answer = client.get(path, headers={TOKEN_HEADER: TOKEN})
        assert answer.status_code == status
        assert answer.content == (ACCOUNT.model_dump_json().encode() if status == 200 else b"")
    assert client.get("/account/1?camera=0", headers={TOKEN_HEADER: TOKEN}).status_code == 404


def test_a_rule_is_tried_as_it_was_sent() -> None:
    desk = FakeDesk()
    client = TestClient(create_worker_app(TOKEN, no_picture, bytes, desk))
    answer = client.post("/try", content=ORDER.model_dump_json(), headers={TOKEN_HEADER: TOKEN})
    assert (answer.status_code, answer.json()) == (200, TRIED.model_dump(mode="json", by_alias=True))
    assert desk.orders == [ORDER]


@pytest.mark.parametrize(
    ("fault", "status"), [(BadInput("no", field="rule.kind", hint="so"), 422), (Unavailable("no", hint="so"), 503)]
)
def test_why_a_rule_cannot_be_tried_is_told(fault: BadInput | Unavailable, status: int) -> None:
    client = TestClient(create_worker_app(TOKEN, no_picture, bytes, FakeDesk(fault)))
    answer = client.post("/try", content=ORDER.model_dump_json(), headers={TOKEN_HEADER: TOKEN})
    field = fault.field if isinstance(fault, BadInput) else None
    assert (answer.status_code, answer.json()) == (status, {"message": "no", "hint": "so", "field": field})


@pytest.mark.parametrize("body", ["", "{}", '{"rule": 5}'])
def test_an_order_that_cannot_be_read_is_refused(client: TestClient, body: str) -> None:
    assert client.post("/try", content=body, headers={TOKEN_HEADER: TOKEN}).status_code == 422


def test_live_views_take_no_places_from_what_else_is_asked() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(worker_server(TOKEN, no_picture, lambda: b"up 1\n", FakeDesk(), most_live=50))
        for _ in range(300):
            stack.enter_context(create_connection((server.host, server.port)))
        answer = httpx2.get(f"{server.url}/metrics", headers={TOKEN_HEADER: TOKEN}, trust_env=False, timeout=10)
        assert answer.content == b"up 1\n"
