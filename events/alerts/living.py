"""The subscriptions that there are, as one thread keeps them: read again where they have changed."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from registry.chunks import in_chunks

from .subscription import Subscription, SubscriptionId
from .subscription_rows import subscription_of
from .tables import subscription

_LIVING = select(subscription.c.id, subscription.c.revision).where(subscription.c.deleted_at.is_(None))


class Living:
    """Subscriptions that are not removed, whatever their state. For one thread."""

    def __init__(self) -> None:
        self._known: dict[SubscriptionId, Subscription] = {}

    def refresh(self, connection: Connection) -> Mapping[SubscriptionId, Subscription]:
        """All of them as `connection` sees them; where one did not change it is the same object as before."""
        revisions = {SubscriptionId(row.id): row.revision for row in connection.execute(_LIVING)}
        changed = [
            number
            for number, revision in revisions.items()
            if number not in self._known or self._known[number].revision != revision
        ]
        for chunk in in_chunks(changed):
            for row in connection.execute(select(subscription).where(subscription.c.id.in_(chunk))):
                found = subscription_of(row)
                self._known[found.id] = found
        if len(self._known) > len(revisions):
            self._known = {number: self._known[number] for number in revisions}
        return self._known
