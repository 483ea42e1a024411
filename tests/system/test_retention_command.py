"""`sharp-eyes retention`: what it says, and what it does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from core.camera import DepartmentId
from core.errors import SharpEyesError
from registry import departments
from registry.audit.tables import audit_row
from registry.db import Database, open_database
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade
from tests.support.builders import FakeClock
from tests.support.happenings import add_cameras
from tests.support.keeping import Kept

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def database(data: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{data}/sharp-eyes.db")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def water(database: Database) -> DepartmentId:
    with database.write() as connection:
        return departments.add(connection, name="Water").id


def said(data: Path, *words: str) -> list[str]:
    done = CliRunner().invoke(app, ["retention", *words], env={"SHARP_EYES_DATA": str(data)}, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def refused(data: Path, *words: str) -> str:
    with pytest.raises(SharpEyesError) as error:
        said(data, *words)
    return error.value.message


def test_rules_are_set_shown_and_taken_back(data: Path, database: Database, water: DepartmentId) -> None:
    owner = ("--department", str(water))
    assert said(data, "set", "original", "14", *owner) == [f"original of department {water} (Water): kept for 14 days"]
    said(data, "set", "snapshot", "for-ever", "--kind", "motion", *owner)
    assert said(data, "show", *owner) == [
        "event: 1096 days  (settings)",
        f"event of motion: for ever, as its snapshot  (snapshot of motion of department {water} (Water))",
        "snapshot: 365 days  (settings)",
        f"snapshot of motion: for ever  (snapshot of motion of department {water} (Water))",
        f"original: 14 days  (original of department {water} (Water))",
        f"masked_clip: 14 days, as its original  (original of department {water} (Water))",
        "track: 3 days  (settings)",
    ]
    assert json.loads(said(data, "show", "--json")[2]) == {
        **{"medium": "original", "kind": None, "days": 90.0, "rule": None, "limited_by": None}
    }
    said(data, "unset", "original", *owner)
    said(data, "unset", "snapshot", "--kind", "motion", *owner)
    assert refused(data, "unset", "original") == "there is no rule about original of the city"
    with database.read() as connection:
        rows = connection.execute(select(audit_row.c.act).where(audit_row.c.object_kind == "retention_rule"))
        assert [row.act for row in rows] == ["add", "add", "remove", "remove"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("set", "film", "3"), "there is no medium 'film'"),
        (("set", "event", "3", "--kind", "theft"), "there is no kind 'theft'"),
        (("set", "event", "soon"), "days is a whole number or 'for-ever', not 'soon'"),
        (("set", "event", "0"), "something is kept for 1 to 36600 days, or for ever, not for 0 days"),
        (("set", "event", "3", "--department", "99"), "there is no department 99"),
        (("show", "--department", "99"), "there is no department 99"),
        (("quota", "99"), "there is no department 99"),
        (("quota", "1", "much"), "size is a whole number or 'none', not 'much'"),
        (("quota", "1", "7"), "a quota is 1000000 to"),
    ],
)
def test_what_is_wrong_is_said(data: Path, database: Database, words: tuple[str, ...], why: str) -> None:
    assert why in refused(data, *words)


def test_a_dry_run_says_what_goes_and_a_run_makes_it_go(data: Path, database: Database, water: DepartmentId) -> None:
    kept = Kept(database, data / "blobs", FakeClock(NOW))
    with database.write() as connection:
        (camera,) = add_cameras(connection, 1, department=water)
    assert said(data, "dry-run") == ["nothing is over its time"]
    old, held = (kept.add(camera, NOW - timedelta(days=days), size=1_000_000) for days in (40, 41))
    kept.hold(event=held)
    (line,) = said(data, "dry-run")
    assert line.startswith("Water: masked_clip of object_in_zone: 1 would go (1.0 MB, from ")
    assert line.endswith("; 1 are held (1.0 MB)")
    facts = json.loads(said(data, "dry-run", "--json", "--department", str(water))[0])
    assert (facts["goes"], facts["held"]) == ({"count": 1, "bytes": 1_000_000}, {"count": 1, "bytes": 1_000_000})
    assert said(data, "dry-run", "--department", "1") == ["nothing is over its time"]
    assert said(data, "run", "--anew") == ["masked_clip: 1 removed, 1.0 MB"]
    assert said(data, "run") == ["nothing is over its time"]
    assert {event for event, _ in kept.media()} == {old, held}


def test_a_quota_is_set_shown_and_taken_back(data: Path, database: Database, water: DepartmentId) -> None:
    words = f"department {water} had 0 bytes of pictures and clips when they were counted last, and may have"
    assert said(data, "quota", str(water)) == [f"{words} any number of bytes"]
    assert said(data, "quota", str(water), "5000000") == [f"{words} 5000000 bytes"]
    assert said(data, "quota", str(water), "none") == [f"{words} any number of bytes"]
