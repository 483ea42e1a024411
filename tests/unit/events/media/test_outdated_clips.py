"""Masked clips that were made with other privacy areas than their camera has now."""

from collections.abc import Callable

from core.box import Point
from core.ids import CameraId, EventId
from core.privacy import PrivacyArea
from core.zone import Polygon
from events.media.blackout import areas_mark
from events.media.blobs import FolderBlobs
from events.media.masked_clips import Failed, Making, MaskedClips, Missing, Ready
from registry import cameras, privacy_areas
from registry.db import Database
from tests.support.builders import START
from tests.support.waiting import wait_for

from .making_clips import Renderer, masked_files, settled

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))


def _add_area(database: Database) -> PrivacyArea:
    with database.write() as connection:
        return privacy_areas.add(connection, CameraId(1), name="window", polygon=TRIANGLE, at=START)


def _stored(blobs: FolderBlobs, ready: Ready | Failed | Missing) -> str:
    """The key of a clip that is ready, and the only one of its event."""
    assert isinstance(ready, Ready)
    assert [path.relative_to(blobs.folder).as_posix() for path in masked_files(blobs)] == [ready.key]
    return ready.key


def test_a_clip_made_before_a_privacy_area_came_is_not_shown_but_made_again(
    clips: MaskedClips,
    renderer: Renderer,
    blobs: FolderBlobs,
    sqlite_database: Database,
    recorded: Callable[[], EventId],
) -> None:
    event = recorded()
    without = _stored(blobs, settled(clips, event))
    area = _add_area(sqlite_database)
    renderer.may_go_on.clear()
    assert isinstance(clips.request(event), Making)
    renderer.may_go_on.set()
    ready = settled(clips, event)

    assert isinstance(ready, Ready)
    assert ready.mark == areas_mark((TRIANGLE,))
    assert _stored(blobs, ready) != without
    assert [order.areas for order in renderer.orders] == [(), (TRIANGLE,)]
    assert clips.request(event) == ready

    with sqlite_database.write() as connection:
        privacy_areas.remove(connection, area.id, START)
    assert _stored(blobs, settled(clips, event)) == without
    assert len(renderer.orders) == 3


def test_a_clip_whose_camera_got_a_privacy_area_while_it_was_made_is_made_again(
    clips: MaskedClips, renderer: Renderer, sqlite_database: Database, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    renderer.may_go_on.clear()
    clips.request(event)
    wait_for(lambda: renderer.orders, "its making has begun")
    _add_area(sqlite_database)
    renderer.may_go_on.set()
    assert isinstance(settled(clips, event), Ready)
    assert [order.areas for order in renderer.orders] == [(), (TRIANGLE,)]


def test_a_clip_of_a_removed_camera_is_black_there_too(
    clips: MaskedClips, renderer: Renderer, sqlite_database: Database, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    _add_area(sqlite_database)
    with sqlite_database.write() as connection:
        cameras.remove(connection, CameraId(1), START)
    settled(clips, event)
    assert [order.areas for order in renderer.orders] == [(TRIANGLE,)]


def test_an_outdated_clip_without_its_original_is_not_shown_any_more(
    clips: MaskedClips, sqlite_database: Database, recorded: Callable[[], EventId]
) -> None:
    event = recorded()
    settled(clips, event)
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("DELETE FROM event_media WHERE kind = 'original'")
    assert isinstance(clips.request(event), Ready)
    _add_area(sqlite_database)
    answer = clips.request(event)
    assert isinstance(answer, Missing)
    assert "before a privacy area was changed" in answer.reason
