"""Masked live pictures as they are sent: to whom, for how long, and what goes on record."""

import json
import threading
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest

from core.access import Right
from core.ids import CameraId
from core.live_part import LiveKind, LivePart
from registry.audit.entry import Act
from tests.support.live_feed import JPEG, FakeFeed
from tests.support.waiting import wait_for
from tests.system.api.conftest import a_worker
from tests.system.api.live_town import LiveTown, live_town
from tests.system.api.signing import recorded, refusal

MOST_S = 5.0
"""A view ends no later after its right has."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTown]:
    with live_town(tmp_path_factory.mktemp("live")) as found:
        yield found


def ends(town: LiveTown, login: str, lose: Callable[[], None]) -> None:
    """It ends soon after `lose`, and the worker shows nothing any more."""
    with town.pictures(login) as answer:
        pieces = answer.iter_raw()
        assert JPEG in next(pieces) + next(pieces)
        lose()
        began = time.monotonic()
        for _ in pieces:
            pass
        assert time.monotonic() - began < MOST_S
    town.nobody_looks()


def test_pictures_come_one_after_the_other(town: LiveTown) -> None:
    with town.pictures() as answer:
        kind = answer.headers["content-type"]
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert kind.startswith("multipart/x-mixed-replace; boundary=")
        boundary = b"--" + kind.partition("=")[2].encode()
        pieces = answer.iter_raw()
        got = b""
        while got.count(boundary) < 2:
            got += next(pieces)
        town.feed.views[-1].put(LivePart(LiveKind.PICTURE, b"another"))
        while got.count(boundary) < 3:  # each picture brings the boundary of the next along, by which it is shown
            got += next(pieces)
    parts = [part.strip(b"\r\n").split(b"\r\n\r\n", 1) for part in got.split(boundary)[1:3]]
    assert [body for _, body in parts] == [JPEG, b"another"]
    assert parts[1][0] == b"Content-Type: image/jpeg\r\nContent-Length: 7"
    town.nobody_looks()


def test_begin_and_end_go_on_record(town: LiveTown) -> None:
    before = len(recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera))
    with town.pictures() as answer:
        next(answer.iter_raw())
        [*_, begun] = recorded(town.city, Act.LIVE_VIEW_BEGUN, town.camera)
        assert json.loads(begun.detail) == {"rendition": "masked"}
        assert (begun.object_kind, begun.camera) == ("camera", town.camera)
    wait_for(lambda: len(recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera)) > before, "its end is on record", 10)
    [*_, ended] = recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera)
    detail = json.loads(ended.detail)
    assert (detail["rendition"], detail["why"]) == ("masked", "left")
    assert detail["seconds"] >= 0


def test_what_one_may_not_see_is_not_shown(town: LiveTown) -> None:
    shown = len(town.feed.views)
    path = f"/cameras/{town.camera}/live"
    never = "/cameras/4194303/live"
    hidden = refusal(town.town.get("rail.operator", path))
    assert hidden == (404, "not_found", f"there is no camera {town.camera}")
    assert refusal(town.town.get("rail.operator", never))[:2] == hidden[:2]
    assert httpx2.get(f"{town.city.server.url}/api/v1{path}", trust_env=False).status_code == 401
    grant = town.town.two.grant(town.town.two.water, town.town.two.rail.department, Right.EVENTS)
    status, code, words = refusal(town.town.get("rail.operator", path))
    town.town.two.revoke(grant)
    assert (status, code) == (403, "forbidden")
    assert "'live'" in words
    assert len(town.feed.views) == shown


def test_a_camera_that_nobody_reads_and_a_worker_that_is_full_are_told(town: LiveTown) -> None:
    path = f"/cameras/{town.camera}/live"
    town.beat()
    town.feed.unwatched.add(CameraId(town.camera))
    assert refusal(town.town.get("water.operator", path))[:2] == (404, "not_found")
    town.feed.unwatched.clear()
    town.feed.full = True
    status, code, words = refusal(town.town.get("water.operator", path))
    town.feed.full = False
    assert (status, code) == (503, "unavailable")
    assert words.startswith("32 live views are open")


def test_one_person_has_so_many_views_at_once(town: LiveTown) -> None:
    answers = [town.pictures("water.admin") for _ in range(17)]
    opened = [answer.__enter__() for answer in answers]
    assert [answer.status_code for answer in opened] == [200] * 16 + [429]
    for answer in answers:
        answer.__exit__(None, None, None)
    town.nobody_looks()
    with town.pictures("water.admin") as again:
        assert again.status_code == 200
    town.nobody_looks()


def test_it_ends_when_the_grant_is_revoked(town: LiveTown) -> None:
    two = town.town.two
    grant = two.grant(two.water, two.rail.department, Right.LIVE)
    ends(town, "rail.operator", lambda: two.revoke(grant))


def test_it_ends_when_the_session_does(town: LiveTown) -> None:
    number = town.town.people["water.viewer"].id

    def lose() -> None:
        assert town.town.clients["water.admin"].delete(f"/api/v1/people/{number}/sessions").status_code == 204

    ends(town, "water.viewer", lose)


@pytest.mark.parametrize("login", ["water.operator", "city.admin"])
def test_it_ends_when_the_camera_goes_to_another_department(town: LiveTown, login: str) -> None:
    """Also for who sees both: what the one allows is not what the other does."""
    two = town.town.two

    def belongs_to(department: int) -> None:
        moved = town.town.clients["city.admin"].patch(f"/api/v1/cameras/{town.camera}", json={"department": department})
        assert moved.status_code == 200, moved.text

    ends(town, login, lambda: belongs_to(two.rail.department))
    belongs_to(two.water.department)


def test_who_does_not_read_loses_pictures_and_sees_the_newest(town: LiveTown) -> None:
    large = bytes(200_000)
    with town.pictures() as answer:
        pieces = answer.iter_raw()
        next(pieces)
        view = town.feed.views[-1]
        for number in range(200):
            view.put(LivePart(LiveKind.PICTURE, large + b"picture %d" % number))
        # The API takes all from the worker, though nobody reads.
        wait_for(lambda: view.is_empty, "all were fetched", 20)
        view.put(LivePart(LiveKind.PICTURE, b"the newest"))
        got, seen = b"", 0
        while b"the newest" not in got[-1000:]:
            got = got[-1000:] + (piece := next(pieces))
            seen += len(piece)
        assert seen < 200 * len(large)
    town.nobody_looks()


def test_it_goes_on_at_the_worker_that_takes_the_camera_over(town: LiveTown) -> None:
    other = FakeFeed()
    with town.pictures() as answer:
        pieces = answer.iter_raw()
        next(pieces)
        with a_worker(town.city, {}, live=other, name="another", watches=[town.camera]):
            town.feed.views[-1].end()
            wait_for(lambda: other.views, "the other worker is asked", 10)
            other.views[-1].put(LivePart(LiveKind.PICTURE, b"from elsewhere"))
            got = b""
            while b"from elsewhere" not in got:
                got += next(pieces)
    wait_for(lambda: other.open == 0, "nobody looks", 5)


def test_it_ends_when_the_server_stops(tmp_path_factory: pytest.TempPathFactory) -> None:
    with live_town(tmp_path_factory.mktemp("stopped")) as town, town.pictures() as answer:
        pieces = answer.iter_raw()
        next(pieces)
        stopping = threading.Thread(target=town.city.server.stop)
        began = time.monotonic()
        stopping.start()
        for _ in pieces:
            pass
        assert time.monotonic() - began < MOST_S
        stopping.join(20)


def test_it_ends_when_the_camera_is_removed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Also where its worker has noticed first; the record says why."""
    with live_town(tmp_path_factory.mktemp("removed")) as town:
        path = f"/api/v1/cameras/{town.camera}"

        def remove() -> None:
            town.town.clients["city.admin"].delete(path).raise_for_status()
            town.feed.views[-1].end()

        ends(town, "water.operator", remove)
        [ended] = wait_for(lambda: recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera), "its end is on record", 10)
        assert json.loads(ended.detail)["why"] == "camera_changed"
