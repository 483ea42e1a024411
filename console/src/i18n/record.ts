import type { GbPart } from "../api/record";
import { gbMeaningsZh, type GbMeanings } from "./gb-codes";
import type { ChoiceName, FieldName, GroupName } from "../state/record";

/** Texts about a camera's record in the registry. */
export interface RecordTexts {
  title: string;
  newTitle: string;
  groups: Record<GroupName, string>;
  fields: Record<FieldName, string>;
  hints: Partial<Record<FieldName, string>>;
  choices: Record<ChoiceName, Record<number, string>>;
  unknown: string;
  on: string;
  off: string;
  parts: Record<GbPart, string>;
  /** By edition; what is missing the server says. */
  meanings: Partial<Record<number, GbMeanings>>;
  digits: (count: number) => string;
  place: (first: number, last: number) => string;
  allocate: string;
  allocateHint: string;
  allocated: string;
  codeTaken: string;
  moves: (department: string) => string;
  extraFault: string;
  save: string;
  add: string;
  undo: string;
  saved: string;
  changes: (count: number) => string;
  conflictTitle: string;
  conflictText: string;
  field: string;
  was: string;
  theirs: string;
  mine: string;
  empty: string;
  takeMine: string;
  takeTheirs: string;
  goOn: string;
  noOverlap: string;
  removeText: string;
  restore: string;
  restored: (camera: string) => string;
  streams: string;
  streamsAbout: string;
  noStreams: string;
  roles: Record<string, string>;
  role: string;
  hasLogin: string;
  noLogin: string;
  addStream: string;
  changeStream: string;
  removeStreamTitle: string;
  removeStreamText: string;
  keepLogin: string;
  url: string;
}

export const recordEn: RecordTexts = {
  title: "Record of a camera",
  newTitle: "New camera",
  groups: { identity: "Identity", place: "Place", device: "Device", management: "Management" },
  fields: {
    name: "Name",
    department: "Department",
    own_id: "Department's own number",
    gb_code: "GB/T 28181 code",
    gb_edition: "Edition of the standard",
    enabled: "Watched",
    region: "Region",
    address: "Address",
    longitude: "Longitude",
    latitude: "Latitude",
    point_class: "Point class",
    room_type: "Where it hangs",
    look_direction: "Looks towards",
    field_of_view: "Field of view",
    manufacturer: "Manufacturer",
    model: "Model",
    ptz_type: "Type",
    resolution: "Resolution",
    uplink: "Uplink",
    installed_on: "Installed on",
    management_unit: "Management unit",
    contact: "Contact",
    recording_days: "Days of recording kept",
    extra: "More (JSON)",
  },
  hints: {
    longitude: "Degrees by WGS-84, not as Chinese maps show them (GCJ-02).",
    region: "Its code, or search by name.",
    look_direction: "Degrees clockwise from north: 90 is east.",
    field_of_view: "Degrees, up to 360.",
    uplink: "What it hangs on together with others: a recorder, a switch. Its loss is told as one event.",
    resolution: "Such as 1920x1080.",
  },
  choices: {
    gb_edition: { 2016: "2016", 2022: "2022" },
    point_class: { 1: "Class 1", 2: "Class 2", 3: "Class 3", 9: "Other" },
    ptz_type: {
      1: "Dome",
      2: "Half dome",
      3: "Fixed",
      4: "Steered",
      5: "Steered half dome",
      6: "Multi-lens, panorama",
      7: "Multi-lens, one part",
    },
    room_type: { 1: "Outdoors", 2: "Indoors" },
  },
  unknown: "not known",
  on: "Switched on",
  off: "Switched off",
  parts: { centre: "Centre", industry: "Industry", type: "Type", network: "Network", serial: "Serial" },
  meanings: {},
  digits: (count) => `${count} of 20 digits`,
  place: (first, last) => (first === last ? `digit ${first}` : `digits ${first} to ${last}`),
  allocate: "Allocate",
  allocateHint: "Takes the next free code of its region and its department's industry",
  allocated: "Allocated; it counts once it is saved.",
  codeTaken: "Another camera has it:",
  moves: (department) => `Moves the camera. What happened until now stays with ${department}.`,
  extraFault: "This is no JSON object: {\"key\": \"value\"}.",
  save: "Save",
  add: "Add camera",
  undo: "Undo changes",
  saved: "Saved",
  changes: (count) => (count === 1 ? "1 change" : `${count} changes`),
  conflictTitle: "Somebody else has changed this camera",
  conflictText: "Nothing of yours was saved yet. This is what changed while you were editing:",
  field: "Field",
  was: "It was",
  theirs: "Theirs",
  mine: "Yours",
  empty: "empty",
  takeMine: "Save mine over it",
  takeTheirs: "Take theirs",
  goOn: "Save mine as well",
  noOverlap: "None of it touches what you changed: both can stand.",
  removeText: "It is no longer watched. Its record, streams, zones and rules are kept: it can be restored.",
  restore: "Restore",
  restored: (camera) => `${camera} is restored.`,
  streams: "Streams",
  streamsAbout: "Where its pictures come from. A login is sealed, and never shown again.",
  noStreams: "No stream yet: nobody can watch this camera.",
  roles: { detect: "Looked at", record: "Recorded", live: "Watched live" },
  role: "What for",
  hasLogin: "with a login",
  noLogin: "without a login",
  addStream: "Add a stream",
  changeStream: "Change",
  removeStreamTitle: "Remove this stream?",
  removeStreamText: "Its address and login are deleted.",
  keepLogin: "Without a login in it, the one that is kept stays, as long as host and port stay.",
  url: "Address",
};

export const recordZh: RecordTexts = {
  title: "摄像机档案",
  newTitle: "新增摄像机",
  groups: { identity: "基本信息", place: "位置", device: "设备", management: "管理" },
  fields: {
    name: "名称",
    department: "所属单位",
    own_id: "单位自编号",
    gb_code: "国标编码",
    gb_edition: "标准版本",
    enabled: "监看",
    region: "行政区划",
    address: "安装地址",
    longitude: "经度",
    latitude: "纬度",
    point_class: "点位类别",
    room_type: "室内外",
    look_direction: "朝向",
    field_of_view: "视场角",
    manufacturer: "厂商",
    model: "型号",
    ptz_type: "类型",
    resolution: "分辨率",
    uplink: "上联设备",
    installed_on: "安装日期",
    management_unit: "管理单位",
    contact: "联系方式",
    recording_days: "录像保存天数",
    extra: "其他信息（JSON）",
  },
  hints: {
    longitude: "WGS-84 坐标，单位为度，不是国内地图的 GCJ-02 坐标。",
    region: "填写代码，或按名称查找。",
    look_direction: "自正北顺时针的角度，90 为正东。",
    field_of_view: "单位为度，最大 360。",
    uplink: "多台摄像机共用的录像机、交换机等；断线时合并为一个事件。",
    resolution: "如 1920x1080。",
  },
  choices: {
    gb_edition: { 2016: "2016", 2022: "2022" },
    point_class: { 1: "一类", 2: "二类", 3: "三类", 9: "其他" },
    ptz_type: {
      1: "球机",
      2: "半球",
      3: "固定枪机",
      4: "遥控枪机",
      5: "遥控半球",
      6: "多目全景通道",
      7: "多目分割通道",
    },
    room_type: { 1: "室外", 2: "室内" },
  },
  unknown: "未填写",
  on: "启用",
  off: "停用",
  parts: { centre: "中心编码", industry: "行业编码", type: "类型编码", network: "网络标识", serial: "序号" },
  meanings: gbMeaningsZh,
  digits: (count) => `${count} / 20 位`,
  place: (first, last) => (first === last ? `第 ${first} 位` : `第 ${first}–${last} 位`),
  allocate: "分配编码",
  allocateHint: "按所在区划和单位的行业编码，分配下一个可用编码",
  allocated: "已分配，保存后生效。",
  codeTaken: "该编码已被占用：",
  moves: (department) => `摄像机将移交；此前的事件和在线率仍归“${department}”。`,
  extraFault: "不是 JSON 对象，应形如 {\"键\": \"值\"}。",
  save: "保存",
  add: "添加摄像机",
  undo: "撤销修改",
  saved: "已保存",
  changes: (count) => `${count} 处修改`,
  conflictTitle: "他人已先行修改这台摄像机",
  conflictText: "您的修改尚未保存。编辑期间发生了以下变化：",
  field: "字段",
  was: "原值",
  theirs: "他人修改为",
  mine: "您填写的",
  empty: "空",
  takeMine: "以我的为准保存",
  takeTheirs: "采用他人的",
  goOn: "一并保存我的修改",
  noOverlap: "与您的修改互不冲突，可以并存。",
  removeText: "删除后不再监看。档案、码流、区域和规则会保留，可随时恢复。",
  restore: "恢复",
  restored: (camera) => `“${camera}”已恢复。`,
  streams: "码流",
  streamsAbout: "画面来源。登录信息加密保存，不再显示。",
  noStreams: "尚无码流，无法监看。",
  roles: { detect: "分析", record: "录像", live: "实时观看" },
  role: "用途",
  hasLogin: "含登录信息",
  noLogin: "无登录信息",
  addStream: "添加码流",
  changeStream: "修改",
  removeStreamTitle: "删除这路码流？",
  removeStreamText: "其地址和登录信息将一并删除。",
  keepLogin: "新地址不含登录信息时，只要主机和端口不变，原登录信息继续使用。",
  url: "地址",
};
