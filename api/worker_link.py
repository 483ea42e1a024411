"""Asks the worker on its internal port."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from core.errors import BadInput, Unavailable
from core.ids import CameraId
from core.live_part import LivePart
from core.rule import RuleId

from .account_view import AccountView
from .live_port import PartReader
from .trial_words import TrialOrder, TrialView
from .worker_port import TOKEN_HEADER, Refusal

_MOST_CONNECTIONS = 32
_LIVE_TIMEOUT_S = 3.0
"""A worker that shows something live says each second that it is still there."""
_MOST_UNREAD_BYTES = 262_144
_PICTURE_TIMEOUT_S = 15.0
"""At least: a picture is masked when it is asked for, after those of other cameras, and on a slow processor that takes
seconds."""
_TRIAL_TIMEOUT_S = 150.0
"""Longer than the worker gives a trial."""
_ANOTHER = "if this goes on, another program may have taken its port: restart the worker"
Words = TypeVar("Words", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class WorkerAddress:
    """Where a live worker answers the API."""

    host: str
    port: int
    token: str = field(repr=False)


class Rendition(StrEnum):
    """What of a camera is shown live: also the path on the worker's port."""

    MASKED = "live"
    ORIGINAL = "original"


class WorkerLink:
    """Connections to the worker, kept open between requests. For one event loop."""

    def __init__(self, client: httpx2.AsyncClient, pictures: httpx2.AsyncClient, live: httpx2.AsyncClient) -> None:
        """`pictures`: for what is waited for longer, `live`: for answers that go on and on; either would take all the
        places of `client`."""
        self._client = client
        self._pictures = pictures
        self._live = live

    async def latest(self, worker: WorkerAddress, camera: CameraId) -> bytes | None:
        """The camera's latest masked picture (JPEG); None before there is one. Raises `Unavailable`."""
        answer = await _ask(self._pictures, worker, "GET", f"/latest/{camera}")
        _check(answer)
        return None if answer.status_code == 204 else answer.content

    async def metrics(self, worker: WorkerAddress) -> bytes:
        """The worker's metrics as Prometheus text. Raises `Unavailable`."""
        return (await self._get(worker, "/metrics")).content

    async def account(self, worker: WorkerAddress, rule: RuleId, camera: CameraId | None) -> AccountView | None:
        """What became of the tracks that `rule` saw; None where the worker does not watch for it. Raises
        `Unavailable`."""
        asked = "" if camera is None else f"?camera={camera}"
        answer = await self._get(worker, f"/account/{rule}{asked}")
        return None if answer.status_code == 204 else _read(AccountView, answer)

    async def try_rule(self, worker: WorkerAddress, order: TrialOrder) -> TrialView:
        """What the rule would have done. Raises `BadInput` for one that cannot be tried, `Unavailable`."""
        answer = await _ask(self._client, worker, "POST", "/try", order.model_dump_json().encode(), _TRIAL_TIMEOUT_S)
        if answer.status_code == 422:
            refusal = _read(Refusal, answer)
            raise BadInput(refusal.message, field=refusal.field, hint=refusal.hint)
        if answer.status_code == 503:
            refusal = _read(Refusal, answer)
            raise Unavailable(refusal.message, hint=refusal.hint)
        _check(answer)
        return _read(TrialView, answer)

    @asynccontextmanager
    async def show(
        self, worker: WorkerAddress, camera: CameraId, rendition: Rendition
    ) -> AsyncIterator[AsyncIterator[LivePart] | None]:
        """The parts of a live view of the camera, for as long as the worker watches it; None where it does not. A
        worker that says nothing is given up. Raises `Unavailable`, also later."""
        url, headers = _url(worker, f"/{rendition}/{camera}"), {TOKEN_HEADER: worker.token}
        async with AsyncExitStack() as stack:
            try:
                answer = await stack.enter_async_context(self._live.stream("GET", url, headers=headers))
                if answer.status_code == 503:
                    await answer.aread()
            except httpx2.HTTPError as error:
                raise _silent(error) from None
            if answer.status_code == 503:
                refusal = _read(Refusal, answer)
                raise Unavailable(refusal.message, hint=refusal.hint)
            _check(answer)
            yield None if answer.status_code == 204 else _parts(answer)

    async def _get(self, worker: WorkerAddress, path: str) -> httpx2.Response:
        answer = await _ask(self._client, worker, "GET", path)
        _check(answer)
        return answer


async def _ask(
    client: httpx2.AsyncClient,
    worker: WorkerAddress,
    method: str,
    path: str,
    content: bytes | None = None,
    timeout_s: float | None = None,
) -> httpx2.Response:
    url, headers = _url(worker, path), {TOKEN_HEADER: worker.token}
    timeout = client.timeout if timeout_s is None else httpx2.Timeout(timeout_s)
    try:
        return await client.request(method, url, headers=headers, content=content, timeout=timeout)
    except httpx2.HTTPError as error:
        raise _silent(error) from None


async def _parts(answer: httpx2.Response) -> AsyncIterator[LivePart]:
    reader = PartReader()
    try:
        async for piece in answer.aiter_raw():
            for part in reader.feed(piece):
                yield part
    except httpx2.HTTPError as error:
        raise _silent(error) from None


def _url(worker: WorkerAddress, path: str) -> str:
    host = f"[{worker.host}]" if ":" in worker.host else worker.host
    return f"http://{host}:{worker.port}{path}"


def _silent(error: httpx2.HTTPError) -> Unavailable:
    return Unavailable(f"the worker does not answer ({type(error).__name__})", hint="try again in a few seconds")


def _check(answer: httpx2.Response) -> None:
    if answer.status_code not in (200, 204):
        raise Unavailable(f"the worker refused to answer (HTTP {answer.status_code})", hint=_ANOTHER)


def _read(words: type[Words], answer: httpx2.Response) -> Words:
    try:
        return words.model_validate_json(answer.content)
    except ValidationError:
        raise Unavailable("what the worker answered is not what it answers", hint=_ANOTHER) from None


@asynccontextmanager
async def open_worker_link(timeout_s: float, most_live: int) -> AsyncIterator[WorkerLink]:
    """A link that gives up on a worker after `timeout_s`, for a picture after 15 at least. `most_live`: live views."""
    limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_CONNECTIONS)
    # trust_env off: a proxy named in the environment must never see these requests.
    # Live views are taken from the worker as they are sent on: what waits in between would be old.
    transport = httpx2.AsyncHTTPTransport(
        trust_env=False,
        limits=httpx2.Limits(max_connections=most_live, max_keepalive_connections=0),
        socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, _MOST_UNREAD_BYTES)],
    )
    # A picture waits for its turn here as it does at the worker.
    patience_s = max(timeout_s, _PICTURE_TIMEOUT_S)
    patient = httpx2.Timeout(timeout_s, read=patience_s, pool=patience_s)
    async with (
        httpx2.AsyncClient(timeout=timeout_s, limits=limits, trust_env=False) as client,
        httpx2.AsyncClient(timeout=patient, limits=limits, trust_env=False) as pictures,
        httpx2.AsyncClient(timeout=max(timeout_s, _LIVE_TIMEOUT_S), transport=transport, trust_env=False) as live,
    ):
        yield WorkerLink(client, pictures, live)
