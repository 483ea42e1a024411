"""Files in parts, by RFC 9110: Range, If-Range, If-None-Match, HEAD."""

import re
from dataclasses import dataclass
from typing import Any, BinaryIO

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .problems import Kind, documented, problem
from .streaming import Wait, hang_up, run_until

CHUNK_BYTES = 65_536
_ONE_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file: from `start`, `length` of them."""

    start: int
    length: int


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def wanted_part(header: str, size: int) -> Part | None:
    """The part that a Range header asks for; None where it asks for the whole, in another unit, or for several parts
    (which a server may ignore). Raises `Unsatisfiable`."""
    found = _ONE_RANGE.match(header.strip())
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        length = min(int(found["last"]), size)
        if length == 0:
            raise Unsatisfiable
        return Part(size - length, length)
    first = int(found["first"])
    last = min(int(found["last"]), size - 1) if found["last"] else size - 1
    if found["last"] and int(found["last"]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Part(first, last - first + 1)


def file_response(
    request: Request,
    file: BinaryIO,
    *,
    size: int,
    etag: str,
    media_type: str,
    caching: str = "private, no-cache",
    while_: Wait | None = None,
) -> Response:
    """What answers `request` with `file` (which it closes): whole, in part, or not at all where the client has it.

    Once `while_` returns, no more of the file is sent, however much is left.
    """
    headers = {"Accept-Ranges": "bytes", "ETag": etag, "Cache-Control": caching}
    if _has_already(request.headers.get("if-none-match"), etag):
        file.close()
        return Response(status_code=304, headers=headers)
    header = request.headers.get("range")
    if request.method != "GET" or request.headers.get("if-range", etag) != etag:
        header = None  # the part would belong to another version, or there is no body to have parts
    try:
        part = wanted_part(header, size) if header else None
    except Unsatisfiable:
        file.close()
        detail = f"the range lies outside the file of {size} bytes"
        return problem(Kind.BAD_RANGE, detail, field="Range", headers={**headers, "Content-Range": f"bytes */{size}"})
    if part is None:
        return _PartResponse(file, Part(0, size), 200, headers, media_type, while_)
    headers["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{size}"
    return _PartResponse(file, part, 206, headers, media_type, while_)


def medium_etag(event: int, size: int, areas_mark: str) -> str:
    """The ETag of a medium of `size` bytes: another one where other privacy areas are black."""
    return f'"{event}-{size}-{areas_mark}"' if areas_mark else f'"{event}-{size}"'


def file_answers(media_type: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers with a file of that type, for OpenAPI."""
    binary = {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    return {
        200: {"description": "The whole of it.", **binary},
        206: {"description": "The part that `Range` asks for.", **binary},
        304: {"description": "The client has it already, by `If-None-Match`."},
        **documented(Kind.NOT_FOUND, Kind.BAD_RANGE, Kind.BAD_INPUT),
    }


def _has_already(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known


class _PartResponse(Response):
    """Sends part of an open file in chunks read outside the event loop, and closes it."""

    def __init__(
        self,
        file: BinaryIO,
        part: Part,
        status: int,
        headers: dict[str, str],
        media_type: str,
        while_: Wait | None,
    ) -> None:
        super().__init__(
            status_code=status, headers={**headers, "Content-Length": str(part.length)}, media_type=media_type
        )
        self._file = file
        self._part = part
        self._ends = () if while_ is None else (while_,)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer() -> None:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                await self._send_part(send)
            await send({"type": "http.response.body", "body": b""})

        try:
            await run_until(answer, hang_up(receive), *self._ends)
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._file.close)

    async def _send_part(self, send: Send) -> None:
        await to_thread.run_sync(self._file.seek, self._part.start)
        left = self._part.length
        while left:
            chunk = await to_thread.run_sync(self._file.read, min(CHUNK_BYTES, left))
            if not chunk:
                raise EOFError(f"the file ends {left} bytes before its length")
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
