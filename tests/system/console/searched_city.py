"""A city whose events are searched at the console: more of them than one search looks at, in two regions."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from api.settings import ApiSettings
from core.ids import CameraId
from events.index.walking import MOST_WALKED
from registry.uptime.days import Days
from tests.support import builders
from tests.system.api.conftest import CAMERAS, CITY_BEGAN_AT, EVENTS, City, a_city

DULL: Final = MOST_WALKED + 5_000
"""So many dogs were seen on camera 1 before all other events: with a low score, one each two seconds."""
BEGAN: Final = "from=2026-05-01T08:00:00Z"
"""As a filter: all but the dogs."""
MORNING: Final = f"{BEGAN}&to=2026-05-01T12:00:00Z"
"""The four hours of all other events, which lie in the first three and a half of them."""
ALL: Final = EVENTS + DULL


def put_places(city: City) -> None:
    """Cameras from west to east, the first half of them in one region."""
    for code, name, parent in (("4201", "东湖市", None), ("420106", "武昌区", "4201"), ("420111", "洪山区", "4201")):
        answer = city.client.put(f"/api/v1/regions/{code}", json={"name": name, "parent": parent})
        assert answer.is_success, answer.text
    for number in range(1, CAMERAS + 1):
        facts = {
            "longitude": 114.3 + number / 100,
            "latitude": 30.5,
            "region": "420106" if number <= CAMERAS // 2 else "420111",
            "address": f"珞喻路 {number} 号",
        }
        answer = city.client.patch(f"/api/v1/cameras/{number}", json=facts)
        assert answer.is_success, answer.text


@contextmanager
def a_searched_city(folder: Path, console: Path, settings: ApiSettings) -> Iterator[City]:
    """The city, by the clocks of Shanghai."""
    shutil.copytree(console, folder / "console")
    with a_city(folder, settings, days=Days(ZoneInfo("Asia/Shanghai"))) as city:
        city.write(
            *(
                builders.an_event(
                    n,
                    camera=CameraId(1),
                    at=CITY_BEGAN_AT - timedelta(seconds=2 * n),
                    lasted_s=1,
                    label="dog",
                    score=0.3,
                )
                for n in range(1, DULL + 1)
            )
        )
        put_places(city)
        yield city
