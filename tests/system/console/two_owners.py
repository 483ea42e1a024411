"""A city in which two departments have a camera each, and the people who ask each other to see them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

from core.access import Right, Role
from core.camera import DepartmentId
from core.event import EndReason
from core.ids import CameraId, EventId
from core.stream_state import StreamState, StreamStatus
from events.media.table import MediaKind
from registry import cameras, departments, stream_states, streams
from registry.access import grant_asking, grant_deciding
from registry.access.grant import GrantId, OnDepartment, ToDepartment, ToPerson
from registry.access.grant_asking import Wish
from registry.access.people import Person, principal_of
from registry.workers import WorkerId
from tests.support import builders
from tests.system.api.conftest import SETTINGS, City, a_city

from .conftest import picture
from .signed_in import a_person


@dataclass(frozen=True)
class Owners:
    """Water has a camera with an event and its media; Rail would like to see them."""

    city: City
    water: DepartmentId
    rail: DepartmentId
    weir: CameraId
    event: EventId
    water_admin: Person
    rail_admin: Person
    rail_operator: Person

    def grant(self, *rights: Right, purpose: str = "the flood drill", to: Person | None = None) -> GrantId:
        """Rights of all Rail, or of one person, on what is Water's, approved, also on what happened before."""
        at = self.city.services.clock.now()
        wish = Wish(
            owner=None,
            on=OnDepartment(self.water),
            to=ToDepartment(self.rail, None) if to is None else ToPerson(to.id),
            rights=frozenset(rights),
            from_at=None,
            until_at=at + timedelta(days=7),
            history=True,
            purpose=purpose,
        )
        with self.city.services.database.write() as connection:
            asked = grant_asking.ask(connection, principal_of(to or self.rail_admin), wish, at)
            return grant_deciding.approve(connection, asked.id, principal_of(self.water_admin), "", at).id

    def ask_for_second_person(self, asks: bool) -> None:
        """Whether each original of Water's takes somebody who agrees."""
        with self.city.services.database.write() as connection:
            before = departments.get(connection, self.water)
            departments.change(connection, replace(before, second_person=asks))

    def say_live(self) -> None:
        """Let the worker say that pictures of the weir arrive."""
        services = self.city.services
        with services.database.write() as connection:
            [stream] = streams.of_camera(connection, self.weir)
            status = StreamStatus(self.weir, stream.id, StreamState.LIVE, services.clock.now(), "pictures arrive")
            stream_states.put(connection, WorkerId(1), [status], services.clock.now())


@contextmanager
def two_owners(folder: Path, console: Path, clip: bytes) -> Iterator[Owners]:
    """A city of its own with Water and Rail in it."""
    copytree(console, folder / "console")
    with a_city(folder, SETTINGS) as city:
        with city.services.database.write() as connection:
            water = departments.add(connection, name="Water").id
            rail = departments.add(connection, name="Rail").id
            weir = cameras.add(connection, name="Weir", department=water).id
            streams.add(connection, weir, url="rtsp://weir.example/main")
            cameras.add(connection, name="Platform", department=rail)
        began = city.services.clock.now() - timedelta(hours=2)
        [number] = city.write(builders.an_event(1, camera=weir, at=began, lasted_s=5, end_reason=EndReason.LEFT))
        city.keep(number, MediaKind.SNAPSHOT, picture(1))
        city.keep(number, MediaKind.ORIGINAL, clip)
        yield Owners(
            city,
            water,
            rail,
            weir,
            number,
            a_person(city, Role.DEPARTMENT_ADMIN, department=water, name="Wen Shui"),
            a_person(city, Role.DEPARTMENT_ADMIN, department=rail, name="Gui Dao"),
            a_person(city, Role.OPERATOR, department=rail, name="Li Na"),
        )
