"""What was counted, as a series over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from core.errors import BadInput
from core.ids import CameraId
from core.line import Direction
from core.rule import RuleId
from registry.chunks import in_chunks
from registry.columns import from_microseconds

from ..directions import DIRECTIONS
from ..index.tables import label
from .table import flow_count

MOST_STEPS: Final = 10_000
"""A week by minutes, a year by hours."""
_MICROSECOND: Final = timedelta(microseconds=1)


class Step(StrEnum):
    """How long each step of a series is. Hours and days are those of UTC."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def length(self) -> timedelta:
        match self:
            case Step.MINUTE:
                return timedelta(minutes=1)
            case Step.HOUR:
                return timedelta(hours=1)
            case Step.DAY:
                return timedelta(days=1)
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class FlowCount:
    """How many objects of one label crossed in one direction during one step."""

    at: datetime
    """When the step begins."""
    direction: Direction
    label: str
    count: int


def series(
    connection: Connection,
    rule: RuleId,
    cameras: Sequence[CameraId],
    from_at: datetime,
    to_at: datetime,
    step: Step,
) -> list[FlowCount]:
    """What `rule` counted on `cameras` together, by time; steps in which nobody crossed are left out.

    Counted are whole minutes: those that begin from `from_at` on and before `to_at`. Raises `BadInput` for more than
    10,000 steps.
    """
    check_steps(from_at, to_at, step)
    sums: dict[tuple[datetime, Direction, str], int] = {}
    for chunk in in_chunks(cameras):
        minute = type_coerce(flow_count.c.minute, BigInteger)
        begin = (minute - minute % (step.length // _MICROSECOND)).label("begin")
        statement = (
            select(begin, flow_count.c.direction, label.c.name, func.sum(flow_count.c.count).label("total"))
            .join(label, label.c.id == flow_count.c.label)
            .where(flow_count.c.camera.in_(chunk), flow_count.c.rule == rule)
            .where(flow_count.c.minute >= from_at, flow_count.c.minute < to_at)
            .group_by(begin, flow_count.c.direction, label.c.name)
        )
        for row in connection.execute(statement):
            key = from_microseconds(row.begin), DIRECTIONS[row.direction], row.name
            sums[key] = sums.get(key, 0) + int(row.total)
    return [FlowCount(*key, total) for key, total in sorted(sums.items())]


def check_steps(from_at: datetime, to_at: datetime, step: Step) -> None:
    """Raises `BadInput` for more than 10,000 steps."""
    if to_at - from_at > MOST_STEPS * step.length:
        raise BadInput(
            f"from {from_at.isoformat()} to {to_at.isoformat()} are more than {MOST_STEPS:,} steps of a {step.value}",
            field="step",
            hint="ask for a shorter time, or for longer steps",
        )
