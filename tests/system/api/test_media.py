import httpx2
import pytest

from events.media import records
from events.media.keys import blob_key
from events.media.table import MediaKind
from tests.support.waiting import wait_for
from tests.system.api.conftest import CLIP, PICTURE, City
from tests.system.api.recorded import newest, rows_since


def test_a_snapshot_is_served_with_its_kind(own_city: City) -> None:
    event = own_city.events[0]
    own_city.keep(event, MediaKind.SNAPSHOT, PICTURE)
    told = own_city.get(f"/events/{event}").json()["media"]["snapshot"]
    assert told == {"state": "ready", "reason": None, "url": f"/api/v1/events/{event}/snapshot"}
    answer = own_city.client.get(told["url"])
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PICTURE, "image/jpeg")
    again = own_city.client.get(told["url"], headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_missing_snapshot_says_why(own_city: City) -> None:
    event = own_city.events[0]
    own_city.fail(event, MediaKind.SNAPSHOT, "the masker was too busy")
    assert own_city.get(f"/events/{event}").json()["media"]["snapshot"] == {
        "state": "failed",
        "reason": "the masker was too busy",
        "url": None,
    }
    answer = own_city.get(f"/events/{event}/snapshot")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "the masker was too busy" in answer.json()["detail"]
    assert "none was taken" in own_city.get(f"/events/{own_city.events[1]}/snapshot").json()["detail"]
    assert "no event 17" in own_city.get("/events/17/snapshot").json()["detail"]


def test_an_event_without_a_recording_has_no_clip_and_says_why(own_city: City) -> None:
    answer = own_city.get(f"/events/{own_city.events[0]}/clip")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "no clip of this event was recorded" in answer.json()["detail"]


def test_a_clip_is_made_when_it_is_asked_for_and_then_served_in_parts(own_city: City) -> None:
    event = own_city.events[0]
    own_city.keep(event, MediaKind.ORIGINAL, CLIP)
    told = own_city.get(f"/events/{event}").json()["media"]["clip"]
    assert told == {"state": "ready", "reason": None, "url": f"/api/v1/events/{event}/clip", "seconds": 9.0}

    first = own_city.client.get(told["url"], headers={"Range": "bytes=0-0"})
    assert first.status_code == 202
    assert first.json()["state"] == "making"
    assert 0 <= first.json()["progress"] <= 1
    assert first.headers["retry-after"] == "1"

    own_city.renderer.may_go_on.set()
    wait_for(
        lambda: own_city.client.get(told["url"], headers={"Range": "bytes=0-0"}).status_code != 202, "the clip is made"
    )
    whole = own_city.client.get(told["url"])
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, CLIP, "video/mp4")
    part = own_city.client.get(told["url"], headers={"Range": "bytes=100000-", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, CLIP[100000:])
    assert part.headers["content-range"] == f"bytes 100000-{len(CLIP) - 1}/{len(CLIP)}"
    beyond = own_city.client.get(told["url"], headers={"Range": f"bytes={len(CLIP)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CLIP)}")
    head = own_city.client.head(told["url"])
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CLIP)), b"")
    assert own_city.get(f"/events/{event}").json()["media"]["clip"]["seconds"] == 8.0


def test_a_look_is_on_record_once_from_each_address(own_city: City) -> None:
    event = own_city.events[0]
    own_city.keep(event, MediaKind.SNAPSHOT, PICTURE)
    before = newest(own_city)
    for address in ("127.0.0.1", "127.0.0.2", "127.0.0.1"):
        transport = httpx2.HTTPTransport(local_address=address)
        with httpx2.Client(
            base_url=own_city.server.url, headers=own_city.client.headers, transport=transport
        ) as client:
            assert client.get(f"/api/v1/events/{event}/snapshot").status_code == 200
    assert [row.act for row in rows_since(own_city, before)] == ["look_at_snapshot"] * 2


def test_media_that_wait_for_the_store_say_so(own_city: City) -> None:
    event = own_city.events[0]
    with own_city.services.database.write() as connection:
        waiting = [(event, MediaKind.SNAPSHOT), (event, MediaKind.ORIGINAL)]
        records.mark_spooled(connection, waiting, own_city.services.clock.now())
    for part in ("snapshot", "clip"):
        answer = own_city.get(f"/events/{event}/{part}")
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"event {event} has no {part} yet: it waits for the store"
        assert own_city.get(f"/events/{event}").json()["media"][part]["state"] == "pending"


@pytest.mark.parametrize("fault", ["gone", "away"])
def test_no_answer_names_the_store_or_a_key(own_city: City, fault: str) -> None:
    event = own_city.events[0]
    for kind in MediaKind:
        own_city.keep(event, kind, PICTURE)
        file = own_city.services.data_folder / "blobs" / blob_key(event, 1, kind)
        file.unlink()
        if fault == "away":
            file.symlink_to(file)  # the system fails to open it, whoever asks
    paths = [f"/events/{event}{part}" for part in ("", "/snapshot", "/clip")]
    answers = [own_city.get(path) for path in paths]
    assert [answer.status_code for answer in answers[:2]] == [200, 404 if fault == "gone" else 503]
    for answer in answers:
        told = f"{answer.headers} {answer.text}"
        assert not any(word in told for word in ("blobs", "1-snapshot", "1-original", "1-masked", ".sealed"))
