"""`/gb-codes`: the 20 digits by which GB/T 28181 names a camera, explained and given out."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from core.access import Right
from core.errors import BadInput
from core.gb_code import GbCode, GbPart
from core.gb_tables import GbEdition
from registry import gb_codes
from registry.audit.entry import Act
from registry.sight import check_department

from .answers import Named, named_in_body
from .caller import Who
from .camera_bodies import Edition
from .changing import check_change_somewhere
from .fields import Body, DepartmentNumber, Text
from .idempotency import FirstTime
from .problems import Kind, documented
from .regions import NamedRegion, RegionCode
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["gb-codes"])


class GbPartView(Body):
    """Some digits of a code, and what they say."""

    part: GbPart
    first: int = Field(description="The place of its first digit, from 1.")
    last: int
    value: str
    meaning: str


class GbCodeView(Body):
    """A code, explained."""

    code: str
    edition: GbEdition
    parts: tuple[GbPartView, ...]
    fault: str | None = Field(description="Why no camera can have it; null: one can.")
    region: NamedRegion | None = Field(description="The registered region that its first digits name.")
    camera: Named | None = Field(description="Who has it.")


class GbCodeQuestion(Body):
    """Which code is to be explained."""

    code: Text = Field(description="20 digits.", examples=["31010400111320000017"])
    edition: Edition = GbEdition.E2022


class NewGbCode(Body):
    """What a new code is to say."""

    region: RegionCode
    department: DepartmentNumber | None = Field(default=None, description="Whose industry code it gets.")
    industry: Text | None = Field(default=None, description="Digits 9 and 10, in place of the department's.")
    edition: Edition = GbEdition.E2022
    kind: Annotated[str, Field(pattern="^13[12]$", description="Digits 11 to 13: 131 camera, 132 network camera.")] = (
        "132"
    )
    network: Annotated[str, Field(pattern="^[0-9]$", description="Digit 14.")] = "0"


def view(code: GbCode, known: gb_codes.Known) -> GbCodeView:
    """A code as the API shows it."""
    try:
        code.check_camera()
        fault = None
    except BadInput as found:
        fault = found.message
    return GbCodeView(
        code=code.text,
        edition=code.edition,
        parts=tuple(
            GbPartView(part=one.part, first=one.first, last=one.last, value=one.value, meaning=one.meaning)
            for one in code.explained()
        ),
        fault=fault,
        region=None if known.region is None else NamedRegion(code=known.region.code, name=known.region.name),
        camera=None if known.camera is None else Named(id=known.camera.id, name=known.camera.name),
    )


@router.get("/gb-codes:explain", responses=documented(Kind.BAD_INPUT))
def explain_gb_code(use: Use, who: Who, asked: Annotated[GbCodeQuestion, Query()]) -> GbCodeView:
    """Which digits of a code say what, by the tables of an edition, and what the registry knows of it. Of cameras that
    may not be seen it knows nothing."""
    try:
        code = GbCode.parse(asked.code.strip(), asked.edition)
    except BadInput as error:
        raise BadInput(error.message, field="code", hint=error.hint) from None
    with use.database.read() as connection:
        found = gb_codes.known(connection, code)
        reach = who.reach(connection, Right.LIST)
    if found.camera is not None and not reach.has_camera(found.camera.id, found.camera.department):
        found = replace(found, camera=None)
    return view(code, found)


@router.post("/gb-codes", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def give_out_gb_code(use: Use, who: Who, body: NewGbCode, once: FirstTime) -> GbCodeView:
    """Give out a code that no camera has, and that is not given out again: the next serial of its beginning."""
    with use.database.write() as connection:
        if body.department is None:
            check_change_somewhere(connection, who, to="give out codes")
        else:
            check_department(who.scope(connection), body.department, Right.MANAGE, to="give out codes for")
        once.begin(connection)
        industry = body.industry
        if industry is None:
            if body.department is None:
                raise BadInput("a code needs an industry: its own or a department's", field="industry")
            with named_in_body("department"):
                industry = gb_codes.industry_of(connection, body.department, body.edition)
        with named_in_body("region"):
            centre = gb_codes.centre_of(connection, body.region)
        code = gb_codes.give_out(
            connection, centre=centre, industry=industry, kind=body.kind, network=body.network, edition=body.edition
        )
        for_whom = () if body.department is None else (body.department,)
        who.changed(connection, Act.ADD, "gb_code", code.text, departments=for_whom)
        return once.keep(connection, view(code, gb_codes.known(connection, code)))
