"""Files of cameras into the registry, over both databases."""

import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from core.camera import DepartmentId, Login, StreamRole
from core.camera_facts import CameraFacts
from core.errors import BadInput
from core.ids import CameraId
from ingest.address import check_address
from registry import cameras, departments, stream_secrets, streams, version
from registry.db import Database
from registry.imports.importer import Importer
from registry.imports.settings import ImportSettings
from registry.imports.verdicts import FieldChange, Refusal, Verdict, VerdictKind
from registry.regions import Region
from registry.regions import put as put_region
from registry.tables import camera, former_owner, stream
from tests.support.importing import KEY, SECRET, Noted, a_code, a_csv, take

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


def one(noted: Noted) -> Verdict:
    [verdict] = noted.verdicts
    return verdict


def refusal(noted: Noted) -> Refusal:
    verdict = one(noted)
    assert verdict.kind is VerdictKind.REFUSED
    [found] = verdict.refusals
    return found


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


@pytest.mark.parametrize(
    ("known", "row"),
    [
        ({"gb_code": a_code(1)}, {"gb_code": a_code(1), "own_id": "other"}),
        ({"own_id": "x", "url": URL}, {"own_id": "x", "url": "rtsp://10.0.0.9/a", "gb_code": a_code(2)}),
        ({"url": URL}, {"url": URL, "own_id": "x", "gb_code": a_code(2)}),
        ({"url": URL}, {"url": f"rtsp://ann:{SECRET}@10.0.0.1/a"}),
        ({}, {"name": "gate"}),
    ],
    ids=["code", "own id", "address", "address with login", "name"],
)
def test_a_camera_is_known_by_code_else_own_id_else_address(
    city: Database, known: dict[str, object], row: dict[str, object]
) -> None:
    take(city, a_csv({"name": "gate", **known}))
    found = one(take(city, a_csv({**row, "address": "here"})))
    assert (found.kind, found.camera) == (VerdictKind.CHANGED, 1)


def test_an_own_id_and_an_address_count_within_a_department(city: Database) -> None:
    row = {"name": "gate", "own_id": "x", "url": URL}
    take(city, a_csv(row))
    assert one(take(city, a_csv({**row, "department": "教育局"}))).kind is VerdictKind.CREATED
    assert one(take(city, a_csv(row), department=SCHOOLS)).camera == 2


def test_an_address_of_a_camera_with_another_code_is_refused_with_that_camera(city: Database) -> None:
    take(city, a_csv({"name": "a", "gb_code": a_code(1), "url": URL}))
    found = refusal(take(city, a_csv({"name": "b", "gb_code": a_code(2), "url": URL})))
    assert (found.column, found.found) == ("gb_code", a_code(2))
    assert "camera 1" in found.expected


def test_of_two_cameras_at_one_address_the_one_of_that_name_is_meant(city: Database) -> None:
    with city.write() as connection:
        for name in ("a", "b"):
            streams.add(connection, cameras.add(connection, name=name).id, url=URL)
    assert one(take(city, a_csv({"name": "b", "url": URL, "model": "m"}))).camera == 2
    assert "cameras 1, 2" in refusal(take(city, a_csv({"name": "c", "url": URL}))).expected


@pytest.mark.parametrize("column", ["gb_code", "own_id", "url", "name"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_duplicate_names_the_other_row(city: Database, column: str, dry_run: bool) -> None:
    value = {"gb_code": a_code(1), "own_id": "x", "url": URL, "name": "same"}[column]
    rows = [{"name": "first", column: value}, {"name": "second", column: value}]
    found = take(city, a_csv(*rows), dry_run=dry_run)
    assert found.kinds == ["created", "refused"]
    [why] = found.verdicts[1].refusals
    assert why.column == column
    assert "row 2 of this file" in why.expected
    assert found.verdicts[1].refusals[0].found == (None if column == "url" else value)


def test_two_rows_that_mean_one_camera_in_two_ways_are_told(city: Database) -> None:
    take(city, a_csv({"name": "a", "gb_code": a_code(1), "own_id": "x"}))
    found = take(city, a_csv({"gb_code": a_code(1), "model": "m"}, {"own_id": "x", "model": "n"}))
    assert found.kinds == ["changed", "refused"]
    assert "row 2" in found.verdicts[1].refusals[0].expected


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


def test_all_faults_of_a_row_are_told_at_once(city: Database) -> None:
    row = {"name": "a\u202eb", "gb_code": "123", "longitude": "116,4", "latitude": "39.9", "installed_on": "soon"}
    first = {why.column for why in one(take(city, a_csv(row))).refusals}
    assert first == {"longitude", "installed_on"}
    again = {why.column for why in one(take(city, a_csv(row | {"longitude": "116.4", "installed_on": ""}))).refusals}
    assert again == {"name", "gb_code"}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"name": "a", "longitude": 39.9, "latitude": 116.4}, "latitude", "swapped"),
        ({"name": "a", "longitude": 0, "latitude": 0}, "longitude", "no camera's place"),
        ({"name": "a", "longitude": 116.4}, "latitude", "missing"),
        ({"name": "a\u200bb"}, "name", "invisible"),
        ({"name": "a\x07b"}, "name", "invisible"),
        ({"name": "a", "gb_code": a_code(1)[:-1]}, "gb_code", "20 digits"),
        ({"name": "a", "gb_code": "3.40200000013E+19"}, "gb_code", "20 digits"),
        ({"name": "a", "region": "110000"}, "region", "110000"),
        ({"name": "a", "department": "nobody"}, "department", "name or the number"),
        ({"name": "a", "url": "http://10.0.0.1/"}, "url", "no scheme of a stream"),
        ({"name": "a", "url": "rtsp://169.254.169.254/x"}, "url", ""),
        ({"name": "a", "user": "ann"}, "user", "an address beside"),
        ({"name": "a", "extra": "[1]"}, "extra", "JSON object"),
        ({"gb_code": a_code(9)}, "name", "a name"),
        ({"name": "a", "enabled": "maybe"}, "enabled", "true or false"),
    ],
)
def test_a_refusal_says_where_and_what_was_expected(
    city: Database, row: dict[str, object], column: str, words: str
) -> None:
    found = refusal(take(city, a_csv(row)))
    assert found.column == column
    assert words in found.expected
    with city.read() as connection:
        assert cameras.count(connection) == 0


def test_a_bad_row_harms_itself_alone(city: Database) -> None:
    rows: list[dict[str, Any]] = [{"name": f"c{n}", "gb_code": a_code(n)} for n in range(1, 40)]
    rows[7]["gb_code"] = "7"
    noted = take(city, a_csv(*rows))
    assert [verdict.row for verdict in noted.of(VerdictKind.REFUSED)] == [9]
    with city.read() as connection:
        assert cameras.count(connection) == 38


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


def test_a_dash_forgets_a_login(city: Database) -> None:
    row = {"name": "a", "gb_code": a_code(1)}
    take(city, a_csv({**row, "url": URL, "user": "ann", "password": SECRET}))
    assert one(take(city, a_csv({**row, "user": "-", "password": "-"}))).kind is VerdictKind.CHANGED
    assert login_of(city, 1) is None


def test_an_address_with_a_hidden_token_means_the_one_that_is_kept(city: Database) -> None:
    row = {"name": "a", "gb_code": a_code(1)}
    take(city, a_csv({**row, "url": f"rtsp://10.0.0.1/a?token={SECRET}"}))
    shown = "rtsp://10.0.0.1/a?token=***"
    assert one(take(city, a_csv({**row, "url": shown}))).kind is VerdictKind.UNCHANGED
    assert login_of(city, 1) == Login("", "", (SECRET,))
    assert "whole address" in refusal(take(city, a_csv({**row, "url": shown.replace("/a", "/b")}))).expected


def test_no_verdict_repeats_a_secret(city: Database) -> None:
    rows = [
        {"name": "a", "url": f"http://ann:{SECRET}@10.0.0.1/"},
        {"name": "b", "url": f"rtsp://ann:{SECRET}@10.0.0.1:99999/"},
        {"name": "c", "url": f"rtsp://ann:{SECRET}@10.0.0.2/", "password": f"{SECRET}x"},
        {"name": "d", "address": f"rtsp://ann:{SECRET}@10.0.0.3/\x07"},
        {"name": f"rtsp://ann:{SECRET}@10.0.0.4/", "gb_code": "1"},
        {"name": "e", "url": URL, "user": "a:b", "password": SECRET},
        {"name": "f", "gb_code": f"rtsp://ann:{SECRET}@10.0.0.5/"},
        {"name": "g", "department": f"rtsp://ann:{SECRET}@10.0.0.5/"},
        {"name": "h", "password": SECRET * 30, "url": URL},
    ]
    noted = take(city, a_csv(*rows))
    assert noted.kinds == ["refused"] * len(rows)
    assert SECRET not in repr(noted.verdicts)
    assert SECRET not in str([verdict.details() for verdict in noted.verdicts])


def test_an_import_can_be_stopped_between_batches(city: Database) -> None:
    rows = [{"name": f"c{n}", "gb_code": a_code(n)} for n in range(1, 400)]
    noted = take(city, a_csv(*rows), noted=Noted(stop_after=1))
    assert 0 < len(noted.verdicts) < len(rows)
    with city.read() as connection:
        assert cameras.count(connection) == len(noted.verdicts)
    again = take(city, a_csv(*rows))
    assert len(again.of(VerdictKind.UNCHANGED)) == len(noted.verdicts)
    assert len(again.of(VerdictKind.CREATED)) == len(rows) - len(noted.verdicts)


def test_a_file_that_ends_badly_keeps_what_came_before(city: Database) -> None:
    with pytest.raises(BadInput, match="never closed"):
        take(city, a_csv(*({"name": f"c{n}"} for n in range(300))) + b'"open\n')
    with city.read() as connection:
        assert cameras.count(connection) > 0


def test_a_file_of_too_many_rows_ends_at_the_limit(city: Database) -> None:
    with pytest.raises(BadInput, match="more than 5 rows"):
        take(city, a_csv(*({"name": f"c{n}"} for n in range(9))), settings=ImportSettings(most_rows=5))


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


def test_a_removed_camera_is_no_camera(city: Database) -> None:
    row = {"name": "a", "gb_code": a_code(1), "own_id": "x", "url": URL}
    take(city, a_csv(row))
    with city.write() as connection:
        connection.execute(update(camera).values(deleted_at=take_time()))
    assert one(take(city, a_csv(row))).camera == 2


def take_time() -> Any:
    from tests.support.builders import START

    return START


def big_file(rows: int) -> bytes:
    """3 % of it bad: codes cut short, places swapped."""
    dice = random.Random(1)

    def each() -> Iterator[dict[str, object]]:
        for n in range(1, rows + 1):
            lon, lat = round(116 + dice.random(), 6), round(39 + dice.random(), 6)
            row: dict[str, object] = {"name": f"相机 {n}", "gb_code": a_code(n), "longitude": lon, "latitude": lat}
            if n % 33 == 0:
                row |= {"gb_code": a_code(n)[:-1]} if n % 2 else {"longitude": lat, "latitude": lon}
            yield row | {"url": f"rtsp://10.{n >> 8 & 255}.{n & 255}.1/a", "user": "ann", "password": f"pw{n}"}

    return a_csv(*each())


def test_memory_does_not_grow_with_the_file(city: Database) -> None:
    def peak(content: bytes) -> int:
        class Counted(Noted):
            def note(self, *_: Any) -> None:
                pass

        tracemalloc.start()
        try:
            take(city, content, dry_run=True, noted=Counted())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = big_file(300), big_file(1200)
    peak(small)
    assert peak(large) - len(large) < peak(small) - len(small) + 500_000


def test_three_bad_rows_in_a_hundred_are_told_and_the_rest_taken(city: Database) -> None:
    noted = take(city, big_file(1000))
    assert len(noted.of(VerdictKind.REFUSED)) == 1000 // 33
    assert len(noted.of(VerdictKind.CREATED)) == 1000 - 1000 // 33
    with city.read() as connection:
        assert len(connection.execute(select(stream.c.id)).all()) == 1000 - 1000 // 33


def test_an_address_is_checked_as_the_caller_says(city: Database) -> None:
    def refuse(url: str) -> tuple[str, Login | None]:
        if "10.0.0.1" in url:
            raise BadInput("not this one", field="url")
        return check_address(url)

    assert refusal(take(city, a_csv({"name": "a", "url": URL}), check=refuse)).expected == "not this one"
