"""Fetching a file over HTTP so that a broken download goes on where it stopped."""

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path

import httpx2

from core.errors import BadInput, NotFound, Unavailable

from .whole_files import on_disk

Progress = Callable[[int, int], None]
"""Called with the bytes that are here, and those that there will be."""

_CONNECT_TIMEOUT_S = 15.0
_READ_TIMEOUT_S = 60.0
_MOST_REDIRECTS = 5


def download(url: str, part: Path, sizes: Set[int], progress: Progress, *, allow_http: bool) -> None:
    """Bring the file at `url` to `part`, going on behind what `part` already holds.

    `sizes` are the lengths in bytes that are acceptable. Raises `NotFound` (404), `BadInput` (an address or a length
    that is not acceptable), `Unavailable` (no answer, broken off, disk full); what has arrived stays in `part`.
    """
    check_address(url, allow_http=allow_http)
    timeout = httpx2.Timeout(_READ_TIMEOUT_S, connect=_CONNECT_TIMEOUT_S)
    with on_disk(part), _explained(url), httpx2.Client(timeout=timeout) as client:
        if not _try(client, url, part, sizes, progress, allow_http):
            part.unlink()
            _try(client, url, part, sizes, progress, allow_http)


def shown(url: str | httpx2.URL) -> str:
    """`url` without a login and without a query: both may hold secrets."""
    return str(httpx2.URL(url).copy_with(userinfo=b"", query=None, fragment=None))


def check_address(url: str | httpx2.URL, *, allow_http: bool) -> None:
    """Raises `BadInput` for an address that is not https (or http, where that was asked for)."""
    allowed = ("https", "http") if allow_http else ("https",)
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:  # its text may hold the login
        raise BadInput("the address to fetch from is not a URL; expected https://HOST/PATH", field="mirror") from None
    if parsed.scheme not in allowed or not parsed.host:
        raise BadInput(f"{shown(parsed)} is refused: models are fetched over {' or '.join(allowed)}", field="mirror")


def _try(client: httpx2.Client, url: str, part: Path, sizes: Set[int], progress: Progress, allow_http: bool) -> bool:
    """Fetch the rest of `part`. False where the server does not go on where `part` ends."""
    here = part.stat().st_size if part.exists() else 0
    # Not compressed: lengths and places in the file are to be those of the file.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
    with _follow(client, url, headers, allow_http) as response:
        if here and not _goes_on(response, here):
            return False
        _check_status(response, url, allowed=(200, 206) if here else (200,))
        if response.status_code == 200:
            here = 0
        total = _total(response, here, sizes, url)
        with part.open("ab" if here else "wb") as file:
            progress(here, total)
            for chunk in response.iter_raw():
                here += len(chunk)
                if here > max(sizes):
                    raise BadInput(f"{shown(url)} is longer than the {max(sizes)} bytes that were expected")
                file.write(chunk)
                progress(here, total)
    if here < min(sizes):
        raise Unavailable(f"{shown(url)} broke off after {here} of {total} bytes", hint=_GO_ON)
    return True


def _goes_on(response: httpx2.Response, here: int) -> bool:
    """False for the answers that are no use to somebody who has `here` bytes already."""
    if response.status_code == 206:
        return str(response.headers.get("Content-Range", "")).startswith(f"bytes {here}-")
    return response.status_code != 416


@contextmanager
def _follow(client: httpx2.Client, url: str, headers: dict[str, str], allow_http: bool) -> Iterator[httpx2.Response]:
    """Like the client's own following of redirects, but each address is checked."""
    request = client.build_request("GET", url, headers=headers)
    for _ in range(_MOST_REDIRECTS + 1):
        check_address(request.url, allow_http=allow_http)
        response = client.send(request, stream=True)
        if response.next_request is None:
            try:
                yield response
            finally:
                response.close()
            return
        request = response.next_request
        response.close()
    raise Unavailable(f"{shown(url)} redirects more than {_MOST_REDIRECTS} times")


def _check_status(response: httpx2.Response, url: str, allowed: tuple[int, ...]) -> None:
    status = response.status_code
    if status in (404, 410):
        raise NotFound(f"there is no {shown(url)} (the server answered {status})")
    if status in (401, 403):
        raise Unavailable(f"the server refuses to hand out {shown(url)} (it answered {status})")
    if status not in allowed:
        raise Unavailable(f"{shown(url)} cannot be fetched: the server answered {status}", hint="Try again later.")


def _total(response: httpx2.Response, here: int, sizes: Set[int], url: str) -> int:
    """The file's whole length in bytes. Raises `BadInput` for one that no accepted file has."""
    length = response.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdigit()):
        return max(sizes)
    total = here + int(length)
    if total not in sizes:
        expected = " or ".join(str(size) for size in sorted(sizes))
        raise BadInput(
            f"{shown(url)} has {total} bytes, expected {expected}",
            hint="It is another file, or a page of a proxy that wants a login.",
        )
    return total


_GO_ON = "Run the same command again: it goes on from there."


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turns what the network throws into our errors."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise Unavailable(f"{shown(url)} does not answer in time ({type(error).__name__})", hint=_GO_ON) from None
    except httpx2.HTTPError as error:
        raise Unavailable(f"{shown(url)} cannot be fetched: {error}", hint=_GO_ON) from None
