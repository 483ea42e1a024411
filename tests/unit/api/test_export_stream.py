import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import pytest

from api.export_stream import ExportDesk, ExportStream
from core.access import Principal, PrincipalKind, Role
from core.errors import Forbidden, TooMany, Unavailable

Body = Callable[[], Awaitable[None]]


def a_person(number: int = 1) -> Principal:
    return Principal(PrincipalKind.PERSON, number, "Li Wei", Role.OPERATOR, None)


def in_a_loop(body: Body) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(10):
            await body()

    asyncio.run(bounded())


class Client:
    """Who reads an answer; hangs up, or stops to read, when a test says so."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = asyncio.Event()
        self.has_some = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.told.append(message)
        if b"b" in message.get("body", b""):
            self.has_some.set()
        await self.reads.wait()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.told)

    @property
    def has_the_end(self) -> bool:
        return not self.told[-1].get("more_body", False) and self.told[-1]["type"] == "http.response.body"


def a_stream(desk: ExportDesk, read_on: Callable[[], str | None]) -> ExportStream:
    place = ExitStack()
    cut_off = place.enter_context(desk.join(a_person()))
    return ExportStream(desk, place, cut_off, "a", read_on, media_type="text/csv", headers={"Events-Expected": "1"})


def pieces(*texts: str | Exception) -> Callable[[], str | None]:
    waiting = list(texts)

    def read_on() -> str | None:
        if not waiting:
            return None
        if isinstance(found := waiting.pop(0), Exception):
            raise found
        return found

    return read_on


async def answered(stream: ExportStream, client: Client) -> None:
    await stream({"type": "http"}, client.receive, client.send)


def test_a_file_is_sent_piece_by_piece_to_its_end() -> None:
    async def body() -> None:
        desk, client = ExportDesk(), Client()
        await answered(a_stream(desk, pieces("b", "c" * 200_000)), client)
        assert client.body == b"ab" + b"c" * 200_000
        assert max(len(message.get("body", b"")) for message in client.told) <= 65_536
        assert client.has_the_end
        assert desk.taken == 0

    in_a_loop(body)


def test_a_file_that_may_not_go_on_has_no_end() -> None:
    async def body() -> None:
        desk, client = ExportDesk(), Client()
        await answered(a_stream(desk, pieces("b", Forbidden("no more"), "c")), client)
        assert client.body == b"ab"
        assert not client.has_the_end
        assert desk.taken == 0

    in_a_loop(body)


def test_the_reading_ends_when_the_client_hangs_up() -> None:
    async def body() -> None:
        desk, client = ExportDesk(), Client()

        def hang_up() -> str:
            loop.call_soon_threadsafe(client.gone.set)
            return "b"

        loop = asyncio.get_running_loop()
        await answered(a_stream(desk, hang_up), client)
        assert not client.has_the_end
        assert desk.taken == 0

    in_a_loop(body)


@pytest.mark.parametrize("reads", [True, False])
def test_the_end_cuts_all_off_and_lets_nobody_in(reads: bool) -> None:
    async def body() -> None:
        desk, client = ExportDesk(), Client()
        under_way = asyncio.create_task(answered(a_stream(desk, lambda: "b"), client))
        await client.has_some.wait()
        if not reads:
            client.reads.clear()
        desk.end()
        await under_way
        assert not client.has_the_end
        with pytest.raises(Unavailable, match="stopping"), desk.join(a_person()):
            pass

    in_a_loop(body)


def test_one_has_some_places_and_all_together_more() -> None:
    async def body() -> None:
        desk = ExportDesk(at_once=3, of_one=2)
        with ExitStack() as held:
            first = held.enter_context(ExitStack())
            first.enter_context(desk.join(a_person(1)))
            held.enter_context(desk.join(a_person(1)))
            with pytest.raises(TooMany, match="2 exports of yours"), desk.join(a_person(1)):
                pass
            held.enter_context(desk.join(a_person(2)))
            with pytest.raises(Unavailable, match="3 exports are under way"), desk.join(a_person(3)):
                pass
            first.close()
            with desk.join(a_person(1)):
                assert desk.taken == 3
        assert desk.taken == 0

    in_a_loop(body)
