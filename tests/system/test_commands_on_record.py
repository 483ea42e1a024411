"""Commands on the machine that change the database, on record as what they are: acts of this machine."""

import json
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from core.camera import DepartmentId, Login
from core.errors import Unavailable
from registry import cameras, departments, key_ring, stream_secrets, streams
from registry.audit.tables import audit_department, audit_row
from registry.db import open_database
from sharp_eyes.camera_files import import_cameras
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade
from sharp_eyes.settings import Settings
from tests.support.importing import SECRET, a_csv


def recorded(settings: Settings) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Act, who, what and the detail of all rows."""
    with closing(open_database(settings.database_url)) as database, database.read() as connection:
        return [
            (row.act, row.actor_kind, row.object_kind, json.loads(row.detail))
            for row in connection.execute(select(audit_row).order_by(audit_row.c.id))
        ]


def run(settings: Settings, *words: str) -> None:
    done = CliRunner().invoke(app, words, env={"SHARP_EYES_DATA": str(settings.data)})
    assert done.exit_code == 0, done.output


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a database with a department beside the usual one."""
    found = Settings(data=tmp_path / "data")
    found.data.mkdir()
    with closing(open_database(found.database_url)) as database:
        upgrade(database)
        with database.write() as connection:
            departments.add(connection, name="Water")
    return found


def test_an_import_is_with_its_beginning_its_end_and_whose_cameras(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "water.csv"
    rows = (
        {"name": "a", "url": f"rtsp://ann:{SECRET}@10.0.0.1/a", "department": "Water"},
        {"name": "b", "longitude": "1"},
    )
    file.write_bytes(a_csv(*rows))
    done = CliRunner().invoke(app, ["cameras", "import", str(file)], env={"SHARP_EYES_DATA": str(settings.data)})
    assert done.exit_code == 3, done.output
    sums = {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert recorded(settings) == [
        ("import", "program", "import", {"file": "water.csv", "dry_run": False, "state": "running"}),
        ("import", "program", "import", {"file": "water.csv", "dry_run": False, "state": "finished", **sums}),
    ]
    with closing(open_database(settings.database_url)) as database, database.read() as connection:
        owners = connection.execute(select(audit_department.c.row, audit_department.c.department)).all()
    assert {tuple(row) for row in owners} == {(1, 1), (2, 1), (2, 2)}


def test_one_that_fails_says_so(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(a_csv({"name": "a"}))

    def note(*_: object) -> None:
        raise Unavailable("the disk is full")

    with pytest.raises(Unavailable):
        import_cameras(settings, file, dry_run=False, department=None, report=None, note=note, stop=Flag())
    assert [detail["state"] for *_, detail in recorded(settings)] == ["running", "failed"]


def test_an_export_is_with_its_filters_and_whose_cameras(settings: Settings, tmp_path: Path) -> None:
    with closing(open_database(settings.database_url)) as database, database.write() as connection:
        for name in ("a", "b"):
            cameras.add(connection, name=name, department=DepartmentId(2))
        cameras.add(connection, name="c")
    run(settings, "cameras", "export", str(tmp_path / "water.csv"), "--department", "Water")
    detail = {"file": "water.csv", "filters": {"department": [2]}, "count": 2}
    assert recorded(settings) == [("export", "program", "camera", detail)]
    with closing(open_database(settings.database_url)) as database, database.read() as connection:
        assert connection.execute(select(audit_department.c.department)).scalars().all() == [2]


def test_a_new_sealing_key_is_by_its_id(settings: Settings) -> None:
    keys = key_ring.open_files(settings.sealing_key_file)
    with closing(open_database(settings.database_url)) as database, database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        stream = streams.add(connection, camera=camera, url="rtsp://10.0.0.1/")
        stream_secrets.put(connection, keys, stream, Login("ann", SECRET))
    run(settings, "secrets", "rotate")
    current = key_ring.open_files(settings.sealing_key_file).current
    assert recorded(settings) == [
        ("change", "program", "sealing_key", {"logins": 1, "subscriptions": 0, "unopened": 0})
    ]
    with closing(open_database(settings.database_url)) as database, database.read() as connection:
        assert connection.execute(select(audit_row.c.object)).scalar_one() == current.id


def test_a_database_that_was_restored_says_from_what(settings: Settings, tmp_path: Path) -> None:
    backup, elsewhere = tmp_path / "backup.zip", Settings(data=tmp_path / "elsewhere")
    run(settings, "db", "backup", str(backup))
    run(elsewhere, "db", "restore", str(backup))
    [(act, who, what, detail)] = recorded(elsewhere)
    assert (act, who, what, set(detail)) == ("restore", "program", "database", {"made_at", "form", "sha256"})
