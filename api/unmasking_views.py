"""An unmasking as the API shows it: who wants to see which original, what for, how far that has come."""

from collections.abc import Collection

from pydantic import Field

from registry.access.grant import OnCamera, ToDepartment, ToPerson
from registry.access.grant_names import GrantNames, names_in
from registry.access.unmasking import Unmasking, UnmaskingState
from registry.access.unmasking_powers import UnmaskingPowers
from registry.idempotency import Transaction

from .answers import Named
from .fields import Body, EventNumber, Instant
from .grant_views import DecisionView


class UnmaskingPowersView(Body):
    """What who asks may do about the unmasking now."""

    approve: bool = Field(description="Approve or refuse it, as the second person.")


class UnmaskingView(Body):
    """Somebody's wish to see the original clip of an event, or live pictures of a camera."""

    id: int
    event: EventNumber | None = Field(description="Whose original is to be seen; null: what the camera shows live.")
    live: bool = Field(description="Whether it is for live pictures of the camera.")
    camera: Named
    department: Named = Field(description="Whose the event is, or the camera was when it was asked for.")
    person: Named = Field(description="Who asked, and alone may look.")
    reason: str
    state: UnmaskingState
    asked_at: Instant
    decided: DecisionView | None = Field(
        description="Who opened or refused it; null: nobody yet, or the department wants no second person."
    )
    until: Instant | None = Field(
        description="When it is over; while it waits, until when somebody may decide; null: it was refused."
    )
    may: UnmaskingPowersView


def unmasking_names(connection: Transaction, some: Collection[Unmasking]) -> GrantNames:
    """The names that it takes to show `some`."""
    people = {one.person for one in some}
    people |= {one.decided.by for one in some if one.decided is not None and one.decided.by is not None}
    departments = {one.department for one in some}
    return names_in(
        connection,
        [OnCamera(camera) for camera in {one.camera for one in some}],
        [*map(ToPerson, people), *map(ToDepartment, departments)],
    )


def unmasking_view(one: Unmasking, names: GrantNames, by: UnmaskingPowers) -> UnmaskingView:
    """`one` as `by` is shown it."""
    decided = None
    if one.decided is not None:
        who = None if one.decided.by is None else Named(id=one.decided.by, name=names.people[one.decided.by])
        decided = DecisionView(by=who, at=one.decided.at, why=one.decided.why)
    return UnmaskingView(
        id=one.id,
        event=None if one.live else one.event,
        live=one.live,
        camera=Named(id=one.camera, name=names.cameras[one.camera]),
        department=Named(id=one.department, name=names.departments[one.department]),
        person=Named(id=one.person, name=names.people[one.person]),
        reason=one.reason,
        state=one.state,
        asked_at=one.asked_at,
        decided=decided,
        until=one.until_at,
        may=UnmaskingPowersView(approve=one.state is UnmaskingState.WAITING and by.may_decide(one)),
    )
