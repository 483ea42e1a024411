"""What the people of the simulated city are called, and what its departments share things for. All of it is made up."""

from itertools import product
from typing import Final

from core.access import Right

_FAMILIES: Final = (
    ("陈", "Chen"),
    ("林", "Lin"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("何", "He"),
    ("郑", "Zheng"),
    ("唐", "Tang"),
    ("韩", "Han"),
    ("冯", "Feng"),
    ("沈", "Shen"),
    ("梁", "Liang"),
)
_GIVEN: Final = (
    ("静", "Jing"),
    ("伟", "Wei"),
    ("海燕", "Haiyan"),
    ("志强", "Zhiqiang"),
    ("敏", "Min"),
    ("建国", "Jianguo"),
    ("雪梅", "Xuemei"),
    ("宁", "Ning"),
    ("晓东", "Xiaodong"),
    ("丽华", "Lihua"),
    ("凯", "Kai"),
    ("文博", "Wenbo"),
    ("欣怡", "Xinyi"),
)
NAMES: Final = tuple(product(_FAMILIES, _GIVEN))
"""Family and given names, each in both ways to write them."""
KEY_NAMES: Final = ("Camera register", "视频接入", "Health watch", "大屏")
PURPOSES: Final = (
    "Flood season: watch the dam and the pumps",
    "防汛期间联合值守",
    "Works on the bridge until the end of the month",
    "春运客流疏导",
    "Marathon: keep the route free",
    "校园周边交通整治",
    "Fire lanes, together with the community",
    "联合执法：占道经营",
    "Find out where the tunnel floods",
    "景区节假日限流",
)
REFUSED: Final = ("The purpose says too little.", "申请的摄像机过多", "Ask for the cameras at the entrance alone.")
REVOKED: Final = ("The works are done.", "活动已结束", "It was used for something else.")
SHARED: Final = (
    frozenset({Right.LIST}),
    frozenset({Right.EVENTS}),
    frozenset({Right.MEDIA}),
    frozenset({Right.MEDIA}),
    frozenset({Right.MEDIA, Right.LIVE}),
    frozenset({Right.EXPORT, Right.MEDIA}),
    frozenset({Right.UNMASKED}),
)
"""What is granted, before what each right brings along."""


def person_name(number: int) -> tuple[str, str]:
    """Name and login of the person of that number, from 0. Names come again, logins do not."""
    round_, place = divmod(number, len(NAMES))
    (family, family_latin), (given, given_latin) = NAMES[place * 5 % len(NAMES)]
    name = f"{given_latin} {family_latin}" if place % 3 == 1 else f"{family}{given}"
    login = f"{given_latin}.{family_latin}".lower()
    return name, f"{login}.{round_ + 1}" if round_ else login
