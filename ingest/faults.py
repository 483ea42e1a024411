"""What can be wrong with a stream, as one typed error."""

from core.errors import SharpEyesError
from core.stream_state import StreamState

from .address import hide_secrets


class StreamFault(SharpEyesError):
    """A stream cannot be opened, or broke off. `state` says how; the message says why, with every secret hidden."""

    def __init__(self, state: StreamState, message: str, *, hint: str | None = None) -> None:
        super().__init__(hide_secrets(message), hint=hint)
        self.state = state
