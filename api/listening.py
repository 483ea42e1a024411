"""Where and how the server listens: by which address it is reached, and what is doubtful about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .settings import LOOPBACK_NAMES, ApiSettings

_OWN_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is asked for, not what is opened


def own_url(host: str, port: int, *, tls: bool) -> str:
    """Where a server that listens on `host` is reached from the same machine."""
    address = _OWN_ADDRESS.get(host, host)
    return f"{'https' if tls else 'http'}://{f'[{address}]' if ':' in address else address}:{port}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that works, but not as anybody would want it."""

    found: str
    advice: str


def doubts(settings: ApiSettings) -> Iterator[Doubt]:
    """What is doubtful about these settings; nothing where only this machine reaches the server."""
    if settings.is_loopback:
        return
    if not settings.has_tls and not settings.trusted_proxies:
        yield Doubt(
            f"passwords, keys and pictures cross the network readably: {settings.host} is beyond loopback, without TLS",
            "set api.tls_certificate and api.tls_key, or put a proxy with TLS before it and name it in "
            "api.trusted_proxies",
        )
    if settings.allowed_hosts == LOOPBACK_NAMES:
        yield Doubt(
            f"the server listens on {settings.host}, but answers only for {', '.join(LOOPBACK_NAMES)}",
            'name it as browsers will: api.allowed_hosts = ["cameras.example.org"] in sharp-eyes.toml',
        )
