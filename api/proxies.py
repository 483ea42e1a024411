"""From where a request really comes, where a proxy that is trusted hands it on."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_SCHEMES = frozenset({"http", "https"})
_OF_SOCKETS = {"http": "ws", "https": "wss"}


class BehindProxies:
    """ASGI middleware: `client` and `scheme` of a request become those that the outermost trusted proxy saw.

    Each proxy adds the address that asked it to the right of `X-Forwarded-For`: the first one from the right that is no
    trusted proxy is the client. What stands left of it anybody may have made up.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[IPv4Network | IPv6Network]) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and scope.get("client"):
            host, port = scope["client"]
            address = _read(host)
            if address is not None:
                headers = Headers(scope=scope)
                if self._is_proxy(address):
                    address, hops = self._client(address, headers.getlist("x-forwarded-for"))
                    told = ",".join(headers.getlist("x-forwarded-proto")).split(",")
                    # Proxies that add to the header, as they do to the addresses, or set it: then it is one word.
                    scheme = told[-min(max(1, hops), len(told))].strip().lower()
                    if scheme in _SCHEMES:
                        scope["scheme"] = scheme if scope["type"] == "http" else _OF_SOCKETS[scheme]
                scope["client"] = (str(address), port)
        await self._app(scope, receive, send)

    def _client(self, proxy: IPv4Address | IPv6Address, told: Iterable[str]) -> tuple[IPv4Address | IPv6Address, int]:
        """The client, and how many proxies that are trusted stand before this server as far as they say so."""
        nearest, hops = proxy, 0
        for text in reversed(",".join(told).split(",")):
            if not self._is_proxy(nearest) or (address := _read(_without_port(text.strip()))) is None:
                break
            nearest, hops = address, hops + 1
        return nearest, hops

    def _is_proxy(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """The address; an IPv4 one that came to an IPv6 socket as what it is."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _without_port(text: str) -> str:
    """`[::1]:80` and `10.0.0.7:80` without the port."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
