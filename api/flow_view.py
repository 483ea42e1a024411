"""What a flow rule counted, as the API shows it."""

from core.line import Direction

from .fields import Body, Instant


class FlowItem(Body):
    """How many objects of one label crossed in one direction from a moment on, for one step."""

    at: Instant
    direction: Direction
    label: str
    count: int
