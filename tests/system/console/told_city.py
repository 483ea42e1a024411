"""A city whose departments' programs are told of events, for the page of alerts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

from playwright.sync_api import Locator, Page, expect

from core.camera import DepartmentId
from events.alerts.settings import AlertSettings
from events.alerts.subscription import Subscription
from registry import departments
from tests.support.subscribing import a_subscription
from tests.system.api.conftest import SETTINGS, City, a_city

from .conftest import Visiting

SCHOOLS, NORTH_SCHOOL = DepartmentId(2), DepartmentId(3)
WITHIN = AlertSettings(allowed_targets=("127.0.0.1",))
"""Receivers of the tests are on this machine."""


@contextmanager
def a_told_city(folder: Path, console: Path) -> Iterator[City]:
    """A city of three departments, one of them below another, with no subscription yet."""
    copytree(console, folder / "console")
    with a_city(folder, SETTINGS, alerts=WITHIN) as found:
        with found.services.database.write() as connection:
            departments.add(connection, name="North School", parent=SCHOOLS)
        yield found


def subscribed(city: City, name: str, **terms: Any) -> Subscription:
    """A subscription of the schools, unless `terms` say otherwise."""
    with city.services.database.write() as connection:
        return a_subscription(connection, name, at=city.services.clock.now(), **({"department": SCHOOLS} | terms))


def open_subscription(city: City, visiting: Visiting, of: Subscription, **how: Any) -> Page:
    page = visiting(city, **how).go(f"/#/alerts/{of.id}")
    expect(page.locator("section.terms")).to_be_visible()
    return page


def fill_form(page: Page, name: str, url: str, department: str = "Schools") -> Locator:
    """Fill in what a new subscription cannot be without."""
    form = page.locator("form.subscription-form")
    form.locator("[name=name]").fill(name)
    form.locator("[name=department]").select_option(department)
    form.locator("[name=url]").fill(url)
    return form
