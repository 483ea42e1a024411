"""The demo's cameras: put into the registry as a user would, and watched in the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import Any

from core.stream_state import StreamState
from events.index.event_filter import EventFilter
from events.index.search import search
from registry import cameras, rules, streams
from registry.db import Database
from registry.listing import ListedCamera, list_cameras

from ..rules_file import street_rule
from .door import Door

_NAMES = (
    "Market Street 市场街",
    "School Gate 校门",
    "River Bridge 滨河桥",
    "Metro Exit B 地铁B口",
    "Hospital Drive 医院路",
)
_MOST = 1_000
PLAY_ON = "?play_count=0"
"""The end of an address that the demo's server plays round and round."""


def furnish(database: Database, how_many: int, url: str) -> None:
    """Make sure that `how_many` cameras at least show `url`; those of an earlier demo in the same folder do so again.

    Cameras that somebody added to the folder keep what they show.
    """
    with database.write() as connection:
        known = list(list_cameras(connection, limit=_MOST).items)
        ours = [stream for listed in known for stream in listed.streams if _is_of_a_demo(stream.url)]
        for stream in ours:
            # The server of this run listens on another port.
            streams.change(connection, replace(stream, url=url))
        taken = {listed.camera.name for listed in known}
        free = (name for name in _names() if name not in taken)
        for name in islice(free, max(0, how_many - len(ours))):
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


def _names() -> Iterator[str]:
    yield from _NAMES
    for number in count(len(_NAMES) + 1):
        yield f"Camera {number} 摄像机"


def _is_of_a_demo(url: str) -> bool:
    return url.startswith("rtsp://127.0.0.1:") and url.endswith(PLAY_ON)


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


def as_line(sight: Sight, door: Door) -> dict[str, Any]:
    """The demo's last line."""
    return {
        "cameras": [_camera(listed) for listed in sight.cameras],
        "events": sight.events_by_label.total(),
        "events_by_label": dict(sorted(sight.events_by_label.items())),
        "console": door.console,
        "login": door.login,
        "password": door.password,
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
