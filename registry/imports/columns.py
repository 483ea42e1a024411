"""The columns of a file of cameras, and the headers that they are known by."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from core.errors import BadInput

CLEAR: Final = "-"
"""A cell of a table that takes a value away; an empty one leaves it as it is. (In JSON: null.)"""
MOST_COLUMNS: Final = 256


class Column(StrEnum):
    """What a column holds: the names of the camera's fields in the API, and those of its streams."""

    NAME = "name"
    GB_CODE = "gb_code"
    GB_EDITION = "gb_edition"
    OWN_ID = "own_id"
    DEPARTMENT = "department"
    REGION = "region"
    ENABLED = "enabled"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    ADDRESS = "address"
    MANUFACTURER = "manufacturer"
    MODEL = "model"
    POINT_CLASS = "point_class"
    PTZ_TYPE = "ptz_type"
    ROOM_TYPE = "room_type"
    LOOK_DIRECTION = "look_direction"
    FIELD_OF_VIEW = "field_of_view"
    INSTALLED_ON = "installed_on"
    MANAGEMENT_UNIT = "management_unit"
    CONTACT = "contact"
    RECORDING_DAYS = "recording_days"
    RESOLUTION = "resolution"
    UPLINK = "uplink"
    EXTRA = "extra"
    URL = "url"
    RECORD_URL = "record_url"
    LIVE_URL = "live_url"
    USER = "user"
    PASSWORD = "password"  # noqa: S105 - the name of a column


SECRET: Final = frozenset({Column.URL, Column.RECORD_URL, Column.LIVE_URL, Column.USER, Column.PASSWORD})
"""What stands in these columns is never repeated: it may hold a password."""

ALIASES: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NAME: ("名称", "设备名称", "摄像机名称", "点位名称", "监控点名称"),
    Column.GB_CODE: ("国标编码", "国标编号", "国标ID", "设备编码", "设备国标编码"),
    Column.GB_EDITION: ("国标版本",),
    Column.OWN_ID: ("自编号", "单位编号", "内部编号", "设备编号", "点位编号"),
    Column.DEPARTMENT: ("单位", "所属单位", "部门", "所属部门", "权属单位"),
    Column.REGION: ("行政区划", "行政区划代码", "行政区域", "区划代码"),
    Column.ENABLED: ("启用", "是否启用"),
    Column.LONGITUDE: ("经度", "lon", "lng"),
    Column.LATITUDE: ("纬度", "lat"),
    Column.ADDRESS: ("安装地址", "地址", "安装位置"),
    Column.MANUFACTURER: ("摄像机厂商", "厂商", "设备厂商", "制造商", "生产厂商"),
    Column.MODEL: ("型号", "设备型号", "摄像机型号"),
    Column.POINT_CLASS: ("点位类型", "监控点位类型", "点位类别"),
    Column.PTZ_TYPE: ("摄像机类型", "云台类型"),
    Column.ROOM_TYPE: ("室内外", "室内外属性"),
    Column.LOOK_DIRECTION: ("方位角", "朝向角"),
    Column.FIELD_OF_VIEW: ("视场角",),
    Column.INSTALLED_ON: ("安装日期", "安装时间"),
    Column.MANAGEMENT_UNIT: ("管理单位",),
    Column.CONTACT: ("联系方式", "管理单位联系方式", "联系人"),
    Column.RECORDING_DAYS: ("录像保存天数", "保存天数"),
    Column.RESOLUTION: ("分辨率",),
    Column.UPLINK: ("上联设备", "上联"),
    Column.EXTRA: ("扩展信息",),
    Column.URL: ("取流地址", "码流地址", "视频流地址", "rtsp地址", "rtsp", "stream"),
    Column.RECORD_URL: ("录像流地址",),
    Column.LIVE_URL: ("预览流地址",),
    Column.USER: ("用户名", "账号", "username"),
    Column.PASSWORD: ("密码", "口令"),
}
"""Further headers, as Chinese departments write them."""


def _plain(header: str) -> str:
    """`header` without what does not tell headers apart: case, width, blanks, marks, notes in brackets."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[\s_*:.\-]|\ufeff", "", folded)


_BY_HEADER: Final = {_plain(word): column for column in Column for word in (column.value, *ALIASES[column])}
_OTHER_DATUM: Final = re.compile(r"gcj|bd-?09|百度|高德|腾讯|火星|mars", re.IGNORECASE)


def column_of(header: str) -> Column | None:
    """The column that a header names; None where it names none of ours.

    Raises `BadInput` for a place by another datum than WGS-84.
    """
    column = _BY_HEADER.get(_plain(header))
    if column in (Column.LONGITUDE, Column.LATITUDE) and _OTHER_DATUM.search(header):
        raise BadInput(
            f"the column {column.value} is by another datum, as its header says; expected WGS-84",
            field=column.value,
            hint="convert the places to WGS-84, or leave both columns out",
        )
    return column


def columns_of(headers: Sequence[str]) -> tuple[list[Column | None], list[str]]:
    """The column of each header, and the headers that name none, shortened.

    Raises `BadInput` where none is known, where two name one column, or where there are more than 256.
    """
    if len(headers) > MOST_COLUMNS:
        raise BadInput(f"the file has {len(headers)} columns or more; at most {MOST_COLUMNS} are read", field="header")
    columns = [column_of(header) for header in headers]
    known = [column for column in columns if column is not None]
    if not known:
        # Not what stands there: in a file without headers that is a camera, with its login.
        raise BadInput(
            f"none of the {len(headers)} cells of the first row names a column that is known",
            field="header",
            hint="the first row has the names of the columns: name, gb_code, department, url, longitude ... or 名称, "
            "国标编码, 单位, 经度 ...",
        )
    twice = next((column for column in known if known.count(column) > 1), None)
    if twice is not None:
        raise BadInput(f"two columns are both {twice.value}", field="header", hint="leave one of the two out")
    others = [shown(header) for header, column in zip(headers, columns, strict=True) if column is None]
    return columns, [header for header in others if header]


def shown(text: str, longest: int = 60) -> str:
    """`text` as a message may show it: on one line, without invisible characters, not too long."""
    visible = "".join(
        character if character.isprintable() else f"<U+{ord(character):04X}>" for character in text[: longest + 1]
    ).strip()
    return f"{visible[:longest]}…" if len(visible) > longest else visible
