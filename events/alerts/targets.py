"""Where deliveries may go: to hosts of the open internet, and to what the setting opens. Nowhere else, in no disguise.

Whoever may add a subscription makes this machine speak to an address of one's choice; what listens inside its own
network (a database, a cloud's secrets, a router's page) must not be reached that way.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

import httpx2

from core.errors import BadInput, SharpEyesError

from .addresses import Address, is_open
from .allowed_targets import NONE_ALLOWED, AllowedTargets

MOST_CHARACTERS: Final = 2_048
_FIELD: Final = "url"
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_OWN_NAMES: Final = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "ip6-localhost",
    "ip6-loopback",
)
"""Names, and ends of names, that mean something inside a network alone."""
_OPENED_BY: Final = "the setting alerts.allowed_targets opens targets inside a network"

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""All addresses of a host, as texts; raises `OSError` where it has none."""


class NotAllowed(SharpEyesError):
    """A target that nothing is sent to."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads."""

    scheme: str
    host: str
    """In lower case, an IPv6 address without brackets."""
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a circuit is kept for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def check_url(url: str, allowed: AllowedTargets = NONE_ALLOWED) -> Target:
    """Where `url` leads, as far as it can be told without asking anybody. Raises `BadInput` for what is not allowed."""
    if len(url) > MOST_CHARACTERS:
        raise BadInput(f"the URL has {len(url)} characters; at most {MOST_CHARACTERS} are taken", field=_FIELD)
    if not url.isascii() or not url.isprintable() or any(c in url for c in ' \\"<>^`{|}'):
        raise BadInput(
            "the URL has characters that URLs do not have",
            field=_FIELD,
            hint="write a name in other letters as xn--..., and other characters of a path as %..",
        )
    try:
        parsed = httpx2.URL(url)
        target = target_of(parsed)
    except (httpx2.InvalidURL, ValueError):
        raise BadInput("the URL cannot be read; expected https://host/path", field=_FIELD) from None
    if parsed.userinfo or "@" in url.partition("://")[2].partition("/")[0]:
        raise BadInput("a URL with a login is not taken", field=_FIELD, hint="deliveries are signed instead")
    if "#" in url:
        raise BadInput("a URL with # is not taken: what stands behind it is never sent", field=_FIELD)
    if target.scheme not in ("https", "http"):
        raise BadInput(f"the URL begins with {target.scheme[:20]!r}; expected https", field=_FIELD)
    _check_host(target, allowed)
    return target


def target_of(url: httpx2.URL) -> Target:
    """Where `url` leads, unchecked. Raises `ValueError` for a port that is none."""
    port = url.port if url.port is not None else 443 if url.scheme == "https" else 80
    if not 0 < port < 65_536:
        raise ValueError("no such port")
    return Target(url.scheme, url.raw_host.decode("ascii").lower(), port)


def check_addresses(target: Target, texts: Sequence[str], allowed: AllowedTargets) -> tuple[Address, ...]:
    """`texts` as addresses, each once. Raises `NotAllowed` where there is none, or any is closed."""
    addresses = tuple(dict.fromkeys(ip_address(text) for text in texts))
    if not addresses:
        raise NotAllowed(f"{target.host} has no address")
    if allowed.has_host(target.host, target.port):
        return addresses
    closed = [address for address in addresses if not is_open(address) and not allowed.has_address(address)]
    if closed:
        # The address itself is not told: whoever set the target could map the network by asking.
        raise NotAllowed(
            f"{target.host} leads to an address that is not of the open internet, so nothing was sent", hint=_OPENED_BY
        )
    if target.scheme != "https" and not all(allowed.has_address(address) for address in addresses):
        raise NotAllowed(f"{target.host} is not spoken to without TLS, so nothing was sent", hint=_OPENED_BY)
    return addresses


async def resolve(target: Target, allowed: AllowedTargets, ask: Resolver) -> tuple[Address, ...]:
    """The addresses of `target`, all of them checked. Raises `NotAllowed`, and `OSError` where the name has none."""
    literal = _literal(target.host)
    texts = [str(literal)] if literal is not None else await ask(target.host, target.port)
    return check_addresses(target, texts, allowed)


def _check_host(target: Target, allowed: AllowedTargets) -> None:
    host = target.host
    if not host:
        raise BadInput("the URL has no host; expected https://host/path", field=_FIELD)
    if allowed.has_host(host, target.port):
        return
    literal = _literal(host)
    if literal is not None:
        if allowed.has_address(literal):
            return
        if not is_open(literal):
            raise BadInput(f"{host} is not an address of the open internet", field=_FIELD, hint=_OPENED_BY)
    else:
        _check_name(host)
    if target.scheme != "https":
        raise BadInput(
            "the URL begins with http; expected https",
            field=_FIELD,
            hint="http is for hosts that the setting alerts.allowed_targets names",
        )


def _check_name(host: str) -> None:
    """Whether `host` is a name of the internet's. Numbers in any form are none: resolvers read them as addresses."""
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadInput(f"{host[:100]!r} is no host name", field=_FIELD, hint="write it without a dot at its end")
    if _NUMBER.fullmatch(labels[-1]):
        raise BadInput(f"{host[:100]!r} is no host name; an address has four numbers from 0 to 255", field=_FIELD)
    if len(labels) == 1 or any(host == name or host.endswith(f".{name}") for name in _OWN_NAMES):
        raise BadInput(f"{host[:100]!r} is a name of a network's own", field=_FIELD, hint=_OPENED_BY)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
