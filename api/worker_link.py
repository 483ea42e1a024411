"""Asks the worker on its internal port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2

from core.errors import Unavailable
from core.ids import CameraId

from .worker_port import HOST, TOKEN_HEADER

_MOST_CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class WorkerAddress:
    """Where a live worker answers the API."""

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

    async def _get(self, worker: WorkerAddress, path: str) -> httpx2.Response:
        try:
            answer = await self._client.get(f"http://{HOST}:{worker.port}{path}", headers={TOKEN_HEADER: worker.token})
        except httpx2.HTTPError as error:
            raise Unavailable(
                f"the worker does not answer ({type(error).__name__})", hint="try again in a few seconds"
            ) from None
        if answer.status_code not in (200, 204):
            raise Unavailable(
                f"the worker refused to answer (HTTP {answer.status_code})",
                hint="if this goes on, another program may have taken its port: restart the worker",
            )
        return answer


@asynccontextmanager
async def open_worker_link(timeout_s: float) -> AsyncIterator[WorkerLink]:
    """A link that gives up on a worker after `timeout_s`."""
    limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_CONNECTIONS)
    # trust_env off: a proxy named in the environment must never see these requests.
    async with httpx2.AsyncClient(timeout=timeout_s, limits=limits, trust_env=False) as client:
        yield WorkerLink(client)
