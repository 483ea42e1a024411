"""Nine departments bring in ten thousand cameras by file, twice; one camera moves, one is removed and comes back."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Running, run_command

_SECTORS = [
    "education",
    "urban_management",
    "water",
    "health",
    "scenic_area",
    "rail_transit",
    "bridges_and_tunnels",
    "venue",
    "community",
]
_CAMERAS = 10_000
_BAD_EVERY = 33
_FAULTS: tuple[tuple[str, str], ...] = (
    ("longitude", "31.2"),
    ("gb_code", "1234567890"),
    ("url", "file:///etc/passwd"),
    ("department", "No such department"),
)
"""What is wrong with the bad rows, in turn: swapped coordinates, a short code, another scheme, nobody's camera."""


def row_of(number: int) -> dict[str, str]:
    """The row of a camera; each 33rd is bad in one place."""
    row = {
        "name": f"东湖路 {number} 号",
        "department": f"{_SECTORS[number % 9]} department",
        "own_id": f"C-{number:05}",
        "gb_code": f"3101040{number % 9}111320{number:06}",
        "longitude": f"{121.4 + number % 100 / 1000:.5f}",
        "latitude": f"{31.2 + number // 100 / 1000:.5f}",
        "url": f"rtsp://10.{number % 200}.{number // 250}.{number % 250 + 1}/main",
        "enabled": "no",
    }
    if is_bad(number):
        column, value = _FAULTS[number // _BAD_EVERY % len(_FAULTS)]
        row |= {"longitude": value, "latitude": "121.4"} if column == "longitude" else {column: value}
    return row


def is_bad(number: int) -> bool:
    return number % _BAD_EVERY == 0


_GOOD = sum(not is_bad(number) for number in range(1, _CAMERAS + 1))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("city") / "data").start()
    try:
        for sector in _SECTORS:
            running.send("POST", "/api/v1/departments", {"name": f"{sector} department", "kind": sector})
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "cameras.csv"
    with path.open("w", newline="") as target:
        rows = csv.DictWriter(target, row_of(1))
        rows.writeheader()
        rows.writerows(row_of(number) for number in range(1, _CAMERAS + 1))
    return path


def import_file(city: Running, file: Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of an import, and what it said of each row."""
    environment = {"SHARP_EYES_DATA": str(city.data)}
    done = run_command("cameras", "import", str(file), "--json", environment=environment)
    return done.returncode, [told for line in done.stdout.splitlines() if "row" in (told := json.loads(line))]


@pytest.fixture(scope="module")
def imports(city: Running, file: Path) -> list[tuple[int, list[dict[str, Any]]]]:
    """The same file, brought in twice."""
    return [import_file(city, file) for _ in range(2)]


def test_the_good_rows_are_taken_and_the_bad_ones_told_with_their_place(
    imports: list[tuple[int, list[dict[str, Any]]]],
) -> None:
    code, told = imports[0]
    assert code == 3
    assert Counter(one["verdict"] for one in told) == {"created": _GOOD, "refused": _CAMERAS - _GOOD}
    for one in told:
        if one["verdict"] == "refused":
            (refusal,) = one["refusals"]
            number = one["row"] - 1  # the header is row 1
            column = _FAULTS[number // _BAD_EVERY % len(_FAULTS)][0]
            assert is_bad(number)
            assert refusal["column"] in {column, "latitude" if column == "longitude" else column}
            assert refusal["expected"]


def test_the_second_time_nothing_changes(imports: list[tuple[int, list[dict[str, Any]]]]) -> None:
    _, told = imports[1]
    assert Counter(one["verdict"] for one in told) == {"unchanged": _GOOD, "refused": _CAMERAS - _GOOD}


def test_the_overview_counts_what_each_department_brought(
    city: Running, imports: list[tuple[int, list[dict[str, Any]]]]
) -> None:
    overview = city.get("/api/v1/overview")
    expected = Counter(f"{_SECTORS[n % 9]} department" for n in range(1, _CAMERAS + 1) if not is_bad(n))
    found = {one["name"]: one["registered"] for one in overview["by_department"] if one["registered"]}
    assert (overview["cameras"], found) == (_GOOD, dict(expected))


def test_a_camera_that_moves_is_found_at_its_new_owner_alone(
    city: Running, imports: list[tuple[int, list[dict[str, Any]]]]
) -> None:
    (camera,) = city.get("/api/v1/cameras?q=C-00005")["items"]
    owners = {one["kind"]: one["id"] for one in city.get("/api/v1/departments")["items"]}
    moved = city.send("PATCH", f"/api/v1/cameras/{camera['id']}", {"department": owners["venue"]})
    assert moved["department"]["id"] == owners["venue"] != camera["department"]["id"]
    found = {
        sector: [one["id"] for one in city.get(f"/api/v1/cameras?q=C-00005&sector={sector}")["items"]]
        for sector in ("rail_transit", "venue")
    }
    assert found == {"rail_transit": [], "venue": [camera["id"]]}


def test_a_camera_that_is_removed_comes_back_as_it_was(
    city: Running, imports: list[tuple[int, list[dict[str, Any]]]]
) -> None:
    (camera,) = city.get("/api/v1/cameras?q=C-00007")["items"]
    path = f"/api/v1/cameras/{camera['id']}"
    city.send("DELETE", path, None)
    assert city.ask("GET", path)[0] == 404
    assert city.get("/api/v1/cameras?q=C-00007")["items"] == []
    assert [one["id"] for one in city.get("/api/v1/cameras?q=C-00007&removed=true")["items"]] == [camera["id"]]
    city.send("POST", f"{path}:restore", {})
    back = city.camera(camera["id"])
    assert {**back, "revision": 0} == {**camera, "revision": 0}


def test_what_was_brought_in_can_be_taken_out_and_brought_in_again(
    city: Running, imports: list[tuple[int, list[dict[str, Any]]]], tmp_path: Path
) -> None:
    exported = tmp_path / "export.csv"
    exported.write_bytes(city.get_bytes("/api/v1/cameras.csv"))
    code, told = import_file(city, exported)
    assert (code, Counter(one["verdict"] for one in told)) == (0, {"unchanged": _GOOD})
