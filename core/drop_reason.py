"""Why a picture of a stream was not looked at."""

from enum import StrEnum


class DropReason(StrEnum):
    """Why no detector looked at a decoded picture."""

    NOT_DUE = "not_due"
    """The stream has more pictures than are to be looked at; nothing is wrong."""
    STILL = "still"
    """Nothing moved in it; what was known to be there was taken to be there still."""
    OVERTAKEN = "overtaken"
    """A newer frame came before a thread was free: the machine is too slow for its cameras."""
    FAILED = "failed"
    """Looking at it raised an error, which is in the log."""
    REMOVED = "removed"
    """Its camera was taken out while it waited."""
    STOPPED = "stopped"
    """The scheduler was stopped."""
