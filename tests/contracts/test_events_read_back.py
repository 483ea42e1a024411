"""Events come back from the index as they were written, whatever stands in them."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from core.event import Event
from core.ids import CameraId, EventId
from core.rule import RuleKind
from events.index.stored import StoredEvent, read_events
from events.media.table import MediaKind, MediaState, event_media
from registry import cameras
from registry.db import Database
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras, write

ODD_NAME = 'a "gate" \\ \n \t \u2028 大门 \U0001f6aa'


@pytest.fixture
def camera(database: Database) -> CameraId:
    with database.write() as connection:
        return add_cameras(connection, 1)[0]


def read(database: Database, *events: EventId) -> list[StoredEvent]:
    with database.read() as connection:
        return read_events(connection, events)


def an_odd_event(camera: CameraId, n: int) -> Event:
    return replace(an_event(n, camera=camera, at=after(n)), rule_name=ODD_NAME, label=ODD_NAME)


def test_names_may_hold_ends_of_lines_and_quotes(database: Database, camera: CameraId) -> None:
    events = [an_odd_event(camera, n) for n in (1, 2, 3)]
    write(database, events)
    with database.write() as connection:
        cameras.change(connection, replace(cameras.get(connection, camera), name="大门 'one'"), START)
    found = read(database, *(one.id for one in events))
    assert [one.event for one in found] == events
    assert {one.camera_name for one in found} == {"大门 'one'"}


def test_they_come_in_the_order_that_is_asked_for_and_none_that_is_not_there(
    database: Database, camera: CameraId
) -> None:
    first, second = an_odd_event(camera, 1), an_event(2, camera=camera, at=after(2))
    write(database, [first, second])
    found = read(database, second.id, EventId(5), first.id, second.id)
    assert [one.event for one in found] == [second, first, second]
    assert read(database) == []
    assert read(database, EventId(5)) == []


@pytest.mark.parametrize("kind", RuleKind)
def test_each_kind_comes_back(database: Database, camera: CameraId, kind: RuleKind) -> None:
    event = replace(an_event(1, camera=camera), kind=kind, track=None, score=None, box=None)
    write(database, [event])
    assert [one.event for one in read(database, event.id)] == [event]


def test_media_come_back_to_the_last_digit(database: Database, camera: CameraId) -> None:
    event = an_event(1, camera=camera)
    write(database, [event])
    media = {
        "kind": MediaKind.ORIGINAL.value,
        "state": MediaState.FAILED.value,
        "reason": ODD_NAME,
        "bytes": 2**40,
        "seconds": 0.1 + 0.2,
        "width": 640,
        "height": 360,
        "made_at": after(3),
    }
    bare = dict.fromkeys(media) | {"kind": MediaKind.SNAPSHOT.value, "state": MediaState.PENDING.value}
    with database.write() as connection:
        connection.execute(insert(event_media), [{"event": event.id, **one} for one in (bare, media)])
    [found] = read(database, event.id)
    original, snapshot = found.media
    assert (original.kind, original.state, original.reason) == (MediaKind.ORIGINAL, MediaState.FAILED, ODD_NAME)
    assert (original.seconds, original.bytes, original.made_at) == (0.1 + 0.2, 2**40, after(3))
    assert (snapshot.kind, snapshot.state, snapshot.reason) == (MediaKind.SNAPSHOT, MediaState.PENDING, None)
    assert (snapshot.seconds, snapshot.bytes, snapshot.made_at) == (None, None, None)


def test_what_changes_about_an_event_that_was_read_is_read_at_once(database: Database, camera: CameraId) -> None:
    event = an_event(1, camera=camera)
    write(database, [event])
    [before] = read(database, event.id)
    assert before is read(database, event.id)[0]
    media = {"event": event.id, "kind": MediaKind.SNAPSHOT.value, "state": MediaState.PENDING.value}
    with database.write() as connection:
        connection.execute(insert(event_media).values(media))
    assert [one.state for one in read(database, event.id)[0].media] == [MediaState.PENDING]
    with database.write() as connection:
        connection.execute(update(event_media).values(state=MediaState.READY.value))
    assert [one.state for one in read(database, event.id)[0].media] == [MediaState.READY]
    newer = replace(event, version=2, last_seen_at=after(9))
    write(database, [newer])
    assert read(database, event.id)[0].event == newer
