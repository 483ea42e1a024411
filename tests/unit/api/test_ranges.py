import io

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api.ranges import Part, Unsatisfiable, file_response, wanted_part

CONTENT = bytes(range(256)) * 1000
ETAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=0-", Part(0, 100)),
        ("bytes=10-19", Part(10, 10)),
        ("bytes=90-1000", Part(90, 10)),
        ("bytes=-10", Part(90, 10)),
        ("bytes=-1000", Part(0, 100)),
        ("BYTES=99-99", Part(99, 1)),
    ],
)
def test_one_range_of_bytes_is_understood(header: str, part: Part) -> None:
    assert wanted_part(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "seconds=0-1", "bytes=0-1,5-6", ""])
def test_a_range_that_makes_no_sense_is_ignored(header: str) -> None:
    assert wanted_part(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_file_is_unsatisfiable(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted_part(header, 100)


@pytest.fixture
def client() -> TestClient:
    def answer(request: Request) -> Response:
        file = io.BytesIO(CONTENT)
        return file_response(request, file, size=len(CONTENT), etag=ETAG, media_type="video/mp4")

    return TestClient(Starlette(routes=[Route("/", answer)]))


def test_the_whole_file_says_that_parts_can_be_had(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "video/mp4"


def test_a_part_longer_than_one_chunk_is_exact(client: TestClient) -> None:
    answer = client.get("/", headers={"Range": "bytes=1000-200999"})
    assert (answer.status_code, answer.content) == (206, CONTENT[1000:201000])
    assert answer.headers["content-range"] == f"bytes 1000-200999/{len(CONTENT)}"


def test_a_part_outside_is_a_problem_which_names_the_length(client: TestClient) -> None:
    answer = client.get("/", headers={"Range": "bytes=9999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert answer.json()["code"] == "bad_range"


def test_head_tells_the_length_and_sends_no_body(client: TestClient) -> None:
    answer = client.head("/", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))


def test_if_range_of_another_version_gets_the_whole_file(client: TestClient) -> None:
    assert client.get("/", headers={"Range": "bytes=0-9", "If-Range": '"old"'}).status_code == 200
    assert client.get("/", headers={"Range": "bytes=0-9", "If-Range": f"W/{ETAG}"}).status_code == 200
    assert client.get("/", headers={"Range": "bytes=0-9", "If-Range": ETAG}).status_code == 206


@pytest.mark.parametrize("known", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*"])
def test_who_has_this_version_gets_no_body(client: TestClient, known: str) -> None:
    answer = client.get("/", headers={"If-None-Match": known})
    assert (answer.status_code, answer.content) == (304, b"")
