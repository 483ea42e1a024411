"""The subscriptions that there are, as one thread keeps them: read again where they have changed."""

import logging
from collections.abc import Mapping

from sqlalchemy import Connection, select

from core.errors import SharpEyesError
from registry.chunks import in_chunks

from .subscription import Subscription, SubscriptionId
from .subscription_rows import subscription_of
from .tables import subscription

_log = logging.getLogger(__name__)
_LIVING = select(subscription.c.id, subscription.c.revision).where(subscription.c.deleted_at.is_(None))


class Living:
    """Subscriptions that are not removed, whatever their state. For one thread."""

    def __init__(self) -> None:
        self._known: dict[SubscriptionId, Subscription] = {}
        self._seen: dict[SubscriptionId, int] = {}
        """In which revision each was read, whether it could be or not."""

    def refresh(self, connection: Connection) -> Mapping[SubscriptionId, Subscription]:
        """All of them as `connection` sees them; where one did not change it is the same object as before."""
        revisions = {SubscriptionId(row.id): row.revision for row in connection.execute(_LIVING)}
        changed = [number for number, revision in revisions.items() if self._seen.get(number) != revision]
        for chunk in in_chunks(changed):
            for row in connection.execute(select(subscription).where(subscription.c.id.in_(chunk))):
                number = SubscriptionId(row.id)
                self._seen[number] = row.revision
                try:
                    self._known[number] = subscription_of(row)
                except (SharpEyesError, ValueError) as error:
                    # One that a later version wrote, say: the others must not suffer.
                    self._known.pop(number, None)
                    _log.error("subscription %d is left out: %s", number, error)
        if len(self._seen) > len(revisions):
            self._seen = {number: self._seen[number] for number in revisions}
            self._known = {number: some for number, some in self._known.items() if number in revisions}
        return self._known
