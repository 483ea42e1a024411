"""A scope while it is being worked out: what each role, default and grant adds to it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from core.access import Right
from core.camera import DepartmentId
from core.ids import EventId

from .reach import EVERYTHING, Reach
from .spans import Spans


@dataclass(slots=True)
class ScopeDraft:
    """What has been added so far."""

    _everything: set[Right] = field(default_factory=set)
    _departments: dict[Right, dict[DepartmentId, EventId]] = field(
        default_factory=lambda: {right: {} for right in Right}
    )
    _spans: list[tuple[Collection[Right], Spans]] = field(default_factory=list)

    def add_everything(self, rights: Collection[Right]) -> None:
        """All there is, by these rights."""
        self._everything.update(rights)

    def add_departments(
        self, rights: Collection[Right], departments: Collection[DepartmentId], lowest: EventId
    ) -> None:
        """What belongs to these departments, events from `lowest` on."""
        for right in rights:
            known = self._departments[right]
            for number in departments:
                known[number] = min(lowest, known.get(number, lowest))

    def add_spans(self, rights: Collection[Right], spans: Spans) -> None:
        """These spans of cameras."""
        if spans.cameras.size:
            self._spans.append((rights, spans))

    def reaches(self) -> dict[Right, Reach]:
        """What each right reaches; a right that reaches nothing is left out."""
        found: dict[Right, Reach] = {}
        made: dict[tuple[int, ...], list[Reach]] = {}
        for right in Right:
            if right in self._everything:
                found[right] = EVERYTHING
                continue
            parts = tuple(at for at, (rights, _) in enumerate(self._spans) if right in rights)
            departments = self._departments[right]
            if not (parts or departments):
                continue
            alike = made.setdefault(parts, [])  # rights come together: media with events with list
            same = next((reach for reach in alike if reach.departments == departments), None)
            if same is None:
                same = Reach(departments=departments, spans=Spans.all_of(self._spans[at][1] for at in parts))
                alike.append(same)
            found[right] = same
        return found
