"""Sifts events by what their ids alone say, and their departments: hours, cameras, reach. Outages as they are seen."""

from dataclasses import replace
from typing import Final

import numpy as np
from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import LAST_CAMERA
from registry.catalogue.ever_owned import ever_owned
from registry.catalogue.meant import SoughtCameras
from registry.reach import Reach

from .as_seen import SeenOutages, with_longer_outages
from .ascending import NO_NUMBERS, Numbers, are_in, distinct
from .choice import MOST_OWNED
from .seek import Walked
from .wanted import Wanted

_FEW_OWNED: Final = 100
"""Of more cameras than these, and no more than `MOST_OWNED`, it is asked who owned them ever."""
_FEW: Final = 2_000
"""Of so many cameras it is asked at once which of them are meant."""


class Sifter:
    """Sifts what was walked past. For one search.

    Cameras that are meant by place are known from the beginning where that is kept in memory. Else they, and those that
    are meant by text, are asked for as they are met, each once: where many are meant, that is quicker than to look all
    of them up.
    """

    def __init__(self, connection: Connection, wanted: Wanted, reach: Reach) -> None:
        self._outages = SeenOutages(connection, wanted, reach)
        self.wanted = with_longer_outages(wanted) if self._outages.matter else wanted
        self._connection = connection
        self._reach = reach
        self._sought = None if wanted.meant is None else SoughtCameras(connection, wanted.meant, reach)
        self._asked = NO_NUMBERS
        self._meant = NO_NUMBERS
        few = self._candidates()
        if self._sought is not None and self._sought.are_at_hand:
            self.look_up()
        elif self._sought is not None and few is not None and few.size <= _FEW:
            self._know(self._sought.among(few))
        elif self._sought is not None and self._sought.are_few:
            self.look_up()

    def look_up(self) -> None:
        """Look up all cameras that are meant; from then on they are known."""
        if self._sought is None:
            return
        found, candidates = self._sought.all(), self._candidates()
        if candidates is not None:
            found = found[are_in(found, candidates)]
        owners = self._owners()
        if owners is not None and _FEW_OWNED < found.size <= MOST_OWNED:
            owned = ever_owned(self._connection, found, owners)
            single = found[are_in(found, distinct(self._reach.cameras.astype(np.int64)))]
            found = distinct(np.concatenate([owned, single]))
        self._know(found)

    def _know(self, cameras: Numbers) -> None:
        self.wanted, self._sought = replace(self.wanted, cameras=cameras, meant=None), None

    def _owners(self) -> list[DepartmentId] | None:
        """The departments whose events can fit, beside those of single cameras; None: any."""
        asked = None if self.wanted.departments is None else frozenset(map(DepartmentId, self.wanted.departments))
        if self._reach.is_all:
            return None if asked is None else list(asked)
        return [one for one in self._reach.departments if asked is None or one in asked]

    def _candidates(self) -> Numbers | None:
        """The only cameras that can be, as far as that is known, ascending."""
        if self.wanted.cameras is not None:
            return self.wanted.cameras
        if self._reach.is_all or self._reach.departments:
            return None
        return distinct(self._reach.cameras.astype(np.int64))

    @property
    def finds_nothing(self) -> bool:
        """Whether no camera is meant, as far as that is known."""
        return self.wanted.cameras is not None and not self.wanted.cameras.size

    @property
    def looked_up(self) -> int:
        """How many events had to be looked up so far, beside those that were walked past."""
        return self._outages.looked_up

    def needs_departments(self, *, is_within: bool) -> bool:
        """Whether it must be told the departments of events that are not within reach by how they were found."""
        return not (is_within or self._reach.is_all) and bool(self._reach.departments)

    def sifted(self, walked: Walked, *, is_within: bool) -> Numbers:
        """Those that fit, in their order."""
        ids, departments = walked.ids, walked.departments
        if not ids.size:
            return ids
        fits = np.ones(ids.shape, np.bool_)
        if self.wanted.hours is not None:
            fits &= self.wanted.hours.hold(ids)
        cameras = ids & LAST_CAMERA
        if self.wanted.cameras is not None:
            fits &= are_in(cameras, self.wanted.cameras)
        if not (is_within or self._reach.is_all):
            fits &= self._reach.has_events(ids, cameras, np.zeros_like(ids) if departments is None else departments)
        if self._sought is not None:
            fits[fits] = are_in(cameras[fits], self._among(self._sought, distinct(cameras[fits])))
        found = ids[fits]
        if not (found.size and self._outages.matter):
            return found
        return found[~are_in(found, self._outages.unfit(found))]

    def _among(self, sought: SoughtCameras, cameras: Numbers) -> Numbers:
        new = cameras[~are_in(cameras, self._asked)]
        if new.size:
            self._asked = distinct(np.concatenate([self._asked, new]))
            self._meant = distinct(np.concatenate([self._meant, sought.among(new)]))
        return self._meant
