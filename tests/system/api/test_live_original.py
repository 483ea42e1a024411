"""Originals live, over a WebSocket: for whom, for how long, and what goes on record."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from select import select
from socket import create_connection
from socket import socket as Socket  # noqa: N812 - tests call theirs `socket`

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from core.access import Right
from core.live_part import LiveKind, LivePart
from registry.audit.entry import Act
from tests.support.browser import SESSION_COOKIE
from tests.support.waiting import wait_for
from tests.system.api.live_town import LiveTown, live_town
from tests.system.api.signing import recorded, refusal
from tests.system.api.two_with_originals import REASON

MOST_S = 5.0


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTown]:
    with live_town(tmp_path_factory.mktemp("live")) as found:
        yield found


def begun(socket: ClientConnection) -> dict[str, object]:
    """What the first message says, once the first piece has come too."""
    told: dict[str, object] = json.loads(socket.recv(timeout=10))
    assert socket.recv(timeout=10) == b"moov"
    return told


def ends(town: LiveTown, socket: ClientConnection, why: str, lose: Callable[[], None]) -> None:
    """It ends soon after `lose`, with that reason, and the worker shows nothing any more."""
    with socket:
        begun(socket)
        lose()
        began = time.monotonic()
        assert json.loads(socket.recv(timeout=MOST_S)) == {"type": "end", "reason": why}
        assert time.monotonic() - began < MOST_S
    town.nobody_looks()


def opened_by_hand(town: LiveTown, login: str, number: int) -> Socket:
    """A WebSocket of which nothing is read any more; a client of a library would read."""
    town.beat()
    host = f"127.0.0.1:{town.city.server.port}"
    lines = [
        f"GET /api/v1/cameras/{town.camera}/live-original?unmasking={number} HTTP/1.1",
        f"Host: {host}",
        f"Origin: http://{host}",
        f"Cookie: {SESSION_COOKIE}={town.town.clients[login].cookies[SESSION_COOKIE]}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    plain = create_connection(("127.0.0.1", town.city.server.port), timeout=1)
    plain.sendall("\r\n".join([*lines, "", ""]).encode())
    assert plain.recv(12) == b"HTTP/1.1 101"
    return plain


class TestLooking:
    def test_it_begins_with_what_the_player_must_know(self, town: LiveTown) -> None:
        asked = town.asked()
        assert (asked["live"], asked["event"], asked["state"]) == (True, None, "open")
        assert asked["camera"]["id"] == town.camera
        with town.socket("water.operator", asked["id"]) as socket:
            told = begun(socket)
            assert told.pop("now") > "2026-05"  # type: ignore[operator]
            assert told == {
                "type": "begin",
                "codecs": "avc1.64001f",
                "width": 640,
                "height": 360,
                "at": "2026-05-01T08:00:00Z",
            }
            town.feed.views[-1].put(LivePart(LiveKind.FRAGMENT, b"moof mdat"))
            assert socket.recv(timeout=10) == b"moof mdat"
        town.nobody_looks()

    def test_each_view_goes_on_record_with_its_reason(self, town: LiveTown) -> None:
        number = town.asked()["id"]
        ends_before = len(recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera))
        with town.socket("water.operator", number) as socket:
            begun(socket)
            [*_, row] = recorded(town.city, Act.LIVE_VIEW_BEGUN, town.camera)
            assert json.loads(row.detail) == {"rendition": "original", "unmasking": number}
            assert row.purpose == REASON
        wait_for(lambda: len(recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera)) > ends_before, "its end", 10)
        [*_, row] = recorded(town.city, Act.LIVE_VIEW_ENDED, town.camera)
        assert json.loads(row.detail)["pictures"] == 1
        [*_, asked] = recorded(town.city, Act.UNMASKING_ASKED, town.camera)
        assert (asked.object_kind, asked.camera, asked.purpose) == ("camera", town.camera, REASON)

    def test_another_film_begins_where_the_stream_does(self, town: LiveTown) -> None:
        with town.socket("water.operator", town.asked()["id"]) as socket:
            begun(socket)
            view = town.feed.views[-1]
            view.put(LivePart(LiveKind.BEGIN, b'{"codecs": "avc1.42c01e"}'))
            assert json.loads(socket.recv(timeout=10))["codecs"] == "avc1.42c01e"
            view.put(LivePart(LiveKind.END, b"the camera sends mjpeg now"))
            assert json.loads(socket.recv(timeout=10)) == {"type": "end", "reason": "the camera sends mjpeg now"}
        town.nobody_looks()

    def test_a_second_person_lets_it_begin(self, town: LiveTown) -> None:
        town.town.change(second_person=True)
        try:
            asked = town.asked()
            assert asked["state"] == "waiting"
            status, words = town.refused("water.operator", asked["id"])
            assert status == 403
            assert "waits for a second person" in words
            again = town.ask()
            assert refusal(again)[:2] == (409, "conflict")
            [seen] = [
                one for one in town.town.get("water.admin", "/unmaskings").json()["items"] if one["id"] == asked["id"]
            ]
            assert (seen["live"], seen["may"]) == (True, {"approve": True})
            approved = town.town.post("water.admin", f"/unmaskings/{asked['id']}:approve")
            assert approved.json()["state"] == "open"
            with town.socket("water.operator", asked["id"]) as socket:
                begun(socket)
        finally:
            town.town.change()
        town.nobody_looks()


@pytest.fixture(scope="module")
def number(town: LiveTown) -> int:
    """Of an open unmasking of Water's operator."""
    return int(town.asked()["id"])


class TestRefusing:
    @pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1"])
    def test_a_page_of_elsewhere(self, town: LiveTown, number: int, origin: str | None) -> None:
        assert town.refused("water.operator", number, origin=origin)[0] == 403

    def test_a_foreign_host(self, town: LiveTown, number: int) -> None:
        port = town.city.server.port
        how = {"headers": {"Host": f"evil.example:{port}"}, "origin": f"http://evil.example:{port}"}
        assert town.refused("water.operator", number, **how)[0] in (400, 403)

    @pytest.mark.parametrize("path", ["/", "/api/v1/cameras", "/api/v1/cameras/1/live", "/api/v1/event-changes"])
    def test_any_other_path(self, town: LiveTown, number: int, path: str) -> None:
        assert town.refused("water.operator", number, path=path)[0] == 403

    def test_nobody_and_a_program(self, town: LiveTown, number: int) -> None:
        assert town.refused(None, number)[0] == 401
        bearer = {"Authorization": f"Bearer {town.city.key}"}
        status, words = town.refused(None, number, headers=bearer)
        assert status == 403
        assert "only a person" in words

    @pytest.mark.parametrize("unmasking", ["", "0", "-1", "1.5", "9" * 30, "x"])
    def test_no_unmasking(self, town: LiveTown, unmasking: str) -> None:
        assert town.refused("water.operator", unmasking)[0] == 422

    def test_what_never_was_and_what_another_asked_for(self, town: LiveTown, number: int) -> None:
        never = town.refused("rail.operator", 2_000_000)
        assert never[0] == 404
        assert town.refused("rail.operator", number) == (404, never[1].replace("2000000", str(number)))
        status, words = town.refused("water.admin", number)
        assert status == 403
        assert "only who asked" in words

    def test_one_of_an_event_and_one_of_another_camera(self, town: LiveTown, number: int) -> None:
        of_event = town.town.asked()["id"]
        status, words = town.refused("water.operator", of_event)
        assert status == 409
        assert f"for the clip of event {town.town.event}" in words
        status, words = town.refused("water.operator", number, camera=town.town.two.rail.camera)
        assert status == 409
        assert refusal(town.town.clip("water.operator", number))[:2] == (409, "conflict")

    def test_one_that_is_over(self, town: LiveTown) -> None:
        number = town.asked()["id"]
        with town.socket("water.operator", number) as socket:
            begun(socket)
        town.town.end_at(number, town.city.services.clock.now() - timedelta(seconds=1))
        status, words = town.refused("water.operator", number)
        assert status == 403
        assert "is over" in words

    def test_a_camera_that_one_may_not_see(self, town: LiveTown) -> None:
        hidden, never = (town.ask("rail.operator", camera=camera) for camera in (town.camera, 4_194_303))
        assert hidden.status_code == never.status_code == 404
        assert hidden.json()["detail"] == never.json()["detail"].replace("4194303", str(town.camera))
        assert town.ask(reason="x").status_code == 422

    def test_nothing_was_shown_to_any_of_them(self, town: LiveTown) -> None:
        town.nobody_looks()


class TestEnding:
    def test_when_the_right_is_taken_back(self, town: LiveTown) -> None:
        two = town.town.two
        grant = two.grant(two.water, two.rail.department, Right.UNMASKED)
        socket = town.socket("rail.operator", town.asked("rail.operator")["id"])
        ends(town, socket, "not_allowed", lambda: two.revoke(grant))

    def test_when_its_time_is_over(self, town: LiveTown) -> None:
        number = town.asked()["id"]
        town.town.end_at(number, town.city.services.clock.now() + timedelta(seconds=2))
        ends(town, town.socket("water.operator", number), "not_allowed", lambda: None)

    def test_when_the_session_is_over(self, town: LiveTown) -> None:
        two = town.town.two
        grant = two.grant(two.water, two.rail.department, Right.UNMASKED)
        person = town.town.people["rail.operator"].id
        socket = town.socket("rail.operator", town.asked("rail.operator")["id"])

        def lose() -> None:
            answer = town.town.clients["rail.admin"].delete(f"/api/v1/people/{person}/sessions")
            assert answer.status_code == 204

        ends(town, socket, "not_allowed", lose)
        two.revoke(grant)

    def test_when_the_client_says_something(self, town: LiveTown) -> None:
        socket = town.socket("water.operator", town.asked()["id"])
        ends(town, socket, "left", lambda: socket.send("more"))

    def test_when_the_client_says_too_much(self, town: LiveTown) -> None:
        with town.socket("water.operator", town.asked()["id"]) as socket:
            begun(socket)
            socket.send(bytes(2000))
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=10)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009
        town.nobody_looks()

    def test_it_takes_no_more_from_a_client_that_does_not_read(self, town: LiveTown) -> None:
        """Each ping is answered: what is not read of that must not pile up in the server's memory."""
        pings, sent = (bytes([0x89, 0x80 | 125]) + bytes(4 + 125)) * 1000, 0
        with opened_by_hand(town, "water.operator", town.asked()["id"]) as plain:
            while select([], [plain], [], 1.0)[1]:
                assert sent < 100_000_000
                plain.setblocking(False)
                sent += plain.send(pings)
        town.nobody_looks()

    def test_when_the_client_begins_to_say_something_without_end(self, town: LiveTown) -> None:
        begins, goes_on = (bytes([head, 0x80]) + bytes(4) for head in (0x01, 0x00))
        with opened_by_hand(town, "water.operator", town.asked()["id"]) as plain:
            plain.sendall(begins + goes_on * 1000)
            town.nobody_looks()

    def test_when_the_connection_breaks(self, town: LiveTown) -> None:
        socket = town.socket("water.operator", town.asked()["id"])
        begun(socket)
        socket.socket.close()
        town.nobody_looks()
