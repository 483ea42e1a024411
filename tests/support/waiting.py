"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

from .slowness import SLOWNESS

Answer = TypeVar("Answer")


def wait_for(ask: Callable[[], Answer | None], what: str, timeout_s: float = 60.0) -> Answer:
    """What `ask` answers, once that is true; fails with `what` where it does not come at all.

    `timeout_s` is what is allowed on the machine that the waits were set on: see `slowness`.
    """
    return comes_within(ask, what, SLOWNESS * timeout_s)


def comes_within(ask: Callable[[], Answer | None], what: str, limit_s: float) -> Answer:
    """The same for what is promised to come within `limit_s`, on a slow machine too."""
    deadline = time.monotonic() + limit_s
    pause_s = 0.005
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {limit_s:.1f} s: {what}"
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 0.1)
