"""Holds as answers show them."""

from typing import Any

from pydantic import Field

from core.camera import DepartmentId
from events.retention.coverage import Coverage
from events.retention.hold import Hold, HoldCamera, HoldDepartment, HoldEvent
from events.retention.hold_names import HoldNames
from events.retention.hold_powers import HoldPowers

from .answers import Named
from .fields import Body, EventNumber, Instant
from .hold_bodies import HoldNumber


class ReleaseView(Body):
    """How a hold ended."""

    by: str
    at: Instant
    why: str


class HoldView(Body):
    """What must not be removed, whatever its age."""

    id: HoldNumber
    name: str
    reason: str
    owner: Named | None = Field(description="Whose hold it is; null: the city's, and only the city releases it.")
    event: EventNumber | None = Field(description="Null: it is on a camera or a department.")
    camera: Named | None = Field(description="Its name is empty where it is another department's by now.")
    department: Named | None = Field(description="With all below it.")
    from_: Instant | None = Field(alias="from", description="Null: from the beginning.")
    until: Instant | None = Field(description="Null: also what is to come.")
    made_by: str
    made_at: Instant
    released: ReleaseView | None = Field(description="Null: it is in force.")
    may_release: bool = Field(description="Whether who asks may release it.")


class CoverageView(Body):
    """What there is of what is held, as far as it is of the departments of who asks."""

    events: int
    media: int = Field(description="Snapshots and clips that can be seen.")
    bytes: int = Field(description="Of these media.")
    at_least: bool = Field(description="Whether there is more: counting ends at some ten thousand events.")


class WholeHoldView(HoldView):
    """A hold with what it covers now."""

    covers: CoverageView


class TakenHoldView(WholeHoldView):
    """A new hold."""

    leaving: int = Field(description="Media that were being removed already when it was taken: they go.")


def shown(hold: Hold, names: HoldNames, powers: HoldPowers) -> dict[str, Any]:
    """The fields of `HoldView`."""
    on, release = hold.on, hold.release
    span = None if isinstance(on, HoldEvent) else on.span
    home = powers.home
    return {
        "id": hold.id,
        "name": hold.name,
        "reason": hold.reason,
        "owner": None if hold.owner is None else _department(hold.owner, names),
        "event": on.event if isinstance(on, HoldEvent) else None,
        "camera": Named(id=on.camera, name=names.camera(on.camera, home)) if isinstance(on, HoldCamera) else None,
        "department": _department(on.department, names) if isinstance(on, HoldDepartment) else None,
        "from": None if span is None else span.from_at,
        "until": None if span is None else span.until_at,
        "made_by": hold.made_by,
        "made_at": hold.made_at,
        "released": None if release is None else ReleaseView(by=release.by, at=release.at, why=release.why),
        "may_release": release is None and powers.may_release(hold),
    }


def coverage_view(found: Coverage) -> CoverageView:
    """What is covered, as the API shows it."""
    return CoverageView(events=found.events, media=found.media, bytes=found.bytes, at_least=found.at_least)


def _department(number: DepartmentId, names: HoldNames) -> Named:
    return Named(id=number, name=names.departments[number])
