"""Rules, holds and events by chance: what passes leave is what plain Python says, and a dry run said so before."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.camera import DepartmentId
from core.ids import CameraId, EventId
from core.rule import RuleKind
from events.media.table import MediaKind
from events.retention.forecast import would_go
from events.retention.hold import HoldId
from events.retention.holds import release
from events.retention.medium import SHOWN, Medium
from events.tallies.recount import difference
from registry import departments
from registry.db import Database
from tests.support.happenings import add_cameras
from tests.support.keeping import NEVER, NOW, Kept

DAY = timedelta(days=1)
KINDS = (RuleKind.MOTION, RuleKind.LOITERING, RuleKind.INTRUSION)
DEFAULTS = {Medium.EVENT: 1096, Medium.SNAPSHOT: 365, Medium.ORIGINAL: 90, Medium.MASKED_CLIP: 30}
FOR_EVER = 10**9


@dataclass(frozen=True)
class One:
    """An event as it was made."""

    event: EventId
    camera: CameraId
    department: DepartmentId
    kind: RuleKind
    began_at: datetime
    over_at: datetime
    goes_on: bool


@dataclass(frozen=True)
class Hold:
    """What is held."""

    number: int
    event: EventId | None
    camera: CameraId | None
    department: DepartmentId | None
    from_at: datetime | None
    until_at: datetime | None


class Town:
    """What is in the database, said a second time."""

    def __init__(self, kept: Kept, seed: int) -> None:
        self.kept, self.rng = kept, random.Random(seed)
        self.rules: dict[tuple[DepartmentId | None, RuleKind | None, Medium], int | None] = {}
        self.holds: list[Hold] = []
        self.parents: dict[DepartmentId, DepartmentId | None] = {}
        with kept.database.write() as connection:
            for n in range(4):
                parent = self.rng.choice([None, *self.parents])
                made = departments.add(connection, name=f"department {n}", parent=parent)
                self.parents[made.id] = parent
            self.cameras = {one: add_cameras(connection, 2, department=one) for one in self.parents}
        self.events = [self._event() for _ in range(30)]

    def _event(self) -> One:
        rng = self.rng
        department = rng.choice(list(self.parents))
        camera, kind = rng.choice(self.cameras[department]), rng.choice(KINDS)
        days = rng.choice((5, 29, 31, 60, 89, 91, 200, 364, 366, 800, 1095, 1098, 1500))
        began_at = NOW - days * DAY + rng.randrange(1, 40_000) * timedelta(seconds=1)
        lasted_s, goes_on = rng.choice((2.0, 2.0, 2.0, 20 * 86_400.0)), rng.random() < 0.1
        media = [kind for kind in MediaKind if rng.random() < 0.7]
        event = self.kept.add(camera, began_at, media, kind=kind, lasted_s=lasted_s, goes_on=goes_on)
        over_at = began_at + timedelta(seconds=lasted_s)
        return One(event, camera, department, kind, began_at, over_at, goes_on)

    def change(self) -> None:
        """Some rules, some holds taken, some released."""
        rng = self.rng
        for _ in range(3):
            place = rng.choice([None, *self.parents]), rng.choice([None, None, *KINDS]), rng.choice(list(DEFAULTS))
            self.rules[place] = rng.choice([None, 1, 25, 45, 100, 400, 1200])
            self.kept.rule(place[2], self.rules[place], place[0], place[1])
        for hold in list(self.holds):
            if rng.random() < 0.4:
                self.holds.remove(hold)
                with self.kept.database.write() as connection:
                    release(connection, HoldId(hold.number), why="it is over", by="a judge", at=NOW)
        for _ in range(2):
            one = rng.choice(self.events)
            from_at = rng.choice([None, one.began_at - rng.choice((1, 30)) * DAY])
            until_at = rng.choice([None, one.began_at + rng.choice((1, 30)) * DAY])
            match rng.randrange(3):
                case 0:
                    number = self.kept.hold(event=one.event)
                    self.holds.append(Hold(number, one.event, None, None, None, None))
                case 1:
                    number = self.kept.hold(camera=one.camera, from_at=from_at, until_at=until_at)
                    self.holds.append(Hold(number, None, one.camera, None, from_at, until_at))
                case _:
                    number = self.kept.hold(on_department=one.department, from_at=from_at, until_at=until_at)
                    self.holds.append(Hold(number, None, None, one.department, from_at, until_at))

    def days(self, one: One, medium: Medium) -> int:
        """For how many days it is kept."""
        if medium is Medium.EVENT:
            return max(self._said(one, medium), *(self.days(one, other) for other in SHOWN))
        if medium is Medium.MASKED_CLIP:
            return min(self._said(one, medium), self._said(one, Medium.ORIGINAL))
        return self._said(one, medium)

    def _said(self, one: One, medium: Medium) -> int:
        for department in [*self._above(one.department), None]:
            for kind in (one.kind, None):
                if (department, kind, medium) in self.rules:
                    days = self.rules[department, kind, medium]
                    return FOR_EVER if days is None else days
        return DEFAULTS[medium]

    def _above(self, department: DepartmentId) -> list[DepartmentId]:
        parent = self.parents[department]
        return [department] if parent is None else [department, *self._above(parent)]

    def is_held(self, one: One) -> bool:
        """Whether a hold is on it."""

        def covers(hold: Hold) -> bool:
            if hold.event is not None:
                return hold.event == one.event
            about = hold.camera == one.camera or hold.department in self._above(one.department)
            begins = hold.from_at is None or one.over_at >= hold.from_at
            return about and begins and (hold.until_at is None or one.began_at < hold.until_at)

        return any(map(covers, self.holds))

    def left(self, media: set[tuple[EventId, MediaKind]]) -> set[tuple[EventId, MediaKind]]:
        """What of these is still there after a pass."""
        known = {one.event: one for one in self.events}
        return {
            (event, kind)
            for event, kind in media
            if self.is_held(known[event])
            or (NOW - known[event].began_at) / DAY <= self.days(known[event], Medium(kind.value))
        }

    def left_events(self, events: set[EventId]) -> set[EventId]:
        """Which of these are."""
        return {
            one.event
            for one in self.events
            if one.event in events
            and (self.is_held(one) or one.goes_on or (NOW - one.over_at) / DAY <= self.days(one, Medium.EVENT))
        }


@pytest.mark.parametrize("seed", range(2))
def test_what_is_left_is_what_plain_python_says(database: Database, tmp_path: Path, seed: int) -> None:
    kept = Kept(database, tmp_path / "blobs")
    town = Town(kept, seed)
    was_held = 0
    for _ in range(4):
        town.change()
        media, events = kept.media(), kept.events()
        left, left_events = town.left(media), town.left_events(events)
        told = would_go(database, kept.clock, kept.settings, 72)
        expected = Counter(kind.value for _, kind in media - left)
        expected.update({"event": len(events - left_events)})
        goes: Counter[str] = Counter()
        for line in told.lines:
            goes[line.medium.value] += line.goes.count
            was_held += line.held.count
        assert goes == expected
        kept.passes().run(NEVER)
        assert kept.media() == left
        assert kept.events() == left_events
        assert len(kept.files()) == len(left)
    assert was_held
    with database.read() as connection:
        assert difference(connection) == []
