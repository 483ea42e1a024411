"""`sharp-eyes cameras`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from .options import Config, Json, only_files

if TYPE_CHECKING:
    from api.probe_words import ProbeView
    from registry.imports.verdicts import Tally, Verdict

app = typer.Typer(help="Cameras, many at a time.", no_args_is_help=True)

_SOME_REFUSED = 3
_INTERRUPTED = 130
_MOST_TOLD = 20
"""Refused rows that are told on the terminal; --report has all."""


@app.callback()
def cameras() -> None:
    """Cameras, many at a time."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON (an array of objects, or an object a line).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    department: Annotated[
        str | None, typer.Option(help="Name or number of the department of rows that name none.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write what became of each row to this file (CSV).")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Take the cameras of a file into the registry. A second run of the same file changes nothing.

    Exit codes: 0 every row was taken, 3 some were refused, 130 interrupted: what was taken stays taken.

    Example: sharp-eyes cameras import schools.csv --dry-run --report report.csv
    """
    # Imported here, since `--help` must not wait for the database's library.
    from ..camera_files import import_cameras
    from ..settings import load
    from .serve import stop_flag

    only_files([file])
    stop = stop_flag()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(file.name, total=1.0)
        told = 0

        def note(verdicts: "list[Verdict]", tally: "Tally", share: float) -> None:
            nonlocal told
            bar.update(
                task, completed=share, description=f"{file.name}: {tally.done:,} rows, {tally.refused:,} refused"
            )
            for verdict in verdicts:
                if as_json:
                    facts = {"row": verdict.row, "verdict": verdict.kind.value, "camera": verdict.camera}
                    print(json.dumps(facts | verdict.details(), ensure_ascii=False))
                elif verdict.refusals and told < _MOST_TOLD:
                    told += 1
                    bar.console.print(_line(verdict), markup=False)

        result = import_cameras(
            load(config), file, dry_run=dry_run, department=department, report=report, note=note, stop=stop
        )
    tally = result.tally
    if as_json:
        sums = {name: getattr(tally, name) for name in ("created", "changed", "unchanged", "refused")}
        print(json.dumps({**sums, "dry_run": dry_run, "ignored_columns": result.ignored, "interrupted": stop.is_set()}))
    else:
        if result.ignored:
            console.print(f"columns that mean nothing here: {', '.join(result.ignored)}", markup=False)
        if tally.refused > told:
            console.print(f"... and {tally.refused - told:,} more refused rows; --report FILE.csv has all of them")
        would = "would be " if dry_run else ""
        print(
            f"{tally.done:,} rows: {tally.created:,} {would}created, {tally.changed:,} {would}changed, "
            f"{tally.unchanged:,} unchanged, {tally.refused:,} refused"
        )
    sys.stdout.flush()
    if stop.is_set():
        console.print(f"interrupted after {tally.done:,} rows, which stay taken; run it again to take the rest")
        raise typer.Exit(_INTERRUPTED)
    if tally.refused:
        raise typer.Exit(_SOME_REFUSED)


@app.command("export")
def export_file(
    file: Annotated[Path, typer.Argument(help="Its name says the format: .csv, .json or .geojson.")],
    q: Annotated[str | None, typer.Option(help="Only cameras with these words, as in the catalogue.")] = None,
    department: Annotated[str | None, typer.Option(help="Only cameras of this department: its name or number.")] = None,
    region: Annotated[str | None, typer.Option(help="Only cameras in this region, by its code, or below it.")] = None,
    config: Config = None,
) -> None:
    """Write the cameras of the registry to a file. No login leaves. CSV and JSON can be imported again.

    Example: sharp-eyes cameras export cameras.csv --region 310104
    """
    from ..camera_files import export_cameras
    from ..settings import load

    only_files([file])
    number = export_cameras(load(config), file, q=q, department=department, region=region)
    print(f"{number:,} cameras in {file}")


@app.command("probe")
def probe_stream(
    url: Annotated[
        str,
        typer.Argument(
            help="rtsp://user:password@host/path; - reads it from standard input, where it is not seen by everybody on "
            "this machine as a command line is."
        ),
    ],
    certificate: Annotated[
        str | None, typer.Option(help="rtsps: SHA-256 of the camera's certificate, where no authority vouches for it.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write a masked picture to this file (JPEG).")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Look at a stream for some seconds: how it is encoded, whether browsers play it, and what could be better.

    Exit code 1 if no pictures came.

    Example: sharp-eyes cameras probe rtsp://admin:secret@10.0.0.7/Streaming/Channels/102
    """
    from core.stream_state import StreamState

    from ..camera_probe import probe_address, write_picture
    from ..settings import load

    address = sys.stdin.readline().strip() if url == "-" else url
    found = probe_address(load(config), address, certificate, is_shown=picture is not None)
    if picture is not None:
        write_picture(found, picture)
    if as_json:
        print(found.model_dump_json(exclude={"picture"}))
    else:
        _tell(found)
    sys.stdout.flush()
    if found.state is not StreamState.LIVE:
        raise typer.Exit(1)


def _tell(found: "ProbeView") -> None:
    print(f"{found.url}: {found.state.value}: {found.reason}")
    if found.hint:
        print(f"  {found.hint}")
    one = found.encoding
    if one is None:
        return
    profile = f" ({one.profile})" if one.profile else ""
    group = "fewer than two seen" if one.group_s is None else f"one every {one.group_s:g} s"
    bits = "unknown" if one.bits_per_second is None else f"{one.bits_per_second / 1000:,.0f} kbit/s"
    print(f"  codec       {one.codec}{profile}, {one.width}x{one.height}, {one.fps or 0:g} pictures a second, {bits}")
    print(f"  key frames  {group}; B-frames: {'yes' if one.has_b_frames else 'no'}")
    print(f"  sound       {one.sound or 'none'}")
    print(f"  clock       {one.clock.replace('_', ' ')}")
    print(f"  browser     {'plays it' if one.browser.plays else 'does not play it'}: {one.browser.reason}")
    whole = "every picture is decoded, also while nothing moves"
    print(f"  decoding    {'key frames alone while nothing moves' if one.policy == 'key_frames' else whole}")
    for hint in one.hints:
        print(f"  hint        {hint.text}")
    if found.no_picture:
        print(f"  picture     none: {found.no_picture}")


def _line(verdict: "Verdict") -> str:
    """A refused row on one line."""
    told = []
    for one in verdict.refusals:
        where = "" if one.column is None else f"{one.column}: "
        found = "" if one.found is None else f" (found {one.found})"
        hint = "" if one.hint is None else f"; {one.hint}"
        told.append(f"{where}{one.expected}{found}{hint}")
    return f"row {verdict.row}: {' | '.join(told)}"
