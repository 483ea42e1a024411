import pytest
from starlette.testclient import TestClient

from api.live_port import PartReader, packed
from api.worker_port import TOKEN_HEADER, create_worker_app
from core.errors import Unavailable
from core.ids import CameraId
from core.live_part import LiveKind, LivePart
from tests.support.live_feed import JPEG, FakeFeed
from tests.support.rule_desk import FakeDesk

TOKEN = "s3cret"
PARTS = [LivePart(LiveKind.STILL_HERE), LivePart(LiveKind.PICTURE, JPEG), LivePart(LiveKind.FRAGMENT, bytes(70_000))]


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
def client(feed: FakeFeed) -> TestClient:
    return TestClient(create_worker_app(TOKEN, lambda camera: None, bytes, FakeDesk(), feed))


@pytest.mark.parametrize("size", [1, 3, 5, 1000, 1_000_000])
def test_parts_are_found_however_they_come(size: int) -> None:
    sent, reader, found = b"".join(map(packed, PARTS)), PartReader(), list[LivePart]()
    for start in range(0, len(sent), size):
        found += reader.feed(sent[start : start + size])
    assert found == PARTS


@pytest.mark.parametrize("sent", [b"\x09\0\0\0\1x", b"\x01\xff\xff\xff\xff"])
def test_what_is_no_part_is_refused(sent: bytes) -> None:
    with pytest.raises(Unavailable, match="no live view"):
        list(PartReader().feed(sent))


@pytest.mark.parametrize("path", ["/live/1", "/original/1"])
def test_nothing_is_shown_without_the_token(client: TestClient, feed: FakeFeed, path: str) -> None:
    assert client.get(path).status_code == 401
    assert feed.views == []


def test_a_view_is_sent_until_it_ends_and_closed(client: TestClient, feed: FakeFeed) -> None:
    feed.ends_at_once = True
    answer = client.get("/live/1", headers={TOKEN_HEADER: TOKEN})
    found = list(PartReader().feed(answer.content))
    assert (answer.status_code, found) == (200, [LivePart(LiveKind.STILL_HERE), LivePart(LiveKind.PICTURE, JPEG)])
    assert feed.open == 0


def test_a_camera_that_is_not_watched_here_has_no_content(client: TestClient, feed: FakeFeed) -> None:
    feed.unwatched.add(CameraId(2))
    for path in ("/live/2", "/original/2"):
        assert client.get(path, headers={TOKEN_HEADER: TOKEN}).status_code == 204
    assert client.get("/live/0", headers={TOKEN_HEADER: TOKEN}).status_code == 404


def test_a_worker_that_shows_enough_says_why(client: TestClient, feed: FakeFeed) -> None:
    feed.full = True
    answer = client.get("/original/1", headers={TOKEN_HEADER: TOKEN})
    assert (answer.status_code, answer.json()["hint"]) == (503, "try again")


def test_a_worker_without_live_views_has_none(client: TestClient) -> None:
    bare = TestClient(create_worker_app(TOKEN, lambda camera: None, bytes, FakeDesk()))
    assert bare.get("/live/1", headers={TOKEN_HEADER: TOKEN}).status_code == 204
