"""The version of access: raised by what changes who may see what, and by nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert

from core.camera_facts import CameraFacts
from core.errors import Conflict
from core.ids import CameraId
from registry import cameras, departments, regions, streams
from registry.access.tables import access_grant
from registry.access.version import access_now
from registry.db import Database
from registry.departments import Sector
from registry.regions import Region
from tests.support.builders import START
from tests.support.importing import a_csv, take
from tests.support.people import a_person

Change = Callable[[Connection], object]
CAMERA = CameraId(1)


def move(connection: Connection) -> None:
    camera = cameras.get(connection, CAMERA)
    water = departments.add(connection, name="Water").id
    before = access_now(connection).version
    cameras.change(connection, replace(camera, department=water), START)
    assert access_now(connection).version == before + 1


def change_camera(connection: Connection, facts: CameraFacts | None = None, **changes: object) -> None:
    camera = cameras.get(connection, CAMERA)
    cameras.change(connection, replace(camera, **changes), START, facts=facts)  # type: ignore[arg-type]


def change_department(connection: Connection, **changes: object) -> None:
    department = departments.get(connection, departments.DEFAULT)
    departments.change(connection, replace(department, **changes))  # type: ignore[arg-type]


@pytest.fixture
def city(connection: Connection) -> Connection:
    """A camera in a region in another one."""
    regions.put(connection, Region("31", "上海"))
    regions.put(connection, Region("3101", "市辖区", "31"))
    cameras.add(connection, name="gate", facts=CameraFacts(region="3101"))
    return connection


@pytest.mark.parametrize(
    "change",
    [
        lambda connection: cameras.add(connection, name="other", facts=CameraFacts(region="3101")),
        move,
        lambda connection: change_camera(connection, CameraFacts(region="31")),
        lambda connection: change_camera(connection, CameraFacts()),
        lambda connection: departments.add(connection, name="Water"),
        lambda connection: change_department(connection, kind=Sector.WATER),
        lambda connection: change_department(connection, parent=departments.add(connection, name="top").id),
        lambda connection: regions.put(connection, Region("44", "c")),
        lambda connection: regions.put(connection, Region("3101", "市辖区")),
        a_person,
    ],
    ids=[
        "camera added in a region",
        "camera moved",
        "region of camera",
        "no region",
        "department added",
        "sector",
        "parent",
        "region added",
        "region moved",
        "person added",
    ],
)
def test_what_changes_who_may_see_what_raises_it(city: Connection, change: Change) -> None:
    before = access_now(city).version
    change(city)
    assert access_now(city).version > before


@pytest.mark.parametrize(
    "change",
    [
        lambda connection: cameras.add(connection, name="other"),
        lambda connection: change_camera(connection, name="other"),
        lambda connection: change_camera(connection, enabled=False),
        lambda connection: change_camera(connection, CameraFacts(region="3101", manufacturer="x")),
        lambda connection: cameras.remove(connection, CAMERA, START),
        lambda connection: streams.add(connection, CAMERA, url="rtsp://10.0.0.1/"),
        lambda connection: change_department(connection, name="other"),
        lambda connection: change_department(connection, contact="other"),
        lambda connection: regions.put(connection, Region("3101", "other", "31")),
    ],
    ids=[
        "camera added",
        "name",
        "state",
        "fact",
        "removed",
        "stream",
        "name of department",
        "contact",
        "name of region",
    ],
)
def test_other_changes_do_not_raise_it(city: Connection, change: Change) -> None:
    before = access_now(city).version
    change(city)
    assert access_now(city).version == before


def test_what_is_removed_raises_it(city: Connection) -> None:
    water = departments.add(city, name="Water")
    regions.put(city, Region("44", "c"))
    before = access_now(city).version
    departments.remove(city, water.id)
    assert access_now(city).version == before + 1
    regions.remove(city, "44")
    assert access_now(city).version == before + 2


def test_a_parent_alone_raises_it_too(city: Connection) -> None:
    top = departments.add(city, name="top").id
    before = access_now(city).version
    change_department(city, parent=top)
    assert access_now(city).version == before + 1


def test_an_import_raises_it_once_and_only_for_what_moves(sqlite_database: Database) -> None:
    database = sqlite_database

    def raised_by(*rows: Mapping[str, object]) -> int:
        with database.read() as connection:
            before = access_now(connection).version
        noted = take(database, a_csv(*rows))
        assert not [verdict for verdict in noted.verdicts if verdict.refusals]
        with database.read() as connection:
            return access_now(connection).version - before

    with database.write() as connection:
        departments.add(connection, name="Water")
        regions.put(connection, Region("31", "上海"))
    one, two = {"own_id": "1", "name": "one"}, {"own_id": "2", "name": "two"}
    assert raised_by(one, two) == 0
    assert raised_by({"name": "in a region", "own_id": "4", "region": "31"}) == 1
    assert raised_by(one | {"name": "first", "manufacturer": "x"}, two) == 0
    assert raised_by(one | {"name": "first", "region": "31"}, two) == 1
    assert raised_by({"name": "three", "own_id": "3", "department": "Water"}) == 0


def test_what_a_grant_names_stays(city: Connection) -> None:
    some = a_person(city)
    water = departments.add(city, name="Water")
    regions.put(city, Region("44", "c"))
    values = {
        "rights": "[]",
        "from_at": START,
        "purpose": "x",
        "state": "refused",
        "asked_by": some.id,
        "asked_at": START,
    }
    city.execute(insert(access_grant).values(on_region="44", to_department=water.id, **values))
    with pytest.raises(Conflict, match="grant 1 names it"):
        regions.remove(city, "44")
    with pytest.raises(Conflict, match="grant 1 names it"):
        departments.remove(city, water.id)
