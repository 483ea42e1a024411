"""Imports as the API shows them."""

from typing import Annotated

from pydantic import Field

from registry.imports.records import ImportRecord, ImportState, KeptVerdict
from registry.imports.verdicts import VerdictKind

from .fields import LAST_NUMBER, Body, CameraNumber, Instant

ImportNumber = Annotated[int, Field(ge=1, le=LAST_NUMBER)]


class ImportView(Body):
    """An import: how far it is, and how many rows had which verdict."""

    id: ImportNumber
    file: str
    state: ImportState
    dry_run: bool = Field(description="It says what would happen, and changes nothing.")
    share: float = Field(description="How much of the file was read, 0 to 1.")
    total: int | None = Field(description="Rows of the file; null before its end was seen.")
    done: int
    created: int
    changed: int
    unchanged: int
    refused: int
    ignored_columns: tuple[str, ...] = Field(description="Columns that mean nothing here.")
    started_at: Instant
    ended_at: Instant | None
    fault: str | None = Field(description="Why it failed. What was taken before stays taken.")


class ChangeView(Body):
    """A field that got another value. Of secrets it is said that they changed, and no more."""

    field: str
    old: str | None
    new: str | None


class RefusalView(Body):
    """One reason why a row was not taken."""

    column: str | None = Field(description="Which cell is at fault; null: the row as a whole.")
    found: str | None = Field(description="What stands there, shortened; null where it may hold a secret.")
    expected: str
    hint: str | None


class RowView(Body):
    """What became of one row; in a dry run, what would."""

    row: int = Field(description="As a spreadsheet counts: the headers stand in row 1. In JSON the first object is 1.")
    verdict: VerdictKind
    camera: CameraNumber | None
    name: str | None
    changes: tuple[ChangeView, ...]
    refusals: tuple[RefusalView, ...]


def import_view(record: ImportRecord) -> ImportView:
    """`record` as the API shows it."""
    return ImportView(
        id=record.id,
        file=record.file,
        state=record.state,
        dry_run=record.dry_run,
        share=round(record.share, 4),
        total=record.total,
        done=record.tally.done,
        created=record.tally.created,
        changed=record.tally.changed,
        unchanged=record.tally.unchanged,
        refused=record.tally.refused,
        ignored_columns=record.ignored,
        started_at=record.started_at,
        ended_at=record.ended_at,
        fault=record.fault,
    )


def row_view(kept: KeptVerdict) -> RowView:
    """A verdict as the API shows it."""
    return RowView(
        row=kept.row,
        verdict=kept.kind,
        camera=kept.camera,
        name=kept.details.get("name"),
        changes=tuple(ChangeView(**one) for one in kept.details.get("changes", ())),
        refusals=tuple(RefusalView(**one) for one in kept.details.get("refusals", ())),
    )
