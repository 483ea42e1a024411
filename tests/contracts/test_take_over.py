"""What a worker that does not answer leaves is brought to an end, and what it knows better is believed all the same."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from core.event import EndReason, Event
from core.ids import CameraId, EventId
from events.index import changes
from events.index.outcome import Fate
from events.index.search import get
from events.index.tables import fenced_event
from events.index.write import write_events
from events.media import records
from events.media.records import StoredBlob
from events.media.table import MediaKind, MediaState
from events.takeover import TakenOver, hold_events, take_over
from registry import epochs
from registry.workers import WorkerId
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras

HANDED_OVER_AT = after(60)
BLOB = StoredBlob("2026/03/01/1/5-1-original.mp4.sealed", 1234, seconds=12.5)


@pytest.fixture
def watched(connection: Connection) -> list[CameraId]:
    """Two cameras, both in their first epoch since `START`."""
    numbers = add_cameras(connection, 2)
    epochs.take(connection, WorkerId(1), numbers, START)
    return numbers


@pytest.fixture
def camera(watched: list[CameraId]) -> CameraId:
    return watched[0]


def hand_over(connection: Connection, *cameras: CameraId) -> TakenOver:
    """Give these cameras to another worker at `HANDED_OVER_AT`, or two minutes later each time after that."""
    hold_events(connection)
    before = max(epochs.newest(connection, cameras).values())
    at = after(60 + 120 * (before - 1))
    return take_over(connection, epochs.take(connection, WorkerId(before + 1), cameras, at), at)


def fates(connection: Connection, *events: Event) -> list[Fate]:
    return [outcome.fate for outcome in write_events(connection, events)]


def read(connection: Connection, event: Event) -> Event:
    return get(connection, event.id).event


def changed(connection: Connection) -> list[tuple[EventId, int]]:
    return [(change.event, change.version) for change in changes.since(connection, 0, 1000)]


def state(connection: Connection, event: Event, kind: MediaKind) -> MediaState | None:
    found = records.find(connection, event.id, kind)
    return found.state if found else None


class TestFencing:
    """An event is accepted, whenever it arrives, if its epoch was in force when it started."""

    def test_what_started_before_the_hand_over_is_accepted_after_it(
        self, connection: Connection, camera: CameraId
    ) -> None:
        hand_over(connection, camera)
        before = an_event(1, camera=camera, at=after(59.999), end_reason=EndReason.LEFT)
        assert fates(connection, before) == [Fate.NEW]
        assert read(connection, before) == before

    def test_what_started_after_it_is_not(self, connection: Connection, camera: CameraId) -> None:
        hand_over(connection, camera)
        assert fates(connection, an_event(1, camera=camera, at=HANDED_OVER_AT)) == [Fate.FENCED]
        assert fates(connection, an_event(1, camera=camera, epoch=2, at=HANDED_OVER_AT)) == [Fate.NEW]

    def test_what_names_an_epoch_that_never_was_is_not(self, connection: Connection, camera: CameraId) -> None:
        assert fates(connection, an_event(1, camera=camera, epoch=2, at=after(5))) == [Fate.FENCED]

    def test_what_seems_to_lie_before_the_epoch_is_accepted_for_clocks_are_set_back(
        self, connection: Connection, camera: CameraId
    ) -> None:
        early = [an_event(n, camera=camera, at=after(seconds)) for n, seconds in enumerate((-2, -3600))]
        assert fates(connection, *early) == [Fate.NEW, Fate.NEW]

    def test_after_a_hand_over_by_a_clock_that_was_set_back_what_both_saw_under_their_epochs_is_accepted(
        self, connection: Connection, camera: CameraId
    ) -> None:
        set_back_at = after(-3600)
        take_over(connection, epochs.take(connection, WorkerId(2), [camera], set_back_at), set_back_at)
        seen = [
            an_event(1, camera=camera, epoch=1, at=after(-3601)),
            an_event(2, camera=camera, epoch=2, at=after(-3599)),
        ]
        assert fates(connection, *seen) == [Fate.NEW, Fate.NEW]

    def test_it_is_put_on_record_once_however_often_it_comes(self, connection: Connection, camera: CameraId) -> None:
        hand_over(connection, camera)
        late = an_event(7, camera=camera, at=after(61.5))
        for version in (1, 1, 2):
            assert fates(connection, replace(late, version=version)) == [Fate.FENCED]
        rows = connection.execute(select(fenced_event)).all()
        assert [(row.camera, row.epoch, row.n, row.started_at) for row in rows] == [(camera, 1, 7, after(61.5))]
        assert changed(connection) == []

    def test_it_takes_no_place_from_one_that_is_accepted(self, connection: Connection, camera: CameraId) -> None:
        hand_over(connection, camera)
        false, true = (an_event(1, camera=camera, epoch=epoch, at=after(61)) for epoch in (1, 2))
        assert fates(connection, false, true) == [Fate.FENCED, Fate.NEW]
        assert read(connection, true).origin.epoch == 2

    def test_an_event_on_record_takes_newer_versions_whatever_became_of_its_epoch(
        self, connection: Connection, camera: CameraId
    ) -> None:
        event = an_event(camera=camera)
        assert fates(connection, event) == [Fate.NEW]
        hand_over(connection, camera)
        end = an_event(camera=camera, version=2, lasted_s=200, end_reason=EndReason.LEFT)
        assert fates(connection, end, end) == [Fate.NEWER, Fate.KNOWN]
        assert read(connection, event).ended_at == after(200)


class TestInterrupted:
    """Open events of older epochs end where they were last seen."""

    def test_an_open_event_ends_where_it_was_last_seen(self, connection: Connection, camera: CameraId) -> None:
        event = an_event(camera=camera, version=4, lasted_s=33)
        fates(connection, event)
        assert hand_over(connection, camera).closed == (event.id,)
        ended = replace(event, version=5, ended_at=after(33), end_reason=EndReason.INTERRUPTED)
        assert read(connection, event) == ended
        assert changed(connection) == [(event.id, 4), (event.id, 5)]

    def test_others_stay_as_they_are(self, connection: Connection, watched: list[CameraId]) -> None:
        camera, another = watched
        epochs.take(connection, WorkerId(1), [camera], after(10))
        events = [
            an_event(1, camera=camera, epoch=1, end_reason=EndReason.LEFT),
            an_event(2, camera=camera, epoch=2, at=after(11)),
            an_event(3, camera=another, epoch=1),
        ]
        fates(connection, *events)
        assert take_over(connection, {camera: 2}, after(12)) == TakenOver()
        assert [read(connection, event) for event in events] == events

    def test_closing_again_changes_nothing(self, connection: Connection, camera: CameraId) -> None:
        fates(connection, an_event(camera=camera))
        hand_over(connection, camera)
        told = changed(connection)
        assert hand_over(connection, camera) == TakenOver()
        assert changed(connection) == told

    def test_a_worker_that_was_only_cut_off_knows_better_how_its_event_ended(
        self, connection: Connection, camera: CameraId
    ) -> None:
        event = an_event(camera=camera, version=3)
        fates(connection, event)
        hand_over(connection, camera)
        assert fates(connection, event) == [Fate.KNOWN]
        end = an_event(camera=camera, version=4, lasted_s=90, end_reason=EndReason.LEFT)
        assert fates(connection, end, end) == [Fate.NEWER, Fate.KNOWN]
        assert read(connection, event) == replace(end, version=5)
        assert changed(connection) == [(event.id, version) for version in (3, 4, 5)]

    def test_an_event_that_goes_on_in_a_lost_epoch_is_closed_where_it_was_seen_until_its_end_is_known(
        self, connection: Connection, camera: CameraId
    ) -> None:
        event = an_event(camera=camera)
        fates(connection, event)
        hand_over(connection, camera)
        goes_on = an_event(camera=camera, version=2, lasted_s=70)
        assert fates(connection, goes_on) == [Fate.NEWER]
        stored = read(connection, event)
        assert (stored.ended_at, stored.end_reason) == (after(70), EndReason.INTERRUPTED)
        end = an_event(camera=camera, version=3, lasted_s=75, end_reason=EndReason.STOPPED)
        assert fates(connection, end) == [Fate.NEWER]
        assert read(connection, event) == replace(end, version=4)

    def test_an_open_event_that_arrives_after_the_hand_over_is_closed_too(
        self, connection: Connection, camera: CameraId
    ) -> None:
        hand_over(connection, camera)
        event = an_event(camera=camera, version=6, lasted_s=40)
        assert fates(connection, event) == [Fate.NEW]
        assert read(connection, event) == replace(event, ended_at=after(40), end_reason=EndReason.INTERRUPTED)

    def test_versions_only_grow_however_often_it_is_taken_over(self, connection: Connection, camera: CameraId) -> None:
        event = an_event(camera=camera)
        for number in range(1, 5):
            fates(connection, an_event(camera=camera, version=number, lasted_s=number))
            hand_over(connection, camera)
        told = [version for _, version in changed(connection)]
        assert told == sorted(set(told))
        assert read(connection, event).last_seen_at == after(4)


class TestMedia:
    """Media that were on their way are given up, and no others."""

    def test_a_snapshot_of_an_older_epoch_is_given_up_and_told(
        self, connection: Connection, watched: list[CameraId]
    ) -> None:
        events = [an_event(1, camera=camera, end_reason=EndReason.LEFT) for camera in watched]
        fates(connection, *events)
        records.mark_pending(connection, [event.id for event in events], MediaKind.SNAPSHOT, after(2))
        records.mark_pending(connection, [event.id for event in events], MediaKind.MASKED_CLIP, after(2))
        assert hand_over(connection, watched[0]).without_media == (events[0].id,)
        assert [state(connection, event, MediaKind.SNAPSHOT) for event in events] == [
            MediaState.FAILED,
            MediaState.PENDING,
        ]
        assert state(connection, events[0], MediaKind.MASKED_CLIP) is MediaState.PENDING
        assert changed(connection)[-1] == (events[0].id, 1)

    def test_what_is_made_and_waits_for_the_store_is_not_given_up(
        self, connection: Connection, camera: CameraId
    ) -> None:
        event = an_event(camera=camera, end_reason=EndReason.LEFT)
        fates(connection, event)
        records.mark_pending(connection, [event.id], MediaKind.SNAPSHOT, after(2))
        records.mark_pending(connection, [event.id], MediaKind.ORIGINAL, after(2))
        records.mark_spooled(connection, [(event.id, MediaKind.SNAPSHOT)], after(3))
        assert hand_over(connection, camera).without_media == (event.id,)
        assert state(connection, event, MediaKind.SNAPSHOT) is MediaState.PENDING
        assert state(connection, event, MediaKind.ORIGINAL) is MediaState.FAILED

    def test_what_is_on_its_way_in_the_epoch_that_begins_stays(self, connection: Connection, camera: CameraId) -> None:
        hand_over(connection, camera)
        event = an_event(camera=camera, epoch=2, at=after(61))
        fates(connection, event)
        records.mark_pending(connection, [event.id], MediaKind.ORIGINAL, after(62))
        assert take_over(connection, {camera: 2}, after(63)) == TakenOver()

    def test_a_late_worker_that_has_made_it_all_the_same_wins(self, connection: Connection, camera: CameraId) -> None:
        event = an_event(camera=camera)
        fates(connection, event)
        records.mark_pending(connection, [event.id], MediaKind.ORIGINAL, after(2))
        assert hand_over(connection, camera) == TakenOver((event.id,), (event.id,))
        assert state(connection, event, MediaKind.ORIGINAL) is MediaState.FAILED
        records.mark_ready(connection, event.id, MediaKind.ORIGINAL, BLOB, after(70))
        assert state(connection, event, MediaKind.ORIGINAL) is MediaState.READY

    def test_what_an_earlier_process_never_made_is_said_and_what_it_made_stays(
        self, connection: Connection, camera: CameraId
    ) -> None:
        event = an_event(camera=camera)
        fates(connection, event)
        records.mark_ready(connection, event.id, MediaKind.SNAPSHOT, BLOB, after(1))
        never_made = [(event.id, kind, records.LEFT_OVER) for kind in (MediaKind.SNAPSHOT, MediaKind.ORIGINAL)]
        records.say_never_made(connection, never_made, after(9))
        assert state(connection, event, MediaKind.SNAPSHOT) is MediaState.READY
        assert state(connection, event, MediaKind.ORIGINAL) is MediaState.FAILED
