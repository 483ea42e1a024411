"""Whether a server of ours answers."""

import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from core.errors import BadInput, Unavailable


def ask(url: str, timeout_s: float) -> int:
    """The HTTP status that comes from `url` within `timeout_s`. Raises `Unavailable` for none, and for one of 500 on.

    Raises `BadInput` for what is no http or https address. A certificate is not checked: it names the server as others
    call it, and nothing is told to it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if host is None or parts.scheme not in ("http", "https") or parts.username is not None:
        raise BadInput(
            "the address to ask cannot be used; expected http(s)://host:port/path without a login", field="url"
        )
    connection = _connection(parts.scheme, host, port, timeout_s)
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


def _connection(scheme: str, host: str, port: int | None, timeout_s: float) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port or 80, timeout=timeout_s)
    tls = ssl.create_default_context()
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, port or 443, timeout=timeout_s, context=tls)
