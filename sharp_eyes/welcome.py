"""The links by which people choose a password, and where they lead."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from registry.access.invitations import Invitation
from registry.access.settings import check_console_url

from .settings import Settings


def console_address(settings: Settings, *, url: str | None = None, served: str | None = None) -> str:
    """Where browsers find the console: `url`, else the setting for it, else as the server listens; `served` is where it
    does, with the port that it was given. Raises `BadInput` (field `url`) for a `url` that is none."""
    if url is not None:
        return check_console_url(url)
    if settings.access.console_url is not None:
        return settings.access.console_url
    scheme, port = "http", settings.api.port
    if served is not None:
        at = urlsplit(served)
        scheme, port = at.scheme, at.port or port
    return f"{scheme}://{_host(settings)}:{port}"


def welcome_link(address: str, token: str) -> str:
    """The page on which the holder of `token` chooses a password. What stands behind # is sent to no server, and so
    stands in no log."""
    return f"{address}/#/welcome?token={token}"


def in_force_until(made: Invitation) -> str:
    """Until when a link is in force, for a person."""
    return f"{made.expires_at:%Y-%m-%d %H:%M} UTC"


def _host(settings: Settings) -> str:
    """Of a server beyond loopback, the name that it answers to first: its address may be one that nobody can open."""
    host = settings.api.host
    if host == "localhost" or ip_address(host).is_loopback:
        return f"[{host}]" if ":" in host else host
    return settings.api.allowed_hosts[0]
