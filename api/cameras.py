"""`/cameras`: what there is to watch."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import MISSING, Field

from core.ids import LAST_CAMERA, CameraId
from registry import attention, cameras, departments, rules, stream_secrets, streams, version
from registry import listing as listed
from registry.listing import ListedCamera

from . import attention as watched
from . import stream_states as states
from . import streams as feeds
from .answers import CameraInPath, Listing, Named, listing, named_in_body, part_of_body
from .attention import AttentionBody, AttentionChange
from .catalogue import CataloguePage
from .fields import Body, CameraNumber, DepartmentNumber, Text, given
from .problems import Kind, documented
from .rule_bodies import NewRule
from .rules import check_labels
from .services import Services, Use
from .stream_states import StatusView
from .streams import NewStream, StreamView

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])


class NewCamera(Body):
    """A camera to be added, with its streams and rules: all of it, or nothing."""

    name: Text = Field(examples=["North gate"])
    department: DepartmentNumber = Field(default=departments.DEFAULT, description="Its owner's number.")
    enabled: bool = Field(default=True, description="Whether it is watched.")
    streams: tuple[NewStream, ...] = Field(default=(), max_length=3)
    rules: tuple[NewRule, ...] = Field(default=(), max_length=64)
    attention: AttentionBody = AttentionBody()


class CameraChange(Body):
    """What is to be changed of a camera; what is left out stays."""

    name: Text | MISSING = MISSING
    department: DepartmentNumber | MISSING = MISSING
    enabled: bool | MISSING = MISSING
    attention: AttentionChange | MISSING = MISSING


class CameraView(Body):
    """A device at a place, owned by a department."""

    id: CameraNumber
    name: str
    department: Named
    enabled: bool
    streams: tuple[StreamView, ...]
    attention: AttentionBody
    status: StatusView | None = Field(description="Of its detect stream; null before a worker has looked at it.")


def view(services: Services, found: ListedCamera) -> CameraView:
    """A camera as the API shows it."""
    return CameraView(
        id=found.camera.id,
        name=found.camera.name,
        department=Named(id=found.camera.department, name=found.department_name),
        enabled=found.camera.enabled,
        streams=tuple(feeds.view(services, stream, stream.id in found.with_login) for stream in found.streams),
        attention=watched.view(found.attention),
        status=None if found.status is None else states.view(found.status),
    )


@router.get("", responses=documented(Kind.BAD_INPUT))
def list_cameras(use: Use, asked: Annotated[CataloguePage, Query()]) -> Listing[CameraView]:
    """Cameras by number, a page at a time."""
    cursor = CameraId(min(asked.cursor or 0, LAST_CAMERA))
    with use.database.read() as connection:
        page = listed.list_cameras(connection, asked.filter(), cursor=cursor, limit=asked.limit)
    return listing(page, partial(view, use))


@router.post("", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def add_camera(use: Use, body: NewCamera, response: Response) -> CameraView:
    """Add a camera. A running worker opens it within a second or two."""
    addresses = []
    for place, new in enumerate(body.streams):
        with part_of_body(f"streams[{place}]"):
            addresses.append(use.check_address(new.url))
    for place, rule in enumerate(body.rules):
        with part_of_body(f"rules[{place}]"):
            check_labels(use, rule.labels)
    with part_of_body("attention"):
        closely = body.attention.attention()
    with use.database.write() as connection:
        with named_in_body("department"):
            camera = cameras.add(connection, name=body.name, department=body.department, enabled=body.enabled)
        for new, (url, login) in zip(body.streams, addresses, strict=True):
            stream = streams.add(
                connection, camera.id, url=url, role=new.role, pinned_certificate=new.pinned_certificate
            )
            stream_secrets.put(connection, use.sealing_key, stream, login)
        for place, rule in enumerate(body.rules):
            with part_of_body(f"rules[{place}]"):
                rule.save(partial(rules.add, connection, camera.id))
        attention.put(connection, camera.id, closely)
        added = listed.get_listed(connection, camera.id)
    response.headers["Location"] = f"/api/v1/cameras/{camera.id}"
    return view(use, added)


@router.get("/{camera}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_camera(use: Use, camera: CameraInPath) -> CameraView:
    """One camera."""
    with use.database.read() as connection:
        found = listed.get_listed(connection, camera)
    return view(use, found)


@router.patch("/{camera}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def change_camera(use: Use, camera: CameraInPath, body: CameraChange) -> CameraView:
    """Change what is given of the camera. Events that began before stay with the department that owned it then."""
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = cameras.get(connection, camera)
        changed = replace(
            before,
            name=given(body.name, before.name),
            department=given(body.department, before.department),
            enabled=given(body.enabled, before.enabled),
        )
        with named_in_body("department"):
            cameras.change(connection, changed, use.clock.now())
        if body.attention is not MISSING:
            with part_of_body("attention"):
                closely = body.attention.applied_to(attention.get(connection, camera))
            attention.put(connection, camera, closely)
        found = listed.get_listed(connection, camera)
    return view(use, found)


@router.delete("/{camera}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def remove_camera(use: Use, camera: CameraInPath) -> None:
    """Remove the camera with its streams, logins, zones, lines and rules. Its events stay."""
    with use.database.write() as connection:
        cameras.remove(connection, camera, use.clock.now())
