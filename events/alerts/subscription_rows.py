"""Subscriptions as rows of their table, and back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from core.camera import DepartmentId
from core.rule import Severity
from registry.rule_rows import hours_of, hours_text

from ..index.filter_text import filter_of, filter_text
from .subscription import Grouping, Moment, Subscription, SubscriptionId, SubscriptionState


def subscription_of(row: Row[tuple[object, ...]]) -> Subscription:
    """The subscription in a row of the table."""
    return Subscription(
        id=SubscriptionId(row.id),
        department=DepartmentId(row.department),
        name=row.name,
        url=row.url,
        filter=filter_of(row.filter),
        min_severity=Severity(row.min_severity),
        hours=hours_of(row.hours),
        moments=frozenset(Moment(one) for one in row.moments.split(",")),
        grouping=Grouping(row.group_by),
        cool_down=timedelta(seconds=row.cool_down_s),
        with_picture=row.with_picture,
        notices=row.notices,
        state=SubscriptionState(row.state),
        state_reason=row.state_reason,
        after_seq=row.after_seq,
        made_by=row.made_by,
        made_at=row.made_at,
        changed_at=row.changed_at,
        revision=row.revision,
    )


def values_of(some: Subscription) -> dict[str, Any]:
    """The columns of the table, but for its number."""
    return {
        "department": some.department,
        "name": some.name,
        "url": some.url,
        "filter": filter_text(some.filter),
        "min_severity": some.min_severity.value,
        "hours": hours_text(some.hours),
        "moments": ",".join(one.value for one in Moment if one in some.moments),
        "group_by": some.grouping.value,
        "cool_down_s": some.cool_down // timedelta(seconds=1),
        "with_picture": some.with_picture,
        "notices": some.notices,
        "state": some.state.value,
        "state_reason": some.state_reason,
        "after_seq": some.after_seq,
        "made_by": some.made_by,
        "made_at": some.made_at,
        "changed_at": some.changed_at,
        "revision": some.revision,
    }
