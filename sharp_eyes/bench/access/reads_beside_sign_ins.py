"""The part that reads as people and programs do, at a steady pace, while others sign in."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, Final

import numpy as np

from core.access import Principal, Right, Role
from core.camera import DepartmentId
from core.clock import SystemClock
from core.errors import SharpEyesError
from core.ids import CameraId, EventId
from events.index.event_filter import EventFilter
from events.index.search import search
from registry.access import api_keys, people
from registry.access.passwords import Passwords
from registry.reach import EVERYTHING
from registry.visibility import EventFacts, Scope, Visibility

from ...simulate.sharing import camera_numbers, grant_cameras, largest_department, owners_of, smallest_department
from ..registry.http import Api, serve
from .stage import Figure, Stage

READS_A_MINUTE: Final = 5_000
SIGN_INS_A_MINUTE: Final = 60
MOST_MS: Final = 50.0
GRANTS: Final = 1_000
_READS_A_RUN: Final = 12
_CLIENTS: Final = 16
_ALONE: Final = 30
"""So many reads of each kind by each who asks are made one after the other: the system counts work in hundredths of a
second."""
_PASSWORD: Final = "one of a benchmark, not of a person"  # noqa: S105 - it opens nothing else
_SIGNERS: Final = 10
_MIX: Final = (
    *("events", "one event", "cameras", "events by label", "one event", "events", "hidden event", "cameras"),
    *("events", "one event", "cameras", "events", "one event", "one event", "events", "overview"),
)
"""What is read, in turns."""
_PATHS: Final = {
    "events": "/events?limit=50",
    "events by label": "/events?limit=50&label=person&severity=2&severity=3",
    "cameras": "/cameras?limit=50",
    "overview": "/overview",
}
_KNOWN_EVENTS: Final = 200


@dataclass(frozen=True, slots=True)
class _Asking:
    """Somebody who reads, and what the registry says that they may see."""

    name: str
    key: str
    scope: Scope
    cameras: int
    """How many are within reach of `list`."""
    seen: tuple[EventId, ...]
    """Some events within reach."""
    hidden: tuple[EventId, ...]
    """Some that are not."""

    @property
    def headers(self) -> dict[str, str]:
        """By which the API knows who asks."""
        return {"Authorization": f"Bearer {self.key}"}


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of a read."""

    kind: str
    lasted_ms: float
    late_ms: float
    """By how much it was sent too late: a busy client."""
    fault: str
    """What is wrong with the answer; empty: nothing."""


def reads_beside_sign_ins(stage: Stage) -> list[Figure]:
    """5,000 reads a minute by a city admin's program, an operator's of a large department, and one with 1,000 grants,
    while sixty people a minute sign in. Each answer is held against the registry's own predicate."""
    reads = max(len(_MIX) * 3, stage.runs * _READS_A_RUN)
    stage.tell("reads beside sign-ins: preparing", 0, reads)
    asking = _prepare(stage)
    logins = _add_people(stage)
    with TemporaryDirectory(prefix="sharp-eyes-bench-") as folder, serve(stage.url, Path(folder)) as api:
        for one in asking:  # as in a program that has been running: scopes are known
            _ask(api.port, one.key, "/overview")
        worked_s = api.worked_s()
        found, signed_in = _drive(api.port, asking, logins, reads, stage)
        worked_s = api.worked_s() - worked_s
        alone = {kind: _work_ms(api, asking, kind, stage) for kind in dict.fromkeys(_MIX)}
    faults = [f"{one.kind}: {one.fault}" for one in found if one.fault]
    if faults:
        raise SharpEyesError(f"{len(faults)} of {len(found)} answers were wrong, such as {faults[:3]}")
    figures = [_figure("reads beside sign-ins", found, goal=MOST_MS)]
    figures[0].values["server_work_ms_a_read"] = round(worked_s * 1000 / len(found), 1)
    figures[0].values["server_work_ms_alone"] = round(sum(alone[kind] for kind in _MIX) / len(_MIX), 1)
    for kind, work_ms in alone.items():
        figures.append(_figure(f"reads beside sign-ins: {kind}", [one for one in found if one.kind == kind]))
        figures[-1].values["server_work_ms_alone"] = work_ms
    return [*figures, Figure("sign-ins beside reads", _percentiles(signed_in))]


def _prepare(stage: Stage) -> list[_Asking]:
    clock = SystemClock()
    made: list[tuple[str, str, Principal]] = []
    with stage.database.write() as connection:
        numbers = camera_numbers(connection)
        shared = np.random.default_rng(stage.seed + 1).choice(numbers, min(GRANTS, len(numbers)), replace=False)
        granted, large = smallest_department(connection), largest_department(connection)
        grant_cameras(connection, [CameraId(int(one)) for one in np.sort(shared)], granted, clock.now())
        readers: tuple[tuple[str, Role, DepartmentId | None], ...] = (
            ("city admin", Role.CITY_ADMIN, None),
            ("operator of a large department", Role.OPERATOR, large),
            (f"operator with {len(shared)} grants", Role.OPERATOR, granted),
        )
        for name, role, department in readers:
            key, text = api_keys.add(
                connection, name=name, role=role, department=department, made_by=None, at=clock.now()
            )
            made.append((name, text, key.principal))
    visibility = Visibility(EventFacts.GRANT, clock)
    with stage.database.read() as connection:
        owners = owners_of(connection)
        some = search(connection, EventFilter(), reach=EVERYTHING, limit=1_000).items
        return [
            _asking(
                name,
                text,
                scope := visibility.scope(connection, who),
                owners,
                [one.event.id for one in search(connection, EventFilter(), reach=scope[Right.EVENTS], limit=200).items],
                [
                    one.event.id
                    for one in some
                    if not scope[Right.EVENTS].has_event(one.event.id, one.event.camera, one.department)
                ],
            )
            for name, text, who in made
        ]


def _asking(
    name: str,
    key: str,
    scope: Scope,
    owners: dict[CameraId, DepartmentId],
    seen: list[EventId],
    hidden: list[EventId],
) -> _Asking:
    reached = sum(scope[Right.LIST].has_camera(camera, owner) for camera, owner in owners.items())
    return _Asking(name, key, scope, reached, tuple(seen[:_KNOWN_EVENTS]), tuple(hidden[:_KNOWN_EVENTS]))


def _add_people(stage: Stage) -> list[str]:
    now, kept = SystemClock().now(), Passwords().hash(_PASSWORD)
    logins = [f"bench.{now:%Y%m%d%H%M%S}.{number}" for number in range(_SIGNERS)]
    with stage.database.write() as connection:
        for login in logins:
            one = people.add(connection, login=login, name="Bench", role=Role.AUDITOR, department=None, at=now)
            people.set_password(connection, one.id, kept)
    return logins


def _drive(
    port: int, asking: list[_Asking], logins: list[str], reads: int, stage: Stage
) -> tuple[list[_Read], list[float]]:
    numbers, told = count(), count(1)
    began = monotonic() + 0.5
    signing = max(1, reads * SIGN_INS_A_MINUTE // READS_A_MINUTE)

    def read_some(_: int) -> list[_Read]:
        done: list[_Read] = []
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while (number := next(numbers)) < reads:
            due = began + number * 60 / READS_A_MINUTE
            sleep(max(0.0, due - monotonic()))
            done.append(_read(connection, asking, number, due))
            if number % 100 == 0:
                stage.tell("reads beside sign-ins", next(told) * 100, reads)
        connection.close()
        return done

    def sign_in(number: int) -> float:
        sleep(max(0.0, began + number * 60 / SIGN_INS_A_MINUTE - monotonic()))
        body = json.dumps({"login": logins[number % len(logins)], "password": _PASSWORD})
        sent = monotonic()
        status, answer = _ask(port, None, "/session", body)
        if status != 201:
            raise SharpEyesError(f"a sign-in was answered by {status}: {answer[:200]!r}")
        return (monotonic() - sent) * 1000

    with ThreadPoolExecutor(_CLIENTS + 2) as pool:
        reading = [pool.submit(read_some, number) for number in range(_CLIENTS)]
        signed_in = [pool.submit(sign_in, number) for number in range(signing)]
        return [one for done in reading for one in done.result()], [one.result() for one in signed_in]


def _work_ms(api: Api, asking: list[_Asking], kind: str, stage: Stage) -> float:
    """How long the API works for a read of that kind, one after the other: what holds on a busy machine too."""
    reads = min(_ALONE, stage.runs) * len(asking)
    stage.tell(f"work of a read: {kind}", 0, reads)
    connection, began_s = HTTPConnection("127.0.0.1", api.port, timeout=30), api.worked_s()
    for number in range(reads):
        who = asking[number % len(asking)]
        event = _event_of(kind, who, number // len(asking))
        connection.request("GET", _path_of(kind, event), headers=who.headers)
        connection.getresponse().read()
    connection.close()
    return round((api.worked_s() - began_s) * 1000 / reads, 1)


def _event_of(kind: str, who: _Asking, turn: int) -> EventId | None:
    """Which event is asked for; None where it is no read of one. Who sees all asks for one that is seen instead."""
    if kind not in ("one event", "hidden event"):
        return None
    known = who.hidden if kind == "hidden event" and who.hidden else who.seen
    return known[turn % len(known)] if known else EventId(1)


def _path_of(kind: str, event: EventId | None) -> str:
    return f"/api/v1{_PATHS[kind] if event is None else f'/events/{event}'}"


def _read(connection: HTTPConnection, asking: list[_Asking], number: int, due: float) -> _Read:
    who = asking[number % len(asking)]
    turn = number // len(asking)
    kind = _MIX[turn % len(_MIX)]
    if kind == "hidden event" and not who.hidden:
        kind = "one event"
    event = _event_of(kind, who, turn)
    sent = monotonic()
    try:
        connection.request("GET", _path_of(kind, event), headers=who.headers)
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
    except (OSError, HTTPException) as error:
        connection.close()
        return _Read(kind, 0.0, 0.0, f"{who.name}: {error!r}")
    lasted = monotonic() - sent
    expected = 404 if event is not None and event not in who.seen else 200
    fault = f"{status} {body[:200]!r}" if status != expected else ""
    if not fault and status == 200:
        fault = _wrong(kind, who, json.loads(body), event)
    return _Read(kind, lasted * 1000, (sent - due) * 1000, f"{who.name}: {fault}" if fault else "")


def _wrong(kind: str, who: _Asking, body: Any, event: EventId | None) -> str:
    """What in the answer is not as the registry's predicate says; empty: nothing."""
    if kind == "overview":
        shown = body["cameras"]
        return "" if shown == who.cameras else f"the overview counts {shown} cameras, not {who.cameras}"
    if kind == "cameras":
        reach = who.scope[Right.LIST]
        astray = [one["id"] for one in body["items"] if not reach.has_camera(one["id"], one["department"]["id"])]
        is_short = len(body["items"]) != min(50, who.cameras)
        return f"cameras {astray} are hidden" if astray else f"{len(body['items'])} cameras" if is_short else ""
    reach, items = who.scope[Right.EVENTS], body["items"] if event is None else [body]
    if event is not None and int(body["id"]) != event:
        return f"event {body['id']} instead of {event}"
    hidden = [
        one["id"]
        for one in items
        if not reach.has_event(EventId(int(one["id"])), one["camera"]["id"], one["department"]["id"])
    ]
    if kind == "events" and tuple(int(one["id"]) for one in items) != who.seen[:50]:
        return "the newest events are others"
    return f"events {hidden} are hidden" if hidden else ""


def _ask(port: int, key: str | None, path: str, body: str | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json"} if body else {}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        connection.request("POST" if body else "GET", f"/api/v1{path}", body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _figure(name: str, found: list[_Read], goal: float | None = None) -> Figure:
    values = _percentiles([one.lasted_ms for one in found])
    if goal is None:
        return Figure(name, values)
    late = float(np.percentile([one.late_ms for one in found], 95))
    values |= {"errors": 0, "sent_late_p95_ms": round(late, 1)}
    return Figure(name, values, f"p95 <= {goal:g} ms", values["p95_ms"] <= goal)


def _percentiles(milliseconds: list[float]) -> dict[str, Any]:
    if not milliseconds:
        return {"runs": 0}
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return {"runs": len(milliseconds), "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1)}
