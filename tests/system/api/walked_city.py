"""A city for walking the routes: departments in a tree, cameras with marks by which each is known wherever it is shown,
people and programs of every role, and grants on everything that there can be grants on. All of it stands in a plain
`World` too, for asking who may see what."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import httpx2
from sqlalchemy import Connection, insert, update

from core.access import INCLUDED, Right, Role
from core.box import Point
from core.camera import DepartmentId
from core.camera_facts import CameraFacts
from core.ids import CameraId, EventId, event_camera, event_time
from core.line import LineId
from core.privacy import PrivacyAreaId
from core.stream_state import StreamState, StreamStatus
from core.zone import Polygon, ZoneId
from events.alerts import subscriptions
from events.alerts.deliveries import DeliveryState
from events.alerts.subscription import SubscriptionState
from events.media.table import MediaKind
from events.retention import holds
from events.retention.hold import HoldDepartment
from registry import cameras, departments, lines, privacy_areas, rules, stream_states, streams, zones
from registry.access import api_keys, people, sessions
from registry.access.settings import AccessSettings
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.departments import Sector
from registry.server_clock import server_time
from registry.workers import WorkerId
from tests.support import builders
from tests.support.sight import (
    OneCamera,
    OneDepartment,
    OneGrant,
    OneWhoAsks,
    World,
    may_see_camera,
    may_see_event,
)
from tests.support.subscribing import a_delivery, a_subscription
from tests.system.api.conftest import CAMERAS, CLIP, PICTURE, City

MARKS = re.compile(r"MARK-([A-Z])(\d+)-", re.IGNORECASE)
"""What a camera (C), an address of its streams (U), a person (P), a grant (G), a department's contact (D), a
subscription (S), a hold (H) is known by."""
NO_CAMERA = 4_194_303
CITY_REGION, REGION = "31", "3101"
TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1)))
Subject = tuple[Literal["department", "sector", "region", "camera"], int | str]


@dataclass(frozen=True)
class Site:
    """A camera, with a number of each part of it."""

    camera: CameraId
    stream: int
    zone: ZoneId
    area: PrivacyAreaId
    line: LineId
    rule: int
    event: EventId
    """Its newest one."""


@dataclass(frozen=True)
class Asker:
    """Somebody who asks."""

    name: str
    who: OneWhoAsks
    client: httpx2.Client

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> httpx2.Response:
        asked = {name.rstrip("_"): value for name, value in query.items()}
        return self.client.request(method, path, json=body, params=asked)


@dataclass
class WalkedCity:
    """The city, the same as plain data, and who asks."""

    city: City
    at: datetime
    """When it was made: grants in force are, at that moment."""
    departments: dict[str, DepartmentId] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    askers: dict[str, Asker] = field(default_factory=dict)
    persons: dict[int, OneWhoAsks] = field(default_factory=dict)
    keys: dict[int, OneWhoAsks] = field(default_factory=dict)
    grants: dict[int, OneGrant] = field(default_factory=dict)
    asked_by: int = 0
    """The person who has asked for each grant."""
    imported: int = 0
    """An import that the program of water's admin has begun."""
    unmasking: int = 0
    """What the operator of water has asked for, of the newest event at the weir."""
    subscriptions: dict[int, DepartmentId] = field(default_factory=dict)
    """Whose each is; all of them are paused."""
    deliveries: dict[int, int] = field(default_factory=dict)
    """To which subscription each is; all of them wait."""
    holds: dict[int, DepartmentId] = field(default_factory=dict)
    """Whose each is, and on all of whose cameras."""
    _departments: dict[int, OneDepartment] = field(default_factory=dict)
    _cameras: dict[int, OneCamera] = field(default_factory=dict)
    _marks: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def world(self) -> World:
        known = {CITY_REGION: None, REGION: CITY_REGION}
        return World(self._departments, known, self._cameras, tuple(self.grants.values()), "grant")

    @cached_property
    def events(self) -> Mapping[int, tuple[int, datetime]]:
        """Each event's camera and beginning."""
        return {number: (event_camera(number), event_time(number)) for number in self.city.events}

    def close(self) -> None:
        for asker in self.askers.values():
            asker.client.close()

    def sees(self, asker: Asker, right: Right, camera: int) -> bool:
        return may_see_camera(self.world, asker.who, right, camera, self.at)

    def sees_event(self, asker: Asker, right: Right, event: int) -> bool:
        camera, started_at = self.events[event]
        return may_see_event(self.world, asker.who, right, camera, started_at, self.at)

    def cameras(self, asker: Asker, right: Right, *, removed: bool = False) -> set[int]:
        """Those that `asker` reaches by `right`."""
        return {one for one in self._cameras if (one in self.removed) is removed and self.sees(asker, right, one)}

    def events_of(self, asker: Asker, right: Right = Right.EVENTS) -> set[int]:
        return {one for one in self.events if self.sees_event(asker, right, one)}

    def sees_all_of(self, asker: Asker, right: Right, department: int) -> bool:
        """Whether `right` reaches all cameras of the department, also those to come: one that came would be reached."""
        one_to_come = {NO_CAMERA: OneCamera(((None, department),))}
        return may_see_camera(replace(self.world, cameras=one_to_come), asker.who, right, NO_CAMERA, self.at)

    def looks_after(self, asker: Asker, department: int | None) -> bool:
        """Whether `asker` looks after people and keys of `department`."""
        is_admin = asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN)
        return asker.who.is_person and is_admin and self.is_home(asker, department)

    def is_grant_seen(self, asker: Asker, number: int) -> bool:
        """Whether `asker` may read that grant: who looks after its owner or receiver, who asked, or who receives."""
        grant, who = self.grants[number], asker.who
        receiver = grant.to_department if grant.to_person is None else self.persons[grant.to_person].department
        if not who.is_person:
            return False
        if who.number in (self.asked_by, grant.to_person):
            return True
        if who.department is None:
            return who.role in (Role.CITY_ADMIN, Role.AUDITOR)
        if who.role in (Role.DEPARTMENT_ADMIN, Role.AUDITOR):
            ends = (grant.owner, receiver)
            return any(self.is_home(asker, end) for end in ends if end is not None)
        return grant.to_department == who.department and grant.to_role in (None, who.role)

    def reads_subscriptions(self, asker: Asker) -> bool:
        """Whether `asker` reads subscriptions of home at all."""
        return asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, Role.OPERATOR)

    def sees_subscription(self, asker: Asker, number: int) -> bool:
        """Whether `asker` may read that one, and its deliveries."""
        return self.reads_subscriptions(asker) and self.is_home(asker, self.subscriptions[number])

    def reads_holds(self, asker: Asker) -> bool:
        """Whether `asker` reads holds that concern home at all."""
        return asker.who.role in (Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, Role.AUDITOR)

    def sees_hold(self, asker: Asker, number: int) -> bool:
        """Whether `asker` may read that one: it is of home, or on a department that home lies below."""
        owner, above = self.holds[number], asker.who.department
        while above is not None and above != owner:
            above = self._departments[above].parent
        return self.reads_holds(asker) and (above is not None or self.is_home(asker, owner))

    def may_read(self, asker: Asker) -> set[str]:
        """The marks that any answer to `asker` may have."""
        if asker.name not in self._marks:
            seen = self.cameras(asker, Right.LIST) | self.cameras(asker, Right.LIST, removed=True)
            seen |= {self.events[one][0] for one in self.events_of(asker)}
            marks = {f"C{one}" for one in seen}
            marks |= {f"U{one}" for one in self._cameras if self.sees(asker, Right.MANAGE, one)}
            marks |= {f"D{one}" for one in self._departments if self.sees_all_of(asker, Right.LIST, one)}
            marks |= {f"P{one}" for one, some in self.persons.items() if self.looks_after(asker, some.department)}
            marks |= {f"P{asker.who.number}"} if asker.who.is_person else set()
            marks |= {f"S{one}" for one in self.subscriptions if self.sees_subscription(asker, one)}
            marks |= {f"H{one}" for one in self.holds if self.sees_hold(asker, one)}
            for number, grant in self.grants.items():
                if self.is_grant_seen(asker, number):
                    marks |= {f"G{number}", f"P{self.asked_by}", f"P{grant.to_person}"}
            self._marks[asker.name] = marks
        return self._marks[asker.name]

    def leaks(self, asker: Asker, text: str) -> set[str]:
        """The marks in an answer to `asker` that should not be there."""
        return {f"{kind.upper()}{number}" for kind, number in MARKS.findall(text)} - self.may_read(asker)

    def is_home(self, asker: Asker, department: int | None) -> bool:
        """Whether `department` is at home where `asker` looks after people, or reads the record."""
        who, above = asker.who, department
        if who.role is Role.CITY_ADMIN or (who.role is Role.AUDITOR and who.department is None):
            return True
        while above is not None:
            if above == who.department:
                return True
            above = self._departments[above].parent
        return False

    def add_department(self, name: str, *, parent: str | None = None, kind: Sector = Sector.OTHER) -> DepartmentId:
        above = None if parent is None else self.departments[parent]
        with self.city.services.database.write() as connection:
            added = departments.add(connection, name=name, parent=above, kind=kind)
            departments.change(connection, replace(added, contact=f"MARK-D{added.id}-"))
        self.departments[name] = added.id
        self._departments[added.id] = OneDepartment(above, kind.value)
        return added.id

    def add_site(self, name: str, department: str, n: int, *, moved_to: str | None = None) -> None:
        """A camera with one part of each kind, and events of a month ago, of ten days ago, of half an hour ago. One
        that moves does so after the first."""
        owner, moves_at = self.departments[department], self.at - timedelta(days=20)
        with self.city.services.database.write() as connection:
            camera = cameras.add(connection, name=f"draft {n}", department=owner)
            self._mark(connection, camera.id, region=REGION if n % 2 else None)
            zone = zones.add(connection, camera.id, name=f"MARK-C{camera.id}-", polygon=TRIANGLE)
            name_of_parts = f"MARK-C{camera.id}-"
            area = privacy_areas.add(connection, camera.id, name=name_of_parts, polygon=TRIANGLE, at=self.at)
            line = lines.add(connection, camera.id, name=f"MARK-C{camera.id}-", start=Point(0, 0.5), end=Point(1, 0.5))
            rule = rules.add(connection, camera.id, name=f"MARK-C{camera.id}-", labels=["person"], zone=zone.id)
            url = f"rtsp://mark-u{camera.id}-.example/main"
            stream = streams.add(connection, camera.id, url=url)
            now = server_time(connection)
            why = f"no answer, MARK-C{camera.id}-"
            status = StreamStatus(camera.id, stream.id, StreamState.UNREACHABLE, now, why)
            stream_states.put(connection, WorkerId(1), [status], now)
            owners: tuple[tuple[datetime | None, int], ...] = ((None, owner),)
            if moved_to is not None:
                other = self.departments[moved_to]
                found = cameras.get(connection, camera.id)
                cameras.change(connection, replace(found, department=other), moves_at)
                owners = ((moves_at, owner), (None, other))
        self._cameras[camera.id] = OneCamera(owners, REGION if n % 2 else None)
        ages = (timedelta(days=30), timedelta(days=10), timedelta(minutes=30))
        written = self.city.write(
            *(
                builders.an_event(
                    1000 * n + nth, camera=camera.id, at=self.at - age, rule_name=f"MARK-C{camera.id}-", zone=zone.id
                )
                for nth, age in enumerate(ages)
            )
        )
        self.city.events += written
        self.city.keep(written[-1], MediaKind.SNAPSHOT, PICTURE)
        self.city.keep(written[-1], MediaKind.ORIGINAL, CLIP)
        self.sites[name] = Site(camera.id, stream.id, zone.id, area.id, line.id, rule.id, written[-1])

    def subscribe(self, department: str) -> None:
        """A subscription of the department, and a delivery to it."""
        owner = self.departments[department]
        with self.city.services.database.write() as connection:
            made = a_subscription(connection, "draft", department=owner, at=self.at, url="https://draft.example")
            marked = replace(made, name=f"MARK-S{made.id}-", url=f"https://mark-s{made.id}-.example/hook")
            subscriptions.change(connection, replace(marked, state=SubscriptionState.PAUSED), self.at)
            delivery = a_delivery(connection, made.id, at=self.at, state=DeliveryState.WAITING)
        self.subscriptions[made.id] = owner
        self.deliveries[delivery] = made.id

    def hold(self, department: str) -> None:
        """A hold of the department, on all of it."""
        owner = self.departments[department]
        at, next_number = self.at, len(self.holds) + 1
        with self.city.services.database.write() as connection:
            made = holds.take(
                connection,
                HoldDepartment(owner),
                name=f"MARK-H{next_number}-",
                reason="the court asked",
                owner=owner,
                by="somebody",
                at=at,
            )
        assert made.id == next_number
        self.holds[made.id] = owner

    def remove(self, name: str) -> None:
        camera = self.sites[name].camera
        with self.city.services.database.write() as connection:
            cameras.remove(connection, camera, self.at)
        self.removed.add(camera)

    def mark_the_others(self) -> None:
        """The cameras that the city begins with, and their department."""
        with self.city.services.database.write() as connection:
            for number in range(1, CAMERAS + 1):
                self._mark(connection, CameraId(number), region=None)
                self._cameras[number] = OneCamera(((None, departments.DEFAULT),))
            for one in departments.list_departments(connection):
                departments.change(connection, replace(one, contact=f"MARK-D{one.id}-"))
                self._departments[one.id] = OneDepartment(one.parent, one.kind.value)
                self.departments[one.name] = one.id

    def _mark(self, connection: Connection, number: CameraId, *, region: str | None) -> None:
        found = cameras.record(connection, number)
        facts = CameraFacts(
            address=f"MARK-C{number}-", own_id=f"MARK-C{number}-", longitude=121.4, latitude=31.2, region=region
        )
        named = replace(found.camera, name=f"MARK-C{number}-")
        cameras.change(connection, named, self.at - timedelta(days=60), facts=facts)

    def add_key(self, name: str, role: Role, department: str | None = None) -> None:
        """A program."""
        owner = None if department is None else self.departments[department]
        with self.city.services.database.write() as connection:
            made, text = api_keys.add(
                connection, name=f"key of {name}", role=role, department=owner, made_by=None, at=self.at
            )
        self.keys[made.id] = OneWhoAsks(False, made.id, role, owner)
        self._join(name, self.keys[made.id], {"Authorization": f"Bearer {text}"})

    def add_person(self, name: str, role: Role, department: str | None = None) -> int:
        """Somebody who is signed in at a browser."""
        owner = None if department is None else self.departments[department]
        with self.city.services.database.write() as connection:
            login = f"person.{len(self.persons)}"
            added = people.add(connection, login=login, name="draft", role=role, department=owner, at=self.at)
            named = people.change(connection, replace(added, name=f"MARK-P{added.id}-"))
            _, token = sessions.begin(
                connection, named, self.at, address="127.0.0.1", agent="a walk", settings=AccessSettings()
            )
        self.persons[added.id] = OneWhoAsks(True, added.id, role, owner)
        self.asked_by = self.asked_by or added.id
        headers = {"Cookie": f"sharp-eyes={token}", "Origin": self.city.server.url}
        self._join(name, self.persons[added.id], headers)
        return added.id

    def _join(self, name: str, who: OneWhoAsks, headers: dict[str, str]) -> None:
        url = f"{self.city.server.url}/api/v1"
        self.askers[name] = Asker(name, who, httpx2.Client(base_url=url, timeout=60, trust_env=False, headers=headers))

    def grant(self, on: Subject, *rights: Right, owner: str | None = None, to: str | None = None, **more: Any) -> None:
        """A grant since an hour ago, approved then; `more`: `role`, `person`, `history`, `state`, `began`, `ends`."""
        hour = timedelta(hours=1)
        state = more.get("state", "approved")
        made = OneGrant(
            owner=None if owner is None else self.departments[owner],
            on=on,
            to_department=None if to is None else self.departments[to],
            to_role=more.get("role"),
            to_person=more.get("person"),
            rights=frozenset(rights),
            from_at=self.at + more.get("begins", -hour),
            until_at=None if "ends" not in more else self.at + more["ends"],
            history=more.get("history", False),
            state=state,
            approved_at=None if state == "requested" else self.at - hour,
        )
        with self.city.services.database.write() as connection:
            values = {**_columns(made), "asked_by": self.asked_by, "asked_at": self.at - 2 * hour}
            number = connection.execute(insert(access_grant).values(values).returning(access_grant.c.id)).scalar_one()
            purpose = {"purpose": f"MARK-G{number}-"}
            connection.execute(update(access_grant).where(access_grant.c.id == number).values(purpose))
            raise_access_version(connection)
        self.grants[number] = made


def _columns(grant: OneGrant) -> dict[str, Any]:
    kind, on = grant.on
    return {
        "owner": grant.owner,
        f"on_{kind}": on,
        "to_department": grant.to_department,
        "to_role": None if grant.to_role is None else grant.to_role.value,
        "to_person": grant.to_person,
        "rights": json.dumps(sorted({needed.value for right in grant.rights for needed in INCLUDED[right]})),
        "from_at": grant.from_at,
        "until_at": grant.until_at,
        "history": grant.history,
        "purpose": "draft",
        "state": grant.state,
        "decided_at": grant.approved_at,
    }
