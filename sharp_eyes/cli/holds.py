"""`sharp-eyes holds`: what must not be removed, whatever its age."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import BadInput
from core.ids import LAST_EVENT

from .opened import changing, opened
from .options import HIGHEST_NUMBER, Config, Json

if TYPE_CHECKING:
    from events.retention.coverage import Coverage
    from events.retention.hold import Hold, Holding
    from registry.audit.entry import Act
    from registry.idempotency import Transaction

app = typer.Typer(
    help="Holds: events that must not be removed, whatever their age, with their media, tracks and record.",
    no_args_is_help=True,
)

Number = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=HIGHEST_NUMBER, help="Its number in `sharp-eyes holds list`.")
]
_TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
_MOST = 1_000_000
"""In a list: all of them."""


@app.command()
def take(
    name: Annotated[str, typer.Argument(help="What it is for: the number of a case.")],
    reason: Annotated[str, typer.Argument(help="Why: 3 to 500 characters, kept in the record.")],
    event: Annotated[int | None, typer.Option(min=1, max=LAST_EVENT, help="Hold this event.")] = None,
    camera: Annotated[
        int | None, typer.Option(min=1, max=HIGHEST_NUMBER, help="Hold what happens on this camera.")
    ] = None,
    department: Annotated[
        int | None,
        typer.Option(min=1, max=HIGHEST_NUMBER, help="Hold what happens on the cameras of this department, and below."),
    ] = None,
    begin: Annotated[
        datetime | None, typer.Option("--from", formats=_TIMES, help="From then on (UTC); without: the beginning.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_TIMES, help="Before then (UTC); without: also what is to come.")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Take a hold of the city, and say what it covers now. Nothing of that is removed until it is released.

    Example: sharp-eyes holds take 2026-114 "asked for by the court" --camera 17 --from 2026-05-01 --until 2026-05-03
    """
    from events.retention import coverage, holds
    from registry.audit.entry import Act

    on = _on(event, camera, department, begin, until)
    with opened(config) as (_, database):
        with database.read() as connection:
            covers = coverage.covered(connection, on)
        with changing(database) as (connection, at):
            made = holds.take(connection, on, name=name, reason=reason, owner=None, by="this machine", at=at)
            leaving = coverage.leaving(connection, on)
            _note(connection, at, Act.HOLD_TAKEN, made, {"leaving": leaving, "reason": made.reason})
    if as_json:
        print(json.dumps(_facts(made) | _covers(covers) | {"leaving": leaving}, ensure_ascii=False))
        return
    print(f"hold {made.id} ({made.name}) keeps {_in_words(made.on)}: now {_amount(covers)}")
    if leaving:
        print(f"{leaving} media were being removed already when it was taken, and go")


@app.command("list")
def list_all(
    every: Annotated[bool, typer.Option("--all", help="Also those that were released.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Show the holds in force, newest first: whose each is, on what, and why.

    Example: sharp-eyes holds list --all
    """
    from events.retention.holds import ALL, IN_FORCE, list_holds

    with opened(config) as (_, database), database.read() as connection:
        found = list_holds(connection, asked=ALL if every else IN_FORCE, limit=_MOST).items
    for hold in found:
        print(json.dumps(_facts(hold), ensure_ascii=False) if as_json else _line(hold))


@app.command()
def show(number: Number, as_json: Json = False, config: Config = None) -> None:
    """Show one hold, with what it covers now.

    Example: sharp-eyes holds show 3
    """
    from events.retention import coverage, holds
    from events.retention.hold import HoldId

    with opened(config) as (_, database), database.read() as connection:
        found = holds.get(connection, HoldId(number))
        covers = coverage.covered(connection, found.on)
    if as_json:
        print(json.dumps(_facts(found) | _covers(covers), ensure_ascii=False))
        return
    print(_line(found))
    print(f"it covers {_amount(covers)}")


@app.command()
def release(
    number: Number,
    why: Annotated[str, typer.Argument(help="3 to 500 characters, kept in the record.")],
    config: Config = None,
) -> None:
    """End a hold: what it kept, and nothing else keeps, goes when its time is over.

    Example: sharp-eyes holds release 3 "the case is closed"
    """
    from events.retention import holds
    from events.retention.hold import HoldId
    from registry.audit.entry import Act

    with opened(config) as (_, database), changing(database) as (connection, at):
        over = holds.release(connection, HoldId(number), why=why, by="this machine", at=at)
        _note(connection, at, Act.HOLD_RELEASED, over, {"why": why})
    print(f"hold {over.id} ({over.name}) was released")


def _on(
    event: int | None, camera: int | None, department: int | None, begin: datetime | None, until: datetime | None
) -> "Holding":
    from core.camera import DepartmentId
    from core.ids import CameraId, EventId
    from events.retention.hold import HoldCamera, HoldDepartment, HoldEvent, HoldSpan

    if sum(one is not None for one in (event, camera, department)) != 1:
        raise BadInput("name one thing to be held: --event, --camera or --department", field="event")
    span = HoldSpan(*(None if at is None else at.replace(tzinfo=UTC) for at in (begin, until)))
    if event is not None:
        if begin is not None or until is not None:
            raise BadInput("an event is held as a whole: leave --from and --until out", field="from")
        return HoldEvent(EventId(event))
    if camera is not None:
        return HoldCamera(CameraId(camera), span)
    assert department is not None  # noqa: S101 - one of the three is named
    return HoldDepartment(DepartmentId(department), span)


def _note(connection: "Transaction", at: datetime, act: "Act", hold: "Hold", detail: dict[str, Any]) -> None:
    from events.retention.hold import HoldCamera
    from events.retention.holds import concerned_by
    from registry.audit.machine import put_by_machine

    put_by_machine(
        connection,
        at,
        act,
        "hold",
        hold.id,
        camera=hold.on.camera if isinstance(hold.on, HoldCamera) else None,
        departments=concerned_by(connection, hold),
        detail={"name": hold.name, "on": _in_words(hold.on), **detail},
    )


def _in_words(on: "Holding") -> str:
    from events.retention.hold import in_words

    return in_words(on)


def _line(hold: "Hold") -> str:
    whose = "the city" if hold.owner is None else f"department {hold.owner}"
    over = "" if hold.release is None else f", released by {hold.release.by} ({hold.release.why})"
    return f"{hold.id}  {hold.name}: {_in_words(hold.on)}, held by {whose} ({hold.made_by}){over}: {hold.reason}"


def _amount(covers: "Coverage") -> str:
    least = "at least " if covers.at_least else ""
    return f"{least}{covers.events} events with {covers.media} media of {covers.bytes / 1e6:.1f} MB"


def _covers(covers: "Coverage") -> dict[str, Any]:
    return {
        "events": covers.events,
        "media": covers.media,
        "bytes": covers.bytes,
        "at_least": covers.at_least,
    }


def _facts(hold: "Hold") -> dict[str, Any]:
    release = hold.release
    return {
        "id": hold.id,
        "name": hold.name,
        "reason": hold.reason,
        "owner": hold.owner,
        "on": _in_words(hold.on),
        "made_by": hold.made_by,
        "made_at": hold.made_at.isoformat(),
        "released_by": None if release is None else release.by,
        "released_at": None if release is None else release.at.isoformat(),
        "released_why": None if release is None else release.why,
    }
