"""Dealing: cameras change hands, in one transaction, under one lock.

The eldest live worker deals. What it planned is checked again here, camera by camera: between the plan and the deal a
worker may have come back, or a camera may have gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select

from core.ids import CameraId

from . import epochs, leases, workers
from .chunks import in_chunks
from .deal_plan import Move, MoveKind, is_to_be_watched
from .server_clock import server_time
from .tables import camera, camera_epoch, worker
from .workers import WorkerId, tell_dealt


@dataclass(frozen=True, slots=True)
class Silenced:
    """A worker whose cameras were taken over."""

    worker: WorkerId
    heard_at: datetime
    """Its last heartbeat."""
    cameras: tuple[CameraId, ...]


@dataclass(frozen=True, slots=True)
class Dealt:
    """What a deal has done."""

    at: datetime
    """By the database's clock: when the epochs before ended, and the new ones began."""
    epochs: Mapping[CameraId, int] = field(default_factory=dict)
    """The epochs that have begun."""
    silenced: tuple[Silenced, ...] = ()
    handed_over: tuple[CameraId, ...] = ()
    """From one live worker to another."""
    ended: tuple[CameraId, ...] = ()
    """Nobody is to watch them any more."""
    left: Mapping[CameraId, int] = field(default_factory=dict)
    """Of these, the ones whose worker is silent, with their last epochs: nobody will bring to an end what is open."""


def deal(connection: Connection, dealer: WorkerId, moves: Iterable[Move], *, may_take_over: bool) -> Dealt:
    """Carry out the moves that still make sense. None, where `dealer` is not the eldest live worker (any more).

    Workers whose cameras were all taken over are forgotten with it, if `may_take_over`.
    """
    leases.lock(connection)
    at = server_time(connection)
    alive = {one.id for one in workers.live(connection)}
    if not alive or min(alive) != dealer:
        return Dealt(at)
    heard_at = {one.id: one.heartbeat_at for one in workers.list_workers(connection)}
    begun: dict[CameraId, int] = {}
    left: dict[CameraId, int] = {}
    done: list[Move] = []
    for chunk in in_chunks(moves):
        holders, wanted = _holders(connection, chunk), _to_be_watched(connection, chunk)
        fitting = [
            move
            for move in chunk
            if holders.get(move.camera) == move.holder
            and (move.to in alive and move.camera in wanted if move.to is not None else move.camera not in wanted)
            and (move.kind is not MoveKind.TAKE_OVER or (may_take_over and move.holder not in alive))
            and (move.kind is not MoveKind.HAND_OVER or move.holder in alive)
        ]
        ended = [move.camera for move in fitting if move.to is None]
        epochs.end(connection, ended, at)
        begun |= epochs.begin(connection, {move.camera: move.to for move in fitting if move.to is not None}, at)
        orphaned = [move.camera for move in fitting if move.kind is MoveKind.END and move.holder not in alive]
        left |= epochs.newest(connection, orphaned)
        done += fitting
    tell_dealt(connection, {number for move in done for number in (move.holder, move.to) if number in alive})
    if may_take_over:
        _forget_silent(connection, set(heard_at) - alive)
    return Dealt(
        at,
        begun,
        silenced=_silenced(done, heard_at, at),
        handed_over=_of_kind(done, MoveKind.HAND_OVER),
        ended=_of_kind(done, MoveKind.END),
        left=left,
    )


def _holders(connection: Connection, moves: Sequence[Move]) -> dict[CameraId, WorkerId]:
    leases = select(camera_epoch.c.camera, camera_epoch.c.worker).where(
        camera_epoch.c.camera.in_([move.camera for move in moves]), camera_epoch.c.until_at.is_(None)
    )
    return {CameraId(row.camera): WorkerId(row.worker) for row in connection.execute(leases)}


def _to_be_watched(connection: Connection, moves: Sequence[Move]) -> set[CameraId]:
    wanted = select(camera.c.id).where(camera.c.id.in_([move.camera for move in moves]), is_to_be_watched())
    return {CameraId(number) for number in connection.scalars(wanted)}


def _forget_silent(connection: Connection, silent: set[WorkerId]) -> None:
    holds = select(camera_epoch.c.camera).where(camera_epoch.c.worker == worker.c.id, camera_epoch.c.until_at.is_(None))
    connection.execute(delete(worker).where(worker.c.id.in_(silent), ~holds.exists()))


def _silenced(moves: Iterable[Move], heard_at: Mapping[WorkerId, datetime], at: datetime) -> tuple[Silenced, ...]:
    taken: defaultdict[WorkerId, list[CameraId]] = defaultdict(list)
    for move in moves:
        if move.kind is MoveKind.TAKE_OVER and move.holder is not None:
            taken[move.holder].append(move.camera)
    return tuple(Silenced(number, heard_at.get(number, at), tuple(cameras)) for number, cameras in taken.items())


def _of_kind(moves: Iterable[Move], kind: MoveKind) -> tuple[CameraId, ...]:
    return tuple(move.camera for move in moves if move.kind is kind)
