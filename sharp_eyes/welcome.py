"""The links by which people choose a password, and where they lead."""

from ipaddress import ip_address

from api.settings import LOOPBACK_NAMES
from core.errors import BadInput
from registry.access.invitations import Invitation

from .settings import Settings

_SCHEMES = ("http://", "https://")


def console_address(settings: Settings, *, url: str | None = None, port: int | None = None) -> str:
    """Where browsers find the console: `url` where it is given, else as the settings say; `port` is the one that was
    bound. Raises `BadInput` for a `url` that is none."""
    url = url or settings.access.console_url
    if url is not None:
        if not url.startswith(_SCHEMES) or any(mark in url for mark in " @#?"):
            raise BadInput(
                "the address of the console must begin with http:// or https://, and have no login, ? or #",
                field="url",
                hint="for example --url https://eyes.city.example",
            )
        return url.rstrip("/")
    name = settings.api.allowed_hosts[0]
    if settings.api.trusted_proxies and name not in LOOPBACK_NAMES:
        return f"https://{name}"  # of the proxy, whose port is the usual one as far as anybody knows here
    host = settings.api.host
    if host != "localhost" and ip_address(host).is_unspecified:
        host = name  # nobody can open 0.0.0.0
    elif ":" in host:
        host = f"[{host}]"
    scheme = "https" if settings.api.has_tls else "http"
    return f"{scheme}://{host}:{settings.api.port if port is None else port}"


def welcome_link(address: str, token: str) -> str:
    """The page on which the holder of `token` chooses a password. What stands behind # is sent to no server, and so
    stands in no log."""
    return f"{address}/#/welcome?token={token}"


def in_force_until(made: Invitation) -> str:
    """Until when a link is in force, for a person."""
    return f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
