"""What things are called in the simulated city, and which rules its cameras follow. Half of it is in Chinese."""

from dataclasses import dataclass
from typing import Final

from core.rule import Severity
from registry.departments import Sector


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """A rule that the cameras of a sector have."""

    name: str
    labels: tuple[str, ...]
    """The most frequent one first: the k-th is seen 1/k as often."""
    severity: Severity
    min_duration_s: int


@dataclass(frozen=True, slots=True)
class SectorWords:
    """How a sector's departments and cameras are called. Its first rule looks at a zone, the second everywhere."""

    departments: tuple[str, str]
    """In Chinese and in English; the district goes in front."""
    spots: tuple[str, ...]
    zone: str
    rules: tuple[RuleTemplate, RuleTemplate]


DISTRICTS: Final = (
    ("东湖区", "East Lake"),
    ("西山区", "West Hill"),
    ("南岸区", "South Bank"),
    ("北城区", "North Town"),
    ("滨江区", "Riverside"),
    ("高新区", "High-Tech"),
    ("古城区", "Old Town"),
    ("新港区", "New Harbour"),
)
_TRAFFIC: Final = ("car", "truck", "bus", "motorcycle", "bicycle")
_PEOPLE: Final = ("person", "bicycle", "motorcycle")

SECTORS: Final = {
    Sector.EDUCATION: SectorWords(
        ("教育局", "Schools"),
        ("校门", "操场", "School gate", "Playground"),
        "围墙",
        (
            RuleTemplate("围墙旁有人", ("person",), Severity.MEDIUM, 3),
            RuleTemplate("Vehicle on the schoolyard", ("car", "motorcycle", "truck"), Severity.MEDIUM, 2),
        ),
    ),
    Sector.URBAN_MANAGEMENT: SectorWords(
        ("城市管理局", "Urban Management"),
        ("人行道", "十字路口", "Pavement", "Crossing"),
        "Pavement",
        (
            RuleTemplate("占道停车", _TRAFFIC, Severity.LOW, 30),
            RuleTemplate("Somebody in the street", _PEOPLE, Severity.LOW, 2),
        ),
    ),
    Sector.WATER: SectorWords(
        ("水务局", "Water"),
        ("水库大坝", "泵站", "Reservoir dam", "Pumping station"),
        "水边",
        (
            RuleTemplate("有人靠近水边", ("person", "dog"), Severity.HIGH, 2),
            RuleTemplate("Boat on the reservoir", ("boat", "person"), Severity.MEDIUM, 5),
        ),
    ),
    Sector.HEALTH: SectorWords(
        ("卫生健康委", "Hospitals"),
        ("急诊入口", "停车场", "Emergency entrance", "Car park"),
        "Ambulance lane",
        (
            RuleTemplate("急救通道被占", _TRAFFIC, Severity.HIGH, 20),
            RuleTemplate("Somebody at the entrance", _PEOPLE, Severity.LOW, 1),
        ),
    ),
    Sector.SCENIC_AREA: SectorWords(
        ("景区管理处", "Scenic Areas"),
        ("观景台", "游步道", "Viewpoint", "Trail"),
        "Cliff",
        (
            RuleTemplate("越过护栏", ("person",), Severity.HIGH, 1),
            RuleTemplate("Visitors on the trail", ("person", "umbrella", "backpack", "dog"), Severity.LOW, 5),
        ),
    ),
    Sector.RAIL_TRANSIT: SectorWords(
        ("轨道交通集团", "Rail Transit"),
        ("站台", "出入口", "Platform", "Depot"),
        "Platform edge",
        (
            RuleTemplate("有人进入轨行区", ("person",), Severity.EMERGENCY, 1),
            RuleTemplate("Luggage left behind", ("suitcase", "backpack", "handbag"), Severity.MEDIUM, 60),
        ),
    ),
    Sector.BRIDGES_AND_TUNNELS: SectorWords(
        ("桥隧管理中心", "Bridges and Tunnels"),
        ("大桥北引桥", "隧道入口", "Bridge ramp", "Tunnel mouth"),
        "Emergency lane",
        (
            RuleTemplate("应急车道停车", ("car", "truck", "bus"), Severity.HIGH, 10),
            RuleTemplate("Somebody on foot", ("person", "bicycle"), Severity.HIGH, 1),
        ),
    ),
    Sector.VENUE: SectorWords(
        ("体育场馆中心", "Venues"),
        ("看台", "检票口", "Stand", "Ticket gate"),
        "检票口",
        (
            RuleTemplate("闭馆后有人", ("person",), Severity.MEDIUM, 5),
            RuleTemplate("Vehicle in the forecourt", _TRAFFIC, Severity.LOW, 10),
        ),
    ),
    Sector.COMMUNITY: SectorWords(
        ("社区服务中心", "Communities"),
        ("小区大门", "楼道口", "Main gate", "Courtyard"),
        "消防通道",
        (
            RuleTemplate("消防通道被占", _TRAFFIC, Severity.HIGH, 60),
            RuleTemplate("Somebody in the courtyard", ("person", "dog", "bicycle", "cat"), Severity.LOW, 2),
        ),
    ),
    Sector.SOCIAL_UNIT: SectorWords(
        ("社会单位", "Social Units"),
        ("仓库", "后门", "Warehouse", "Loading bay"),
        "仓库门口",
        (
            RuleTemplate("夜间有人靠近仓库", ("person",), Severity.MEDIUM, 3),
            RuleTemplate("Lorry at the loading bay", ("truck", "car", "person"), Severity.LOW, 10),
        ),
    ),
}
SECTOR_ORDER: Final = tuple(SECTORS)
TEMPLATES: Final = tuple(rule for words in SECTORS.values() for rule in words.rules)
"""Two for each sector, in the order of `SECTOR_ORDER`."""


def department_name(number: int) -> str:
    """The name of the department of that number, from 0; no two are the same."""
    sector = SECTORS[SECTOR_ORDER[number % len(SECTOR_ORDER)]]
    chinese, english = DISTRICTS[number // len(SECTOR_ORDER) % len(DISTRICTS)]
    round_ = number // (len(SECTOR_ORDER) * len(DISTRICTS))
    name = f"{english} {sector.departments[1]}" if number % 2 else f"{chinese}{sector.departments[0]}"
    return f"{name} {round_ + 1}" if round_ else name


def camera_name(number: int, sector: Sector) -> str:
    """The name of the camera of that number; no two are the same."""
    spots = SECTORS[sector].spots
    spot = spots[number % len(spots)]
    return f"{spot} {number}" if spot.isascii() else f"{spot}{number}号"
