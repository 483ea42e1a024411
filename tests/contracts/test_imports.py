"""Files of cameras into the registry, over both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from core.camera import DepartmentId, Login, StreamRole
from core.camera_facts import CameraFacts
from core.ids import CameraId
from registry import cameras, departments, stream_secrets, streams, version
from registry.db import Database
from registry.imports import records
from registry.imports.importer import Importer
from registry.imports.records import ImportState
from registry.imports.verdicts import FieldChange, Verdict, VerdictKind
from registry.regions import Region
from registry.regions import put as put_region
from registry.tables import former_owner, stream
from tests.support.builders import START, after
from tests.support.importing import KEY, SECRET, Noted, a_big_csv, a_code, a_csv, one, take

SCHOOLS = DepartmentId(2)
URL = "rtsp://10.0.0.1/a"


@pytest.fixture
def city(database: Database) -> Database:
    """A database with a second department."""
    with database.write() as connection:
        departments.add(connection, name="教育局")
    return database


def version_of(database: Database) -> int:
    with database.read() as connection:
        return version.current(connection)


def login_of(database: Database, number: int, role: StreamRole = StreamRole.DETECT) -> Login | None:
    with database.read() as connection:
        found = {each.role: each for each in streams.of_cameras(connection, [CameraId(number)])}
        return stream_secrets.get(connection, KEY, found[role])


def test_a_new_camera_has_all_that_its_row_says(city: Database) -> None:
    with city.write() as connection:
        put_region(connection, Region("340200", "芜湖"))
    row = {
        "name": "北门",
        "gb_code": a_code(1),
        "own_id": "cam-1",
        "单位": "教育局",
        "region": "340200",
        "enabled": "否",
        "longitude": "118.37",
        "latitude": "31.33",
        "address": "中山路 1 号",
        "manufacturer": "海康",
        "model": "DS-2",
        "point_class": "一类",
        "ptz_type": "球机",
        "room_type": "2",
        "look_direction": "90",
        "field_of_view": "60.5",
        "installed_on": "2024年5月1日",
        "management_unit": "保卫科",
        "contact": "13800000000",
        "recording_days": "30",
        "resolution": "1920×1080",
        "uplink": "nvr-1",
        "extra": "{}",
        "url": URL,
        "live_url": f"rtsp://ann:{SECRET}@10.0.0.1/b",
    }
    created = one(take(city, a_csv(row)))
    assert created == Verdict(2, VerdictKind.CREATED, created.camera, "北门")
    assert created.camera is not None
    with city.read() as connection:
        record = cameras.record(connection, created.camera)
        feeds = {each.role: each.url for each in streams.of_cameras(connection, [created.camera])}
    assert (record.camera.department, record.camera.enabled, record.revision) == (SCHOOLS, False, 1)
    facts = record.facts
    assert (facts.gb_code, facts.own_id, facts.region, facts.longitude) == (a_code(1), "cam-1", "340200", 118.37)
    assert (facts.point_class, facts.ptz_type, facts.room_type, facts.resolution) == (1, 1, 2, "1920x1080")
    assert (facts.installed_on and facts.installed_on.isoformat(), facts.recording_days) == ("2024-05-01", 30)
    assert feeds == {StreamRole.DETECT: URL, StreamRole.LIVE: "rtsp://10.0.0.1/b"}
    assert login_of(city, created.camera, StreamRole.LIVE) == Login("ann", SECRET)


def test_a_second_run_changes_nothing_and_keeps_the_version(city: Database) -> None:
    rows = [
        {"name": f"c{n}", "gb_code": a_code(n), "url": f"rtsp://10.0.0.{n}/a", "user": "ann", "password": SECRET}
        for n in range(1, 9)
    ]
    assert take(city, a_csv(*rows)).kinds == ["created"] * 8
    before = version_of(city)
    assert take(city, a_csv(*rows)).kinds == ["unchanged"] * 8
    assert version_of(city) == before


def test_a_dry_run_gives_the_same_verdicts_and_changes_nothing(city: Database) -> None:
    rows: list[dict[str, object]] = [
        {"name": "a", "gb_code": a_code(1)},
        {"name": "b", "gb_code": a_code(1)},
        {"name": "a", "own_id": "x"},
        {"name": "c", "own_id": "y", "longitude": 200, "latitude": 1},
    ]
    before = version_of(city)
    dry = take(city, a_csv(*rows), dry_run=True)
    assert version_of(city) == before
    with city.read() as connection:
        assert cameras.count(connection) == 0
    wet = take(city, a_csv(*rows))
    assert [(v.row, v.kind, v.refusals) for v in dry.verdicts] == [(v.row, v.kind, v.refusals) for v in wet.verdicts]
    assert wet.kinds == ["created", "refused", "refused", "refused"]


def test_changes_are_told_field_by_field_and_an_empty_cell_stays(city: Database) -> None:
    first = {"name": "a", "gb_code": a_code(1), "address": "old", "model": "m", "recording_days": 30, "url": URL}
    take(city, a_csv(first))
    second = {"gb_code": a_code(1), "address": "new", "model": "-", "recording_days": "", "url": "rtsp://10.0.0.2/a"}
    assert one(take(city, a_csv(second))).changes == (
        FieldChange("model", "m", None),
        FieldChange("address", "old", "new"),
        FieldChange("url", URL, "rtsp://10.0.0.2/a"),
    )
    with city.read() as connection:
        record = cameras.record(connection, CameraId(1))
    assert (record.facts.recording_days, record.facts.model, record.camera.name, record.revision) == (30, None, "a", 2)


def test_an_own_id_and_an_address_count_within_a_department(city: Database) -> None:
    row = {"name": "gate", "own_id": "x", "url": URL}
    take(city, a_csv(row))
    assert one(take(city, a_csv({**row, "department": "教育局"}))).kind is VerdictKind.CREATED
    assert one(take(city, a_csv(row), department=SCHOOLS)).camera == 2


def test_what_another_camera_has_is_refused_with_its_number(city: Database) -> None:
    take(city, a_csv({"name": "a", "gb_code": a_code(1), "own_id": "x"}, {"name": "b", "gb_code": a_code(2)}))
    found = one(take(city, a_csv({"gb_code": a_code(2), "own_id": "x", "name": "a"})))
    assert {why.column for why in found.refusals} == {"own_id", "name"}
    assert all("camera 1" in why.expected for why in found.refusals)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_name_that_an_earlier_row_gave_up_is_free(city: Database, dry_run: bool) -> None:
    take(city, a_csv({"name": "a", "gb_code": a_code(1)}))
    rows = ({"gb_code": a_code(1), "name": "b"}, {"gb_code": a_code(2), "name": "a"})
    assert take(city, a_csv(*rows), dry_run=dry_run).kinds == ["changed", "created"]


def test_a_camera_moves_by_its_own_column_and_by_nothing_else(city: Database) -> None:
    take(city, a_csv({"name": "a", "gb_code": a_code(1)}))
    assert take(city, a_csv({"gb_code": a_code(1)}), department=SCHOOLS).kinds == ["unchanged"]
    moved = one(take(city, a_csv({"gb_code": a_code(1), "department": "2"})))
    assert moved.changes == (FieldChange("department", "City", "教育局"),)
    with city.read() as connection:
        assert cameras.get(connection, CameraId(1)).department == SCHOOLS
        assert connection.execute(select(former_owner.c.department)).scalars().all() == [departments.DEFAULT]


def test_a_login_stays_at_its_server_and_goes_with_it(city: Database) -> None:
    row = {"name": "a", "gb_code": a_code(1)}
    take(city, a_csv({**row, "url": f"rtsp://ann:{SECRET}@10.0.0.1/a"}))
    assert one(take(city, a_csv({**row, "url": "rtsp://10.0.0.1/b"}))).changes == (
        FieldChange("url", "rtsp://10.0.0.1/a", "rtsp://10.0.0.1/b"),
    )
    assert login_of(city, 1) == Login("ann", SECRET)
    assert one(take(city, a_csv({**row, "password": "other"}))).changes == (FieldChange("login", None, "changed"),)
    assert login_of(city, 1) == Login("ann", "other")
    moved = one(take(city, a_csv({**row, "url": "rtsp://10.0.0.2/b"})))
    assert [change.field for change in moved.changes] == ["url", "login"]
    assert login_of(city, 1) is None


def test_an_import_can_be_stopped_between_batches(city: Database) -> None:
    rows = [{"name": f"c{n}", "gb_code": a_code(n)} for n in range(1, 400)]
    noted = take(city, a_csv(*rows), noted=Noted(stop_after=1))
    assert 0 < len(noted.verdicts) < len(rows)
    with city.read() as connection:
        assert cameras.count(connection) == len(noted.verdicts)
    again = take(city, a_csv(*rows))
    assert len(again.of(VerdictKind.UNCHANGED)) == len(noted.verdicts)
    assert len(again.of(VerdictKind.CREATED)) == len(rows) - len(noted.verdicts)


def test_plans_are_made_anew_where_the_registry_changed_meanwhile(
    city: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera of the same code is added between the plan and the write."""
    plan = Importer._plan
    times = 0

    def planned(*args: Any) -> Any:
        nonlocal times
        times += 1
        found = plan(*args)
        if times == 1:
            with city.write() as connection:
                cameras.add(connection, name="first", facts=CameraFacts(gb_code=a_code(1)))
        return found

    monkeypatch.setattr(Importer, "_plan", planned)
    found = one(take(city, a_csv({"name": "second", "gb_code": a_code(1)})))
    assert (times, found.kind, found.camera) == (2, VerdictKind.CHANGED, 1)


def test_a_name_that_is_taken_behind_our_back_harms_its_row_alone(city: Database) -> None:
    """Moving a camera brings a name along that the row does not say, and that the new department has."""
    take(city, a_csv({"name": "gate", "gb_code": a_code(1)}))
    take(city, a_csv({"name": "gate", "gb_code": a_code(2), "department": "教育局"}))
    rows = [{"gb_code": a_code(1), "department": "教育局", "name": ""}, {"gb_code": a_code(3), "name": "yard"}]
    noted = take(city, a_csv(*rows))
    assert noted.kinds == ["refused", "created"]
    with city.read() as connection:
        assert cameras.get(connection, CameraId(1)).department == departments.DEFAULT
        assert connection.execute(select(former_owner)).all() == []


def test_three_bad_rows_in_a_hundred_are_told_and_the_rest_taken(city: Database) -> None:
    noted = take(city, a_big_csv(1000))
    assert len(noted.of(VerdictKind.REFUSED)) == 1000 // 33
    assert len(noted.of(VerdictKind.CREATED)) == 1000 - 1000 // 33
    with city.read() as connection:
        assert len(connection.execute(select(stream.c.id)).all()) == 1000 - 1000 // 33


def test_an_import_is_left_over_once_its_program_was_silent(city: Database) -> None:
    with city.write() as connection:
        silent, heard = (records.add(connection, file="x.csv", dry_run=False, at=START).id for _ in range(2))
        records.beat(connection, [heard], after(20))
        assert not records.any_left(connection, after(29))
        assert records.any_left(connection, after(31))
        records.mark_interrupted(connection, after(31))
        states = [records.get(connection, number).state for number in (silent, heard)]
    assert states == [ImportState.INTERRUPTED, ImportState.WAITING]


def test_an_import_that_goes_on_is_not_forgotten(city: Database) -> None:
    with city.write() as connection:
        goes_on, *others = (records.add(connection, file="x.csv", dry_run=False, at=START).id for _ in range(4))
        for number in others:
            records.end(connection, number, ImportState.FINISHED, after(1))
        while records.forget_old(connection, 1):
            pass
        assert [one.id for one in records.newest(connection).items] == [others[-1], goes_on]
