"""One live view: from the worker that watches the camera to who looks, on record from its beginning to its end."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from enum import StrEnum
from math import inf
from types import TracebackType
from typing import Any, Final, Self

import anyio
from anyio import to_thread
from fastapi import FastAPI

from core.access import Right
from core.camera import DepartmentId
from core.errors import NothingToShow, SharpEyesError, Unavailable
from core.ids import CameraId
from core.live_part import LiveKind, LivePart
from registry import cameras, workers
from registry.audit.entry import Act
from registry.idempotency import Transaction
from registry.sight import check_camera
from registry.visibility import Scope

from .caller import Caller
from .live_worker import address_of_holder
from .permission import Permission
from .places import Places
from .services import Services
from .standing import StandingWatch
from .streaming import Wait, run_until
from .worker_link import Rendition, WorkerAddress, WorkerLink

_log = logging.getLogger(__name__)

_AGAIN_S: Final = 0.5
"""Between two looks for the worker that watches the camera now."""
_STAYS_EVERY_S: Final = 2.0
"""How often it is asked whether the camera is still there, and whose."""


class LiveEnd(StrEnum):
    """Why a live view ended, where the worker did not say."""

    LEFT = "left"
    """Who looked has gone."""
    SLOW = "slow"
    """Who looked took nothing of what was sent for half a minute."""
    NOT_ALLOWED = "not_allowed"
    """The right, the session, or the time of the unmasking is over."""
    CAMERA_CHANGED = "camera_changed"
    """The camera was removed, or belongs to another department now."""
    STOPPED = "stopped"
    """The server stops."""


class LiveView:
    """What somebody is shown of a camera. Use: `begin` it, then, inside of it, `run`.

    It lasts while the right and the session are there, the camera stays who it is, and the client takes what is sent;
    where another worker takes the camera over it goes on there.
    """

    def __init__(
        self,
        app: FastAPI,
        who: Caller,
        camera: CameraId,
        rendition: Rendition,
        right: Right,
        *,
        purpose: str = "",
        detail: Mapping[str, Any] | None = None,
        left_s: float = inf,
    ) -> None:
        """`left_s`: how long it may go on at most, in seconds. `purpose` and `detail` stand in the record."""
        self._services: Services = app.state.services
        self._link: WorkerLink = app.state.worker_link
        self._places: Places = app.state.live_places
        self._standing: StandingWatch = app.state.standing_watch
        self._who = who
        self._camera = camera
        self._rendition = rendition
        self._right = right
        self._purpose = purpose
        self._detail = {"rendition": "masked" if rendition is Rendition.MASKED else "original", **(detail or {})}
        self._left_s = left_s
        self._place = AsyncExitStack()
        self._worker = AsyncExitStack()
        self._parts: AsyncIterator[LivePart] | None = None
        self.shown = 0
        """Pictures, or pieces of the original, that were sent."""
        self.why: str = LiveEnd.LEFT
        """Why it ended."""

    async def begin(self) -> None:
        """Take a place, find the camera's worker, and put on record that somebody looks: nothing may be shown before.

        Raises what `check_camera` does, `NothingToShow` where nobody watches the camera, `Unavailable` where it cannot
        be shown or recorded now, `TooMany`.
        """
        try:
            self._cut_off = self._place.enter_context(self._places.join(self._who.principal))
            self._scope, self._owner, worker = await to_thread.run_sync(self._find)
            self._parts = await self._open(worker)
            if self._parts is None:
                raise NothingToShow(
                    f"camera {self._camera} is not being read now", hint="its state says how its stream is doing"
                )
            await to_thread.run_sync(self._record, Act.LIVE_VIEW_BEGUN, self._detail)
        except BaseException:
            await self._close()
            raise
        self._begun_at = self._services.clock.monotonic()

    def now(self) -> datetime:
        """The server's time, UTC."""
        return self._services.clock.now()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):
            await self._close()
            seconds = round(self._services.clock.monotonic() - self._begun_at, 1)
            told = {**self._detail, "seconds": seconds, "pictures": self.shown, "why": self.why}
            try:
                await to_thread.run_sync(self._record, Act.LIVE_VIEW_ENDED, told)
            except SharpEyesError as failed:
                _log.error("it could not be put on record that a live view ended: %s", failed)

    async def run(self, say: Callable[[LivePart], Awaitable[None]], beside: Wait, *, left: Wait, slow: Wait) -> None:
        """Hand each part to `say` until the view ends. `beside` runs meanwhile; `left` returns once the client is gone,
        `slow` once it is to be given up."""
        permission = Permission(self._standing, self._who, self._scope, allows=self._allows, left_s=self._left_s)
        await run_until(
            lambda: self._follow(say),
            beside,
            self._because(LiveEnd.LEFT, left),
            self._because(LiveEnd.SLOW, slow),
            self._because(LiveEnd.NOT_ALLOWED, permission.lasts),
            self._because(LiveEnd.STOPPED, self._cut_off.wait),
            self._stays,
        )

    def _because(self, why: LiveEnd, wait: Wait) -> Wait:
        async def waited() -> None:
            await wait()
            self.why = why

        return waited

    def _allows(self, scope: Scope) -> bool:
        return scope[self._right].has_camera(self._camera, self._owner)

    async def _follow(self, say: Callable[[LivePart], Awaitable[None]]) -> None:
        assert self._parts is not None  # noqa: S101 - it has begun
        while True:
            try:
                async for part in self._parts:
                    if part.kind is LiveKind.END:
                        self.why = part.data.decode()
                        return
                    await say(part)
            except Unavailable as error:
                _log.info("a live view of camera %d looks for its worker again: %s", self._camera, error)
            await self._worker.aclose()
            self._parts = await self._found_again()

    async def _found_again(self) -> AsyncIterator[LivePart]:
        """The parts from whichever worker watches the camera now, waited for. Where the camera is no more, or the right
        to it, `_stays` and the permission end the wait, and say why."""
        while True:
            await anyio.sleep(_AGAIN_S)
            try:
                _, _, worker = await to_thread.run_sync(self._find)
                if (parts := await self._open(worker)) is not None:
                    return parts
            except SharpEyesError as error:
                _log.info("a live view of camera %d waits: %s", self._camera, error)

    async def _open(self, worker: WorkerAddress | None) -> AsyncIterator[LivePart] | None:
        if worker is None:
            return None
        return await self._worker.enter_async_context(self._link.show(worker, self._camera, self._rendition))

    async def _stays(self) -> None:
        """Returns once the camera is not what it was when the view began."""
        while True:
            await anyio.sleep(_STAYS_EVERY_S)
            try:
                if await to_thread.run_sync(self._owner_now) != self._owner:
                    break
            except Unavailable as error:
                _log.warning("it cannot be asked whose camera %d is: %s", self._camera, error)
            except SharpEyesError:
                break
        self.why = LiveEnd.CAMERA_CHANGED

    def _find(self) -> tuple[Scope, DepartmentId, WorkerAddress | None]:
        with self._services.database.read() as connection:
            scope = self._who.scope(connection)
            owner = self._check(connection, scope)
            seen, holder = workers.seen(connection), workers.holder_of(connection, self._camera)
            return scope, owner, address_of_holder(self._services, seen, holder)

    def _owner_now(self) -> DepartmentId:
        with self._services.database.read() as connection:
            return self._check(connection, self._who.scope(connection))

    def _check(self, connection: Transaction, scope: Scope) -> DepartmentId:
        owner = check_camera(connection, scope, self._camera, self._right)
        cameras.get(connection, self._camera)
        return owner

    def _record(self, act: Act, detail: Mapping[str, Any]) -> None:
        self._who.looks(
            act,
            "camera",
            self._camera,
            camera=self._camera,
            departments={self._owner},
            purpose=self._purpose,
            detail=detail,
        )

    async def _close(self) -> None:
        await self._worker.aclose()
        await self._place.aclose()
