"""Makes claimed deliveries ready to be sent: asks again who may see what, and writes the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from core.access import Right
from registry.key_ring import KeyRing
from registry.visibility import Scope, Visibility

from ..index.stored import StoredEvent, read_events
from ..media.table import MediaKind, MediaState
from ..notices.notice import Notice, NoticeId
from ..notices.notices import read_notices
from ..notices.telling import moment_of
from ..outages.seen import as_seen, losses_of
from . import picture_links
from .claiming import Claimed
from .deliveries import DeliveryKind
from .group_members import Members, members_of
from .message import MOST_LISTED, Told, event_message, group_message, notice_message, trial_message
from .outcomes import Fate, Outcome
from .picture_links import PictureLink
from .secrets_in_force import secrets_in_force
from .seen_by import department_principal
from .settings import AlertSettings
from .subscription import Moment, Subscription, SubscriptionId, SubscriptionState

SOURCE = "sharp-eyes"
"""Who tells it, where no address of this city is set."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery, ready to be sent."""

    claimed: Claimed
    url: str = field(repr=False)
    origin: str
    body: bytes = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    send_by: float
    """By the monotonic clock: later somebody else may have it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of some claimed deliveries."""

    letters: list[Letter]
    others: list[Outcome]
    """Of those that are not sent."""

    def add(self, found: Letter | Outcome) -> None:
        """One more of either."""
        if isinstance(found, Letter):
            self.letters.append(found)
        else:
            self.others.append(found)


class Preparing:
    """Prepares deliveries. For one thread."""

    def __init__(self, visibility: Visibility, keys: KeyRing, settings: AlertSettings) -> None:
        self._visibility = visibility
        self._keys = keys
        self._settings = settings
        self._source = settings.public_url or SOURCE

    def prepare(
        self,
        connection: Connection,
        claimed: Sequence[Claimed],
        living: Mapping[SubscriptionId, Subscription],
        now: datetime,
        send_by: float,
    ) -> Prepared:
        """Letters of what may be sent, as `connection`, a reading one, sees it. `living`: subscriptions as of now."""
        scopes = {
            number: self._visibility.scope(connection, department_principal(living[number].department))
            for number in {one.subscription for one in claimed} & set(living)
        }
        members = {
            one.id: _members(connection, one, scopes[one.subscription]) for one in claimed if one.subscription in scopes
        }
        numbers = {event for some in members.values() for event, _ in some.first}
        events = {one.event.id: one for one in read_events(connection, sorted(numbers))}
        losses = losses_of(connection, events.values())
        notices = read_notices(connection, {NoticeId(one.notice) for one in claimed if one.notice is not None})
        secrets = secrets_in_force(connection, self._keys, set(scopes), now)
        prepared = Prepared([], [])
        for one in claimed:
            some = living.get(one.subscription)
            if some is None:
                prepared.others.append(Outcome(one, "", Fate.WITHHELD, now, error="the subscription was removed"))
                continue
            if some.state is not SubscriptionState.ACTIVE:
                prepared.others.append(Outcome(one, some.origin, Fate.GIVEN_BACK, now))
                continue
            if not secrets[some.id]:
                why = "the subscription has no secret that can be opened: rotate its secret"
                prepared.others.append(Outcome(one, some.origin, Fate.FAILED, now, error=why))
                continue
            if one.kind is DeliveryKind.NOTICE:
                prepared.add(self._notice(one, some, notices, secrets[some.id], now, send_by))
                continue
            scope, group = scopes[some.id], members[one.id]
            found = [(events[event], moment) for event, moment in group.first if event in events]
            told = [
                self._told(as_seen(stored, losses, scope[Right.EVENTS]), moment, some, scope, now)
                for stored, moment in found
                if _sees(scope, stored)
            ]
            if one.kind is not DeliveryKind.TEST and not told:
                why = _withheld_because(group.is_there and (one.kind is DeliveryKind.GROUP or bool(found)))
                prepared.others.append(Outcome(one, some.origin, Fate.WITHHELD, now, error=why))
                continue
            body = self._body(one, some, told, group.count, now)
            prepared.add(Letter(one, some.url, some.origin, body, tuple(secrets[some.id]), send_by))
        return prepared

    def _notice(
        self,
        one: Claimed,
        some: Subscription,
        notices: Mapping[NoticeId, Notice],
        secrets: Sequence[bytes],
        now: datetime,
        send_by: float,
    ) -> Letter | Outcome:
        """What tells of a notice; where the subscription does not ask for them any more, nothing does."""
        found = None if one.notice is None else notices.get(NoticeId(one.notice))
        if found is None or not some.notices:
            why = "the subscription does not ask for notices any more" if found else "the notice is not there any more"
            return Outcome(one, some.origin, Fate.WITHHELD, now, error=why)
        body = notice_message(one.message_id, self._source, some, found, moment_of(one.moment))
        return Letter(one, some.url, some.origin, body, tuple(secrets), send_by)

    def _body(self, one: Claimed, some: Subscription, told: Sequence[Told], count: int, now: datetime) -> bytes:
        match one.kind:
            case DeliveryKind.GROUP:
                return group_message(one.message_id, self._source, some, told, count, one.made_at)
            case DeliveryKind.TEST:
                return trial_message(one.message_id, self._source, some, now)
            case DeliveryKind.EVENT | DeliveryKind.NOTICE:  # notices were made ready before
                return event_message(one.message_id, self._source, some, told[0])

    def _told(self, stored: StoredEvent, moment: Moment, some: Subscription, scope: Scope, now: datetime) -> Told:
        return Told(stored, moment, self._picture(stored, some, scope, now))

    def _picture(self, stored: StoredEvent, some: Subscription, scope: Scope, now: datetime) -> PictureLink | str:
        event, snapshot = stored.event, stored.medium(MediaKind.SNAPSHOT)
        if not some.with_picture:
            return "the subscription asks for no pictures"
        if self._settings.public_url is None:
            return "the setting alerts.public_url does not say where pictures are found"
        if not scope[Right.MEDIA].has_event(event.id, event.camera, stored.department):
            return "the department may not see pictures of this event"
        if snapshot is None:
            return "there is none yet" if event.ended_at is None else "there is none"
        if snapshot.state is MediaState.FAILED:
            return snapshot.reason or "it could not be made"
        # One that is being made is there in a moment: sooner than a person looks.
        return picture_links.link(
            self._keys, self._settings.public_url, event.id, some.id, now, self._settings.picture_lasts
        )


def _sees(scope: Scope, stored: StoredEvent) -> bool:
    return scope[Right.EVENTS].has_event(stored.event.id, stored.event.camera, stored.department)


def _withheld_because(is_there: bool) -> str:
    return "the department may not see the event any more" if is_there else "the event is not there any more"


def _members(connection: Connection, one: Claimed, scope: Scope) -> Members:
    """What a delivery tells of; whether what tells of a single event may tell it is not asked here."""
    if one.kind is DeliveryKind.GROUP:
        return members_of(connection, one.id, scope[Right.EVENTS], MOST_LISTED)
    first = () if one.event is None else ((one.event, one.moment),)
    return Members(first, len(first), is_there=bool(first))
