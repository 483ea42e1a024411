"""Whether a server of ours answers."""

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from core.errors import BadInput, Unavailable


def ask(url: str, timeout_s: float) -> int:
    """The HTTP status that comes from `url` within `timeout_s`. Raises `Unavailable` for none, and for one of 500 on.

    Raises `BadInput` for what is no http address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if host is None or parts.scheme != "http" or parts.username is not None:
        raise BadInput("the address to ask cannot be used; expected http://host:port/path without a login", field="url")
    connection = HTTPConnection(host, port or 80, timeout=timeout_s)
    try:
        connection.request("GET", parts.path or "/", headers={"Host": "localhost"})
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Unavailable(f"{url} does not answer: {str(error) or type(error).__name__}") from None
    finally:
        connection.close()
    if status >= 500:
        raise Unavailable(f"{url} answers {status}")
    return status
