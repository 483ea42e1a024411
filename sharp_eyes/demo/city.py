"""The demo's cameras: put into the registry as a user would, and watched in the database."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from core.stream_state import StreamState
from events.index.filters import EventFilter
from events.index.search import search
from registry import cameras, rules, streams
from registry.db import Database
from registry.listing import ListedCamera, list_cameras

from ..rules_file import street_rule

_NAMES = (
    "Market Street 市场街",
    "School Gate 校门",
    "River Bridge 滨河桥",
    "Metro Exit B 地铁B口",
    "Hospital Drive 医院路",
)
_MOST = 1_000


def furnish(database: Database, how_many: int, url: str) -> None:
    """Make sure that `how_many` cameras show `url`; those of an earlier demo in the same folder are used again."""
    with database.write() as connection:
        known = list(list_cameras(connection, limit=_MOST).items)
        for listed in known:
            for stream in listed.streams:
                # The server of this run listens on another port.
                streams.change(connection, type(stream)(stream.id, stream.camera, stream.role, url))
        for number in range(len(known) + 1, how_many + 1):
            name = _NAMES[number - 1] if number <= len(_NAMES) else f"Camera {number} 摄像机"
            camera = cameras.add(connection, name=name)
            streams.add(connection, camera.id, url=url)
            rule = street_rule(camera.id)
            rules.add(
                connection,
                camera.id,
                name=rule.name,
                kind=rule.kind,
                labels=rule.labels,
                min_duration=rule.min_duration,
                min_score=rule.min_score,
                severity=rule.severity,
            )


@dataclass(frozen=True, slots=True)
class Sight:
    """How the demo's city is doing."""

    cameras: tuple[ListedCamera, ...]
    events_by_label: Counter[str]

    @property
    def frames(self) -> int:
        """Pictures decoded so far, of all cameras."""
        return sum(camera.status.status.counters.frames for camera in self.cameras if camera.status)


def look(database: Database) -> Sight:
    """Count everything. For the few cameras and events of a demo."""
    by_label: Counter[str] = Counter()
    with database.read() as connection:
        listed = list_cameras(connection, limit=_MOST).items
        page = search(connection, EventFilter(), limit=1_000)
        by_label.update(stored.event.label for stored in page.items)
        while page.next is not None:
            page = search(connection, EventFilter(), cursor=page.next, limit=1_000)
            by_label.update(stored.event.label for stored in page.items)
    return Sight(listed, by_label)


def as_line(sight: Sight, console: str) -> dict[str, Any]:
    """The demo's last line."""
    return {
        "cameras": [_camera(listed) for listed in sight.cameras],
        "events": sight.events_by_label.total(),
        "events_by_label": dict(sorted(sight.events_by_label.items())),
        "console": console,
    }


def _camera(listed: ListedCamera) -> dict[str, Any]:
    if listed.status is None:
        return {
            "name": listed.camera.name,
            "state": StreamState.CONNECTING.value,
            "frames": 0,
            "looked_at": 0,
            "dropped": {},
        }
    status = listed.status.status
    return {
        "name": listed.camera.name,
        "state": status.state.value,
        "frames": status.counters.frames,
        "looked_at": status.counters.looked_at,
        "dropped": dict(status.counters.dropped),
    }
