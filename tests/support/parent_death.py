"""Servers that tests start must not outlive a session that is killed: one that spins takes a core from all others."""

import ctypes
import signal
from collections.abc import Callable
from functools import partial
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
# Loaded before anything forks: between fork and exec a loader's lock may be held by nobody who could let it go.
_LIBC: Final = ctypes.CDLL(None)


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """For `preexec_fn`: the process gets that signal when the one that starts it ends, however it ends."""
    return partial(_LIBC.prctl, _PR_SET_PDEATHSIG, number)
