"""Files of cameras into the registry, row by row: which camera is meant, and what is refused."""

import tracemalloc
from typing import Any

import pytest
from sqlalchemy import update

from core.camera import DepartmentId, Login
from core.errors import BadInput
from core.ids import CameraId
from ingest.address import check_address
from registry import cameras, departments, stream_secrets, streams
from registry.db import Database
from registry.imports.settings import ImportSettings
from registry.imports.verdicts import Refusal, VerdictKind
from registry.tables import camera
from tests.support.builders import START
from tests.support.importing import KEY, SECRET, Noted, a_big_csv, a_code, a_csv, one, take

SCHOOLS = DepartmentId(2)
URL = "rtsp://10.0.0.1/a"


@pytest.fixture
def city(sqlite_database: Database) -> Database:
    """A database with a second department."""
    with sqlite_database.write() as connection:
        departments.add(connection, name="教育局")
    return sqlite_database


def refusal(noted: Noted) -> Refusal:
    verdict = one(noted)
    assert verdict.kind is VerdictKind.REFUSED
    [found] = verdict.refusals
    return found


def login_of(database: Database, number: int) -> Login | None:
    with database.read() as connection:
        [found] = streams.of_cameras(connection, [CameraId(number)])
        return stream_secrets.get(connection, KEY, found)


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


def test_a_file_that_ends_badly_keeps_what_came_before(city: Database) -> None:
    with pytest.raises(BadInput, match="never closed"):
        take(city, a_csv(*({"name": f"c{n}"} for n in range(300))) + b'"open\n')
    with city.read() as connection:
        assert cameras.count(connection) > 0


def test_a_file_of_too_many_rows_ends_at_the_limit(city: Database) -> None:
    with pytest.raises(BadInput, match="more than 5 rows"):
        take(city, a_csv(*({"name": f"c{n}"} for n in range(9))), settings=ImportSettings(most_rows=5))


def test_a_removed_camera_is_no_camera(city: Database) -> None:
    row = {"name": "a", "gb_code": a_code(1), "own_id": "x", "url": URL}
    take(city, a_csv(row))
    with city.write() as connection:
        connection.execute(update(camera).values(deleted_at=START))
    assert one(take(city, a_csv(row))).camera == 2


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

    small, large = a_big_csv(300), a_big_csv(1200)
    peak(small)
    assert peak(large) - len(large) < peak(small) - len(small) + 500_000


def test_an_address_is_checked_as_the_caller_says(city: Database) -> None:
    def refuse(url: str) -> tuple[str, Login | None]:
        if "10.0.0.1" in url:
            raise BadInput("not this one", field="url")
        return check_address(url)

    assert refusal(take(city, a_csv({"name": "a", "url": URL}), check=refuse)).expected == "not this one"
