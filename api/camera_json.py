"""Cameras as JSON, in the form that `CameraView` describes: the models would take most of a page's time."""

from typing import Any

from pydantic_core import to_json

from core.attention import Attention
from core.camera import Stream
from core.clock import rfc3339
from registry.listing import ListedCamera
from registry.stream_states import SeenStatus

from .camera_bodies import fact_fields
from .services import Services


def camera_json(services: Services, found: ListedCamera, *, manages: bool) -> bytes:
    """What `cameras.view(...).model_dump_json()` is."""
    camera, record = found.camera, found.record
    return to_json(
        {
            **fact_fields(record.facts),
            "id": camera.id,
            "name": camera.name,
            "department": {"id": camera.department, "name": found.department_name},
            "enabled": camera.enabled,
            "streams": [
                _stream(services, stream, has_login=stream.id in found.with_login, shows_address=manages)
                for stream in found.streams
            ],
            "attention": _attention(found.attention),
            "status": None if found.status is None else _status(found.status, tells_why=manages),
            "revision": record.revision,
        }
    )


def _stream(services: Services, stream: Stream, *, has_login: bool, shows_address: bool) -> dict[str, Any]:
    return {
        "id": stream.id,
        "camera": stream.camera,
        "role": stream.role.value,
        "url": services.hide_secrets(stream.url) if shows_address else None,
        "has_login": has_login,
        "pinned_certificate": stream.pinned_certificate,
    }


def _attention(attention: Attention) -> dict[str, Any]:
    return {
        "sensitivity": attention.sensitivity.value,
        "ignored": [[(float(point.x), float(point.y)) for point in area.points] for area in attention.ignored],
        "idle": attention.idle.value,
        "idle_look_s": float(attention.idle_look_s),
    }


def _status(seen: SeenStatus, *, tells_why: bool) -> dict[str, Any]:
    status, counters = seen.status, seen.status.counters
    return {
        "camera": status.camera,
        "stream": status.stream,
        "state": status.state.value,
        "since": rfc3339(status.since),
        "reason": status.reason if tells_why else "",
        "codec": status.codec,
        "width": status.width,
        "height": status.height,
        "fps": None if status.fps is None else float(status.fps),
        "next_try_at": None if status.next_try_at is None else rfc3339(status.next_try_at),
        "counters": {
            "connections": counters.connections,
            "packets": counters.packets,
            "bytes": counters.bytes,
            "frames": counters.frames,
            "broken": counters.broken,
            "looked_at": counters.looked_at,
            "dropped": dict(counters.dropped),
        },
        "seen_at": rfc3339(seen.seen_at),
    }
