"""Rules in a file, for `sharp-eyes analyze`: TOML or JSON. docs/reference/rules.md says what each field means.

[[rules]]
name = "person at the gate"
kind = "intrusion"
labels = ["person"]
zone = [[0.1, 0.2], [0.9, 0.2], [0.9, 1.0], [0.1, 1.0]]   # shares of the picture; without it: anywhere
min_duration_s = 2.0
hours = [{ days = ["saturday", "sunday"], begin = "22:00", end = "06:00", time_zone = "Asia/Shanghai" }]
severity = 2
"""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.box import Point
from core.errors import BadInput
from core.hours import Hours, Weekday
from core.ids import CameraId
from core.line import Direction, Line, LineId
from core.rule import Rule, RuleId, RuleKind, Severity
from core.zone import Polygon, Zone, ZoneId

STREET_LABELS = frozenset({"person", "bicycle", "car", "motorcycle", "bus", "truck"})
"""What the rule looks for that stands in where nobody wrote any."""

_Place = tuple[float, float]


def _no_number(found: object) -> object:
    """Numbers would be taken for seconds: 22 for 22 s after midnight."""
    if isinstance(found, int | float):
        raise ValueError(f'expected a time of day such as "22:00", found {found}')
    return found


_ClockTime = Annotated[time, BeforeValidator(_no_number)]


class _Hours(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[list[Weekday], Field(min_length=1)] = list(Weekday)
    begin: _ClockTime = time(0, 0)
    end: _ClockTime = time(0, 0)
    time_zone: str = "UTC"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=128)]
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    labels: list[str] = []
    zone: list[_Place] | None = None
    line: tuple[_Place, _Place] | None = None
    direction: Direction | None = None
    min_duration_s: Annotated[float, Field(ge=0, le=86_400)] | None = None
    min_score: float = 0.4
    min_size: float = 0.0
    min_path: float = 0.0
    min_speed: float | None = None
    min_count: int | None = None
    hours: list[_Hours] = []
    cool_down_s: Annotated[float, Field(ge=0, le=604_800)] = 0.0
    once_per_track: bool = False
    severity: Severity = Severity.LOW


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: Annotated[list[_Rule], Field(min_length=1)]


def street_rule(camera: CameraId) -> Rule:
    """People and vehicles anywhere for a second: the rule where nobody wrote any."""
    return Rule(RuleId(1), camera, "people and vehicles", STREET_LABELS)


def read_rules(path: Path, camera: CameraId, known_labels: frozenset[str]) -> list[Rule]:
    """The rules of `path` for `camera`. Raises `BadInput` naming file, place, what was found and what is expected."""
    is_json = path.suffix.lower() == ".json"
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if is_json else tomllib.loads(text)
        file = _File.model_validate(found)
    except OSError as error:
        raise BadInput(f"the rules file {path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        faults = "; ".join(_fault(fault["loc"], fault["msg"]) for fault in error.errors())
        raise BadInput(f"the rules file {path} is not in order: {faults}") from None
    except (ValueError, RecursionError) as error:  # numbers of 5000 digits, brackets in a thousand brackets
        raise BadInput(f"the rules file {path} is no {'JSON' if is_json else 'TOML'}: {error}") from None
    return [_rule(path, number, rule, camera, known_labels) for number, rule in enumerate(file.rules, start=1)]


def _fault(place: tuple[int | str, ...], said: str) -> str:
    """What is wrong, and where: rules are counted from 1, as a reader counts them."""
    match place:
        case ("rules", int(index), *rest):
            return f"rule {index + 1}, {'.'.join(map(str, rest)) or 'the whole of it'}: {said}"
        case _:
            return f"{'.'.join(map(str, place)) or 'the whole of it'}: {said}"


def _rule(path: Path, number: int, rule: _Rule, camera: CameraId, known_labels: frozenset[str]) -> Rule:
    if unknown := sorted(set(rule.labels) - known_labels):
        raise BadInput(
            f"rule {number} of {path}, labels: it watches for {', '.join(unknown)}, which the detector does not know",
            field=f"rules[{number - 1}].labels",
            hint=f"it knows {', '.join(sorted(known_labels))}",
        )
    zone = line = None
    if rule.zone is not None:
        with _part(path, number, "zone"):
            zone = Zone(ZoneId(number), camera, rule.name, Polygon(tuple(Point(x, y) for x, y in rule.zone)))
    if rule.line is not None:
        with _part(path, number, "line"):
            (begin_x, begin_y), (end_x, end_y) = rule.line
            line = Line(LineId(number), camera, rule.name, Point(begin_x, begin_y), Point(end_x, end_y))
    with _part(path, number, "hours"):
        hours = tuple(Hours(frozenset(span.days), span.begin, span.end, span.time_zone) for span in rule.hours)
    lasting = rule.kind.usual_duration if rule.min_duration_s is None else timedelta(seconds=rule.min_duration_s)
    rest: dict[str, Any] = {
        field: getattr(rule, field)
        for field in ("direction", "min_score", "min_size", "min_path", "min_speed", "min_count", "once_per_track")
    }
    with _part(path, number):
        return Rule(
            RuleId(number),
            camera,
            rule.name,
            frozenset(rule.labels),
            rule.kind,
            zone,
            line,
            min_duration=lasting,
            hours=hours,
            cool_down=timedelta(seconds=rule.cool_down_s),
            severity=rule.severity,
            **rest,
        )


@contextmanager
def _part(path: Path, number: int, field: str | None = None) -> Iterator[None]:
    """Let a refusal name the file, the rule and the field."""
    try:
        yield
    except BadInput as error:
        at_fault = field or error.field
        named = "" if at_fault is None else f", {at_fault}"
        place = f"rules[{number - 1}]" + ("" if at_fault is None else f".{at_fault}")
        raise BadInput(f"rule {number} of {path}{named}: {error.message}", field=place, hint=error.hint) from None
