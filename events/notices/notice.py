"""A notice: something is wrong with the system itself, from when until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

NoticeId = NewType("NoticeId", int)


class NoticeKind(StrEnum):
    """What is wrong."""

    DISK_FULL = "disk_full"
    """There is less room than must stay free: the oldest media that nothing holds go."""
    QUOTA_REACHED = "quota_reached"
    """A department has more media than it may: its oldest ones that nothing holds go."""
    ALL_HELD = "all_held"
    """Room is needed, and holds keep all that is left: new pictures are not kept."""
    STORE_AWAY = "store_away"
    """The store of media does not answer: what is made waits on the workers' disks."""
    REMOVAL_WAITS = "removal_waits"
    """What is over its time stays for some hours: the clock leapt, or a pass would be the first one."""


class NoticeMoment(StrEnum):
    """Which end of a notice is told."""

    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Notice:
    """A trouble, by the database's clock."""

    id: NoticeId
    kind: NoticeKind
    subject: str
    """What has it: a folder of a machine, a department, the address of a store. Never a secret."""
    detail: str
    """In words for whoever looks after the system, as of the last time that it was looked at."""
    began_at: datetime
    ended_at: datetime | None
    """None while it goes on."""
