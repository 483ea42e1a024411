"""Where a stream's URL leads, however it is spelled."""

from typing import Final
from urllib.parse import unquote, urlsplit

_PORTS: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


def place_of(url: str) -> tuple[str, str, int | None, str, str]:
    """Scheme, host, port, path and query of `url`; equal for spellings that lead to the same stream.

    A name and a number of one host are two places: nobody is asked.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    try:
        port = parts.port
    except ValueError:
        port = None
    host = (parts.hostname or "").rstrip(".")
    return scheme, host, port or _PORTS.get(scheme), unquote(parts.path).rstrip("/"), unquote(parts.query)
