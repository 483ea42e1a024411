"""Addresses are asked for so that names whose servers hang keep nobody waiting."""

import asyncio
from collections.abc import Sequence
from threading import Event as Flag

import pytest

from events.alerts.names import Names, look_up

SOON_S = 20.0


class Servers:
    """Name servers: those of names that begin with `hang` hang until they are let go."""

    def __init__(self) -> None:
        self.go = Flag()
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host.startswith("hang"):
            self.go.wait(SOON_S)
            raise OSError("no answer")
        return ["203.0.113.9"]


def test_hundreds_of_names_that_hang_keep_no_other_waiting() -> None:
    servers = Servers()

    async def ask() -> Sequence[str]:
        names = Names(servers)
        hanging = [asyncio.ensure_future(names(f"hang-{n}.example.com", 443)) for n in range(200)]
        try:
            return await asyncio.wait_for(names("well.example.com", 443), SOON_S / 2)
        finally:
            servers.go.set()
            await asyncio.gather(*hanging, return_exceptions=True)

    assert asyncio.run(ask()) == ["203.0.113.9"]


def test_of_a_name_that_hangs_is_asked_once_however_many_wait_and_give_up() -> None:
    servers = Servers()

    async def ask() -> None:
        names = Names(servers)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(names("hang.example.com", 443), 0.01)
        servers.go.set()
        with pytest.raises(OSError, match="no answer"):
            await names("hang.example.com", 443)

    asyncio.run(ask())
    assert servers.asked == ["hang.example.com"]


def test_a_name_is_asked_for_anew_each_time() -> None:
    servers = Servers()

    async def ask() -> None:
        names = Names(servers)
        await names("well.example.com", 443)
        await names("well.example.com", 443)

    asyncio.run(ask())
    assert servers.asked == ["well.example.com"] * 2


def test_this_machine_knows_itself() -> None:
    assert "127.0.0.1" in look_up("127.0.0.1", 80)
