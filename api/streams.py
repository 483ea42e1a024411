"""`/cameras/{id}/streams` and `/streams/{id}`: where a camera's pictures come from."""

import re
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import MISSING, BeforeValidator, Field

from core.access import Right
from core.camera import Login, Stream, StreamRole
from core.errors import BadInput
from registry import cameras, stream_secrets, streams, version
from registry.audit.entry import Act
from registry.idempotency import Transaction
from registry.sight import check_camera

from .answers import CameraInPath, Listing, StreamInPath
from .caller import Who
from .changing import check_change, differences, note_change
from .fields import Body, CameraNumber, StreamNumber, Text, given
from .idempotency import FirstTime
from .problems import Kind, documented
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["streams"])


def _bare_digits(text: object) -> object:
    return re.sub(r"[:\s]", "", text).lower() if isinstance(text, str) else text


Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        description="rtsp:// or rtsps://. A user name, a password and tokens in it are taken out, sealed, never shown "
        "again.",
        examples=["rtsp://viewer:secret@camera-17.example:554/stream1"],
    ),
]
Fingerprint = Annotated[
    str,
    BeforeValidator(_bare_digits),
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="rtsps: SHA-256 of the camera's own certificate, where no authority vouches for it.",
    ),
]
Role = Annotated[StreamRole, Field(description="What the stream is for; a camera has at most one for each role.")]


class NewStream(Body):
    """A stream to be added."""

    role: Role = StreamRole.DETECT
    url: Url
    pinned_certificate: Fingerprint | None = None


class StreamChange(Body):
    """What is to be changed of a stream; what is left out stays.

    User name and password stay too, as long as the URL goes on naming the same host and port; elsewhere they are
    forgotten, unless the new URL brings its own. Tokens belong to their URL, and go with it.
    """

    role: Role | MISSING = MISSING
    url: Url | MISSING = MISSING
    pinned_certificate: Fingerprint | MISSING | None = MISSING


class StreamView(Body):
    """One encoded feed of a camera."""

    id: StreamNumber
    camera: CameraNumber
    role: Role
    url: Text | None = Field(
        description="Without its login; *** stands where a token was. null for who may not change the camera: it names "
        "what is inside a network."
    )
    has_login: bool = Field(description="Whether a login, or a token of its URL, is kept for it.")
    pinned_certificate: str | None


def view(services: Services, stream: Stream, has_login: bool, *, shows_address: bool = True) -> StreamView:
    """`stream` as the API shows it, its address only to who may change it."""
    return StreamView(
        id=stream.id,
        camera=stream.camera,
        role=stream.role,
        url=services.hide_secrets(stream.url) if shows_address else None,
        has_login=has_login,
        pinned_certificate=stream.pinned_certificate,
    )


@router.get("/cameras/{camera}/streams", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_streams(use: Use, who: Who, camera: CameraInPath) -> Listing[StreamView]:
    """The camera's streams."""
    with use.database.read() as connection:
        scope = who.scope(connection)
        owner = check_camera(connection, scope, camera, Right.LIST)
        found = streams.of_camera(connection, camera)
        logins = stream_secrets.with_login(connection, [stream.id for stream in found])
    manages = scope[Right.MANAGE].has_camera(camera, owner)
    return Listing(items=tuple(view(use, one, one.id in logins, shows_address=manages) for one in found))


@router.post(
    "/cameras/{camera}/streams",
    status_code=201,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT),
)
def add_stream(use: Use, who: Who, camera: CameraInPath, body: NewStream, once: FirstTime) -> StreamView:
    """Add a stream to the camera. A running worker opens it within a second or two."""
    url, login = use.check_address(body.url)
    with use.database.write() as connection:
        owner = check_change(connection, who, camera)
        once.begin(connection)
        stream = streams.add(connection, camera, url=url, role=body.role, pinned_certificate=body.pinned_certificate)
        stream_secrets.put(connection, use.sealing_key, stream, login)
        cameras.touch(connection, camera)
        added = view(use, stream, login is not None)
        detail = {"role": added.role.value, "url": added.url}
        who.changed(connection, Act.ADD, "stream", stream.id, camera=camera, departments={owner}, detail=detail)
        return once.keep(connection, added)


@router.patch("/streams/{stream}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_stream(use: Use, who: Who, stream: StreamInPath, body: StreamChange) -> StreamView:
    """Change what is given of the stream."""
    address = None if body.url is MISSING else use.check_address(body.url)
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = streams.get(connection, stream)
        owner = check_change(connection, who, before.camera, missing=f"there is no stream {stream}")
        shown = view(use, before, bool(stream_secrets.with_login(connection, [stream])))
        changed = streams.change(
            connection,
            replace(
                before,
                role=given(body.role, before.role),
                url=before.url if address is None else address[0],
                pinned_certificate=given(body.pinned_certificate, before.pinned_certificate),
            ),
        )
        has_other_login = False
        if address is not None:
            login = address[1]
            if (login is None or not login.names_user) and _server(address[0]) == _server(before.url):
                kept = stream_secrets.get(connection, use.sealing_key, before)
                login = _with_tokens_of(kept, login)
            has_other_login = _differs(connection, use, before, login)
            stream_secrets.put(connection, use.sealing_key, changed, login)
        cameras.touch(connection, changed.camera)
        after = view(use, changed, bool(stream_secrets.with_login(connection, [stream])))
        different = differences(shown, after)
        if has_other_login:
            different["login"] = [None, "changed"]
        note_change(connection, who, "stream", stream, different, camera=before.camera, departments={owner})
    return after


@router.delete("/streams/{stream}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def remove_stream(use: Use, who: Who, stream: StreamInPath) -> None:
    """Remove the stream with its login. A running worker closes it within a second or two."""
    with use.database.write() as connection:
        before = streams.get(connection, stream)
        camera = before.camera
        owner = check_change(connection, who, camera, missing=f"there is no stream {stream}")
        streams.remove(connection, stream)
        cameras.touch(connection, camera)
        detail = {"role": before.role.value, "url": use.hide_secrets(before.url)}
        who.changed(connection, Act.REMOVE, "stream", stream, camera=camera, departments={owner}, detail=detail)


def _differs(connection: Transaction, use: Services, stream: Stream, login: Login | None) -> bool:
    """Whether `login` is another one than is kept for the stream. One that no key opens is."""
    try:
        return stream_secrets.get(connection, use.sealing_key, stream) != login
    except BadInput:
        return True


def _with_tokens_of(kept: Login | None, new: Login | None) -> Login | None:
    """User name and password of `kept`, tokens of `new`."""
    if kept is None or not kept.names_user:
        return new
    return replace(kept, tokens=() if new is None else new.tokens)


def _server(url: str) -> tuple[str, str | None, int | None]:
    """Who is asked for the stream: scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
