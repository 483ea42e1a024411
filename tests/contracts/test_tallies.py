"""The tallies are what a count from scratch finds, whoever wrote, changed or removed events."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text, update

from core.event import Event
from core.ids import CAMERA_BITS, CameraId, EventId
from core.rule import RuleKind, Severity
from events.index.tables import event
from events.tallies.recount import difference, parts, paused, put_right, recount
from events.tallies.table import ANY, camera_tally, event_tally
from registry import departments
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, put_events

LABELS = ("person", "car", "dog")
HOUR_S = 3_600


@pytest.fixture
def cameras(connection: Connection) -> list[CameraId]:
    owners = [departments.add(connection, name=f"department {n}").id for n in range(3)]
    return [number for owner in owners for number in add_cameras(connection, 2, department=owner)]


def some_events(random: Random, cameras: Sequence[CameraId], first: int, count: int) -> list[Event]:
    return [
        replace(
            an_event(
                n,
                camera=random.choice(cameras),
                at=after(random.randrange(60) * HOUR_S + random.randrange(HOUR_S)),
                label=random.choice(LABELS),
                severity=random.choice(list(Severity)),
            ),
            kind=random.choice((RuleKind.INTRUSION, RuleKind.LOITERING)),
        )
        for n in range(first, first + count)
    ]


def all_counted(connection: Connection) -> int:
    is_total = event_tally.c.grain == 24, event_tally.c.department == ANY, event_tally.c.label == ANY
    return int(connection.scalar(select(func.sum(event_tally.c["count"])).where(*is_total)) or 0)


def some_ids(connection: Connection, random: Random, count: int) -> list[EventId]:
    ids = list(connection.scalars(select(event.c.id).order_by(event.c.id)))
    return random.sample(ids, min(count, len(ids)))


def old_rows(connection: Connection, random: Random, cameras: Sequence[CameraId], first: int) -> list[dict[str, int]]:
    """As a program writes them that knows nothing of tallies."""
    rows = []
    for n in range(first, first + 5):
        camera, milliseconds = random.choice(cameras), random.randrange(100 * HOUR_S * 1_000)
        row = {"id": milliseconds << CAMERA_BITS | camera, "camera": camera, "epoch": 1, "n": n, "version": 1}
        row |= {"department": 1, "label": 1, "kind": 1, "severity": random.randint(1, 4), "rule": 1, "rule_name": 1}
        rows.append(row | {"last_seen_at": 1})
    return rows


_PUT = "INSERT INTO event ({names}) VALUES ({values}) ON CONFLICT (id) DO UPDATE SET severity = excluded.severity"


def test_whatever_is_done_to_events_the_tallies_are_what_a_count_finds(
    connection: Connection, cameras: list[CameraId]
) -> None:
    random = Random(20261126)
    written = some_events(random, cameras, 1, 40)
    put_events(connection, written)

    def write() -> None:
        fresh = some_events(random, cameras, len(written) + 1, 8)
        put_events(connection, fresh)
        written.extend(fresh)

    def write_newer() -> None:
        for at in random.sample(range(len(written)), 10):
            one = replace(written[at], version=written[at].version + 1)
            written[at] = replace(one, label=random.choice(LABELS), severity=random.choice(list(Severity)))
        put_events(connection, written)

    def write_as_of_old() -> None:
        rows = old_rows(connection, random, cameras, 10_000)
        statement = _PUT.format(names=", ".join(rows[0]), values=", ".join(f":{name}" for name in rows[0]))
        connection.execute(text(statement), rows)
        connection.execute(text(statement), [row | {"severity": 4} for row in rows])

    def remove() -> None:
        connection.execute(delete(event).where(event.c.id.in_(some_ids(connection, random, 6))))

    def repair_by_hand() -> None:
        (number,) = some_ids(connection, random, 1)
        connection.execute(update(event).where(event.c.id == number).values(id=event.c.id + (90 << 40), department=3))
        connection.execute(update(event).values(camera=event.c.camera, kind=3 - event.c.kind))

    acts: Sequence[Callable[[], None]] = (write, write_newer, write_as_of_old, remove, repair_by_hand)
    assert difference(connection) == []
    for act in (*acts, *random.choices(acts, k=12)):
        act()
        assert difference(connection) == [], act.__name__
        assert all_counted(connection) == connection.scalar(select(func.count()).select_from(event))


def test_a_row_that_came_to_nothing_goes(connection: Connection, cameras: list[CameraId]) -> None:
    put_events(connection, some_events(Random(1), cameras, 1, 20))
    connection.execute(delete(event))
    for table in (event_tally, camera_tally):
        assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_an_event_that_only_goes_on_changes_no_tally(connection: Connection, cameras: list[CameraId]) -> None:
    (one,) = some_events(Random(1), cameras, 1, 1)
    put_events(connection, [one])
    connection.execute(update(event_tally).values({"count": 7}))
    put_events(connection, [replace(one, version=2, last_seen_at=after(900_000))])
    assert set(connection.scalars(select(event_tally.c["count"]))) == {7}


def test_what_is_loaded_while_counting_is_paused_is_counted_anew(
    connection: Connection, cameras: list[CameraId]
) -> None:
    with paused(connection):
        put_events(connection, some_events(Random(2), cameras, 1, 30))
        assert all_counted(connection) == 0
    recount(connection)
    assert all_counted(connection) == 30
    assert difference(connection) == []
    put_events(connection, some_events(Random(3), cameras, 31, 5))
    assert all_counted(connection) == 35
    assert difference(connection) == []


def test_wrong_rows_are_told_and_put_right_spell_by_spell(connection: Connection, cameras: list[CameraId]) -> None:
    put_events(connection, some_events(Random(4), cameras, 1, 30))
    part = parts(connection)[0]
    is_total = event_tally.c.grain == 24, event_tally.c.department == ANY, event_tally.c.label == ANY
    connection.execute(update(event_tally).where(*is_total, event_tally.c.start // 10 == part).values({"count": 99}))
    connection.execute(delete(camera_tally).where(camera_tally.c.day // 10 == part))
    connection.execute(insert(event_tally).values((1, 240 * (part + 40), 50, 1, 1, 1, 3)))
    found = difference(connection)
    assert {one.table for one in found} == {"event_tally", "camera_tally"}
    assert {one.kept for one in found if one.table == "camera_tally"} == {0}
    assert [one.counted for one in found if one.key[2] == 50] == [0]
    assert part + 40 in parts(connection)
    assert sum(put_right(connection, one) for one in parts(connection)) == len(found)
    assert difference(connection) == []
    assert part + 40 not in parts(connection)
