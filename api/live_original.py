"""`/cameras/{id}/live-original`: a camera's own pictures as they come, over a WebSocket, for an unmasking of it."""

import json
import logging
from functools import partial
from typing import Final

import anyio
from anyio import to_thread
from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.access import Right
from core.clock import rfc3339
from core.errors import BadInput, Conflict, NotFound, Refused, SharpEyesError
from core.ids import CameraId, camera_id
from core.live_part import LiveKind, LivePart
from registry.access.unmasking import UnmaskingId
from registry.sight import check_camera

from .authentication import caller_of_socket
from .caller import Caller
from .fields import LAST_NUMBER
from .guards import LIVE_ORIGINAL_PATH, SECURITY_HEADERS
from .instead import AnswerInstead
from .live_view import LiveView
from .open_unmasking import TO_SEE_ORIGINALS, open_unmasking
from .problems import answer_to, internal
from .services import Services
from .worker_link import Rendition

_log = logging.getLogger(__name__)

_PATIENCE_S: Final = 30.0
_LAST_WORDS_S: Final = 1.0


def live_original_route() -> WebSocketRoute:
    """The route. It is none of FastAPI's: whoever asks is known before anything is accepted."""
    return WebSocketRoute(LIVE_ORIGINAL_PATH, live_original)


async def live_original(socket: WebSocket) -> None:
    """Check who asks and for what; then send `begin` (JSON text) and pieces of an MP4 (binary), and at last `end` with
    the reason. What is refused is answered as HTTP, before any of that."""
    try:
        view = await _begun(socket)
    except AnswerInstead as instead:
        await _refuse(socket, instead.response)
        return
    except SharpEyesError as error:
        await _refuse(socket, answer_to(error))
        return
    except Exception as error:
        await _refuse(socket, internal(socket.scope, error))
        return
    async with view:
        await _Sending(socket, view).run()


async def _begun(socket: WebSocket) -> LiveView:
    caller = await to_thread.run_sync(caller_of_socket, socket)
    try:
        number = _number(socket.query_params.get("unmasking"), "unmasking", LAST_NUMBER)
        camera = camera_id(_number(socket.path_params["camera"], "camera", LAST_NUMBER))
        services: Services = socket.app.state.services
        view = await to_thread.run_sync(_allowed, socket.app, services, caller, camera, UnmaskingId(number))
        await view.begin()
        return view
    except SharpEyesError as error:
        if isinstance(error, Refused | NotFound):
            caller.note_refusal(error)
        raise


def _allowed(app: FastAPI, use: Services, who: Caller, camera: CameraId, number: UnmaskingId) -> LiveView:
    """The view that the unmasking allows. Raises what `open_unmasking` does, and `Conflict` for one of another camera,
    or of an event."""
    who.require_person(to=TO_SEE_ORIGINALS)
    with use.database.read() as connection:
        found, left_s = open_unmasking(connection, use, who, number)
        if not found.live or found.camera != camera:
            what = f"live pictures of camera {found.camera}" if found.live else f"the clip of event {found.event}"
            raise Conflict(f"unmasking {number} is for {what}", hint=f"ask for one of camera {camera}, with a reason")
        owner = check_camera(connection, who.scope(connection), camera, Right.UNMASKED)
    if owner != found.department:
        told = f"camera {camera} has another department since unmasking {number} was asked for"
        raise Conflict(told, hint="ask anew, with a reason")
    return LiveView(
        app,
        who,
        camera,
        Rendition.ORIGINAL,
        Right.UNMASKED,
        purpose=found.reason,
        detail={"unmasking": found.id},
        left_s=left_s,
    )


class _Sending:
    """What goes to the client of one view."""

    def __init__(self, socket: WebSocket, view: LiveView) -> None:
        self._socket = socket
        self._view = view
        self._is_slow = anyio.Event()

    async def run(self) -> None:
        """Send what the view shows until it ends, and say why."""
        try:
            await self._socket.accept()
            await self._view.run(self._say, anyio.sleep_forever, left=self._left, slow=self._is_slow.wait)
            with anyio.move_on_after(_LAST_WORDS_S):
                await self._socket.send_text(json.dumps({"type": "end", "reason": self._view.why}))
                await self._socket.close()
        except (WebSocketDisconnect, RuntimeError):  # gone in the middle of a word
            _log.debug("a client of a live view has gone")

    async def _say(self, part: LivePart) -> None:
        send = None
        if part.kind is LiveKind.BEGIN:
            told = {"type": "begin", **json.loads(part.data), "now": rfc3339(self._view.now())}
            send = partial(self._socket.send_text, json.dumps(told))
        elif part.kind is LiveKind.FRAGMENT:
            send = partial(self._socket.send_bytes, part.data)
            self._view.shown += 1
        if send is None:
            return
        try:
            with anyio.move_on_after(_PATIENCE_S) as waiting:
                await send()
        except (WebSocketDisconnect, RuntimeError):
            await anyio.sleep_forever()  # it is gone: `_left` knows, and ends the view
        if waiting.cancelled_caught:
            self._is_slow.set()
            await anyio.sleep_forever()  # until the view is ended, which cancels this

    async def _left(self) -> None:
        """Returns once the client is gone, or says something: nothing is to be said."""
        await self._socket.receive()


def _number(text: str | None, field: str, most: int) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 19 and 1 <= int(text) <= most):
        raise BadInput(f"`{field}` must be its number, 1 to {most}", field=field)
    return int(text)


async def _refuse(socket: WebSocket, response: Response) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    await socket.send_denial_response(response)
