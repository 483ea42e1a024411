"""What an import may take changes while it runs, and what it takes changes who may see what; over both databases."""

import io
from dataclasses import replace
from threading import Event as Flag

import pytest
from sqlalchemy import Connection

from core.camera_facts import CameraFacts
from core.ids import CameraId
from ingest.address import check_address, hide_secrets
from registry import cameras, departments
from registry.access.version import access_now
from registry.db import Database
from registry.imports.importer import Importer, ImportOrder
from registry.imports.opening import open_rows
from registry.imports.rights import without_limits
from registry.imports.settings import ImportSettings
from registry.regions import Region
from registry.regions import put as put_region
from registry.visibility import Scope
from tests.support.builders import START, FakeClock
from tests.support.importing import KEY, Noted, a_code, a_csv, take

NOTHING_MORE = Scope({}, 2, None)


@pytest.fixture
def city(database: Database) -> Database:
    """A database with a second department and a region."""
    with database.write() as connection:
        departments.add(connection, name="Water")
        put_region(connection, Region("340200", "芜湖"))
    return database


def version_of(database: Database) -> int:
    with database.read() as connection:
        return access_now(connection).version


def test_a_right_that_ends_between_plan_and_write_is_heeded(city: Database) -> None:
    times = 0

    def scope(connection: Connection) -> Scope:
        nonlocal times
        times += 1
        return without_limits(connection) if times <= 2 else NOTHING_MORE

    settings, noted = ImportSettings(), Noted()
    importer = Importer(city, KEY, FakeClock(), settings, check_address, hide_secrets)
    reader = open_rows(io.BytesIO(a_csv({"name": "a"})), settings)
    importer.run(reader, ImportOrder(False, departments.DEFAULT, scope), noted, Flag())
    assert noted.kinds == ["refused"]
    with city.read() as connection:
        assert cameras.count(connection) == 0


def test_a_camera_that_moves_or_changes_its_region_changes_who_may_see_what(city: Database) -> None:
    found = [version_of(city)]

    def note() -> bool:
        found.append(version_of(city))
        return found[-1] > found[-2]

    with city.write() as connection:
        camera = cameras.add(connection, name="a")
    assert not note()
    for changed, facts, counts in (
        (replace(camera, name="b"), CameraFacts(model="m"), False),
        (replace(camera, department=departments.DEFAULT), CameraFacts(region="340200"), True),
        (replace(camera, department=type(camera.department)(2)), CameraFacts(region="340200"), True),
    ):
        with city.write() as connection:
            cameras.change(connection, changed, START, facts=facts)
        assert note() is counts, changed
    with city.write() as connection:
        cameras.add(connection, name="c", facts=CameraFacts(region="340200"))
    assert note()


def test_an_import_that_does_so_changes_it_too(city: Database) -> None:
    row = {"name": "a", "gb_code": a_code(1)}
    for more, counts in (
        ({}, False),
        ({"model": "m"}, False),
        ({"region": "340200"}, True),
        ({"department": "Water"}, True),
    ):
        before = version_of(city)
        assert take(city, a_csv({**row, **more})).kinds != ["refused"]
        assert (version_of(city) > before) is counts, more
    with city.read() as connection:
        assert cameras.get(connection, CameraId(1)).department == 2
