"""What interruptions leave behind does not grow for ever; what still counts stays."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Table, func, select

from core.event import EndReason
from core.rule import RuleKind
from events import remnants
from events.index.search import get
from events.index.tables import event_interruption, fenced_event, outage, outage_member
from events.index.write import write_events
from events.takeover import take_over
from registry import cameras, epochs, streams
from registry.tables import camera_epoch
from registry.workers import WorkerId
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras

OLD, NEW = START, START + timedelta(days=100)
BEFORE = START + timedelta(days=50)


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_epochs_that_are_over_for_long_are_removed_but_never_a_cameras_newest(connection: Connection) -> None:
    often, once, now = add_cameras(connection, 3)
    for n in range(4):
        epochs.take(connection, WorkerId(n + 1), [often], after(n))
    epochs.take(connection, WorkerId(1), [once, now], OLD)
    epochs.end(connection, [often, once], after(9))
    assert [epochs.prune(connection, BEFORE, 2) for _ in range(3)] == [2, 1, 0]
    left = connection.execute(select(camera_epoch.c.camera, camera_epoch.c.epoch).order_by(camera_epoch.c.camera))
    assert [tuple(row) for row in left] == [(often, 4), (once, 1), (now, 1)]
    assert epochs.take(connection, WorkerId(7), [often], NEW) == {often: 5}


def test_what_was_not_accepted_and_what_was_interrupted_is_forgotten_when_it_is_old(connection: Connection) -> None:
    (camera,) = add_cameras(connection, 1)
    epochs.take(connection, WorkerId(1), [camera], OLD)
    events = [an_event(1, camera=camera), an_event(2, camera=camera, at=NEW)]
    write_events(connection, events)
    take_over(connection, epochs.take(connection, WorkerId(2), [camera], NEW + timedelta(hours=1)), NEW)
    write_events(connection, [an_event(3, camera=camera, at=NEW + timedelta(hours=2))])
    assert (count(connection, event_interruption), count(connection, fenced_event)) == (2, 1)
    assert [remnants.prune(connection, BEFORE, 200) for _ in range(2)] == [1, 0]
    assert remnants.prune(connection, NEW + timedelta(days=3650), 200) == 2
    assert [get(connection, event.id).event.end_reason for event in events] == [EndReason.INTERRUPTED] * 2


def test_the_cameras_of_an_outage_are_forgotten_when_it_is_over_for_long_and_its_event_stays(
    connection: Connection,
) -> None:
    numbers = [cameras.add(connection, name=f"camera {n}").id for n in range(3)]
    for number in numbers:
        streams.add(connection, number, url=f"rtsp://10.0.0.9/{number}")
    epochs.take(connection, WorkerId(1), numbers, OLD)
    lost = [
        replace(
            an_event(1, camera=number, lasted_s=60, end_reason=EndReason.OVER), kind=RuleKind.STREAM_LOST, zone=None
        )
        for number in numbers
    ]
    goes_on = replace(an_event(2, camera=numbers[0], at=after(3600)), kind=RuleKind.STREAM_LOST, zone=None)
    write_events(connection, [*lost, goes_on])
    assert (count(connection, outage), count(connection, outage_member)) == (2, 4)
    assert [remnants.prune(connection, BEFORE, 2) for _ in range(3)] == [2, 2, 0]
    assert (count(connection, outage), count(connection, outage_member)) == (1, 1)
    stored = get(connection, lost[0].id).event
    assert (stored.count, stored.ended_at) == (3, after(60))
