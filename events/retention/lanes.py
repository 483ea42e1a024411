"""What is to be looked through: one lane for each department, medium, and kind that is kept for a time of its own.

In a lane events lie in order, and a mark says how far it is done. Where a kind gets a rule of its own, or loses it, its
events go over into another lane: the marks are put so that none is passed over.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from core.camera import DepartmentId
from core.ids import EventId
from core.rule import RuleKind
from registry.chunks import in_chunks
from registry.db import is_sqlite

from ..number_lists import listed
from . import marks
from .marks import OTHERS, Lane
from .medium import Medium
from .played import kinds_by_number
from .policy import Policy, goes_before

WALKED: Final = (Medium.SNAPSHOT, Medium.ORIGINAL, Medium.EVENT)
"""The media that are looked for along lanes, in this order: an event goes after what shows it."""
LATE: Final = timedelta(days=7)
"""So much later than it happened something may reach the database: no mark is put beyond that."""
_ON_SQLITE: Final = text("""
    SELECT (SELECT min(e.id) FROM event e WHERE e.department = d.value AND e.id > a.value)
    FROM json_each(:departments) d JOIN json_each(:afters) a ON a.key = d.key ORDER BY d.key
""")
_ON_POSTGRESQL: Final = text("""
    SELECT (SELECT e.id FROM event e WHERE e.department = d AND e.id > a ORDER BY e.id LIMIT 1)
    FROM unnest(CAST(:departments AS integer[]), CAST(:afters AS bigint[])) WITH ORDINALITY asked (d, a, n) ORDER BY n
""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a lane that has something to be looked at."""

    lane: Lane
    kinds: frozenset[int] | None
    """The kinds of event of the lane, by number; None: all but `without`."""
    without: frozenset[int]
    after: EventId
    """Up to here all is done."""
    before: EventId
    """From here on it is kept."""
    farthest: EventId
    """A mark is put no farther than this."""
    ends_before: datetime
    """What ended earlier than this may go."""

    @property
    def department(self) -> DepartmentId:
        return self.lane[0]

    @property
    def medium(self) -> Medium:
        return self.lane[2]

    def has(self, kind: int) -> bool:
        """Whether events of that kind lie in this lane."""
        return kind in self.kinds if self.kinds is not None else kind not in self.without


@dataclass(frozen=True, slots=True)
class Moved:
    """What has to be done with the marks before anybody walks: those to be put, and those to be forgotten."""

    put: Mapping[Lane, EventId]
    gone: frozenset[Lane]


def moved(connection: Connection, policy: Policy) -> Moved:
    """How the marks have to move, where kinds have got rules of their own, or lost them."""
    known = marks.read(connection)
    numbers = _numbers(connection)
    own: defaultdict[tuple[DepartmentId, Medium], set[int]] = defaultdict(set)
    for department, kind, medium in known:
        if kind != OTHERS:
            own[department, medium].add(kind)
    wanted: dict[tuple[DepartmentId, Medium], frozenset[int]] = {}
    for department in policy.tree.kinds:
        for medium in WALKED:
            wanted[department, medium] = frozenset(
                numbers[one] for one in policy.kinds(department, medium) if one in numbers
            )
    put: dict[Lane, EventId] = {}
    gone: set[Lane] = set()
    for place, kinds in wanted.items():
        department, medium = place
        others = known.get((department, OTHERS, medium), EventId(0))
        for kind in kinds - own[place]:
            put[department, kind, medium] = others
        if left := own[place] - kinds:
            lanes = {(department, kind, medium) for kind in left}
            put[department, OTHERS, medium] = min(others, *(known[lane] for lane in lanes))
            gone |= lanes
    return Moved(put, frozenset(gone))


def move(connection: Connection, change: Moved) -> None:
    """Move the marks."""
    for lane in change.gone:
        marks.remove(connection, lane)
    for lane, upto in change.put.items():
        marks.put(connection, lane, upto)


def with_something(
    connection: Connection, policy: Policy, medium: Medium, now: datetime, *, from_start: bool = False
) -> list[Stretch]:
    """The stretches of `medium` that have events whose time is over: found by one step into an index for each lane.
    `from_start`: also what is done already, for which only holds are kept."""
    known, numbers = {} if from_start else marks.read(connection), _numbers(connection)
    stretches = [
        stretch
        for department in sorted(policy.tree.kinds)
        for stretch in _of_department(policy, department, medium, known, numbers, now)
    ]
    found: list[Stretch] = []
    for chunk in in_chunks(stretches, 2_000):
        firsts = _firsts(connection, chunk)
        found += [
            stretch
            for stretch, first in zip(chunk, firsts, strict=True)
            if first is not None and first < stretch.before
        ]
    return found


def _of_department(
    policy: Policy,
    department: DepartmentId,
    medium: Medium,
    known: Mapping[Lane, EventId],
    numbers: Mapping[RuleKind, int],
    now: datetime,
) -> Iterable[Stretch]:
    special = {numbers[kind]: kind for kind in policy.kinds(department, medium) if kind in numbers}
    late = goes_before(LATE, now)
    for number, kind in [(OTHERS, None), *sorted(special.items())]:
        kept = policy.term(department, kind, medium).kept
        before = goes_before(kept, now)
        if before == 0:
            continue
        lane = (department, number, medium)
        yield Stretch(
            lane,
            None if number == OTHERS else frozenset({number}),
            frozenset(special),
            after=known.get(lane, EventId(0)),
            before=before,
            farthest=min(before, late),
            ends_before=now - kept,
        )


def _firsts(connection: Connection, stretches: Sequence[Stretch]) -> list[int | None]:
    departments, afters = [one.department for one in stretches], [one.after for one in stretches]
    if is_sqlite(connection):
        given = {"departments": json.dumps(departments), "afters": json.dumps(afters)}
        return list(connection.scalars(_ON_SQLITE, given))
    given = {"departments": listed(departments, embedded=False), "afters": listed(afters, embedded=False)}
    return list(connection.scalars(_ON_POSTGRESQL, given))


def _numbers(connection: Connection) -> dict[RuleKind, int]:
    return {kind: number for number, kind in kinds_by_number(connection).items()}
