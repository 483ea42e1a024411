"""What is on record of the simulated cameras. All of it is made up, and all of it is such as the registry takes."""

from datetime import date, timedelta
from typing import Final

from core.camera_facts import CameraFacts, PointClass, PtzType, RoomType
from core.gb_code import PREFIX
from core.gb_tables import GbEdition
from registry.departments import Sector

from .layout import Layout
from .regions import STREETS, district_code, street_code
from .words import SECTOR_ORDER

EDITION: Final = GbEdition.E2022
INDUSTRIES: Final = {
    Sector.EDUCATION: "11",
    Sector.URBAN_MANAGEMENT: "08",
    Sector.WATER: "53",
    Sector.HEALTH: "56",
    Sector.SCENIC_AREA: "57",
    Sector.RAIL_TRANSIT: "13",
    Sector.BRIDGES_AND_TUNNELS: "04",
    Sector.VENUE: "57",
    Sector.COMMUNITY: "01",
    Sector.SOCIAL_UNIT: "45",
}
"""Digits 9 and 10 of the codes of a sector's cameras, by the edition of 2022."""
_MODELS: Final = (
    ("示例视讯", "SL-200"),
    ("示例视讯", "SL-400 球机"),
    ("Example Optics", "EO-7"),
    ("Example Optics", "EO-7 Dome"),
    ("云图样品科技", "YT-X1"),
)
_RESOLUTIONS: Final = ("1920x1080", "2560x1440", "1280x720", "3840x2160")
_FIRST_DAY: Final = date(2016, 1, 1)
_SERIALS: Final = 1_000_000
_WITHOUT_CODE: Final = 33
_WITHOUT_PLACE: Final = 50
"""One camera in so many has gaps, as in every real register."""


def facts_of(number: int, layout: Layout, department: str) -> CameraFacts:
    """The facts of a camera; `department` is its owner's name."""
    place = number - 1
    district, street = int(layout.district[place]), int(layout.street[place])
    sector = SECTOR_ORDER[layout.sector[place]]
    manufacturer, model = _MODELS[number * 7 % len(_MODELS)]
    has_place = number % _WITHOUT_PLACE != 0
    has_code = number % _WITHOUT_CODE != 0
    return CameraFacts(
        gb_code=gb_code(number, layout) if has_code else None,
        gb_edition=EDITION if has_code else None,
        own_id=f"{sector.value[:3].upper()}-{number:06}",
        region=street_code(district, street),
        manufacturer=manufacturer,
        model=model,
        address=_address(street, number),
        longitude=float(layout.longitude[place]) if has_place else None,
        latitude=float(layout.latitude[place]) if has_place else None,
        point_class=(PointClass.FIRST, PointClass.SECOND, PointClass.THIRD, PointClass.OTHER)[number % 4],
        ptz_type=PtzType(number % 4 + 1),
        room_type=RoomType.INDOOR if number % 3 == 0 else RoomType.OUTDOOR,
        look_direction=float(number * 37 % 360),
        field_of_view=float(40 + number % 6 * 10),
        installed_on=_FIRST_DAY + timedelta(days=number * 13 % 3_600),
        management_unit=f"{department} 运维 {number % 5 + 1}"
        if number % 2
        else f"{department} Upkeep {number % 5 + 1}",
        contact="值班室 Duty office",
        recording_days=(30, 60, 90)[number % 3],
        resolution=_RESOLUTIONS[number % len(_RESOLUTIONS)],
        uplink=f"NVR {int(layout.recorder[place]) + 1}",
    )


def gb_code(number: int, layout: Layout) -> str:
    """The camera's code; no two are the same, since the million that a number lies in is the network's digit."""
    place = number - 1
    centre = f"{district_code(int(layout.district[place]))}00"
    industry = INDUSTRIES[SECTOR_ORDER[layout.sector[place]]]
    return f"{centre}{industry}{132 - number % 2}{number // _SERIALS}{number % _SERIALS:06}"


def last_serials(cameras: int, layout: Layout) -> dict[str, int]:
    """The highest serial for each beginning of a code that was given out."""
    last: dict[str, int] = {}
    for number in range(1, cameras + 1):
        if number % _WITHOUT_CODE:
            code = gb_code(number, layout)
            last[code[:PREFIX]] = max(last.get(code[:PREFIX], 0), int(code[PREFIX:]))
    return last


def _address(street: int, number: int) -> str:
    name = STREETS[street]
    return f"{number * 3 % 400 + 1} {name}" if name.isascii() else f"{name}{number * 3 % 400 + 1}号"
