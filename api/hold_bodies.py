"""What is said to take holds, to find them, and to release them."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from core.errors import BadInput
from events.retention.hold import (
    LONGEST_REASON,
    SHORTEST_REASON,
    HoldCamera,
    HoldDepartment,
    HoldEvent,
    HoldId,
    Holding,
    HoldSpan,
)
from events.retention.holds import HoldFilter

from .answers import Paging
from .fields import LAST_NUMBER, AskedEvent, AskedInstant, Body, CameraNumber, DepartmentNumber, Text

HoldNumber = Annotated[HoldId, Field(ge=1, le=LAST_NUMBER)]
HoldInPath = Annotated[HoldNumber, Path(description="The hold's number.")]


class NewHold(Body):
    """A hold to be taken: on one event, or on all of a camera or a department in some time."""

    name: Text = Field(description="What it is for.", examples=["2026-114 渡口"])
    reason: Text = Field(description=f"Why: {SHORTEST_REASON} to {LONGEST_REASON} characters, kept in the record.")
    event: AskedEvent | None = Field(default=None, description="This event alone.")
    camera: CameraNumber | None = Field(default=None, description="What happens on this camera.")
    department: DepartmentNumber | None = Field(
        default=None, description="What happens on the cameras of this department, and of all below it."
    )
    from_: AskedInstant | None = Field(default=None, alias="from", description="Null: from the beginning.")
    until: AskedInstant | None = Field(default=None, description="Before this moment; null: also what is to come.")

    def on(self) -> Holding:
        """What is to be held. Raises `BadInput` unless it is one thing."""
        named = [one for one in ("event", "camera", "department") if getattr(self, one) is not None]
        if len(named) != 1:
            raise BadInput(
                f"a hold is on one event, one camera or one department; {len(named)} are named",
                field=named[1] if named else "event",
            )
        if self.event is not None:
            if self.from_ is not None or self.until is not None:
                raise BadInput(
                    "an event is held as a whole, without a time",
                    field="from" if self.from_ is not None else "until",
                    hint="leave `from` and `until` out",
                )
            return HoldEvent(self.event)
        span = HoldSpan(self.from_, self.until)
        if self.camera is not None:
            return HoldCamera(self.camera, span)
        assert self.department is not None  # noqa: S101 - one of the three is named
        return HoldDepartment(self.department, span)

    @property
    def place(self) -> str:
        """The field that names what is to be held."""
        return next(one for one in ("event", "camera", "department") if getattr(self, one) is not None)


class HoldRelease(Body):
    """Why a hold is released."""

    why: Text = Field(description=f"{SHORTEST_REASON} to {LONGEST_REASON} characters, kept in the record.")


class HoldQuery(Paging):
    """Which holds are asked for."""

    in_force: bool | None = Field(default=None, description="Those in force alone, or those that were released.")
    event: AskedEvent | None = Field(default=None, description="On this event by itself.")
    camera: CameraNumber | None = Field(default=None, description="On this camera by itself.")
    department: DepartmentNumber | None = Field(default=None, description="On this department by itself.")

    def filter(self) -> HoldFilter:
        """What is asked for, but for the page."""
        return HoldFilter(self.in_force, self.event, self.camera, self.department)
