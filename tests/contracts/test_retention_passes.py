"""What is over its time goes, the rest stays, whoever dies in between."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from core.camera import DepartmentId
from core.errors import NotFound, Unavailable
from core.ids import CameraId, EventId
from core.rule import RuleKind
from events.index import changes
from events.index.search import get
from events.index.tables import event_change, event_detail
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.keys import blob_key
from events.media.ledger import MediaLedger
from events.media.records import StoredBlob
from events.media.table import MediaKind, MediaState
from events.retention import marks
from events.retention.event_removal import EventRemoval
from events.retention.held import held
from events.retention.hold import HoldId
from events.retention.holds import release
from events.retention.media_removal import MediaRemoval, Reason, Removed, count_marked, mark
from events.retention.medium import Medium
from events.retention.pace import Pace
from events.retention.tables import legal_hold
from events.tallies.recount import difference
from registry import departments
from registry.db import Database
from tests.support.happenings import add_cameras
from tests.support.keeping import NEVER, NOW, Kept

DAY = timedelta(days=1)


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    return Kept(database, tmp_path / "blobs")


@pytest.fixture
def town(kept: Kept) -> tuple[DepartmentId, DepartmentId, CameraId, CameraId]:
    """Water, rivers below it, and a camera of each."""
    with kept.database.write() as connection:
        water = departments.add(connection, name="Water").id
        rivers = departments.add(connection, name="Rivers", parent=water).id
        (weir,) = add_cameras(connection, 1, department=water)
        (ford,) = add_cameras(connection, 1, department=rivers)
    return water, rivers, weir, ford


def ages(kept: Kept, camera: CameraId, *days: float) -> list[EventId]:
    """Events of so many days ago, with all media."""
    return [kept.add(camera, kept.clock.now() - days_ago * DAY) for days_ago in days]


Town = tuple[DepartmentId, DepartmentId, CameraId, CameraId]


def test_each_medium_goes_at_its_time_and_the_event_last(kept: Kept, town: Town) -> None:
    camera = town[2]
    new, month, quarter, year, gone = ages(kept, camera, 29, 31, 91, 366, 1097)
    kept.clock.advance(60)
    kept.run()
    kinds = {one: {kind for event, kind in kept.media() if event == one} for one in kept.events()}
    assert kinds == {
        new: set(MediaKind),
        month: {MediaKind.SNAPSHOT, MediaKind.ORIGINAL},
        quarter: {MediaKind.SNAPSHOT},
        year: set(),
    }
    assert kept.files() == sorted(blob_key(event, 1, kind) for event, kind in kept.media())
    with kept.database.read() as connection:
        assert difference(connection) == []
        assert count_marked(connection) == 0
    told = {(medium, count) for medium, reason, count, _ in kept.removed if reason is Reason.AGE}
    assert {("event", 1), ("snapshot", 2)} <= told
    assert gone not in kept.events()


def test_the_nearest_rule_counts(kept: Kept, town: Town) -> None:
    water, rivers, weir, ford = town
    kept.rule(Medium.ORIGINAL, 20)
    kept.rule(Medium.ORIGINAL, 40, water)
    kept.rule(Medium.ORIGINAL, 60, water, RuleKind.MOTION)
    kept.rule(Medium.ORIGINAL, None, rivers)
    at = kept.clock.now() - 50 * DAY
    usual = kept.add(weir, at, [MediaKind.ORIGINAL])
    motion = kept.add(weir, at + DAY, [MediaKind.ORIGINAL], kind=RuleKind.MOTION)
    for_ever = kept.add(ford, at - 3000 * DAY / 10, [MediaKind.ORIGINAL])
    kept.run()
    left = {event for event, _ in kept.media()}
    assert left == {motion, for_ever}
    assert kept.events() == {motion, for_ever, usual}
    with kept.database.read() as connection:
        policy = kept.passes().policy(connection)
    assert policy.term(rivers, None, Medium.EVENT).days is None  # it stays as long as its original
    assert policy.term(rivers, RuleKind.MOTION, Medium.ORIGINAL).days is None
    assert policy.term(None, None, Medium.ORIGINAL).days == 20
    assert policy.term(None, None, Medium.MASKED_CLIP).days == 20


def test_a_kind_that_loses_its_rule_goes_with_the_others(kept: Kept, town: Town) -> None:
    water, _, weir, _ = town
    kept.rule(Medium.SNAPSHOT, 700, water, RuleKind.MOTION)
    motion = kept.add(weir, kept.clock.now() - 500 * DAY, [MediaKind.SNAPSHOT], kind=RuleKind.MOTION)
    ages(kept, weir, 400, 401)
    kept.run()
    assert kept.media() == {(motion, MediaKind.SNAPSHOT)}
    kept.rule(Medium.SNAPSHOT, 365, water, RuleKind.MOTION)
    kept.run()
    assert kept.media() == set()


def test_what_is_held_stays_and_goes_when_it_is_let_go(kept: Kept, town: Town) -> None:
    water, _, weir, ford = town
    one, other = ages(kept, weir, 1200, 1201)
    below, before = ages(kept, ford, 1202, 1300)
    numbers = [
        kept.hold(event=one),
        kept.hold(on_department=water, from_at=NOW - 1210 * DAY, until_at=NOW - 1202 * DAY + timedelta(hours=1)),
    ]
    kept.run()
    assert kept.events() == {one, below}
    assert {event for event, _ in kept.media()} == {one, below}
    assert not {other, before} & kept.events()
    kept.run()
    for number in numbers:
        with kept.database.write() as connection:
            released = update(legal_hold).where(legal_hold.c.id == number)
            connection.execute(released.values(released_at=kept.clock.now()))
            marks.let_go(connection, number)
    kept.run()
    assert (kept.events(), kept.media(), kept.files()) == (set(), set(), [])


def test_a_mark_is_not_put_past_what_a_hold_kept_that_was_released_meanwhile(kept: Kept, town: Town) -> None:
    number = kept.hold(camera=town[2])
    with kept.database.read() as connection:
        known = held(connection)
    lane = (town[0], marks.OTHERS, Medium.SNAPSHOT)
    with kept.database.write() as connection:
        assert marks.advance(connection, lane, EventId(7), known)
        released = update(legal_hold).where(legal_hold.c.id == number)
        connection.execute(released.values(released_at=kept.clock.now()))
        marks.let_go(connection, number)
        assert not marks.advance(connection, lane, EventId(9), known)
        assert marks.read(connection) == {}


def test_an_event_that_was_going_on_in_the_time_of_a_hold_is_held(kept: Kept, town: Town) -> None:
    weir = town[2]
    long = kept.add(weir, NOW - 1300 * DAY, lasted_s=10 * 86_400)
    short = kept.add(weir, NOW - 1301 * DAY)
    kept.hold(camera=weir, from_at=NOW - 1295 * DAY, until_at=NOW - 1294 * DAY)
    kept.run()
    assert kept.events() == {long} != {short}
    assert len(kept.media()) == 3


def test_a_hold_that_came_after_the_mark_comes_too_late(kept: Kept, town: Town) -> None:
    (old,) = ages(kept, town[2], 400)
    wanted = [(old, MediaKind.SNAPSHOT), (old, MediaKind.ORIGINAL)]
    with kept.database.write() as connection:
        assert len(mark(connection, wanted[:1], kept.clock.now())) == 1
    kept.hold(event=old)
    with kept.database.write() as connection:
        assert mark(connection, wanted, kept.clock.now()) == []
    with kept.database.read() as connection:
        found = records.find(connection, old, MediaKind.SNAPSHOT)
        assert found is not None
        assert (found.state, found.reason, found.blob) == (MediaState.FAILED, records.GOING, None)
        assert {one.kind for one in get(connection, old).media} == {MediaKind.ORIGINAL, MediaKind.MASKED_CLIP}
    kept.run()
    assert {kind for _, kind in kept.media()} == {MediaKind.ORIGINAL, MediaKind.MASKED_CLIP}


def test_an_event_that_goes_on_stays_and_goes_some_time_after_its_end(kept: Kept, town: Town) -> None:
    weir = town[2]
    open_one = kept.add(weir, NOW - 1200 * DAY, [], goes_on=True)
    ended_late = kept.add(weir, NOW - 1201 * DAY, [], lasted_s=(1201 - 1095) * 86_400)
    ended = kept.add(weir, NOW - 1199 * DAY, [])
    kept.run()
    assert kept.events() == {open_one, ended_late} - {ended}
    kept.clock.advance(2 * 86_400)
    kept.run()
    assert kept.events() == {open_one}


def test_a_clip_that_is_played_late_goes_with_the_next_pass(kept: Kept, town: Town) -> None:
    (event,) = [kept.add(town[2], NOW - 60 * DAY, [MediaKind.ORIGINAL])]
    kept.run()
    kept.show(event, MediaKind.MASKED_CLIP)
    kept.run()
    assert kept.media() == {(event, MediaKind.ORIGINAL)}


def test_what_comes_some_days_late_is_found_all_the_same(kept: Kept, town: Town) -> None:
    kept.rule(Medium.SNAPSHOT, 1)
    ages(kept, town[2], 2, 20)
    kept.run()
    late = kept.add(town[2], NOW - 6 * DAY, [MediaKind.SNAPSHOT])
    kept.run()
    assert (late, MediaKind.SNAPSHOT) not in kept.media()


def test_a_medium_that_waited_for_weeks_on_its_workers_disk_goes_with_the_next_pass(kept: Kept, town: Town) -> None:
    kept.rule(Medium.SNAPSHOT, 1)
    kept.rule(Medium.ORIGINAL, 1)
    late, *_ = (kept.add(town[2], NOW - age * DAY, []) for age in (20, 19))
    kept.run()
    ledger = MediaLedger(kept.database, kept.clock)
    for kind in (MediaKind.SNAPSHOT, MediaKind.ORIGINAL):
        key = kept.store(late, kind)
        ledger.keep(late, kind, StoredBlob(key, 10))
    kept.run()
    assert kept.media() == set()
    assert kept.files() == []


def test_a_pass_looks_at_what_is_new_alone(kept: Kept, town: Town) -> None:
    ages(kept, town[2], *range(366, 380))
    kept.run()
    with kept.database.read() as connection:
        before = marks.read(connection)
    assert before[town[0], marks.OTHERS, Medium.SNAPSHOT] >= max(kept.events())
    kept.clock.advance(86_400)
    kept.removed.clear()
    kept.run()
    with kept.database.read() as connection:
        assert marks.read(connection) == before
    assert kept.removed == []


class _Broken:
    """A store that goes away after some removals."""

    def __init__(self, blobs: FolderBlobs, after: int) -> None:
        self._blobs = blobs
        self._left = after

    def delete(self, key: str) -> None:
        if self._left == 0:
            raise Unavailable("the store is away")
        self._left -= 1
        self._blobs.delete(key)

    def __getattr__(self, name: str) -> object:
        return getattr(self._blobs, name)


def test_while_the_store_is_away_what_is_marked_waits_and_goes_later(kept: Kept, town: Town) -> None:
    events = ages(kept, town[2], 1200, 1201)
    away = MediaRemoval(kept.database, _Broken(kept.blobs, 1), kept.clock)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        away.remove([(event, MediaKind.SNAPSHOT) for event in events], Reason.AGE)
    with kept.database.read() as connection:
        assert count_marked(connection) == 2
    assert len(kept.files()) == 5
    kept.run()
    assert (kept.events(), kept.media(), kept.files()) == (set(), set(), [])


def test_all_rows_of_an_event_go_and_who_follows_its_changes_passes_over_them(kept: Kept, town: Town) -> None:
    event = kept.add(town[2], NOW - 1200 * DAY, [], kind=RuleKind.LINE_CROSSED)
    with kept.database.write() as connection:
        connection.execute(event_detail.insert().values(event=event, count=3))
    kept.run()
    with kept.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(event_detail)) == 0
        assert connection.execute(select(func.count()).select_from(event_change)).scalar_one() > 0
        assert {one.event for one in changes.since(connection, 0, 10)} == {event}
        with pytest.raises(NotFound):
            get(connection, event)
    with pytest.raises(NotFound), kept.database.write() as connection:
        records.mark_failed(connection, event, MediaKind.SNAPSHOT, "late", kept.clock.now())


def test_a_stopped_pass_goes_on_where_it_was(kept: Kept, town: Town) -> None:
    ages(kept, town[2], *range(366, 376))
    stopped = type(NEVER)()
    stopped.set()
    kept.passes().run(stopped)
    assert len(kept.media()) == 30
    kept.run()
    assert len(kept.media()) == 0


def test_what_is_held_since_it_was_found_stays_and_goes_a_few_at_a_time_when_it_is_let_go(
    kept: Kept, town: Town
) -> None:
    camera = town[2]
    event, bare = kept.add(camera, NOW - 1200 * DAY), kept.add(camera, NOW - 1200 * DAY, [])
    media = [(event, kind) for kind in MediaKind]
    number = kept.hold(camera=camera)
    removal = MediaRemoval(kept.database, kept.blobs, kept.clock, pace=Pace(2, fewest=2, most=2))
    assert removal.remove(media, Reason.AGE) == Removed()
    removal.drop(media)
    assert EventRemoval(kept.database).remove([bare], NOW) == 0
    assert len(kept.files()) == 3
    with kept.database.write() as connection:
        release(connection, HoldId(number), why="it is over", by="a judge", at=NOW)
    assert removal.remove(media, Reason.AGE) == Removed(3, 30)
    assert EventRemoval(kept.database).remove([event, bare], NOW) == 2
    assert (kept.events(), kept.files()) == (set(), [])
