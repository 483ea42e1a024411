"""Water, with rivers below it, and rail: departments whose programs subscribe to events."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from core.access import Role
from core.camera import DepartmentId
from tests.support.subscribing import HOOK
from tests.system.api.asking import as_role
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.signing import add_department


@dataclass
class Town:
    """The departments, and a client for each asker."""

    city: City
    water: DepartmentId
    rivers: DepartmentId
    rail: DepartmentId
    askers: dict[str, City] = field(default_factory=dict)

    def ask(
        self, asker: str, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx2.Response:
        """`body` is sent with what changes something."""
        sent = None if method in ("GET", "DELETE") else body
        return self.askers[asker].client.request(method, f"/api/v1{path}", json=sent, headers=headers)

    def make(self, asker: str = "water admin", **terms: Any) -> httpx2.Response:
        """Ask for a subscription; its name is its own."""
        self.made += 1
        return self.ask(asker, "POST", "/subscriptions", **({"name": f"desk {self.made}", "url": HOOK} | terms))

    def made_by(self, asker: str = "water admin", **terms: Any) -> dict[str, Any]:
        """A new subscription, as the answer shows it."""
        answer = self.make(asker, **terms)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["subscription"]
        return found

    made: int = 0


@contextmanager
def a_subscribed_town(folder: Path) -> Iterator[Town]:
    with a_city(folder, SETTINGS) as city:
        water, rail = add_department(city, "Water"), add_department(city, "Rail")
        town = Town(city, water, add_department(city, "Rivers", parent=water), rail)
        for name, role, department in (
            ("city admin", Role.CITY_ADMIN, None),
            ("water admin", Role.DEPARTMENT_ADMIN, water),
            ("water operator", Role.OPERATOR, water),
            ("water viewer", Role.VIEWER, water),
            ("water auditor", Role.AUDITOR, water),
            ("rivers admin", Role.DEPARTMENT_ADMIN, town.rivers),
            ("rail admin", Role.DEPARTMENT_ADMIN, rail),
            ("rail operator", Role.OPERATOR, rail),
        ):
            town.askers[name] = as_role(city, role, department)
        yield town
        for one in town.askers.values():
            one.client.close()
