"""An event's facts as JSON tells them, in answers and in messages: of what happened both say the same.

They are written as text from the row: to make objects of it, and dictionaries of these, took a third of all the work
that a page of a search is.
"""

import json
from json.encoder import encode_basestring as quoted  # as ours all are: what is not ASCII stays as it is
from typing import Any, Final

from core.ids import LAST_CAMERA
from core.rule import RuleKind

from ..directions import DIRECTIONS
from .courses import HEADING_TENTHS
from .drafts import SHARE
from .moments import moment_text
from .row import Row
from .stored import StoredEvent

_KINDS: Final = {
    kind: f'"{kind.value}","alarm":{{"method":{kind.alarm_code[0]},"type":{kind.alarm_code[1]}}}' for kind in RuleKind
}
_DIRECTIONS: Final = {None: "null"} | {number: f'"{way.value}"' for number, way in DIRECTIONS.items()}


class _Shares(dict[int | None, str]):
    """What whole ten-thousandths are as a number: there are not many, and to write one takes longer than to find it."""

    def __missing__(self, number: int) -> str:
        text = repr(number / SHARE)
        if 0 <= number <= SHARE:
            self[number] = text
        return text


_shares: Final = _Shares({None: "null"})


def event_facts(stored: StoredEvent) -> dict[str, Any]:
    """What happened: all that `GET /api/v1/events/{id}` tells but `media`."""
    found: dict[str, Any] = json.loads(f"{{{facts_text(stored)}}}")
    return found


def facts_text(stored: StoredEvent) -> str:
    """The same as the members of a JSON object, without its braces."""
    row = stored.row
    zone = "null" if row.zone is None else f'{{"id":{row.zone},"name":{quoted(row.zone_name or "")}}}'
    line = "null" if row.line is None else f'{{"id":{row.line},"name":{quoted(row.line_name or "")}}}'
    return (
        f'"id":"{row.id}","version":{row.version},'
        f'"camera":{{"id":{row.id & LAST_CAMERA},"name":{quoted(row.camera_name)}}},'
        f'"department":{{"id":{row.department},"name":{quoted(stored.department_name)}}},'
        f'"rule":{{"id":{row.rule},"name":{quoted(stored.rule_name)}}},"kind":{_KINDS[stored.kind]},'
        f'"label":{quoted(stored.label)},"severity":{row.severity},"zone":{zone},"line":{line},'
        f'"direction":{_DIRECTIONS[row.direction]},"track":{_number(row.track)},"score":{_shares[row.score]},'
        f'"box":{_box(row)},"count":{_number(row.counted)},"course":{_course(row)},'
        f'"started_at":"{moment_text(row.started_ms)}","last_seen_at":"{moment_text(row.last_seen_at // 1_000)}",'
        f'"ended_at":{_moment(row.ended_at)},"end_reason":{_word(row.end_reason)}'
    )


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _word(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


def _moment(us: int | None) -> str:
    return "null" if us is None else f'"{moment_text(us // 1_000)}"'


def _box(row: Row) -> str:
    if row.box_left is None:
        return "null"
    left, top, right, bottom = row.box_left, row.box_top, row.box_right, row.box_bottom
    return f"[{_shares[left]},{_shares[top]},{_shares[right]},{_shares[bottom]}]"


def _course(row: Row) -> str:
    if row.course is None:
        return "null"
    path, speed, heading, mean_score = json.loads(row.course)
    at, x, y = row.started_ms, 0, 0
    points = []
    for place in range(0, len(path), 3):
        at, x, y = at + path[place], x + path[place + 1], y + path[place + 2]
        points.append(f'{{"at":"{moment_text(at)}","x":{_shares[x]},"y":{_shares[y]}}}')
    heading_deg = "null" if heading is None else repr(heading / HEADING_TENTHS)
    return (
        f'{{"path":[{",".join(points)}],"speed":{speed / SHARE!r},"heading_deg":{heading_deg},'
        f'"mean_score":{_shares[mean_score]}}}'
    )
