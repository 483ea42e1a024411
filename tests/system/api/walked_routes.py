"""What each route is about, and what it takes to be let in: a route that is new must be given its place here."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import httpx2

from core.access import Right
from core.ids import LAST_CAMERA, LAST_EVENT


class About(StrEnum):
    """What a route shows or changes."""

    PUBLIC = "public"
    """Answers who is not signed in, too."""
    EVERYBODY = "everybody"
    """Of the city as a whole, for all who are signed in."""
    OWN = "own"
    """What is one's own: the session, the password, imports that one began."""
    CAMERA = "camera"
    """One camera, or a part of it."""
    CAMERAS = "cameras"
    """Those cameras that one reaches."""
    EVENT = "event"
    EVENTS = "events"
    DEPARTMENT = "department"
    GRANT = "grant"
    UNMASKING = "unmasking"
    PERSON = "person"
    """People and keys whom one looks after."""
    SUBSCRIPTION = "subscription"
    """A subscription of a department, or a delivery to one."""
    HOLD = "hold"
    RETENTION = "retention"
    """How long things of one's own departments are kept."""
    RECORD = "record"
    CITY_ADMIN = "city admin"


@dataclass(frozen=True)
class Route:
    """A route's place."""

    about: About
    right: Right | None = None
    """By which a camera, an event or a department must be within reach."""
    body: Any = None
    """Something that it takes."""
    harmless: bool = True
    """Whether it changes nothing also where it is let in, with this body: a walk can ask it as everybody."""
    whole: bool = False
    """Whether the right must be one on all of the department."""
    persons: bool = False
    """Whether programs are refused, whatever they have."""


POLYGON: Final = [[0, 0], [1, 0], [1, 1]]
TAKEN: Final = "MARK-C{camera}-"
"""The name of each camera's zone, privacy area, line and rule: another one of that name is a conflict."""
_PUBLIC, _EVERYBODY, _OWN = Route(About.PUBLIC), Route(About.EVERYBODY), Route(About.OWN)
_LISTED = Route(About.CAMERA, Right.LIST)
_REMOVES = Route(About.CAMERA, Right.MANAGE, harmless=False)
_PERSON, _GRANT = Route(About.PERSON, persons=True), Route(About.GRANT, persons=True)
_UNMASKING = Route(About.UNMASKING, body={}, persons=True)
_SUBSCRIPTION = Route(About.SUBSCRIPTION)
_RETENTION = Route(About.RETENTION)
_RECORD, _CITY = Route(About.RECORD), Route(About.CITY_ADMIN)

ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("GET", "/cameras"): Route(About.CAMERAS, Right.LIST),
    ("GET", "/camera-points"): Route(About.CAMERAS, Right.LIST),
    ("GET", "/cameras.csv"): Route(About.CAMERAS, Right.EXPORT),
    ("GET", "/cameras.json"): Route(About.CAMERAS, Right.EXPORT),
    ("GET", "/cameras.geojson"): Route(About.CAMERAS, Right.EXPORT),
    ("GET", "/stream-states"): Route(About.CAMERAS, Right.LIST),
    ("GET", "/uptime"): Route(About.CAMERAS, Right.LIST),
    ("GET", "/uptime.csv"): Route(About.CAMERAS, Right.EXPORT),
    ("GET", "/overview"): Route(About.CAMERAS, Right.LIST),
    ("GET", "/gb-codes:explain"): Route(About.CAMERAS, Right.LIST),
    ("GET", "/cameras/{camera}"): _LISTED,
    ("GET", "/cameras/{camera}/streams"): _LISTED,
    ("GET", "/cameras/{camera}/zones"): _LISTED,
    ("GET", "/cameras/{camera}/privacy-areas"): _LISTED,
    ("GET", "/cameras/{camera}/lines"): _LISTED,
    ("GET", "/cameras/{camera}/rules"): _LISTED,
    ("GET", "/cameras/{camera}/spells"): _LISTED,
    ("GET", "/cameras/{camera}/latest"): Route(About.CAMERA, Right.LIVE),
    ("GET", "/cameras/{camera}/live"): Route(About.CAMERA, Right.LIVE),
    ("POST", "/cameras/{camera}/unmaskings"): Route(
        About.CAMERA, Right.UNMASKED, {"reason": "the gate alarm of May"}, harmless=False, persons=True
    ),
    ("GET", "/cameras/{camera}/viewers"): Route(About.CAMERA, Right.MANAGE, persons=True),
    ("PATCH", "/cameras/{camera}"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN}),
    ("DELETE", "/cameras/{camera}"): Route(About.CAMERA, Right.MANAGE, harmless=False, whole=True),
    ("POST", "/cameras/{camera}:restore"): Route(About.CAMERA, Right.MANAGE, harmless=False, whole=True),
    ("POST", "/cameras/{camera}:probe"): Route(About.CAMERA, Right.MANAGE),
    ("DELETE", "/cameras/{camera}/quarantine"): _REMOVES,
    ("POST", "/cameras/{camera}/streams"): Route(About.CAMERA, Right.MANAGE, {"url": "rtsp://10.0.0.1/a"}),
    ("PATCH", "/streams/{stream}"): Route(About.CAMERA, Right.MANAGE, {"role": "detect"}),
    ("DELETE", "/streams/{stream}"): _REMOVES,
    ("POST", "/cameras/{camera}/zones"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN, "points": POLYGON}),
    ("PATCH", "/zones/{zone}"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN}),
    ("DELETE", "/zones/{zone}"): _REMOVES,
    ("POST", "/cameras/{camera}/privacy-areas"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN, "points": POLYGON}),
    ("PATCH", "/privacy-areas/{area}"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN}),
    ("DELETE", "/privacy-areas/{area}"): _REMOVES,
    ("POST", "/cameras/{camera}/lines"): Route(
        About.CAMERA, Right.MANAGE, {"name": TAKEN, "start": [0, 0], "end": [1, 1]}
    ),
    ("PATCH", "/lines/{line}"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN}),
    ("DELETE", "/lines/{line}"): _REMOVES,
    ("POST", "/cameras/{camera}/rules"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN, "labels": ["person"]}),
    ("PATCH", "/rules/{rule}"): Route(About.CAMERA, Right.MANAGE, {"name": TAKEN}),
    ("DELETE", "/rules/{rule}"): _REMOVES,
    ("GET", "/rules/{rule}/account"): Route(About.CAMERA, Right.EVENTS),
    ("GET", "/rules/{rule}/flow"): Route(About.CAMERA, Right.EVENTS),
    ("GET", "/events"): Route(About.EVENTS, Right.EVENTS),
    ("GET", "/events/facets"): Route(About.EVENTS, Right.EVENTS),
    ("GET", "/events/histogram"): Route(About.EVENTS, Right.EVENTS),
    ("GET", "/events.csv"): Route(About.EVENTS, Right.EXPORT),
    ("GET", "/events.ndjson"): Route(About.EVENTS, Right.EXPORT),
    ("GET", "/events.geojson"): Route(About.EVENTS, Right.EXPORT),
    ("GET", "/event-changes"): Route(About.EVENTS, Right.EVENTS),
    ("GET", "/events/{event}"): Route(About.EVENT, Right.EVENTS),
    ("GET", "/events/{event}/members"): Route(About.EVENT, Right.EVENTS),
    ("GET", "/events/{event}/snapshot"): Route(About.EVENT, Right.MEDIA),
    ("GET", "/events/{event}/clip"): Route(About.EVENT, Right.MEDIA),
    ("POST", "/events/{event}/unmaskings"): Route(
        About.EVENT, Right.UNMASKED, {"reason": "the gate alarm of May"}, harmless=False, persons=True
    ),
    ("GET", "/unmaskings"): _UNMASKING,
    ("GET", "/unmaskings/{unmasking}/clip"): _UNMASKING,
    ("POST", "/unmaskings/{unmasking}:approve"): _UNMASKING,
    ("POST", "/unmaskings/{unmasking}:refuse"): _UNMASKING,
    ("POST", "/cameras"): Route(About.DEPARTMENT, Right.MANAGE, {"name": TAKEN, "department": "{department}"}),
    ("POST", "/cameras:import"): Route(About.DEPARTMENT, Right.MANAGE, harmless=False),
    ("POST", "/gb-codes"): Route(
        About.DEPARTMENT,
        Right.MANAGE,
        {"region": "3101", "industry": "11", "department": "{department}"},
        harmless=False,
    ),
    ("POST", "/departments/{department}/rules"): Route(
        About.DEPARTMENT, Right.MANAGE, {"name": "another", "kind": "stream_lost"}, harmless=False
    ),
    ("GET", "/departments/{department}/rules"): Route(About.DEPARTMENT, Right.LIST),
    ("PATCH", "/departments/{department}"): Route(About.DEPARTMENT, Right.MANAGE, {}, persons=False),
    ("GET", "/grants"): _GRANT,
    ("POST", "/grants"): _GRANT,
    ("GET", "/grants/{grant}"): _GRANT,
    ("POST", "/grants/{grant}:approve"): Route(About.GRANT, body={}, harmless=False, persons=True),
    ("POST", "/grants/{grant}:refuse"): Route(About.GRANT, body={"why": "no need"}, harmless=False, persons=True),
    ("POST", "/grants/{grant}:revoke"): Route(About.GRANT, body={"why": "no need"}, harmless=False, persons=True),
    ("GET", "/people"): _PERSON,
    ("POST", "/people"): _PERSON,
    ("GET", "/people/{person}"): _PERSON,
    ("PATCH", "/people/{person}"): Route(About.PERSON, body={}, persons=True),
    ("POST", "/people/{person}:invite"): Route(About.PERSON, harmless=False, persons=True),
    ("GET", "/people/{person}/sight"): _PERSON,
    ("GET", "/people/{person}/sessions"): _PERSON,
    ("DELETE", "/people/{person}/sessions"): Route(About.PERSON, harmless=False, persons=True),
    ("GET", "/api-keys"): _PERSON,
    ("POST", "/api-keys"): _PERSON,
    ("DELETE", "/api-keys/{key}"): Route(About.PERSON, harmless=False, persons=True),
    ("GET", "/subscriptions"): _SUBSCRIPTION,
    ("POST", "/subscriptions"): Route(About.SUBSCRIPTION, body={"name": "a", "url": "https://alerts.example"}),
    ("GET", "/subscriptions/{subscription}"): _SUBSCRIPTION,
    ("PATCH", "/subscriptions/{subscription}"): Route(About.SUBSCRIPTION, body={}),
    ("DELETE", "/subscriptions/{subscription}"): Route(About.SUBSCRIPTION, harmless=False),
    ("POST", "/subscriptions/{subscription}:pause"): _SUBSCRIPTION,
    ("POST", "/subscriptions/{subscription}:resume"): Route(About.SUBSCRIPTION, harmless=False),
    ("POST", "/subscriptions/{subscription}:test"): _SUBSCRIPTION,
    ("POST", "/subscriptions/{subscription}:rotate-secret"): Route(About.SUBSCRIPTION, body={}, harmless=False),
    ("POST", "/subscriptions/{subscription}:replay"): Route(
        About.SUBSCRIPTION, body={"from": "2026-05-01T08:00:00Z", "to": "2026-05-01T09:00:00Z"}
    ),
    ("GET", "/subscriptions/{subscription}/deliveries"): _SUBSCRIPTION,
    ("GET", "/deliveries/{delivery}"): _SUBSCRIPTION,
    ("POST", "/deliveries/{delivery}:replay"): _SUBSCRIPTION,
    ("GET", "/holds"): Route(About.HOLD),
    ("POST", "/holds"): Route(About.HOLD, body={"name": "a", "reason": "", "department": 1}),
    ("GET", "/holds/{hold}"): Route(About.HOLD),
    ("POST", "/holds/{hold}:release"): Route(About.HOLD, body={"why": ""}),
    ("GET", "/notices"): _CITY,
    ("GET", "/alert-pictures/{token}"): _PUBLIC,
    ("GET", "/audit"): _RECORD,
    ("GET", "/audit.csv"): _RECORD,
    ("GET", "/audit/status"): _RECORD,
    ("GET", "/workers"): _CITY,
    ("GET", "/metrics"): _CITY,
    ("POST", "/departments"): Route(About.CITY_ADMIN, body={"name": "water"}),
    ("DELETE", "/departments/{department}"): Route(About.CITY_ADMIN),
    ("PUT", "/regions/{region}"): Route(About.CITY_ADMIN, body={"name": "a district", "parent": "31"}),
    ("DELETE", "/regions/{region}"): Route(About.CITY_ADMIN),
    ("PUT", "/departments/{department}/quota"): Route(About.CITY_ADMIN, body={"bytes": 5_000_000}),
    ("DELETE", "/departments/{department}/quota"): Route(About.CITY_ADMIN),
    ("GET", "/retention-rules"): _RETENTION,
    ("PUT", "/retention-rules"): Route(About.RETENTION, body={"medium": "event", "days": 3}, harmless=False),
    ("GET", "/retention-rules/{retention_rule}"): _RETENTION,
    ("DELETE", "/retention-rules/{retention_rule}"): Route(About.RETENTION, harmless=False),
    ("GET", "/retention"): _RETENTION,
    ("GET", "/retention:dry-run"): _RETENTION,
    ("GET", "/media-usage"): _RETENTION,
    ("GET", "/departments"): _EVERYBODY,
    ("GET", "/departments/{department}"): _EVERYBODY,
    ("GET", "/regions"): _EVERYBODY,
    ("GET", "/regions/{region}"): _EVERYBODY,
    ("POST", "/rules:try"): Route(About.CAMERAS, Right.EVENTS),
    ("POST", "/cameras:probe"): Route(About.CAMERAS, Right.MANAGE, {"url": "rtsp://10.0.0.1/a"}),
    ("GET", "/session"): _OWN,
    ("DELETE", "/session"): Route(About.OWN, harmless=False),
    ("PUT", "/session/password"): Route(About.OWN, harmless=False),
    ("GET", "/sessions"): _OWN,
    ("DELETE", "/sessions/{session}"): Route(About.OWN, harmless=False),
    ("GET", "/imports"): _OWN,
    ("GET", "/imports/{number}"): _OWN,
    ("GET", "/imports/{number}/rows"): _OWN,
    ("GET", "/imports/{number}/progress"): _OWN,
    ("DELETE", "/imports/{number}"): Route(About.OWN, harmless=False),
    ("POST", "/session"): _PUBLIC,
    ("POST", "/invitations:look"): _PUBLIC,
    ("POST", "/invitations:accept"): _PUBLIC,
    ("GET", "/healthz"): _PUBLIC,
    ("GET", "/readyz"): _PUBLIC,
}
"""By method and path, without `/api/v1`."""


def filled(body: Any, numbers: dict[str, Any]) -> Any:
    """A body with the numbers it is about."""
    if body == "{department}":
        return numbers["department"]
    if isinstance(body, str):
        return body.format(**numbers)
    if isinstance(body, dict):
        return {name: filled(value, numbers) for name, value in body.items()}
    return body


NEVER: Final[dict[str, int]] = {
    "camera": LAST_CAMERA,
    "event": LAST_EVENT - 7,
    **dict.fromkeys(("stream", "zone", "area", "line", "rule", "person", "key"), 2**31 - 1),
    **dict.fromkeys(("grant", "session", "number", "unmasking", "subscription", "delivery"), 2**31 - 1),
    **dict.fromkeys(("stream", "zone", "line", "rule", "person", "key"), 2**31 - 1),
    **dict.fromkeys(("grant", "session", "number", "unmasking", "subscription", "delivery", "hold"), 2**31 - 1),
    "retention_rule": 2**31 - 1,
}
"""Numbers of what never was."""


def a_path(path: str, **numbers: Any) -> str:
    """A route's path with these numbers in it, and else with those of what never was."""
    return path.format(**{"department": 1, "region": "31", "token": "none", **NEVER, **numbers})


def base(path: str) -> str:
    """Where a route of the table stands."""
    return path if path in ("/healthz", "/readyz", "/metrics") else f"/api/v1{path}"


def told(answer: httpx2.Response, *numbers: object) -> tuple[int, str]:
    """Status and text, with the numbers that were asked for replaced."""
    text = answer.text
    for number in numbers:
        text = re.sub(rf"(?<![\d.:-]){number}(?![\d-]|[.:]\d)", "N", text)
    return answer.status_code, text
