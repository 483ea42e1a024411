"""`/audit`: who looked at what, who changed what, who was refused."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import Field, model_validator
from starlette.responses import StreamingResponse

from registry.audit.entry import Act, Outcome
from registry.audit.reading import READERS, Home, NamedNumber, RecordFilter, RecordRow, home_of, list_record
from registry.audit.status import record_status

from .answers import Listing, Named, Paging, listing
from .audit_csv import record_csv
from .caller import Caller, Who
from .fields import LAST_NUMBER, AskedInstant, Body, CameraNumber, DepartmentNumber, Instant, Text
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["record"])

_Number = Annotated[int, Field(ge=1, le=LAST_NUMBER)]


class RecordAsked(Body):
    """Which rows are asked for; different filters must all hold."""

    from_at: AskedInstant | None = Field(default=None, alias="from", description="At this moment or later.")
    to_at: AskedInstant | None = Field(default=None, alias="to", description="Before this moment.")
    act: tuple[Act, ...] = Field(default=(), max_length=len(Act), description="What was done; any of them.")
    outcome: Outcome | None = None
    person: _Number | None = Field(default=None, description="Who did it: a person's number.")
    key: _Number | None = Field(default=None, description="Who did it: an API key's number.")
    department: DepartmentNumber | None = Field(default=None, description="Whose cameras, events or people it touched.")
    camera: CameraNumber | None = None
    object_kind: Text | None = Field(default=None, description="`event`, `camera`, `person`, `grant` ...")
    object: Text | None = Field(default=None, description="Its number or code.")

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.from_at is not None and self.to_at is not None and self.from_at > self.to_at:
            raise ValueError("`from` lies after `to`, so nothing can fit; exchange them")
        return self

    def filter(self) -> RecordFilter:
        """What the registry is asked."""
        return RecordFilter(
            from_at=self.from_at,
            to_at=self.to_at,
            acts=frozenset(self.act),
            outcome=self.outcome,
            person=self.person,
            key=self.key,
            department=self.department,
            camera=self.camera,
            object_kind=self.object_kind,
            object=self.object,
        )

    def told(self) -> dict[str, Any]:
        """The filters, as they go on record themselves."""
        return self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude={"limit", "cursor"}, exclude_none=True
        )


class RecordPage(RecordAsked, Paging):
    """Which rows are asked for, and which page."""


class ActorView(Body):
    """Who did it; name and role are those of then."""

    kind: str = Field(description="`person`, `key`, `program` (Sharp Eyes itself) or `unknown` (was not let in).")
    id: int | None
    name: str
    role: str | None
    department: Named | None


class RecordView(Body):
    """One act."""

    id: int
    at: Instant
    act: str
    outcome: str
    actor: ActorView
    address: str = Field(description="From where, as an IP address; empty for a command on the machine.")
    object_kind: str
    object: str
    camera: Named | None
    departments: tuple[Named, ...] = Field(description="Whose cameras, events or people it touched.")
    purpose: str
    detail: dict[str, Any] = Field(description="Filters, what was shown, what was changed: by the act.")
    sealed: bool = Field(description="Whether it has its place in the chain.")


class CheckpointView(Body):
    """A place that was signed."""

    place: int
    hash: str
    at: Instant


class RecordStatusView(Body):
    """How much there is, and how far it is sealed and signed."""

    rows: int
    sealed: int
    unsealed: int
    oldest_unsealed_at: Instant | None
    checkpoint: CheckpointView | None = Field(description="The newest one.")
    pruned_to: int | None = Field(description="The place up to which rows were removed; null: none were.")


@router.get("/audit", responses=documented(Kind.BAD_INPUT))
def list_audit(use: Use, who: Who, asked: Annotated[RecordPage, Query()]) -> Listing[RecordView]:
    """The record, the last row first: all of it for those who look after the city, else what touched one's own
    departments. To read it is on record too."""
    home = _home(who)
    with use.database.read() as connection:
        page = list_record(connection, asked.filter(), home, cursor=asked.cursor, limit=asked.limit)
    _note(who, home, asked, rows=len(page.items))
    return listing(page, _view)


@router.get(
    "/audit.csv",
    response_class=StreamingResponse,
    responses={200: {"description": "The file.", "content": {"text/csv": {}}}, **documented(Kind.BAD_INPUT)},
)
def export_audit(use: Use, who: Who, asked: Annotated[RecordAsked, Query()]) -> StreamingResponse:
    """The same as CSV (UTF-8 with a byte order mark), all of it; times are UTC."""
    home = _home(who)
    text = record_csv(use.database, asked.filter(), home)
    _note(who, home, asked, form="csv")
    return StreamingResponse(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


@router.get("/audit/status")
def read_audit_status(use: Use, who: Who) -> RecordStatusView:
    """How much there is, how far it is sealed, and what was signed last."""
    who.require_role(*READERS, to="read the record")
    with use.database.read() as connection:
        found = record_status(connection)
    checkpoint = found.checkpoint
    return RecordStatusView(
        rows=found.sealed + found.unsealed,
        sealed=found.sealed,
        unsealed=found.unsealed,
        oldest_unsealed_at=found.oldest_unsealed_at,
        checkpoint=None
        if checkpoint is None
        else CheckpointView(place=checkpoint.place, hash=checkpoint.hash.hex(), at=checkpoint.at),
        pruned_to=found.pruned_to or None,
    )


def _home(who: Caller) -> Home:
    """Whose rows the caller reads. Raises `Forbidden` for who reads none."""
    who.require_role(*READERS, to="read the record")
    with who.services.database.read() as connection:
        return home_of(connection, who.principal)


def _note(who: Caller, home: Home, asked: RecordAsked, **more: Any) -> None:
    """Put on record that the record was read, for those whose rows were asked for."""
    departments = {who.principal.department} - {None}
    if asked.department is not None and (home is None or asked.department in home):
        departments = {asked.department}
    who.looks(Act.RECORD_READ, "record", departments=departments, detail={"filters": asked.told(), **more})


def _view(row: RecordRow) -> RecordView:
    return RecordView(
        id=row.id,
        at=row.at,
        act=row.act,
        outcome=row.outcome,
        actor=ActorView(
            kind=row.actor_kind,
            id=row.actor,
            name=row.actor_name,
            role=row.actor_role,
            department=_named(row.actor_department),
        ),
        address=row.address,
        object_kind=row.object_kind,
        object=row.object,
        camera=_named(row.camera),
        departments=tuple(Named(id=one.id, name=one.name) for one in row.departments),
        purpose=row.purpose,
        detail=row.detail,
        sealed=row.sealed,
    )


def _named(found: NamedNumber | None) -> Named | None:
    return None if found is None else Named(id=found.id, name=found.name)
