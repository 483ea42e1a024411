"""Originals as they are sent: what was stored, in parts too, and no longer than they may be seen."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import httpx2
import pytest

from core.access import Right
from core.ids import EventId
from events.media import records
from events.media.keys import blob_key
from events.media.table import MediaKind
from registry.audit.entry import Act
from tests.support.waiting import wait_for
from tests.system.api.conftest import CLIP, an_event
from tests.system.api.signing import recorded, refusal
from tests.system.api.two_with_originals import REASON, Town, two_with_originals

LONG = bytes(range(256)) * 4096 * 48
"""48 MB: more than what lies on the way to a client that reads slowly."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Shared by tests that leave both departments as they are."""
    with two_with_originals(tmp_path_factory.mktemp("two")) as found:
        yield found


@pytest.fixture
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with two_with_originals(tmp_path_factory.mktemp("two")) as found:
        yield found


class TestTheOriginal:
    def test_it_is_what_was_stored_whole_and_in_parts(self, town: Town) -> None:
        asked = town.asked()
        assert (asked["state"], asked["reason"], asked["decided"]) == ("open", REASON, None)
        assert asked["event"] == str(town.event)
        assert asked["person"]["id"] == town.people["water.operator"].id
        assert asked["department"] == {"id": town.two.water.department, "name": "Water"}
        assert asked["camera"] == {"id": town.two.water.camera, "name": "Water camera"}
        assert asked["may"] == {"approve": False}
        whole = town.clip("water.operator", asked["id"])
        assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, CLIP, "video/mp4")
        assert (whole.headers["cache-control"], whole.headers["accept-ranges"]) == ("no-store", "bytes")
        for first, last in ((0, 0), (65_535, 65_536), (100_000, len(CLIP) - 1)):
            part = town.clip("water.operator", asked["id"], Range=f"bytes={first}-{last}")
            assert (part.status_code, part.content) == (206, CLIP[first : last + 1])
            assert part.headers["content-range"] == f"bytes {first}-{last}/{len(CLIP)}"
        assert town.clip("water.operator", asked["id"], Range="bytes=-5").content == CLIP[-5:]
        beyond = town.clip("water.operator", asked["id"], Range=f"bytes={len(CLIP)}-")
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CLIP)}")
        head = town.clients["water.operator"].head(f"/api/v1/unmaskings/{asked['id']}/clip")
        assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CLIP)), b"")

    def test_it_is_open_for_a_quarter_of_an_hour(self, town: Town) -> None:
        asked = town.asked()
        lasts = datetime.fromisoformat(asked["until"]) - datetime.fromisoformat(asked["asked_at"])
        assert lasts == timedelta(minutes=15)

    def test_a_grant_of_the_right_opens_it_to_others(self, town: Town) -> None:
        event = town.an_original(100)
        grant = town.two.grant(town.two.water, town.two.rail.department, Right.UNMASKED)
        asked = town.asked("rail.operator", event)
        assert town.clip("rail.operator", asked["id"]).content == CLIP
        town.two.revoke(grant)
        assert town.clip("rail.operator", asked["id"]).status_code == 404
        assert town.get("rail.operator", "/unmaskings").json()["items"][0]["id"] == asked["id"]

    def test_the_right_that_was_taken_back_closes_it_at_once(self, town: Town) -> None:
        asked = town.asked("water.operator")
        town.change(own_see_originals=False)
        try:
            status, code, words = refusal(town.clip("water.operator", asked["id"]))
            assert (status, code) == (403, "forbidden")
            assert "'unmasked'" in words
        finally:
            town.change()

    def test_a_repeated_request_asks_once(self, town: Town) -> None:
        path, key = f"/api/v1/events/{town.event}/unmaskings", {"Idempotency-Key": "0123456789abcdef"}
        answers = [town.clients["water.admin"].post(path, json={"reason": REASON}, headers=key) for _ in range(2)]
        assert answers[0].json()["id"] == answers[1].json()["id"]


class TestWhileItIsSent:
    """A client reads an original slowly, and loses what it needs for that."""

    def is_cut_off(self, town: Town, number: int, lose: Callable[[], None]) -> None:
        """`lose` makes the answer break off before its end."""
        path = f"/api/v1/unmaskings/{number}/clip"
        got = 0
        with town.clients["rail.operator"].stream("GET", path) as answer:
            assert answer.status_code == 200
            parts = answer.iter_raw(262_144)
            got += len(next(parts))
            lose()

            def breaks_off() -> bool:
                nonlocal got
                try:
                    got += len(next(parts))
                except httpx2.RemoteProtocolError:
                    return True
                return False

            wait_for(breaks_off, "the answer breaks off", 20)
        assert got < len(LONG)

    def asked(self, town: Town) -> int:
        event = town.an_original(130, LONG)
        town.two.grant(town.two.water, town.two.rail.department, Right.UNMASKED)
        return int(town.asked("rail.operator", event)["id"])

    def test_it_breaks_off_when_the_right_is_taken_back(self, own_town: Town) -> None:
        event = own_town.an_original(130, LONG)
        grant = own_town.two.grant(own_town.two.water, own_town.two.rail.department, Right.UNMASKED)
        number = own_town.asked("rail.operator", event)["id"]
        self.is_cut_off(own_town, number, lambda: own_town.two.revoke(grant))

    def test_it_breaks_off_when_the_session_ends(self, own_town: Town) -> None:
        person = own_town.people["rail.operator"].id
        sessions = f"/people/{person}/sessions"

        def lose() -> None:
            assert own_town.clients["rail.admin"].delete(f"/api/v1{sessions}").status_code == 204

        self.is_cut_off(own_town, self.asked(own_town), lose)

    def test_it_breaks_off_when_its_time_is_over(self, own_town: Town) -> None:
        number = self.asked(own_town)
        own_town.end_at(number, own_town.two.city.services.clock.now() + timedelta(seconds=1))
        self.is_cut_off(own_town, number, lambda: None)


class TestNoOriginal:
    def told(self, town: Town, event: EventId) -> tuple[int, str, str]:
        return refusal(town.clip("water.operator", town.asked(event=event)["id"]))

    def test_the_answer_says_why_there_is_none(self, town: Town) -> None:
        city = town.two.city
        camera = town.two.water.camera
        never, failed, coming = city.write(*(an_event(n, camera=camera, ended=True) for n in (140, 141, 142)))
        city.fail(failed, MediaKind.ORIGINAL, "the ring was empty")
        with city.services.database.write() as connection:
            records.mark_pending(connection, [coming], MediaKind.ORIGINAL, city.services.clock.now())
        for event, why in (
            (never, "no clip of it was recorded"),
            (failed, "the ring was empty"),
            (coming, "it is being recorded"),
        ):
            status, code, words = self.told(town, event)
            assert (status, code) == (404, "not_found")
            assert words.endswith(why)

    def test_one_that_is_gone_from_the_store_is_none(self, town: Town) -> None:
        event = town.an_original(143)
        town.two.city.services.blobs.delete(blob_key(event, 1, MediaKind.ORIGINAL))
        assert self.told(town, event) == (404, "not_found", f"event {event} has no original: what was stored is gone")

    @pytest.mark.parametrize("fault", ["the store is away", "it was changed"])
    def test_one_that_cannot_be_opened_may_be_had_later(self, town: Town, fault: str) -> None:
        event = town.an_original(144 if fault == "it was changed" else 145)
        file = town.two.city.services.data_folder / "blobs" / blob_key(event, 1, MediaKind.ORIGINAL)
        if fault == "it was changed":
            file.write_bytes(file.read_bytes()[:-1] + b"x")
        else:
            file.unlink()
            file.symlink_to(file)  # the system fails to open it, whoever asks
        assert self.told(town, event)[:2] == (503, "unavailable")
        assert recorded(town.two.city, Act.LOOK_AT_ORIGINAL, event) == []
