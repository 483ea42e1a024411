"""Sifts events by what their ids alone say, and their departments: hours, cameras, reach."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.ids import LAST_CAMERA
from registry.catalogue.meant import MeantCameras
from registry.reach import Reach

from .seek import Walked
from .wanted import Wanted

Ids = NDArray[np.int64]
_NONE = np.empty(0, np.int64)


class Sifter:
    """Sifts what was walked past. For one search.

    Cameras that are meant by place or text are asked for as they are met, each once: where many are meant, that is
    quicker than to look all of them up.
    """

    def __init__(self, connection: Connection, wanted: Wanted, reach: Reach) -> None:
        self._connection = connection
        self.wanted = wanted
        self._reach = reach
        self._asked = _NONE
        self._meant = _NONE

    def look_up(self) -> None:
        """Look up all cameras that are meant; from then on they are known."""
        if self.wanted.meant is None:
            return
        found = self.wanted.meant.numbers(self._connection)
        if self.wanted.cameras is not None:
            found = np.intersect1d(found, self.wanted.cameras, assume_unique=True)
        self.wanted = replace(self.wanted, cameras=found, meant=None)

    @property
    def finds_nothing(self) -> bool:
        """Whether no camera is meant, as far as that is known."""
        return self.wanted.cameras is not None and not self.wanted.cameras.size

    def needs_departments(self, *, is_within: bool) -> bool:
        """Whether it must be told the departments of events that are not within reach by how they were found."""
        return not (is_within or self._reach.is_all) and bool(self._reach.departments)

    def sifted(self, walked: Walked, *, is_within: bool) -> Ids:
        """Those that fit, in their order."""
        ids, departments = walked.ids, walked.departments
        if not ids.size:
            return ids
        fits = np.ones(ids.shape, np.bool_)
        if self.wanted.hours is not None:
            fits &= self.wanted.hours.hold(ids)
        cameras = ids & LAST_CAMERA
        if self.wanted.cameras is not None:
            fits &= np.isin(cameras, self.wanted.cameras)
        if not (is_within or self._reach.is_all):
            fits &= self._reach.has_events(ids, cameras, np.zeros_like(ids) if departments is None else departments)
        if self.wanted.meant is not None:
            fits[fits] = np.isin(cameras[fits], self._among(self.wanted.meant, np.unique(cameras[fits])))
        return ids[fits]

    def _among(self, meant: MeantCameras, cameras: Ids) -> Ids:
        new = np.setdiff1d(cameras, self._asked, assume_unique=True)
        if new.size:
            self._asked = np.union1d(self._asked, new)
            self._meant = np.union1d(self._meant, meant.among(self._connection, new))
        return self._meant
