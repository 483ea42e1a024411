"""An object of certain labels stands in a zone."""

from core.rule import Rule
from core.track import Track


class ObjectInZone:
    """Holds while the track bears one of the rule's labels and its foot stands in the rule's zone (None: anywhere)."""

    def __init__(self, rule: Rule) -> None:
        self._labels = rule.labels
        self._polygon = rule.zone.polygon if rule.zone is not None else None

    def holds(self, track: Track) -> bool:
        if track.label not in self._labels:
            return False
        return self._polygon is None or self._polygon.holds(track.box.foot)
