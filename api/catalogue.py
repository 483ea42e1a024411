"""Which cameras are asked for: the filter that the list, the map, and the exports share."""

from typing import Annotated

from pydantic import Field

from core.stream_state import StreamState
from registry.catalogue.areas import Around, Box
from registry.catalogue.filter import CameraFilter
from registry.departments import Sector
from registry.reach import Reach

from .answers import Paging
from .fields import Body, DepartmentNumber, Text

MOST_VALUES = 200
_Numbers = Annotated[str, Field(max_length=200)]


class CatalogueFilter(Body):
    """Which cameras are asked for. A repeated filter finds any of its values; different filters must all hold."""

    q: Text | None = Field(
        default=None,
        description="Words, all of which stand in the name, address, own id, GB code, manufacturer, model or "
        "management unit; two Chinese characters are enough, and so is one.",
    )
    department: tuple[DepartmentNumber, ...] = Field(default=(), max_length=MOST_VALUES)
    sector: tuple[Sector, ...] = Field(default=(), max_length=MOST_VALUES, description="The kind of the department.")
    region: Text | None = Field(
        default=None, description="The code of a region: cameras there or in any region below it.", examples=["310104"]
    )
    state: tuple[StreamState, ...] = Field(
        default=(), max_length=MOST_VALUES, description="Only cameras whose detect stream is in this state."
    )
    enabled: bool | None = Field(default=None, description="Only cameras that are watched, or that are not.")
    removed: bool = Field(default=False, description="Removed cameras, instead of those that are there.")
    bbox: _Numbers | None = Field(
        default=None,
        description="Only cameras in this box: west,south,east,north in degrees by WGS-84.",
        examples=["114.2,30.5,114.4,30.7"],
    )
    near: _Numbers | None = Field(
        default=None,
        description="Only cameras within a distance of a place: longitude,latitude,radius_m, at most 100 km.",
        examples=["114.3,30.6,500"],
    )
    gb_code: Text | None = Field(default=None, description="The first digits of the GB/T 28181 code.")

    def filter(self, reach: Reach) -> CameraFilter:
        """The same in the registry's words, of what is within `reach`. Raises `BadInput` with the filter's name."""
        return CameraFilter(
            q=self.q,
            departments=frozenset(self.department),
            sectors=frozenset(self.sector),
            region=self.region,
            states=frozenset(self.state),
            enabled=self.enabled,
            removed=self.removed,
            box=None if self.bbox is None else Box.parse(self.bbox),
            around=None if self.near is None else Around.parse(self.near),
            gb_prefix=self.gb_code,
            reach=reach,
        )


class CataloguePage(CatalogueFilter, Paging):
    """Which cameras are asked for, and which page of them."""
