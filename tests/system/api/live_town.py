"""A town of two departments whose cameras are shown live, and how its people look."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import update
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from registry import tables
from tests.support.browser import SESSION_COOKIE
from tests.support.live_feed import FakeFeed
from tests.support.waiting import comes_within
from tests.system.api.conftest import City, a_worker
from tests.system.api.two_with_originals import REASON, Town, two_with_originals


@dataclass
class LiveTown:
    """Water's camera is looked at."""

    town: Town
    feed: FakeFeed = field(default_factory=FakeFeed)

    @property
    def city(self) -> City:
        return self.town.two.city

    @property
    def camera(self) -> int:
        return self.town.two.water.camera

    def beat(self) -> None:
        """Let the workers be heard of now, as they would be each second."""
        with self.city.services.database.write() as connection:
            connection.execute(update(tables.worker).values(heartbeat_at=self.city.services.clock.now()))

    def pictures(self, login: str = "water.operator") -> Any:
        """What `/live` answers, to be entered."""
        self.beat()
        return self.town.clients[login].stream("GET", f"/api/v1/cameras/{self.camera}/live")

    def ask(self, login: str = "water.operator", camera: int | None = None, **body: Any) -> httpx2.Response:
        return self.town.post(login, f"/cameras/{camera or self.camera}/unmaskings", **{"reason": REASON} | body)

    def asked(self, login: str = "water.operator") -> dict[str, Any]:
        answer = self.ask(login)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def socket(
        self,
        login: str | None,
        unmasking: object,
        *,
        camera: int | None = None,
        origin: str | None = "own",
        path: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> ClientConnection:
        """A WebSocket as the browser of `login` opens one. Raises `InvalidStatus` where it is refused."""
        self.beat()
        url = self.city.server.url
        where = path or f"/api/v1/cameras/{camera or self.camera}/live-original?unmasking={unmasking}"
        sent = dict(headers or {})
        if login is not None:
            sent["Cookie"] = f"{SESSION_COOKIE}={self.town.clients[login].cookies[SESSION_COOKIE]}"
        own = url if origin == "own" else origin
        return connect(
            f"ws{url[4:]}{where}",
            origin=None if own is None else Origin(own),
            additional_headers=sent,
            proxy=None,
            open_timeout=20,
            legacy=True,  # without `with`: how it ends is what is looked at
        )

    def refused(self, login: str | None, unmasking: object, **how: Any) -> tuple[int, str]:
        """Status and words with which a WebSocket is refused."""
        try:
            self.socket(login, unmasking, **how).close()
        except InvalidStatus as error:
            return error.response.status_code, (error.response.body or b"").decode()
        raise AssertionError("it was let in")

    def nobody_looks(self) -> None:
        comes_within(lambda: self.feed.open == 0, "the worker shows nothing any more", 5)


@contextmanager
def live_town(folder: Path) -> Iterator[LiveTown]:
    with two_with_originals(folder) as town:
        found = LiveTown(town)
        with a_worker(found.city, {}, live=found.feed):
            yield found
