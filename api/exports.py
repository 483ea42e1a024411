"""`/cameras.csv`, `/cameras.json` and `/cameras.geojson`: the cameras as files, streamed as they are read."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from core.access import Right
from core.errors import Forbidden
from registry.audit.entry import Act
from registry.catalogue.search import numbers_by_department
from registry.exports.reading import Allowed, exported
from registry.exports.writing import ExportFormat, written
from registry.idempotency import Transaction
from registry.reach import Reach

from .caller import Caller, Who
from .catalogue import CatalogueFilter
from .problems import Kind, documented
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["exports"])

_TYPES: Final = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.JSON: "application/json",
    ExportFormat.GEOJSON: "application/geo+json",
}
_SHAPES: Final = {
    ExportFormat.CSV: {"type": "string", "format": "binary"},
    ExportFormat.JSON: {"type": "array", "items": {"type": "object"}},
    ExportFormat.GEOJSON: {"type": "object"},
}
Asked = Annotated[CatalogueFilter, Query()]


def _documented(form: ExportFormat) -> dict[str, Any]:
    content = {_TYPES[form]: {"schema": _SHAPES[form]}}
    return {
        "response_class": StreamingResponse,
        "responses": {200: {"description": "The file.", "content": content}, **documented(Kind.BAD_INPUT)},
    }


@router.get("/cameras.csv", **_documented(ExportFormat.CSV))
def export_csv(use: Use, who: Who, asked: Asked) -> StreamingResponse:
    """The cameras that fit the filter, as a table that `/cameras:import` takes again. No login leaves: where one was
    part of an address, it is missing, and *** stands where a token was. Addresses leave only with the right to change
    the camera, and only cameras that may be exported."""
    return _answer(use, who, asked, ExportFormat.CSV)


@router.get("/cameras.json", **_documented(ExportFormat.JSON))
def export_json(use: Use, who: Who, asked: Asked) -> StreamingResponse:
    """The cameras that fit the filter, as objects that `/cameras:import` takes again."""
    return _answer(use, who, asked, ExportFormat.JSON)


@router.get("/cameras.geojson", **_documented(ExportFormat.GEOJSON))
def export_geojson(use: Use, who: Who, asked: Asked) -> StreamingResponse:
    """The cameras that fit the filter, as GeoJSON (RFC 7946): points by WGS-84; one without a place has no geometry."""
    return _answer(use, who, asked, ExportFormat.GEOJSON)


def _answer(use: Services, who: Caller, asked: CatalogueFilter, form: ExportFormat) -> StreamingResponse:
    name = f"cameras.{form.value}"

    def allowed(connection: Transaction) -> Allowed:
        scope = who.scope(connection)
        return Allowed(scope[Right.EXPORT], scope[Right.MANAGE])

    with use.database.read() as connection:
        reach = allowed(connection).cameras
        check_may_export(reach)
        fitting = asked.filter(reach)
        numbers = numbers_by_department(connection, fitting)
    file = written(exported(use.database, fitting, use.hide_secrets, allowed), form)
    # The first piece is read before the answer begins: a database that is away is told as a problem.
    begun = [next(file, ""), next(file, "")]
    filters = asked.model_dump(mode="json", exclude_defaults=True)
    detail = {"file": name, "filters": filters, "count": sum(numbers.values())}
    who.looks(Act.EXPORT, "camera", departments=numbers, detail=detail)
    return StreamingResponse(
        _all(begun, file),
        media_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def check_may_export(reach: Reach) -> None:
    """Raises `Forbidden` for who may take nothing along."""
    if reach.is_nothing:
        raise Forbidden(
            "you may not export: neither a role nor a grant gives you 'export' anywhere",
            hint="ask the department that owns the cameras for a grant",
        )


def _all(begun: list[str], rest: Iterator[str]) -> Iterator[bytes]:
    for text in chain(begun, rest):
        yield text.encode()
