"""How often somebody may ask."""

from collections.abc import Iterator

import pytest

from api.settings import ApiSettings
from tests.system.api.conftest import SETTINGS, City, a_city
from tests.system.api.signing import a_browser, refusal, sign_in

KNOWN, STRANGERS = 60, 10


@pytest.fixture
def strict_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    given = SETTINGS.model_dump() | {"requests_per_minute": KNOWN, "strangers_per_minute": STRANGERS}
    with a_city(tmp_path_factory.mktemp("city"), ApiSettings.model_validate(given)) as found:
        yield found


def test_whoever_asks_too_often_waits_and_others_do_not(strict_city: City) -> None:
    for _ in range(KNOWN):
        assert strict_city.get("/session").status_code == 200
    answer = strict_city.get("/session")
    assert refusal(answer) == (429, "too_many", "more than 60 requests came in a minute")
    assert 1 <= int(answer.headers["retry-after"]) <= 60

    with a_browser(strict_city) as stranger:
        for number in range(STRANGERS):
            if number % 2:
                assert stranger.get("/api/v1/cameras").status_code == 401
            else:
                assert sign_in(stranger, f"somebody.{number}").status_code == 401
        for late in (
            stranger.get("/api/v1/cameras"),
            stranger.get("/api/v1/cameras", headers={"Authorization": "Bearer se_x"}),
            sign_in(stranger, "somebody"),
            stranger.get("/api/v1/alert-pictures/x"),
            stranger.post("/api/v1/invitations:look", json={"token": "x"}),
            stranger.post("/api/v1/invitations:accept", json={"token": "x", "password": "x"}),
        ):
            assert refusal(late)[:2] == (429, "too_many")
        assert stranger.get("/healthz").status_code == 200
