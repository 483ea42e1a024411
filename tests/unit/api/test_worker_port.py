import pytest
from starlette.testclient import TestClient

from api.worker_port import TOKEN_HEADER, create_worker_app
from core.ids import CameraId

TOKEN = "s3cret"


@pytest.fixture
def client() -> TestClient:
    pictures = {CameraId(1): b"jpeg"}
    return TestClient(create_worker_app(TOKEN, pictures.get, lambda: b"up 1\n"))


@pytest.mark.parametrize(
    "headers", [{}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "s3cre"}, {TOKEN_HEADER: "s3cret "[:-1] + "x"}]
)
@pytest.mark.parametrize("path", ["/latest/1", "/metrics", "/nothing"])
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
