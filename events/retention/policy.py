"""What counts: how long something of a department and kind is kept, by the nearest rule, or by the settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import EVENT_EPOCH, EventId, first_event_id
from core.rule import RuleKind
from registry.access.department_tree import DepartmentTree

from .medium import SHOWN, Medium
from .rules import Concerns, RetentionRule, list_rules
from .settings import RetentionSettings

FOR_EVER: Final = timedelta.max
_NEVER: Final = EventId(0)


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept, and why."""

    kept: timedelta
    """`FOR_EVER`: it never goes by itself."""
    rule: RetentionRule | None
    """The rule that says so; None: the settings do."""
    limited_by: Medium | None = None
    """The medium whose time counts instead: an event stays as long as its media, a masked clip goes with its
    original."""

    @property
    def days(self) -> float | None:
        """None: for ever."""
        return None if self.kept == FOR_EVER else self.kept / timedelta(days=1)


class Policy:
    """All rules, as a connection sees them. For one thread."""

    def __init__(self, connection: Connection, settings: RetentionSettings, track_log_h: int) -> None:
        """`track_log_h` is how long tracks are kept where no rule says anything, in hours."""
        self.tree = DepartmentTree(connection)
        self._settings = settings
        self._track_log_h = track_log_h
        self._rules = {rule.concerns: rule for rule in list_rules(connection)}
        self._known: dict[Concerns, Term] = {}

    def term(self, department: DepartmentId | None, kind: RuleKind | None, medium: Medium) -> Term:
        """How long that is kept. No department: what counts where no department says anything; no kind: of all kinds
        of which no rule says anything."""
        concerns = Concerns(medium, department, kind)
        if concerns not in self._known:
            self._known[concerns] = self._work_out(concerns)
        return self._known[concerns]

    def kinds(self, department: DepartmentId | None, medium: Medium) -> frozenset[RuleKind]:
        """The kinds of events of which it is kept for another time than of the others."""
        if medium is Medium.TRACK:
            return frozenset()
        named = {one.kind for one in self._rules if one.kind is not None}
        usual = self.term(department, None, medium).kept
        return frozenset(kind for kind in named if self.term(department, kind, medium).kept != usual)

    def ends_before(self, department: DepartmentId, kind: RuleKind | None, medium: Medium, now: datetime) -> EventId:
        """The time is over for the events below this id, and for no others."""
        return goes_before(self.term(department, kind, medium).kept, now)

    def _work_out(self, concerns: Concerns) -> Term:
        own = self._nearest(concerns)
        match concerns.medium:
            case Medium.EVENT:
                others = self._of(SHOWN, concerns)
                longest = max(others, key=lambda one: one[1].kept)
                return own if longest[1].kept <= own.kept else Term(longest[1].kept, longest[1].rule, longest[0])
            case Medium.MASKED_CLIP:
                ((_, original),) = self._of([Medium.ORIGINAL], concerns)
                return own if own.kept <= original.kept else Term(original.kept, original.rule, Medium.ORIGINAL)
            case _:
                return own

    def _of(self, media: Iterable[Medium], concerns: Concerns) -> list[tuple[Medium, Term]]:
        return [(medium, self.term(concerns.department, concerns.kind, medium)) for medium in media]

    def _nearest(self, concerns: Concerns) -> Term:
        medium, kind = concerns.medium, concerns.kind
        above: list[DepartmentId | None] = []
        if concerns.department is not None:
            above += self.tree.with_above(concerns.department)
        for department in [*above, None]:
            for which in (None,) if kind is None else (kind, None):
                rule = self._rules.get(Concerns(medium, department, which))
                if rule is not None:
                    return Term(FOR_EVER if rule.days is None else timedelta(days=rule.days), rule)
        return Term(self._usual(medium), None)

    def _usual(self, medium: Medium) -> timedelta:
        """How long it is kept where no rule says anything."""
        match medium:
            case Medium.EVENT:
                return timedelta(days=self._settings.event_days)
            case Medium.SNAPSHOT:
                return timedelta(days=self._settings.snapshot_days)
            case Medium.ORIGINAL:
                return timedelta(days=self._settings.original_days)
            case Medium.MASKED_CLIP:
                return timedelta(days=self._settings.masked_clip_days)
            case Medium.TRACK:
                return timedelta(hours=self._track_log_h)
            case other:
                assert_never(other)


def goes_before(kept: timedelta, now: datetime) -> EventId:
    """What began at a lower id than this began longer ago than `kept`."""
    if kept == FOR_EVER or now - EVENT_EPOCH <= kept:
        return _NEVER
    return first_event_id(now - kept)
