"""What is said to make subscriptions, to change them, to find them, and to tell what they told again."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Self

from fastapi import Path
from pydantic import MISSING, Field, model_validator

from core.camera import DepartmentId
from core.rule import Severity
from events.alerts.deliveries import DeliveryId, DeliveryState
from events.alerts.delivery_log import DeliveryFilter
from events.alerts.subscription import Grouping, Moment, Subscription, SubscriptionId, SubscriptionState
from events.alerts.subscription_secrets import LONGEST_OVERLAP, USUAL_OVERLAP
from events.alerts.subscriptions import LONGEST_COOL_DOWN, UNSAVED

from .alert_filter import AlertFilter
from .answers import Paging, part_of_body
from .fields import LAST_NUMBER, AskedInstant, Body, DepartmentNumber, Text, given
from .rule_bodies import AllHours, hours_asked

_LAST_EXACT = 2**53 - 1
"""The last number that JavaScript holds exactly: no database counts as far."""
_DAY_S = LONGEST_COOL_DOWN // timedelta(seconds=1)

SubscriptionNumber = Annotated[SubscriptionId, Field(ge=1, le=LAST_NUMBER)]
SubscriptionInPath = Annotated[SubscriptionNumber, Path(description="The subscription's number.")]
DeliveryNumber = Annotated[DeliveryId, Field(ge=1, le=_LAST_EXACT)]
DeliveryInPath = Annotated[DeliveryNumber, Path(description="The delivery's number.")]

Name = Annotated[Text, Field(description="What it is for; no other one of the department has this name.")]
Url = Annotated[
    str,
    Field(
        max_length=2048,
        description="Where deliveries are sent, by POST: https, without a login. Only admins are shown it whole.",
        examples=["https://alerts.example/hook"],
    ),
]
LeastUrgent = Annotated[
    Severity, Field(description="The least urgent events that are told: 1 the most urgent alone, 4 all of them.")
]
Moments = Annotated[
    tuple[Moment, ...], Field(min_length=1, max_length=2, description="Whether it is told of beginnings, ends or both.")
]
Groups = Annotated[
    Grouping,
    Field(
        description="What is told together: nothing (`event`), or what happens on a `camera`, by a `rule`, or in the "
        "whole `subscription` within `cool_down_s` after the first event of the group, which is told at once."
    ),
]
CoolDown = Annotated[
    int, Field(ge=0, le=_DAY_S, description="For how many seconds what follows the first event of a group is held.")
]
WithPicture = Annotated[bool, Field(description="Whether messages have a link to the masked snapshot.")]
Notices = Annotated[
    bool,
    Field(
        description="Whether it is told of the system's own troubles, too, such as a full disk: of all of them, "
        "whatever its filter and hours. Only a city admin may ask for that."
    ),
]
Watched = Annotated[AllHours, Field(description="Only events that start within these hours; none: always.")]


class NewSubscription(Body):
    """A subscription to be made."""

    name: Name
    department: DepartmentNumber | None = Field(
        default=None, description="Whose it is: it is told what an operator of it may see. Null: one's own."
    )
    url: Url
    filter: AlertFilter = AlertFilter()
    min_severity: LeastUrgent = Severity.LOW
    hours: Watched = ()
    moments: Moments = (Moment.STARTED,)
    grouping: Groups = Grouping.EVENT
    cool_down_s: CoolDown = 0
    with_picture: WithPicture = True
    notices: Notices = False

    def wanted(self, department: DepartmentId, zone: str) -> Subscription:
        """The same of `department`; hours of its filter are those of the time zone `zone`. Raises `BadInput`."""
        with part_of_body("filter"):
            asked = self.filter.asked(zone)
        return Subscription(
            id=UNSAVED,
            department=department,
            name=self.name,
            url=self.url,
            filter=asked,
            min_severity=self.min_severity,
            hours=hours_asked(self.hours),
            moments=frozenset(self.moments),
            grouping=self.grouping,
            cool_down=timedelta(seconds=self.cool_down_s),
            with_picture=self.with_picture,
            notices=self.notices,
        )


class SubscriptionChange(Body):
    """What is to be changed of a subscription; what is left out stays. `filter` and `hours` are replaced as wholes."""

    name: Name | MISSING = MISSING
    url: Url | MISSING = MISSING
    filter: AlertFilter | MISSING = MISSING
    min_severity: LeastUrgent | MISSING = MISSING
    hours: Watched | MISSING = MISSING
    moments: Moments | MISSING = MISSING
    grouping: Groups | MISSING = MISSING
    cool_down_s: CoolDown | MISSING = MISSING
    with_picture: WithPicture | MISSING = MISSING
    notices: Notices | MISSING = MISSING

    def applied_to(self, before: Subscription, zone: str) -> Subscription:
        """`before` with what is given. Raises `BadInput`."""
        asked = before.filter
        if self.filter is not MISSING:
            with part_of_body("filter"):
                asked = self.filter.asked(zone)
        return replace(
            before,
            name=given(self.name, before.name),
            url=given(self.url, before.url),
            filter=asked,
            min_severity=given(self.min_severity, before.min_severity),
            hours=before.hours if self.hours is MISSING else hours_asked(self.hours),
            moments=before.moments if self.moments is MISSING else frozenset(self.moments),
            grouping=given(self.grouping, before.grouping),
            cool_down=before.cool_down if self.cool_down_s is MISSING else timedelta(seconds=self.cool_down_s),
            with_picture=given(self.with_picture, before.with_picture),
            notices=given(self.notices, before.notices),
        )


class SubscriptionQuery(Paging):
    """Which subscriptions are asked for."""

    department: DepartmentNumber | None = Field(default=None, description="Those of this department alone.")
    state: SubscriptionState | None = None


class Rotation(Body):
    """How the secret is to be replaced."""

    overlap_s: int = Field(
        default=USUAL_OVERLAP // timedelta(seconds=1),
        ge=0,
        le=LONGEST_OVERLAP // timedelta(seconds=1),
        description="For how many seconds those before it sign as well, beside the new one.",
    )


class DeliveryQuery(Paging):
    """Which deliveries are asked for."""

    state: DeliveryState | None = None
    from_at: AskedInstant | None = Field(default=None, alias="from", description="Made at this moment or later.")
    to_at: AskedInstant | None = Field(default=None, alias="to", description="Made before this moment.")

    def filter(self) -> DeliveryFilter:
        """The same in the log's words."""
        return DeliveryFilter(self.state, self.from_at, self.to_at)


class ReplaySpan(Body):
    """Of which time everything is to be told again."""

    from_at: AskedInstant = Field(alias="from", description="Events that became known at this moment or later.")
    to_at: AskedInstant = Field(alias="to", description="Events that became known before this moment.")

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.from_at >= self.to_at:
            raise ValueError("`from` is not before `to`, so nothing can lie between them; exchange them")
        return self
