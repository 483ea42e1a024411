"""Rules in a file, for `sharp-eyes analyze`: TOML or JSON.

[[rules]]
name = "person at the gate"
labels = ["person"]
zone = [[0.1, 0.2], [0.9, 0.2], [0.9, 1.0], [0.1, 1.0]]   # shares of the picture; without it: anywhere
min_duration_s = 2.0
min_score = 0.4
severity = 2
"""

import json
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.box import Point
from core.errors import BadInput
from core.ids import CameraId
from core.rule import Rule, RuleId, RuleKind, Severity
from core.zone import Polygon, Zone, ZoneId

STREET_LABELS = frozenset({"person", "bicycle", "car", "motorcycle", "bus", "truck"})
"""What the rule looks for that stands in where nobody wrote any."""


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=128)]
    labels: Annotated[list[str], Field(min_length=1)]
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    zone: list[tuple[float, float]] | None = None
    min_duration_s: Annotated[float, Field(ge=0, le=86_400)] = 1.0
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.4
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
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise BadInput(f"the rules file {path} is not in order: {faults}") from None
    except (ValueError, RecursionError) as error:  # numbers of 5000 digits, brackets in a thousand brackets
        raise BadInput(f"the rules file {path} is no {'JSON' if is_json else 'TOML'}: {error}") from None
    return [_rule(path, number, rule, camera, known_labels) for number, rule in enumerate(file.rules, start=1)]


def _rule(path: Path, number: int, rule: _Rule, camera: CameraId, known_labels: frozenset[str]) -> Rule:
    if unknown := sorted(set(rule.labels) - known_labels):
        raise BadInput(
            f"rule {number} of {path} watches for {', '.join(unknown)}, which the detector does not know",
            field=f"rules[{number - 1}].labels",
            hint=f"it knows {', '.join(sorted(known_labels))}",
        )
    try:
        zone = rule.zone and Zone(ZoneId(number), camera, rule.name, Polygon(tuple(Point(x, y) for x, y in rule.zone)))
    except BadInput as error:
        raise BadInput(
            f"the zone of rule {number} of {path}: {error.message}", field=f"rules[{number - 1}].zone"
        ) from None
    return Rule(
        RuleId(number),
        camera,
        rule.name,
        frozenset(rule.labels),
        rule.kind,
        zone or None,
        timedelta(seconds=rule.min_duration_s),
        rule.min_score,
        rule.severity,
    )
