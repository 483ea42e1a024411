"""`/cameras.csv`, `/cameras.json` and `/cameras.geojson`: the cameras as files, streamed as they are read."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from registry.exports.reading import exported
from registry.exports.writing import ExportFormat, written

from .catalogue import CatalogueFilter
from .problems import Kind, documented
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["exports"])

_TYPES: Final = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.JSON: "application/json",
    ExportFormat.GEOJSON: "application/geo+json",
}
Asked = Annotated[CatalogueFilter, Query()]


def _documented(form: ExportFormat) -> dict[str, Any]:
    content = {_TYPES[form]: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response_class": StreamingResponse,
        "responses": {200: {"description": "The file.", "content": content}, **documented(Kind.BAD_INPUT)},
    }


@router.get("/cameras.csv", **_documented(ExportFormat.CSV))
def export_csv(use: Use, asked: Asked) -> StreamingResponse:
    """The cameras that fit the filter, as a table that `/cameras:import` takes again. No login leaves: where one was
    part of an address, it is missing, and *** stands where a token was."""
    return _answer(use, asked, ExportFormat.CSV)


@router.get("/cameras.json", **_documented(ExportFormat.JSON))
def export_json(use: Use, asked: Asked) -> StreamingResponse:
    """The cameras that fit the filter, as objects that `/cameras:import` takes again."""
    return _answer(use, asked, ExportFormat.JSON)


@router.get("/cameras.geojson", **_documented(ExportFormat.GEOJSON))
def export_geojson(use: Use, asked: Asked) -> StreamingResponse:
    """The cameras that fit the filter, as GeoJSON (RFC 7946): points by WGS-84; one without a place has no geometry."""
    return _answer(use, asked, ExportFormat.GEOJSON)


def _answer(use: Services, asked: CatalogueFilter, form: ExportFormat) -> StreamingResponse:
    pieces = exported(use.database, asked.filter(), use.hide_secrets)
    file = written(pieces, form)
    # The first piece is read before the answer begins: a database that is away is told as a problem.
    begun = [next(file, ""), next(file, "")]
    return StreamingResponse(
        _all(begun, file),
        media_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="cameras.{form.value}"'},
    )


def _all(begun: list[str], rest: Iterator[str]) -> Iterator[bytes]:
    for text in chain(begun, rest):
        yield text.encode()
