"""`sharp-eyes grants`: what it prints."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.access import PersonId, Role
from core.camera_facts import CameraFacts
from registry import cameras, regions
from registry.access.grant import OnCamera, OnRegion, OnSector, ToDepartment, ToPerson
from registry.db import Database, open_database
from registry.departments import Sector
from registry.regions import Region
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade
from tests.support.builders import START
from tests.support.sharing import neighbours

NOW = START.replace(year=2030)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/sharp-eyes.db")
    upgrade(database)
    yield database
    database.close()


def said(data: Path, *words: str) -> list[str]:
    done = CliRunner().invoke(app, ["grants", *words], env={"SHARP_EYES_DATA": str(data)})
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_all_grants_are_told_newest_first(tmp_path: Path, database: Database) -> None:
    with database.write() as connection:
        town = neighbours(connection)
        regions.put(connection, Region("31", "Shanghai"))
        cameras.add(connection, name="bund", department=town.water, facts=CameraFacts(region="31"))
        town.granted(at=NOW, until_at=NOW.replace(month=4))
        town.ask(at=NOW, on=OnCamera(town.weir), to=ToDepartment(town.rail, Role.OPERATOR))
        town.ask("city.admin", at=NOW, on=OnRegion("31"), to=ToPerson(PersonId(town["rail.viewer"].id)))
        town.ask(at=NOW, on=OnSector(Sector.WATER))
    assert said(tmp_path, "list") == [
        f"4  requested: events, list, media on sector water, by the city, to department {town.rail} (Rail), "
        "until it is revoked: flood drill",
        "3  requested: events, list, media on region 31 (Shanghai), by the city, to person "
        f"{town['rail.viewer'].id} (Rail.Viewer), until it is revoked: flood drill",
        f"2  requested: events, list, media on camera {town.weir} (weir), by Rivers, to operator of department "
        f"{town.rail} (Rail), until it is revoked: flood drill",
        f"1  approved: events, list, media on department {town.water} (Water), by Water, to department {town.rail} "
        "(Rail), until 2030-04-01T12:00:00+00:00: flood drill",
    ]


def test_programs_get_a_line_of_json_for_each(tmp_path: Path, database: Database) -> None:
    with database.write() as connection:
        town = neighbours(connection)
        grant = town.ask(at=NOW, history=True)
    (line,) = map(json.loads, said(tmp_path, "list", "--json"))
    assert line == {
        "id": grant.id,
        "state": "requested",
        "owner": "Water",
        "on": f"department {town.water} (Water)",
        "to": f"department {town.rail} (Rail)",
        "rights": ["events", "list", "media"],
        "from": "2030-03-01T12:00:00+00:00",
        "until": None,
        "history": True,
        "purpose": "flood drill",
        "asked_by": "Rail.Operator",
    }
