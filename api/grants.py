"""`/grants`: what departments share with each other, asked for, decided on, and ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Path, Query, Response

from core.access import Principal, Right
from core.errors import BadInput, NotFound
from registry.access import grant_asking, grant_deciding, grants
from registry.access.department_tree import DepartmentTree
from registry.access.grant import Grant, GrantId, OnCamera
from registry.access.grant_names import names_for
from registry.audit.entry import Act
from registry.idempotency import Transaction
from registry.sight import check_camera

from .answers import Listing, listing
from .caller import Caller, Who
from .fields import LAST_NUMBER
from .grant_bodies import Agreement, GrantQuery, NewGrant, Reason
from .grant_views import GrantView, grant_view
from .idempotency import FirstTime
from .problems import Kind, documented
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["grants"])

_TO = "look after grants"
GrantInPath = Annotated[GrantId, Path(ge=1, le=LAST_NUMBER, description="The grant's number.")]
_Decide: TypeAlias = Callable[[Transaction, GrantId, Principal, str, datetime], Grant]


@router.get("/grants", responses=documented(Kind.BAD_INPUT))
def list_grants(use: Use, who: Who, asked: Annotated[GrantQuery, Query()]) -> Listing[GrantView]:
    """Grants, newest first: an admin or auditor sees those that concern the department, everybody those that they asked
    for or that are made to them."""
    who.require_person(to=_TO)
    cursor = None if asked.cursor is None else GrantId(min(asked.cursor, LAST_NUMBER))
    with use.database.read() as connection:
        tree = DepartmentTree(connection)
        page = grants.list_grants(
            connection, who.principal, tree, asked=asked.filter(), cursor=cursor, limit=asked.limit
        )
        names = names_for(connection, page.items)
        now = use.visibility.now(connection)
    return listing(page, lambda grant: grant_view(grant, names, who.principal, tree, now))


@router.get("/grants/{grant}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_grant(use: Use, who: Who, grant: GrantInPath) -> GrantView:
    """One grant."""
    who.require_person(to=_TO)
    with use.database.read() as connection:
        found = grants.get_seen(connection, grant, who.principal, DepartmentTree(connection))
        return _view(use, connection, who, found)


@router.post("/grants", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def ask_for_grant(use: Use, who: Who, body: NewGrant, response: Response, once: FirstTime) -> GrantView:
    """Ask for a grant: for oneself; as an operator or admin for one's department; or as an admin of the department that
    is to grant it. Somebody else approves it."""
    who.require_person(to=_TO)
    wish = body.wish()
    if isinstance(wish.on, OnCamera):
        _check_known(use, who, wish.on)
    with use.database.write() as connection:
        once.begin(connection)
        asked = grant_asking.ask(connection, who.principal, wish, use.clock.now())
        _put_on_record(connection, who, Act.GRANT_ASKED, asked, detail={"rights": sorted(asked.rights)})
        shown = _view(use, connection, who, asked)
        headers = {"Location": f"/api/v1/grants/{asked.id}"}
        once.keep(connection, shown, headers)
    response.headers.update(headers)
    return shown


@router.post("/grants/{grant}:approve", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def approve_grant(use: Use, who: Who, grant: GrantInPath, body: Agreement) -> GrantView:
    """Put a grant in force: an admin of the owner, who neither asked for it nor receives it."""
    return _decide(use, who, grant, body.why, grant_deciding.approve, Act.GRANT_APPROVED)


@router.post("/grants/{grant}:refuse", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def refuse_grant(use: Use, who: Who, grant: GrantInPath, body: Reason) -> GrantView:
    """Refuse a grant that was asked for: an admin of the owner, or who asked for it."""
    return _decide(use, who, grant, body.why, grant_deciding.refuse, Act.GRANT_REFUSED)


@router.post("/grants/{grant}:revoke", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def revoke_grant(use: Use, who: Who, grant: GrantInPath, body: Reason) -> GrantView:
    """End a grant that is in force, or would come into force: an admin of the owner. Views that it lets go on end."""
    return _decide(use, who, grant, body.why, grant_deciding.revoke, Act.GRANT_REVOKED)


def _decide(use: Services, who: Caller, number: GrantId, why: str, decide: _Decide, act: Act) -> GrantView:
    who.require_person(to=_TO)
    with use.database.write() as connection:
        decided = decide(connection, number, who.principal, why, use.clock.now())
        _put_on_record(connection, who, act, decided, detail={"why": why} if why else {})
        return _view(use, connection, who, decided)


def _check_known(use: Services, who: Caller, on: OnCamera) -> None:
    """A camera that who asks cannot see is one that does not exist."""
    try:
        with use.database.read() as connection:
            check_camera(connection, who.scope(connection), on.camera, Right.LIST)
    except NotFound as error:
        raise BadInput(error.message, field="on.camera") from error


def _put_on_record(connection: Transaction, who: Caller, act: Act, grant: Grant, *, detail: dict[str, object]) -> None:
    departments = grants.concerned(connection, grant)
    camera = grant.on.camera if isinstance(grant.on, OnCamera) else None
    who.changed(
        connection,
        act,
        "grant",
        grant.id,
        camera=camera,
        departments=departments,
        purpose=grant.purpose,
        detail=detail,
    )


def _view(use: Services, connection: Transaction, who: Caller, grant: Grant) -> GrantView:
    names, tree = names_for(connection, [grant]), DepartmentTree(connection)
    return grant_view(grant, names, who.principal, tree, use.visibility.now(connection))
