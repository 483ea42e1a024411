"""`sharp-eyes retention`: how long things are kept, what would go, and making it go now."""

import json
from threading import Event as Flag
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import BadInput, NotFound

from .opened import changing, opened
from .options import Config, DepartmentNumber, Json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.camera import DepartmentId
    from events.retention.forecast import Line
    from events.retention.rules import Concerns
    from registry.idempotency import Transaction

app = typer.Typer(help="How long events, pictures, clips and tracks are kept.", no_args_is_help=True)

Medium = Annotated[str, typer.Argument(help="event, snapshot, original, masked_clip or track.")]
Kind = Annotated[str | None, typer.Option(help="Of events of this kind alone: intrusion, motion ...")]


@app.command()
def show(department: DepartmentNumber = None, as_json: Json = False, config: Config = None) -> None:
    """Show for how long things are kept in the end, and by which rule.

    Example: sharp-eyes retention show --department 3
    """
    from events.retention.medium import Medium as Media
    from events.retention.policy import Policy

    with opened(config) as (settings, database), database.read() as connection:
        policy = Policy(connection, settings.retention, settings.tracks.track_log_h)
        names = _names(connection)
        owner = _known(names, department)
        for medium in Media:
            for kind in (None, *sorted(policy.kinds(owner, medium))):
                term = policy.term(owner, kind, medium)
                if as_json:
                    rule = None if term.rule is None else term.rule.id
                    print(_json(medium=medium, kind=kind, days=term.days, rule=rule, limited_by=term.limited_by))
                    continue
                kept = "for ever" if term.days is None else f"{term.days:g} days"
                of = medium if kind is None else f"{medium} of {kind}"
                limited = f", as its {term.limited_by}" if term.limited_by else ""
                by = "settings" if term.rule is None else _told(term.rule.concerns, names)
                print(f"{of}: {kept}{limited}  ({by})")


@app.command("set")
def put(
    medium: Medium,
    days: Annotated[str, typer.Argument(help="For how many days, or `for-ever`.")],
    department: DepartmentNumber = None,
    kind: Kind = None,
    config: Config = None,
) -> None:
    """Let something be kept for so many days, of the city or of a department and all below it.

    Example: sharp-eyes retention set original 14 --department 3
    """
    from events.retention import rules
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine

    concerns = _concerns(medium, department, kind)
    with opened(config) as (_, database), changing(database) as (connection, now):
        before = rules.find(connection, concerns)
        after = rules.put(connection, concerns, _days(days), now)
        if after != before:
            act = Act.ADD if before is None else Act.CHANGE
            detail: dict[str, Any] = {"medium": medium, "kind": kind, "days": after.days}
            concerned = [] if concerns.department is None else [concerns.department]
            put_by_machine(connection, now, act, "retention_rule", after.id, departments=concerned, detail=detail)
        names = _names(connection)
    kept = "for ever" if after.days is None else f"for {after.days} days"
    print(f"{_told(concerns, names)}: kept {kept}")


@app.command()
def unset(medium: Medium, department: DepartmentNumber = None, kind: Kind = None, config: Config = None) -> None:
    """Take a rule back: what is said farther out counts again, at last the settings.

    Example: sharp-eyes retention unset original --department 3
    """
    from events.retention import rules
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine

    concerns = _concerns(medium, department, kind)
    with opened(config) as (_, database), changing(database) as (connection, now):
        names = _names(connection)
        before = rules.find(connection, concerns)
        if before is None:
            raise NotFound(f"there is no rule about {_told(concerns, names)}")
        rules.remove(connection, before.id)
        concerned = [] if concerns.department is None else [concerns.department]
        detail: dict[str, Any] = {"medium": medium, "kind": kind, "days": before.days}
        put_by_machine(connection, now, Act.REMOVE, "retention_rule", before.id, departments=concerned, detail=detail)
    print(f"{_told(concerns, names)}: the rule is gone")


@app.command("dry-run")
def dry_run(department: DepartmentNumber = None, as_json: Json = False, config: Config = None) -> None:
    """Say what would go now, and what only holds keep; nothing is changed.

    Example: sharp-eyes retention dry-run
    """
    from core.clock import SystemClock
    from events.retention.forecast import would_go
    from registry.access.department_tree import DepartmentTree

    with opened(config) as (settings, database):
        with database.read() as connection:
            names, tree = _names(connection), DepartmentTree(connection)
        owner = _known(names, department)
        found = would_go(
            database,
            SystemClock(),
            settings.retention,
            settings.tracks.track_log_h,
            departments=None if owner is None else tree.within(owner),
        )
    for line in found.lines:
        print(_json(**_facts(line)) if as_json else _line(line, names))
    if not as_json and not found.lines:
        print("nothing is over its time")


@app.command()
def run(
    anew: Annotated[bool, typer.Option("--anew", help="Look through all, also what was done before.")] = False,
    config: Config = None,
) -> None:
    """Remove now what is over its time, instead of at the next full hour of a worker. It may be interrupted.

    Example: sharp-eyes retention run
    """
    from collections import Counter

    from core.clock import SystemClock
    from events.retention import marks
    from events.retention.passes import Passes
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine

    from ..openings import open_blobs

    removed: Counter[str] = Counter()
    freed: Counter[str] = Counter()

    def note(medium: str, reason: object, count: int, size: int) -> None:
        removed[medium] += count
        freed[medium] += size

    with opened(config) as (settings, database):
        if anew:
            with changing(database) as (connection, _):
                marks.forget(connection)
        stop, blobs = Flag(), open_blobs(settings)
        passes = Passes(database, blobs, SystemClock(), settings.retention, settings.tracks.track_log_h, note)
        passes.prune_tracks(stop)
        passes.run(stop)
        with changing(database) as (connection, now):
            put_by_machine(connection, now, Act.REMOVE, "retention", detail={"removed": dict(removed)})
    for medium, count in sorted(removed.items()):
        print(f"{medium}: {count} removed, {freed[medium] / 1e6:.1f} MB")
    if not removed:
        print("nothing is over its time")


@app.command()
def quota(
    department: Annotated[int, typer.Argument(min=1, help="Number of the department.")],
    size: Annotated[str | None, typer.Argument(metavar="BYTES", help="How many bytes, or `none`.")] = None,
    config: Config = None,
) -> None:
    """Show how many bytes of pictures and clips a department has and may have, or say how many it may have.

    Example: sharp-eyes retention quota 3 50000000000
    """
    from core.camera import DepartmentId
    from events.retention import quotas, usage
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine

    with opened(config) as (settings, database):
        with database.read() as connection:
            _known(_names(connection), department)
        owner = DepartmentId(department)
        if size is not None:
            with changing(database) as (connection, now):
                if size == "none":
                    quotas.remove(connection, owner)
                    act, given = Act.REMOVE, None
                else:
                    given = _whole(size, "size")
                    quotas.put(connection, owner, given, now)
                    act = Act.CHANGE
                put_by_machine(connection, now, act, "quota", owner, departments=[owner], detail={"bytes": given})
        with database.read() as connection:
            own = quotas.find(connection, owner)
            has = sum(one.bytes for one in usage.list_usage(connection) if one.department == owner)
    most = settings.retention.quota_bytes if own is None else own.bytes
    may = "any number of bytes" if most is None else f"{most} bytes"
    print(
        f"department {department} had {has} bytes of pictures and clips when they were counted last, and may have {may}"
    )


def _concerns(medium: str, department: int | None, kind: str | None) -> "Concerns":
    from core.camera import DepartmentId
    from core.rule import RuleKind
    from events.retention.medium import Medium as Media
    from events.retention.rules import Concerns

    for given, known, field in ((medium, [*Media], "medium"), (kind, [*RuleKind], "kind")):
        if given is not None and given not in set(known):
            raise BadInput(f"there is no {field} {given!r}", field=field, hint=f"one of {', '.join(known)}")
    owner = None if department is None else DepartmentId(department)
    return Concerns(Media(medium), owner, None if kind is None else RuleKind(kind))


def _days(text: str) -> int | None:
    return None if text == "for-ever" else _whole(text, "days")


def _whole(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        word = "for-ever" if field == "days" else "none"
        raise BadInput(f"{field} is a whole number or {word!r}, not {text[:20]!r}", field=field)
    return int(text)


def _names(connection: "Transaction") -> "Mapping[DepartmentId, str]":
    from registry import departments

    return {one.id: one.name for one in departments.list_departments(connection)}


def _known(names: "Mapping[DepartmentId, str]", department: int | None) -> "DepartmentId | None":
    from core.camera import DepartmentId

    if department is not None and department not in names:
        raise NotFound(f"there is no department {department}")
    return None if department is None else DepartmentId(department)


def _told(concerns: "Concerns", names: "Mapping[DepartmentId, str]") -> str:
    owner = concerns.department
    whose = "the city" if owner is None else f"department {owner} ({names.get(owner, '?')})"
    kind = "" if concerns.kind is None else f" of {concerns.kind}"
    return f"{concerns.medium}{kind} of {whose}"


def _facts(line: "Line") -> dict[str, Any]:
    return {
        "department": line.department,
        "medium": line.medium,
        "kind": line.kind,
        "goes": {"count": line.goes.count, "bytes": line.goes.bytes},
        "oldest": line.oldest,
        "newest": line.newest,
        "held": {"count": line.held.count, "bytes": line.held.bytes},
    }


def _line(line: "Line", names: "Mapping[DepartmentId, str]") -> str:
    kind = "" if line.kind is None else f" of {line.kind}"
    held = f"; {line.held.count} are held ({line.held.bytes / 1e6:.1f} MB)" if line.held.count else ""
    when = ""
    if line.oldest is not None and line.newest is not None:
        when = f", from {line.oldest:%Y-%m-%d %H:%M} to {line.newest:%Y-%m-%d %H:%M} UTC"
    goes = f"{line.goes.count} would go ({line.goes.bytes / 1e6:.1f} MB{when})"
    return f"{names[line.department]}: {line.medium}{kind}: {goes}{held}"


def _json(**facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False, default=lambda one: one.isoformat())
