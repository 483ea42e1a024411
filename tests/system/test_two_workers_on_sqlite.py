"""Several workers without a database server: `sharp-eyes run --workers 2` on one SQLite file."""

from pathlib import Path

from tests.support.footage import bikes
from tests.support.program import Running
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for


def test_run_keeps_two_workers_on_one_sqlite_file(tmp_path: Path, street_server: RtspServer) -> None:
    city = Running(tmp_path / "data", environment={"SHARP_EYES_LOOKING__THREADS": "1"})
    city.launch("run --workers 2")
    try:
        wait_for(city.is_ready, "the program is ready", 60)
        numbers = [city.add_camera(f"camera {number}", street_server.url(bikes().name)) for number in range(2)]

        def spread() -> list[tuple[str, int]]:
            listed = city.get("/api/v1/workers")["items"]
            return sorted((one["name"].rpartition(":")[2], one["cameras"]) for one in listed)

        wait_for(lambda: spread() == [("1", 1), ("2", 1)], "each worker has a camera", 60)
        wait_for(lambda: all(city.state(number) == "live" for number in numbers), "both cameras are live", 60)
        assert all(city.get_bytes(f"/api/v1/cameras/{number}/latest")[:2] == b"\xff\xd8" for number in numbers)
        assert city.stop() == 0
    finally:
        city.kill()
