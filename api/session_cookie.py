"""The cookie by which a browser shows its session."""

from datetime import datetime
from typing import Final

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from registry.access.sessions import Session

_OVER_TLS: Final = "__Host-sharp-eyes"
"""By the beginning of this name browsers see to it that no other host, and no page without TLS, has set it."""
_PLAIN: Final = "sharp-eyes"


def token_in(request: HTTPConnection) -> str | None:
    """The session's token; None where no cookie came, or several of its name: one of them somebody else has set.

    Read from the header as it came. Starlette strips from names what Unicode calls a space, so that one which a browser
    takes from any host of the domain would count as the one that it guards by its beginning.
    """
    wanted, found = f"{_name(request)}=", []
    for header in request.headers.getlist("cookie"):
        pairs = (pair.strip(" \t") for pair in header.split(";"))
        found += [pair[len(wanted) :] for pair in pairs if pair.startswith(wanted)]
    return found[0] if len(found) == 1 else None


def hand_out(request: Request, response: Response, session: Session, token: str, at: datetime) -> None:
    """Let the browser keep the token until the session is over."""
    seconds = max(0, int((session.expires_at - at).total_seconds()))
    response.set_cookie(
        _name(request), token, max_age=seconds, path="/", secure=_is_over_tls(request), httponly=True, samesite="lax"
    )


def take_back(request: HTTPConnection, response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(_name(request), path="/", secure=_is_over_tls(request), httponly=True, samesite="lax")


def _name(request: HTTPConnection) -> str:
    return _OVER_TLS if _is_over_tls(request) else _PLAIN


def _is_over_tls(request: HTTPConnection) -> bool:
    return request.url.scheme in ("https", "wss")
