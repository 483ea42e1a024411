"""A rule tried on what was seen: the code that applies rules live, over logged tracks instead of pictures."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from core.crossing import Crossing
from core.errors import BadInput
from core.event import EndReason, Event
from core.line import Direction
from core.rule import Rule, Subject
from core.unfulfilled import RuleAccount, Unfulfilled
from events.minutes import minute_of
from events.tracks.look import LoggedLook
from inference.life import LifeSettings
from inference.rulebook import RuleBook
from inference.tracking import TrackerSettings
from inference.watch import rule_book

MOST_LOOKS: Final = 400_000
"""In one trial: twenty-two hours at five looks a second."""
MOST_EVENTS: Final = 1_000
"""A rule that makes more is not worth switching on, and an answer has to end."""
_OUTAGE: Final = timedelta(seconds=5)
"""Where nobody looked for so long, live events would have ended (unless nothing was there)."""
_TOLD_EVERY: Final = 500


class FlowStep(NamedTuple):
    """What a flow rule counts together."""

    minute: datetime
    direction: Direction
    label: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done."""

    from_at: datetime
    to_at: datetime
    """How far the trial came: as far as was asked, unless it had to stop (`is_cut`)."""
    looks: int
    events: Sequence[Event]
    """Each in its newest version, by their starts; one without an end was going on at the end of the trial."""
    account: RuleAccount
    flow: Mapping[FlowStep, int]
    is_cut: bool


def check_triable(rule: Rule) -> None:
    """Raises `BadInput` for kinds that watch what no track tells."""
    if rule.kind.subject in (Subject.PICTURE, Subject.STREAM):
        what = "what moves" if rule.kind.subject is Subject.PICTURE else "whether pictures come"
        raise BadInput(
            f"a rule of the kind {rule.kind.value} cannot be tried: it watches {what}, and the log has tracks alone",
            field="rule.kind",
            hint="switch it on and see",
        )


def try_rule(
    rule: Rule,
    looks: Iterable[LoggedLook],
    from_at: datetime,
    to_at: datetime,
    *,
    tracking: TrackerSettings | None = None,
    life: LifeSettings | None = None,
    most_looks: int = MOST_LOOKS,
    progress: Callable[[datetime], None] = lambda at: None,
) -> Trial:
    """What `rule` (enabled) would have done with `looks`, those from `from_at` to `to_at`, in order.

    `tracking` and `life` as the worker has them. `progress` is told now and then how far the trial has come. It stops
    early after `most_looks`, or 1,000 events. Raises `BadInput` as `check_triable` does.
    """
    check_triable(rule)
    replay = _Replay(rule, tracking, life)
    number = 0
    is_cut = False
    for number, look in enumerate(looks, start=1):
        if number > most_looks or len(replay.events) >= MOST_EVENTS:
            number, is_cut, to_at = number - 1, True, look.at
            break
        replay.see(look)
        if number % _TOLD_EVERY == 0:
            progress(look.at)
    events = sorted(replay.events.values(), key=lambda event: event.started_at)
    return Trial(from_at, to_at, number, events, replay.account(), replay.flow, is_cut)


class _Replay:
    """A rule book which is shown looks, anew for each run of the worker: track numbers begin anew there too."""

    def __init__(self, rule: Rule, tracking: TrackerSettings | None, life: LifeSettings | None) -> None:
        self._rule = rule
        self._tracking = tracking
        self._life = life
        self._book: RuleBook | None = None
        self._last: LoggedLook | None = None
        self._before = RuleAccount()
        """Of earlier runs."""
        self.events: dict[int, Event] = {}
        """In their newest versions, by the number of their origin."""
        self.flow: Counter[FlowStep] = Counter()

    def see(self, look: LoggedLook) -> None:
        book = self._book_for(look)
        self._take(book.observe(look.at, look.tracks))
        self.flow.update(_step(crossing) for crossing in book.crossings)
        self._last = look

    def account(self) -> RuleAccount:
        """What became of all tracks; those that the last look showed count as if they were over."""
        if self._book is None:
            return self._before
        self._book.close(EndReason.STREAM_ENDED)
        return _sum(self._before, self._book.accounts()[self._rule.id])

    def _book_for(self, look: LoggedLook) -> RuleBook:
        if self._book is None:
            self._book = self._new_book(1)
        elif self._last is not None and self._last.run != look.run:
            self._take(self._book.close(EndReason.INTERRUPTED))
            self._before = _sum(self._before, self._book.accounts()[self._rule.id])
            self._book = self._new_book(self._book.next_n)
        elif self._last is not None and look.at - self._last.at > _OUTAGE:
            self._take(self._book.close(EndReason.STREAM_ENDED))
        return self._book

    def _new_book(self, first_n: int) -> RuleBook:
        rule = self._rule
        return rule_book(rule.camera, [rule], 1, first_n=first_n, tracking=self._tracking, life=self._life)

    def _take(self, events: Iterable[Event]) -> None:
        self.events |= {event.origin.n: event for event in events}


def _step(crossing: Crossing) -> FlowStep:
    return FlowStep(minute_of(crossing.at), crossing.direction, crossing.label)


def _sum(one: RuleAccount, other: RuleAccount) -> RuleAccount:
    counted = Counter(one.unfulfilled) + Counter(other.unfulfilled)
    return RuleAccount(
        one.tracks + other.tracks,
        one.with_event + other.with_event,
        {condition: counted[condition] for condition in Unfulfilled if counted[condition]},
    )
