"""Two departments of which one lets its own people see originals, and people of both who ask for them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import update

from core.access import Role
from core.ids import EventId
from events.media.table import MediaKind
from registry import departments
from registry.access.people import Person
from registry.access.tables import unmasking
from tests.system.api.conftest import CLIP, an_event
from tests.system.api.signing import add_person, signed_in
from tests.system.api.two_departments import TwoDepartments, two_departments

REASON = "the gate alarm of May"


@dataclass
class Town:
    """Water, whose own people may see its originals, and rail."""

    two: TwoDepartments
    people: dict[str, Person]
    clients: dict[str, httpx2.Client]

    @property
    def event(self) -> EventId:
        """Of water, with an original."""
        return self.two.water.event

    def get(self, login: str, path: str, **more: Any) -> httpx2.Response:
        return self.clients[login].get(f"/api/v1{path}", **more)

    def post(self, login: str, path: str, **body: Any) -> httpx2.Response:
        return self.clients[login].post(f"/api/v1{path}", json=body)

    def ask(self, login: str = "water.operator", event: int | None = None, **body: Any) -> httpx2.Response:
        return self.post(login, f"/events/{event or self.event}/unmaskings", **{"reason": REASON} | body)

    def asked(self, login: str = "water.operator", event: int | None = None, **body: Any) -> dict[str, Any]:
        answer = self.ask(login, event, **body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def clip(self, login: str, number: int, **headers: str) -> httpx2.Response:
        return self.get(login, f"/unmaskings/{number}/clip", headers=headers)

    def change(self, *, own_see_originals: bool = True, second_person: bool = False) -> None:
        """What water's department says of originals."""
        with self.two.city.services.database.write() as connection:
            found = departments.get(connection, self.two.water.department)
            changed = replace(found, own_see_originals=own_see_originals, second_person=second_person)
            departments.change(connection, changed)

    def an_original(self, n: int, content: bytes = CLIP) -> EventId:
        """One more event of water, with that original."""
        [event] = self.two.city.write(an_event(n, camera=self.two.water.camera, ended=True))
        self.two.city.keep(event, MediaKind.ORIGINAL, content)
        return event

    def end_at(self, number: int, at: datetime) -> None:
        """Let an unmasking be over at another moment."""
        with self.two.city.services.database.write() as connection:
            connection.execute(update(unmasking).where(unmasking.c.id == number).values(until_at=at))


def a_town_of(two: TwoDepartments, stack: ExitStack) -> Town:
    water, rail = two.water.department, two.rail.department
    people = {
        name: add_person(two.city, role, department)
        for name, role, department in (
            ("water.admin", Role.DEPARTMENT_ADMIN, water),
            ("water.operator", Role.OPERATOR, water),
            ("water.viewer", Role.VIEWER, water),
            ("rail.admin", Role.DEPARTMENT_ADMIN, rail),
            ("rail.operator", Role.OPERATOR, rail),
            ("city.admin", Role.CITY_ADMIN, None),
        )
    }
    clients = {name: stack.enter_context(signed_in(two.city, one.login)) for name, one in people.items()}
    town = Town(two, people, clients)
    town.change()
    return town


@contextmanager
def two_with_originals(folder: Path) -> Iterator[Town]:
    """Water and rail, and a client for each of the people."""
    with two_departments(folder) as two, ExitStack() as stack:
        yield a_town_of(two, stack)
