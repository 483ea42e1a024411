"""`/cameras:import` and `/imports`: files of cameras, and what became of their rows."""

from functools import partial
from typing import Annotated, Any, Final

import anyio
from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from core.access import Role
from core.errors import BadInput, Forbidden, Hidden
from registry import departments
from registry.access.standing import is_in_standing
from registry.idempotency import Transaction
from registry.imports import records
from registry.imports.importer import ImportOrder
from registry.imports.opening import plain_name
from registry.imports.records import ImportId, ImportRecord
from registry.imports.verdicts import VerdictKind
from registry.visibility import Scope

from .answers import Listing, Paging, listing, named_in_body
from .caller import Caller, Who
from .changing import check_change_somewhere
from .fields import LAST_NUMBER, Body, DepartmentNumber, Text
from .guards import UPLOAD_TYPES, too_large
from .import_desk import ImportDesk, Upload
from .import_progress import ProgressStream
from .import_views import ImportView, RowView, import_view, row_view
from .problems import Kind, documented, problem
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["imports"])

ImportInPath = Annotated[ImportId, Path(ge=1, le=LAST_NUMBER, description="The import's number.")]
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in UPLOAD_TYPES},
    }
}
_STREAM: Final = {"text/event-stream": {"schema": {"type": "string"}}}


class ImportAsked(Body):
    """How a file is to be taken."""

    dry_run: bool = Field(default=False, description="Say what would happen, and change nothing.")
    department: DepartmentNumber | None = Field(
        default=None,
        description="Whose cameras rows are that name no department; else those of who imports, and for the city of 1.",
    )
    file: Text = Field(default="upload", description="The file's name, for the record.")


class RowsAsked(Paging):
    """Which rows of an import are asked for."""

    verdict: tuple[VerdictKind, ...] = Field(default=(), description="Only rows with one of these verdicts.")


@router.post(
    "/cameras:import",
    status_code=202,
    response_model=ImportView,
    openapi_extra=_BODY,
    responses=documented(Kind.CONFLICT, Kind.BAD_INPUT),
)
async def import_cameras(request: Request, use: Use, who: Who, asked: Annotated[ImportAsked, Query()]) -> Any:
    """Take a file of cameras: CSV, XLSX, or JSON (an array, or an object a line), whatever its type says.

    It is put into a queue, and taken row by row; what became of it `/imports/{id}` says. Try it with `dry_run` first.
    Rows about cameras that who imports may not change are refused.
    """
    department = asked.department or who.principal.department or departments.DEFAULT
    await to_thread.run_sync(_check_may_import, use, who, department)
    desk: ImportDesk = request.app.state.import_desk
    with desk.spool() as upload:
        with anyio.move_on_after(use.imports.upload_timeout_s) as waiting:
            if await _receive(request, upload, use.imports.file_limit_bytes):
                return too_large(use.imports.file_limit_bytes)
        if waiting.cancelled_caught:
            detail = f"the file did not arrive within {use.imports.upload_timeout_s:g} s"
            return problem(Kind.TOO_SLOW, detail, headers={"Connection": "close"})
        order = ImportOrder(asked.dry_run, department, partial(_scope_of, who))
        record = await to_thread.run_sync(desk.hand_in, upload, plain_name(asked.file), order, who)
    return Response(
        import_view(record).model_dump_json(),
        status_code=202,
        media_type="application/json",
        headers={"Location": f"/api/v1/imports/{record.id}"},
    )


@router.get("/imports", responses=documented(Kind.BAD_INPUT))
def list_imports(use: Use, who: Who, asked: Annotated[Paging, Query()]) -> Listing[ImportView]:
    """Imports, newest first: one's own; a city admin sees all."""
    maker = None if _sees_all(who) else records.maker_of(who.principal)
    cursor = None if asked.cursor is None else ImportId(min(asked.cursor, LAST_NUMBER))
    with use.database.read() as connection:
        page = records.newest(connection, maker=maker, cursor=cursor, limit=asked.limit)
    return listing(page, import_view)


@router.get("/imports/{number}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_import(use: Use, who: Who, number: ImportInPath) -> ImportView:
    """One import: how far it is, and how many rows had which verdict."""
    return _look(use, who, number)


@router.get("/imports/{number}/rows", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_rows(use: Use, who: Who, number: ImportInPath, asked: Annotated[RowsAsked, Query()]) -> Listing[RowView]:
    """What became of the rows of an import, in their order."""
    cursor = None if asked.cursor is None else min(asked.cursor, LAST_NUMBER)
    with use.database.read() as connection:
        _seen(connection, who, number)
        page = records.rows(connection, number, kinds=asked.verdict, cursor=cursor, limit=asked.limit)
    return listing(page, row_view)


@router.delete(
    "/imports/{number}", status_code=202, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)
)
def cancel_import(request: Request, use: Use, who: Who, number: ImportInPath) -> ImportView:
    """Stop an import after the rows that are being written. What was taken stays taken; 409 where it has ended."""
    desk: ImportDesk = request.app.state.import_desk
    with use.database.read() as connection:
        _seen(connection, who, number)
    return import_view(desk.cancel(number, who))


@router.get(
    "/imports/{number}/progress",
    status_code=200,
    response_class=Response,
    responses={
        200: {"description": "Messages whose data is the import, until it has ended.", "content": _STREAM},
        **documented(Kind.NOT_FOUND, Kind.BAD_INPUT),
    },
)
async def follow_import(request: Request, use: Use, who: Who, number: ImportInPath) -> Response:
    """Follow an import: a message whenever it has got on; the stream ends when it has."""
    await to_thread.run_sync(_look, use, who, number)
    desk: ImportDesk = request.app.state.import_desk
    return ProgressStream(partial(_look, use, who, number), lambda: desk.is_stopping)


def _look(use: Services, who: Caller, number: ImportId) -> ImportView:
    with use.database.read() as connection:
        _check_standing(connection, who)
        return import_view(_seen(connection, who, number))


def _seen(connection: Transaction, who: Caller, number: ImportId) -> ImportRecord:
    """The import of that number, for who began it and for city admins. Raises `NotFound`, and `Hidden` in its words."""
    found = records.get(connection, number)
    if _sees_all(who) or found.maker == records.maker_of(who.principal):
        return found
    raise Hidden(f"there is no import {number}", kind="import", number=str(number), hint=records.FORGOTTEN)


def _sees_all(who: Caller) -> bool:
    return who.principal.role is Role.CITY_ADMIN


def _scope_of(who: Caller, connection: Transaction) -> Scope:
    """`FindScope` of who imports. Raises `Forbidden` once they may do nothing any more."""
    _check_standing(connection, who)
    return who.scope(connection)


def _check_standing(connection: Transaction, who: Caller) -> None:
    if not is_in_standing(connection, who.principal, who.services.clock.now()):
        raise Forbidden(f"{who.principal.name!r} may not go on: the account or key was ended or changed meanwhile")


def _check_may_import(use: Services, who: Caller, department: DepartmentNumber) -> None:
    with use.database.read() as connection:
        check_change_somewhere(connection, who, to="import cameras")
        with named_in_body("department"):
            departments.get(connection, department)


async def _receive(request: Request, upload: Upload, limit_bytes: int) -> bool:
    """Put the body into the file, as it arrives. True where it is longer than allowed. Raises `BadInput` where it is
    empty."""
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > limit_bytes:
            return True
        if part:
            await to_thread.run_sync(upload.file.write, part)
    if not length:
        raise BadInput("the body is empty; expected a file of cameras", field="body")
    return False
