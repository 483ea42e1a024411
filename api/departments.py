"""`/departments`: who owns cameras."""

from fastapi import APIRouter

from registry import departments
from registry.departments import Sector

from .answers import Listing
from .fields import Body, DepartmentNumber
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["departments"])


class DepartmentView(Body):
    """An owner of cameras."""

    id: DepartmentNumber
    name: str
    kind: Sector


@router.get("/departments")
def list_departments(use: Use) -> Listing[DepartmentView]:
    """All departments."""
    with use.database.read() as connection:
        found = departments.list_departments(connection)
    return Listing(items=tuple(DepartmentView(id=one.id, name=one.name, kind=one.kind) for one in found))
