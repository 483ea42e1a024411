"""`/departments`: who owns cameras."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import MISSING, Field

from core.access import Right, Role
from core.camera import DepartmentId
from core.errors import Forbidden
from core.gb_tables import GbEdition
from events.retention import rules as retention
from events.retention.moving import staying_held
from registry import department_rules, departments, version
from registry.access.department_tree import DepartmentTree
from registry.audit.entry import Act
from registry.departments import Department, Sector
from registry.idempotency import Transaction
from registry.reach import Reach

from .answers import DepartmentInPath, Listing, Named
from .caller import Caller, Who
from .changing import differences, note_change
from .fields import Body, DepartmentNumber, Text, given
from .idempotency import FirstTime
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["departments"])

Name = Annotated[Text, Field(examples=["水务局"])]
Parent = Annotated[DepartmentNumber, Field(description="The number of the department above it.")]
Contact = Annotated[Text, Field(description="Whom to call about its cameras.")]
OwnOriginals = Annotated[
    bool, Field(description="Whether its operators and admins may see originals of its own cameras, with a reason.")
]
SecondPerson = Annotated[
    bool, Field(description="Whether an original of its cameras is opened only once a second person has agreed.")
]
OWN_TO_DECIDE: Final = frozenset({"contact", "own_see_originals", "second_person"})
"""What a department's own admin may change of it."""
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
    own_see_originals: OwnOriginals | MISSING = MISSING
    second_person: SecondPerson | MISSING = MISSING

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
            own_see_originals=given(self.own_see_originals, before.own_see_originals),
            second_person=given(self.second_person, before.second_person),
        )


class DepartmentView(Body):
    """An owner of cameras."""

    id: DepartmentNumber
    name: str
    kind: Sector
    parent: Named | None = Field(description="The department above it; null: none is.")
    contact: str
    gb_industry: Industries
    own_see_originals: OwnOriginals
    second_person: SecondPerson
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
        own_see_originals=found.own_see_originals,
        second_person=found.second_person,
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
def add_department(use: Use, who: Who, body: NewDepartment, response: Response, once: FirstTime) -> DepartmentView:
    """Add a department. It has a rule for streams that are lost, which can be changed and removed."""
    who.require_role(Role.CITY_ADMIN, to="add departments")
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
        who.changed(connection, Act.ADD, "department", added.id, departments={added.id}, detail={"name": added.name})
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
    use: Use, who: Who, department: DepartmentInPath, body: DepartmentChange, response: Response, expected: Expected
) -> DepartmentView:
    """Change what is given of the department. Its own admin may change `contact`, `own_see_originals` and
    `second_person`; all else is the city's to change."""
    who.require_role(Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, to="change departments")
    with use.database.write() as connection:
        version.raise_version(connection)  # the row of the version is the lock: changes come one after the other
        before = departments.get(connection, department)
        names = departments.names_above(connection, before)
        shown = view(before, names)
        _check_own(connection, who, before, body.applied_to(before))
        expected.check(f"department {department}", before.revision)
        wanted = body.applied_to(before)
        # Only a department that moves can slip out of a hold: nobody who takes one is to wait for other changes.
        with staying_held(connection, department) if wanted.parent != before.parent else nullcontext():
            after = departments.change(connection, wanted)
        changed = view(after, departments.names_above(connection, after))
        different = differences(shown, changed)
        note_change(connection, who, "department", department, different, departments={department})
    response.headers["ETag"] = tag(after.revision)
    return changed


@router.delete(
    "/departments/{department}",
    status_code=204,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT),
)
def remove_department(use: Use, who: Who, department: DepartmentInPath, expected: Expected) -> None:
    """Remove the department with its rules. One that owns cameras, or ever did, stays: their events are its own."""
    who.require_role(Role.CITY_ADMIN, to="remove departments")
    with use.database.write() as connection:
        version.raise_version(connection)
        before = departments.get(connection, department)
        expected.check(f"department {department}", before.revision)
        retention.forget_department(connection, department)
        departments.remove(connection, department)
        detail = {"name": before.name}
        who.changed(connection, Act.REMOVE, "department", department, departments={department}, detail=detail)


def _check_own(connection: Transaction, who: Caller, before: Department, wanted: Department) -> None:
    """Raises `Forbidden`, which names the field, for what an admin may not change of a department."""
    asker = who.principal
    if asker.role is Role.CITY_ADMIN:
        return
    own = asker.department
    if own is None or before.id not in DepartmentTree(connection).within(own):
        raise Forbidden(
            f"only an admin of department {before.id}, or of one above it, may change it",
            kind="department",
            number=str(before.id),
            department=before.id,
        )
    for one in fields(Department):
        if one.name not in OWN_TO_DECIDE and getattr(wanted, one.name) != getattr(before, one.name):
            raise Forbidden(
                f"only a city admin may change {one.name!r} of a department",
                kind="department",
                number=str(before.id),
                department=before.id,
                hint=f"a department's own admin may change {', '.join(sorted(OWN_TO_DECIDE))}",
            )
