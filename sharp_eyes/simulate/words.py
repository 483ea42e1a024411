"""What things are called in the simulated city, and which rules its cameras follow. Half of it is in Chinese."""

from dataclasses import dataclass
from typing import Final

from core.line import Direction
from core.rule import RuleKind, Severity
from registry.departments import Sector

from .rare_labels import LARGE_ANIMALS, RARE_LABELS
from .rule_template import RuleTemplate


@dataclass(frozen=True, slots=True)
class SectorWords:
    """How a sector's departments and cameras are called. Its first rule looks at a zone, the second everywhere, the
    third at a line."""

    departments: tuple[str, str]
    """In Chinese and in English; the district goes in front."""
    spots: tuple[str, ...]
    zone: str
    line: str
    rules: tuple[RuleTemplate, RuleTemplate, RuleTemplate]


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
_INWARDS: Final = Direction.LEFT_TO_RIGHT

SECTORS: Final = {
    Sector.EDUCATION: SectorWords(
        ("教育局", "Schools"),
        ("校门", "操场", "School gate", "Playground"),
        "围墙",
        "校门线",
        (
            RuleTemplate("围墙旁有人", ("person",), Severity.MEDIUM, 3),
            RuleTemplate("Vehicle on the schoolyard", ("car", "motorcycle", "truck"), Severity.MEDIUM, 2),
            RuleTemplate("Through the school gate", ("person", "bicycle"), Severity.LOW, 0, RuleKind.LINE_CROSSED),
        ),
    ),
    Sector.URBAN_MANAGEMENT: SectorWords(
        ("城市管理局", "Urban Management"),
        ("人行道", "十字路口", "Pavement", "Crossing"),
        "Pavement",
        "One-way street",
        (
            RuleTemplate("占道停车", _TRAFFIC, Severity.LOW, 30, RuleKind.LOITERING),
            RuleTemplate("Somebody in the street", _PEOPLE, Severity.LOW, 2),
            RuleTemplate("逆行", _TRAFFIC, Severity.HIGH, 1, RuleKind.WRONG_WAY),
        ),
    ),
    Sector.WATER: SectorWords(
        ("水务局", "Water"),
        ("水库大坝", "泵站", "Reservoir dam", "Pumping station"),
        "水边",
        "警戒线",
        (
            RuleTemplate("有人靠近水边", ("person", "dog"), Severity.HIGH, 2, RuleKind.INTRUSION),
            RuleTemplate("Boat on the reservoir", ("boat", "person"), Severity.MEDIUM, 5),
            RuleTemplate("越过警戒线", ("person", "dog"), Severity.HIGH, 0, RuleKind.LINE_CROSSED, _INWARDS),
        ),
    ),
    Sector.HEALTH: SectorWords(
        ("卫生健康委", "Hospitals"),
        ("急诊入口", "停车场", "Emergency entrance", "Car park"),
        "Ambulance lane",
        "Entrance",
        (
            RuleTemplate("急救通道被占", _TRAFFIC, Severity.HIGH, 20, RuleKind.LOITERING),
            RuleTemplate("Somebody at the entrance", _PEOPLE, Severity.LOW, 1),
            RuleTemplate("Many vehicles at the entrance", _TRAFFIC, Severity.MEDIUM, 0, RuleKind.FLOW, min_count=20),
        ),
    ),
    Sector.SCENIC_AREA: SectorWords(
        ("景区管理处", "Scenic Areas"),
        ("观景台", "游步道", "Viewpoint", "Trail"),
        "Cliff",
        "入口线",
        (
            RuleTemplate("越过护栏", ("person",), Severity.HIGH, 1, RuleKind.INTRUSION),
            RuleTemplate("Visitors on the trail", ("person", "umbrella", "backpack", "dog"), Severity.LOW, 5),
            RuleTemplate("入园人流过大", ("person",), Severity.MEDIUM, 0, RuleKind.FLOW, min_count=60),
        ),
    ),
    Sector.RAIL_TRANSIT: SectorWords(
        ("轨道交通集团", "Rail Transit"),
        ("站台", "出入口", "Platform", "Depot"),
        "Platform edge",
        "Yellow line",
        (
            RuleTemplate("有人进入轨行区", ("person",), Severity.HIGH, 1, RuleKind.INTRUSION),
            RuleTemplate("Luggage left behind", ("suitcase", "backpack", "handbag"), Severity.MEDIUM, 60),
            RuleTemplate("Over the yellow line", ("person",), Severity.HIGH, 0, RuleKind.LINE_CROSSED, _INWARDS),
        ),
    ),
    Sector.BRIDGES_AND_TUNNELS: SectorWords(
        ("桥隧管理中心", "Bridges and Tunnels"),
        ("大桥北引桥", "隧道入口", "Bridge ramp", "Tunnel mouth"),
        "Emergency lane",
        "隧道入口线",
        (
            RuleTemplate("应急车道停车", ("car", "truck", "bus"), Severity.HIGH, 10, RuleKind.LOITERING),
            RuleTemplate("Somebody on foot", ("person", "bicycle"), Severity.HIGH, 1),
            RuleTemplate("隧道逆行", ("car", "truck", "motorcycle"), Severity.HIGH, 1, RuleKind.WRONG_WAY),
        ),
    ),
    Sector.VENUE: SectorWords(
        ("体育场馆中心", "Venues"),
        ("看台", "检票口", "Stand", "Ticket gate"),
        "检票口",
        "Ticket gate",
        (
            RuleTemplate("闭馆后有人", ("person",), Severity.MEDIUM, 5),
            RuleTemplate("Vehicle in the forecourt", _TRAFFIC, Severity.LOW, 10),
            RuleTemplate("Crush at the ticket gate", ("person",), Severity.HIGH, 0, RuleKind.FLOW, min_count=40),
        ),
    ),
    Sector.COMMUNITY: SectorWords(
        ("社区服务中心", "Communities"),
        ("小区大门", "楼道口", "Main gate", "Courtyard"),
        "消防通道",
        "大门线",
        (
            RuleTemplate("消防通道被占", _TRAFFIC, Severity.HIGH, 60, RuleKind.LOITERING),
            RuleTemplate(
                "Too fast in the courtyard",
                ("bicycle", "motorcycle", "car"),
                Severity.MEDIUM,
                1,
                RuleKind.FAST_MOTION,
                min_speed=0.4,
            ),
            RuleTemplate("车辆驶入", ("car", "motorcycle", "truck"), Severity.LOW, 0, RuleKind.LINE_CROSSED, _INWARDS),
        ),
    ),
    Sector.SOCIAL_UNIT: SectorWords(
        ("社会单位", "Social Units"),
        ("仓库", "后门", "Warehouse", "Loading bay"),
        "仓库门口",
        "Fence",
        (
            RuleTemplate("夜间有人靠近仓库", ("person",), Severity.MEDIUM, 3),
            RuleTemplate("Lorry at the loading bay", ("truck", "car", "person"), Severity.LOW, 10),
            RuleTemplate("Over the fence", ("person",), Severity.HIGH, 0, RuleKind.LINE_CROSSED),
        ),
    ),
}
SECTOR_ORDER: Final = tuple(SECTORS)
OF_A_CAMERA: Final = 3
"""How many rules each camera has."""
STANDING: Final = (
    RuleTemplate("人群聚集 Crowd", ("person",), Severity.MEDIUM, 5, RuleKind.CROWDING, min_count=10),
    RuleTemplate("画面中断 No pictures", ("stream",), Severity.LOW, 30, RuleKind.STREAM_LOST),
    RuleTemplate("Something moves", ("motion",), Severity.LOW, 3, RuleKind.MOTION, min_size=0.05),
    RuleTemplate("少见物体 Seen rarely", RARE_LABELS, Severity.LOW, 2),
    RuleTemplate("大型动物 Large animal", LARGE_ANIMALS, Severity.EMERGENCY, 1),
)
"""The rules of each department."""
TEMPLATES: Final = (*(rule for words in SECTORS.values() for rule in words.rules), *STANDING)
"""Three for each sector, in the order of `SECTOR_ORDER`; then those of departments."""


def department_name(number: int) -> str:
    """The name of the department of that number, from 0; no two are the same. The first of each sector is the whole
    city's, the others are their districts'."""
    sector = SECTORS[SECTOR_ORDER[number % len(SECTOR_ORDER)]]
    level = number // len(SECTOR_ORDER)
    if level == 0:
        return f"City {sector.departments[1]}" if number % 2 else f"市{sector.departments[0]}"
    chinese, english = DISTRICTS[(level - 1) % len(DISTRICTS)]
    round_ = (level - 1) // len(DISTRICTS)
    name = f"{english} {sector.departments[1]}" if number % 2 else f"{chinese}{sector.departments[0]}"
    return f"{name} {round_ + 1}" if round_ else name


def camera_name(number: int, sector: Sector) -> str:
    """The name of the camera of that number; no two are the same."""
    spots = SECTORS[sector].spots
    spot = spots[number % len(spots)]
    return f"{spot} {number}" if spot.isascii() else f"{spot}{number}号"
