"""How the objects of simulated events move: along their zone, anywhere, or over the line of their camera."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from core.line import Direction
from core.rule import RuleKind
from events.directions import NUMBERS

from .layout import Numbers, Shares
from .registry_rows import LINES
from .words import TEMPLATES

_WHOLE: Final = 10_000
"""Places are whole numbers of this."""
_WIDEST, _HIGHEST = 2_000, 2_900
"""An object that stands on a line, as far from the picture's edge as those of `LINES` are, is not cut off."""
_REACH: Final = {RuleKind.LOITERING: (100, 400), RuleKind.FAST_MOTION: (3_000, 4_500)}
_USUAL_REACH: Final = (300, 2_500)


@dataclass(frozen=True, slots=True, eq=False)
class Movements:
    """Arrays by event, shape (events,), in ten-thousandths of the picture: boxes, and how far the foot came from and
    went on to."""

    left: Numbers
    top: Numbers
    right: Numbers
    bottom: Numbers
    foot_x: Numbers
    foot_y: Numbers
    across: Numbers
    """Half of the way, to the right; the foot's place is the middle of it."""
    down: Numbers
    direction: Numbers
    """Which way a line was crossed, as `events.directions.NUMBERS` has it; 0 for none."""

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Movements":
        """Those of some of the events."""
        return Movements(*(getattr(self, each.name)[chosen] for each in fields(self)))


class Choreography:
    """Moves objects as the kinds of their rules ask for."""

    def __init__(self) -> None:
        kinds = [template.kind for template in TEMPLATES]
        self._crosses = np.array([kind is RuleKind.LINE_CROSSED for kind in kinds])
        self._against = np.array([kind is RuleKind.WRONG_WAY for kind in kinds])
        self._asked = np.array(
            [NUMBERS.get(template.direction, 0) if template.direction else 0 for template in TEMPLATES]
        )
        self._least, self._most = np.array([_REACH.get(kind, _USUAL_REACH) for kind in kinds]).T
        self._lines = np.array(LINES)

    def move(self, rng: np.random.Generator, camera: Numbers, template: Numbers) -> Movements:
        """One movement for each event, on its camera, by the rule of its template."""
        count = len(camera)
        width, height = rng.integers(200, _WIDEST, count), rng.integers(400, _HIGHEST, count)
        foot_x = (width / 2 + rng.random(count) * (_WHOLE - width)).astype(np.int64)
        foot_y = (height + rng.random(count) * (_WHOLE - height)).astype(np.int64)
        angle = rng.random(count) * 2 * np.pi
        reach = self._least[template] + rng.random(count) * (self._most - self._least)[template]
        line = self._lines[camera % len(self._lines)]
        along = line[:, 2:] - line[:, :2]
        along /= np.hypot(along[:, 0], along[:, 1])[:, None]
        crosses, against = self._crosses[template], self._against[template]
        asked = self._asked[template]
        direction = np.where(crosses, np.where(asked > 0, asked, rng.integers(1, 3, count)), 0)
        to_the_right = np.where(direction == NUMBERS[Direction.LEFT_TO_RIGHT], 1, -1)
        across = np.select([crosses, against], [-along[:, 1] * to_the_right, -along[:, 0]], np.cos(angle))
        down = np.select([crosses, against], [along[:, 0] * to_the_right, -along[:, 1]], np.sin(angle))
        place = line[:, :2] + (line[:, 2:] - line[:, :2]) * (0.2 + 0.6 * rng.random(count))[:, None]
        at_line = crosses | against
        foot_x = np.where(at_line, (place[:, 0] * _WHOLE).astype(np.int64), foot_x)
        foot_y = np.where(at_line, (place[:, 1] * _WHOLE).astype(np.int64), foot_y)
        left = foot_x - width // 2
        return Movements(
            left=left,
            top=foot_y - height,
            right=left + width,
            bottom=foot_y,
            foot_x=foot_x,
            foot_y=foot_y,
            across=(across * reach).astype(np.int64),
            down=(down * reach).astype(np.int64),
            direction=direction,
        )


def course_texts(moves: Movements, lasted_ms: Numbers, mean_score: Numbers) -> list[str]:
    """Courses of three points, as `events.index.courses` writes them."""
    middle_ms = lasted_ms // 2
    from_x, from_y = _inside(moves.foot_x - moves.across), _inside(moves.foot_y - moves.down)
    to_x, to_y = _inside(moves.foot_x + moves.across), _inside(moves.foot_y + moves.down)
    way: Shares = np.hypot(moves.foot_x - from_x, moves.foot_y - from_y) + np.hypot(
        to_x - moves.foot_x, to_y - moves.foot_y
    )
    heading = np.degrees(np.arctan2(to_x - from_x, from_y - to_y)) % 360 * 10
    columns = (
        from_x,
        from_y,
        middle_ms,
        moves.foot_x - from_x,
        moves.foot_y - from_y,
        lasted_ms - middle_ms,
        to_x - moves.foot_x,
        to_y - moves.foot_y,
        np.round(way * 1_000 / np.maximum(lasted_ms, 1)).astype(np.int64),
        np.minimum(np.round(heading), 3_599).astype(np.int64),
        mean_score,
    )
    return [
        f"[[0,{a},{b},{c},{d},{e},{f},{g},{h}],{speed},{to},{score}]"
        for a, b, c, d, e, f, g, h, speed, to, score in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _inside(places: Numbers) -> Numbers:
    return np.clip(places, 0, _WHOLE)
