"""A month of the record of a simulated city: who signed in, searched, looked at what, and was refused.

The rows have no seals yet: the sealer gives them theirs when Sharp Eyes is started on the city.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, text

from core.access import Principal
from core.camera import DepartmentId
from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_CAMERA, CameraId, EventId
from registry.audit.entry import Act, Actor, Entry, Outcome, put_all
from registry.chunks import in_chunks

from .city import City
from .layout import Layout
from .people import CityPeople
from .words import SECTOR_ORDER, SECTORS

MONTH: Final = timedelta(days=30)
_ACTS: Final = {
    Act.SIGN_IN: 0.08,
    Act.SEARCH: 0.46,
    Act.LOOK_AT_SNAPSHOT: 0.2,
    Act.LOOK_AT_CLIP: 0.1,
    Act.LOOK_AT_LATEST: 0.06,
    Act.REFUSAL: 0.08,
    Act.RECORD_READ: 0.02,
}
_SHOWN: Final = 10
"""So many events are on the pages of searches, at most."""
_AT_ONCE: Final = 2_000
_BY_LABEL: Final = 0.4
_NEWEST: Final = text(
    "SELECT e.id FROM event e WHERE e.department = :department AND e.id <= :id ORDER BY e.id DESC LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class _Moment:
    """Somebody's act at a moment; all that is drawn for it."""

    at: datetime
    camera: CameraId
    other: CameraId
    """Some camera, perhaps of another department."""
    department: DepartmentId
    sector: int
    who: Principal
    chance: float


def add_record(
    connection: Connection,
    city: City,
    layout: Layout,
    owners: Sequence[int],
    people: CityPeople,
    until: datetime,
    done: Callable[[int], None],
) -> None:
    """Put the rows on record, oldest first; what they show are events that are there. `done` hears how many there
    are."""
    rng = np.random.default_rng([city.seed, 6])
    count = city.look_count
    done(0)
    acts = [list(_ACTS)[place] for place in rng.choice(len(_ACTS), count, p=list(_ACTS.values()))]
    moments = _moments(rng, city, layout, owners, people, until)
    made = 0
    for some in in_chunks(acts, _AT_ONCE):
        put_all(
            connection,
            [
                _entry(connection, act, moment, people, layout, owners)
                for act, moment in zip(some, moments, strict=False)
            ],
        )
        made += len(some)
        done(made)


def _moments(
    rng: np.random.Generator, city: City, layout: Layout, owners: Sequence[int], people: CityPeople, until: datetime
) -> Iterator[_Moment]:
    count = city.look_count
    begin = until.replace(microsecond=0) - MONTH
    seconds = np.sort(rng.integers(0, int(MONTH.total_seconds()), count)).tolist()
    # Busy cameras are looked at more often.
    cameras = np.minimum(np.searchsorted(layout.busyness, rng.random(count), side="right"), city.cameras - 1)
    others = rng.integers(0, city.cameras, count).tolist()
    of_staff = rng.integers(0, 4, count).tolist()
    chances = rng.random(count).tolist()
    for second, place, other, nth, chance in zip(seconds, cameras.tolist(), others, of_staff, chances, strict=True):
        department = int(layout.department[place])
        yield _Moment(
            at=begin + timedelta(seconds=second),
            camera=CameraId(place + 1),
            other=CameraId(other + 1),
            department=DepartmentId(owners[department]),
            sector=int(layout.sector[place]),
            who=people.of_department[department][nth],
            chance=chance,
        )


def _entry(
    connection: Connection, act: Act, moment: _Moment, people: CityPeople, layout: Layout, owners: Sequence[int]
) -> Entry:
    owner = DepartmentId(owners[int(layout.department[moment.other - 1])])
    match act:
        case Act.SIGN_IN:
            return _of(moment, moment.who, act, "person", moment.who.id, departments={moment.department})
        case Act.RECORD_READ:
            return _of(moment, people.auditor, act, "record", detail={"filters": {}})
        case Act.LOOK_AT_LATEST:
            camera = moment.camera
            return _of(moment, moment.who, act, "camera", camera, camera=camera, departments={moment.department})
        case Act.REFUSAL if owner != moment.department:
            return _of(
                moment,
                moment.who,
                act,
                "camera",
                moment.other,
                camera=moment.other,
                departments={owner},
                outcome=Outcome.REFUSED,
                detail={"why": f"there is no camera {moment.other}"},
            )
        case Act.LOOK_AT_SNAPSHOT | Act.LOOK_AT_CLIP if newest := _newest(connection, moment, 1):
            (event,) = newest
            camera = CameraId(event & LAST_CAMERA)
            return _of(moment, moment.who, act, "event", event, camera=camera, departments={moment.department})
        case _:
            return _search(connection, moment)


def _search(connection: Connection, moment: _Moment) -> Entry:
    found = _newest(connection, moment, _SHOWN)
    filters: dict[str, Any] = {}
    if moment.chance < _BY_LABEL:
        filters["label"] = [SECTORS[SECTOR_ORDER[moment.sector]].rules[0].labels[0]]
    shown = {str(moment.department): [str(event) for event in found]} if found else {}
    detail = {"filters": filters, "shown": shown}
    departments = {moment.department} if found else set()
    return _of(moment, moment.who, Act.SEARCH, "event", departments=departments, detail=detail)


def _of(moment: _Moment, who: Principal, act: Act, kind: str, number: object = "", **more: Any) -> Entry:
    departments = frozenset(more.pop("departments", ()))
    address = f"198.51.100.{who.id % 254 + 1}"  # kept free for examples by RFC 5737
    return Entry(
        at=moment.at,
        act=act,
        actor=Actor.of(who),
        address=address,
        object_kind=kind,
        object=str(number),
        departments=departments,
        **more,
    )


def _newest(connection: Connection, moment: _Moment, limit: int) -> list[EventId]:
    """The newest events of the department at that moment."""
    milliseconds = (moment.at - EVENT_EPOCH) // timedelta(milliseconds=1)
    highest = max(0, milliseconds) << CAMERA_BITS
    asked = {"department": moment.department, "id": highest, "limit": limit}
    return [EventId(number) for number in connection.scalars(_NEWEST, asked)]
