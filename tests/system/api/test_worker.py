"""What the API fetches from a worker's port, and what it says while there is none."""

import socket
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from api.settings import ApiSettings
from core.ids import CameraId
from registry import epochs, workers
from tests.support.rule_desk import AccountingDesk
from tests.system.api.conftest import PICTURE, SETTINGS, TOKEN, City, a_city, a_worker


def test_without_a_worker_the_latest_picture_is_unavailable(city: City) -> None:
    answer = city.get("/cameras/1/latest")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "no worker is running" in answer.json()["detail"]


def test_the_latest_picture_comes_from_the_worker(own_city: City) -> None:
    with a_worker(own_city, {CameraId(1): PICTURE}):
        answer = own_city.get("/cameras/1/latest")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PICTURE, "image/jpeg")
        assert answer.headers["cache-control"] == "no-store"
        none_yet = own_city.get("/cameras/2/latest")
        assert (none_yet.status_code, none_yet.json()["code"]) == (404, "not_found")
        assert "no picture yet" in none_yet.json()["detail"]
        assert own_city.get("/cameras/99/latest").status_code == 404
        assert own_city.get("/overview").json()["worker"]["state"] == "running"


def test_a_worker_that_fell_silent_is_not_asked(own_city: City) -> None:
    with a_worker(own_city, {CameraId(1): PICTURE}):
        with own_city.services.database.write() as connection:
            row = workers.newest(connection)
            assert row is not None
            workers.beat(connection, row.id, own_city.services.clock.now() - timedelta(seconds=30))
        assert own_city.get("/cameras/1/latest").status_code == 503
        assert own_city.get("/overview").json()["worker"]["state"] == "silent"
        assert own_city.client.get("/readyz").json()["status"] == "degraded"


def test_a_heartbeat_of_before_the_clock_was_set_back_keeps_no_dead_worker_alive(own_city: City) -> None:
    with a_worker(own_city, {CameraId(1): PICTURE}):
        with own_city.services.database.write() as connection:
            row = workers.newest(connection)
            assert row is not None
            workers.beat(connection, row.id, own_city.services.clock.now() + timedelta(hours=1))
        assert own_city.get("/overview").json()["worker"]["state"] == "silent"


def test_a_worker_that_died_a_moment_ago_is_unavailable(own_city: City) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with own_city.services.database.write() as connection:
        at = own_city.services.clock.now()
        dead = workers.register(connection, pid=1, at=at, port=port, token=TOKEN)
        epochs.take(connection, dead.id, [CameraId(1)], at)
    answer = own_city.get("/cameras/1/latest")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert TOKEN not in answer.text


def test_a_port_that_another_program_took_is_unavailable(own_city: City) -> None:
    with a_worker(own_city, {CameraId(1): PICTURE}) as worker:
        with own_city.services.database.write() as connection:
            at = own_city.services.clock.now()
            other = workers.register(connection, pid=2, at=at, port=worker.port, token="another token")
            epochs.take(connection, other.id, [CameraId(1)], at)
        assert own_city.get("/cameras/1/latest").status_code == 503


def test_metrics_join_api_and_worker_in_one_readable_text(own_city: City) -> None:
    own_city.get("/events")
    own_city.get("/events/17")
    own_city.get("/nothing")
    measured = (
        b"# HELP sharp_eyes_frames_total Frames\n# TYPE sharp_eyes_frames_total counter\nsharp_eyes_frames_total 5\n"
    )
    with a_worker(own_city, {}, metrics=measured):
        answer = own_city.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["sharp_eyes_frames"].samples[0].value == 5
    assert families["sharp_eyes_api_worker_up"].samples[0].value == 1
    counted = {
        (sample.labels["route"], sample.labels["status"])
        for sample in families["sharp_eyes_api_request_seconds"].samples
        if sample.name.endswith("_count")
    }
    assert {("/api/v1/events", "200"), ("/api/v1/events/{event}", "404"), ("none", "404")} <= counted


def test_no_label_names_a_camera_or_a_path_as_it_was_written(own_city: City) -> None:
    for camera in range(1, 6):
        own_city.get(f"/cameras/{camera}")
        own_city.client.get(f"/made-up-{camera}")
    own_city.client.request("BREW", "/api/v1/cameras")
    text = own_city.client.get("/metrics").text
    assert "/api/v1/cameras/{camera}" in text
    assert "made-up" not in text
    assert "/cameras/1" not in text
    assert "BREW" not in text
    assert 'method="other"' in text


def test_metrics_tell_how_alerts_are_doing(city: City) -> None:
    lines = city.client.get("/metrics").text.splitlines()
    assert "sharp_eyes_alerts_waiting 0.0" in lines
    assert "sharp_eyes_alerts_dead 0.0" in lines
    assert any(line.startswith("sharp_eyes_alerts_matched_total ") for line in lines)


def test_metrics_tell_that_the_worker_is_away(city: City) -> None:
    assert "sharp_eyes_api_worker_up 0.0" in city.client.get("/metrics").text


def test_a_server_with_a_worker_is_ready(own_city: City) -> None:
    with a_worker(own_city, {}):
        answer = own_city.client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert all(answer.json()[name]["ok"] for name in ("database", "schema", "disk", "worker"))


def test_a_server_without_a_worker_is_degraded_but_works(city: City) -> None:
    answer = city.client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["worker"] == {"ok": False, "detail": "there is none"}


def test_tables_of_another_version_make_it_not_ready(tmp_path: Path) -> None:
    with a_city(tmp_path, SETTINGS, schema_fault="the tables are two steps behind") as city:
        answer = city.client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not_ready")
    assert answer.json()["schema"]["detail"] == "the tables are two steps behind"


def test_a_full_disk_makes_it_not_ready(tmp_path: Path) -> None:
    with a_city(tmp_path, ApiSettings(**{**SETTINGS.model_dump(), "free_disk_bytes": 2**62})) as city:
        answer = city.client.get("/readyz")
    assert (answer.status_code, answer.json()["disk"]["ok"]) == (503, False)


def test_a_database_that_is_away_makes_it_not_ready_but_alive(tmp_path: Path) -> None:
    with a_city(tmp_path, SETTINGS) as city:
        (tmp_path / "database").rename(tmp_path / "elsewhere")
        city.services.database.close()
        answer = city.client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]["ok"]) == (503, False)
        login = city.client.post("/api/v1/session", json={"login": "li.wei", "password": "seven grey herons wait"})
        assert (login.status_code, login.json()["detail"]) == (503, answer.json()["database"]["detail"])
        assert str(tmp_path) not in answer.text + login.text
        assert city.client.get("/healthz").json() == {"status": "ok"}
        away = city.get("/events")
        assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "unavailable", "5")


def test_each_camera_is_asked_of_the_worker_that_watches_it(own_city: City) -> None:
    first, second = (a_worker(own_city, {CameraId(n): b"%d" % n}, name=f"w{n}", watches=[n]) for n in (1, 2))
    with first, second:
        assert [own_city.get(f"/cameras/{n}/latest").content for n in (1, 2)] == [b"1", b"2"]
        assert own_city.get("/cameras/3/latest").status_code == 404


def test_workers_are_listed_with_their_share_of_the_city(own_city: City) -> None:
    with own_city.services.database.write() as connection:
        epochs.end(connection, epochs.unended(connection), own_city.services.clock.now())
    with a_worker(own_city, {}, name="left", watches=[1, 2]), a_worker(own_city, {}, name="right", watches=[3]):
        listed = own_city.get("/workers").json()["items"]
    assert [(one["name"], one["state"], one["cameras"], one["capacity"]) for one in listed] == [
        ("left", "running", 2, 1.0),
        ("right", "running", 1, 1.0),
    ]
    assert all(one["weight"] >= one["cameras"] and one["heartbeat_at"] and one["since"] for one in listed)
    assert TOKEN not in str(listed)
    assert own_city.get("/workers").json() == {"items": []}


def test_the_account_of_a_departments_rule_is_the_sum_over_the_workers(own_city: City) -> None:
    body = {"name": "all", "labels": ["car"]}
    rule = own_city.client.post("/api/v1/departments/1/rules", json=body).json()["id"]
    desks = AccountingDesk(rule), AccountingDesk(rule), AccountingDesk(rule + 1)
    with ExitStack() as stack:
        for n, desk in enumerate(desks, 1):
            stack.enter_context(a_worker(own_city, {}, desk=desk, name=f"w{n}", watches=[n]))
        account = own_city.get(f"/rules/{rule}/account").json()
    assert (account["cameras"], account["tracks"], account["with_event"]) == (2, 6, 2)
    assert account["unfulfilled"] == {"place": 2, "duration": 2}


def test_measures_of_several_workers_are_told_apart_by_a_label(own_city: City) -> None:
    measured = (
        b"# HELP sharp_eyes_streams Streams\n# TYPE sharp_eyes_streams gauge\n"
        b'sharp_eyes_streams{state="live"} %d\n# HELP x_total X\n# TYPE x_total counter\nx_total %d\n'
    )
    with (
        a_worker(own_city, {}, name="left", watches=[1], metrics=measured % (1, 2)),
        a_worker(own_city, {}, name="right", watches=[2], metrics=measured % (3, 4)),
    ):
        text = own_city.client.get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert [(sample.labels, sample.value) for sample in families["sharp_eyes_streams"].samples] == [
        ({"worker": "left", "state": "live"}, 1),
        ({"worker": "right", "state": "live"}, 3),
    ]
    assert {sample.labels["worker"]: sample.value for sample in families["x"].samples} == {"left": 2, "right": 4}
    assert text.count("# TYPE sharp_eyes_streams ") == 1
    up = families["sharp_eyes_api_workers_up"].samples
    assert {sample.labels["worker"]: sample.value for sample in up} == {"left": 1, "right": 1}
