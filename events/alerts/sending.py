"""Sends letters: one event loop in a thread of its own, few letters at once to each receiver."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Flag
from threading import Thread
from typing import Final

import httpx2

from core.clock import Clock

from .connecting import CheckedTransport
from .message import CONTENT_TYPE
from .names import Names
from .outcomes import Fate, Outcome
from .preparing import Letter
from .schedule import asked_pause
from .settings import AlertSettings
from .signing import signed_headers
from .targets import NotAllowed, Resolver

MOST_ANSWERED: Final = 65_536
"""Bytes of an answer that are read."""
_MOST_PARTS: Final = 128
"""An answer in tiny chunks is read no further: each of them costs as much as a large one, and all wait for it."""
_SHOWN: Final = 512
_REST_S: Final = 2.0
_LEAST_REST_S: Final = 0.05
"""What comes after the status is waited for so long: it only decides what the log shows."""
_BUSY: Final = frozenset({408, 425, 429})
"""Answers below 500 that say: not now."""


@dataclass(slots=True, eq=False)
class _Receiver:
    waiting: deque[Letter] = field(default_factory=deque)
    on_their_way: int = 0


class Sending:
    """Sends what it is given, and tells `on_outcome` what became of it, from its own thread."""

    def __init__(
        self,
        settings: AlertSettings,
        clock: Clock,
        on_outcome: Callable[[Outcome], None],
        *,
        agent: str,
        trust: ssl.SSLContext | None = None,
        ask: Resolver | None = None,
    ) -> None:
        """`trust`: whose certificates are believed; without it those of the system."""
        self._settings = settings
        self._clock = clock
        self._on_outcome = on_outcome
        # No client around it: one would keep the cookies of a receiver, and show them to others.
        self._transport = CheckedTransport(
            settings.allowed, ask=ask or Names(), trust=trust, most_at_once=settings.most_at_once
        )
        self._headers = {
            "user-agent": agent,
            "content-type": CONTENT_TYPE,
            "accept": "*/*",
            "accept-encoding": "identity",
        }
        self._extensions = {"timeout": httpx2.Timeout(settings.timeout_s).as_dict()}
        self._loop = asyncio.new_event_loop()
        self._receivers: dict[str, _Receiver] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self._is_over = Flag()
        self._thread = Thread(target=self._run, name="sending", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def send(self, letters: list[Letter]) -> None:
        """Send these, in this order for each receiver. Any thread."""
        self._loop.call_soon_threadsafe(self._take, letters)

    def stop(self, timeout_s: float) -> None:
        """Begin nothing more; what is on its way after `timeout_s` seconds is broken off. All are told of as given
        back, or as what became of them, when this returns."""
        if self._is_over.is_set():
            return
        self._loop.call_soon_threadsafe(self._begin_stop, timeout_s)
        self._is_over.wait(timeout_s + 1.0)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1.0)

    def _run(self) -> None:
        self._loop.run_forever()
        with suppress(Exception):
            self._loop.run_until_complete(self._transport.aclose())
        self._loop.close()

    def _take(self, letters: list[Letter]) -> None:
        for letter in letters:
            if self._is_stopping:
                self._give_back(letter)
                continue
            receiver = self._receivers.setdefault(letter.origin, _Receiver())
            receiver.waiting.append(letter)
            self._begin(letter.origin, receiver)

    def _begin(self, origin: str, receiver: _Receiver) -> None:
        """Send the next ones, as far as there is room."""
        while receiver.waiting and receiver.on_their_way < self._settings.most_at_once:
            letter = receiver.waiting.popleft()
            if self._is_stopping or self._clock.monotonic() > letter.send_by:
                self._give_back(letter)
                continue
            receiver.on_their_way += 1
            task = self._loop.create_task(self._deliver(letter, receiver))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not receiver.waiting and not receiver.on_their_way:
            self._receivers.pop(origin, None)

    async def _deliver(self, letter: Letter, receiver: _Receiver) -> None:
        at, began = self._clock.now(), self._loop.time()
        outcome: Outcome | None = None
        try:
            outcome = await self._attempt(letter, at, began)
        except asyncio.CancelledError:
            pass
        except Exception as error:
            # Whatever else is wrong is wrong with this letter, and must not end the loop.
            outcome = self._failed(letter, at, began, f"it could not be sent ({type(error).__name__})", blames=False)
        receiver.on_their_way -= 1
        if outcome is None:
            self._give_back(letter)
        else:
            self._on_outcome(outcome)
            if outcome.blames_receiver:
                while receiver.waiting:
                    self._give_back(receiver.waiting.popleft())
        self._begin(letter.origin, receiver)

    async def _attempt(self, letter: Letter, at: datetime, began: float) -> Outcome:
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                response = await self._post(letter, at)
        except (TimeoutError, httpx2.TimeoutException):
            why, blames = f"no answer within {self._settings.timeout_s:g} s", True
        except NotAllowed as error:
            why, blames = error.message, False
        except httpx2.ConnectError as error:
            why, blames = _why_not_connected(error), True
        except httpx2.HTTPError:
            why, blames = "the connection broke off before there was an answer", True
        except OSError:
            why, blames = "the name of its host leads to no address", True
        else:
            return await self._answered(letter, response, at, began)
        return self._failed(letter, at, began, why, blames=blames)

    async def _post(self, letter: Letter, at: datetime) -> httpx2.Response:
        headers = signed_headers(letter.claimed.message_id, at, letter.body, letter.secrets)
        request = httpx2.Request(
            "POST",
            letter.url,
            headers={**self._headers, **headers},
            content=letter.body,
            extensions=self._extensions,
        )
        return await self._transport.handle_async_request(request)

    async def _answered(self, letter: Letter, response: httpx2.Response, at: datetime, began: float) -> Outcome:
        status = response.status_code
        is_taken = 200 <= status < 300
        left_s = self._settings.timeout_s - (self._loop.time() - began)
        answer = await _beginning(response, max(_LEAST_REST_S, min(left_s, _REST_S)))
        return Outcome(
            letter.claimed,
            letter.origin,
            Fate.ACKNOWLEDGED if is_taken else Fate.FAILED,
            at,
            took_ms=self._took_ms(began),
            status=status,
            error="" if is_taken else _refusal(status),
            answer=answer,
            asked=None if is_taken else asked_pause(response.headers.get("retry-after"), at),
            blames_receiver=status >= 500 or status in _BUSY,
        )

    def _failed(self, letter: Letter, at: datetime, began: float, why: str, *, blames: bool) -> Outcome:
        took_ms = self._took_ms(began)
        return Outcome(
            letter.claimed, letter.origin, Fate.FAILED, at, took_ms=took_ms, error=why, blames_receiver=blames
        )

    def _took_ms(self, began: float) -> int:
        return round((self._loop.time() - began) * 1_000)

    def _give_back(self, letter: Letter) -> None:
        self._on_outcome(Outcome(letter.claimed, letter.origin, Fate.GIVEN_BACK, self._clock.now()))

    def _begin_stop(self, timeout_s: float) -> None:
        self._is_stopping = True
        for origin, receiver in list(self._receivers.items()):
            self._begin(origin, receiver)
        self._tasks.add(self._loop.create_task(self._finish(timeout_s)))

    async def _finish(self, timeout_s: float) -> None:
        rest = self._tasks - {asyncio.current_task()}
        if rest:
            _, late = await asyncio.wait(rest, timeout=timeout_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=0.5)
        for receiver in self._receivers.values():
            while receiver.waiting:
                self._give_back(receiver.waiting.popleft())
        self._is_over.set()


async def _beginning(response: httpx2.Response, timeout_s: float) -> str:
    """How the answer begins, as text. Whatever breaks off here changes nothing of what was said by the status."""
    read = bytearray()
    try:
        with suppress(httpx2.HTTPError, TimeoutError):
            async with asyncio.timeout(timeout_s):
                parts = 0
                async for part in response.aiter_raw():
                    read += part
                    parts += 1
                    if len(read) > MOST_ANSWERED or parts == _MOST_PARTS:
                        break
    finally:
        with suppress(httpx2.HTTPError, OSError):
            await response.aclose()
    text = bytes(read[: 4 * _SHOWN]).decode(errors="replace")[:_SHOWN]
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return f"HTTP {status}: redirects are not followed"
    if status == 410:
        return "HTTP 410: the receiver wants no more"
    return f"HTTP {status}"


def _why_not_connected(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not believed: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "TLS could not be agreed on"
        cause = cause.__cause__ or cause.__context__
    return "no connection could be made"
