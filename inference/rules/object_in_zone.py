"""An object of certain labels is in a zone."""

from .lasting import Lasting


class ObjectInZone(Lasting):
    """Holds while the track's foot stands in the rule's zone (None: anywhere)."""
