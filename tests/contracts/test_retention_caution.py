"""Nothing goes by its age after the first start, after a leap of the clock, and by a clock that is not the server's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.notices.notices import open_notices
from events.retention.caution import Caution
from registry.db import Database, Engines
from sharp_eyes.worker.retaining import tell_by
from tests.support.builders import FakeClock
from tests.support.happenings import add_cameras
from tests.support.keeping import NOW, Kept

HOUR = timedelta(hours=1)


@pytest.fixture
def kept(sqlite_database: Database, tmp_path: Path) -> Kept:
    """With something that is over its time."""
    return with_something_old(Kept(sqlite_database, tmp_path / "blobs"))


def with_something_old(kept: Kept) -> Kept:
    with kept.database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    kept.add(camera, kept.clock.now() - timedelta(days=100))
    return kept


def start(kept: Kept) -> Caution:
    """What a worker does that starts."""
    return Caution(kept.database, kept.clock, kept.settings, kept.passes().policy, tell_by(kept.database))


def go_on(kept: Kept, caution: Caution, hours: float) -> list[bool]:
    """Whether caution lasts, looked at every hour."""
    found = []
    for _ in range(int(hours)):
        kept.clock.advance(3_600)
        found.append(caution.lasts())
    return found


def told(kept: Kept) -> list[str]:
    with kept.database.read() as connection:
        return [one.detail for one in open_notices(connection) if one.kind.value == "removal_waits"]


def test_at_first_it_lasts_for_a_day_over_restarts_and_is_told(kept: Kept) -> None:
    assert start(kept).lasts()
    (words,) = told(kept)
    assert words.startswith(f"things are removed by their age from {NOW + 24 * HOUR:%Y-%m-%d %H:%M} UTC on")
    assert all(go_on(kept, start(kept), 12))
    again = start(kept)
    assert go_on(kept, again, 12) == [True] * 11 + [False]
    assert told(kept) == []
    assert not any(go_on(kept, start(kept), 60))


def test_a_clock_that_leaps_a_year_ahead_lets_nothing_go_and_once_it_is_set_back_neither(kept: Kept) -> None:
    caution = settled(kept)
    before = kept.clock.now()
    kept.clock.set(before + timedelta(days=365))
    assert caution.lasts()
    (words,) = told(kept)
    assert words.startswith(f"the time went from {before:%Y-%m-%d %H:%M} to {kept.clock.now():%Y-%m-%d %H:%M} UTC")
    assert all(go_on(kept, start(kept), 3))
    kept.clock.set(before + 3 * HOUR)
    assert caution.lasts()
    assert go_on(kept, caution, 24) == [True] * 23 + [False]


def test_a_restart_within_a_day_is_no_leap_and_a_longer_absence_is_one(kept: Kept) -> None:
    settled(kept)
    kept.clock.advance(20 * 3_600)
    assert not start(kept).lasts()
    kept.clock.advance(30 * 3_600)
    assert start(kept).lasts()


def test_where_nothing_would_go_nobody_is_told(sqlite_database: Database, tmp_path: Path) -> None:
    kept = Kept(sqlite_database, tmp_path / "blobs")
    assert start(kept).lasts()
    assert told(kept) == []


def test_without_caution_it_never_lasts(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Kept(sqlite_database, tmp_path / "blobs").settings.model_copy(update={"caution_h": 0})
    assert not start(Kept(sqlite_database, tmp_path / "blobs", settings=settings)).lasts()


def test_a_clock_that_is_not_the_servers_lets_nothing_go(database: Database, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    kept = with_something_old(Kept(database, tmp_path / "blobs", clock=FakeClock(now)))
    caution = start(kept)
    assert caution.lasts()
    kept.clock.set(now + 2 * HOUR)
    assert caution.lasts()
    (words,) = told(kept)
    assert ("this machine's clock is ahead of" in words) == (database.kind is Engines.POSTGRESQL)
    kept.clock.set(now)
    assert caution.lasts()
    (words,) = told(kept)
    assert words.startswith("things are removed by their age from")


def settled(kept: Kept) -> Caution:
    """Caution that is over."""
    caution = start(kept)
    caution.lasts()
    assert not go_on(kept, caution, 24)[-1]
    return caution
