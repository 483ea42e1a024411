from pathlib import Path

import pytest

from tests.system.api.conftest import SETTINGS, City, a_city


@pytest.fixture
def built(tmp_path: Path) -> Path:
    console = tmp_path / "console"
    (console / "assets").mkdir(parents=True)
    (console / "index.html").write_text("<!doctype html><title>console</title>")
    (console / "assets" / "index-4f2a.js").write_text("export {}")
    (console / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("hunter2")
    return tmp_path


def test_a_console_that_was_not_built_says_how_in_both_languages(city: City) -> None:
    answer = city.client.get("/")
    assert answer.status_code == 200
    assert "uv sync --reinstall-package sharp-eyes" in answer.text
    assert "网页尚未构建" in answer.text
    assert city.client.get("/cameras/1").status_code == 404


def test_the_first_page_is_shown_for_the_consoles_own_paths_and_never_cached(built: Path) -> None:
    with a_city(built, SETTINGS) as city:
        for path in ("/", "/events/123", "/index.html"):
            answer = city.client.get(path)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), path
            assert "<title>console</title>" in answer.text
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
        assert city.client.head("/").status_code == 200


def test_files_with_a_hash_in_their_name_are_kept_for_ever(built: Path) -> None:
    with a_city(built, SETTINGS) as city:
        answer = city.client.get("/assets/index-4f2a.js")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "javascript" in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        missing = city.client.get("/assets/index-0000.js")
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")
        icon = city.client.get("/favicon.svg")
        again = city.client.get("/favicon.svg", headers={"If-None-Match": icon.headers["etag"]})
        assert (icon.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "//secret.txt",
    ],
)
def test_nothing_outside_the_folder_is_served(built: Path, path: str) -> None:
    with a_city(built, SETTINGS) as city:
        answer = city.client.get(city.server.url + path)
        assert "hunter2" not in answer.text
        assert answer.status_code == 404 or "<title>console</title>" in answer.text


def test_unknown_paths_of_the_api_are_problems_and_not_the_page(built: Path) -> None:
    with a_city(built, SETTINGS) as city:
        for path in ("/api", "/api/v1/nothing", "/api/v2/cameras", "/api/v1/cameras/"):
            answer = city.client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert city.client.post("/").status_code == 405
