"""The plan of a deal: which cameras should change hands. It only reads."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, select

from core.camera import StreamRole
from core.ids import CameraId

from . import version
from .balance import Load, Weighed, even_out, is_even, most_moves, share_out
from .tables import camera, camera_epoch, stream, stream_state
from .workers import Worker, WorkerId, list_workers, live

_USUAL_PIXELS: Final = 640 * 360
_USUAL_FPS: Final = 25.0


class MoveKind(Enum):
    """Why a camera changes hands."""

    GIVE = auto()
    """Nobody holds it."""
    TAKE_OVER = auto()
    """Whoever holds it is silent."""
    HAND_OVER = auto()
    """Its worker has more to do than another."""
    END = auto()
    """It is not to be watched any more."""


@dataclass(frozen=True, slots=True)
class Move:
    """A camera that is to change hands."""

    camera: CameraId
    kind: MoveKind
    holder: WorkerId | None
    """Who holds it; None: nobody."""
    to: WorkerId | None
    """None: nobody shall watch it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be dealt."""

    moves: tuple[Move, ...]
    is_last: bool
    """Whether all is as it should be after it. Cameras move gently: some now, more at the next deal."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a plan depends on: where it is as it was, there is nothing new to plan. (But weights, which drift.)"""

    version: int
    """Of the registry."""
    workers: frozenset[tuple[WorkerId, bool, float]]
    """Each with whether it is alive, and its capacity."""


def standing(connection: Connection) -> Standing:
    """What the next plan depends on: three cheap questions."""
    alive = {one.id for one in live(connection)}
    known = list_workers(connection)
    return Standing(version.current(connection), frozenset((one.id, one.id in alive, one.capacity) for one in known))


def plan(connection: Connection, *, may_take_over: bool) -> Plan:
    """What is to be dealt now. A few queries, however many cameras there are.

    `may_take_over`: whether cameras of silent workers are dealt, too.
    """
    alive = live(connection)
    if not alive:
        return Plan((), is_last=True)
    ended = [
        Move(CameraId(row.camera), MoveKind.END, WorkerId(row.worker), None)
        for row in connection.execute(_held_in_vain())
    ]
    free = {_weighed(row): None for row in connection.execute(_unheld())}
    silent = {
        _weighed(row): WorkerId(row.worker)
        for row in connection.execute(_held_by_others(alive) if may_take_over else _held_by_others(alive).limit(0))
    }
    loads = loads_of(connection, alive)
    holders = {one.camera: holder for one, holder in (free | silent).items()}
    moves = [
        Move(number, MoveKind.GIVE if holders[number] is None else MoveKind.TAKE_OVER, holders[number], to)
        for number, to in share_out([*free, *silent], loads).items()
    ]
    # What was given a moment ago is not weighed yet: who gives does not move cameras about at the same time.
    handed = [] if moves or is_even(loads) else _handed_over(connection, loads)
    return Plan((*ended, *moves, *handed), is_last=not handed and not moves)


def _handed_over(connection: Connection, loads: Mapping[WorkerId, Load]) -> list[Move]:
    candidates: defaultdict[WorkerId, list[Weighed]] = defaultdict(list)
    for row in connection.execute(_movable(loads)):
        candidates[WorkerId(row.worker)].append(_weighed(row))
    holders = {one.camera: number for number, some in candidates.items() for one in some}
    return [Move(number, MoveKind.HAND_OVER, holders[number], to) for number, to in even_out(candidates, loads).items()]


def is_to_be_watched() -> ColumnElement[bool]:
    """Of a camera's row: whether somebody should hold it."""
    feed = stream.alias()
    detects = select(feed.c.id).where(feed.c.camera == camera.c.id, feed.c.role == StreamRole.DETECT.value)
    return and_(camera.c.enabled, camera.c.deleted_at.is_(None), detects.exists())


def _weight() -> ColumnElement[Any]:
    """What a camera costs: 1, and its pixels a second in units of 640x360 at 25.

    One that was never seen live is taken for as large as the mean of the others: else those that are still being
    opened would seem lighter, and would be moved to and fro.
    """
    seen = stream_state.alias()
    mean = select(func.avg(_pixels(seen))).scalar_subquery()
    return (1.0 + func.coalesce(_pixels(stream_state), mean, 1.0)).label("weight")


def _pixels(state: FromClause) -> ColumnElement[Any]:
    """A second, in units of the usual stream."""
    fps = func.coalesce(state.c.fps, _USUAL_FPS)
    return state.c.width * state.c.height * fps / (_USUAL_PIXELS * _USUAL_FPS)


def _states(of: FromClause, number: ColumnElement[Any]) -> FromClause:
    """`of`, with the state of each camera's detect stream where there is one."""
    detects = and_(stream.c.camera == number, stream.c.role == StreamRole.DETECT.value)
    return of.outerjoin(stream, detects).outerjoin(stream_state, stream_state.c.stream == stream.c.id)


def _open() -> ColumnElement[bool]:
    return camera_epoch.c.until_at.is_(None)


def _unheld() -> Select[Any]:
    lease = and_(camera_epoch.c.camera == camera.c.id, _open())
    rows = _states(camera, camera.c.id).outerjoin(camera_epoch, lease)
    wanted = and_(is_to_be_watched(), camera_epoch.c.camera.is_(None))
    return select(camera.c.id.label("camera"), _weight()).select_from(rows).where(wanted)


def _held_in_vain() -> Select[Any]:
    rows = camera_epoch.join(camera, camera.c.id == camera_epoch.c.camera)
    return select(camera_epoch.c.camera, camera_epoch.c.worker).select_from(rows).where(_open(), ~is_to_be_watched())


def _held_by_others(alive: Collection[Worker]) -> Select[Any]:
    rows = _states(camera_epoch.join(camera, camera.c.id == camera_epoch.c.camera), camera_epoch.c.camera)
    others = camera_epoch.c.worker.not_in([one.id for one in alive])
    leases = select(camera_epoch.c.camera, camera_epoch.c.worker, _weight()).select_from(rows)
    return leases.where(_open(), others, is_to_be_watched())


def loads_of(connection: Connection, workers: Collection[Worker]) -> dict[WorkerId, Load]:
    """What each of these workers has to do, by one question."""
    rows = _states(camera_epoch, camera_epoch.c.camera)
    sums = (
        select(camera_epoch.c.worker, func.count().label("cameras"), func.sum(_weight()).label("weight"))
        .select_from(rows)
        .where(_open())
        .group_by(camera_epoch.c.worker)
    )
    loads = {one.id: Load(max(one.capacity, 0.01)) for one in workers}
    for row in connection.execute(sums):
        if (load := loads.get(WorkerId(row.worker))) is not None:
            load.cameras, load.weight = row.cameras, row.weight
    return loads


def _movable(loads: Mapping[WorkerId, Load]) -> Select[Any]:
    """Some cameras of each worker that has more to do than the mean: as many as may move at a time, the light first.

    Those are of streams that are away, whose move costs nothing; and a heavy one might be too heavy to move at all.
    """
    mean = sum(load.weight for load in loads.values()) / sum(load.capacity for load in loads.values())
    full = [number for number, load in loads.items() if load.filling > mean]
    order = [_weight().element, camera_epoch.c.camera]
    place = func.row_number().over(partition_by=camera_epoch.c.worker, order_by=order).label("place")
    ranked = (
        select(camera_epoch.c.camera, camera_epoch.c.worker, _weight(), place)
        .select_from(_states(camera_epoch, camera_epoch.c.camera))
        .where(_open(), camera_epoch.c.worker.in_(full))
        .subquery()
    )
    return select(ranked.c.camera, ranked.c.worker, ranked.c.weight).where(ranked.c.place <= most_moves(loads))


def _weighed(row: Any) -> Weighed:
    return Weighed(CameraId(row.camera), row.weight)
