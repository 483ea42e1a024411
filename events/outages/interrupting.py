"""Ends what workers that do not answer any more left lost."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, select

from core.event import EndReason
from core.ids import CameraId, EventId
from registry.chunks import in_chunks

from ..index import changes
from ..index.tables import outage_member
from .members import members_of, save
from .renewing import renew


def interrupt(connection: Connection, epochs: Mapping[CameraId, int]) -> list[EventId]:
    """End the lost streams of these cameras that are older than the given epoch, where they were last seen.

    The outages that changed. Should a worker that was only cut off know better, its later versions count.
    """
    changes.lock(connection)
    touched: set[EventId] = set()
    for chunk in in_chunks(sorted(epochs)):
        still = select(outage_member.c.event).where(
            outage_member.c.camera.in_(chunk), outage_member.c.ended_at.is_(None)
        )
        touched |= {EventId(number) for number in connection.scalars(still)}
    members = members_of(connection, touched)
    ended = []
    for number, within in members.items():
        for key, one in within.items():
            camera, origin = key
            if one.ended_at is None and origin.epoch < epochs.get(camera, 0):
                within[key] = replace(
                    one,
                    interruptions=one.interruptions + 1,
                    ended_at=max(one.last_seen_at, one.lost_at),
                    end_reason=EndReason.INTERRUPTED,
                )
                ended.append((number, key, within[key]))
    save(connection, ended)
    changed = sorted({number for number, _, _ in ended})
    renew(connection, dict.fromkeys(changed), members)
    return changed
