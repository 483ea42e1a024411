"""Events as the index tells them, made without one."""

from core.event import Event
from events.index.drafts import draft
from events.index.row import Row
from events.index.stored import Medium, StoredEvent
from registry.columns import to_microseconds


def a_stored_event(
    event: Event,
    *,
    camera: str = "gate",
    department: int = 1,
    owner: str = "Water",
    zone: str | None = None,
    line: str | None = None,
    media: tuple[Medium, ...] = (),
) -> StoredEvent:
    """`event` as it is read back; `camera`, `owner`, `zone` and `line` are names."""
    made = draft(event.id, event)
    id_, epoch, n, version, _, severity, number_of_zone, rule, *rest = made.values
    own = (id_, epoch, n, version, rule, severity, number_of_zone, *rest)
    words = (0, 0, 0)
    names = (camera, zone, line)
    told = [_told(one) for one in media]
    row = Row._make([*own, *(made.detail or (None,) * 4), *words, department, *names, told])
    return StoredEvent(row, rule_name=event.rule_name, kind=event.kind, label=event.label, department_name=owner)


def _told(one: Medium) -> list[object]:
    made_at = None if one.made_at is None else to_microseconds(one.made_at)
    return [one.kind.value, one.state.value, one.reason, one.seconds, one.bytes, one.width, one.height, made_at]
