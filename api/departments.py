"""`/departments`: who owns cameras."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import MISSING, Field

from core.access import Right
from core.camera import DepartmentId
from core.gb_tables import GbEdition
from registry import department_rules, departments, version
from registry.departments import Department, Sector
from registry.reach import Reach

from .answers import DepartmentInPath, Listing, Named
from .caller import Who
from .fields import Body, DepartmentNumber, Text, given
from .idempotency import FirstTime
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["departments"])

Name = Annotated[Text, Field(examples=["水务局"])]
Parent = Annotated[DepartmentNumber, Field(description="The number of the department above it.")]
Contact = Annotated[Text, Field(description="Whom to call about its cameras.")]
Industry = Annotated[Text, Field(description="Digits 9 and 10 of its cameras' codes in this edition.", examples=["11"])]


class Industries(Body):
    """Industry codes by edition of GB/T 28181; null where there is none."""

    of_2016: Industry | None = Field(default=None, alias="2016")
    of_2022: Industry | None = Field(default=None, alias="2022")

    def by_edition(self) -> dict[GbEdition, str]:
        """The codes that there are."""
        both = {GbEdition.E2016: self.of_2016, GbEdition.E2022: self.of_2022}
        return {edition: code for edition, code in both.items() if code is not None}


class IndustriesChange(Body):
    """What is to be changed of them; what is left out stays, null takes away."""

    of_2016: Industry | MISSING | None = Field(default=MISSING, alias="2016")
    of_2022: Industry | MISSING | None = Field(default=MISSING, alias="2022")

    def applied_to(self, before: Mapping[GbEdition, str]) -> dict[GbEdition, str]:
        """`before` with what is given."""
        both = {
            GbEdition.E2016: given(self.of_2016, before.get(GbEdition.E2016)),
            GbEdition.E2022: given(self.of_2022, before.get(GbEdition.E2022)),
        }
        return {edition: code for edition, code in both.items() if code is not None}


class NewDepartment(Body):
    """A department to be added."""

    name: Name
    kind: Sector = Sector.OTHER
    parent: Parent | None = None
    contact: Contact = ""
    gb_industry: Industries = Industries()


class DepartmentChange(Body):
    """What is to be changed of a department; what is left out stays."""

    name: Name | MISSING = MISSING
    kind: Sector | MISSING = MISSING
    parent: Parent | MISSING | None = MISSING
    contact: Contact | MISSING = MISSING
    gb_industry: IndustriesChange | MISSING = MISSING

    def applied_to(self, before: Department) -> Department:
        """`before` with what is given."""
        return replace(
            before,
            name=given(self.name, before.name),
            kind=given(self.kind, before.kind),
            parent=given(self.parent, before.parent),
            contact=given(self.contact, before.contact),
            gb_industry=before.gb_industry
            if self.gb_industry is MISSING
            else self.gb_industry.applied_to(before.gb_industry),
        )


class DepartmentView(Body):
    """An owner of cameras."""

    id: DepartmentNumber
    name: str
    kind: Sector
    parent: Named | None = Field(description="The department above it; null: none is.")
    contact: str
    gb_industry: Industries
    revision: int = Field(description="Counts its changes; its `ETag`.")


def view(found: Department, names: Mapping[DepartmentId, str]) -> DepartmentView:
    """A department as the API shows it; `names` has at least its parent's."""
    codes = {str(edition.value): found.gb_industry.get(edition) for edition in GbEdition}
    return DepartmentView(
        id=found.id,
        name=found.name,
        kind=found.kind,
        parent=None if found.parent is None else Named(id=found.parent, name=names[found.parent]),
        contact=found.contact,
        gb_industry=Industries.model_validate(codes),
        revision=found.revision,
    )


@router.get("/departments")
def list_departments(use: Use, who: Who) -> Listing[DepartmentView]:
    """All departments, by number; `contact` is empty where their cameras may not be seen."""
    with use.database.read() as connection:
        found = departments.list_departments(connection)
        reach = who.reach(connection, Right.LIST)
    names = {one.id: one.name for one in found}
    return Listing(items=tuple(view(_as_seen(one, reach), names) for one in found))


def _as_seen(found: Department, reach: Reach) -> Department:
    return found if reach.has_department(found.id) else replace(found, contact="")


@router.post("/departments", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def add_department(use: Use, body: NewDepartment, response: Response, once: FirstTime) -> DepartmentView:
    """Add a department. It has a rule for streams that are lost, which can be changed and removed."""
    with use.database.write() as connection:
        once.begin(connection)
        added = departments.add(
            connection,
            name=body.name,
            kind=body.kind,
            parent=body.parent,
            contact=body.contact,
            gb_industry=body.gb_industry.by_edition(),
        )
        department_rules.add_usual(connection, added.id)
        shown = view(added, departments.names_above(connection, added))
        headers = {"Location": f"/api/v1/departments/{added.id}", "ETag": tag(added.revision)}
        once.keep(connection, shown, headers)
    response.headers.update(headers)
    return shown


@router.get("/departments/{department}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_department(
    use: Use, who: Who, department: DepartmentInPath, response: Response, known: Known
) -> DepartmentView:
    """One department; `contact` is empty where its cameras may not be seen."""
    with use.database.read() as connection:
        found = departments.get(connection, department)
        names = departments.names_above(connection, found)
        reach = who.reach(connection, Right.LIST)
    known.answer(response, found.revision, is_whole=reach.has_department(department))
    return view(_as_seen(found, reach), names)


@router.patch(
    "/departments/{department}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT)
)
def change_department(
    use: Use, department: DepartmentInPath, body: DepartmentChange, response: Response, expected: Expected
) -> DepartmentView:
    """Change what is given of the department."""
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = departments.get(connection, department)
        expected.check(f"department {department}", before.revision)
        after = departments.change(connection, body.applied_to(before))
        names = departments.names_above(connection, after)
    response.headers["ETag"] = tag(after.revision)
    return view(after, names)


@router.delete(
    "/departments/{department}",
    status_code=204,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT),
)
def remove_department(use: Use, department: DepartmentInPath, expected: Expected) -> None:
    """Remove the department with its rules. One that owns cameras, or ever did, stays: their events are its own."""
    with use.database.write() as connection:
        version.raise_version(connection)
        expected.check(f"department {department}", departments.get(connection, department).revision)
        departments.remove(connection, department)
