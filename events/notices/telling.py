"""Notices as deliveries: one for each subscription that asks for them, made in the transaction of the notice."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from ..alerts.deliveries import DeliveryKind, DeliveryState
from ..alerts.subscription import Moment, SubscriptionId
from ..alerts.tables import delivery, subscription
from .notice import NoticeId, NoticeMoment

_AS_MOMENT = {NoticeMoment.OPENED: Moment.STARTED, NoticeMoment.CLOSED: Moment.ENDED}
"""How deliveries write it: programs of a form before this one read the column too."""


def tell(connection: Connection, number: NoticeId, moment: NoticeMoment, now: datetime) -> None:
    """Make what tells of it. A notice is opened and closed once, by one transaction each, so that nothing is told twice
    however many processes there are; and where the transaction fails, nothing was said."""
    asks = subscription.c.deleted_at.is_(None), subscription.c.notices
    told = [SubscriptionId(row) for row in connection.scalars(select(subscription.c.id).where(*asks))]
    if not told:
        return
    rows = [
        {
            "subscription": one,
            "kind": DeliveryKind.NOTICE.value,
            "moment": _AS_MOMENT[moment].value,
            "message_id": message_id(number, moment, one),
            "state": DeliveryState.WAITING.value,
            "made_at": now,
            "due_at": now,
            "notice": number,
        }
        for one in sorted(told)
    ]
    connection.execute(insert(delivery), rows)


def message_id(number: NoticeId, moment: NoticeMoment, subscription: SubscriptionId) -> str:
    """What the receiver knows it by."""
    return f"notice.{number}.{moment.value}.{subscription}"


def moment_of(moment: Moment) -> NoticeMoment:
    """Which end of a notice a delivery tells."""
    return NoticeMoment.OPENED if moment is Moment.STARTED else NoticeMoment.CLOSED
