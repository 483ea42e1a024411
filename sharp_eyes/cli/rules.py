"""`sharp-eyes rules`."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from core.errors import BadInput
from core.ids import camera_id

from .options import Config, Json, only_files

if TYPE_CHECKING:
    from api.trial_words import TrialView
    from core.ids import CameraId
    from core.rule import Rule
    from registry.db import Database

app = typer.Typer(help="Rules, tried before they are switched on.", no_args_is_help=True)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=30)


@app.callback()
def rules() -> None:
    """Rules, tried before they are switched on."""


@app.command("try")
def try_rules(
    file: Annotated[Path, typer.Argument(help="Rules in TOML or JSON, as `sharp-eyes analyze --rules` takes them.")],
    camera: Annotated[int, typer.Option(help="The number of the camera whose log they are tried on.")],
    last: Annotated[str, typer.Option(help="How far back: 90s, 30m, 1h, 3d.")] = "1h",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Say which events rules would have made of what a camera saw lately, and why there were not more.

    It reads the track log out of the database, and changes nothing there but the record, which tells of it; nobody has
    to watch the camera meanwhile.

    Example: sharp-eyes rules try rules.toml --camera 17 --last 1h
    """
    from ..settings import load
    from ..trials.answer import answer
    from ..trials.from_file import logged, rules_to_try, trials

    only_files([file])
    to_at = datetime.now(UTC)
    from_at = to_at - _length(last)
    settings = load(config)
    wanted = rules_to_try(settings, file, camera_id(camera))
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with (
        logged(settings, camera_id(camera)) as database,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        _put_on_record(database, camera_id(camera), wanted, from_at, to_at)
        tasks = {rule.id: bar.add_task(rule.name, total=(to_at - from_at).total_seconds()) for rule in wanted}

        def progress(rule: "Rule", at: datetime) -> None:
            bar.update(tasks[rule.id], completed=(at - from_at).total_seconds())

        for rule, trial in trials(settings, database, wanted, from_at, to_at, progress):
            progress(rule, to_at)
            told = answer(trial)
            if as_json:
                print(json.dumps({"rule": rule.name} | told.model_dump(mode="json", by_alias=True), ensure_ascii=False))
            else:
                _tell(rule.name, told)
            sys.stdout.flush()


def _put_on_record(
    database: "Database", camera: "CameraId", wanted: "Sequence[Rule]", from_at: datetime, to_at: datetime
) -> None:
    """What was looked through, before anything of it is shown."""
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine
    from registry.owners import Owners

    with database.read() as connection:
        owners = {owner for owner, _, _ in Owners(connection, [camera]).spans(camera, from_at, to_at)}
    tried = sorted({rule.kind.value for rule in wanted})
    filters = {"tried": tried, "from": from_at.isoformat(), "to": to_at.isoformat()}
    with database.write() as connection:
        put_by_machine(
            connection,
            to_at,
            Act.SEARCH,
            "camera",
            camera,
            camera=camera,
            departments=owners,
            detail={"filters": filters},
        )


def _length(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,7})([smhd])", text.strip())
    length = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta(0)
    if not timedelta(0) < length <= _LONGEST:
        raise BadInput(f"--last is {text[:40]!r}; expected a number and s, m, h or d, 1h for example, up to 30d")
    return length


def _tell(name: str, told: "TrialView") -> None:
    print(f"{name}: {len(told.events)} events in {told.looks:,} looks")
    for event in told.events:
        end = "goes on" if event.ended_at is None else f"{(event.ended_at - event.started_at).total_seconds():.1f} s"
        score = "" if event.score is None else f"  {event.score:.2f}"
        print(f"  {event.started_at.astimezone():%Y-%m-%d %H:%M:%S}  {end:>9}  {event.label}{score}")
    sums: dict[tuple[str, str], int] = {}
    for item in told.flow:
        key = item.direction.value, item.label
        sums[key] = sums.get(key, 0) + item.count
    for (direction, label), count in sorted(sums.items()):
        print(f"  {count:>5} {label} crossed, {direction.replace('_', ' ')}")
    account = told.account
    print(f"  of {account.tracks} tracks {account.with_event} made an event")
    for condition, count in account.unfulfilled.items():
        print(f"  {count:>5} failed at: {condition.value.replace('_', ' ')}")
    if told.hint:
        print(f"  {told.hint}")
