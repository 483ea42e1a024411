"""Connections to targets: to the address that was checked, under the name that the URL has."""

import ssl
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import httpx2

from .addresses import Address
from .allowed_targets import AllowedTargets
from .targets import Resolver, resolve, target_of

_MOST_ADDRESSES: Final = 3
"""Of a name that has many, so many are tried."""
_MOST_ORIGINS: Final = 500
_KEPT_OPEN_S: Final = 30.0


class CheckedTransport(httpx2.AsyncBaseTransport):
    """A transport that asks for a host's addresses once a request, checks all, and connects to one of those.

    Each origin has connections of its own: two names at one address must not share what TLS has shown for one of them.
    For one event loop.
    """

    def __init__(
        self,
        allowed: AllowedTargets,
        *,
        ask: Resolver,
        trust: ssl.SSLContext | None = None,
        most_at_once: int = 8,
    ) -> None:
        """`trust`: whose certificates are believed; without it those of the system."""
        self._allowed = allowed
        self._ask = ask
        self._trust = ssl.create_default_context() if trust is None else trust
        self._limits = httpx2.Limits(
            max_connections=most_at_once, max_keepalive_connections=most_at_once, keepalive_expiry=_KEPT_OPEN_S
        )
        self._known: OrderedDict[str, httpx2.AsyncHTTPTransport] = OrderedDict()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises `NotAllowed` before anything is sent, `OSError` for a name without addresses, `httpx2.HTTPError`."""
        target = target_of(request.url)
        addresses = await resolve(target, self._allowed, self._ask)
        transport = await self._transport(target.origin)
        return await _send(transport, request, target.host, addresses[:_MOST_ADDRESSES])

    async def aclose(self) -> None:
        while self._known:
            await self._known.popitem()[1].aclose()

    async def _transport(self, origin: str) -> httpx2.AsyncHTTPTransport:
        known = self._known.get(origin)
        if known is None:
            known = self._known[origin] = httpx2.AsyncHTTPTransport(
                verify=self._trust, trust_env=False, limits=self._limits
            )
        self._known.move_to_end(origin)
        if len(self._known) > _MOST_ORIGINS:
            await self._known.popitem(last=False)[1].aclose()
        return known


async def _send(
    transport: httpx2.AsyncHTTPTransport, request: httpx2.Request, host: str, addresses: Sequence[Address]
) -> httpx2.Response:
    """The answer of the first address that can be connected to. `Host` is in the headers already, and stays."""
    for last, address in enumerate(addresses, 1 - len(addresses)):
        there = httpx2.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        try:
            return await transport.handle_async_request(there)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            if not last:
                raise
    raise AssertionError("there is no address")
