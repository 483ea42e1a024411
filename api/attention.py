"""How closely a camera is watched, as requests say it and as answers show it."""

from dataclasses import replace
from typing import Annotated

from pydantic import MISSING, Field

from core.attention import MOST_IGNORED, Attention, IdleDecoding, Sensitivity
from core.errors import BadInput
from core.zone import Polygon

from .fields import Body, Corners, given
from .zones import polygon

Gate = Annotated[
    Sensitivity, Field(description="How little must change in a picture to count as motion; off: no motion gate.")
]
Ignored = Annotated[
    tuple[Corners, ...],
    Field(
        max_length=MOST_IGNORED,
        description="Polygons where motion is not looked at: trees, water, a burnt-in clock. Objects are seen there.",
        examples=[[[[0.0, 0.0], [0.3, 0.0], [0.3, 0.1], [0.0, 0.1]]]],
    ),
]
Idle = Annotated[
    IdleDecoding,
    Field(
        description="How much is decoded while nothing moves. auto: key frames alone, where they come at least every "
        "`idle_look_s`; all: every picture."
    ),
]
IdleLook = Annotated[
    float, Field(ge=0.2, le=60, description="For how many seconds nobody may look while nothing moves.")
]


class AttentionBody(Body):
    """How closely a camera is watched."""

    sensitivity: Gate = Sensitivity.NORMAL
    ignored: Ignored = ()
    idle: Idle = IdleDecoding.AUTO
    idle_look_s: IdleLook = 1.0

    def attention(self) -> Attention:
        """The same in our words. Raises `BadInput` for corners that make no polygon."""
        return Attention(self.sensitivity, _areas(self.ignored), self.idle, self.idle_look_s)


class AttentionChange(Body):
    """What is to be changed of it; what is left out stays."""

    sensitivity: Gate | MISSING = MISSING
    ignored: Ignored | MISSING = MISSING
    idle: Idle | MISSING = MISSING
    idle_look_s: IdleLook | MISSING = MISSING

    def applied_to(self, before: Attention) -> Attention:
        """`before` with what is given. Raises `BadInput` for corners that make no polygon."""
        return replace(
            before,
            sensitivity=given(self.sensitivity, before.sensitivity),
            ignored=before.ignored if self.ignored is MISSING else _areas(self.ignored),
            idle=given(self.idle, before.idle),
            idle_look_s=given(self.idle_look_s, before.idle_look_s),
        )


def view(attention: Attention) -> AttentionBody:
    """`attention` as the API shows it."""
    return AttentionBody(
        sensitivity=attention.sensitivity,
        ignored=tuple(tuple((point.x, point.y) for point in area.points) for area in attention.ignored),
        idle=attention.idle,
        idle_look_s=attention.idle_look_s,
    )


def _areas(asked: Ignored) -> tuple[Polygon, ...]:
    areas = []
    for place, corners in enumerate(asked):
        try:
            areas.append(polygon(corners))
        except BadInput as error:
            corner = (error.field or "").removeprefix("points")
            raise BadInput(error.message, field=f"ignored[{place}]{corner}", hint=error.hint) from None
    return tuple(areas)
