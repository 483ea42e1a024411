"""Whether codes, regions and places go together: asked of the registry once for all rows of a batch that are alike."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select

from core.camera_facts import NO_FACTS, CameraFacts
from core.ids import CameraId

from ..camera_sites import check_site
from ..chunks import in_chunks
from ..reach import Reach
from ..tables import camera
from .checking import Wanted
from .columns import Column

CheckSite = Callable[[CameraId | None, CameraFacts], None]
"""Raises `BadInput` where the facts of a camera (None: a new one) contradict the registry's regions and places."""
_CENTRE: Final = 8


class SiteChecks:
    """`CheckSite` for one batch, by the cameras that are `seen`. As `check_site`, with fewer statements."""

    def __init__(self, connection: Connection, batch: Iterable[Wanted], seen: Reach) -> None:
        self._connection = connection
        self._seen = seen
        self._spots = _spots(connection, batch)
        self._good: set[tuple[str | None, str | None]] = set()

    def __call__(self, number: CameraId | None, facts: CameraFacts) -> None:
        area = (facts.gb_code and facts.gb_code[:_CENTRE], facts.region)
        if area not in self._good:
            check_site(self._connection, number, replace(facts, longitude=None, latitude=None))
            self._good.add(area)
        if (facts.region, facts.address) in self._spots:
            there = replace(NO_FACTS, region=facts.region, address=facts.address)
            spot = replace(there, longitude=facts.longitude, latitude=facts.latitude)
            check_site(self._connection, number, spot, self._seen)


def _spots(connection: Connection, batch: Iterable[Wanted]) -> frozenset[tuple[str | None, str | None]]:
    """Regions with addresses at which cameras stand already, of those that the rows name."""
    named = {
        (region, address)
        for wanted in batch
        if (region := wanted.fields.get(Column.REGION)) and (address := wanted.fields.get(Column.ADDRESS))
    }
    regions = sorted({region for region, _ in named})
    return frozenset(
        (row.region, row.address)
        for chunk in in_chunks(sorted({address for _, address in named}))
        for row in connection.execute(
            select(camera.c.region, camera.c.address)
            .where(camera.c.region.in_(regions), camera.c.address.in_(chunk), camera.c.deleted_at.is_(None))
            .distinct()
        )
    )
