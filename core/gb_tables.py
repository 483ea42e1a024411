"""What the digits of a GB/T 28181 code stand for, as far as it could be established; docs/reference/gb-codes.md names
the sources. What is not here is explained as not in our tables."""

from enum import IntEnum
from typing import Final


class GbEdition(IntEnum):
    """Editions of GB/T 28181 whose tables of industries and networks differ."""

    E2016 = 2016
    E2022 = 2022


CAMERA_TYPES: Final = frozenset({"131", "132"})

_BOTH_TYPES: Final = {
    "111": "digital video recorder (DVR)",
    "112": "video server",
    "113": "encoder",
    "114": "decoder",
    "115": "video matrix",
    "116": "audio matrix",
    "117": "alarm controller",
    "118": "network video recorder (NVR)",
    "130": "hybrid video recorder (HVR)",
    "131": "camera",
    "132": "network camera (IPC)",
    "133": "display",
    "134": "alarm input",
    "135": "alarm output",
    "136": "voice input",
    "137": "voice output",
    "138": "mobile transmitter",
    "139": "other peripheral device",
    "200": "signalling server",
    "201": "web server",
    "202": "media distribution server",
    "203": "proxy server",
    "204": "security server",
    "205": "alarm server",
    "206": "database server",
    "207": "map (GIS) server",
    "208": "management server",
    "209": "access gateway",
    "210": "media storage server",
    "211": "signalling security gateway",
    "215": "business group",
    "216": "virtual organisation",
    "300": "user of a centre",
    "400": "user of a terminal",
    "500": "platform for the use of video",
    "501": "platform for the upkeep of video",
}
TYPES: Final = {
    GbEdition.E2016: _BOTH_TYPES,
    GbEdition.E2022: {
        **_BOTH_TYPES,
        "120": "online video collection system",
        "121": "checkpoint camera system",
        "122": "multi-lens device",
        "123": "parking barrier controller",
        "124": "door controller",
        "125": "security screening device",
        "140": "alarm output by relay",
        "141": "barrier gate",
        "142": "automatic door",
        "143": "credential reader",
        "502": "video analysis system",
        "503": "video database",
        "505": "video analysis device",
    },
}

_BOTH_INDUSTRIES: Final = {
    "00": "public security: streets",
    "01": "public security: communities",
    "02": "public security: its own premises",
    "03": "public security: other",
    "04": "traffic: roads",
    "05": "traffic: checkpoints",
    "06": "traffic: its own premises",
    "07": "traffic: other",
    "08": "urban management",
    "09": "health and environment",
    "10": "inspection and customs",
    "11": "education",
}
INDUSTRIES: Final = {
    GbEdition.E2016: {
        **_BOTH_INDUSTRIES,
        "40": "farming, forestry and fishing",
        "41": "mining companies",
        "42": "manufacturers",
        "43": "metal works",
        "44": "electricity companies",
        "45": "gas companies",
        "46": "builders",
        "47": "logistics companies",
        "48": "postal companies",
        "49": "information companies",
        "50": "hotels and restaurants",
        "51": "finance companies",
        "52": "real estate",
        "53": "business services",
        "54": "water companies",
        "55": "entertainment companies",
        **{f"{number}": "residents' own cameras" for number in range(80, 90)},
        **{f"{number}": "others" for number in range(90, 100)},
    },
    GbEdition.E2022: {
        **_BOTH_INDUSTRIES,
        "12": "civil aviation",
        "13": "railways",
        "14": "shipping",
        "40": "farming, forestry and fishing",
        "41": "mining",
        "42": "manufacturing",
        "43": "electricity, heat, gas and water supply",
        "44": "construction",
        "45": "wholesale and retail",
        "46": "transport, storage and post",
        "47": "hotels and restaurants",
        "48": "information and software services",
        "49": "finance",
        "50": "real estate",
        "51": "leasing and business services",
        "52": "research and technical services",
        "53": "water, environment and public facilities",
        "54": "household and repair services",
        "55": "education as a trade",
        "56": "health and social work",
        "57": "culture, sport and entertainment",
        "58": "public administration",
        "59": "international organisations",
    },
}
RESERVED_INDUSTRIES: Final = {
    GbEdition.E2016: frozenset(f"{number}" for number in (*range(12, 40), *range(56, 80))),
    GbEdition.E2022: frozenset[str](),
}
"""Those that the edition's table keeps for later: a code with one of them is not of that edition. None is known for
2022, whose table we do not have whole."""

NETWORKS: Final = {
    GbEdition.E2016: {
        **{f"{number}": "surveillance network" for number in range(5)},
        "5": "public security network",
        "6": "government network",
        "7": "internet",
        "8": "network for others' cameras",
        "9": "kept for later",
    },
    GbEdition.E2022: {
        "0": "public security video network",
        "1": "public security video network",
        "2": "an industry's own network",
        "3": "political and legal affairs network",
        "4": "public security mobile network",
        "5": "public security network",
        "6": "government extranet",
        "7": "internet and other public networks",
        "8": "leased line",
        "9": "kept for later",
    },
}
