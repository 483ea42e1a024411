"""What a group tells of: those of its events that its subscription's department may see when it is sent."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select

from core.ids import EventId
from registry.reach import Reach

from ..index.tables import event
from .deliveries import DeliveryId
from .subscription import Moment
from .tables import delivery_event

Member = tuple[EventId, Moment]


@dataclass(frozen=True, slots=True)
class Members:
    """Moments of events that may be told together."""

    first: tuple[Member, ...]
    """Of the oldest events, as many as were asked for."""
    count: int
    """How many there are in all."""
    is_there: bool
    """Whether any of the events is there, whether it may be told or not."""


def members_of(connection: Connection, group: DeliveryId, reach: Reach, most: int) -> Members:
    """What a group may tell whom has `reach`: the first `most` moments, and how many there are. All of them are looked
    at: hidden ones that come first must not stand for the rest, nor be counted."""
    of, at = delivery_event.c, event.c
    statement = select(of.event, of.moment, at.camera, at.department).join(event, at.id == of.event)
    rows = connection.execute(statement.where(of.delivery == group).order_by(of.event, of.moment.desc())).all()
    events, cameras, departments = (np.array([row[place] for row in rows], np.int64) for place in (0, 2, 3))
    seen = np.flatnonzero(reach.has_events(events, cameras, departments))
    first = tuple((EventId(rows[place].event), Moment(rows[place].moment)) for place in seen[:most])
    return Members(first, int(seen.size), bool(rows))
