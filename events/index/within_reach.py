"""The way past all events under a key for somebody who sees single cameras: the database passes by those of others."""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from core.ids import LAST_CAMERA
from registry.db import is_sqlite
from registry.reach import Reach

from .camera_table import table_of
from .conditions import Condition
from .seek import Asked, Walked, merged
from .ways import Keys, OneKey, Way

_PASSED_BY: Final = 0.4
"""Which part of an event's cost it is to pass it by: nothing is told of it."""


@dataclass(frozen=True, slots=True, eq=False)
class WithinReach:
    """Along one key to the events of single cameras, and from there along the departments that are within reach.

    Of thousands of events only those are told that can be within reach. Whose an event is need not be looked up:
    what its department brings within reach is found by the index of departments.
    """

    past: OneKey | Keys
    by_owner: Way | None
    """To all that wholly lies in a department within reach; None: nothing does."""
    reach: Reach
    is_within: bool = True

    @property
    def fitting(self) -> tuple[Condition, ...]:
        return self.past.fitting

    @property
    def share(self) -> float:
        return self.past.share

    @property
    def set_out(self) -> float:
        return self.past.set_out + (0.0 if self.by_owner is None else self.by_owner.set_out)

    @property
    def a_step(self) -> float:
        return self.past.a_step + (0.0 if self.by_owner is None else self.by_owner.a_step)

    @property
    def takes_all(self) -> bool:
        return self.past.takes_all or (self.by_owner is not None and self.by_owner.takes_all)

    @property
    def can_leap(self) -> bool:
        return self.past.can_leap and (self.by_owner is None or self.by_owner.can_leap)

    @property
    def an_event(self) -> float:
        return self.past.an_event * (1.0 if self.past.fitting else _PASSED_BY)

    def step(self, connection: Connection, asked: Asked) -> Walked:
        table = Condition("camera_table", table_of(self.reach.cameras, embedded=is_sqlite(connection)))
        walked = self.past.sifting(table).step(connection, asked)
        ids = walked.ids[self.reach.has_in_spans(walked.ids, walked.ids & LAST_CAMERA)]
        walked = replace(walked, ids=ids)
        if self.by_owner is None:
            return walked
        beside = self.by_owner.step(connection, asked if walked.until is None else asked.up_to(walked.until))
        return replace(merged((walked, beside), asked), number=walked.number)
