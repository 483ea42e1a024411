"""Asks the worker on its internal port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from core.errors import BadInput, Unavailable
from core.ids import CameraId
from core.rule import RuleId

from .account_view import AccountView
from .trial_words import TrialOrder, TrialView
from .worker_port import TOKEN_HEADER, Refusal

_MOST_CONNECTIONS = 32
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


class WorkerLink:
    """Connections to the worker, kept open between requests. For one event loop."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def latest(self, worker: WorkerAddress, camera: CameraId) -> bytes | None:
        """The camera's latest masked picture (JPEG); None before there is one. Raises `Unavailable`."""
        answer = await self._get(worker, f"/latest/{camera}")
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
        answer = await self._ask(worker, "POST", "/try", order.model_dump_json().encode(), _TRIAL_TIMEOUT_S)
        if answer.status_code == 422:
            refusal = _read(Refusal, answer)
            raise BadInput(refusal.message, field=refusal.field, hint=refusal.hint)
        if answer.status_code == 503:
            refusal = _read(Refusal, answer)
            raise Unavailable(refusal.message, hint=refusal.hint)
        _check(answer)
        return _read(TrialView, answer)

    async def _get(self, worker: WorkerAddress, path: str) -> httpx2.Response:
        answer = await self._ask(worker, "GET", path)
        _check(answer)
        return answer

    async def _ask(
        self,
        worker: WorkerAddress,
        method: str,
        path: str,
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> httpx2.Response:
        host = f"[{worker.host}]" if ":" in worker.host else worker.host
        url, headers = f"http://{host}:{worker.port}{path}", {TOKEN_HEADER: worker.token}
        timeout = self._client.timeout if timeout_s is None else httpx2.Timeout(timeout_s)
        try:
            return await self._client.request(method, url, headers=headers, content=content, timeout=timeout)
        except httpx2.HTTPError as error:
            raise Unavailable(
                f"the worker does not answer ({type(error).__name__})", hint="try again in a few seconds"
            ) from None


def _check(answer: httpx2.Response) -> None:
    if answer.status_code not in (200, 204):
        raise Unavailable(f"the worker refused to answer (HTTP {answer.status_code})", hint=_ANOTHER)


def _read(words: type[Words], answer: httpx2.Response) -> Words:
    try:
        return words.model_validate_json(answer.content)
    except ValidationError:
        raise Unavailable("what the worker answered is not what it answers", hint=_ANOTHER) from None


@asynccontextmanager
async def open_worker_link(timeout_s: float) -> AsyncIterator[WorkerLink]:
    """A link that gives up on a worker after `timeout_s`."""
    limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_CONNECTIONS)
    # trust_env off: a proxy named in the environment must never see these requests.
    async with httpx2.AsyncClient(timeout=timeout_s, limits=limits, trust_env=False) as client:
        yield WorkerLink(client)
