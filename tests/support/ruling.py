"""Rules tried on made-up tracks: five looks a second, from `START` on."""

from collections.abc import Callable, Iterable, Sequence

from core.event import Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import RuleAccount
from inference.life import LifeSettings
from inference.rulebook import RuleBook

from .builders import CAMERA, after

STEP_S = 0.2
EPOCH = 5


def a_book(*rules: Rule, first_n: int = 1, grace_s: float = 3.0) -> RuleBook:
    return RuleBook(CAMERA, rules, EPOCH, first_n=first_n, settings=LifeSettings(grace_s=grace_s))


def observe(
    book: RuleBook,
    until_s: float,
    tracks: Sequence[Track] | Callable[[float], Sequence[Track]] = (),
    *,
    from_s: float = 0.0,
    step_s: float = STEP_S,
) -> list[Event]:
    """The same tracks, or those of the moment, in each picture from `from_s` to `until_s`, both included."""
    told = []
    for look in range(round((until_s - from_s) / step_s) + 1):
        at_s = from_s + look * step_s
        told += book.observe(after(at_s), tracks(at_s) if callable(tracks) else tracks)
    return told


def the_account(book: RuleBook, *, until_s: float) -> RuleAccount:
    """The account of the book's only rule, once all tracks are over: the time is `until_s` at least."""
    book.observe(after(until_s), [])
    book.observe(after(until_s + 100), [])
    (account,) = book.accounts().values()
    return account


def times(events: Iterable[Event]) -> list[tuple[float, float | None]]:
    """Start and end of each event, in seconds after `START`, from its last version."""
    last = {event.id: event for event in events}
    return [
        (
            (event.started_at - after(0)).total_seconds(),
            None if event.ended_at is None else (event.ended_at - after(0)).total_seconds(),
        )
        for event in last.values()
    ]
