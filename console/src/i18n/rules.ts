import type { Day } from "../api/rules";
import type { Field } from "../state/kinds";
import type { RuleKind } from "../api/types";

/** Texts about rules: their list, their form, and their conditions in words. */
export interface RuleTexts {
  title: string;
  none: string;
  add: string;
  change: string;
  changeTitle: (name: string) => string;
  ofDepartment: string;
  ofDepartmentHint: (department: string) => string;
  on: string;
  off: string;
  removeTitle: (name: string) => string;
  removeText: string;
  kindHints: Record<RuleKind, string>;
  fields: Record<Field | "kind", string>;
  hints: Partial<Record<Field, string>>;
  countOf: Record<"crowding" | "flow", [string, string]>;
  either: string;
  noLine: string;
  noZone: string;
  once: string;
  always: string;
  addHours: string;
  removeHours: string;
  days: Record<Day, string>;
  everyDay: string;
  begin: string;
  end: string;
  timeZone: string;
  save: string;
  suggested: (kind: string, labels: string) => string;
  /** Conditions, as they stand in the list. */
  inZone: (zone: string) => string;
  overLine: (line: string) => string;
  way: (direction: string) => string;
  forAtLeast: (seconds: string) => string;
  sure: (score: string) => string;
  larger: (percent: string) => string;
  moved: (percent: string) => string;
  faster: (percent: string) => string;
  atOnce: (count: number) => string;
  aMinute: (count: number) => string;
  countsOnly: string;
  quiet: (span: string) => string;
}

export const rulesEn: RuleTexts = {
  title: "Rules",
  none: "No rule applies to this camera, so nothing that it sees makes an event.",
  add: "Add a rule",
  change: "Change",
  changeTitle: (name) => `Change ${name}`,
  ofDepartment: "Department",
  ofDepartmentHint: (department) => `It applies to every camera of ${department}, and is changed there.`,
  on: "On",
  off: "Off",
  removeTitle: (name) => `Remove the rule ${name}?`,
  removeText: "It makes no more events. Those that it has made stay; those that are going on end.",
  kindHints: {
    object_in_zone: "An object is in a zone.",
    intrusion: "An object has come into a zone: it was seen outside before, or has moved since it appeared.",
    line_crossed: "An object crosses a line, one way or either.",
    wrong_way: "An object moves against a line. The right way goes from its start to its end, as its arrow shows.",
    loitering: "An object stays in a zone for long, short absences included.",
    crowding: "Many objects are in a zone at once.",
    flow: "Counts who crosses a line, each way; an event only if there are too many in a minute.",
    fast_motion: "An object is faster than it should be.",
    motion: "Something moves, whatever it is.",
    stream_lost: "No pictures come any more.",
  },
  fields: {
    kind: "What makes an event",
    name: "Name",
    labels: "Objects",
    zone: "Zone",
    line: "Line",
    direction: "Direction",
    min_duration_s: "For at least",
    min_score: "Score at least",
    min_size: "Size at least",
    min_path: "Moved at least",
    min_speed: "Faster than",
    min_count: "How many",
    hours: "Hours",
    cool_down_s: "Then quiet for",
    once_per_track: "Repetition",
    severity: "Severity",
  },
  hints: {
    min_duration_s: "Seconds",
    min_score: "How sure the detector must be, 0 to 1",
    min_size: "Percent of the picture; 0: any size",
    min_path: "Percent of the picture, since it was first seen; 0: also what stands",
    min_speed: "Percent of the picture a second",
    cool_down_s: "Seconds after an event began; 0: never quiet",
  },
  countOf: { crowding: ["How many at once", "So many or more"], flow: ["How many a minute", "So many or more; empty: counts alone"] },
  either: "either way",
  noLine: "This camera has no lines yet. Draw one first.",
  noZone: "This camera has no zones yet. Draw one first.",
  once: "At most one event for each object",
  always: "Always",
  addHours: "Add hours",
  removeHours: "Remove these hours",
  days: {
    monday: "Mon",
    tuesday: "Tue",
    wednesday: "Wed",
    thursday: "Thu",
    friday: "Fri",
    saturday: "Sat",
    sunday: "Sun",
  },
  everyDay: "every day",
  begin: "From",
  end: "To",
  timeZone: "Time zone",
  save: "Save",
  suggested: (kind, labels) => `${kind}: ${labels}`,
  inZone: (zone) => `in ${zone}`,
  overLine: (line) => `at line ${line}`,
  way: (direction) => direction,
  forAtLeast: (seconds) => `for at least ${seconds}`,
  sure: (score) => `score at least ${score}`,
  larger: (percent) => `at least ${percent} % of the picture large`,
  moved: (percent) => `moved by at least ${percent} % of the picture`,
  faster: (percent) => `faster than ${percent} % of the picture a second`,
  atOnce: (count) => `${count} or more at once`,
  aMinute: (count) => `${count} or more a minute`,
  countsOnly: "counts alone, no events",
  quiet: (span) => `then quiet for ${span}`,
};

export const rulesZh: RuleTexts = {
  title: "规则",
  none: "没有适用于此摄像机的规则，因此不会产生事件。",
  add: "添加规则",
  change: "修改",
  changeTitle: (name) => `修改“${name}”`,
  ofDepartment: "部门规则",
  ofDepartmentHint: (department) => `适用于${department}的每台摄像机，不在此处修改。`,
  on: "启用",
  off: "停用",
  removeTitle: (name) => `删除规则“${name}”？`,
  removeText: "此后不再产生事件。已有事件保留，进行中的事件就此结束。",
  kindHints: {
    object_in_zone: "目标出现在区域内。",
    intrusion: "目标进入区域：此前在区域外被看到，或出现后移动过。",
    line_crossed: "目标越过一条线，单向或双向。",
    wrong_way: "目标逆着线的方向移动。正确方向为从起点到终点，如箭头所示。",
    loitering: "目标长时间停留在区域内，短暂离开不计。",
    crowding: "区域内同时有许多目标。",
    flow: "统计两个方向的越线数量；仅当一分钟内过多时产生事件。",
    fast_motion: "目标移动过快。",
    motion: "画面中有变动，不论是什么。",
    stream_lost: "不再有画面传来。",
  },
  fields: {
    kind: "什么情况产生事件",
    name: "名称",
    labels: "目标",
    zone: "区域",
    line: "线",
    direction: "方向",
    min_duration_s: "至少持续",
    min_score: "置信度不低于",
    min_size: "大小不小于",
    min_path: "移动不少于",
    min_speed: "速度超过",
    min_count: "数量",
    hours: "时段",
    cool_down_s: "此后静默",
    once_per_track: "重复",
    severity: "级别",
  },
  hints: {
    min_duration_s: "秒",
    min_score: "检测器的把握程度，0 至 1",
    min_size: "占画面的百分比；0 表示不限",
    min_path: "自首次出现起移动的距离，占画面的百分比；0 表示静止也算",
    min_speed: "每秒移动画面的百分比",
    cool_down_s: "事件开始后的秒数；0 表示不静默",
  },
  countOf: { crowding: ["同时数量", "达到此数即产生事件"], flow: ["每分钟数量", "达到此数即产生事件；留空则只统计"] },
  either: "双向",
  noLine: "此摄像机还没有线，请先绘制。",
  noZone: "此摄像机还没有区域，请先绘制。",
  once: "每个目标最多产生一个事件",
  always: "全天候",
  addHours: "添加时段",
  removeHours: "删除此时段",
  days: {
    monday: "周一",
    tuesday: "周二",
    wednesday: "周三",
    thursday: "周四",
    friday: "周五",
    saturday: "周六",
    sunday: "周日",
  },
  everyDay: "每天",
  begin: "从",
  end: "到",
  timeZone: "时区",
  save: "保存",
  suggested: (kind, labels) => `${kind}：${labels}`,
  inZone: (zone) => `在“${zone}”内`,
  overLine: (line) => `线“${line}”`,
  way: (direction) => direction,
  forAtLeast: (seconds) => `至少持续 ${seconds}`,
  sure: (score) => `置信度不低于 ${score}`,
  larger: (percent) => `不小于画面的 ${percent} %`,
  moved: (percent) => `移动不少于画面的 ${percent} %`,
  faster: (percent) => `每秒移动超过画面的 ${percent} %`,
  atOnce: (count) => `同时不少于 ${count} 个`,
  aMinute: (count) => `每分钟不少于 ${count} 个`,
  countsOnly: "只统计，不产生事件",
  quiet: (span) => `此后静默 ${span}`,
};
