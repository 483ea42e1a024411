"""`sharp-eyes media`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .options import Config, Json

if TYPE_CHECKING:
    from ..media_sweep import Swept

app = typer.Typer(help="Pictures and clips: where they lie, and whether all of them are there.", no_args_is_help=True)


@app.command()
def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    even_most: Annotated[
        bool, typer.Option("--even-most", help="Also where most of what there is would go: the store was lost, say.")
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Remove blobs that belong to nothing, and say of events whose pictures or clips are gone that they are.

    What is younger than two days, and what is not ours, is never touched. It may run beside everything else, be broken
    off, and be repeated.

    Example: sharp-eyes media sweep --dry-run
    """
    from core.clock import SystemClock

    from ..media_sweep import sweep as run
    from ..openings import open_blobs
    from .opened import opened

    with opened(config) as (settings, database), _progress() as report:
        swept = run(
            database,
            open_blobs(settings),
            SystemClock().now(),
            dry_run=dry_run,
            even_most=even_most,
            report=report,
        )
    if as_json:
        print(json.dumps(asdict(swept)))
    else:
        _tell(swept)


@app.command()
def verify(
    sample: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="So many, chosen at random. Without: all of them.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Read pictures and clips from the store, and compare them with the checksums that they were written with.

    Exit code 1 if one is not what was written, or is gone: each is named.

    Example: sharp-eyes media verify --sample 500
    """
    from collections import Counter

    from events.media.reading import count_rows, rows_at_random, rows_in_order
    from events.media.verifying import BAD, Verdict, check_blob

    from ..openings import open_blobs
    from .opened import opened

    counts: Counter[Verdict] = Counter()
    with opened(config) as (settings, database), _progress() as report:
        blobs = open_blobs(settings)
        total = count_rows(database) if sample is None else sample
        stretches = rows_in_order(database) if sample is None else iter([rows_at_random(database, sample)])
        for row in (row for stretch in stretches for row in stretch):
            checked = check_blob(blobs, row)
            counts[checked.verdict] += 1
            report("reading", counts.total(), total)
            if checked.verdict in BAD and as_json:
                facts = {"event": str(row.event), "kind": row.kind.value, "verdict": checked.verdict.value}
                print(json.dumps(facts | {"found": checked.words}))
            elif checked.verdict in BAD:
                print(f"event {row.event}, {row.kind.value}: {checked.words}")
    if as_json:
        print(json.dumps({verdict.value: counts[verdict] for verdict in Verdict}))
    else:
        print(
            f"{counts.total()} read: {counts[Verdict.SAME]} as written, {counts[Verdict.UNSUMMED]} without a checksum, "
            f"{counts[Verdict.OTHER]} differ, {counts[Verdict.GONE]} gone"
        )
    if any(counts[verdict] for verdict in BAD):
        raise typer.Exit(1)


@app.command()
def outbox(config: Config = None, as_json: Json = False) -> None:
    """Show what waits on this machine for the store: of each worker how many media, how large, since when.

    Example: sharp-eyes media outbox
    """
    from ..settings import load
    from ..worker.outboxes import outboxes

    found = outboxes(load(config).data)
    for number, total in found.items():
        since = None if total.oldest_at is None else total.oldest_at.isoformat(timespec="seconds")
        if as_json:
            print(json.dumps({"slot": number, "media": total.media, "bytes": total.bytes, "oldest_at": since}))
        elif total.media:
            print(f"worker {number}: {total.media} media, {total.bytes / 1e6:.1f} MB, the oldest since {since}")
    if not as_json and not any(total.media for total in found.values()):
        print("nothing waits for the store")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """One line that says how far it is; nothing where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None)

        def report(what: str, done: int, of: int | None) -> None:
            progress.update(task, description=what, completed=done, total=of)

        yield report


def _tell(swept: "Swept") -> None:
    does = "would be " if swept.is_dry_run else ""
    print(f"{swept.blobs} blobs: {swept.young} younger than two days, {swept.foreign} not ours")
    print(f"{swept.orphans} belong to nothing ({swept.orphan_bytes / 1e6:.1f} MB): {does}removed")
    print(f"{swept.rows} media on record, {swept.vanished} of them gone from the store: {does}said at their events")
    if swept.never_came:
        print(f"{swept.never_came} never came from their worker's disk: {does}said at their events")
