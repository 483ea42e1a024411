"""Exports in their formats: CSV, JSON, GeoJSON."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

from ..imports.checking import URL_COLUMNS
from ..imports.columns import SECRET, Column
from ..imports.formulas import with_guard
from .reading import ExportedCamera

COLUMNS: Final = tuple(column for column in Column if column not in SECRET or column in URL_COLUMNS)
"""User names and passwords never leave."""
_MARK: Final = "\ufeff"
"""By which Excel knows UTF-8."""


class ExportFormat(StrEnum):
    """How a file of cameras is written; also how its name ends."""

    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


def written(pieces: Iterable[list[ExportedCamera]], form: ExportFormat) -> Iterator[str]:
    """The file, piece by piece."""
    return _WRITERS[form](pieces)


def _csv(pieces: Iterable[list[ExportedCamera]]) -> Iterator[str]:
    yield _MARK + _lines([[column.value for column in COLUMNS]])
    for piece in pieces:
        yield _lines([[_cell(one.values()[column]) for column in COLUMNS] for one in piece])


def _lines(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return with_guard(value)
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return str(value)


def _json(pieces: Iterable[list[ExportedCamera]]) -> Iterator[str]:
    yield from _joined("[", "]\n", (_object(one) for piece in pieces for one in piece))


def _object(one: ExportedCamera) -> dict[str, Any]:
    return {column.value: value for column, value in one.values().items() if value is not None and value != {}}


def _geojson(pieces: Iterable[list[ExportedCamera]]) -> Iterator[str]:
    begin = '{"type": "FeatureCollection", "features": ['
    yield from _joined(begin, "]}\n", (_feature(one) for piece in pieces for one in piece))


def _feature(one: ExportedCamera) -> dict[str, Any]:
    """By RFC 7946: longitude first, WGS-84. A camera without a place has no geometry."""
    place = one.record.facts.place
    properties = {name: value for name, value in _object(one).items() if name not in ("longitude", "latitude")}
    return {
        "type": "Feature",
        "id": one.record.camera.id,
        "geometry": None if place is None else {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": properties,
    }


def _joined(begin: str, end: str, items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A list of JSON, an item a line."""
    yield begin
    between = "\n"
    for item in items:
        yield between + json.dumps(item, ensure_ascii=False)
        between = ",\n"
    yield "\n" + end


_WRITERS: Final[dict[ExportFormat, Callable[[Iterable[list[ExportedCamera]]], Iterator[str]]]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.JSON: _json,
    ExportFormat.GEOJSON: _geojson,
}
