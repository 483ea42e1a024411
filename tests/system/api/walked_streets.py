"""Makes the city for walking the routes: fills it with who asks, and with what is granted to them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from core.access import PersonId, Right, Role
from registry import regions
from registry.access import unmaskings
from registry.departments import Sector
from registry.regions import Region
from tests.system.api.conftest import SETTINGS, a_city
from tests.system.api.walked_city import CITY_REGION, REGION, Subject, WalkedCity


@contextmanager
def a_walked_city(folder: Path) -> Iterator[WalkedCity]:
    """Water with rivers below it, rail, and the department that has all other cameras; each asked for by everybody."""
    with ExitStack() as stack:
        city = stack.enter_context(a_city(folder, SETTINGS))
        now = city.services.clock.now()
        found = WalkedCity(city, now.replace(microsecond=now.microsecond // 1000 * 1000))
        stack.callback(found.close)
        with city.services.database.write() as connection:
            regions.put(connection, Region(CITY_REGION, "a city", None))
            regions.put(connection, Region(REGION, "a district", CITY_REGION))
        found.mark_the_others()
        found.add_department("water", kind=Sector.WATER)
        found.add_department("rivers", parent="water", kind=Sector.WATER)
        found.add_department("rail", kind=Sector.RAIL_TRANSIT)
        for n, (name, department) in enumerate((("weir", "water"), ("river", "rivers"), ("platform", "rail")), 1):
            found.add_site(name, department, n)
        found.add_site("moved", "water", 6, moved_to="rail")
        found.add_site("removed", "rail", 7)
        found.remove("removed")
        for name in ("water", "rivers", "rail"):
            found.subscribe(name)
            found.hold(name)
        _fill_with_askers(found)
        _grant(found)
        _ask_for_an_original(found)
        yield found


def _fill_with_askers(found: WalkedCity) -> None:
    for name, role, department in (
        ("city admin", Role.CITY_ADMIN, None),
        ("city auditor", Role.AUDITOR, None),
        ("water admin", Role.DEPARTMENT_ADMIN, "water"),
        ("water operator", Role.OPERATOR, "water"),
        ("water auditor", Role.AUDITOR, "water"),
        ("rivers admin", Role.DEPARTMENT_ADMIN, "rivers"),
        ("rail admin", Role.DEPARTMENT_ADMIN, "rail"),
        ("rail viewer", Role.VIEWER, "rail"),
    ):
        found.add_person(name, role, department)
    for role, department in (
        (Role.CITY_ADMIN, None),
        (Role.VIEWER, None),
        (Role.AUDITOR, None),
        (Role.VIEWER, "water"),
        (Role.OPERATOR, "water"),
        (Role.DEPARTMENT_ADMIN, "water"),
        (Role.DEPARTMENT_ADMIN, "rail"),
    ):
        found.add_key(f"{role.value} of {department or 'the city'}", role, department)


def _grant(found: WalkedCity) -> None:
    """To departments without cameras, each with a program; to a role of one, and to a person."""
    water, rail = found.departments["water"], found.departments["rail"]
    cameras = {name: site.camera for name, site in found.sites.items()}

    def guest(name: str) -> str:
        department = f"guests {name}"
        found.add_department(department)
        found.add_key(f"guest {name}", Role.VIEWER, department)
        return department

    platform: Subject = ("camera", cameras["platform"])
    for right in (Right.LIST, Right.MEDIA, Right.LIVE, Right.UNMASKED, Right.MANAGE, Right.EXPORT):
        found.grant(platform, right, owner="rail", to=guest(f"with {right.value}"))
    found.grant(("department", water), Right.EVENTS, owner="water", to="guests with list")
    found.grant(("camera", cameras["removed"]), Right.EVENTS, history=True, to="guests with live")
    found.grant(("camera", cameras["moved"]), Right.EVENTS, owner="water", history=True, to="guests with unmasked")
    found.grant(("region", REGION), Right.MEDIA, owner="water", to="guests with export")
    found.grant(("department", water), Right.MEDIA, owner="water", history=True, to=guest("with pictures of water"))
    found.grant(("department", rail), Right.MANAGE, Right.EXPORT, owner="rail", to=guest("who manages rail"))
    found.grant(("sector", Sector.RAIL_TRANSIT.value), Right.EVENTS, to=guest("by sector"))
    found.grant(("region", CITY_REGION), Right.LIST, Right.LIVE, to=guest("by region"))
    never = guest("without anything")
    found.grant(("camera", cameras["weir"]), Right.EVENTS, role=Role.OPERATOR, to=never)
    found.grant(("department", water), Right.MANAGE, state="requested", to=never)
    found.grant(("department", water), Right.MANAGE, state="revoked", to=never)
    found.grant(("department", water), Right.MANAGE, ends=timedelta(minutes=-1), to=never)
    found.grant(("department", water), Right.MANAGE, begins=timedelta(hours=1), to=never)
    found.add_key("operator with a role's grant", Role.OPERATOR, never)
    found.add_department("guests")
    person = found.add_person("guest in person", Role.VIEWER, "guests")
    found.grant(("camera", cameras["river"]), Right.MEDIA, owner="water", person=person)
    found.add_key("colleague of the guest", Role.VIEWER, "guests")


def _ask_for_an_original(found: WalkedCity) -> None:
    asks, event = PersonId(found.askers["water operator"].who.number), found.sites["weir"].event
    with found.city.services.database.write() as connection:
        asked = unmaskings.ask(
            connection,
            asks,
            event,
            found.departments["water"],
            "the gate alarm of May",
            found.city.services.clock.now(),
            lasts=timedelta(hours=1),
        )
    found.unmasking = asked.id
