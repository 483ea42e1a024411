"""`sharp-eyes audit`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .options import Config, Json

if TYPE_CHECKING:
    from registry.audit.checkpoints import CheckpointKeys
    from registry.audit.reading import RecordRow
    from registry.audit.verify import Verdict
    from registry.db import Database
    from registry.idempotency import Transaction

app = typer.Typer(help="The record of who looked at what, and whether it is whole.", no_args_is_help=True)


@app.command()
def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A file with checkpoints that were kept elsewhere; repeatable."),
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Check the whole record: rows that were changed, removed, put in or put elsewhere, and what was signed.

    It may run beside everything else, and takes about 20 s for a million rows. Exit code 1 if anything is wrong: every
    fault is named, with its row and its place in the chain.

    Example: sharp-eyes audit verify --checkpoint /mnt/elsewhere/checkpoints.jsonl
    """
    from registry.audit.checkpoints import read
    from registry.audit.verify import verify as check

    given = [
        one for path in checkpoint or [] for one in read(path.read_text(encoding="utf-8", errors="replace"), str(path))
    ]
    with _opened(config) as (database, keys), _progress("checking") as report:
        verdict = check(database, keys, datetime.now(UTC), given=given, report=report)
    if as_json:
        print(json.dumps(asdict(verdict) | {"is_whole": verdict.is_whole}))
    else:
        _tell(verdict)
    if not verdict.is_whole:
        raise typer.Exit(1)


@app.command()
def checkpoint(
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Add it to this file, instead of showing it.")
    ] = None,
    config: Config = None,
) -> None:
    """Seal what waits, sign where the record has come to, and show that as one line.

    Keep it where nobody can change it who may change the database: `audit verify --checkpoint` compares it.

    Example: sharp-eyes audit checkpoint --out /mnt/elsewhere/checkpoints.jsonl
    """
    from core.errors import Conflict
    from registry.audit.checkpoints import make_checkpoint, written
    from registry.audit.seals import Sealing

    with _opened(config) as (database, keys):
        Sealing(database).seal_all()
        made = make_checkpoint(database, keys, datetime.now(UTC))
        if made is None:
            raise Conflict("nothing is on record yet, so there is nothing to sign")
        line = written(made, keys.public_key)
    if out is None:
        print(line)
    else:
        with out.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


@app.command()
def prune(
    before: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Remove what was signed before this day (UTC).")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    config: Config = None,
) -> None:
    """Remove old rows, up to the last checkpoint before a day; that is on record itself, and the rest can be checked.

    What is removed is checked first: where it is not whole nothing goes. Interrupted, the command is simply repeated.
    It ends before the first row that a hold keeps, and says which hold that is.

    Example: sharp-eyes audit prune --before 2026-01-01 --dry-run
    """
    from events.retention.held import lock_holds
    from events.retention.held_record import first_held_row, newest_hold
    from registry.audit.prune import finish_pruning, prunable
    from registry.audit.prune import prune as remove

    def may_still_go(connection: "Transaction") -> bool:
        lock_holds(connection)
        return newest_hold(connection) == newest

    day = before.replace(tzinfo=UTC)
    with _opened(config) as (database, keys):
        if not dry_run and (left := finish_pruning(database)):
            print(f"this finishes a pruning that was begun before: {left} rows")
        with database.read() as connection:
            newest, order = newest_hold(connection), prunable(connection, keys, day)
        held = None
        if order is not None:
            with _progress("looking for what holds keep") as report:
                held = first_held_row(database, order.checkpoint.place, report)
        if held is not None:
            print(f"hold {held.hold.id} ({held.hold.name}) keeps the row at place {held.place} and what comes after it")
            with database.read() as connection:
                order = prunable(connection, keys, day, keep_from=held.place)
        if order is None:
            print(f"nothing was signed before {day:%Y-%m-%d} that is still there and may go")
            return
        found = order.checkpoint
        told = f"{order.rows} rows up to place {found.place}, which was signed at {found.at.isoformat()}"
        if dry_run:
            print(f"would remove {told}")
            return
        with _progress("removing") as report:
            remove(database, keys, order, datetime.now(UTC), report, may_still_go=may_still_go)
        print(f"removed {told}")


@app.command(name="list")
def list_rows(
    act: Annotated[list[str] | None, typer.Option(help="What was done: look_at_clip ...; repeatable.")] = None,
    person: Annotated[int | None, typer.Option(min=1, help="Who did it: a person's number.")] = None,
    key: Annotated[int | None, typer.Option(min=1, help="Who did it: an API key's number.")] = None,
    camera: Annotated[int | None, typer.Option(min=1, help="At this camera.")] = None,
    department: Annotated[int | None, typer.Option(min=1, help="Whose cameras, events or people it touched.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many rows.")] = 50,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show the rows that were written last, the newest first. That is on record too.

    Example: sharp-eyes audit list --camera 17 --act look_at_clip --act look_at_snapshot
    """
    from core.camera import DepartmentId
    from core.errors import BadInput
    from core.ids import CameraId
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine
    from registry.audit.reading import RecordFilter, list_record

    unknown = [name for name in act or [] if name not in set(Act)]
    if unknown:
        raise BadInput(f"--act: there is no act {unknown[0]!r}", field="act", hint=f"one of {', '.join(Act)}")
    asked = RecordFilter(
        acts=frozenset(map(Act, act or [])),
        person=person,
        key=key,
        camera=None if camera is None else CameraId(camera),
        department=None if department is None else DepartmentId(department),
    )
    rows: list[RecordRow] = []
    cursor = None
    with _opened(config) as (database, _):
        while len(rows) < limit:
            with database.read() as connection:
                page = list_record(connection, asked, None, cursor=cursor, limit=limit - len(rows))
            rows += page.items
            cursor = page.next
            if cursor is None:
                break
        given = {"act": act, "person": person, "key": key, "camera": camera, "department": department}
        filters = {name: value for name, value in given.items() if value is not None}
        departments = [] if department is None else [DepartmentId(department)]
        detail = {"filters": filters, "rows": len(rows)}
        with database.write() as connection:
            put_by_machine(
                connection, datetime.now(UTC), Act.RECORD_READ, "record", departments=departments, detail=detail
            )
    for row in rows:
        print(json.dumps(asdict(row) | {"at": row.at.isoformat()}, ensure_ascii=False) if as_json else _line(row))


@contextmanager
def _opened(config: Path | None) -> "Iterator[tuple[Database, CheckpointKeys]]":
    from registry.audit.checkpoints import CheckpointKeys

    from ..preparation import open_keys, prepare
    from ..settings import load

    settings = load(config)
    database = prepare(settings)
    try:
        yield database, CheckpointKeys(open_keys(settings))
    finally:
        database.close()


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=None)

        def report(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield report


def _tell(verdict: "Verdict") -> None:
    after = f" after place {verdict.begins_after}, up to which was pruned" if verdict.begins_after else ""
    print(f"{verdict.rows} rows checked{after}, to place {verdict.place}; {verdict.checkpoints} checkpoints fit")
    for fault in verdict.faults:
        print(f"{fault.kind.value}: {fault.words}")
    if verdict.unnamed:
        print(f"and {verdict.unnamed} more faults")
    print("the record is whole" if verdict.is_whole else "THE RECORD IS NOT WHOLE")


def _line(row: "RecordRow") -> str:
    """Without what a terminal would take for an order."""
    who = f"{row.actor_kind} {row.actor_name}".strip()
    what = " ".join(part for part in (row.act, row.object_kind, row.object) if part)
    why = f" ({row.purpose})" if row.purpose else ""
    where = f" from {row.address}" if row.address else ""
    text = f"{row.at:%Y-%m-%d %H:%M:%S}  {row.outcome:8} {who}{where}: {what}{why}"
    return "".join(letter if letter.isprintable() else "?" for letter in text)
