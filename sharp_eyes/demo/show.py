"""The demo's live table."""

from rich.table import Table

from core.stream_state import StreamState

from .city import Sight
from .door import Door

_COLOURS = {StreamState.LIVE: "green", StreamState.CONNECTING: "yellow"}


def table(sight: Sight, door: Door, seconds_left: float | None) -> Table:
    """The cameras, their counters and the events so far."""
    left = "" if seconds_left is None else f"  ({max(0, seconds_left):.0f} s left)"
    events = ", ".join(f"{count} {label}" for label, count in sight.events_by_label.most_common()) or "none yet"
    title = f"Sharp Eyes  {door.console}  sign in as [b]{door.login}[/] with [b]{door.password}[/]{left}"
    shown = Table(title=title, caption=f"Events: {events}", caption_justify="left")
    for heading in ("camera", "state", "picture", "frames", "looked at", "not looked at"):
        shown.add_column(heading)
    for listed in sight.cameras:
        if listed.status is None:
            shown.add_row(listed.camera.name, "waiting")
            continue
        status = listed.status.status
        dropped = ", ".join(f"{count} {reason}" for reason, count in status.counters.dropped.items() if count)
        shown.add_row(
            listed.camera.name,
            f"[{_COLOURS.get(status.state, 'red')}]{status.state.value}[/]",
            f"{status.codec} {status.width}x{status.height}" if status.width else "",
            str(status.counters.frames),
            str(status.counters.looked_at),
            dropped,
        )
    return shown
