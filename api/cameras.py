"""`/cameras`: what there is to watch."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import MISSING

from core.access import Right
from core.ids import LAST_CAMERA, CameraId
from registry import attention, cameras, departments, rules, stream_secrets, streams, version
from registry import listing as listed
from registry.audit.entry import Act
from registry.kept_cameras import KeptCameras
from registry.listing import ListedCamera
from registry.sight import check_camera, check_department
from registry.visibility import Scope

from . import attention as watched
from . import stream_states as states
from . import streams as feeds
from .answers import CameraInPath, Listing, Named, named_in_body, part_of_body
from .caller import Who
from .camera_bodies import CameraChange, CameraView, NewCamera, fact_fields
from .camera_json import camera_json
from .catalogue import CataloguePage
from .changing import check_change, differences, note_change
from .fields import given
from .idempotency import FirstTime
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .rules import check_labels
from .services import Services, Use
from .written import written_listing

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])


def view(services: Services, found: ListedCamera, *, manages: bool = True) -> CameraView:
    """A camera as the API shows it; what its network looks like only to who `manages` it."""
    return CameraView(
        **fact_fields(found.record.facts),
        id=found.camera.id,
        name=found.camera.name,
        department=Named(id=found.camera.department, name=found.department_name),
        enabled=found.camera.enabled,
        streams=tuple(
            feeds.view(services, stream, stream.id in found.with_login, shows_address=manages)
            for stream in found.streams
        ),
        attention=watched.view(found.attention),
        status=None if found.status is None else states.view(found.status, tells_why=manages),
        revision=found.record.revision,
    )


@router.get("", response_model=Listing[CameraView], responses=documented(Kind.BAD_INPUT))
def list_cameras(request: Request, use: Use, who: Who, asked: Annotated[CataloguePage, Query()]) -> Response:
    """Cameras by number, a page at a time."""
    kept: KeptCameras = request.app.state.kept_cameras
    cursor = CameraId(min(asked.cursor or 0, LAST_CAMERA))
    with use.database.read() as connection:
        scope = who.scope(connection)
        page = kept.list_cameras(connection, asked.filter(scope[Right.LIST]), cursor=cursor, limit=asked.limit)
    items = (camera_json(use, found, manages=_manages(scope, found)) for found in page.items)
    return written_listing(items, next=None if page.next is None else str(page.next))


@router.post("", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def add_camera(use: Use, who: Who, body: NewCamera, response: Response, once: FirstTime) -> CameraView:
    """Add a camera. A running worker opens it within a second or two."""
    owner = given(body.department, who.principal.department or departments.DEFAULT)
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
        scope = who.scope(connection)
        check_department(scope, owner, Right.MANAGE, to="add cameras to")
        once.begin(connection)
        with named_in_body("department"):
            camera = cameras.add(
                connection,
                name=body.name,
                department=owner,
                enabled=body.enabled,
                facts=body.facts(),
                seen=scope[Right.LIST],
            )
        for new, (url, login) in zip(body.streams, addresses, strict=True):
            stream = streams.add(
                connection, camera.id, url=url, role=new.role, pinned_certificate=new.pinned_certificate
            )
            stream_secrets.put(connection, use.sealing_key, stream, login)
        for place, rule in enumerate(body.rules):
            with part_of_body(f"rules[{place}]"):
                rule.save(partial(rules.add, connection, camera.id))
        attention.put(connection, camera.id, closely)
        added = view(use, listed.get_listed(connection, camera.id))
        detail = {
            "name": added.name,
            "streams": {stream.role.value: stream.url for stream in added.streams},
            "rules": len(body.rules),
        }
        who.changed(connection, Act.ADD, "camera", camera.id, camera=camera.id, departments={owner}, detail=detail)
        headers = {"Location": f"/api/v1/cameras/{camera.id}", "ETag": tag(added.revision)}
        once.keep(connection, added, headers)
    response.headers.update(headers)
    return added


@router.get("/{camera}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_camera(use: Use, who: Who, camera: CameraInPath, response: Response, known: Known) -> CameraView:
    """One camera. A 304 says that nothing but its `status` may be different."""
    with use.database.read() as connection:
        scope = who.scope(connection)
        check_camera(connection, scope, camera, Right.LIST)
        found = listed.get_listed(connection, camera)
    manages = _manages(scope, found)
    known.answer(response, found.record.revision, is_whole=manages)
    return view(use, found, manages=manages)


def _manages(scope: Scope, found: ListedCamera) -> bool:
    return scope[Right.MANAGE].has_camera(found.camera.id, found.camera.department)


@router.patch("/{camera}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT))
def change_camera(
    use: Use, who: Who, camera: CameraInPath, body: CameraChange, response: Response, expected: Expected
) -> CameraView:
    """Change what is given of the camera. Events that began before stay with the department that owned it then.

    Moving it to another department takes the right to manage both.
    """
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        owner = check_change(connection, who, camera)
        scope = who.scope(connection)
        before = cameras.record(connection, camera)
        expected.check(f"camera {camera}", before.revision)
        wanted = body.applied_to(before.camera)
        if wanted.department != owner:
            for number in (owner, wanted.department):
                check_department(scope, number, Right.MANAGE, to="move cameras from or to")
        shown = view(use, listed.get_listed(connection, camera))
        with named_in_body("department"):
            cameras.change(
                connection, wanted, use.clock.now(), facts=body.applied_to_facts(before.facts), seen=scope[Right.LIST]
            )
        if body.attention is not MISSING:
            closely_before = attention.get(connection, camera)
            with part_of_body("attention"):
                closely = body.attention.applied_to(closely_before)
            if closely != closely_before:
                attention.put(connection, camera, closely)
                cameras.touch(connection, camera)
        after = view(use, listed.get_listed(connection, camera))
        owners = {owner, wanted.department}
        note_change(connection, who, "camera", camera, differences(shown, after), camera=camera, departments=owners)
    response.headers["ETag"] = tag(after.revision)
    return after


@router.delete("/{camera}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.STALE, Kind.BAD_INPUT))
def remove_camera(use: Use, who: Who, camera: CameraInPath, expected: Expected) -> None:
    """Remove the camera: nobody watches it any more. Its events stay readable, and `:restore` brings all of it back."""
    with use.database.write() as connection:
        version.raise_version(connection)
        owner = check_change(connection, who, camera)
        before = cameras.record(connection, camera)
        check_department(who.scope(connection), owner, Right.MANAGE, to="remove cameras of")
        expected.check(f"camera {camera}", before.revision)
        cameras.remove(connection, camera, use.clock.now())
        detail = {"name": before.camera.name}
        who.changed(connection, Act.REMOVE, "camera", camera, camera=camera, departments={owner}, detail=detail)


@router.post("/{camera}:restore", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def restore_camera(use: Use, who: Who, camera: CameraInPath, response: Response) -> CameraView:
    """Bring a removed camera back with its streams, logins, zones, lines and rules. A running worker opens it again."""
    with use.database.write() as connection:
        version.raise_version(connection)
        owner = check_change(connection, who, camera)
        scope = who.scope(connection)
        check_department(scope, owner, Right.MANAGE, to="restore cameras of")
        cameras.restore(connection, camera, seen=scope[Right.LIST])
        found = listed.get_listed(connection, camera)
        detail = {"name": found.camera.name}
        who.changed(connection, Act.RESTORE, "camera", camera, camera=camera, departments={owner}, detail=detail)
    response.headers["ETag"] = tag(found.record.revision)
    return view(use, found)
