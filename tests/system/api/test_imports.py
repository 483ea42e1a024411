"""Files of cameras over HTTP: taken, followed, cancelled, refused; and out again."""

import csv
import io
import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.app import api_server
from core.camera import Login
from core.errors import Unavailable
from ingest.address import check_address
from registry.imports import records
from registry.imports.records import ImportState
from registry.imports.settings import ImportSettings
from tests.support.importing import SECRET, a_code, a_csv, an_xlsx
from tests.system.api.asking import a_client
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.recorded import newest, rows_since

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS: list[dict[str, object]] = [
    {
        "name": "=HYPERLINK()",
        "gb_code": a_code(1),
        "url": f"rtsp://ann:{SECRET}@10.0.0.1/a",
        "longitude": -1.5,
        "latitude": 2,
    },
    {"name": "+门", "own_id": "-", "extra": "-", "url": f"rtsp://10.0.0.2/a?token={SECRET}"},
    {"name": "plain", "address": "中山路, 1 号"},
]
GOOD = a_csv(ROWS[0], {**ROWS[1], "own_id": "'-"}, ROWS[2])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city that the tests of this module fill, each with names of its own."""
    with a_city(tmp_path_factory.mktemp("town"), SETTINGS) as found:
        yield found


def post(city: City, content: bytes, kind: str = CSV, **query: Any) -> httpx2.Response:
    return city.client.post("/api/v1/cameras:import", content=content, headers={"Content-Type": kind}, params=query)


def ended(city: City, number: int) -> dict[str, Any]:
    """The import once it has ended."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found: dict[str, Any] = city.get(f"/imports/{number}").json()
        if found["ended_at"] is not None:
            return found
        threading.Event().wait(0.02)
    raise AssertionError(f"import {number} did not end: {found}")


def taken(city: City, content: bytes, kind: str = CSV, **query: Any) -> dict[str, Any]:
    answer = post(city, content, kind, **query)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/api/v1/imports/{answer.json()['id']}"
    return ended(city, answer.json()["id"])


def sums(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["created"], found["changed"], found["unchanged"], found["refused"]


@contextmanager
def held_addresses(city: City) -> Iterator[tuple[threading.Event, City]]:
    """The city behind a server of its own, whose imports wait before each address until the event is set."""
    may_go_on = threading.Event()

    def check(url: str) -> tuple[str, Login | None]:
        may_go_on.wait(20)
        return check_address(url)

    services = replace(city.services, check_address=check, imports=ImportSettings(file_limit_bytes=100_000))
    with api_server(services) as server, a_client(server, city.key) as client:
        yield may_go_on, replace(city, server=server, services=services, client=client)
        may_go_on.set()


def test_a_file_is_tried_taken_and_taken_again(town: City) -> None:
    dry = taken(town, GOOD, dry_run=True, file="C:\\x\\schools.csv")
    assert (dry["state"], sums(dry), dry["total"], dry["share"]) == ("finished", (3, 0, 0, 0), 3, 1)
    assert dry["file"] == "schools.csv"
    assert sums(taken(town, GOOD)) == (3, 0, 0, 0)
    assert sums(taken(town, GOOD)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (XLSX, an_xlsx([("name", "备注"), ("from xlsx", "x")])),
        ("application/json", json.dumps([{"name": "from json", "备注": 1}]).encode()),
        ("application/x-ndjson", '{"name": "from lines", "备注": 1}\n'.encode()),
        ("text/csv; charset=gb18030", "名称,备注\n来自文件,x\n".encode("gb18030")),
    ],
    ids=["xlsx", "json", "ndjson", "gb18030"],
)
def test_every_format_is_taken(town: City, kind: str, content: bytes) -> None:
    found = taken(town, content, kind)
    assert (sums(found), found["ignored_columns"]) == ((1, 0, 0, 0), ["备注"])


def test_each_row_has_a_verdict_that_can_be_asked_for(town: City) -> None:
    rows = [{"name": f"listed {n}", "longitude": 200 if n % 2 else 1, "latitude": 1} for n in range(6)]
    number = taken(town, a_csv(*rows))["id"]
    refused = town.get(f"/imports/{number}/rows", verdict="refused", limit=2).json()
    assert [(row["row"], row["verdict"], row["camera"]) for row in refused["items"]] == [
        (3, "refused", None),
        (5, "refused", None),
    ]
    assert refused["items"][0]["refusals"][0]["column"] == "longitude"
    rest = town.get(f"/imports/{number}/rows", verdict="refused", cursor=refused["next"]).json()
    assert [row["row"] for row in rest["items"]] == [7]
    assert len(town.get(f"/imports/{number}/rows").json()["items"]) == 6
    assert town.get("/imports", limit=1).json()["items"][0]["id"] == number


def test_progress_is_told_until_the_end(town: City) -> None:
    number = post(town, a_csv(*({"name": f"followed {n}"} for n in range(500)))).json()["id"]
    with town.client.stream("GET", f"/api/v1/imports/{number}/progress") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        told = [json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: ")]
    assert told[-1]["state"] == "finished"
    assert told[-1]["created"] == 500


def test_a_file_that_cannot_be_read_fails_with_the_reason(town: City) -> None:
    found = taken(town, b"a,b\n1,2\n")
    assert found["state"] == "failed"
    assert "none of the 2 cells of the first row names a column" in found["fault"]
    cut_off = taken(town, a_csv({"name": "before"}) + b'"open\n')
    assert (cut_off["state"], sums(cut_off)) == ("failed", (0, 0, 0, 0))
    assert "never closed" in cut_off["fault"]


def test_a_fault_in_the_middle_ends_the_import_with_its_reason(town: City) -> None:
    def check(url: str) -> tuple[str, Login | None]:
        if "10.9.0.9" in url:
            raise Unavailable("the database is away")
        return check_address(url)

    services = replace(town.services, check_address=check)
    with api_server(services) as server, a_client(server, town.key) as client:
        city = replace(town, client=client)
        rows = [{"name": f"fault {n}", "url": f"rtsp://10.9.0.{9 if n == 200 else 1}/{n}"} for n in range(300)]
        failed = taken(city, a_csv(*rows))
        assert (failed["state"], failed["fault"]) == ("failed", "the database is away")
        assert 0 < failed["created"] <= 200
    again = taken(town, a_csv(*rows))
    assert sums(again) == (300 - failed["created"], 0, failed["created"], 0)


def test_an_unknown_department_is_told_before_anything_is_read(town: City) -> None:
    answer = post(town, GOOD, department=99)
    assert (answer.status_code, answer.json()["field"]) == (422, "department")


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""]
)
def test_what_a_form_can_send_is_refused(town: City, kind: str) -> None:
    assert post(town, GOOD, kind).status_code == 415


def test_a_page_of_another_origin_is_refused(town: City) -> None:
    headers = {"Content-Type": CSV, "Origin": "http://evil.example"}
    assert town.client.post("/api/v1/cameras:import", content=GOOD, headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/api/v1/cameras", "/api/v1/cameras:import/", "/api/v1/rules:try"])
def test_no_other_route_takes_files(town: City, path: str) -> None:
    assert town.client.post(path, content=GOOD, headers={"Content-Type": CSV}).status_code == 415


def test_an_empty_body_is_refused(town: City) -> None:
    assert post(town, b"").status_code == 422


def test_a_hundred_megabytes_are_refused_before_they_arrive(town: City) -> None:
    """Only the head is sent: the answer comes all the same."""
    host, port = town.server.host, town.server.port
    with socket.create_connection((host, port), 5) as connection:
        connection.sendall(
            f"POST /api/v1/cameras:import HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: text/csv\r\n"
            "Content-Length: 104857600\r\n\r\n".encode()
        )
        connection.settimeout(5)
        assert b" 413 " in connection.recv(100)


def test_a_file_that_grows_beyond_the_limit_is_refused_as_it_passes_it(town: City) -> None:
    with held_addresses(town) as (_, city):
        sent = 0

        def endless() -> Iterator[bytes]:
            nonlocal sent
            while sent < 50_000_000:
                sent += 10_000
                yield b"x" * 10_000

        try:
            answer = city.client.post("/api/v1/cameras:import", content=endless(), headers={"Content-Type": CSV})
            assert answer.status_code == 413
        except httpx2.TransportError:
            pass  # the connection was closed while the rest was being sent
        assert sent < 50_000_000
        assert not list((city.services.data_folder / "imports").iterdir())


def test_an_upload_is_readable_by_nobody_else_and_gone_afterwards(town: City) -> None:
    with held_addresses(town) as (may_go_on, city):
        number = post(city, a_csv({"name": "held", "url": "rtsp://10.1.0.1/a"})).json()["id"]
        [upload] = uploads(city)
        assert stat.S_IMODE(upload.stat().st_mode) == 0o600
        may_go_on.set()
        assert ended(city, number)["state"] == "finished"
        deadline = time.monotonic() + 5
        while uploads(city) and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        assert not uploads(city)


def uploads(city: City) -> list[Path]:
    return list((city.services.data_folder / "imports").iterdir())


def test_files_wait_for_each_other_and_can_be_cancelled(town: City) -> None:
    with held_addresses(town) as (may_go_on, city):
        file = a_csv(*({"name": f"cancelled {n}", "url": f"rtsp://10.2.0.{n}/a"} for n in range(1, 4)))
        first, second = post(city, file).json(), post(city, file).json()
        assert city.get(f"/imports/{second['id']}").json()["state"] == "waiting"
        assert city.client.delete(f"/api/v1/imports/{second['id']}").status_code == 202
        for _ in range(3):
            post(city, file)
        assert post(city, file).status_code == 503
        may_go_on.set()
        assert ended(city, first["id"])["state"] == "finished"
        cancelled = ended(city, second["id"])
        assert (cancelled["state"], cancelled["done"]) == ("cancelled", 0)
        again = city.client.delete(f"/api/v1/imports/{second['id']}")
        assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_what_an_ended_program_left_is_marked_and_its_files_are_removed(town: City) -> None:
    with town.services.database.write() as connection:
        long_ago = town.services.clock.now() - timedelta(minutes=1)
        left = records.add(connection, file="left.csv", dry_run=False, at=long_ago)
        records.begin(connection, left.id, [])
    orphan = town.services.data_folder / "imports" / "x.upload"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    with api_server(town.services):
        assert town.get(f"/imports/{left.id}").json()["state"] == ImportState.INTERRUPTED
        assert not orphan.exists()


def test_what_another_program_has_in_hand_is_left_to_it(town: City) -> None:
    with held_addresses(town) as (may_go_on, city):
        file = a_csv({"name": "shared", "url": "rtsp://10.3.0.1/a"})
        at_work, waiting = (post(city, file).json()["id"] for _ in range(2))
        with api_server(town.services):
            for number in (at_work, waiting):
                assert town.get(f"/imports/{number}").json()["ended_at"] is None
        may_go_on.set()
        assert [ended(city, number)["state"] for number in (at_work, waiting)] == ["finished", "finished"]


def test_an_import_is_cancelled_by_whichever_program_is_asked(town: City) -> None:
    with held_addresses(town) as (may_go_on, city):
        file = a_csv({"name": "elsewhere", "url": "rtsp://10.4.0.1/a"})
        _, waiting = (post(city, file).json()["id"] for _ in range(2))
        before = newest(town)
        assert town.client.delete(f"/api/v1/imports/{waiting}").status_code == 202
        (asked,) = [row for row in rows_since(town, before) if row.object == str(waiting)]
        assert (asked.act, asked.detail) == ("import", {"state": "stopping"}), "who cancels may be another one"
        may_go_on.set()
        assert ended(city, waiting)["state"] == "cancelled"


def test_old_imports_are_forgotten(town: City) -> None:
    services = replace(town.services, imports=ImportSettings(kept=2))
    with api_server(services) as server, a_client(server, town.key) as client:
        city = replace(town, client=client)
        numbers = [taken(city, a_csv({"name": "kept"}))["id"] for _ in range(3)]
        deadline = time.monotonic() + 10
        while len(city.get("/imports").json()["items"]) > 2 and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert [item["id"] for item in city.get("/imports").json()["items"]] == numbers[:0:-1]


def test_what_is_exported_can_be_imported_without_a_change(town: City) -> None:
    taken(town, GOOD)
    table = town.get("/cameras.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in table.headers["Content-Disposition"]
    number = len(list(csv.reader(io.StringIO(table.text)))) - 1
    assert number > 10
    found = taken(town, table.content)
    assert sums(found) == (0, 0, number, 0), town.get(
        f"/imports/{found['id']}/rows", verdict=["refused", "changed"]
    ).text
    assert sums(taken(town, town.get("/cameras.json").content, "application/json")) == (0, 0, number, 0)


def test_no_cell_of_an_export_is_a_formula(town: City) -> None:
    taken(town, GOOD)
    cells = [cell for row in csv.reader(io.StringIO(town.get("/cameras.csv").text)) for cell in row]
    assert {"'=HYPERLINK()", "'+门", "'-", "-1.5"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in "=+@\t\r" and cell]


def test_geojson_has_points_and_cameras_without_a_place(town: City) -> None:
    taken(town, GOOD)
    file = town.get("/cameras.geojson", q="HYPERLINK").json()
    [feature] = file["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-1.5, 2.0]}
    assert feature["properties"]["url"] == "rtsp://10.0.0.1/a"
    [other] = town.get("/cameras.geojson", q="plain").json()["features"]
    assert other["geometry"] is None


def test_no_secret_leaves(town: City) -> None:
    taken(town, GOOD)
    number = taken(town, a_csv({"name": "bad", "url": f"http://ann:{SECRET}@10.0.0.1/"}))["id"]
    without_headers = a_csv({"a gate": "x", f"rtsp://ann:{SECRET}@10.0.0.1/": "x", SECRET: "x"})
    assert taken(town, without_headers)["state"] == "failed"
    answers = [town.get(path).text for path in ("/cameras.csv", "/cameras.json", "/cameras.geojson", "/imports")]
    answers.append(town.get(f"/imports/{number}/rows").text)
    assert not [answer for answer in answers if SECRET in answer]
    assert "10.0.0.2/a?token=***" in answers[0]


def test_a_bad_filter_of_an_export_is_told(town: City) -> None:
    answer = town.get("/cameras.csv", bbox="1,2,3")
    assert (answer.status_code, answer.json()["field"]) == (422, "bbox")
